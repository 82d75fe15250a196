"""What a developer reads at `git commit`: what is wrong, the repair, how far it is proven, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator

from remedy_gate.domain.finding import Severity
from remedy_gate.domain.match import MatchState
from remedy_gate.domain.patch import NoPatch, Patch
from remedy_gate.domain.remediation import Remediation, Report

from .excerpt import excerpt
from .ordering import address, grouped, place
from .untrusted import code_line, log_line, one_line
from .wording import (
    cost_words,
    counted,
    decision_words,
    left_out_words,
    next_steps,
    origin_words,
    proof_words,
    recurrence_words,
    sources_words,
    verdict_words,
)

MOST_IN_FULL = 50  # more is a file for a machine, not a screen for a person
MOST_NAMED = 5
DIFF_LINES = 16
_COLORS = {"-": "31", "+": "32", "@": "36"}
_SEVERITY_COLORS = {
    Severity.CRITICAL: "1;31",
    Severity.HIGH: "31",
    Severity.UNKNOWN: "35",
    Severity.MEDIUM: "33",
    Severity.LOW: "36",
    Severity.INFO: "2",
}
_VERDICT_COLORS = {"pass": "1;32", "block": "1;31", "error": "1;31"}
_NARROWEST = 40


def render(report: Report, *, color: bool, width: int) -> str:
    """The report as lines of at most `width` characters (code lines are cut), ended by a newline.

    Everything that comes from findings or code is stripped of controls first: a title cannot move the cursor.
    """
    page = _Page(color=color, width=max(width, _NARROWEST))
    return "".join(f"{log_line(line)}\n" for line in page.lines(report))


class _Page:
    """One rendering: whether colours are on, and how wide it is."""

    __slots__ = ("color", "width")

    def __init__(self, *, color: bool, width: int) -> None:
        self.color = color
        self.width = width

    def lines(self, report: Report) -> Iterator[str]:
        groups = grouped(report)
        for item in groups.in_full[:MOST_IN_FULL]:
            yield from self._remediation(item)
        more = len(groups.in_full) - MOST_IN_FULL
        if more > 0:
            yield from self._text(f"... and {counted(more, 'more finding')}: --format json names them all.")
            yield ""
        yield from self._named("Right in the code already; a deployment is pending or has drifted", groups.in_code)
        yield from self._named("Not tied to a block of this code, so no patch", groups.unplaced)
        yield from self._aside(report, groups.ignored)
        yield from self._text(verdict_words(report), color=_VERDICT_COLORS[report.verdict])
        for step in next_steps(report):
            yield from self._text(step, indent="  ")

    def _remediation(self, item: Remediation) -> Iterator[str]:
        severity = item.finding.severity
        title = one_line(item.finding.title, 300) or one_line(item.finding.rule_id, 100)
        mark = self._paint(str(severity), _SEVERITY_COLORS[severity])
        blocks = self._paint("  blocks", "1;31") if item.decision.blocks else ""
        yield f"{mark}  {self._paint(one_line(address(item), 160) or 'no resource named', '1')}{blocks}"
        yield from self._text(title, indent="  ")
        yield from self._text(f"{_where(item)}  {sources_words(item)}", indent="  ", color="2")
        yield from self._text(recurrence_words(item), indent="  ", color="33")
        match item.remedy:
            case Patch() as patch:
                yield from self._patch(item, patch)
            case NoPatch(reason=reason):
                yield from self._text(f"no patch: {one_line(reason, 400)}", indent="  ")
        if item.proof is not None:
            yield from self._text(proof_words(item.proof), indent="  ")
        yield from self._text(decision_words(item), indent="  ", color="2")
        yield ""

    def _patch(self, item: Remediation, patch: Patch) -> Iterator[str]:
        offered = item.decision.action in ("suggest", "apply")
        if patch.rationale:
            yield from self._text(one_line(patch.rationale, 400), indent="  ")
        if not offered:
            yield from self._text("a patch was made and is withheld", indent="  ")
            return
        lines = excerpt(patch)
        for line in lines[:DIFF_LINES]:
            text = code_line(line).expandtabs(4)
            text = text if len(text) <= self.width - 4 else text[: self.width - 5] + "…"
            yield "    " + self._paint(text, _COLORS.get(line[:1], ""))
        if len(lines) > DIFF_LINES:
            yield f"    ... {counted(len(lines) - DIFF_LINES, 'more line')}"
        cost = cost_words(patch)
        yield from self._text(f"{origin_words(patch.origin)}{cost and '; '}{cost}", indent="  ", color="2")

    def _named(self, heading: str, items: tuple[Remediation, ...]) -> Iterator[str]:
        if not items:
            return
        yield from self._text(f"{heading}: {counted(len(items), 'finding')}")
        for item in items[:MOST_NAMED]:
            words = f"{item.finding.severity} {one_line(item.finding.title, 120)}"
            about = one_line(address(item), 120)
            about += " (several blocks fit)" if item.match.state is MatchState.AMBIGUOUS else ""
            blocks = " (blocks)" if item.decision.blocks else ""
            yield from self._text(f"{words}{': ' if about else ''}{about}{blocks}", indent="  ", color="2")
        if len(items) > MOST_NAMED:
            yield f"  ... and {len(items) - MOST_NAMED} more"
        yield ""

    def _aside(self, report: Report, ignored: tuple[Remediation, ...]) -> Iterator[str]:
        left_out = left_out_words(report, ignored)
        if left_out:
            yield from self._text(f"Left out: {'; '.join(left_out)}.")
        for word, problems in (("note", report.notes), ("error", report.errors)):
            for problem in problems[:MOST_IN_FULL]:
                text = f"{word}: {one_line(problem.where, 200)}: {one_line(problem.message, 400)}"
                yield from self._text(text, color="33" if word == "note" else "31")
            if len(problems) > MOST_IN_FULL:
                yield f"... and {counted(len(problems) - MOST_IN_FULL, f'more {word}')}"
        if left_out or report.notes or report.errors:
            yield ""

    def _text(self, text: str, *, indent: str = "", color: str = "") -> Iterator[str]:
        for line in _wrapped(text, self.width - len(indent)):
            yield indent + self._paint(line, color)

    def _paint(self, text: str, color: str) -> str:
        return f"\x1b[{color}m{text}\x1b[0m" if self.color and color and text else text


def _wrapped(text: str, width: int) -> Iterator[str]:
    # textwrap would cost 4 ms of import and knows more than is needed here.
    line = ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    if line:
        yield line


def _where(item: Remediation) -> str:
    path, first, last = place(item)
    if not path:
        return "nowhere in this code"
    lines = f":{first}" if first and last <= first else f":{first}-{last}" if first else ""
    return one_line(path, 200) + lines
