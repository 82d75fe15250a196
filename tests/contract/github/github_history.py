"""What the stand-in for GitHub knows of a pull request that is over: its merge, and the branch's commits since."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from github_contract import example
from github_standin import REPOSITORY, Beside, GitHub, PullRequestState, Reply

MERGE = "1e" * 20


@dataclass
class Commit:
    """A commit of the branch, with every file as it is then."""

    sha: str
    message: str
    files: dict[str, bytes]


@dataclass
class Over(PullRequestState):
    """A pull request that is over. `branch` is its base branch, the newest commit last; `pushed` are heads before."""

    state: str = "closed"
    branch: list[Commit] = field(default_factory=list)
    pushed: dict[str, dict[str, bytes]] = field(default_factory=dict)

    def merge(self, **files: bytes) -> None:
        """Merge it; files that are named are what it came to."""
        self.branch.append(Commit(MERGE, "A change (#7)", self.head_files | _named(files)))

    def merge_beside(self, **files: bytes) -> None:
        """Merge the pull request that lies beside it; files that are named are what it came to."""
        [one] = self.beside
        one.state = "merged"
        self.branch.append(Commit(MERGE, f"Ours (#{one.number})", self.refs[one.branch].files | _named(files)))

    def commit(self, message: str, **files: bytes) -> str:
        """One more commit on the branch."""
        sha = f"{len(self.branch):02x}" * 20
        self.branch.append(Commit(sha, message, self.branch[-1].files | _named(files)))
        return sha


class GitHubAfterwards(GitHub):
    """The operations on a pull request that is over, and on its base branch."""

    def __init__(self, state: Over) -> None:
        super().__init__(state)
        self.over = state

    def _done(self, verb: str, path: str, body: Any) -> Reply:
        address = urlsplit(path)
        name, asked = address.path.removeprefix(REPOSITORY), parse_qs(address.query)
        tree, blob = (re.fullmatch(rf"/git/{kind}/(\w+)", name) for kind in ("trees", "blobs"))
        ours = next((one for one in self.over.beside if name == f"/pulls/{one.number}"), None)
        if verb == "GET" and ours is not None:
            return self._ours(ours)
        if verb == "GET" and name == "/commits":
            return self._commits(asked)
        if verb == "GET" and tree and tree[1] in self._versions():
            shown = replace(self.over, head=tree[1], head_files=self._versions()[tree[1]])
            return GitHub(shown)._done(verb, path, body)
        if verb == "GET" and blob:
            every = {f"{sha}/{path}": text for sha, files in self._versions().items() for path, text in files.items()}
            return GitHub(replace(self.over, head_files=every | self.over.head_files))._done(verb, path, body)
        return super()._done(verb, path, body)

    def _pull(self) -> Reply:
        pull: Any = super()._pull().body
        is_merged = self.over.state == "closed" and bool(self.over.branch)
        pull |= {"merged": is_merged, "merge_commit_sha": MERGE if is_merged else None}
        pull["base"] |= {"ref": "main"}
        return Reply(200, pull)

    def _ours(self, one: Beside) -> Reply:
        pull = self._whole(one)
        is_merged = one.state == "merged"
        pull |= {"state": "open" if one.state == "open" else "closed", "merged": is_merged}
        pull["merge_commit_sha"] = MERGE if is_merged else None
        pull["base"] |= {"ref": one.base}
        return Reply(200, pull)

    def _commits(self, asked: dict[str, list[str]]) -> Reply:
        assert asked["sha"] == ["main"]
        [path] = asked["path"]
        found: list[dict[str, Any]] = []
        before: bytes | None = b"of before the merge"
        for one in self.over.branch:
            if one.files.get(path) != before:
                [item] = json.loads(json.dumps(example("commit-items")))
                item["sha"], item["commit"]["message"] = one.sha, one.message
                found.insert(0, item)
            before = one.files.get(path)
        return Reply(200, found)

    def _versions(self) -> dict[str, dict[str, bytes]]:
        return self.over.pushed | {one.sha: one.files for one in self.over.branch}


def _named(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name.replace("__", "/").replace("_tf", ".tf"): content for name, content in files.items()}
