"""A stand-in for GitHub: one pull request with its state and its refusals, on the loopback interface.

What GitHub's description cannot say is done here as GitHub has been seen to do it: a review with one anchor outside the
diff is refused whole, a range of one line is refused, a read-only token gets 403, a limit gets 403 with `Retry-After`.
"""

from __future__ import annotations

import base64
import difflib
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from check_runs_standin import CheckRuns
from github_contract import answer_faults, example, input_faults, path_template, request_faults
from github_issue_desk import IssueDesk

from remedy_gate.reporting.github_queries import (
    BRANCH,
    COMMIT,
    COMPANIONS,
    CONVERSATION,
    HIDE,
    ISSUES,
    OWNERS,
    TALK,
    blobs,
)

TOKEN = "a token of nobody"
HEAD = "c0ffee" + "0" * 34
BASE_TIP = "ba5e" + "0" * 36
PREFIX = "/api/v3"
REPOSITORY = f"{PREFIX}/repos/acme/infra"


class Reply(NamedTuple):
    status: int
    body: object
    headers: tuple[tuple[str, str], ...] = ()


class Fault(NamedTuple):
    """An answer to give once instead of the right one. `after`: the write is made nevertheless (a lost answer).

    `verb` is `commit` for our mutation, which shares its path with every query.
    """

    verb: str
    path: str
    reply: Reply
    after: bool = False


@dataclass
class Comment:
    body: str
    path: str
    line: int | None
    start_line: int | None = None
    mine: bool = True
    outdated: bool = False
    resolved: bool = False
    minimized: bool = False


@dataclass
class Review:
    body: str
    mine: bool = True
    comments: list[Comment] = field(default_factory=list)


@dataclass
class Ref:
    """A branch beside that of the pull request."""

    oid: str
    files: dict[str, bytes]
    message: str = "of a person"


@dataclass
class Beside:
    """A pull request beside the one."""

    number: int
    branch: str
    base: str
    title: str
    body: str
    state: str = "open"
    mine: bool = True


@dataclass
class PullRequestState:
    """Everything that the stand-in knows. Tests change it between runs as people would."""

    head_files: dict[str, bytes]
    base_files: dict[str, bytes] = field(default_factory=dict)
    modes: dict[str, str] = field(default_factory=dict)
    without_patch: set[str] = field(default_factory=set)
    head: str = HEAD
    moved_to: str | None = None
    state: str = "open"
    read_only: bool = False
    refuse_hiding: bool = False
    fork: str = "acme/infra"
    truncated: bool = False
    lists_by_commit: bool = True
    others: list[dict[str, Any]] = field(default_factory=list)
    head_branch: str = "feature"
    default: str = "main"
    may_edit: bool = False
    may_commit: bool = True
    may_open: bool = True
    protected: set[str] = field(default_factory=set)
    message: str = "of a person"
    slow: int = 0
    refs: dict[str, Ref] = field(default_factory=dict)
    beside: list[Beside] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    file_comments: list[Comment] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    requests: list[tuple[str, str, Any]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    desk: IssueDesk = field(default_factory=IssueDesk)
    checks: CheckRuns = field(default_factory=lambda: CheckRuns({HEAD}))

    @property
    def comments(self) -> list[Comment]:
        return [*(comment for review in self.reviews for comment in review.comments), *self.file_comments]

    @property
    def made(self) -> list[Any]:
        return [
            it["variables"]["input"] for _, path, it in self.requests if "graphql" in path and it["query"] == COMMIT
        ]

    @property
    def trees(self) -> dict[str, dict[str, bytes]]:
        """The files of every commit that is known."""
        refs = {ref.oid: ref.files for ref in self.refs.values()}
        return {BASE_TIP: self.base_files} | refs | {self.head: self.head_files}

    @property
    def writes(self) -> list[tuple[str, str, Any]]:
        return [it for it in self.requests if it[0] != "GET" and "graphql" not in it[1]]

    def patch(self, path: str) -> str:
        """GitHub's `patch` of a file: hunks with three lines of context, no file headers, no newline at the end."""
        before = self.base_files.get(path, b"").decode("utf-8", "replace").splitlines(keepends=True)
        after = self.head_files.get(path, b"").decode("utf-8", "replace").splitlines(keepends=True)
        lines = list(difflib.unified_diff(before, after, n=3))[2:]
        return "".join(it if it.endswith("\n") else f"{it}\n\\ No newline at end of file\n" for it in lines)[:-1]

    def accepted(self, path: str) -> bytes:
        """The file after every suggestion that stands was accepted: each replaces exactly its lines."""
        lines = self.head_files[path].decode().split("\n")
        standing = [it for it in self.comments if it.path == path and it.line and "```suggestion" in it.body]
        for comment in sorted(standing, key=lambda it: it.line or 0, reverse=True):
            found = re.search(r"^(`{3,})suggestion\n(.*?)\n\1$", comment.body, re.MULTILINE | re.DOTALL)
            assert found
            assert comment.line
            lines[(comment.start_line or comment.line) - 1 : comment.line] = found.group(2).split("\n")
        return "\n".join(lines).encode()


class GitHub:
    """The operations, on one pull request."""

    def __init__(self, state: PullRequestState) -> None:
        self.state = state

    def reply(self, verb: str, path: str, token: str, body: Any) -> Reply:
        state = self.state
        state.requests.append((verb, path, body))
        called = "commit" if "graphql" in path and body["query"] == COMMIT else verb
        fault = next((it for it in state.faults if it.verb == called and it.path in path), None)
        if fault is not None:
            state.faults.remove(fault)
            if fault.after and called == "commit":
                self._commit(body["variables"])
            elif fault.after:
                self._at_desk(verb, path, body, token)
                self._done(verb, path, body)
            return fault.reply
        if TOKEN not in token:
            return Reply(401, {"message": "Bad credentials", "documentation_url": "https://docs.github.com/rest"})
        if urlsplit(path).path == "/api/graphql":
            return self._graphql(body["query"], body["variables"])
        if (
            not path.startswith((REPOSITORY + "/", f"{PREFIX}/orgs/"))
            or path_template(path.removeprefix(PREFIX)) is None
        ):
            return Reply(404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest"})
        faults = request_faults(verb, path.removeprefix(PREFIX), body)
        if faults:
            state.broken += faults
            return _unprocessable(*faults)
        denied = state.read_only and verb != "GET"
        status, answered = (0, None) if denied else self._at_desk(verb, path, body, token)
        answer = Reply(status, answered) if status else self._done(verb, path, body)
        state.broken += answer_faults(verb, path.removeprefix(PREFIX), answer.status, answer.body)
        return answer

    def _at_desk(self, verb: str, path: str, body: Any, token: str) -> tuple[int, Any]:
        return self.state.desk.reply(verb, path.removeprefix(PREFIX), body, token)

    def _done(self, verb: str, path: str, body: Any) -> Reply:
        if verb != "GET" and self.state.read_only:
            return Reply(403, {"message": "Resource not accessible by integration", "documentation_url": "https://x"})
        name = urlsplit(path).path.removeprefix(REPOSITORY)
        routes: tuple[tuple[str, str, Callable[..., Reply]], ...] = (
            ("GET", r"/pulls/7", self._pull),
            ("GET", r"/pulls/7/files", self._files),
            ("GET", r"/pulls/(\d+)/files", self._files_beside),
            ("POST", r"/pulls", self._new_pull),
            ("PATCH", r"/pulls/(\d+)", self._changed_pull),
            ("POST", r"/git/refs", self._new_ref),
            ("GET", r"/commits/(\w+)/pulls", self._pulls_of),
            ("GET", r"/pulls", self._pulls),
            ("GET", r"/git/trees/(\w+)", self._tree),
            ("GET", r"/git/blobs/(\w+)", self._blob),
            ("POST", r"/pulls/7/reviews", self._new_review),
            ("PUT", r"/pulls/7/reviews/(\d+)", self._changed_review),
            ("POST", r"/pulls/7/comments", self._new_comment),
            ("PATCH", r"/pulls/comments/(\d+)", self._edited_comment),
        )
        for route_verb, pattern, operation in routes:
            found = re.fullmatch(pattern, name)
            if found and route_verb == verb:
                asked = parse_qs(urlsplit(path).query)
                given = [body] if verb != "GET" else [asked] if re.search("files|trees|/pulls$", pattern) else []
                return operation(*found.groups(), *given)
        return self._checks(verb, name, body if verb != "GET" else parse_qs(urlsplit(path).query))

    def _checks(self, verb: str, name: str, given: Any) -> Reply:
        for route_verb, pattern, operation in self.state.checks.routes:
            found = re.fullmatch(pattern, name)
            if found and route_verb == verb:
                return Reply(*operation(*found.groups(), given))
        return Reply(404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest"})

    def _pull(self) -> Reply:
        pull = json.loads(json.dumps(example("pull-request")))
        pull.update(number=7, state=self.state.state, requested_teams=[])  # its teams are not as it describes them
        state = self.state
        shown = HEAD if state.slow and state.head != HEAD else state.head
        state.slow -= state.slow > 0 and state.head != HEAD
        pull["head"] |= {"sha": shown, "ref": state.head_branch}
        pull["head"]["repo"] = {**pull["base"]["repo"], "full_name": state.fork} if state.fork else None
        pull["base"] |= {"ref": "main", "sha": BASE_TIP}
        pull["base"]["repo"] |= {"full_name": "acme/infra", "default_branch": state.default}
        pull["maintainer_can_modify"] = state.may_edit
        return Reply(200, pull)

    def _pulls(self, query: dict[str, list[str]]) -> Reply:
        owner, _, branch = query["head"][0].partition(":")
        if query["state"] == ["all"]:
            return Reply(200, [self._simple(it) for it in self.state.beside if it.branch == branch])
        assert query["state"] == ["open"]
        return Reply(200, [it for it in self._listed() if it["head"]["label"] == f"{owner}:{branch}"])

    def _pulls_of(self, sha: str, _query: dict[str, list[str]]) -> Reply:
        known = self._listed() if self.state.lists_by_commit else []
        return Reply(200, [it for it in known if it["head"]["sha"] == sha])

    def _listed(self) -> list[dict[str, Any]]:
        [whole] = json.loads(json.dumps(example("pull-request-simple-items")))
        whole.update(number=7, state=self.state.state, requested_teams=[])
        repository = {**whole["base"]["repo"], "full_name": "acme/infra"}
        owner = self.state.fork.partition("/")[0]
        whole["base"]["repo"] = repository
        head = {"sha": self.state.head, "ref": "feature", "label": f"{owner}:feature"}
        whole["head"] |= head | {"repo": {**repository, "full_name": self.state.fork}}
        return [whole, *({**whole, **other} for other in self.state.others)]

    def _files(self, query: dict[str, list[str]]) -> Reply:
        size, page = int(query.get("per_page", ["30"])[0]), int(query.get("page", ["1"])[0])
        assert size <= 100
        state = self.state
        found = []
        for path in sorted({*state.head_files, *state.base_files}):
            if state.head_files.get(path) == state.base_files.get(path):
                continue
            entry = {
                **example("diff-entry-items")[0],
                "filename": path,
                "status": "modified",
                "patch": state.patch(path),
            }
            if path not in state.base_files:
                entry["status"] = "added"
            if path not in state.head_files:
                entry["status"] = "removed"
            if path in state.without_patch:
                del entry["patch"]
            found.append(entry)
        return Reply(200, found[(page - 1) * size : page * size])

    def _tree(self, digest: str, query: dict[str, list[str]]) -> Reply:
        found = next(
            ((oid, it) for oid in self.state.trees for it in [self._folders(oid)] if digest in it.values()), None
        )
        if found is None:
            return Reply(404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest"})
        commit, directories = found
        files = self.state.trees[commit]
        directory = next(name for name, known in directories.items() if known == digest)
        entries = self._entries(files, directory, directories)
        recursive = "recursive" in query
        if recursive:
            for name in (it for it in directories if it and it != directory):
                entries |= self._entries(files, name, directories, name)
        cut = self.state.truncated and recursive
        listed = [*entries.values()][: 1 if cut else None]
        return Reply(200, {"sha": digest, "url": "https://x.example/tree", "tree": listed, "truncated": cut})

    def _folders(self, commit: str) -> dict[str, str]:
        """The folders of a commit and their ids; the root has that of the commit."""
        names = {name for path in self.state.trees[commit] for name in _directories(path)}
        return {"": commit} | {name: _digest(b"tree", f"{commit}:{name}".encode()) for name in sorted(names)}

    def _entries(
        self, files: dict[str, bytes], directory: str, directories: dict[str, str], above: str = ""
    ) -> dict[str, dict[str, str]]:
        """What lies in a directory, by path; told from `above`, the root of a listing that goes all the way down."""
        entries = {}
        for path, content in files.items():
            prefix = f"{directory}/" if directory else ""
            if path.startswith(prefix):
                name, _, below = path.removeprefix(prefix).partition("/")
                mode = "040000" if below else self.state.modes.get(path, "100644")
                sha = directories[prefix + name] if below else _digest(b"blob", content)
                told = f"{above}/{name}" if above else name
                entries[told] = {"path": told, "mode": mode, "type": "tree" if below else "blob", "sha": sha}
        return entries

    def _blob(self, digest: str) -> Reply:
        for content in (it for files in self.state.trees.values() for it in files.values()):
            if _digest(b"blob", content) == digest:
                text = base64.encodebytes(content).decode()
                blob = {"sha": digest, "node_id": "x", "size": len(content), "url": "https://x.example/blob"}
                return Reply(200, {**blob, "content": text, "encoding": "base64"})
        return Reply(404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest"})

    def _new_review(self, body: dict[str, Any]) -> Reply:
        if body.get("event") == "COMMENT" and not body.get("body"):
            return _unprocessable("Review Can not be blank")
        if len(body.get("body", "")) > 65_536:
            return _unprocessable("Body is too long (maximum is 65536 characters)")
        if body.get("commit_id") != self.state.head:
            return _unprocessable("commit_id is not part of the pull request")
        for comment in body.get("comments", ()):
            fault = self._anchor_fault(comment)
            if fault:
                return _unprocessable(fault)
        made = [Comment(it["body"], it["path"], it["line"], it.get("start_line")) for it in body.get("comments", ())]
        self.state.reviews.append(Review(body["body"], comments=made))
        return Reply(200, self._review(len(self.state.reviews), body["body"]))

    def _changed_review(self, number: str, body: dict[str, Any]) -> Reply:
        self.state.reviews[int(number) - 1].body = body["body"]
        return Reply(200, self._review(int(number), body["body"]))

    def _review(self, number: int, body: str) -> dict[str, Any]:
        url = f"https://github.example/acme/infra/pull/7#pullrequestreview-{number}"
        return {**example("pull-request-review"), "id": number, "body": body, "state": "COMMENTED", "html_url": url}

    def _new_comment(self, body: dict[str, Any]) -> Reply:
        if body.get("subject_type") != "file" or self._shown(body["path"]) is None:
            return _invalid("path", "Pull request review thread path is invalid and diff hunk can't be blank")
        self.state.file_comments.append(Comment(body["body"], body["path"], None))
        made = {**example("pull-request-review-comment"), "body": body["body"], "path": body["path"]}
        return Reply(201, {**made, "subject_type": "file"})

    def _edited_comment(self, number: str, body: dict[str, Any]) -> Reply:
        comment = self.state.comments[int(number)]
        comment.body = body["body"]
        return Reply(200, {**example("pull-request-review-comment"), "body": comment.body, "path": comment.path})

    def _anchor_fault(self, comment: dict[str, Any]) -> str:
        shown = self._shown(comment["path"])
        if shown is None:
            return "Pull request review thread path is invalid and diff hunk can't be blank"
        start, line = comment.get("start_line", comment["line"]), comment["line"]
        if "start_line" in comment and start >= line:
            return "Pull request review thread start line must precede the end line."
        if not any(first <= line <= last for first, last in shown):
            return "Pull request review thread line must be part of the diff"
        if not any(first <= start and line <= last for first, last in shown):
            return "Pull request review thread start line must be part of the same hunk as the line."
        return ""

    def _shown(self, path: str) -> list[tuple[int, int]] | None:
        """The lines of the head that each hunk shows; None where the path is not in the diff, or was removed."""
        state = self.state
        if path not in state.head_files or state.head_files[path] == state.base_files.get(path):
            return None
        found = re.findall(
            r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", "" if path in state.without_patch else state.patch(path), re.MULTILINE
        )
        return [(int(first), int(first) + int(count or 1) - 1) for first, count in found]

    def _graphql(self, document: str, variables: dict[str, Any]) -> Reply:
        if document in (ISSUES, TALK, OWNERS):
            assert (variables["owner"], variables["name"]) == ("acme", "infra")
            return Reply(200, {"data": {"repository": self.state.desk.query(document, variables)}})
        if document == CONVERSATION:
            assert (variables["owner"], variables["name"], variables["number"]) == ("acme", "infra", 7)
            return Reply(200, {"data": {"repository": {"pullRequest": self._conversation(variables["after"])}}})
        if document.startswith("query") and "object(oid" in document:
            return self._blobs(document, variables)
        if document in (COMMIT, BRANCH, COMPANIONS):
            return {COMMIT: self._commit, BRANCH: self._branch, COMPANIONS: self._companions}[document](variables)
        assert document == HIDE
        if self.state.read_only or self.state.refuse_hiding:
            error = {"type": "FORBIDDEN", "message": "Resource not accessible by integration"}
            return Reply(200, {"data": {"minimizeComment": None}, "errors": [error]})
        self.state.comments[int(variables["id"].removeprefix("PRRC_"))].minimized = True
        return Reply(200, {"data": {"minimizeComment": {"minimizedComment": {"isMinimized": True}}}})

    def _ref(self, repository: str, name: str) -> Ref | None:
        """A branch as it is now; that of the pull request may have moved on."""
        state = self.state
        if repository == state.fork and name == state.head_branch:
            return Ref(state.moved_to or state.head, state.head_files, state.message)
        if repository != "acme/infra":
            return None
        return Ref(BASE_TIP, state.base_files) if name == "main" else state.refs.get(name)

    def _branch(self, variables: dict[str, Any]) -> Reply:
        name = variables["branch"].removeprefix("refs/heads/")
        ref = self._ref(f"{variables['owner']}/{variables['name']}", name)
        url = "https://github.example/acme/infra/commit/x"
        target = None if ref is None else {"target": {"oid": ref.oid, "url": url, "message": ref.message}}
        return Reply(200, {"data": {"repository": {"ref": target}}})

    def _commit(self, variables: dict[str, Any]) -> Reply:
        """Refused as GitHub does: rights first, then rules, then whether the branch is where it should be."""
        state, given = self.state, variables["input"]
        faults = input_faults("CreateCommitOnBranchInput", given)
        state.broken += faults
        repository, name = given["branch"]["repositoryNameWithOwner"], given["branch"]["branchName"]
        ref = self._ref(repository, name)
        if faults:
            return _errors("UNPROCESSABLE", faults[0])
        if state.read_only or not state.may_commit or (repository != "acme/infra" and not state.may_edit):
            return _errors("FORBIDDEN", "Resource not accessible by integration")
        if ref is None:
            return _errors("NOT_FOUND", f"Could not resolve to a branch with the name '{name}'.")
        if name in state.protected:
            return _errors("UNPROCESSABLE", "Repository rule violations found: Cannot update this protected ref.")
        if given["expectedHeadOid"] != ref.oid:
            words = f'Expected branch to point to "{ref.oid}" but it did not. Pull and try again.'
            return _errors("STALE_DATA", words)
        return self._committed(ref, given)

    def _committed(self, ref: Ref, given: dict[str, Any]) -> Reply:
        state, message = self.state, f"{given['message']['headline']}\n\n{given['message'].get('body', '')}"
        added = {it["path"]: base64.b64decode(it["contents"]) for it in given["fileChanges"]["additions"]}
        gone = {it["path"] for it in given["fileChanges"].get("deletions", ())}
        files = {path: content for path, content in (ref.files | added).items() if path not in gone}
        oid = _digest(b"commit", json.dumps([ref.oid, message, sorted(added), len(state.requests)]).encode())
        state.checks.commits.add(oid)
        if given["branch"]["branchName"] == state.head_branch:
            state.head, state.head_files, state.message = oid, files, message
        else:
            state.refs[given["branch"]["branchName"]] = Ref(oid, files, message)
        made = {"commit": {"oid": oid, "url": f"https://github.example/acme/infra/commit/{oid}"}}
        return Reply(200, {"data": {"createCommitOnBranch": made}})

    def _companions(self, variables: dict[str, Any]) -> Reply:
        base = variables["base"]
        assert variables["ref"] == f"refs/heads/{base}"
        tip = self._ref("acme/infra", base)
        found: dict[str, Any] = {"ref": None if tip is None else {"target": {"oid": tip.oid}}}
        for state, first in (("open", int(variables.get("after") or 0)), ("closed", 0)):
            listed = [it for it in self.state.beside if (it.state, it.base) == (state, base)]
            page = {"hasNextPage": len(listed) > first + 100, "endCursor": str(first + 100)}
            found[state] = {"pageInfo": page, "nodes": [self._node(it) for it in listed[first : first + 100]]}
        return Reply(200, {"data": {"repository": found}})

    def _node(self, one: Beside) -> dict[str, Any]:
        ref = self.state.refs.get(one.branch)
        return {
            "number": one.number,
            "url": f"https://github.example/acme/infra/pull/{one.number}",
            "body": one.body,
            "headRefName": one.branch,
            "headRefOid": ref.oid if ref else "0" * 40,
            "isCrossRepository": False,
            "viewerDidAuthor": one.mine,
        }

    def _new_ref(self, body: dict[str, Any]) -> Reply:
        state, name = self.state, body["ref"].removeprefix("refs/heads/")
        if not state.may_commit:
            return Reply(403, {"message": "Resource not accessible by integration", "documentation_url": "https://x"})
        if name in state.refs or name in ("main", state.head_branch):
            return Reply(422, {"message": "Reference already exists", "documentation_url": "https://x"})
        if body["sha"] not in state.trees:
            return Reply(422, {"message": "Object does not exist", "documentation_url": "https://x"})
        state.refs[name] = Ref(body["sha"], dict(state.trees[body["sha"]]))
        made = {"type": "commit", "sha": body["sha"], "url": "https://x.example/commit"}
        return Reply(201, {**example("git-ref"), "ref": body["ref"], "object": made})

    def _new_pull(self, body: dict[str, Any]) -> Reply:
        state = self.state
        if not state.may_open:
            words = "GitHub Actions is not permitted to create or approve pull requests."
            return Reply(403, {"message": words, "documentation_url": "https://x"})
        if any((it.branch, it.state) == (body["head"], "open") for it in state.beside):
            return _invalid("head", f"A pull request already exists for acme:{body['head']}.")
        ref = state.refs.get(body["head"])
        if ref is None or ref.files == state.base_files:
            return _invalid("head", f"No commits between {body['base']} and {body['head']}")
        if len(body["body"]) > 65_536:
            return _invalid("body", "body is too long (maximum is 65536 characters)")
        number = 8 + len(state.beside)
        state.beside.append(Beside(number, body["head"], body["base"], body["title"], body["body"]))
        return Reply(201, self._whole(state.beside[-1]))

    def _changed_pull(self, number: str, body: dict[str, Any]) -> Reply:
        one = next(it for it in self.state.beside if it.number == int(number))
        one.title, one.body = body.get("title", one.title), body.get("body", one.body)
        return Reply(200, self._whole(one))

    def _whole(self, one: Beside) -> dict[str, Any]:
        pull: dict[str, Any] = json.loads(json.dumps(example("pull-request")))
        url = f"https://github.example/acme/infra/pull/{one.number}"
        return {**pull, "number": one.number, "html_url": url, "body": one.body, "requested_teams": []}

    def _simple(self, one: Beside) -> dict[str, Any]:
        [whole] = json.loads(json.dumps(example("pull-request-simple-items")))
        return {**whole, "number": one.number, "state": one.state.replace("merged", "closed"), "requested_teams": []}

    def _files_beside(self, number: str, _query: dict[str, list[str]]) -> Reply:
        one = next(it for it in self.state.beside if it.number == int(number))
        files = self.state.refs[one.branch].files
        changed = [path for path in sorted(files) if files[path] != self.state.base_files.get(path)]
        return Reply(200, [{**example("diff-entry-items")[0], "filename": it, "status": "modified"} for it in changed])

    def _blobs(self, document: str, variables: dict[str, Any]) -> Reply:
        ids = [variables[f"id{index}"] for index in range(len(variables) - 2)]
        assert document == blobs(len(ids)), "the document that was validated, for so many"
        known = {_digest(b"blob", it): it for files in self.state.trees.values() for it in files.values()}
        return Reply(200, {"data": {"repository": {f"blob{i}": _text_of(known.get(it)) for i, it in enumerate(ids)}}})

    def _conversation(self, after: str | None) -> dict[str, Any]:
        first = int(after or 0)
        threads = [
            {
                "isResolved": it.resolved,
                "isOutdated": it.outdated,
                "comments": {
                    "nodes": [
                        {
                            "id": f"PRRC_{index}",
                            "fullDatabaseId": str(index),
                            "body": it.body,
                            "viewerDidAuthor": it.mine,
                            "isMinimized": it.minimized,
                        }
                    ]
                },
            }
            for index, it in enumerate(self.state.comments)
        ]
        reviews = [
            {
                "fullDatabaseId": str(number),
                "body": it.body,
                "viewerDidAuthor": it.mine,
                "url": f"https://x.example/{number}",
            }
            for number, it in enumerate(self.state.reviews, 1)
        ]
        page = {"hasNextPage": len(threads) > first + 100, "endCursor": str(first + 100)}
        return {
            "headRefOid": self.state.moved_to or self.state.head,
            "reviews": {"nodes": reviews[-100:]},
            "reviewThreads": {"pageInfo": page, "nodes": threads[first : first + 100]},
        }


@contextmanager
def serving(state: PullRequestState, github: GitHub | None = None) -> Iterator[str]:
    """The stand-in on a free port of the loopback interface: its REST address."""
    answering = github or GitHub(state)

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size)) if size else None
            reply = answering.reply(self.command, self.path, self.headers.get("Authorization", ""), body)
            if reply.status == 0:
                return  # the connection ends without an answer
            content = json.dumps(reply.body).encode()
            self.send_response(reply.status)
            for name, value in (
                ("Content-Type", "application/json"),
                ("Content-Length", str(len(content))),
                *reply.headers,
            ):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 - the names that http.server calls

        def log_message(self, *_: object) -> None:
            """Say nothing: a test reads the state."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}{PREFIX}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _directories(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[: index + 1]) for index in range(len(parts))]


def _digest(kind: bytes, content: bytes) -> str:
    """The id as git makes it."""
    return hashlib.sha1(b"%s %d\0" % (kind, len(content)) + content, usedforsecurity=False).hexdigest()


def _text_of(content: bytes | None) -> dict[str, Any] | None:
    """A blob as GraphQL gives it: no text for what is not UTF-8."""
    if content is None:
        return None
    try:
        return {"text": content.decode(), "isTruncated": False}
    except UnicodeDecodeError:
        return {"text": None, "isTruncated": False}


def _errors(kind: str, message: str) -> Reply:
    return Reply(200, {"data": {"createCommitOnBranch": None}, "errors": [{"type": kind, "message": message}]})


def _unprocessable(*errors: str) -> Reply:
    return Reply(
        422, {"message": "Unprocessable Entity", "errors": list(errors), "documentation_url": "https://x.example"}
    )


def _invalid(field_name: str, message: str) -> Reply:
    error = {"resource": "PullRequestReviewComment", "field": field_name, "code": "custom", "message": message}
    return Reply(422, {"message": "Validation Failed", "errors": [error], "documentation_url": "https://x.example"})
