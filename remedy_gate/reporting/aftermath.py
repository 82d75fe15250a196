"""What became of a patch in a later version of the file: its lines are there, or the old ones, or others. Pure.

Whether a region is there is a comparison of bytes. Where it would be is found by what stayed the same around it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from remedy_gate.domain.patch import FilePatch

from .edits import LineEdit, line_edits, lines_of

MOST_LINES = 20_000
_DISTINCT = 3  # lines that are not blank: so many are the same lines wherever they stand


class Fate(StrEnum):
    """What a later version has where a patch would change it."""

    TAKEN = "taken"  # exactly the proposed lines
    AS_BEFORE = "as before"  # exactly the lines that were there; for new lines, nothing between the same neighbours
    OTHER = "other"  # neither, but something in its place; for new lines, some of them
    GONE = "gone"  # nothing of it, and the place is not as it was


class Block(NamedTuple):
    """`size` lines that are the same from line `mine` of one version and line `theirs` of the other."""

    mine: int
    theirs: int
    size: int


Lines = tuple[str, ...]


def edits_json(files: Iterable[FilePatch]) -> str:
    """The edits of a patch as text, to be kept: the files themselves are not needed again."""
    import json

    return json.dumps([[file.path, [list(edit) for edit in line_edits(file)]] for file in files])


def edits_from(text: str) -> Mapping[str, tuple[LineEdit, ...]]:
    """What `edits_json` wrote. Raises `ValueError` for anything else."""
    import json

    found: dict[str, tuple[LineEdit, ...]] = {}
    try:
        for path, edits in json.loads(text):
            found[str(path)] = tuple(LineEdit(int(start), int(end), tuple(map(str, new))) for start, end, new in edits)
    except TypeError as error:
        raise ValueError("these are no edits") from error
    return found


def fates(before: bytes, edits: tuple[LineEdit, ...], later: bytes) -> tuple[Fate, ...] | None:
    """What became of each edit, given in order; None where the files are too long to be compared."""
    old, new = lines_of(before), lines_of(later)
    if max(len(old), len(new)) > MOST_LINES:
        return None
    proposed, starts = _applied(old, edits)
    to_proposed, to_old = _blocks(proposed, new), _blocks(old, new)
    return tuple(
        Fate.TAKEN
        if _holds(to_proposed, start, len(edit.new), (len(proposed), len(new))) or _moved(edit.new, old, new)
        else _otherwise(edit, old, new, to_old)
        for edit, start in zip(edits, starts, strict=True)
    )


def _applied(old: Lines, edits: Iterable[LineEdit]) -> tuple[Lines, list[int]]:
    """The proposed file, and where in it each edit's new lines begin."""
    lines: list[str] = []
    starts: list[int] = []
    position = 0
    for edit in edits:
        lines += old[position : edit.start]
        starts.append(len(lines))
        lines += edit.new
        position = edit.end
    return (*lines, *old[position:]), starts


def _blocks(mine: Lines, theirs: Lines) -> tuple[Block, ...]:
    from difflib import SequenceMatcher

    found = SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks()
    return tuple(Block(*one) for one in found if one.size)


def _holds(blocks: tuple[Block, ...], start: int, count: int, lengths: tuple[int, int]) -> bool:
    """Whether `count` lines stand together in the other version; for none, whether their neighbours are neighbours."""
    if count:
        return any(block.mine <= start and start + count <= block.mine + block.size for block in blocks)
    above = -1 if start == 0 else _place(blocks, start - 1)
    below = lengths[1] if start == lengths[0] else _place(blocks, start)
    return above is not None and below is not None and above + 1 == below


def _place(blocks: tuple[Block, ...], line: int) -> int | None:
    for block in blocks:
        if block.mine <= line < block.mine + block.size:
            return block.theirs + line - block.mine
    return None


def _moved(lines: Lines, old: Lines, new: Lines) -> bool:
    """Whether lines that are many enough to be known again stand somewhere else, and did not stand in the old file."""
    filled = [at for at, line in enumerate(lines) if line.strip()]
    if len(filled) < _DISTINCT:
        return False
    lines = lines[filled[0] : filled[-1] + 1]
    return _stands(lines, new) and not _stands(lines, old)


def _stands(lines: Lines, within: Lines) -> bool:
    return any(within[at : at + len(lines)] == lines for at, line in enumerate(within) if line == lines[0])


def _otherwise(edit: LineEdit, old: Lines, new: Lines, blocks: tuple[Block, ...]) -> Fate:
    if _holds(blocks, edit.start, edit.end - edit.start, (len(old), len(new))):
        return Fate.AS_BEFORE
    above = -1 if edit.start == 0 else _place(blocks, edit.start - 1)
    below = len(new) if edit.end == len(old) else _place(blocks, edit.end)
    if above is None and below is None:
        return Fate.GONE
    low = (_last_before(blocks, edit.start) if above is None else above) + 1
    high = _first_after(blocks, edit.end, len(new)) if below is None else below
    there = {line.strip() for line in new[low:high]} - {""}
    if edit.start < edit.end:
        return Fate.OTHER if there else Fate.GONE
    wanted = {line.strip() for line in edit.new if any(map(str.isalnum, line))}
    return Fate.OTHER if wanted & there else Fate.GONE


def _last_before(blocks: tuple[Block, ...], line: int) -> int:
    return max((it.theirs + min(it.size, line - it.mine) - 1 for it in blocks if it.mine < line), default=-1)


def _first_after(blocks: tuple[Block, ...], line: int, end: int) -> int:
    after = (it.theirs + max(0, line - it.mine) for it in blocks if it.mine + it.size > line)
    return min(after, default=end)
