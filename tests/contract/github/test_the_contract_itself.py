"""GitHub's description, as it is held before the stand-in: it refuses what GitHub would, and lets pass what it takes."""

from __future__ import annotations

from typing import Any

import pytest
from github_contract import answer_faults, example, request_faults

RUNS = "/repos/acme/infra/check-runs"
LISTED = "/repos/acme/infra/commits/main/check-runs"
ANNOTATION: dict[str, Any] = {
    "path": "main.tf",
    "start_line": 1,
    "end_line": 2,
    "annotation_level": "warning",
    "message": "words",
}


def check_run(**changes: Any) -> dict[str, Any]:
    output = {"title": "t", "summary": "s", "annotations": [ANNOTATION | changes.pop("annotation", {})]}
    return {
        "name": "x",
        "head_sha": "0" * 40,
        "status": "completed",
        "conclusion": "success",
        "output": output,
        **changes,
    }


def test_what_github_takes_has_no_fault() -> None:
    assert request_faults("POST", RUNS, check_run()) == []
    assert request_faults("GET", f"{LISTED}?check_name=Cloud+posture&per_page=100", None) == []
    assert answer_faults("POST", RUNS, 201, example("check-run")) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (check_run(conclusion="passed"), "conclusion: 'passed' is not one of"),
        (check_run(annotation={"annotation_level": "error"}), "annotation_level: 'error' is not one of"),
        (check_run(annotation={"start_line": "1"}), "start_line: '1' is not of type 'integer'"),
        (check_run(annotation={"line": 1}), "unknown key line"),
        (check_run(title="t"), "unknown key title"),
        (check_run(output={"title": "t"}), "output: 'summary' is a required property"),
        (check_run(output={"title": "t", "summary": "s", "annotations": [ANNOTATION] * 51}), "is too long"),
        (check_run(output={"title": "t", "summary": "s" * 65_536}), "is too long"),
        (None, "None is not of type 'object'"),
    ],
)
def test_a_request_that_github_would_refuse_has_a_fault(body: Any, fault: str) -> None:
    found = request_faults("POST", RUNS, body)
    assert any(fault in it for it in found)


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("per_page=101", "per_page is 101, at most 100"),
        ("page=x", "page: : 'x' is not of type 'integer'"),
        ("filter=newest", "filter: : 'newest' is not one of ['latest', 'all']"),
        ("name=x", "unknown parameter name"),
    ],
)
def test_a_query_that_github_does_not_know_has_a_fault(query: str, fault: str) -> None:
    assert request_faults("GET", f"{LISTED}?{query}", None) == [fault]


def test_an_operation_that_is_not_described_has_a_fault() -> None:
    assert request_faults("DELETE", RUNS, None) == [f"DELETE {RUNS} is none of GitHub's operations that we know"]


def test_an_answer_that_github_would_not_give_has_a_fault() -> None:
    run = example("check-run")
    assert answer_faults("POST", RUNS, 200, run) == [f"POST {RUNS} never answers 200"]
    assert answer_faults("POST", RUNS, 201, {key: value for key, value in run.items() if key != "id"}) == [
        ": 'id' is a required property"
    ]
    assert answer_faults("POST", RUNS, 201, {**run, "conclusion": "passed"})[0].startswith(
        "conclusion: 'passed' is not"
    )
