"""Find the pull request that a finished workflow run was about: by the run's commit, never by what the run wrote."""

from __future__ import annotations

import re
from typing import NamedTuple

from .github_api import Api
from .json_value import Reader

_COMMIT = r"[0-9a-f]{40}|[0-9a-f]{64}"


class Origin(NamedTuple):
    """What GitHub itself says of the run: its head commit, and the repository and branch that this came from."""

    head: str
    repository: str
    branch: str


def pull_request_of(api: Api, origin: Origin) -> int | str:
    """The number of the one open pull request whose head is that commit, or the reason why there is none.

    GitHub does not list a fork's commits under the base repository, so that the fork's branch is asked for as well;
    whatever is answered counts only where head, fork and base repository are the ones that the event names.
    """
    if not re.fullmatch(_COMMIT, origin.head):
        return "The event names no commit that the run was about."
    found = _fitting(api, origin, f"/commits/{origin.head}/pulls")
    owner = origin.repository.partition("/")[0]
    if not found and owner and origin.branch:
        found = _fitting(api, origin, "/pulls", {"state": "open", "head": f"{owner}:{origin.branch}"})
    if not found:
        return (
            f"No open pull request has {origin.head[:10]} as its head any more; the run for its new head will tell it."
        )
    if len(found) > 1:
        named = ", ".join(f"#{number}" for number in sorted(found))
        return f"{origin.head[:10]} is the head of several pull requests ({named}); none is told, as each has its own base."
    return found.pop()


def _fitting(api: Api, origin: Origin, path: str, parameters: dict[str, object] | None = None) -> set[int]:
    answer = api.read(path, {"per_page": 100, **(parameters or {})})
    found = set()
    for item in answer if isinstance(answer, list) else ():
        pull = Reader(item, "GitHub's answer")
        head, base = pull.entry("head"), pull.entry("base")
        if (
            pull.text("state") == "open"
            and head.text("sha") == origin.head
            and _repository(head) == origin.repository.lower()
            and _repository(base) == api.target.repository.lower()
        ):
            found.add(pull.count("number"))
    return found


def _repository(side: Reader) -> str:
    repository = side.maybe_entry("repo")
    return "" if repository is None else repository.text("full_name").lower()
