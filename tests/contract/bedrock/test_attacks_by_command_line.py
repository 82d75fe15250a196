"""Every attack at once, by the real command line: whatever a model obeys, the run ends as it does without an answer."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from contract.bedrock.runtime_double import Answer, Double, edits, failing, running
from contract.bedrock.test_injections import CODE, IN_CODE, OBEYING, OTHER, RULE, TEXTS

from remedy_gate.cli import main
from remedy_gate.domain.decision import Action, Decision
from remedy_gate.domain.finding import Finding, Severity
from remedy_gate.domain.match import InCode, Match, MatchState
from remedy_gate.domain.patch import FilePatch, NoPatch, Origin, OriginKind, Patch
from remedy_gate.domain.proof import REQUIRED, CheckName, CheckResult, Proof, Status
from remedy_gate.domain.remediation import Remediation, Report, Verdict
from remedy_gate.domain.source import ALL_LINES, LineRange, Resource
from remedy_gate.reporting.comment import note_comment, suggestion_comments
from remedy_gate.reporting.markdown import render as summary
from remedy_gate.reporting.placement import Noted, Suggested, placements

DENIED = failing("AccessDeniedException", 403)
RIGHT = edits((RULE, '    cidr_blocks = ["10.0.0.0/16"]'), rationale="[ok](https://evil.example) @security-team <b>")


def hcl(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("${", "$${").replace("%{", "%%{")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository in which every place holds every attack, and a finding whose text does too."""
    root = tmp_path / "repository"
    root.mkdir()
    subprocess.run(["git", "init", "-q", root], check=True)
    everything = " ".join(TEXTS.values())
    code = CODE.format(**dict.fromkeys(IN_CODE, hcl(everything)))
    (root / "main.tf").write_text(code, encoding="utf-8")
    (root / "other.tf").write_text(OTHER)
    line = code.partition("ingress {")[0].count("\n") + 1
    result = {
        "ruleId": "CKV_AWS_24",
        "level": "error",
        "message": {"text": everything},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": "main.tf"}, "region": {"startLine": line}}}],
    }
    driver = {"name": "checkov", "rules": [{"id": "CKV_AWS_24", "shortDescription": {"text": everything}}]}
    sarif = {"version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": [result]}]}
    (root / "findings.sarif").write_text(json.dumps(sarif))
    monkeypatch.chdir(root)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    return root


def check(answer: Answer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    with running(Double(answer)) as double:
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", double.url)
        words = ("check", "--all", "--findings", "findings.sarif", "--remedies", "bedrock", "--fix", "--format", "json")
        status = main(words)
    assert double.requests
    assert double.faults == []
    return status, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("obeying", OBEYING)
def test_a_model_that_obeys_changes_no_decision_and_no_file(
    obeying: str, repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path.name: path.read_bytes() for path in repository.glob("*.tf")}
    status, without = check(DENIED, monkeypatch, capsys)
    ended, report = check(OBEYING[obeying], monkeypatch, capsys)
    assert (ended, report["verdict"]) == (status, without["verdict"])
    assert [item["decision"] for item in report["remediations"]] == [
        item["decision"] for item in without["remediations"]
    ]
    assert [item["patch"] for item in report["remediations"]] == [None]
    assert {path.name: path.read_bytes() for path in repository.glob("*.tf")} == before


def test_a_right_answer_among_all_attacks_is_proven_and_written(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The twin: it is what the models did that was refused above, and not everything."""
    _, report = check(RIGHT, monkeypatch, capsys)
    (item,) = report["remediations"]
    assert item["proof"]["outcome"] == "proven"
    assert RULE not in (repository / "main.tf").read_text(encoding="utf-8")


BEFORE, AFTER = b"a {\n  b = 1\n}\n", b"a {\n  b = 2\n}\n"
PROOF = Proof(tuple(CheckResult(name, Status.PASS if name in REQUIRED else Status.NOT_RUN, "x") for name in CheckName))
ACTIVE = ("<img", "<!-- rev", "</details></", "@security-team", "https://evil", "\u202e", "\u200bon", "##[")


def told_by_a_model(text: str, patch: bool) -> Remediation:
    """What GitHub would be told where a finding, a model and a refusal say the text."""
    made = Patch(Origin(OriginKind.BEDROCK, text, "1"), (FilePatch("main.tf", BEFORE, AFTER),), text)
    return Remediation(
        Finding("own", text, text, Severity.HIGH, sources=(text,)),
        Match(MatchState.MATCHED, Resource("a.b", "a", "main.tf", LineRange(1, 3)), 1.0, (text,), InCode.OPEN),
        made if patch else NoPatch(f"the model cannot: {text}"),
        PROOF if patch else None,
        Decision(Action.SUGGEST, True, "default"),
    )


def outside_code(body: str) -> str:
    """The body without fenced blocks and code spans, in which nothing means anything."""
    body = re.sub(r"(?ms)^(`{3,})[a-z]*\n.*?^\1$", "", body)
    return re.sub(r"(`+)(?!`)[^\n]*?(?<!`)\1(?!`)", "", body).replace("\\]", "").replace("\\[", "")


@pytest.mark.parametrize("name", TEXTS)
def test_no_attack_reaches_github_unescaped(name: str) -> None:
    offered, refused = told_by_a_model(TEXTS[name], patch=True), told_by_a_model(TEXTS[name], patch=False)
    (placed,) = placements(Report(Verdict.BLOCK, (offered,)), {"main.tf": (ALL_LINES,)})
    assert isinstance(placed, Suggested)
    bodies = [body for _, _, body in suggestion_comments(placed, "0" * 40)]
    bodies.append(note_comment(Noted(refused, "main.tf", 1), "0" * 40)[1])
    bodies.append(summary(Report(Verdict.BLOCK, (offered, refused))))
    for body in bodies:
        plain = outside_code(body)
        assert [active for active in ACTIVE if active in plain] == []
        assert "](" not in re.sub(r"<summary>.*?</summary>", "", plain)  # Markdown means nothing in a heading of HTML


RUNNER = "::add-mask::x ##[error]y"


@pytest.mark.parametrize("style", ["markdown", "terminal", "json", "sarif"])
def test_what_a_model_says_is_no_command_to_the_runner_in_whose_log_it_stands(
    style: str, repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = "  vpc_id      = aws_vpc.main.id\n"
    answer = edits(
        (RULE, f'    cidr_blocks = ["10.0.0.0/16"]\n    # {RUNNER}'), (line, f"{line}  # x\n"), rationale=RUNNER
    )
    with running(Double(answer)) as double:
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", double.url)
        main(["check", "--all", "--findings", "findings.sarif", "--remedies", "bedrock", "--format", style])
    lines = capsys.readouterr().out.splitlines()
    assert any("add-mask" in one for one in lines)
    assert [one for one in lines if one.lstrip().startswith("::") or "##[" in one] == []
