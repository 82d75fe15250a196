"""A patch as a unified diff, as `git apply` reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .patch import FilePatch, Patch

CONTEXT_LINES = 3
_NO_NEWLINE = b"\n\\ No newline at end of file\n"


def unified_diff(patch: Patch) -> str:
    """The whole patch as text. Bytes that are not UTF-8 come as surrogates (PEP 383), so nothing is lost."""
    return "".join(_file_diff(file) for file in patch.files)


def _file_diff(file: FilePatch) -> str:
    from difflib import diff_bytes
    from difflib import unified_diff as lines_diff

    before, after = file.before.splitlines(keepends=True), file.after.splitlines(keepends=True)
    before, after = _only_newlines(before), _only_newlines(after)
    path = file.path.encode("utf-8", "surrogateescape")
    lines = diff_bytes(lines_diff, before, after, b"a/" + path, b"b/" + path, n=CONTEXT_LINES, lineterm=b"\n")
    whole = b"".join(line if line.endswith(b"\n") else line + _NO_NEWLINE for line in lines)
    return whole.decode("utf-8", "surrogateescape")


def _only_newlines(lines: list[bytes]) -> list[bytes]:
    r"""Lines as diff tools count them: cut at \n alone, where Python also cuts at a lone \r."""
    joined: list[bytes] = []
    for line in lines:
        if joined and not joined[-1].endswith(b"\n"):
            joined[-1] += line
        else:
            joined.append(line)
    return joined
