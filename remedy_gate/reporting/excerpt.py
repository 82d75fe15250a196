"""The lines of a patch that a reader needs, with just enough around them to know the place."""

from __future__ import annotations

from remedy_gate.domain.diff import unified_diff
from remedy_gate.domain.patch import FilePatch, Patch


def excerpt(patch: Patch) -> tuple[str, ...]:
    """The patch as lines of a diff without file headers; for several files each is announced by `@@ path`."""
    lines: list[str] = []
    for file in patch.files:
        if len(patch.files) > 1:
            lines.append(f"@@ {file.path}")
        lines += _changed_lines(patch, file)
    return tuple(lines)


def _changed_lines(patch: Patch, file: FilePatch) -> list[str]:
    lines = unified_diff(Patch(patch.origin, (file,))).split("\n")[2:-1]  # behind the two headers
    return [line for line in lines if not line.startswith("\\ No newline")]
