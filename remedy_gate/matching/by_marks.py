"""Tags that a tool wrote into the code and that came back with the resource: `yor_trace`, `git_file` and its like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .claim import Candidate, Candidates, Claim
from .suiting import name_differs, of_right_type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .index import CodeIndex

_REPOSITORY = ("git_org", "git_repo")


def by_trace(claim: Claim, code: CodeIndex) -> Candidates | None:
    """The block whose `yor_trace` the resource bears. A copied block bears it too, and is told apart by its name."""
    trace = claim.tags.get("yor_trace")
    if not trace:
        return None
    marked = (Candidate(place) for place, tags in code.marked if tags.get("yor_trace") == trace)
    found = tuple(one for one in marked if _suits(one, claim, code))
    return Candidates(found, 0.98, (f"its tag yor_trace is {trace}, as in the code",)) if found else None


def by_git_file(claim: Claim, code: CodeIndex) -> Candidates | None:
    """The blocks tagged with the file that the resource's tag names, of the same repository and of its type."""
    path = claim.tags.get("git_file")
    if not path or claim.identified is None:
        return None
    marked = (Candidate(place) for place, tags in code.marked if _is_of(tags, claim.tags))
    found = tuple(one for one in marked if _suits(one, claim, code))
    label = claim.tags.get("yor_name")
    named = tuple(one for one in found if label and one.place.block.name == label)
    return Candidates(named or found, 0.9, (f"its tag git_file is {path}, as in the code",)) if found else None


def _is_of(code: Mapping[str, str], finding: Mapping[str, str]) -> bool:
    if code.get("git_file") != finding["git_file"]:
        return False
    return all(code.get(key, finding.get(key)) == finding.get(key, code.get(key)) for key in _REPOSITORY)


def _suits(candidate: Candidate, claim: Claim, code: CodeIndex) -> bool:
    return of_right_type(candidate.place, claim) and not name_differs(candidate.place, claim, code)
