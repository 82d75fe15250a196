"""The seams between the rooms of the house: what each promises to `gate`, and nothing of how."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeAlias, runtime_checkable

from .finding import Finding
from .ledger import Entry, Head, Memory, Record
from .match import Match
from .patch import NoPatch, Patch
from .proof import Proof
from .remediation import Report
from .source import ChangeSet, Problem

Sources: TypeAlias = Mapping[str, bytes]
"""The contents of files by path: what a run knows of the code, or would know once a patch is applied."""


class Tree(Protocol):
    """The files of one state of the repository: the working tree, the index, or a commit.

    Paths are relative to the root, with `/`; bytes of a name that are not UTF-8 come as surrogates (PEP 383).
    """

    def read(self, path: str) -> bytes | None:
        """The contents, byte for byte; None where there is no such regular file.

        A symbolic link is not a regular file, and none on the way to a file is followed.
        """

    def names(self, directory: str) -> tuple[str, ...]:
        """The paths of the regular files that lie directly in a directory, sorted. "" is the root."""


@runtime_checkable
class Linked(Protocol):
    """A tree that can tell a link from a file that is not there."""

    def is_link(self, path: str) -> bool:
        """Whether a path is a symbolic link, or leads through one."""


@runtime_checkable
class Explaining(Protocol):
    """A tree that can tell a file that cannot be read from one that is not there."""

    def why_unread(self, path: str) -> str:
        """Why what lies at a path cannot be read; the empty text where it can, and where nothing lies there."""


class ChangeSource(Protocol):
    """What is to be looked at: the changed files, and the states of the repository before and after."""

    def changes(self) -> ChangeSet:
        """What changed. Raises `ChangesError` where that cannot be found out."""

    @property
    def head(self) -> Tree:
        """The state that is judged."""

    @property
    def base(self) -> Tree | None:
        """The state that it is compared with; None where there is nothing to compare with."""


class Gathered(NamedTuple):
    """What a source of findings gave: the open findings, what could not be used, and what was left out, counted.

    `findings` is a `Table` where they are very many and need not all be made. `notes` are what the source says of its
    own work, such as files that it could not scan.
    """

    findings: Sequence[Finding]
    problems: tuple[Problem, ...] = ()
    left_out: tuple[tuple[str, int], ...] = ()
    notes: tuple[Problem, ...] = ()


class Given(NamedTuple):
    """What several sources gave, each by itself, and those that could not be read at all."""

    parts: tuple[Gathered, ...]
    failed: tuple[Problem, ...] = ()

    @property
    def findings(self) -> tuple[Sequence[Finding], ...]:
        """The open findings of each source."""
        return tuple(part.findings for part in self.parts)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What could not be used of what was read."""
        return tuple(problem for part in self.parts for problem in part.problems)

    @property
    def left_out(self) -> tuple[tuple[str, int], ...]:
        """What was left out, counted."""
        return tuple(pair for part in self.parts for pair in part.left_out)

    @property
    def notes(self) -> tuple[Problem, ...]:
        """What the sources say of their own work."""
        return tuple(note for part in self.parts for note in part.notes)


class FindingSource(Protocol):
    """Where open findings come from: an export, a live service, the catalogue's own evaluation."""

    @property
    def name(self) -> str:
        """What the source is called in reports."""

    def gather(self, sources: Sources) -> Gathered:
        """The open findings, never silently none. Raises `FindingsError` where the source cannot be read at all."""


class Remedy(Protocol):
    """Somebody who proposes patches. Never writes anything."""

    @property
    def name(self) -> str:
        """What the remedy is called in `--remedies`."""

    def propose(self, finding: Finding, match: Match, sources: Sources) -> Patch | NoPatch:
        """A patch of these sources, or the reason why there is none."""


class Prover(Protocol):
    """Runs every check on a patch."""

    def prove(self, finding: Finding, match: Match, patch: Patch, sources: Sources) -> Proof:
        """All ten checks; each that could not run says so."""


class Writer(Protocol):
    """Puts patched files into the working tree."""

    def write(self, path: str, before: bytes, after: bytes) -> Problem | None:
        """Write `after` if the file still holds `before`, atomically, its mode kept. Problems are told, not raised."""


class Reporter(Protocol):
    """Somebody who is told the whole run at once."""

    def report(self, report: Report) -> None:
        """Tell it. Raises `ReportingError` where that fails; the report is kept by whoever called."""


class Ledger(Protocol):
    """What is remembered of every run: a chain of records that only ever grows."""

    def append(self, entries: Sequence[Entry]) -> Head:
        """Add entries in one step, those that are there already left out, and give the new head.

        Nothing that is there is ever changed. Raises `LedgerError`; then none of the entries was added.
        """

    def records(self, kinds: tuple[str, ...] = ()) -> Iterator[Record]:
        """The records in their order: all, or those of some kinds. Raises `LedgerError`."""

    def attachment(self, digest: str) -> str | None:
        """A text that was handed in with an entry, by the SHA-256 of its UTF-8; None where it is not kept."""


class Past(Protocol):
    """Asks the ledger about one case at a time."""

    def of(self, finding: Finding, patch: Patch | None, proof: Proof | None) -> Memory:
        """What the past says of this case. Raises `LedgerError`."""
