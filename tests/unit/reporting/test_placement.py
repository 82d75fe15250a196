from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from reporting_samples import AFTER, BEFORE, PROOF, remediation

from remedy_gate.domain.decision import Action
from remedy_gate.domain.finding import Severity
from remedy_gate.domain.match import MatchState
from remedy_gate.domain.patch import FilePatch, Origin, OriginKind, Patch
from remedy_gate.domain.proof import CheckName, CheckResult, Proof, Status
from remedy_gate.domain.remediation import Remediation, Report, Verdict
from remedy_gate.domain.source import ALL_LINES, LineRange
from remedy_gate.reporting.combining import Clash, combined
from remedy_gate.reporting.placement import (
    InSummary,
    Joint,
    Noted,
    OnFile,
    Placement,
    Suggested,
    placements,
)
from remedy_gate.reporting.suggestion import Suggestion

OPEN = {"main.tf": (ALL_LINES,)}
TWENTY = b"".join(b"line %d\n" % number for number in range(1, 21))


def report(*items: Remediation) -> Report:
    return Report(Verdict.BLOCK, items)


def edit(line: int, text: str = "changed", *, severity: Severity = Severity.HIGH, rule_id: str = "R") -> Remediation:
    lines = TWENTY.decode().split("\n")
    lines[line - 1] = text
    return remediation(
        files=(FilePatch("main.tf", TWENTY, "\n".join(lines).encode()),), severity=severity, rule_id=rule_id
    )


def remedied(placed: Placement) -> tuple[Remediation, ...]:
    return placed.items if isinstance(placed, Suggested) else (placed.item,)


def test_a_patch_within_the_diff_is_a_suggestion() -> None:
    [placed] = placements(report(remediation()), OPEN)
    assert isinstance(placed, Suggested)
    assert placed.suggestions == (Suggestion("main.tf", 2, 2, '  bucket = "logs"\n\n  force_destroy = false'),)


def test_a_patch_outside_the_hunks_of_a_file_in_the_diff_is_a_comment_on_the_file() -> None:
    item = remediation()
    assert placements(report(item), {"main.tf": (LineRange(9, 9),)}) == (
        OnFile(item, "main.tf", "it changes lines of main.tf that are not in this pull request's diff"),
    )


def test_a_patch_of_a_file_that_is_not_in_the_diff_is_in_the_summary() -> None:
    item = remediation()
    assert placements(report(item), {"other.tf": (ALL_LINES,)}) == (
        InSummary(item, "it changes lines of main.tf that are not in this pull request's diff"),
    )


def test_a_patch_that_nobody_proved_is_never_shown_at_the_code() -> None:
    refuted = Proof(tuple(CheckResult(name, Status.FAIL, "x") for name in CheckName))
    items = remediation(proof=None), remediation(proof=refuted)
    assert placements(report(*items), OPEN) == tuple(InSummary(item, "its patch is not proven") for item in items)


def test_a_withheld_patch_and_an_unplaced_finding_are_in_the_summary() -> None:
    withheld = remediation(action=Action.WITHHOLD)
    unmatched = remediation(no_patch="x", state=MatchState.UNMATCHED)
    assert placements(report(withheld, unmatched), OPEN) == (InSummary(withheld, ""), InSummary(unmatched, ""))


def test_a_finding_without_a_patch_is_noted_at_the_first_line_of_its_block_that_the_diff_shows() -> None:
    item = remediation(no_patch="by hand", action=Action.ANNOTATE)
    assert placements(report(item), {"main.tf": (LineRange(2, 9),)}) == (Noted(item, "main.tf", 2),)
    assert placements(report(item), OPEN) == (Noted(item, "main.tf", 1),)
    assert placements(report(item), {"main.tf": (LineRange(4, 9),)}) == (InSummary(item, ""),)


def test_two_findings_with_the_same_patch_are_one_suggestion() -> None:
    one, other = remediation(rule_id="A"), remediation(rule_id="B")
    [placed] = placements(report(one, other), OPEN)
    assert isinstance(placed, Suggested)
    assert placed.items == (one, other)


def test_two_patches_of_the_same_line_are_a_suggestion_and_a_comment_on_the_file() -> None:
    severe, mild = edit(3, "one", severity=Severity.CRITICAL), edit(3, "two")
    first, second = placements(report(mild, severe), OPEN)
    assert isinstance(first, Suggested)
    assert first.items == (severe,)
    assert second == OnFile(
        mild,
        "main.tf",
        "a suggestion for another finding changes the same lines; once it is accepted, this one is made anew",
    )


def test_two_patches_apart_are_two_suggestions() -> None:
    assert [type(placed) for placed in placements(report(edit(3), edit(9)), OPEN)] == [Suggested, Suggested]


def insertion(text: bytes, rule_id: str) -> Remediation:
    return remediation(files=(FilePatch("main.tf", BEFORE, BEFORE.replace(b"}", text + b"}")),), rule_id=rule_id)


def together(items: tuple[Remediation, ...]) -> Joint | None:
    files = combined(item.patch for item in items if item.patch)
    return None if isinstance(files, Clash) else Joint(Patch(Origin(OriginKind.CATALOGUE, "both", "1"), files), PROOF)


def test_two_patches_at_one_place_are_one_suggestion_where_they_are_proven_together() -> None:
    items = insertion(b"  a = 1\n", "A"), insertion(b"  b = 2\n", "B")
    [placed] = placements(report(*items), OPEN, together)
    assert isinstance(placed, Suggested)
    assert placed.items == items
    assert placed.suggestions == (Suggestion("main.tf", 2, 2, '  bucket = "logs"\n  a = 1\n  b = 2'),)


def test_two_patches_at_one_place_are_not_merged_where_nobody_proves_them_together() -> None:
    items = insertion(b"  a = 1\n", "A"), insertion(b"  b = 2\n", "B")
    assert [type(placed) for placed in placements(report(*items), OPEN)] == [Suggested, OnFile]
    unproven = Proof(tuple(CheckResult(name, Status.NOT_RUN, "x") for name in CheckName))
    for joint in (None, Joint(together(items).patch, unproven)):  # type: ignore[union-attr]
        placed = placements(report(*items), OPEN, lambda _, joint=joint: joint)  # type: ignore[misc]
        assert [type(one) for one in placed] == [Suggested, OnFile]


def test_a_suggestion_takes_twenty_patches_at_most_and_asks_for_no_proof_of_more() -> None:
    """Each is proven again together with those before it: a report with thousands of one line would never end."""
    asked: list[int] = []

    def counting(items: tuple[Remediation, ...]) -> Joint | None:
        asked.append(len(items))
        return together(items)

    inserted = (TWENTY.replace(b"line 5\n", b"line 5\nnew %d\n" % number) for number in range(60))
    items = [remediation(files=(FilePatch("main.tf", TWENTY, it),), rule_id=f"R{at}") for at, it in enumerate(inserted)]
    first, *others = placements(report(*items), OPEN, counting)
    assert isinstance(first, Suggested)
    assert len(first.items) == 20
    assert asked == list(range(2, 21))
    assert sum(len(remedied(one)) for one in others) == 40


def test_there_are_thirty_comments_at_most_the_most_severe_first() -> None:
    severities = [Severity.CRITICAL] * 5 + [Severity.LOW] * 40
    items = [
        remediation(files=(FilePatch(f"f{number}.tf", BEFORE, AFTER),), severity=severity)
        for number, severity in enumerate(severities)
    ]
    placed = placements(report(*reversed(items)), {f"f{number}.tf": (ALL_LINES,) for number in range(45)})
    suggested = [one for one in placed if isinstance(one, Suggested)]
    assert len(suggested) == 30
    assert [one.items[0].finding.severity for one in suggested[:6]] == [Severity.CRITICAL] * 5 + [Severity.LOW]
    assert placed[-1] == InSummary(placed[-1].item, "there are 30 comments already")  # type: ignore[union-attr]


def test_there_are_ten_notes_without_a_patch_at_most() -> None:
    items = [remediation(no_patch="by hand", rule_id=f"R{number}") for number in range(12)]
    assert [type(one) for one in placements(report(*items), OPEN)] == [Noted] * 10 + [InSummary] * 2


def test_there_are_ten_comments_on_files_at_most() -> None:
    items = [remediation(files=(FilePatch(f"f{number}.tf", BEFORE, AFTER),)) for number in range(12)]
    placed = placements(report(*items), {f"f{number}.tf": () for number in range(12)})
    assert [type(one) for one in placed] == [OnFile] * 10 + [InSummary] * 2


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            lambda line, severity, action, has_patch: (
                edit(line, severity=severity)._replace(decision=remediation(action=action).decision)
                if has_patch
                else remediation(no_patch="x", severity=severity, action=action)
            ),
            st.integers(1, 20),
            st.sampled_from(Severity),
            st.sampled_from(Action),
            st.booleans(),
        ),
        max_size=45,
    ),
    st.lists(st.builds(LineRange, st.integers(1, 8), st.integers(9, 20)), max_size=1),
)
def test_every_remediation_is_placed_once_and_no_two_suggestions_touch(
    items: list[Remediation], hunks: list[LineRange]
) -> None:
    whole = report(*items)
    placed = placements(whole, {"main.tf": tuple(hunks)})
    assert sorted(map(repr, items)) == sorted(repr(item) for one in placed for item in remedied(one))
    taken = [
        line
        for one in placed
        if isinstance(one, Suggested)
        for part in one.suggestions
        for line in range(part.first_line, part.last_line + 1)
    ]
    assert len(taken) == len(set(taken))
    assert whole == report(*items)
