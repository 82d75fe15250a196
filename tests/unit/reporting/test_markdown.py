from __future__ import annotations

from reporting_samples import remediation

from remedy_gate.domain.decision import Action
from remedy_gate.domain.match import MatchState
from remedy_gate.domain.remediation import Report, Verdict
from remedy_gate.domain.source import ALL_LINES, Problem
from remedy_gate.reporting.markdown import COMMENT, render, review_body
from remedy_gate.reporting.placement import placements

HEADER = "| severity | finding | where | patch | policy |\n|---|---|---|---|---|\n"
ROW = (
    "| high | The bucket can be deleted with everything in it | `aws_s3_bucket.logs` `main.tf:1` | proven "
    "| suggest: default for high |\n"
)


def test_a_report_is_a_verdict_a_table_and_every_patch_with_its_proof() -> None:
    text = render(Report(Verdict.PASS, (remediation(),)))
    assert text.startswith(
        "## Remedy Gate: pass\n\npass: 1 finding, 1 patch (1 proven); nothing blocks.\n\n" + HEADER + ROW
    )
    assert (
        "<details><summary>high: The bucket can be deleted with everything in it · aws_s3_bucket.logs</summary>" in text
    )
    assert "+  force_destroy = false\n" in text
    assert "| `rescan` | not run | later |\n" in text


def test_a_withheld_patch_is_named_and_not_shown() -> None:
    text = render(Report(Verdict.PASS, (remediation(action=Action.WITHHOLD),)))
    assert "A patch was made and is withheld." in text
    assert "force_destroy" not in text


def test_errors_come_before_everything_and_notes_after() -> None:
    report = Report(Verdict.ERROR, (remediation(),), (Problem("a.json", "not *JSON*"),), (Problem("b.tf", "no UTF-8"),))
    text = render(report)
    assert text.index("- `a.json`: not \\*JSON\\*\n") < text.index(HEADER) < text.index("- `b.tf`: no UTF-8\n")


def test_what_is_not_tied_to_code_and_what_was_left_out_is_counted() -> None:
    unmatched = tuple(remediation(no_patch="x", state=MatchState.UNMATCHED) for _ in range(60))
    text = render(Report(Verdict.PASS, unmatched, left_out=(("vulnerability", 3),)))
    assert "<details><summary>60 findings not tied to a block of this code, so without a patch</summary>" in text
    assert "- and 10 more\n" in text
    assert "\nLeft out: 3 vulnerability.\n" in text


def test_a_report_over_the_budget_is_cut_between_parts_and_says_so() -> None:
    report = Report(Verdict.PASS, (remediation(),) * 400)
    text = render(report, budget=COMMENT)
    assert len(text.encode()) <= COMMENT
    assert text.endswith(" parts did not fit here. The report as JSON has everything.\n")
    assert text.count("<details>") == text.count("</details>")
    assert "did not fit" not in render(report)


def test_more_rows_than_anybody_reads_are_counted() -> None:
    text = render(Report(Verdict.PASS, (remediation(no_patch="x"),) * 1003))
    assert text.count("| high |") == 1000
    assert "\n3 more are in the report as JSON.\n" in text
    assert len(text.encode()) <= 1_000_000


def test_the_body_of_a_review_shows_only_what_no_comment_shows() -> None:
    commented = remediation()
    elsewhere = remediation(rule_id="OTHER")
    elsewhere = elsewhere._replace(
        remedy=elsewhere.patch._replace(files=(elsewhere.patch.files[0]._replace(path="far.tf"),))  # type: ignore[union-attr]
    )
    report = Report(Verdict.PASS, (commented, elsewhere))
    text = review_body(report, placements(report, {"main.tf": (ALL_LINES,)}))
    assert text.count("```diff") == 1
    assert "as `OTHER`." in text
    assert "Not a suggestion, as it changes lines of far.tf that are not in this pull request's diff." in text
    assert text.count("| high |") == 2


def test_no_line_is_a_command_to_the_runner_of_actions() -> None:
    after = b'resource "aws_s3_bucket" "logs" {\n  bucket = "logs"\n::add-mask::x\n}\n'
    item = remediation()
    patch = item.patch
    assert patch
    item = item._replace(
        remedy=patch._replace(files=(patch.files[0]._replace(before=after, after=after + b"# ##[x]\n"),))
    )
    lines = [line.lstrip() for line in render(Report(Verdict.PASS, (item,))).splitlines()]
    assert " : :add-mask::x" in render(Report(Verdict.PASS, (item,)))
    assert not any(line.startswith("::") or "##[" in line for line in lines)


def test_a_mistake_that_is_open_elsewhere_is_told_with_its_number() -> None:
    item = remediation()
    again = item._replace(match=item.match._replace(evidence=("the same problem is open on 1 other resource",)))
    assert "The same problem is open on 1 other resource." in render(Report(Verdict.PASS, (again,)))
    assert "same problem" not in render(Report(Verdict.PASS, (item,)))
