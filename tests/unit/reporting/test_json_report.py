from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from reporting_samples import BEFORE, remediation

from remedy_gate.domain.decision import Action, Decision
from remedy_gate.domain.finding import CloudResource, Finding, Kind, Location, Severity
from remedy_gate.domain.match import InCode, Match, MatchState
from remedy_gate.domain.patch import Cost, FilePatch, NoPatch, Origin, OriginKind, Patch
from remedy_gate.domain.proof import CheckName, CheckResult, Proof, Status
from remedy_gate.domain.remediation import Remediation, Report, Verdict
from remedy_gate.domain.source import LineRange, Problem, Resource
from remedy_gate.errors import ReportingError
from remedy_gate.reporting.json_reader import report_from
from remedy_gate.reporting.json_report import finding_line, finding_object, render, report_object

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "report.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
LATER = {"patch": ("cost",), "finding": ("rules",)}
"""Keys that are always written now, and that reports of earlier versions do not have."""


def no_files(_: str) -> None:
    """A commit without files."""


words = st.text(max_size=12)
maybe = st.none() | words
lines = st.integers(1, 1000)
resources = st.builds(
    CloudResource,
    words,
    maybe,
    maybe,
    maybe,
    maybe,
    st.dictionaries(words, words, max_size=2).map(lambda it: tuple(it.items())),
)
locations = st.builds(Location, words, st.none() | lines, st.none() | lines, maybe)
findings = st.builds(
    Finding,
    words,
    words,
    words,
    st.sampled_from(Severity),
    st.sampled_from(Kind),
    words,
    maybe,
    st.lists(resources, max_size=2).map(tuple),
    st.none() | locations,
    maybe,
    maybe,
    maybe,
    st.lists(words, min_size=1, max_size=3).map(tuple),
    st.just(()) | st.lists(words, min_size=2, max_size=3, unique=True).map(tuple),
)
places = st.builds(lambda first, more: LineRange(first, first + more), lines, st.integers(0, 9))
contents = st.binary(max_size=60) | st.lists(
    st.sampled_from([b"a\n", b"b\n", b"\n", b"a\r\n", b"\xff\n", b"c"]), max_size=9
).map(b"".join)
paths = st.from_regex(r"[a-z]{1,3}(/[a-z é]{1,3}){0,2}\.tf", fullmatch=True)
proofs = st.lists(st.sampled_from(Status), min_size=10, max_size=10).map(
    lambda statuses: Proof(
        tuple(CheckResult(name, status, "why") for name, status in zip(CheckName, statuses, strict=True))
    )
)

numbers = st.integers(0, 1 << 30)
dollars = st.none() | st.integers(0, 10**9).map(lambda millionths: millionths / 1_000_000)
costs = st.builds(Cost, numbers, numbers, numbers, numbers, numbers, numbers, dollars, words)


@st.composite
def patches(draw: st.DrawFn) -> Patch:
    chosen = draw(st.lists(paths, min_size=1, max_size=3, unique=True))
    files = tuple(FilePatch(path, draw(contents), draw(contents)) for path in chosen)
    files = tuple(file for file in files if file.before != file.after) or (FilePatch("x.tf", b"", b"x\n"),)
    origin = Origin(draw(st.sampled_from(OriginKind)), draw(words), draw(words))
    return Patch(origin, files, draw(words), draw(st.none() | costs))


@st.composite
def remediations(draw: st.DrawFn) -> Remediation:
    state = draw(st.sampled_from(MatchState))
    resource = Resource(draw(words), draw(words), draw(words), draw(places)) if state is MatchState.MATCHED else None
    evidence = draw(st.lists(words, max_size=2).map(tuple))
    match = Match(state, resource, draw(st.floats(0, 1)), evidence, draw(st.sampled_from(InCode)))
    remedy = draw(patches() | st.builds(NoPatch, words))
    proof = draw(proofs) if isinstance(remedy, Patch) else None
    decision = Decision(draw(st.sampled_from(Action)), draw(st.booleans()), draw(words))
    return Remediation(draw(findings), match, remedy, proof, decision)


problems = st.lists(st.builds(Problem, words, words), max_size=2).map(tuple)
reports = st.builds(
    Report,
    st.sampled_from(Verdict),
    st.lists(remediations(), max_size=3).map(tuple),
    problems,
    problems,
    st.lists(st.tuples(words, st.integers(0, 9)), max_size=2).map(tuple),
    st.lists(words, max_size=2).map(tuple),
)


def test_the_schema_is_a_schema_and_describes_every_key() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    for name, definition in SCHEMA["$defs"].items():
        if definition.get("type") == "object":
            assert definition["additionalProperties"] is False, name
            assert sorted((*definition["required"], *LATER.get(name, ()))) == sorted(definition["properties"]), name
            for key, value in definition["properties"].items():
                assert value.get("description") or described(value["$ref"]), f"{name}.{key}"


def described(reference: str) -> str:
    return str(SCHEMA["$defs"][reference.rpartition("/")[2]].get("description", ""))


@settings(max_examples=60, deadline=None)
@given(reports)
def test_every_report_is_as_the_schema_says(report: Report) -> None:
    VALIDATOR.validate(json.loads(render(report)))


@settings(max_examples=60, deadline=None)
@given(reports)
def test_a_report_read_back_is_the_report(report: Report) -> None:
    files = {
        file.path: file.before for item in report.remediations for file in (item.patch.files if item.patch else ())
    }
    for item in report.remediations:
        patch = item.patch
        if patch and any(files[file.path] != file.before for file in patch.files):
            return  # two patches of different contents of one file: no commit has both
    told = report._replace(landed=())  # where patches were put is not known when a report is written
    assert report_from(render(report), files.get) == told


def test_a_finding_is_one_line_with_every_key_of_the_contract() -> None:
    resource = CloudResource("arn:aws:s3:::logs", "AwsS3Bucket", "logs", "111122223333", "eu-west-1", (("team", "a"),))
    finding = Finding(
        "checkov", "CKV_AWS_1", "Open\nbucket", Severity.HIGH, resources=(resource,), location=Location("a.tf", 1, 3)
    )
    assert json.loads(finding_line(finding)) == {
        "fingerprint": finding.fingerprint,
        "source": "checkov",
        "rule_id": "CKV_AWS_1",
        "control": None,
        "title": "Open\nbucket",
        "kind": "misconfiguration",
        "severity": "high",
        "resources": [
            {
                "id": "arn:aws:s3:::logs",
                "type": "AwsS3Bucket",
                "name": "logs",
                "account": "111122223333",
                "region": "eu-west-1",
                "tags": {"team": "a"},
            }
        ],
        "location": {"path": "a.tf", "first_line": 1, "last_line": 3, "address": None},
        "status": "open",
        "first_seen": None,
        "due": None,
        "url": None,
        "sources": ["checkov"],
        "rules": ["CKV_AWS_1"],
    }
    assert "\n" not in finding_line(finding)


def test_an_empty_report_has_every_key() -> None:
    assert report_object(Report(Verdict.PASS, (), left_out=(("vulnerability", 2),), applied=("a.tf",))) == {
        "schema": "remedy-gate/report/1",
        "verdict": "pass",
        "remediations": [],
        "errors": [],
        "summary": {
            "remediations": 0,
            "blocking": 0,
            "patches": 0,
            "actions": {"suggest": 0, "apply": 0, "withhold": 0, "annotate": 0, "ignore": 0},
            "proofs": {"proven": 0, "unproven": 0, "refuted": 0},
            "matches": {"matched": 0, "ambiguous": 0, "unmatched": 0},
            "severities": {"critical": 0, "high": 0, "medium": 0, "low": 0, "info": 0, "unknown": 0},
            "left_out": [{"reason": "vulnerability", "count": 2}],
            "applied": ["a.tf"],
            "notes": [],
        },
    }


def test_a_remediation_is_told_as_the_contract_says() -> None:
    item = remediation(blocks=True)
    assert item.patch
    told = json.loads(render(Report(Verdict.BLOCK, (item,))))["remediations"][0]
    assert told["finding"] == finding_object(item.finding)
    assert told["match"] == {
        "state": "matched",
        "address": "aws_s3_bucket.logs",
        "type": "aws_s3_bucket",
        "path": "main.tf",
        "first_line": 1,
        "last_line": 3,
        "confidence": 0.9,
        "evidence": ["file and lines"],
        "in_code": "open",
    }
    assert told["patch"] == {
        "id": item.patch.id,
        "origin": {"kind": "catalogue", "name": "s3-keep", "version": "2"},
        "rationale": "Keeps the objects.",
        "files": ["main.tf"],
        "diff": "--- a/main.tf\n+++ b/main.tf\n@@ -1,3 +1,5 @@\n"
        ' resource "aws_s3_bucket" "logs" {\n   bucket = "logs"\n+\n+  force_destroy = false\n }\n',
        "cost": None,
    }
    assert told["no_patch"] is None
    assert told["proof"]["outcome"] == "proven"
    assert told["proof"]["checks"][0] == {"name": "applies", "status": "pass", "detail": "seen to hold"}
    assert told["proof"]["checks"][6] == {"name": "rescan", "status": "not_run", "detail": "later"}
    assert told["decision"] == {"action": "suggest", "blocks": True, "rule": "default for high"}


BROKEN: dict[str, Callable[[Any], object]] = {
    "no schema": lambda it: it.pop("schema"),
    "another schema": lambda it: it.update(schema="remedy-gate/report/2"),
    "an unknown verdict": lambda it: it.update(verdict="fine"),
    "an unknown key": lambda it: it.update(extra=1),
    "remediations that are no list": lambda it: it.update(remediations={}),
    "no finding": lambda it: it["remediations"][0].pop("finding"),
    "a severity of its own": lambda it: it["remediations"][0]["finding"].update(severity="urgent"),
    "a number for a title": lambda it: it["remediations"][0]["finding"].update(title=7),
    "true for a line": lambda it: it["remediations"][0]["match"].update(first_line=True),
    "line 0": lambda it: it["remediations"][0]["match"].update(first_line=0),
    "confidence 2": lambda it: it["remediations"][0]["match"].update(confidence=2),
    "a match without an address": lambda it: it["remediations"][0]["match"].update(address=None),
    "neither patch nor reason": lambda it: it["remediations"][0].update(patch=None, proof=None),
    "patch and reason": lambda it: it["remediations"][0].update(no_patch="because"),
    "nine checks": lambda it: it["remediations"][0]["proof"]["checks"].pop(),
    "a check of its own": lambda it: it["remediations"][0]["proof"]["checks"][0].update(name="looks_good"),
    "a text for a flag": lambda it: it["remediations"][0]["decision"].update(blocks="no"),
    "an error without a message": lambda it: it.update(errors=[{"where": "x"}]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_report_is_refused_by_the_schema_and_by_the_reader(name: str) -> None:
    text = render(Report(Verdict.PASS, (remediation(),)))
    value = json.loads(text)
    assert VALIDATOR.is_valid(value)
    BROKEN[name](value)
    assert not VALIDATOR.is_valid(value)
    with pytest.raises(ReportingError, match=r"report"):
        report_from(json.dumps(value), no_files)


FORGED: dict[str, Callable[[Any], object]] = {
    "an outcome that the checks do not come to": lambda it: it["proof"]["checks"][0].update(status="not_run"),
    "the fingerprint of another finding": lambda it: it["finding"].update(rule_id="X", control="Y"),
    "lines that end before they begin": lambda it: it["match"].update(first_line=3, last_line=1),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_report_that_contradicts_itself_is_refused(name: str) -> None:
    value = json.loads(render(Report(Verdict.PASS, (remediation(),))))
    FORGED[name](value["remediations"][0])
    with pytest.raises(ReportingError, match=r"report\.remediations\[0\]\."):
        report_from(json.dumps(value), no_files)


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 100_000, '{"schema": NaN}', "9" * 5000, "\ud800"])
def test_what_is_no_report_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(ReportingError) as refused:
        report_from(text, no_files)
    assert "\n" not in str(refused.value)


def test_a_report_without_costs_is_read_as_earlier_versions_wrote_it() -> None:
    report = Report(Verdict.PASS, (remediation(),))
    older = json.loads(render(report))
    del older["remediations"][0]["patch"]["cost"], older["remediations"][0]["finding"]["rules"]
    VALIDATOR.validate(older)
    assert report_from(json.dumps(older), lambda _: BEFORE) == report


@pytest.mark.parametrize("dollars", [-1, True, "1", 2_000_000, 1e308])
def test_an_amount_that_is_none_is_refused(dollars: object) -> None:
    made = remediation().patch
    assert made is not None
    cost = Cost(1, 0, 10, 1, 0, 0, 0.5, "prices of the policy")
    item = remediation()._replace(remedy=made._replace(cost=cost))
    report = json.loads(render(Report(Verdict.PASS, (item,))))
    assert report_from(json.dumps(report), lambda _: BEFORE).remediations[0].patch == item.patch
    report["remediations"][0]["patch"]["cost"]["dollars"] = dollars
    with pytest.raises(ReportingError, match="an amount from 0 to 1,000,000 at dollars"):
        report_from(json.dumps(report), lambda _: BEFORE)


def test_json_in_a_log_is_no_command_to_the_runner_of_actions() -> None:
    finding = Finding("checkov", "X", "##[add-mask]x")
    assert "##[" not in finding_line(finding)
    assert json.loads(finding_line(finding))["title"] == "##[add-mask]x"


def test_the_schema_in_the_package_is_the_published_one() -> None:
    packaged = Path(__file__).parents[3] / "remedy_gate" / "reporting" / "report.schema.json"
    assert json.loads(packaged.read_text("utf-8")) == SCHEMA
