"""`batch export` and `batch import` by the real command line: questions out, scripted answers in, a report."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from botocore.session import Session
from botocore.validate import ParamValidator
from contract.bedrock.runtime_double import beyond, edits, said
from contract.bedrock.test_the_whole_run import FINDING, TAGS, TRAIL

from remedy_gate.cli import main

EXPORT = ("batch", "export", "--all", "--findings", "findings.sarif", "--output", "requests.jsonl")


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


def exported(repository: Path) -> list[dict[str, Any]]:
    assert main(EXPORT) == 0
    return [json.loads(line) for line in (repository / "requests.jsonl").read_text().splitlines()]


def answered(repository: Path, *lines: object) -> None:
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    (repository / "responses.jsonl").write_text("".join(f"{text}\n" for text in texts))


def imported(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    capsys.readouterr()
    status = main(["batch", "import", "responses.jsonl", "--format", "json", *words])
    return status, json.loads(capsys.readouterr().out)


def reply(record: dict[str, Any], answer: Any) -> dict[str, Any]:
    return {"recordId": record["recordId"], "modelInput": {}, "modelOutput": answer.response}


def test_a_question_is_a_record_of_a_bedrock_batch(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (record,) = exported(repository)
    assert record.keys() == {"recordId", "modelInput"}
    assert record["recordId"].isalnum()
    assert len(record["recordId"]) == 11
    shape = Session().get_service_model("bedrock-runtime").operation_model("Converse").input_shape
    request = {"modelId": "eu.anthropic.claude-sonnet-5-5", **record["modelInput"]}
    assert ParamValidator().validate(request, shape).generate_report() == ""
    assert list(beyond(request, shape, "request")) == []
    assert "toolConfig" not in record["modelInput"]
    assert capsys.readouterr().err == (
        "remedy-gate: 1 questions for eu.anthropic.claude-sonnet-5-5 written to requests.jsonl; 0 were not asked\n"
    )


def test_an_answer_comes_back_as_a_judged_patch(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (record,) = exported(repository)
    answered(repository, reply(record, edits(TAGS)))
    status, report = imported(capsys)
    (item,) = report["remediations"]
    assert status == 1
    assert item["patch"]["origin"]["name"] == "eu.anthropic.claude-sonnet-5-5"
    assert '+    Owner = "data"' in item["patch"]["diff"]
    assert item["proof"]["outcome"] == "unproven"
    assert report["errors"] == []
    notes = [note["message"] for note in report["summary"]["notes"]]
    half = "a batch at 0.5 of them (2026-11, AWS: a batch costs half, where a model has batches; unverified)"
    basis = f"prices of 2026-11, price file of litellm 1.109.1, unverified; {half}"
    assert f"1 answer of a batch, 1,100 tokens, about $0.0016 ({basis})" in notes
    tokens = {"in": 1000, "out": 100, "cache_read": 0, "cache_written": 0}
    cost = {"attempts": 1, "kept": 0, "tokens": tokens, "dollars": 0.00165, "basis": basis}
    assert item["patch"]["cost"] == cost


def test_an_answer_of_a_model_without_a_price_has_a_cost_that_is_not_known(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (record,) = exported(repository)
    answered(repository, reply(record, edits(TAGS)))
    (item,) = imported(capsys, "--model", "of-my-own")[1]["remediations"]
    assert (item["patch"]["cost"]["dollars"], item["patch"]["cost"]["tokens"]["in"]) == (None, 1000)
    assert item["patch"]["cost"]["basis"] == "no price is known for of-my-own"


def test_a_text_alone_tells_no_tokens_and_is_not_called_free(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (record,) = exported(repository)
    text = edits(TAGS).response["output"]["message"]["content"][0]["text"]  # type: ignore[index]
    answered(repository, {"recordId": record["recordId"], "modelOutput": text})
    (item,) = imported(capsys)[1]["remediations"]
    assert (item["patch"]["cost"]["dollars"], item["patch"]["cost"]["basis"]) == (None, "the answers tell no tokens")


def test_a_patch_of_a_control_is_proven_and_fix_writes_it(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "main.tf").write_text(TRAIL.replace("  encrypted         = true\n", ""))
    assert main(["batch", "export", "--all", "--findings", "catalogue", "--remedies", "bedrock", "--output", "q"]) == 0
    records = [json.loads(line) for line in (repository / "q").read_text().splitlines()]
    (record,) = [one for one in records if "as ebs-volume-encrypted" in json.dumps(one)]
    line = "  kms_key_id        = var.key\n"
    answered(repository, reply(record, edits((line, f"  encrypted         = true\n{line}"))))
    _, report = imported(capsys, "--fix")
    assert "main.tf" in report["summary"]["applied"]
    assert (repository / "main.tf").read_text().count("encrypted         = true") == 1


def test_what_the_catalogue_proves_is_not_asked_unless_the_model_is_asked_alone(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "main.tf").write_text(TRAIL.replace("  encrypted         = true\n", ""))
    assert main(["batch", "export", "--all", "--findings", "catalogue"]) == 0
    (only,) = capsys.readouterr().out.splitlines()
    assert "as ebs-volume-customer-key" in only
    assert main(["batch", "export", "--all", "--findings", "catalogue", "--remedies", "bedrock"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_an_answer_to_code_that_changed_is_refused_by_name(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (record,) = exported(repository)
    answered(repository, reply(record, edits(TAGS)))
    (repository / "main.tf").write_text(TRAIL.replace("= 40", "= 50"))
    _, report = imported(capsys)
    (item,) = report["remediations"]
    assert item["patch"] is None
    assert "changed after this was asked" in item["no_patch"]
    (error,) = report["errors"]
    assert error["where"] == "responses.jsonl:1"
    assert "aws_ebs_volume.data in main.tf, ORG-7 is not as it was when this was asked" in error["message"]


def test_code_that_changed_elsewhere_changes_nothing(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (record,) = exported(repository)
    answered(repository, reply(record, edits(TAGS)))
    (repository / "main.tf").write_text(TRAIL + '\nvariable "other" {\n  type = string\n}\n')
    _, report = imported(capsys)
    assert report["remediations"][0]["patch"] is not None


def test_bad_lines_and_unknown_ids_cost_only_themselves(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (record,) = exported(repository)
    nested = "[" * 100_000
    answered(
        repository, "not json", "[]", {"modelOutput": {}}, {"recordId": "AAAAAAAAAAA", "modelOutput": "x"}, nested, "",
        reply(record, edits(TAGS)),
    )  # fmt: skip
    status, report = imported(capsys)
    assert (status, report["verdict"]) == (1, "block")
    assert report["remediations"][0]["patch"] is not None
    assert [(error["where"], error["message"]) for error in report["errors"]] == [
        ("responses.jsonl:1", "the line is not JSON"),
        ("responses.jsonl:2", "the line is not an object with a recordId"),
        ("responses.jsonl:3", "the line is not an object with a recordId"),
        ("responses.jsonl:5", "the line is not JSON"),
        ("responses.jsonl:4", "AAAAAAAAAAA is not used: nothing of this id was asked"),
    ]


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        (
            {"modelOutput": said("{", "max_tokens").response},
            "the model's answer was cut off. Raise `bedrock: max_tokens`.",
        ),
        ({"modelOutput": said("", "guardrail_intervened").response}, "a guardrail stopped it"),
        ({"modelOutput": said('{"outcome": "edits"').response}, "the model's answer did not stand: malformed"),
        ({"modelOutput": 7}, "Bedrock answered with something that cannot be read"),
        ({"error": {"errorCode": 400, "errorMessage": "no tools"}}, "the batch has no answer: 400 no tools"),
        ({}, "the batch has no answer: there is no modelOutput"),
    ],
)
def test_an_answer_that_is_none_is_the_reason_for_no_patch(
    output: dict[str, Any], reason: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (record,) = exported(repository)
    answered(repository, {"recordId": record["recordId"], **output})
    status, report = imported(capsys)
    assert (status, report["errors"]) == (1, [])
    assert reason in report["remediations"][0]["no_patch"]


def test_of_two_answers_to_one_question_neither_counts(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (record,) = exported(repository)
    answered(repository, reply(record, edits(TAGS)), reply(record, edits(TAGS)))
    _, report = imported(capsys)
    assert report["remediations"][0]["patch"] is None
    assert report["errors"][0]["where"] == "responses.jsonl:2"


def test_a_plain_text_from_any_other_model_is_an_answer(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (record,) = exported(repository)
    text = (
        f'<answer>\n<edit path="main.tf">\n<old>\n{TAGS[0]}</old>\n<new>\n{TAGS[1]}</new>\n</edit>\n'
        "<rationale>It tags.</rationale>\n</answer>"
    )
    answered(repository, {"recordId": record["recordId"], "modelOutput": text})
    _, report = imported(capsys, "--model", "a-model-of-mine")
    assert report["remediations"][0]["patch"]["origin"]["name"] == "a-model-of-mine"


def test_a_secret_does_not_get_into_the_questions_and_comes_back_with_the_patch(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = "wJalrXUtnFEMIK7MDENGbPxRfiCYzzEXAMPLEKEY"
    (repository / "main.tf").write_text(TRAIL.replace("  size ", f'  api_key           = "{secret}"\n  size '))
    (record,) = exported(repository)
    assert secret not in (repository / "requests.jsonl").read_text()
    answered(repository, reply(record, edits(TAGS)))
    _, report = imported(capsys)
    assert "__RG_SECRET" not in json.dumps(report)


def test_a_question_in_which_a_secret_survives_is_not_exported(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("remedy_gate.remedies.prompt.survivors", lambda *_: 1)
    assert main(EXPORT) == 0
    assert (repository / "requests.jsonl").read_text() == ""
    assert capsys.readouterr().err == (
        "remedy-gate: aws_ebs_volume.data: something that looks like a secret could not be taken out of the prompt, so "
        "nothing was sent\n"
        "remedy-gate: 0 questions for eu.anthropic.claude-sonnet-5-5 written to requests.jsonl; 1 were not asked\n"
    )


def test_outside_of_git_the_import_finds_its_export_too(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "main.tf").write_text(TRAIL)
    (plain / "findings.sarif").write_text(json.dumps(FINDING))
    monkeypatch.chdir(plain)
    (record,) = exported(plain)
    answered(plain, reply(record, edits(TAGS)))
    _, report = imported(capsys)
    assert report["remediations"][0]["patch"] is not None


def test_a_file_that_is_not_there_is_no_empty_answer(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["batch", "import", "nowhere.jsonl"]) == 3
    assert "nowhere.jsonl: No such file or directory." in capsys.readouterr().err


def test_every_judged_answer_is_in_the_ledger(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (record,) = exported(repository)
    answered(repository, reply(record, edits(("nothing of the kind", "x"))))
    imported(capsys)
    assert main(["ledger", "show", "--kind", "attempt"]) == 0
    out = capsys.readouterr().out
    assert '"came": "inapplicable"' in out
    assert out.endswith("1 records\n")


@pytest.mark.parametrize("kind", ["terminal", "json", "markdown", "sarif", "rdjson"])
def test_the_report_comes_in_every_format_of_check(
    kind: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (record,) = exported(repository)
    answered(repository, reply(record, edits(TAGS)))
    assert main(["batch", "import", "responses.jsonl", "--format", kind, "--output", "report"]) == 1
    assert "ORG-7" in (repository / "report").read_text()
