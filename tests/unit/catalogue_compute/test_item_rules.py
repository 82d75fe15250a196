"""Rules over the items of a list: a setting in every one, a value under a name, a name of each kind."""

from __future__ import annotations

from typing import Any

import pytest
from compute_samples import holds, repaired, template, terraform

from remedy_gate.catalogue.verdict import Holds

DISKS: dict[str, Any] = {
    "list": "block_device_mappings",
    "within": "ebs",
    "setting": "encrypted",
    "equals": True,
    "unless": "snapshot_id",
}
DROP = {
    "list": "LoadBalancerAttributes",
    "key_name": "Key",
    "value_name": "Value",
    "key": "drop",
    "one_of": "true|strict",
    "default": "false",
}


def mapping(body: str) -> str:
    return (
        f'resource "aws_launch_template" "t" {{\n  block_device_mappings {{\n    {body}\n  }}\n}}\nvariable "x" {{}}\n'
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("ebs {}", Holds.NO),
        ("ebs {\n      encrypted = false\n    }", Holds.NO),
        ('ebs {\n      encrypted = "true"\n    }', Holds.YES),
        ('ebs {\n      snapshot_id = "snap-1"\n    }', Holds.YES),
        ('virtual_name = "ephemeral0"', Holds.YES),
        ("ebs {\n      encrypted = var.x\n    }", Holds.UNKNOWN),
    ],
)
def test_a_disk_that_can_be_encrypted_has_to_be(body: str, expected: Holds) -> None:
    assert holds("every_item", terraform(mapping(body)), DISKS) is expected


def test_no_disk_at_all_holds_and_unknown_ones_are_unknown() -> None:
    assert holds("every_item", terraform('resource "aws_launch_template" "t" {}'), DISKS) is Holds.YES
    code = (
        'resource "aws_launch_template" "t" {\n  dynamic "block_device_mappings" {\n    for_each = var.disks\n'
        '    content {\n      ebs {}\n    }\n  }\n}\nvariable "disks" {}\n'
    )
    assert holds("every_item", terraform(code), DISKS) is Holds.UNKNOWN


def test_an_origin_that_knows_no_https_today_is_left_to_its_owner() -> None:
    arguments = {
        "list": "origin",
        "within": "custom_origin_config",
        "setting": "origin_protocol_policy",
        "equals": "https-only",
        "owners": "http-only",
        "except_from": "domain_name",
        "like": "s3-website",
    }
    code = (
        'resource "aws_cloudfront_distribution" "d" {\n  origin {\n    domain_name = "DOMAIN"\n'
        '    custom_origin_config {\n      origin_protocol_policy = "POLICY"\n    }\n  }\n}\n'
    )
    own = code.replace("DOMAIN", "api.example.com")
    assert "only its owner knows" in repaired("every_item", terraform(own.replace("POLICY", "http-only")), arguments)
    assert '"https-only"' in repaired("every_item", terraform(own.replace("POLICY", "match-viewer")), arguments)
    website = code.replace("DOMAIN", "b.s3-website.eu-central-1.amazonaws.com").replace("POLICY", "http-only")
    assert holds("every_item", terraform(website), arguments) is Holds.YES


def balancer(attributes: str) -> str:
    return (
        "Parameters:\n  X: {Type: String}\nResources:\n  L:\n    Type: AWS::ElasticLoadBalancingV2::LoadBalancer\n"
        f"    Properties:\n      LoadBalancerAttributes: {attributes}\n"
    )


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ("[]", Holds.NO),
        ("[{Key: drop, Value: 'false'}]", Holds.NO),
        ("[{Key: drop, Value: true}]", Holds.YES),
        ("[{Key: other, Value: 'true'}, {Key: drop, Value: strict}]", Holds.YES),
        ("[{Key: drop, Value: !Ref X}]", Holds.UNKNOWN),
        ("[{Key: !Ref X, Value: 'true'}]", Holds.UNKNOWN),
        ("!Ref X", Holds.UNKNOWN),
    ],
)
def test_a_value_is_looked_up_by_its_name(attributes: str, expected: Holds) -> None:
    assert holds("named_setting", template(balancer(attributes), "L"), DROP) is expected


def test_a_value_that_the_deployer_gives_is_not_overwritten() -> None:
    answer = repaired("named_setting", template(balancer("[{Key: drop, Value: !Ref X}]"), "L"), DROP)
    assert answer.startswith("no patch:")


def test_options_of_the_same_name_in_another_namespace_do_not_count() -> None:
    code = (
        'resource "aws_elastic_beanstalk_environment" "e" {\n  setting {\n    namespace = "a"\n    name = "On"\n'
        '    value = "true"\n  }\n}\n'
    )
    arguments = {
        "list": "setting",
        "key_name": "name",
        "value_name": "value",
        "key": "On",
        "one_of": "true",
        "namespace_name": "namespace",
    }
    assert holds("named_setting", terraform(code), {**arguments, "namespace": "a"}) is Holds.YES
    assert holds("named_setting", terraform(code), {**arguments, "namespace": "b"}) is Holds.NO


def test_only_names_that_are_missing_are_added() -> None:
    code = (
        "Resources:\n  C:\n    Type: AWS::EKS::Cluster\n    Properties:\n      Logging:\n        ClusterLogging:\n"
        "          EnabledTypes:\n            - Type: audit\n"
    )
    arguments = {"list": "Logging.ClusterLogging.EnabledTypes", "key_name": "Type", "names": "api|audit"}
    assert holds("listed_names", template(code, "C"), arguments) is Holds.NO
    assert repaired("listed_names", template(code, "C"), arguments) == f"{code}            - Type: api\n"
    assert holds("listed_names", template(f"{code}            - Type: api\n", "C"), arguments) is Holds.YES
