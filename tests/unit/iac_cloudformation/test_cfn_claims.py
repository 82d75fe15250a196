from __future__ import annotations

import pytest
from cfn_oracle import LANGUAGE

TEMPLATE = b"Resources:\n  B:\n    Type: AWS::S3::Bucket\n"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.yaml", TEMPLATE),
        ("a.YML", TEMPLATE),
        ("a.template", TEMPLATE),
        ("a.cfn", TEMPLATE),
        ("a.yaml", b"\xef\xbb\xbf" + TEMPLATE),
        ("a.yaml", TEMPLATE.replace(b"\n", b"\r\n")),
        ("a.yaml", b"# a comment\n%YAML 1.1\n---\n" + TEMPLATE),
        ("a.yaml", b"  Resources:\n    B:\n      Type: Custom::Thing\n"),
        ("a.yaml", b"AWSTemplateFormatVersion: '2010-09-09'\nResources: {}\n"),
        ("a.yaml", b"Transform: AWS::Serverless-2016-10-31\nResources:\n  F: {}\n"),
        ("a.yaml", b'"Resources":\n  B:\n    "Type": "Alexa::ASK::Skill"\n'),
        ("a.yaml", b"{Resources: {B: {Type: AWS::S3::Bucket}}}"),
        ("a.json", b'{"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}'),
        ("a.template", b'{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}}'),
        ("a.yaml", TEMPLATE.decode().encode("utf-16")),
    ],
)
def test_a_template_is_claimed_by_its_content(path: str, text: bytes) -> None:
    assert LANGUAGE.claims(path, text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.yaml", TEMPLATE + b"  B: [\n"),
        ("a.yaml", TEMPLATE + b"\tC: 1\n"),
        ("a.json", b'{"Resources": {"B": {"Type": "AWS::S3::Bucket",}}}'),
    ],
)
def test_a_broken_template_is_claimed_so_that_its_error_is_told(path: str, text: bytes) -> None:
    assert LANGUAGE.claims(path, text)
    assert LANGUAGE.read({path: text}).errors


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.txt", TEMPLATE),
        ("main.tf", TEMPLATE),
        ("a.yaml", b""),
        ("pod.yaml", b"apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - resources: {limits: {cpu: 1}}\n"),
        (
            "map.yaml",
            b"kind: ConfigMap\ndata:\n  t.yaml: |\n    Resources:\n      B:\n        Type: AWS::S3::Bucket\n",
        ),
        ("ci.yml", b"on: push\njobs:\n  a:\n    steps:\n      - run: echo Resources AWS::S3::Bucket\n"),
        ("serverless.yml", b"service: s\nresources:\n  Resources:\n    B:\n      Type: AWS::S3::Bucket\n"),
        ("package.json", b'{"name": "x", "config": {"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}}'),
        ("api.json", b'{"openapi": "3.0.0", "tags": ["Resources"], "x": {"Type": "AWS::A::B"}}'),
        ("list.json", b'[{"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}]'),
        ("chart.yaml", b"Resources:\n  - a plain list\nkind: Other\n"),
    ],
)
def test_other_yaml_and_json_is_left_alone(path: str, text: bytes) -> None:
    assert not LANGUAGE.claims(path, text)


def test_a_template_is_a_module_of_its_own() -> None:
    assert LANGUAGE.module_of("x/a.yaml", ("x/a.yaml", "x/b.yaml")) == ("x/a.yaml",)
