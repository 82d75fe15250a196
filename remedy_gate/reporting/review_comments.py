"""The comments of a review as GitHub takes them, and what becomes of a placement that GitHub refused. Pure."""

from __future__ import annotations

from typing import NamedTuple, assert_never

from .comment import Environments, file_comment, note_comment, nowhere, suggestion_comments
from .marker import Marker
from .placement import InSummary, Noted, OnFile, Placement, Suggested


class Inline(NamedTuple):
    """A comment of the review, as GitHub takes it."""

    marker: Marker
    fields: dict[str, object]


class Shown(NamedTuple):
    """A patch that a pull request shows, and the fingerprints of all the comments that show it."""

    placed: Suggested | OnFile
    marks: tuple[str, ...]


def inline_comments(placed: tuple[Placement, ...], head: str, environments: Environments = nowhere) -> list[Inline]:
    """Every comment at lines of the diff: suggestions, and notes on what has no patch."""
    found: list[Inline] = []
    for one in placed:
        if isinstance(one, Suggested):
            for place, marker, body in suggestion_comments(one, head, environments):
                fields: dict[str, object] = {"path": place.path, "body": body, "line": place.last_line, "side": "RIGHT"}
                if place.first_line < place.last_line:  # GitHub refuses a range of one line
                    fields.update(start_line=place.first_line, start_side="RIGHT")
                found.append(Inline(marker, fields))
        elif isinstance(one, Noted):
            marker, body = note_comment(one, head, environments)
            found.append(Inline(marker, {"path": one.path, "body": body, "line": one.line, "side": "RIGHT"}))
    return found


def bodies_of(placed: tuple[Placement, ...], head: str, environments: Environments = nowhere) -> dict[str, str]:
    """What every comment should say now, by the fingerprint of its mark."""
    found = {one.marker.fingerprint: str(one.fields["body"]) for one in inline_comments(placed, head, environments)}
    for one in placed:
        if isinstance(one, OnFile):
            marker, body = file_comment(one, head, environments)
            found[marker.fingerprint] = body
    return found


def shown_of(placed: tuple[Placement, ...], there: set[str], head: str) -> tuple[Shown, ...]:
    """The patches of which every comment is among those that are there."""
    found = (Shown(one, tuple(bodies_of((one,), head))) for one in placed if isinstance(one, Suggested | OnFile))
    return tuple(one for one in found if there.issuperset(one.marks))


def moved(placed: tuple[Placement, ...], index: int, message: str) -> tuple[Placement, ...]:
    """The placements with one of them told in the summary instead."""
    told = summarised(placed[index], f"GitHub refused a comment on the file ({message})")
    return (*placed[:index], *told, *placed[index + 1 :])


def summarised(one: Placement, reason: str) -> tuple[Placement, ...]:
    """The placement told in the summary instead, and why."""
    match one:
        case Suggested():
            return tuple(InSummary(item, reason) for item in one.items)
        case Noted():
            return (InSummary(one.item, reason),)
        case OnFile():
            return (InSummary(one.item, f"{one.reason}; {reason}"),)
        case InSummary():
            return (one,)
    assert_never(one)
