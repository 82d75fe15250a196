"""From a patch to the suggestions of a pull request, where its diff has room for all of it. Pure.

A suggestion replaces exactly its lines. So the suggestions of a patch, accepted together, give exactly the proven
files, byte for byte; where that cannot be had, there is none, and the reason is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from remedy_gate.domain.patch import FilePatch, Patch
from remedy_gate.domain.source import LineRange

from .edits import LineEdit, edited, line_edits, lines_of
from .untrusted import is_plain_code

LONGEST = 20_000  # characters: with the words around it a comment stays below 65,536
NEAR = 4  # unchanged lines between two edits that still make one suggestion: reviewers read them as one


class Suggestion(NamedTuple):
    r"""Lines of a file of the pull request's head and what to put in their place (text without the last `\n`).

    `part` of `parts`: a patch whose edits lie apart comes as several suggestions, repaired only once all are accepted.
    """

    path: str
    first_line: int
    last_line: int
    text: str
    part: int = 1
    parts: int = 1


class Elsewhere(NamedTuple):
    """The patch cannot be a suggestion, and this is why, as the end of a sentence."""

    reason: str


def suggestions(patch: Patch, shown: Mapping[str, tuple[LineRange, ...]]) -> tuple[Suggestion, ...] | Elsewhere:
    """The suggestions that make up the whole patch. `shown`: by path, the lines of the head that each hunk shows."""
    found: list[tuple[str, LineEdit]] = []
    for file in patch.files:
        edits = _placed(file, shown.get(file.path, ()))
        if isinstance(edits, Elsewhere):
            return edits
        found += ((file.path, edit) for edit in edits)
    if not found:
        return Elsewhere("it changes nothing")
    if any(sum(map(len, edit.new)) > LONGEST for _, edit in found):
        return Elsewhere("it is too long for a suggestion")
    return tuple(
        Suggestion(path, edit.start + 1, edit.end, "".join(edit.new).removesuffix("\n"), part, len(found))
        for part, (path, edit) in enumerate(found, 1)
    )


def _placed(file: FilePatch, shown: tuple[LineRange, ...]) -> tuple[LineEdit, ...] | Elsewhere:
    before, edits = lines_of(file.before), line_edits(file)
    unfit = _unfit(file, edits)
    if unfit:
        return Elsewhere(f"{file.path} cannot be edited by a suggestion: {unfit}")
    groups: list[_Group] = []
    for edit in edits:
        group = _grouped(groups, edit, before, shown)
        if group is None:
            return Elsewhere(f"it changes lines of {file.path} that are not in this pull request's diff")
        groups.append(group)
    placed = tuple(group.widened for group in groups)
    if any(_is_blank(edit) for edit in placed) or edited(before, placed) != file.after:
        return Elsewhere(f"a suggestion for {file.path} would not give exactly the proven file")
    return placed


def _unfit(file: FilePatch, edits: tuple[LineEdit, ...]) -> str:
    """What GitHub has been seen to change when it applies a suggestion, or what a reviewer could not see."""
    for content in (file.before, file.after):
        if b"\r" in content:
            return "its lines do not all end in a plain newline (where policy says `apply`, it is committed)"
        if content and not content.endswith(b"\n"):
            return "it does not end in a newline"
        try:
            content.decode()
        except UnicodeDecodeError:
            return "it is not UTF-8"
    if not file.before or not file.after:
        return "it makes or empties a whole file"
    if not all(is_plain_code(line.removesuffix("\n")) for edit in edits for line in edit.new):
        return "it adds characters that do not show"
    return ""


class _Group(NamedTuple):
    """Edits that make one suggestion: as they are, and widened to what GitHub can carry."""

    edit: LineEdit
    widened: LineEdit
    hunk: LineRange


def _grouped(
    groups: list[_Group], edit: LineEdit, before: tuple[str, ...], shown: tuple[LineRange, ...]
) -> _Group | None:
    """The edit as a group of its own or, where it lies near the last group, that group with it, taken off `groups`."""
    hunk = _hunk_of(edit, shown)
    if hunk is None:
        return None
    group = _Group(edit, _widened(edit, before, hunk), hunk)
    if groups and _is_near(groups[-1], group):
        return _grouped(groups, _joined(groups.pop().edit, edit, before), before, shown)
    return group


def _is_near(one: _Group, other: _Group) -> bool:
    same_hunk = one.hunk == other.hunk
    return other.widened.start < one.widened.end or (same_hunk and other.edit.start - one.edit.end < NEAR)


def _hunk_of(edit: LineEdit, shown: tuple[LineRange, ...]) -> LineRange | None:
    """The hunk that shows every line of the edit; for an insertion, a line next to it."""
    for hunk in shown:
        first, last = hunk.first - 1, hunk.last
        if edit.start < edit.end and first <= edit.start and edit.end <= last:
            return hunk
        if edit.start == edit.end and first <= edit.start <= last:
            return hunk
    return None


def _widened(edit: LineEdit, before: tuple[str, ...], hunk: LineRange) -> LineEdit:
    """The edit with a neighbouring line repeated, so that it covers a line and begins and ends with text.

    A blank line at either end of a suggestion, and an empty suggestion, are not known to survive GitHub's apply.
    """
    first, last = hunk.first - 1, min(hunk.last, len(before))
    while (edit.start == edit.end or not edit.new or not edit.new[0].strip()) and edit.start > first:
        edit = LineEdit(edit.start - 1, edit.end, (before[edit.start - 1], *edit.new))
    while (edit.start == edit.end or not edit.new or not edit.new[-1].strip()) and edit.end < last:
        edit = LineEdit(edit.start, edit.end + 1, (*edit.new, before[edit.end]))
    return edit


def _joined(one: LineEdit, other: LineEdit, before: tuple[str, ...]) -> LineEdit:
    return LineEdit(one.start, other.end, (*one.new, *before[one.end : other.start], *other.new))


def _is_blank(edit: LineEdit) -> bool:
    return edit.start == edit.end or not any(line.strip() for line in edit.new)
