"""A patch that somebody else wrote: a unified diff, applied exactly or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

from remedy_gate.domain.patch import FilePatch, Origin, OriginKind, Patch
from remedy_gate.domain.seams import Sources
from remedy_gate.errors import PatchError
from remedy_gate.iac.unified import hunks, patched

MOST_BYTES = 10_000_000
NO_FILE = "/dev/null"
"""What stands in a diff where there is no file before, or none after."""
MAIL_SIGNATURE = re.compile(r"\n-- \n\d[^\n]*\s*\Z")
"""What `git format-patch` ends with. No line of a hunk begins with a digit, so nothing of the diff is lost."""
REFUSED = {
    "new file mode 12": "creates a symbolic link",
    "new file mode 16": "creates a submodule",
    "new file mode 100755": "creates an executable file",
    "deleted file mode": "deletes a file",
    "old mode": "changes the mode of a file",
    "rename from": "renames a file",
    "copy from": "copies a file",
    "GIT binary patch": "is binary",
    "Binary files": "is binary",
}


class FileDiff(NamedTuple):
    """The diff of one file: its path below the root, and the hunks as text. `creates`: there is no such file yet."""

    path: str
    text: str
    creates: bool = False


def read_given(diff: bytes, name: str) -> tuple[FileDiff, ...]:
    """The files of a unified diff, as git or diff write it.

    :raises PatchError: it is too large, is no diff, or does more than change text and create files.
    """
    if len(diff) > MOST_BYTES:
        raise PatchError(f"{name} is larger than {MOST_BYTES:,} bytes.", "Judge a patch of one finding at a time.")
    text = MAIL_SIGNATURE.sub("\n", diff.decode("utf-8", "surrogateescape"))
    found = tuple(_files(text.split("\n"), name))
    if not found:
        raise PatchError(f"{name} holds no unified diff.", "Make one with `git diff`.")
    return found


def apply_given(diffs: tuple[FileDiff, ...], sources: Sources, name: str) -> Patch:
    """The patch that the diffs make of these sources: every context line exact, no fuzz.

    :raises PatchError: a file is not there, or is not what the diff was made from.
    """
    files: list[FilePatch] = []
    for diff in diffs:
        before = sources.get(diff.path)
        if diff.creates and before is None:
            before = b""
        elif diff.creates:
            raise PatchError(f"{name} creates {diff.path}, which is there already.")
        if before is None:
            raise PatchError(f"{name} changes {diff.path}, which is not infrastructure code of this repository.")
        try:
            files.append(FilePatch(diff.path, before, patched(before, hunks(diff.text))))
        except PatchError as error:
            raise PatchError(f"{name} does not apply to {diff.path}: {error.message}") from error
    digest = sha256("".join(diff.path + diff.text for diff in diffs).encode("utf-8", "surrogateescape")).hexdigest()
    return Patch(Origin(OriginKind.GIVEN, name, digest[:12]), tuple(files), "a given patch")


def _files(lines: list[str], name: str) -> Iterator[FileDiff]:
    position, seen = 0, set[str]()
    while position < len(lines):
        line = lines[position]
        if does := next((does for mark, does in REFUSED.items() if line.startswith(mark)), None):
            raise PatchError(f"{name} {does}.", "Only changes of the text of existing files can be judged.")
        if line.startswith("--- ") and position + 1 < len(lines) and lines[position + 1].startswith("+++ "):
            path = _path(line, lines[position + 1], name)
            if path in seen:
                raise PatchError(f"{name} changes {path} twice.")
            seen.add(path)
            end = next((index for index in range(position + 2, len(lines)) if _begins_a_file(lines, index)), len(lines))
            creates = line[4:].split("\t", 1)[0].rstrip("\r") == NO_FILE
            yield FileDiff(path, "\n".join(lines[position + 2 : end]).rstrip("\n") + "\n", creates)
            position = end
        else:
            position += 1


def _begins_a_file(lines: list[str], index: int) -> bool:
    """Whether a header begins here. `--- ` may also be a removed line, but is then not followed by `+++ ` and `@@`."""
    if lines[index].startswith("diff --git "):
        return True
    following = "\n".join(lines[index + 1 : index + 3])
    return lines[index].startswith("--- ") and following.startswith("+++ ") and "\n@@" in following


def _path(old: str, new: str, name: str) -> str:
    before, after = (line[4:].split("\t", 1)[0].rstrip("\r") for line in (old, new))
    if after == NO_FILE:
        raise PatchError(f"{name} deletes a file.", "Only changes of existing files and new ones can be judged.")
    stripped = before.removeprefix("a/"), after.removeprefix("b/")
    if before != NO_FILE and stripped[0] != stripped[1]:
        raise PatchError(
            f"{name} renames {stripped[0]} to {stripped[1]}.", "Only changes of existing files can be judged."
        )
    path = stripped[1]
    if path.startswith(("/", '"')) or "\\" in path or ".." in path.split("/") or "\0" in path:
        raise PatchError(f"{name} names {path!r}, which is not a plain path inside the repository.")
    return path
