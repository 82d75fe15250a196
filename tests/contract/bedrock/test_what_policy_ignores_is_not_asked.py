"""A finding that policy ignores whatever is proposed costs nothing; one whose rule looks at the patch is asked about."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from contract.bedrock.runtime_double import Double, edits, running
from contract.bedrock.test_the_whole_run import ASKED, TAGS, repository

from remedy_gate.cli import main

__all__ = ["repository"]


def asked(root: Path, rules: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    (root / ".remedy-gate.yml").write_text(f"version: 1\nrules: {rules}\n")
    with running(Double(edits(TAGS))) as double:
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", double.url)
        main(["check", "--findings", "findings.sarif", "--format", "json", *ASKED])
    (item,) = json.loads(capsys.readouterr().out)["remediations"]
    return len(double.requests), item["decision"]["action"]


@pytest.mark.parametrize(
    ("rules", "requests", "action"),
    [
        ("[{name: quiet, action: ignore, when: {severity: high}}]", 0, "ignore"),
        ("[{name: quiet, action: ignore, when: {severity: low}}]", 1, "withhold"),
        ("[{name: quiet, action: ignore, when: {proof: unproven}}]", 1, "ignore"),
        ("[{name: quiet, action: ignore, when: {origin: none}}]", 1, "withhold"),
        ("[{name: a, action: block, when: {origin: bedrock}}, {name: b, action: ignore, when: {}}]", 1, "withhold"),
        ("[{name: a, action: annotate, when: {severity: high}}]", 1, "annotate"),
    ],
)
def test_only_what_is_ignored_whatever_is_proposed_is_not_asked_about(
    rules: str,
    requests: int,
    action: str,
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert asked(repository, rules, monkeypatch, capsys) == (requests, action)


@pytest.mark.parametrize(("days", "requests"), [(30, 0), (-30, 1)])
def test_a_waived_finding_is_not_asked_about_until_the_waiver_lapses(
    days: int,
    requests: int,
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = repository / ".remedy-gate"
    folder.mkdir()
    expires = datetime.now(UTC).date() + timedelta(days=days)
    line = f"- {{control: ORG-7, path: main.tf, owner: jane, reason: later, expires: {expires}}}\n"
    (folder / "waivers.yml").write_text(f"version: 1\nwaivers:\n{line}")
    assert asked(repository, "[]", monkeypatch, capsys)[0] == requests


def test_what_is_ignored_is_no_question_of_a_batch(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / ".remedy-gate.yml").write_text(
        "version: 1\nrules: [{name: quiet, action: ignore, when: {severity: high}}]\n"
    )
    assert main(["batch", "export", "--all", "--findings", "findings.sarif"]) == 0
    assert capsys.readouterr().out == ""
