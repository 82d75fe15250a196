"""Marks in changed code that tell scanners to look away: counted or, where policy says so, refused as a problem."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from remedy_gate.domain.decision import Action, Decision
from remedy_gate.domain.finding import Finding, Location
from remedy_gate.domain.match import InCode, Match, MatchState
from remedy_gate.domain.patch import NoPatch
from remedy_gate.domain.remediation import Remediation
from remedy_gate.domain.source import Change, LineRange, Problem, Resource
from remedy_gate.iac.module import Module

from .rules import Policy
from .waivers import Waiver, waiver_for

RULE_ID = "inline-skip"
HINTS = (
    *(b"skip", b"ignore", b"disable", b"suppress", b"exclude", b"allow"),
    *(b"nolint", b"nosec", b"nosem", b"nosonar", b"notrivy", b"nocheckov", b"notfsec"),
)
"""One of these is in every mark: to look at the lines that have one is fifty times quicker than to look at them all."""

_MOST_NAMED = 5
_MOST_SHOWN = 60
_LINES_BEFORE = 3  # a mark in a template's metadata names the tool some lines above what it skips


class InlineSkip(NamedTuple):
    """A mark on a changed line."""

    path: str
    line: int
    mark: str

    @property
    def finding(self) -> Finding:
        """The mark as a problem of its own, which a waiver can accept as any other."""
        title = f"`{self.mark}` tells scanners to look away here, and policy refuses such marks"
        return Finding("remedy-gate", RULE_ID, title, location=Location(self.path, self.line, self.line))


def inline_skips(
    changes: Iterable[Change], sources: Mapping[str, bytes], marks: Callable[[], re.Pattern[bytes]]
) -> tuple[InlineSkip, ...]:
    """Every mark on a line that the change made or altered; `marks` is what they look like, asked for where one may be."""
    return tuple(skip for change in changes for skip in _of_file(change, sources.get(change.path, b""), marks))


def skip_notes(skips: Iterable[InlineSkip]) -> Iterator[Problem]:
    """The marks counted, a note for each file."""
    by_path: dict[str, list[InlineSkip]] = {}
    for skip in skips:
        by_path.setdefault(skip.path, []).append(skip)
    for path, found in by_path.items():
        named = ", ".join(f"line {skip.line} ({skip.mark})" for skip in found[:_MOST_NAMED])
        more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
        count = "1 mark tells" if len(found) == 1 else f"{len(found)} marks tell"
        yield Problem(path, f"{count} scanners to look away, on changed lines: {named}{more}")


def refusal(skip: InlineSkip, module: Module | None, policy: Policy, waivers: tuple[Waiver, ...]) -> Remediation:
    """The mark as a problem that blocks, at the block that it stands in, unless a waiver accepts it."""
    at = LineRange(skip.line, skip.line)
    blocks = module.blocks.values() if module is not None else ()
    block = next((one for one in blocks if one.path == skip.path and one.lines.overlaps(at)), None)
    match = Match(MatchState.UNMATCHED, evidence=("the mark stands outside of every block",))
    if block is not None:
        resource = Resource(block.address, block.type, block.path, block.lines)
        match = Match(MatchState.MATCHED, resource, 1.0, (f"the mark stands on line {skip.line}",), InCode.OPEN)
    waiver = waiver_for(skip.finding, match, waivers)
    decision = Decision(Action.ANNOTATE, True, f"{policy.origin}: inline_skips: refuse")
    if waiver is not None:
        decision = Decision(Action.IGNORE, False, waiver.words)
    reason = NoPatch("remove the mark, or ask for a waiver with `remedy-gate waive`: that has an owner and an end")
    return Remediation(skip.finding, match, reason, None, decision)


def _of_file(change: Change, text: bytes, marks: Callable[[], re.Pattern[bytes]]) -> Iterator[InlineSkip]:
    lower, seen = text.lower(), 0
    for end in sorted({_line_end(text, at) for hint in HINTS for at in _places(lower, hint)}):
        start = end
        for _ in range(_LINES_BEFORE + 1):
            start = text.rfind(b"\n", 0, max(start, 0))
        for found in marks().finditer(text, max(start + 1, seen), end):
            seen = found.end()
            first = text.count(b"\n", 0, found.start()) + 1
            last = first + text.count(b"\n", found.start(), found.end())
            if change.touches(LineRange(first, last)):
                shown = " ".join(found.group().decode("utf-8", "replace").split())
                yield InlineSkip(change.path, first, shown[:_MOST_SHOWN])


def _places(text: bytes, hint: bytes) -> Iterator[int]:
    at = text.find(hint)
    while at >= 0:
        yield at
        at = text.find(hint, at + 1)


def _line_end(text: bytes, at: int) -> int:
    end = text.find(b"\n", at)
    return len(text) if end < 0 else end
