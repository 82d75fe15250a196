from __future__ import annotations

import json

import pytest
from reporting_samples import AFTER, BEFORE, remediation

from remedy_gate.domain.patch import FilePatch, NoPatch
from remedy_gate.domain.remediation import Report, Verdict
from remedy_gate.errors import ReportingError
from remedy_gate.reporting import json_reader
from remedy_gate.reporting.json_reader import report_from
from remedy_gate.reporting.json_report import render

REPORT = Report(Verdict.BLOCK, (remediation(blocks=True),))


def read(text: str, files: dict[str, bytes]) -> Report:
    return report_from(text, files.get)


def reason(report: Report) -> str:
    [item] = report.remediations
    assert isinstance(item.remedy, NoPatch)
    assert item.proof is None
    return item.remedy.reason


def with_patch(**changes: object) -> str:
    value = json.loads(render(REPORT))
    value["remediations"][0]["patch"].update(changes)
    return json.dumps(value)


def test_a_patch_is_made_again_from_the_file_byte_for_byte() -> None:
    [item] = read(render(REPORT), {"main.tf": BEFORE}).remediations
    assert item == REPORT.remediations[0]
    assert item.patch
    assert item.patch.files[0].after == AFTER


def test_a_file_that_changed_where_the_patch_is_not_takes_the_patch_away() -> None:
    changed = read(render(REPORT), {"main.tf": BEFORE + b"# more\n"})
    assert reason(changed) == (
        "The patch of the report was made from other contents: the files have changed since the check."
    )


def test_a_file_that_changed_where_the_patch_is_takes_the_patch_away() -> None:
    changed = read(render(REPORT), {"main.tf": BEFORE.replace(b'"logs"\n', b'"log"\n')})
    assert reason(changed) == (
        "The patch of the report does not fit the pull request: Line 2 is not what the diff was made from."
    )


def test_a_file_that_is_gone_takes_the_patch_away_and_not_the_verdict() -> None:
    changed = read(render(REPORT), {})
    assert reason(changed) == "The patch of the report does not fit the pull request: main.tf is not there any more."
    assert changed.verdict is Verdict.BLOCK
    assert changed.remediations[0].decision == REPORT.remediations[0].decision


def test_a_file_that_the_patch_makes_need_not_be_there() -> None:
    report = Report(Verdict.PASS, (remediation(files=(FilePatch("new.tf", b"", AFTER),)),))
    assert read(render(report), {}) == report


@pytest.mark.parametrize("path", ["../main.tf", "/main.tf", "a/../main.tf", ".git/config", "a\\main.tf", "a\nb", ""])
def test_a_path_out_of_the_repository_is_never_asked_for(path: str) -> None:
    def contents(asked: str) -> bytes:
        raise AssertionError(asked)

    report = Report(Verdict.PASS, (remediation(files=(FilePatch(path, BEFORE, AFTER),)),))
    assert "the diff does not name the files that it says" in reason(report_from(render(report), contents))


@pytest.mark.parametrize(
    "changes",
    [
        {"files": []},
        {"files": ["other.tf"]},
        {"files": ["main.tf", "main.tf"]},
        {"files": ["main.tf", "other.tf"]},
        {"diff": ""},
        {"diff": "--- a/main.tf\n+++ b/main.tf\n"},
        {"diff": "--- a/main.tf\n+++ b/main.tf\n@@ -1,3 +1,5 @@\n x\n"},
        {"diff": "--- a/main.tf\n+++ b/main.tf\n@@ -0,0 +1 @@\n+\ud800\n"},
        {"diff": "--- a/main.tf\n+++ b/main.tf\nnonsense\n"},
        {"id": "0" * 32},
    ],
)
def test_a_diff_that_is_not_what_the_report_says_becomes_no_patch(changes: dict[str, object]) -> None:
    assert reason(read(with_patch(**changes), {"main.tf": BEFORE}))


def test_two_hunks_in_the_wrong_order_become_no_patch() -> None:
    diff = "--- a/main.tf\n+++ b/main.tf\n@@ -3 +3 @@\n-}\n+}}\n@@ -1 +1 @@\n-a\n+b\n"
    assert "overlap" in reason(read(with_patch(diff=diff), {"main.tf": b"a\n\n}\n"}))


def test_a_text_of_more_than_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_reader, "MAX_BYTES", 100)
    with pytest.raises(ReportingError, match="more than 100 characters"):
        read(render(REPORT), {})


def test_a_report_of_another_version_says_so() -> None:
    with pytest.raises(ReportingError, match="not of the kind remedy-gate/report/1"):
        read(render(REPORT).replace("report/1", "report/2"), {})
