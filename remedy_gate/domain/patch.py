"""A patch: new contents for named files, valid only for the contents that it was made from."""

from __future__ import annotations

from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

_LEAST = 0.0001
"""The least amount that is told in figures."""


class OriginKind(StrEnum):
    """Who proposed a patch: our catalogue, a model, or somebody else (`remedy-gate verify`)."""

    CATALOGUE = "catalogue"
    BEDROCK = "bedrock"
    GIVEN = "given"


class Origin(NamedTuple):
    """What made a patch, exactly enough to make it again: a control and its version, or a model and its prompt."""

    kind: OriginKind
    name: str
    version: str


class FilePatch(NamedTuple):
    """One file before and after, byte for byte. Paths are relative to the repository, with `/`."""

    path: str
    before: bytes
    after: bytes

    @property
    def base_digest(self) -> str:
        """The SHA-256 of the contents that this was made from."""
        return sha256(self.before).hexdigest()


class Cost(NamedTuple):
    """What asking a model for one patch took in this run.

    `attempts` says how often it was asked, in vain too; `kept` answers of these are from earlier runs and took nothing
    now. `read` and `written` are tokens of the service's prompt cache, which are not in `given`. `dollars` is an
    estimate; None where nobody knows, never 0 for that. `basis` says where the prices are from, or that there are none.
    """

    attempts: int
    kept: int
    given: int
    made: int
    read: int
    written: int
    dollars: float | None
    basis: str


def money(dollars: float | None) -> str:
    """An estimate in words: never a figure where there is none, and never nothing for a little."""
    if dollars is None:
        return "at a cost that is not known"
    if dollars == 0:
        return "at no cost"
    return f"about ${dollars:.4f}" if dollars >= _LEAST else f"less than ${_LEAST:.4f}"


class Patch(NamedTuple):
    """Edits of named files. `rationale` says in one sentence what it changes and why.

    `cost` is what asking a model for it took; None where none was asked, or nobody knows any more.
    """

    origin: Origin
    files: tuple[FilePatch, ...]
    rationale: str = ""
    cost: Cost | None = None

    @property
    def id(self) -> str:
        """32 hex digits over paths, base digests and new contents: another patch has another id."""
        digest = sha256()
        for file in self.files:
            digest.update(f"{file.path}\0{file.base_digest}\0".encode("utf-8", "surrogatepass"))
            digest.update(sha256(file.after).digest())
        return digest.hexdigest()[:32]


class NoPatch(NamedTuple):
    """There is no patch, and this is the reason, in words for the owner of the code."""

    reason: str
