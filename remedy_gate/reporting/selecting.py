"""Which patches can be had in one commit, proven together, and why the others cannot. Pure but for who proves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

from remedy_gate.domain.decision import Action
from remedy_gate.domain.patch import FilePatch
from remedy_gate.domain.proof import CheckName, Outcome, Proof, Status
from remedy_gate.domain.remediation import Remediation, Report

from .combining import Clash, combined
from .marker import fingerprint
from .ordering import address, order
from .placement import Joint, Together
from .wording import is_proven

MOST_FILES = 50  # what others commit at once without trouble; GitHub names no number
MOST_BYTES = 10_000_000
MOST_PATCHES = 50
_KEY = 12

Fits: TypeAlias = Callable[[str], bool]
"""Whether a file at this path may be written by a commit."""


class Left(NamedTuple):
    """A remediation whose patch is not taken, and why: the end of a sentence."""

    item: Remediation
    reason: str


class Selection(NamedTuple):
    """The remediations whose patches are taken, the files that these come to together, and what is left."""

    items: tuple[Remediation, ...] = ()
    files: tuple[FilePatch, ...] = ()
    left: tuple[Left, ...] = ()

    @property
    def digest(self) -> str:
        """32 hex digits over paths and new contents: the same files have the same one, whatever they were before."""
        return fingerprint("files", *(part for file in sorted(self.files) for part in (file.path, _hash(file.after))))


def key_of(item: Remediation) -> str:
    """What a commit or pull request of ours remembers a repair by: digits that tell nothing of the finding."""
    return fingerprint("landed", item.finding.fingerprint, address(item))[:_KEY]


def offered(report: Report, actions: tuple[Action, ...]) -> tuple[Remediation, ...]:
    """The remediations with a proven patch that policy decided so on and that landed nowhere yet, most severe first."""
    found = (it for it in report.remediations if it.decision.action in actions and is_proven(it))
    return tuple(sorted((it for it in found if report.landing(it) is None), key=order))


class Terms(NamedTuple):
    """What a commit asks of its patches. `in_place`: none that may replace or destroy what runs."""

    together: Together
    fits: Fits
    most: int = MOST_PATCHES
    in_place: bool = True


def selected(items: Iterable[Remediation], terms: Terms) -> Selection:
    """As many of the patches as can be had together, the first ones first. What is taken is proven as a whole."""
    wanted, left = [], []
    for item in items:
        reason = _unfit(item, terms)
        if reason:
            left.append(Left(item, reason))
        else:
            wanted.append(item)
    left += (Left(item, f"there are {terms.most} patches in it already") for item in wanted[terms.most :])
    del wanted[terms.most :]
    whole = _joint(tuple(wanted), terms) if wanted else None
    if whole is not None:
        return Selection(tuple(wanted), _changed(whole.patch.files), tuple(left))
    taken: tuple[Remediation, ...] = ()
    files: tuple[FilePatch, ...] = ()
    for item in wanted:
        joint = _joint((*taken, item), terms)
        if joint is None:
            left.append(Left(item, _why(item, taken, terms)))
        else:
            taken, files = (*taken, item), _changed(joint.patch.files)
    return Selection(taken, files, tuple(left))


def _joint(items: tuple[Remediation, ...], terms: Terms) -> Joint | None:
    joint = terms.together(items)
    if joint is None or joint.proof.outcome is not Outcome.PROVEN or (terms.in_place and _replaces(joint.proof)):
        return None
    files = _changed(joint.patch.files)
    return joint if files and _is_small(files) else None


def _changed(files: tuple[FilePatch, ...]) -> tuple[FilePatch, ...]:
    return tuple(file for file in files if file.before != file.after)


def _is_small(files: tuple[FilePatch, ...]) -> bool:
    return len(files) <= MOST_FILES and sum(len(file.after) for file in files) <= MOST_BYTES


def _replaces(proof: Proof) -> bool:
    found = (it for it in proof.checks if it.name is CheckName.DISRUPTION)
    return any(it.status is Status.FAIL or (it.status is Status.PASS and "REPLACES" in it.detail) for it in found)


def _unfit(item: Remediation, terms: Terms) -> str:
    assert item.patch is not None
    for file in item.patch.files:
        if file.path.startswith(".github/"):
            return f"{file.path} says what the repository's own workflows do"
        if not terms.fits(file.path):
            return f"{file.path} is not a plain file, which is all that a commit over GitHub's API can write"
    return ""


def _why(item: Remediation, taken: tuple[Remediation, ...], terms: Terms) -> str:
    assert item.patch is not None
    for one in taken:
        assert one.patch is not None
        found = combined((one.patch, item.patch))
        if isinstance(found, Clash):
            return f"it changes the same lines as the patch of {address(one)} ({found.where})"
    alone = terms.together((item,))
    if alone is None:
        return "it could not be proven on the files of the commit that it would be put on"
    if terms.in_place and _replaces(alone.proof):
        return "it may replace what runs"
    if not _is_small(alone.patch.files):
        return f"it is larger than {MOST_FILES} files or {MOST_BYTES:,} bytes"
    if _joint((item,), terms) is None:
        return "it changes nothing there"
    return "together with the other patches it could not be proven, or they become too large"


def _hash(content: bytes) -> str:
    from hashlib import sha256

    return sha256(content).hexdigest()
