"""What a check run says of a report: its conclusion, a summary, and annotations at the lines of the head. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import NamedTuple, TypeAlias, assert_never

from remedy_gate.domain.remediation import Remediation, Report, Verdict

from .annotations import heading, message
from .markdown import COMMENT, render
from .ordering import grouped
from .untrusted import one_line
from .wording import counted, verdict_words

MOST_ANNOTATED = 500  # ten requests; what is more is in the summary and in the report
_TITLE = 250
_ROOM = 400  # bytes of the summary kept for what has no line

Place: TypeAlias = tuple[str, int, int]
Located: TypeAlias = Callable[[Remediation], Place | None]
"""Path, first and last line of what a remediation is about, in the commit that is told; None where it has none there."""


class Annotation(NamedTuple):
    """A few words at lines of a file. `level` is `failure` for what blocks, else `warning`."""

    path: str
    first_line: int
    last_line: int
    level: str
    title: str
    message: str

    @property
    def fields(self) -> dict[str, object]:
        """As GitHub's API takes it."""
        return {
            "path": self.path,
            "start_line": self.first_line,
            "end_line": self.last_line,
            "annotation_level": self.level,
            "title": self.title,
            "message": self.message,
        }


class CheckRun(NamedTuple):
    """One check run. Its annotations are the most severe first, each once."""

    conclusion: str
    title: str
    summary: str
    annotations: tuple[Annotation, ...]

    @property
    def digest(self) -> str:
        """The same for two check runs that say the same."""
        lines = (str(value) for one in self.annotations for value in one)
        return sha256("\0".join((self.conclusion, self.title, self.summary, *lines)).encode()).hexdigest()

    def output(self, annotations: Iterable[Annotation]) -> Mapping[str, object]:
        """What GitHub shows, with some of the annotations: it adds them to those that are there."""
        return {"title": self.title, "summary": self.summary, "annotations": [one.fields for one in annotations]}


def check_run(report: Report, at: Located, on_error: str, *, is_foreign: bool = False) -> CheckRun:
    """The check run of a report. `is_foreign`: made by a run that anyone could have written, whose pass is no success.

    `on_error` is the conclusion where the job could not be done.
    """
    groups = grouped(report)
    told = [item for item in groups.in_full if item.decision.blocks]
    told += [item for item in (*groups.in_code, *groups.unplaced) if item.decision.blocks]
    told += [item for item in groups.in_full if not item.decision.blocks]
    placed = [(item, at(item)) for item in told[:MOST_ANNOTATED]]
    annotations = dict.fromkeys(_annotation(item, place) for item, place in placed if place is not None)
    left = len(told) - sum(place is not None for _, place in placed)
    summary = render(report, budget=COMMENT - _ROOM)
    if left:
        summary += f"\n{counted(left, 'finding')} without an annotation: no line in this commit, or one too many.\n"
    return CheckRun(
        _conclusion(report.verdict, on_error, is_foreign=is_foreign),
        one_line(verdict_words(report), _TITLE),
        summary,
        tuple(annotations),
    )


def _annotation(item: Remediation, place: Place) -> Annotation:
    path, first, last = place
    level = "failure" if item.decision.blocks else "warning"
    return Annotation(path, first, max(first, last), level, one_line(heading(item), _TITLE), message(item))


def _conclusion(verdict: Verdict, on_error: str, *, is_foreign: bool) -> str:
    match verdict:
        case Verdict.BLOCK:
            return "failure"
        case Verdict.PASS:
            return "neutral" if is_foreign else "success"
        case Verdict.ERROR:
            return on_error
    assert_never(verdict)
