"""`check --remedies catalogue,bedrock` by the real command line, in a repository, against the double."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from contract.bedrock.runtime_double import Answer, Double, edits, failing, running, said

from remedy_gate.cli import main

TRAIL = """\
resource "aws_ebs_volume" "data" {
  availability_zone = "eu-west-1a"
  size              = 40
  encrypted         = true
  kms_key_id        = var.key
}

variable "key" {
  type = string
}
"""
FINDING = {
    "version": "2.1.0",
    "runs": [
        {
            "tool": {"driver": {"name": "own-scanner", "rules": [{"id": "ORG-7"}]}},
            "results": [
                {
                    "ruleId": "ORG-7",
                    "level": "error",
                    "message": {"text": "Volumes have to carry the tag Owner."},
                    "locations": [
                        {
                            "physicalLocation": {
                                "artifactLocation": {"uri": "main.tf"},
                                "region": {"startLine": 1, "endLine": 6},
                            }
                        }
                    ],
                }
            ],
        }
    ],
}
TAGS = ("  kms_key_id        = var.key\n", '  kms_key_id        = var.key\n  tags = {\n    Owner = "data"\n  }\n')


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "repository"
    root.mkdir()
    subprocess.run(["git", "init", "-q", root], check=True)
    (root / "main.tf").write_text(TRAIL)
    (root / "findings.sarif").write_text(json.dumps(FINDING))
    monkeypatch.chdir(root)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    return root


def check(double: Double, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    with running(double):
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", double.url)
        status = main(["check", "--findings", "findings.sarif", "--format", "json", *words])
    report = json.loads(capsys.readouterr().out)
    assert double.faults == []
    return status, report


ASKED = ("--all", "--remedies", "catalogue,bedrock")


def test_a_models_patch_is_in_the_report_with_what_was_not_proven(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, report = check(Double(edits(TAGS)), monkeypatch, capsys, *ASKED)
    (item,) = report["remediations"]
    assert item["patch"]["origin"]["kind"] == "bedrock"
    assert item["patch"]["origin"]["name"] == "eu.anthropic.claude-sonnet-5-5"
    assert item["proof"]["outcome"] == "unproven"
    assert {check["name"]: check["status"] for check in item["proof"]["checks"]}["intent"] == "not_run"
    assert (status, report["verdict"]) == (1, "block")  # a person has to judge: nothing says what ORG-7 demands


def test_fix_does_not_write_what_is_not_proven(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    check(Double(edits(TAGS)), monkeypatch, capsys, *ASKED, "--fix")
    assert (repository / "main.tf").read_text() == TRAIL


@pytest.mark.parametrize(
    "answer",
    [
        failing("AccessDeniedException", 403),
        failing("ThrottlingException", 429),
        said("", "max_tokens"),
        said("no"),
        Answer(raw=b"<html>"),
        edits(("nothing of the kind", "x")),
    ],
)
def test_trouble_with_the_model_never_changes_the_verdict(
    answer: Answer, repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    without = check(Double(answer), monkeypatch, capsys, "--all", "--remedies", "catalogue")
    status, report = check(Double(answer), monkeypatch, capsys, *ASKED)
    assert (status, report["verdict"], report["errors"]) == (without[0], without[1]["verdict"], [])
    (item,), (alone,) = report["remediations"], without[1]["remediations"]
    assert item["patch"] is None
    assert item["decision"] == alone["decision"]
    assert item["no_patch"].startswith(alone["no_patch"])


def test_the_hook_asks_no_model_because_a_policy_says_so(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / ".remedy-gate.yml").write_text("version: 1\nremedies: [catalogue, bedrock]\n")
    subprocess.run(["git", "add", "."], check=True)
    double = Double(edits(TAGS))
    check(double, monkeypatch, capsys, "--staged")
    assert double.requests == []
    check(double, monkeypatch, capsys, "--staged", "--remedies", "bedrock")
    assert len(double.requests) == 1


def test_a_check_asks_a_model_because_the_policy_says_so(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / ".remedy-gate.yml").write_text(
        "version: 1\nremedies: [catalogue, bedrock]\nbedrock:\n  model: us.anthropic.claude-haiku-5-5\n  limits: {calls: 3}\n"
    )
    double = Double(edits(TAGS))
    check(double, monkeypatch, capsys, "--all")
    assert [request.model for request in double.requests] == ["us.anthropic.claude-haiku-5-5"]


def test_a_second_run_asks_nothing(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    double = Double(edits(TAGS))
    (first,) = check(double, monkeypatch, capsys, *ASKED)[1]["remediations"]
    (second,) = check(double, monkeypatch, capsys, *ASKED)[1]["remediations"]
    assert first["patch"].pop("cost") != second["patch"].pop("cost")
    assert first == second
    assert len(double.requests) == 1


def test_many_findings_are_asked_about_at_once(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    block = TRAIL.partition("\n\n")[0] + "\n"
    (repository / "main.tf").write_text("\n".join(block.replace('"data"', f'"v{number}"') for number in range(24)))
    results: list[Any] = []
    for number in range(24):
        first = json.loads(json.dumps(FINDING["runs"][0]["results"][0]))  # type: ignore[index]
        first["locations"][0]["physicalLocation"]["region"] = {"startLine": number * 7 + 1, "endLine": number * 7 + 6}
        results.append(first)
    sarif = {"version": "2.1.0", "runs": [{**FINDING["runs"][0], "results": results}]}  # type: ignore[dict-item]
    (repository / "findings.sarif").write_text(json.dumps(sarif))
    at_once: Counter[str] = Counter()
    lock = threading.Lock()

    def slow(_model: str, body: dict[str, Any]) -> Answer:
        with lock:
            at_once["now"] += 1
            at_once["most"] = max(at_once["most"], at_once["now"])
        time.sleep(0.1)
        with lock:
            at_once["now"] -= 1
        return said(json.dumps({"outcome": "cannot", "edits": [], "rationale": "no"}))

    double = Double(slow)
    _, report = check(double, monkeypatch, capsys, *ASKED)
    assert len(report["remediations"]) == 24
    assert len(double.requests) == 24
    assert 2 <= at_once["most"] <= 8
