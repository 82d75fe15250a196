"""Where each remediation is told in a pull request: suggestion, else comment on the file, else summary. Pure.

Placement never decides anything: every remediation is placed exactly once, and the verdict is none of its business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from remedy_gate.domain.patch import Patch
from remedy_gate.domain.proof import Outcome, Proof
from remedy_gate.domain.remediation import Remediation, Report
from remedy_gate.domain.source import LineRange

from .ordering import grouped, order, place
from .suggestion import Elsewhere, Suggestion, suggestions

MOST_INLINE = 30
MOST_ON_FILES = 10
MOST_TOGETHER = 20  # patches in one suggestion: each is proven again with all that came before it
MOST_NOTED = 10  # of the inline ones: a comment without a patch is soon one too many

Shown: TypeAlias = Mapping[str, tuple[LineRange, ...]]
"""The files of a pull request that its head has, and the lines of the head that each hunk of the diff shows."""


class Joint(NamedTuple):
    """One patch that does what the patches of several remediations do, with the proof of it for the first of them."""

    patch: Patch
    proof: Proof


Together: TypeAlias = Callable[[tuple[Remediation, ...]], Joint | None]
"""The patch of all these together, proven for each; None where there is none, or nobody to prove it."""


class Suggested(NamedTuple):
    """A patch as suggestions. It repairs every one of `items`, the most severe first."""

    items: tuple[Remediation, ...]
    patch: Patch
    proof: Proof
    suggestions: tuple[Suggestion, ...]


class Noted(NamedTuple):
    """A finding without a patch to show, named at a line of its block that the diff shows."""

    item: Remediation
    path: str
    line: int


class OnFile(NamedTuple):
    """A patch that cannot be a suggestion, shown as a diff in a comment on the file. `reason` ends a sentence."""

    item: Remediation
    path: str
    reason: str


class InSummary(NamedTuple):
    """Told in the body of the review alone. `reason` says why not nearer to the code; empty where it needs no word."""

    item: Remediation
    reason: str


Placement: TypeAlias = Suggested | Noted | OnFile | InSummary


def alone(_: tuple[Remediation, ...]) -> Joint | None:
    """Nobody is there to prove patches together: what touches the lines of another is told on the file."""
    return None


def placements(report: Report, shown: Shown, together: Together = alone) -> tuple[Placement, ...]:
    """Every remediation of the report, placed, most severe first, within the limits of a review.

    Patches that would touch the same lines become one suggestion where `together` gives one patch for all of them;
    otherwise the most severe has the suggestion, and the others are shown on the file.
    """
    groups = grouped(report)
    board = _Board(shown, together)
    for item in sorted((*groups.offered, *groups.without_patch), key=order):
        if report.landing(item) is None:
            board.add(item)
        else:
            board.placed.append(InSummary(item, ""))  # what is committed already is no suggestion
    board.placed += [InSummary(item, "") for item in (*groups.withheld, *groups.in_code, *groups.unplaced)]
    board.placed += [InSummary(item, "") for item in groups.ignored]
    return tuple(board.placed)


class _Board:
    """What is placed so far."""

    __slots__ = ("placed", "shown", "together")

    def __init__(self, shown: Shown, together: Together) -> None:
        self.shown = shown
        self.together = together
        self.placed: list[Placement] = []

    def add(self, item: Remediation) -> None:
        patch = item.patch
        if patch is None:
            self.placed.append(self._noted(item))
            return
        if item.proof is None or item.proof.outcome is Outcome.REFUTED:
            self.placed.append(InSummary(item, "its patch is not proven"))
            return
        found = suggestions(patch, self.shown)
        if isinstance(found, Elsewhere):
            self.placed.append(self._on_file(item, patch, found.reason))
            return
        self._suggest(Suggested((item,), patch, item.proof, found))

    def _suggest(self, new: Suggested) -> None:
        touching = [index for index, old in enumerate(self.placed) if isinstance(old, Suggested) and _touch(old, new)]
        if not touching:
            fits = self._inline() + len(new.suggestions) <= MOST_INLINE
            self.placed.append(new if fits else InSummary(new.items[0], f"there are {MOST_INLINE} comments already"))
            return
        old = self.placed[touching[0]]
        joined = self._joined(old, new) if len(touching) == 1 and isinstance(old, Suggested) else None
        if joined is None:
            reason = (
                "a suggestion for another finding changes the same lines; once it is accepted, this one is made anew"
            )
            self.placed.append(self._on_file(new.items[0], new.patch, reason))
        else:
            self.placed[touching[0]] = joined

    def _joined(self, old: Suggested, new: Suggested) -> Suggested | None:
        items = (*old.items, *new.items)
        if old.suggestions == new.suggestions:
            return old._replace(items=items)
        joint = self.together(items) if len(items) <= MOST_TOGETHER else None
        if joint is None or joint.proof.outcome is not Outcome.PROVEN:
            return None
        found = suggestions(joint.patch, self.shown)
        if isinstance(found, Elsewhere):
            return None
        joined = Suggested(items, *joint, found)
        others = (one for one in self.placed if isinstance(one, Suggested) and one is not old)
        grown = self._inline() - len(old.suggestions) + len(found)
        return None if grown > MOST_INLINE or any(_touch(one, joined) for one in others) else joined

    def _noted(self, item: Remediation) -> Placement:
        path, first, last = place(item)
        has_room = self._inline() < MOST_INLINE and self._count(Noted) < MOST_NOTED
        for hunk in self.shown.get(path, ()) if has_room else ():
            if first and hunk.overlaps(LineRange(first, last)):
                return Noted(item, path, max(first, hunk.first))
        return InSummary(item, "")

    def _on_file(self, item: Remediation, patch: Patch, reason: str) -> Placement:
        paths = [file.path for file in patch.files if file.path in self.shown]
        if not paths:
            return InSummary(item, reason)
        if self._count(OnFile) >= MOST_ON_FILES:
            return InSummary(item, f"{reason}, and there are {MOST_ON_FILES} comments on files already")
        return OnFile(item, paths[0], reason)

    def _inline(self) -> int:
        return sum(len(one.suggestions) for one in self.placed if isinstance(one, Suggested)) + self._count(Noted)

    def _count(self, kind: type[Placement]) -> int:
        return sum(isinstance(one, kind) for one in self.placed)


def _touch(one: Suggested, other: Suggested) -> bool:
    return any(
        mine.path == theirs.path and mine.first_line <= theirs.last_line and theirs.first_line <= mine.last_line
        for mine in one.suggestions
        for theirs in other.suggestions
    )
