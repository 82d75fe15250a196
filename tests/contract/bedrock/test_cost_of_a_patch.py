"""What a patch took of its model, as fields of the report, and what models can do, as the policy says it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from contract.bedrock.model_kit import QUICK, remedy_of
from contract.bedrock.repository_kit import ENCRYPTED, VOLUME, finding, kit
from contract.bedrock.runtime_double import Answer, Double, cannot, edits, failing, running, said
from contract.bedrock.test_the_whole_run import ASKED, TAGS, repository

from remedy_gate.cli import main
from remedy_gate.domain.patch import Patch, money
from remedy_gate.remedies.prompt import prompts_digest

__all__ = ["repository"]
BASIS = "prices of 2026-11, price file of litellm 1.109.1, unverified"
ARN = "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/abc123"
TAGGED = (
    '<answer>\n<edit path="main.tf">\n<old>\n{}</old>\n<new>\n{}</new>\n</edit>\n<rationale>It adds the tag.</rationale>\n'
    "</answer>"
).format(*TAGS)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], repository: Path) -> Any:
    def check(double: Double, policy: str = "", *words: str) -> Any:
        (repository / ".remedy-gate.yml").write_text(f"version: 1\n{policy}")
        with running(double):
            monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", double.url)
            main(["check", "--findings", "findings.sarif", *ASKED, *(words or ("--format", "json"))])
        assert double.faults == []
        out = capsys.readouterr().out
        return out if words else json.loads(out)

    return check


def costs(report: Any) -> Any:
    return [item["patch"]["cost"] for item in report["remediations"]]


def notes(report: Any) -> list[str]:
    return [note["message"] for note in report["summary"]["notes"]]


def test_tokens_and_dollars_of_a_patch_are_fields_of_the_report(run: Any) -> None:
    report = run(Double(edits(TAGS)))
    tokens = {"in": 1000, "out": 100, "cache_read": 0, "cache_written": 0}
    assert costs(report) == [{"attempts": 1, "kept": 0, "tokens": tokens, "dollars": 0.0033, "basis": BASIS}]
    assert notes(report) == [f"1 call, 1,100 tokens, about $0.0033 ({BASIS})"]


def test_attempts_that_were_refused_are_paid_too(run: Any) -> None:
    (cost,) = costs(run(Double(edits(("nothing of the kind", "x")), edits(TAGS))))
    assert (cost["attempts"], cost["tokens"]["in"], cost["dollars"]) == (2, 2000, 0.0066)


def test_an_answer_that_was_kept_cost_nothing_and_says_that_it_was_kept(run: Any) -> None:
    double = Double(edits(TAGS))
    run(double)
    (cost,) = costs(run(double))
    assert (cost["attempts"], cost["kept"], cost["tokens"]["in"], cost["dollars"]) == (1, 1, 0, 0.0)


def test_a_model_without_a_price_has_a_cost_that_is_not_known_and_never_none(run: Any) -> None:
    report = run(Double(said(TAGGED)), f"bedrock: {{model: '{ARN}'}}\n")
    (cost,) = costs(report)
    assert (cost["tokens"]["in"], cost["dollars"]) == (1000, None)
    assert cost["basis"] == f"no price is known for {ARN}"
    (note,) = notes(report)
    assert note.startswith(f"1 call, 1,100 tokens, at a cost that is not known (no price is known for {ARN}), ")
    assert note.endswith(", counted as $0.0066 against the run's limit")


def test_prices_of_the_policy_make_the_cost_known(run: Any) -> None:
    models = "models: {abc123: {structured: true, prices: {input: 10, output: 20}}}"
    double = Double(edits(TAGS))
    (cost,) = costs(run(double, f"bedrock: {{model: '{ARN}', {models}}}\n"))
    assert (cost["dollars"], cost["basis"]) == (0.012, "prices of the policy")
    assert "outputConfig" in double.requests[0].body


def test_without_a_word_in_the_policy_an_arn_is_asked_without_schema_and_cache_points(run: Any) -> None:
    double = Double(cannot("no"))
    run(double, f"bedrock: {{model: '{ARN}'}}\n")
    assert "outputConfig" not in double.requests[0].body
    assert "cachePoint" not in double.requests[0].text


def test_a_prompt_cache_that_the_policy_tells_of_is_used(run: Any) -> None:
    double = Double(cannot("no"))
    run(double, f"bedrock: {{model: '{ARN}', models: {{abc123: {{structured: true, cache_tokens: 100}}}}}}\n")
    assert double.requests[0].body["system"][-1] == {"cachePoint": {"type": "default"}}


def told(out: str) -> list[str]:
    return [line.strip() for line in out.splitlines() if "from a model on" in line or "Patch from bedrock" in line]


def test_people_are_told_on_the_line_of_the_origin(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], repository: Path
) -> None:
    (repository / "main.tf").write_text(VOLUME)
    double = Double(edits(ENCRYPTED))
    with running(double):
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", double.url)
        monkeypatch.setenv("COLUMNS", "200")
        words = ("check", "--all", "--findings", "catalogue", "--remedies", "bedrock", "--format")
        main([*words, "terminal"])
        (first, *_) = told(capsys.readouterr().out)
        main([*words, "markdown"])
        (second, *_) = told(capsys.readouterr().out)
    model, prompt = "eu.anthropic.claude-sonnet-5-5", prompts_digest()[:12]
    assert first == f"from a model on Amazon Bedrock: {model}, prompt {prompt}; 1 attempt, 1,100 tokens, about $0.0033"
    kept = "1 attempt (1 kept from earlier runs), 0 tokens, at no cost"
    assert second == f"Patch from bedrock: `{model}`, version `{prompt}`; {kept}."


@pytest.mark.parametrize(
    ("dollars", "words"),
    [
        (None, "at a cost that is not known"),
        (0.0, "at no cost"),
        (0.00001, "less than $0.0001"),
        (0.0001, "about $0.0001"),
        (1.5, "about $1.5000"),
    ],
)
def test_a_little_is_not_nothing_and_what_nobody_knows_is_no_figure(dollars: float | None, words: str) -> None:
    assert money(dollars) == words


def test_a_patch_of_the_catalogue_has_no_cost(run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    Path("main.tf").write_text(VOLUME)
    main(["check", "--all", "--findings", "catalogue", "--format", "json"])
    patches = [item["patch"] for item in json.loads(capsys.readouterr().out)["remediations"] if item["patch"]]
    assert patches
    assert all(patch["cost"] is None for patch in patches)
    assert "attempt" not in str(main(["check", "--all", "--findings", "catalogue"])) + capsys.readouterr().out


def test_a_like_that_nobody_knows_is_misuse_before_anything_is_asked(
    run: Any, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / ".remedy-gate.yml").write_text(f"version: 1\nbedrock: {{model: '{ARN}', like: claude-sonet}}\n")
    assert main(["check", "--findings", "findings.sarif", *ASKED]) == 2
    assert "bedrock: like: no model 'claude-sonet' is known" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("answer", "known"),
    [
        (Answer(raw=b"<html>"), False),
        (failing("ValidationException", 400), True),
        (failing("ModelErrorException", 424), True),
    ],
)
def test_what_may_have_been_charged_and_was_never_told_is_not_called_free(
    answer: Answer, known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, double = kit({"main.tf": VOLUME}), Double(answer)
    with running(double):
        remedy = remedy_of(code, double, monkeypatch)
        remedy.propose(finding(), code.match("aws_ebs_volume.data"), code.sources)
    assert (remedy.attempts[-1].dollars == 0.0) is known
    assert (remedy.attempts[-1].dollars is None) is not known


def test_a_call_that_timed_out_counts_against_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    code, double = kit({"main.tf": VOLUME}), Double(edits(ENCRYPTED)._replace(delay=3.0))
    with running(double):
        remedy = remedy_of(code, double, monkeypatch, QUICK._replace(timeout_seconds=1, dollars=0.03))
        for title in ("one", "two", "three"):
            remedy.propose(finding(title=title), code.match("aws_ebs_volume.data"), code.sources)
    assert [attempt.dollars for attempt in remedy.attempts] == [None, 0.0, 0.0]
    assert remedy.attempts[1].detail.startswith("not tried: the run's limit of 0.03 dollars is reached")
    assert len(double.requests) == 1


def test_the_same_patch_has_the_same_id_whatever_it_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for answers in ((edits(ENCRYPTED),), (edits(("nothing", "x")), edits(ENCRYPTED))):
        code, double = kit({"main.tf": VOLUME}), Double(*answers)
        with running(double):
            patch = remedy_of(code, double, monkeypatch).propose(
                finding(), code.match("aws_ebs_volume.data"), code.sources
            )
        assert isinstance(patch, Patch)
        made.append(patch)
    assert made[0].id == made[1].id
    assert made[0].cost != made[1].cost
