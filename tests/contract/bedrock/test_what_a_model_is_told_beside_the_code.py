"""Environments, accepted fixes of the same control, and the record of every call, by the real command line."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from contract.bedrock.runtime_double import Double, cannot, edits, failing, running

from remedy_gate.cli import main

VOLUME = """\
resource "aws_ebs_volume" "NAME" {
  availability_zone = "eu-west-1a"
  size              = 40
}
"""
POLICY = """\
version: 1
remedies: [bedrock]
environments:
  production: {path: ["live/**"]}
rules:
  - name: a person looks
    require_approval: true
    action: suggest
    when: {origin: bedrock}
"""
SIZE = "  size              = 40\n"
FIXED = f"{SIZE}  encrypted         = true\n"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "repository"
    (root / "live").mkdir(parents=True)
    subprocess.run(["git", "init", "-q", root], check=True)
    (root / "live" / "main.tf").write_text(VOLUME.replace("NAME", "first"))
    monkeypatch.chdir(root)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    return root


def check(double: Double, monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    with running(double):
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", double.url)
        main(["check", "--all", "--findings", "catalogue", "--remedies", "bedrock", "--format", "json", *words])
    assert double.faults == []


def test_the_environment_is_in_the_prompt(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (repository / ".remedy-gate.yml").write_text(POLICY.partition("rules:")[0])
    double = Double(cannot("no"))
    check(double, monkeypatch)
    assert "names of the organisation's environments" in double.requests[0].text
    assert "environments>>\\nproduction\\n<<END" in double.requests[0].text


def test_without_environments_and_accepted_fixes_the_prompt_says_nothing_of_them(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    double = Double(cannot("no"))
    check(double, monkeypatch)
    assert "environments" not in double.requests[0].body["messages"][0]["content"][0]["text"]
    assert "accepted" not in double.requests[0].body["messages"][0]["content"][0]["text"]


def test_a_fix_that_a_person_approved_is_an_example_for_the_same_control(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / ".remedy-gate.yml").write_text(POLICY)
    check(Double(edits((SIZE, FIXED), path="live/main.tf")), monkeypatch)
    patch = next(
        item["patch"]["id"]
        for item in json.loads(capsys.readouterr().out)["remediations"]
        if item["finding"]["control"] == "ebs-volume-encrypted"
    )
    (repository / "live" / "main.tf").write_text(VOLUME.replace("NAME", "second"))
    waiting = Double(cannot("no"))
    check(waiting, monkeypatch)
    assert not any("accepted" in one.text for one in waiting.requests)  # nobody said yes
    assert main(["queue", "approve", patch, "--by", "jane"]) == 0
    (repository / "live" / "main.tf").write_text(VOLUME.replace("NAME", "third"))
    approved = Double(cannot("no"))
    check(approved, monkeypatch)
    asked = [one.text for one in approved.requests if "as ebs-volume-encrypted" in one.text]
    assert all("accepted 1>>" in text and "+  encrypted         = true" in text for text in asked)
    assert asked
    others = [one.text for one in approved.requests if "as ebs-volume-encrypted" not in one.text]
    assert not any("accepted 1>>" in text for text in others)


def test_every_call_is_recorded_refused_ones_too(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    check(Double(edits(("nothing of the kind", "x"))), monkeypatch)
    capsys.readouterr()
    assert main(["ledger", "show", "--kind", "attempt", "--last", "99"]) == 0
    out = capsys.readouterr().out
    assert out.count('"came": "inapplicable"') >= 2
    assert out.count('"dollar_millionths": 3300') == out.count('"came": "inapplicable"')
    assert "nothing of the kind" not in out
    assert main(["ledger", "verify"]) == 0


def test_a_call_that_was_denied_is_recorded_as_trouble(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    check(Double(failing("AccessDeniedException", 403)), monkeypatch)
    capsys.readouterr()
    main(["ledger", "show", "--kind", "attempt"])
    assert '"came": "trouble"' in capsys.readouterr().out
