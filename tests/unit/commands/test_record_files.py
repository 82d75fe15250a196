"""The files that `state`, `plan` and `stacks` of a policy name: found, bounded, tolerated, named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from remedy_gate.commands import records as loader
from remedy_gate.commands.records import home_of, read_records
from remedy_gate.domain.finding import CloudResource
from remedy_gate.matching.identity import identify
from remedy_gate.policy.reading import read_policy
from remedy_gate.policy.rules import Policy, RecordFile

STATE = {
    "version": 4,
    "resources": [
        {
            "mode": "managed",
            "type": "aws_s3_bucket",
            "name": "b",
            "instances": [{"attributes": {"arn": "arn:aws:s3:::acme", "secret": "hunter2"}}],
        }
    ],
}
BUCKET = CloudResource("arn:aws:s3:::acme")


def policy(**keys: object) -> Policy:
    return read_policy({"version": 1, **keys})


def test_a_policy_names_files_by_path_by_list_or_by_what_they_speak_for() -> None:
    assert policy(state="./a.tfstate").state == (RecordFile("a.tfstate"),)
    assert policy(plan=["a.json", "b.json"]).plan == (RecordFile("a.json"), RecordFile("b.json"))
    assert policy(stacks={"out/a.json": "./stacks/a.yaml"}).stacks == (RecordFile("out/a.json", "stacks/a.yaml"),)
    assert policy(state={"a.tfstate": "."}).state == (RecordFile("a.tfstate", ""),)


@pytest.mark.parametrize(
    ("kind", "path", "home"),
    [
        ("state", "terraform.tfstate", ""),
        ("state", "live/prod/terraform.tfstate", "live/prod"),
        ("state", "live/terraform.tfstate.d/blue/terraform.tfstate", "live"),
        ("plan", "live/prod/plan.json", "live/prod"),
        ("state", "/tmp/prod.tfstate", None),  # noqa: S108 - a path, not a file
        ("state", "../other/prod.tfstate", None),
        ("stack", "stacks/out.json", None),
        ("state", "s3://acme-tf/prod/terraform.tfstate", None),
    ],
)
def test_a_file_speaks_for_the_module_that_it_lies_in(kind: str, path: str, home: str | None) -> None:
    assert home_of(kind, path) == home


def test_every_file_of_a_pattern_is_read(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "terraform.tfstate").write_text(json.dumps(STATE))
    records = read_records(policy(state="*/terraform.tfstate"), str(tmp_path))
    assert [one.origin.home for one in records.of(BUCKET, identify(BUCKET))] == ["a", "b"]
    assert records.problems == ()


def test_a_file_that_cannot_be_used_is_named_and_its_contents_are_not(tmp_path: Path) -> None:
    (tmp_path / "good.tfstate").write_text(json.dumps(STATE))
    (tmp_path / "torn.tfstate").write_text(json.dumps(STATE)[:-20])
    (tmp_path / "list.json").write_text('["hunter2"]')
    (tmp_path / "deep.json").write_text("[" * 100_000)
    (tmp_path / "folder").mkdir()
    files = ["good.tfstate", "torn.tfstate", "list.json", "deep.json", "folder", "missing.tfstate", "none/*.tfstate"]
    records = read_records(policy(state=files), str(tmp_path))
    assert len(records.of(BUCKET, identify(BUCKET))) == 1
    assert [(problem.where, problem.message) for problem in records.problems] == [
        ("torn.tfstate", "It is not JSON."),
        ("list.json", "It is not a Terraform state."),
        ("deep.json", "It is not JSON."),
        ("folder", "There is no such file."),
        ("missing.tfstate", "There is no such file."),
        ("none/*.tfstate", "no file is called like that"),
    ]
    assert "hunter2" not in repr(records.problems)


def test_a_file_that_is_too_large_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "MOST_BYTES", 10)
    (tmp_path / "big.tfstate").write_text(json.dumps(STATE))
    (problem,) = read_records(policy(state="big.tfstate"), str(tmp_path)).problems
    assert problem == ("big.tfstate", "It is larger than 0 MB.")


def test_without_such_files_nothing_is_read() -> None:
    assert not read_records(policy(), "/nowhere")


def test_where_nobody_is_to_ask_aws_an_address_of_it_is_named(tmp_path: Path) -> None:
    (problem,) = read_records(policy(state="s3://acme-tf/prod/*.tfstate"), str(tmp_path)).problems
    assert problem == ("s3://acme-tf/prod/*.tfstate", "AWS is not asked here.")
