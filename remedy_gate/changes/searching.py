"""Find files of a repository without reading them all: git keeps the list, and searches it in parallel."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from .git import Git
from .raw_diff import file_name
from .repository import VENDORED

FOUND_NOTHING = 1
"""The exit status of `git grep` where no file holds the text."""


class GitSearch:
    """The seam `Search` of matching: of the index where `staged`, else of the working tree with its new files."""

    def __init__(
        self, root: str, environment: Mapping[str, str], code: tuple[str, ...], called: tuple[str, ...], *, staged: bool
    ) -> None:
        """List files that end in one of `code`, and search those that end in one of `called`."""
        self._root = root
        self._environment = environment
        self._code = code
        self._called = called
        self._staged = staged

    def paths(self) -> tuple[str, ...]:
        """The path of every file that may be code, vendored folders left out."""
        which = ("--cached",) if self._staged else ("--cached", "--others", "--exclude-standard")
        patterns = tuple(f":(top,icase)*{ending}" for ending in self._code)
        return _own(self._git.output(("ls-files", "-z", "--full-name", *which, "--", *patterns)))

    def holding(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        """The paths of files that hold any of these texts."""
        which = "--cached" if self._staged else "--untracked"
        wanted = tuple(part for text in texts for part in ("-e", text))
        patterns = tuple(f":(top)*{ending}" for ending in self._called)
        arguments = ("grep", which, "-l", "-z", "-I", "-F", "--full-name", *wanted, "--", *patterns)
        status, output = self._git.answer(arguments)
        if status > FOUND_NOTHING:
            raise self._git.failure(arguments)
        return _own(output)

    @cached_property
    def _git(self) -> Git:
        return Git(self._root, self._environment)


def _own(output: bytes) -> tuple[str, ...]:
    """Names ended by NULs, without those in folders of other people's code."""
    paths = (file_name(name) for name in output.split(b"\0")[:-1])
    return tuple(dict.fromkeys(path for path in paths if not VENDORED.intersection(path.split("/")[:-1])))
