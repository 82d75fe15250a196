"""What became of a pull request: whether it was merged, its threads, its files then, and what was done to them since."""

from __future__ import annotations

import re
from typing import NamedTuple

from remedy_gate.errors import ReportingError

from .github_api import Api
from .head_files import HeadFiles, contents, object_id
from .json_value import Reader
from .pull_request import conversation

_PAGE = 100


class Merged(NamedTuple):
    """A merged pull request: the commit that it became, and the branch that has it."""

    number: int
    commit: str
    branch: str


class Unmerged(NamedTuple):
    """A pull request that was not merged, and why that is all. `state` is open, closed or unknown."""

    why: str
    state: str


class Since(NamedTuple):
    """A file as it is on a branch now, None where it is not there; and the commit that says it took something back."""

    content: bytes | None
    reverting: str


class History:
    """One repository, read once: files of commits and the commits of a file are kept."""

    __slots__ = ("_commits", "_files", "api")

    def __init__(self, api: Api) -> None:
        self.api = api
        self._files: dict[str, HeadFiles] = {}
        self._commits: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}

    def merged(self, number: int) -> Merged | Unmerged:
        """The pull request, or why nothing can be said of it. Raises `ReportingError` where GitHub cannot be asked."""
        path = f"/pulls/{number}"
        answer = self.api.look(path)
        if answer.status == 404:  # noqa: PLR2004 - a status
            why = f"{self.api.target.repository} has no pull request {number} that this token may see"
            return Unmerged(why, "unknown")
        pull = Reader(answer.data if answer.is_good else self.api.read(path), "GitHub's answer")
        if pull.text("state") == "open":
            return Unmerged("it is still open", "open")
        if not pull.flag("merged"):
            return Unmerged("it was closed without being merged, which says nothing of its suggestions", "closed")
        return Merged(number, pull.text("merge_commit_sha"), pull.entry("base").text("ref"))

    def threads(self, number: int) -> dict[str, str]:
        """What each thread that we began says, by the fingerprint of its mark: resolved, hidden or open."""
        said = conversation(self.api, number).comments
        return {
            one.marker.fingerprint: "resolved" if one.is_settled else "hidden" if one.is_hidden else "open"
            for one in said
        }

    def file(self, commit: str, path: str) -> bytes | None:
        """A file of a commit; None where it has none."""
        return self._files.setdefault(commit, HeadFiles(self.api, commit)).read(path)

    def blob(self, digest: str, path: str) -> bytes | None:
        """A version of a file by git's id; None where GitHub does not have it any more, or has another."""
        answer = self.api.look(f"/git/blobs/{digest}")
        if answer.is_open or not (answer.is_good or answer.is_denied):
            raise ReportingError(f"An earlier version of {path} could not be read: {answer.message or answer.status}.")
        content = contents(answer.data, path) if answer.is_good else None
        return content if content is not None and object_id(content, digest) == digest else None

    def since(self, merged: Merged, path: str) -> Since | None:
        """What the branch made of a file since; None where it is as it was merged."""
        commits = self._touching(merged.branch, path)
        if not commits or commits[0][0] == merged.commit:
            return None
        later = self._until(commits, merged.commit)
        reverting = next((sha for sha, message in later if self._takes_back(message, merged)), "")
        return Since(self.file(commits[0][0], path), reverting)

    def _takes_back(self, message: str, merged: Merged) -> bool:
        """Whether a commit says in git's or GitHub's own words that it reverts the pull request."""
        number = rf"\bReverts (?:{re.escape(self.api.target.repository)})?#{merged.number}\b"
        return f"This reverts commit {merged.commit}" in message or re.search(number, message) is not None

    @staticmethod
    def _until(commits: tuple[tuple[str, str], ...], commit: str) -> tuple[tuple[str, str], ...]:
        named = [sha for sha, _ in commits]
        return commits[: named.index(commit)] if commit in named else commits

    def _touching(self, branch: str, path: str) -> tuple[tuple[str, str], ...]:
        """Id and message of the last commits of a branch that touch a file, the newest first."""
        key = (branch, path)
        if key not in self._commits:
            found = self.api.read("/commits", {"sha": branch, "path": path, "per_page": _PAGE})
            items = [Reader(item, "GitHub's answer") for item in (found if isinstance(found, list) else ())]
            self._commits[key] = tuple((it.text("sha"), it.entry("commit").text("message")) for it in items)
        return self._commits[key]
