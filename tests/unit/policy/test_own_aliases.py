"""Rules that only an organisation knows, taken for controls of the catalogue."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.cli import main
from remedy_gate.errors import SettingsError
from remedy_gate.policy.aliases import refuse_unknown
from remedy_gate.policy.reading import Extension, read_policy
from remedy_gate.policy.rules import Policy

CODE = 'resource "aws_s3_bucket" "data" {\n  bucket = "acme-data"\n}\n'
ISSUE = {
    "id": "i-1",
    "status": "OPEN",
    "severity": "MEDIUM",
    "sourceRule": {"__typename": "Control", "id": "WC-id-4711", "name": "Buckets keep old versions"},
    "entitySnapshot": {"providerId": "arn:aws:s3:::acme-data", "nativeType": "bucket"},
}
ALIASES = "version: 1\naliases:\n  s3-versioning: {wiz: wc-id-4711}\n"


def policy_of(**aliases: object) -> Policy:
    return read_policy({"version": 1, "aliases": {name.replace("_", "-"): told for name, told in aliases.items()}})


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("CI", "GITHUB_BASE_REF", "GIT_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    subprocess.run(["git", "init", "-q", "-b", "main", tmp_path], check=True)
    (tmp_path / "main.tf").write_text(CODE)
    (tmp_path / "wiz.json").write_text(json.dumps([ISSUE]))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def policy_is(repository: Path, text: str) -> None:
    (repository / ".remedy-gate.yml").write_text(text)
    subprocess.run(["git", "add", "."], cwd=repository, check=True)


def test_a_rule_is_the_control_that_the_policy_takes_it_for_however_it_is_written() -> None:
    catalogue = Catalogue(told=policy_of(s3_versioning={"wiz": ["WC-ID-4711", "S3-012"]}).aliases)
    assert catalogue.for_rule("wiz", "wc-id-4711") == ("s3-versioning",)
    assert catalogue.for_rule("wiz", "S3-012") == ("s3-versioning",)
    assert catalogue.for_rule("wiz", "wc-id-4712") == ()
    assert catalogue.for_rule("orca", "wc-id-4711") == ()


def test_what_the_policy_says_of_a_rule_comes_before_what_everybody_knows() -> None:
    catalogue = Catalogue(told=policy_of(s3_versioning={"checkov": "CKV_AWS_53"}).aliases)
    assert catalogue.for_rule("checkov", "CKV_AWS_53") == ("s3-versioning",)
    assert catalogue.for_rule("checkov", "CKV_AWS_54") == Catalogue().for_rule("checkov", "CKV_AWS_54")


def test_a_rule_may_stand_for_several_controls_and_layers_are_added_up() -> None:
    base = Extension(
        "./org.yml", {"version": 1, "aliases": {"s3-access-logging": {"wiz": "x"}, "sqs-encryption": {"wiz": "y"}}}
    )
    given = {"version": 1, "extends": "./org.yml", "aliases": {"s3-versioning": {"wiz": "x"}}}
    assert read_policy(given, extensions=lambda _: base).aliases == {
        "wiz:x": ("s3-versioning", "s3-access-logging"),
        "wiz:y": ("sqs-encryption",),
    }


def test_a_control_that_there_is_not_is_refused_with_the_nearest() -> None:
    with pytest.raises(SettingsError, match=r"there is no such control\. Did you mean `s3-versioning`\?"):
        refuse_unknown(policy_of(s3_versionning={"wiz": "x"}), Catalogue())
    refuse_unknown(policy_of(s3_versioning={"wiz": "x"}), Catalogue())


def test_a_finding_of_such_a_rule_gets_the_controls_patch(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy_is(repository, ALIASES)
    assert main(["check", "--staged", "--findings", "wiz.json", "--format", "json"]) == 0
    (only,) = json.loads(capsys.readouterr().out)["remediations"]
    assert (only["finding"]["control"], only["proof"]["outcome"]) == ("s3-versioning", "proven")
    assert "aws_s3_bucket_versioning" in only["patch"]["diff"]


def test_without_the_policys_word_the_finding_is_told_and_has_no_patch(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy_is(repository, "version: 1\n")
    assert main(["check", "--staged", "--findings", "wiz.json", "--format", "json"]) == 0
    (only,) = json.loads(capsys.readouterr().out)["remediations"]
    assert (only["finding"]["control"], only["patch"]) == (None, None)


def test_voices_that_the_policy_takes_for_one_control_become_one_remediation(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy_is(repository, ALIASES)
    hub = {"GeneratorId": "g/S3.14", "ProductArn": "p", "Id": "1", "Resources": [{"Id": "arn:aws:s3:::acme-data"}]}
    (repository / "hub.json").write_text(json.dumps([hub | {"Compliance": {"SecurityControlId": "S3.14"}}]))
    main(["check", "--staged", "--findings", "wiz.json", "--findings", "hub.json", "--format", "json"])
    (only,) = json.loads(capsys.readouterr().out)["remediations"]
    assert only["finding"]["sources"] == ["wiz", "security-hub"]


@pytest.mark.parametrize("name", ["S3.14", "s3-versioning"])
def test_a_rule_and_a_waiver_by_any_of_the_rule_ids_speak_of_a_problem_that_several_tell(
    name: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The catalogue tells it too, and with the stronger match: what the other calls it is not forgotten for that."""
    hub = {"GeneratorId": "g/S3.14", "ProductArn": "p", "Id": "1", "Resources": [{"Id": "arn:aws:s3:::acme-data"}]}
    (repository / "hub.json").write_text(json.dumps([hub | {"Compliance": {"SecurityControlId": "S3.14"}}]))
    rule = f"{{name: ours, action: block, when: {{control: {name}}}}}"
    policy_is(repository, f"version: 1\nrules: [{rule}, {{name: rest, action: suggest}}]\n")
    words = ["check", "--staged", "--findings", "hub.json", "--findings", "catalogue", "--format", "json"]
    assert main(words) == 1
    found = json.loads(capsys.readouterr().out)["remediations"]
    [only] = [it for it in found if it["decision"]["blocks"]]
    assert (only["finding"]["control"], only["finding"]["rules"]) == ("s3-versioning", ["S3.14", "s3-versioning"])
    waived = ["waive", "--control", name, "--path", only["match"]["path"], "--reason", "a cache", "--owner", "Ada"]
    assert main(waived) == 0
    subprocess.run(["git", "-C", repository, "add", "-A"], check=True)
    assert main(words) == 0


def test_findings_names_the_control_of_the_policy_and_of_own_controls(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy_is(repository, ALIASES)
    assert main(["findings", "wiz.json", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["control"] == "s3-versioning"
    (repository / ".remedy-gate.yml").unlink()
    (repository / ".remedy-gate" / "controls").mkdir(parents=True)
    (repository / ".remedy-gate" / "controls" / "own.yaml").write_text(
        "- id: acme-owner\n  title: Buckets have owners\n  risk: x\n  severity: low\n  aliases: {wiz: [wc-id-4711]}\n"
        "  terraform:\n    aws_s3_bucket:\n      - {path: tags.owner, present: true, set: x}\n"
    )
    assert main(["findings", "wiz.json", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["control"] == "acme-owner"


def test_a_misspelt_control_is_misuse_for_check_and_policy_check_and_said_by_findings(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy_is(repository, ALIASES.replace("s3-versioning", "s3-versionning"))
    for words in (["check", "--staged", "--findings", "wiz.json"], ["policy", "check"]):
        assert main(words) == 2
        assert "Did you mean `s3-versioning`?" in capsys.readouterr().err
    assert main(["findings", "wiz.json"]) == 0
    assert "What it says of rules is not used here." in capsys.readouterr().err


def test_policy_check_lists_what_rules_are_taken_for(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy_is(repository, ALIASES)
    assert main(["policy", "check"]) == 0
    assert "  rule wiz:wc-id-4711 is taken for s3-versioning\n" in capsys.readouterr().out
