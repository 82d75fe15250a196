from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from reporting_samples import BEFORE, remediation

from remedy_gate.domain.decision import Action
from remedy_gate.domain.finding import Severity
from remedy_gate.domain.match import MatchState
from remedy_gate.domain.patch import FilePatch
from remedy_gate.domain.proof import CheckName, CheckResult, Proof, Status
from remedy_gate.domain.remediation import Remediation, Report, Verdict
from remedy_gate.domain.source import Problem
from remedy_gate.reporting.terminal import render


def plain(report: Report, width: int = 100) -> str:
    return render(report, color=False, width=width)


def test_a_proven_patch_is_shown_with_all_that_a_developer_needs() -> None:
    assert (
        plain(Report(Verdict.BLOCK, (remediation(blocks=True),)))
        == """\
high  aws_s3_bucket.logs  blocks
  The bucket can be deleted with everything in it
  main.tf:1-3  CKV_AWS_1 (checkov, trivy)
  Keeps the objects.
    @@ -1,3 +1,5 @@
     resource "aws_s3_bucket" "logs" {
       bucket = "logs"
    +
    +  force_destroy = false
     }
  from the catalogue: s3-keep, version 2
  proven: applies parses scope schema intent no_weakening | not run: rescan, disruption, formatted,
  idempotent
  policy: suggest, blocks, by rule "default for high"

block: 1 finding, 1 patch (1 proven); 1 blocks this change.
  To write the proven patches into your files: `remedy-gate check --fix`.
"""
    )


def test_a_mistake_that_is_open_elsewhere_is_told_with_its_number_and_no_other_evidence_is() -> None:
    item = remediation()
    evidence = ("the scanner names it", "the same problem is open on 41 other resources")
    text = plain(Report(Verdict.PASS, (item._replace(match=item.match._replace(evidence=evidence)),)))
    assert "(checkov, trivy)\n  The same problem is open on 41 other resources.\n  Keeps the objects." in text
    assert "the scanner names it" not in text
    assert "same problem" not in plain(Report(Verdict.PASS, (item,)))


def test_a_finding_without_a_patch_says_why() -> None:
    item = remediation(no_patch="Which key to use is a choice of the owner.", action=Action.ANNOTATE, blocks=True)
    assert (
        plain(Report(Verdict.BLOCK, (item,)))
        == """\
high  aws_s3_bucket.logs  blocks
  The bucket can be deleted with everything in it
  main.tf:1-3  CKV_AWS_1 (checkov, trivy)
  no patch: Which key to use is a choice of the owner.
  policy: annotate, blocks, by rule "default for high"

block: 1 finding, 0 patches; 1 blocks this change.
  What blocks and has no patch needs a change by hand, or another rule in `.remedy-gate.yml`.
"""
    )


def test_a_withheld_patch_is_not_shown_and_the_failed_check_is() -> None:
    checks = tuple(
        CheckResult(name, Status.FAIL if name is CheckName.INTENT else Status.PASS, "still open to 0.0.0.0/1")
        for name in CheckName
    )
    item = remediation(action=Action.WITHHOLD, proof=Proof(checks))
    text = plain(Report(Verdict.PASS, (item,)), 200)
    assert "  a patch was made and is withheld\n" in text
    assert "force_destroy" not in text
    assert (
        "  refuted: intent failed (still open to 0.0.0.0/1) | passed: applies parses scope schema no_weakening rescan "
        "disruption formatted idempotent\n" in text
    )


def test_unplaced_findings_are_counted_and_the_first_named() -> None:
    items = tuple(
        remediation(
            no_patch="no block fits", state=MatchState.UNMATCHED, action=Action.ANNOTATE, title=f"Finding {number}"
        )
        for number in range(7)
    )
    assert (
        plain(Report(Verdict.PASS, items))
        == """\
Not tied to a block of this code, so no patch: 7 findings
  high Finding 0
  high Finding 1
  high Finding 2
  high Finding 3
  high Finding 4
  ... and 2 more

pass: 7 findings, 0 patches; nothing blocks.
"""
    )


def test_what_was_left_out_and_what_failed_is_said() -> None:
    report = Report(
        Verdict.ERROR,
        (),
        errors=(Problem("scan.json", "not JSON"),),
        notes=(Problem("a.tf", "not UTF-8"),),
        left_out=(("vulnerability", 3), ("secret", 0)),
    )
    assert (
        plain(report)
        == """\
Left out: 3 vulnerability.
note: a.tf: not UTF-8
error: scan.json: not JSON

error: the job could not be done, so this is not a pass. 0 findings, 0 patches.
  Mend the errors named above and run the same command again.
"""
    )


def test_nothing_found_is_one_line() -> None:
    assert plain(Report(Verdict.PASS, ())) == "pass: no open findings in what was looked at.\n"


def test_repaired_files_are_named_with_what_to_do_next() -> None:
    text = plain(Report(Verdict.PASS, (remediation(),), applied=("a.tf", "b.tf")))
    assert "  Repaired: a.tf, b.tf. Look at them with `git diff`, then `git add` them and commit again.\n" in text
    assert "--fix" not in text


def test_an_ignored_finding_is_only_counted() -> None:
    text = plain(Report(Verdict.PASS, (remediation(action=Action.IGNORE),)))
    assert text.startswith("Left out: 1 ignored (default for high).\n")
    assert "bucket" not in text


def test_a_blocking_finding_is_shown_whatever_the_action() -> None:
    text = plain(Report(Verdict.BLOCK, (remediation(action=Action.IGNORE, blocks=True),)))
    assert "high  aws_s3_bucket.logs  blocks\n" in text


def test_the_most_severe_comes_first_and_blocking_before_all() -> None:
    order = [
        remediation(severity=Severity.LOW, blocks=True, title="first"),
        remediation(severity=Severity.CRITICAL, title="second"),
        remediation(severity=Severity.UNKNOWN, title="third"),
        remediation(severity=Severity.MEDIUM, title="fourth"),
    ]
    text = plain(Report(Verdict.BLOCK, tuple(reversed(order))))
    assert re.findall(r"first|second|third|fourth", text) == ["first", "second", "third", "fourth"]


def test_fifty_are_shown_in_full_and_the_rest_counted() -> None:
    text = plain(Report(Verdict.PASS, (remediation(no_patch="by hand"),) * 53))
    assert text.count("no patch: by hand") == 50
    assert "... and 3 more findings: --format json names them all.\n" in text


def test_a_long_diff_is_cut_with_a_count() -> None:
    after = BEFORE + b"".join(b"# %d\n" % number for number in range(40))
    text = plain(Report(Verdict.PASS, (remediation(files=(FilePatch("main.tf", BEFORE, after),)),)))
    assert "    ... 28 more lines\n" in text
    assert "# 39" not in text


def test_colours_are_only_where_asked_for() -> None:
    report = Report(Verdict.PASS, (remediation(),))
    assert "\x1b" not in plain(report)
    assert "\x1b[32m+  force_destroy = false\x1b[0m\n" in render(report, color=True, width=80)
    assert re.sub(r"\x1b\[[0-9;]*m", "", render(report, color=True, width=80)) == plain(report, 80)


HOSTILE = "##[error]\x1b[2J\x1b]0;pwned\x07\x9b1A\u202e\u200b\r\n::error::x"


def hostile(item: Remediation) -> Remediation:
    finding = item.finding._replace(title=HOSTILE, rule_id=HOSTILE, sources=(HOSTILE,))
    assert item.match.resource
    resource = item.match.resource._replace(address=HOSTILE, path=HOSTILE)
    decision = item.decision._replace(rule=HOSTILE)
    return item._replace(finding=finding, match=item.match._replace(resource=resource), decision=decision)


def test_no_text_of_others_reaches_the_terminal_as_a_control() -> None:
    before = BEFORE + HOSTILE.encode()
    files = (FilePatch("main.tf", before, before + b"\x1b[2J"), FilePatch(f"x{HOSTILE}.tf", BEFORE, before))
    items = (
        hostile(remediation(files=files)),
        hostile(remediation(no_patch=HOSTILE)),
        hostile(remediation(files=files, action=Action.WITHHOLD)),
    )
    problems = (Problem(HOSTILE, HOSTILE),)
    report = Report(Verdict.ERROR, items, problems, problems, ((HOSTILE, 1),), (HOSTILE,))
    text = plain(report)
    assert all(char == "\n" or char.isprintable() for char in text)
    assert not re.search(r"^\s*::|##\[", text, re.MULTILINE)


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=300), st.integers(0, 120))
def test_lines_of_words_keep_to_the_width(title: str, width: int) -> None:
    text = plain(Report(Verdict.PASS, (remediation(no_patch="x", title=title),)), width)
    assert all(len(line) <= max(width, 40) or " " not in line.strip() for line in text.splitlines())
