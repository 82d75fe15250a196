"""The part of the stand-in for GitHub that has issues, labels, teams, rights and CODEOWNERS."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from github_contract import example

from remedy_gate.reporting.github_queries import ISSUES, OWNERS, TALK

NOT_FOUND = {"message": "Not Found", "documentation_url": "https://docs.github.com/rest"}
NOT_OURS = {"message": "Resource not accessible by integration", "documentation_url": "https://docs.github.com/rest"}
MEMBERS = "that reads members"
PAGE = 100
REPO = "/repos/acme/infra"


@dataclass
class IssueComment:
    login: str
    body: str
    at: str
    edited: str | None = None
    kind: str = "User"
    mine: bool = False
    hidden: bool = False


@dataclass
class IssueState:
    title: str
    body: str
    at: str
    labels: list[str] = field(default_factory=list)
    assignees: list[str] = field(default_factory=list)
    is_open: bool = True
    reason: str | None = None
    edited: str | None = None
    mine: bool = True
    comments: list[IssueComment] = field(default_factory=list)
    events: list[tuple[str, str, str, str]] = field(default_factory=list)  # label, login, kind, moment

    def put(self, label: str, login: str, at: str, kind: str = "User") -> None:
        self.labels.append(label)
        self.events.append((label, login, kind, at))


@dataclass
class PullState:
    author: str
    base: str = "main"
    committers: tuple[str, ...] = ()


@dataclass
class IssueDesk:
    """What people see and do. `teams` are who is in which, with `active` or `pending`; `members`: by whose token alone."""

    issues: list[IssueState] = field(default_factory=list)
    teams: dict[str, dict[str, str]] = field(default_factory=dict)
    permissions: dict[str, str] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    pulls: dict[int, PullState] = field(default_factory=dict)
    commits: dict[str, tuple[str, list[int]]] = field(default_factory=dict)
    unassignable: set[str] = field(default_factory=set)
    renamed: dict[str, str] = field(default_factory=dict)  # when a label got the name
    page: int = 1
    drops_labels: bool = False
    guards_members: bool = False
    clock: float = field(default_factory=lambda: time.time() - 3600)

    def now(self) -> str:
        """The next second."""
        self.clock += 1
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.clock))

    def says(self, login: str, body: str, number: int = 1, **more: Any) -> IssueComment:
        """A person writes a comment."""
        comment = IssueComment(login, body, self.now(), **more)
        self.issues[number - 1].comments.append(comment)
        return comment

    def labels(self, login: str, label: str, number: int = 1, kind: str = "User") -> None:
        """A person puts a label on an issue."""
        self.issues[number - 1].put(label, login, self.now(), kind)

    def renames(self, label: str, name: str) -> None:
        """A person gives a label another name: GitHub shows it under that one wherever it ever was put."""
        self.renamed[name] = self.now()
        for issue in self.issues:
            issue.labels = [name if one == label else one for one in issue.labels]
            issue.events = [(name if it[0] == label else it[0], *it[1:]) for it in issue.events]

    def reply(self, verb: str, path: str, body: Any, token: str) -> tuple[int, Any]:
        """Status and answer; status 0 for what is not of this part."""
        routes: tuple[tuple[str, str, Callable[..., tuple[int, Any]]], ...] = (
            ("POST", rf"{REPO}/issues", self._opened),
            ("PATCH", rf"{REPO}/issues/(\d+)", self._changed),
            ("POST", rf"{REPO}/issues/(\d+)/comments", self._commented),
            ("GET", rf"{REPO}/collaborators/([\w-]+)/permission", self._permission),
            ("GET", r"/orgs/([\w-]+)/teams/([\w.-]+)", self._team),
            ("GET", r"/orgs/([\w-]+)/teams/([\w.-]+)/memberships/([\w-]+)", self._membership),
            ("GET", rf"{REPO}/pulls/(\d+)", self._pull),
            ("GET", rf"{REPO}/pulls/(\d+)/commits", self._commits),
            ("GET", rf"{REPO}/commits/([0-9a-f]+)", self._commit),
            ("GET", rf"{REPO}/commits/([0-9a-f]+)/pulls", self._pulls_of),
        )
        asked = urlsplit(path)
        self.page = int(parse_qs(asked.query).get("page", ["1"])[0])
        for route_verb, pattern, operation in routes:
            found = re.fullmatch(pattern, asked.path)
            if found and route_verb == verb:
                if path.startswith("/orgs/") and self.guards_members and MEMBERS not in token:
                    return 403, NOT_OURS
                return operation(*found.groups(), *([body] if verb != "GET" else []))
        return 0, None

    def query(self, document: str, variables: dict[str, Any]) -> dict[str, Any]:
        """The repository, as GraphQL gives it."""
        if document == OWNERS:
            return {key: self._blob(variables[key]) for key in ("hidden", "root", "docs")}
        if document == ISSUES:
            [label] = variables["labels"]
            nodes = [self._node(number) for number, it in enumerate(self.issues, 1) if label in it.labels]
            return {"issues": _page(nodes, variables["after"])}
        assert document == TALK
        number = variables["number"]
        if number > len(self.issues):
            return {"issue": None}
        issue = self.issues[number - 1]
        comments = [self._comment(number, index) for index in range(len(issue.comments))]
        events = [self._event(number, index, *event) for index, event in enumerate(issue.events)]
        talk = {
            "labels": {"nodes": [{"name": label} for label in issue.labels]},
            "comments": _page(comments, variables["comments"]),
            "timelineItems": _page(events, variables["events"]),
        }
        return {"issue": {**self._node(number), **talk}}

    def _event(self, number: int, index: int, name: str, login: str, kind: str, at: str) -> dict[str, Any]:
        actor = {"__typename": kind, "login": login} if login else None
        label = {"name": name, "updatedAt": self.renamed.get(name, "2020-01-01T00:00:00Z")}
        return {"id": f"LE_{number}_{index}", "createdAt": at, "label": label, "actor": actor}

    def _node(self, number: int) -> dict[str, Any]:
        issue = self.issues[number - 1]
        return {
            "number": number,
            "state": "OPEN" if issue.is_open else "CLOSED",
            "title": issue.title,
            "body": issue.body,
            "url": f"https://github.example/acme/infra/issues/{number}",
            "createdAt": issue.at,
            "lastEditedAt": issue.edited,
            "viewerDidAuthor": issue.mine,
            "author": {"__typename": "Bot", "login": "gate"} if issue.mine else {"__typename": "User", "login": "eve"},
        }

    def _comment(self, number: int, index: int) -> dict[str, Any]:
        it = self.issues[number - 1].comments[index]
        return {
            "url": f"https://github.example/acme/infra/issues/{number}#issuecomment-{index + 1}",
            "body": it.body,
            "createdAt": it.at,
            "lastEditedAt": it.edited,
            "isMinimized": it.hidden,
            "viewerDidAuthor": it.mine,
            "author": {"__typename": it.kind, "login": it.login} if it.login else None,
        }

    def _blob(self, expression: str) -> dict[str, Any] | None:
        text = self.owners.get(expression)
        return None if text is None else {"text": text, "isTruncated": False}

    def _opened(self, body: dict[str, Any]) -> tuple[int, Any]:
        wrong = [it for it in body.get("assignees", ()) if it in self.unassignable]
        if wrong:
            error = {"value": wrong[0], "resource": "Issue", "field": "assignees", "code": "invalid"}
            return 422, {"message": "Validation Failed", "errors": [error], "documentation_url": "https://x.example"}
        labels = [] if self.drops_labels else list(body.get("labels", ()))
        made = IssueState(body["title"], body["body"], self.now(), labels, list(body.get("assignees", ())))
        self.issues.append(made)
        return 201, self._whole(len(self.issues))

    def _changed(self, number: str, body: dict[str, Any]) -> tuple[int, Any]:
        issue = self.issues[int(number) - 1]
        if "body" in body and body["body"] != issue.body:
            issue.edited = self.now()
        issue.title, issue.body = body.get("title", issue.title), body.get("body", issue.body)
        issue.is_open = body.get("state", "open" if issue.is_open else "closed") == "open"
        issue.reason = body.get("state_reason", issue.reason)
        return 200, self._whole(int(number))

    def _commented(self, number: str, body: dict[str, Any]) -> tuple[int, Any]:
        self.issues[int(number) - 1].comments.append(
            IssueComment("gate", body["body"], self.now(), kind="Bot", mine=True)
        )
        return 201, {**example("issue-comment"), "body": body["body"]}

    def _whole(self, number: int) -> dict[str, Any]:
        issue, whole = self.issues[number - 1], json.loads(json.dumps(example("issue")))
        [label, *_] = whole["labels"]
        whole.update(number=number, title=issue.title, body=issue.body, created_at=issue.at)
        whole.update(html_url=f"https://github.example/acme/infra/issues/{number}")
        whole.update(state="open" if issue.is_open else "closed")
        whole.pop("state_reason", None)  # null by its words, and not by its list of values
        whole.update(labels=[{**label, "name": name} for name in issue.labels])
        return dict(whole)

    def _permission(self, login: str) -> tuple[int, Any]:
        if login not in self.permissions:
            return 404, NOT_FOUND
        whole = example("repository-collaborator-permission-response-if-user-has-admin-permissions")
        user = {**whole["user"], "login": login, "role_name": self.permissions[login]}
        return 200, {**whole, "permission": self.permissions[login], "user": user}

    def _team(self, organisation: str, team: str) -> tuple[int, Any]:
        if f"{organisation}/{team}" not in self.teams:
            return 404, NOT_FOUND
        whole = example("team-full")  # which lacks what its own schema asks for
        return 200, {**whole, "type": "organization", "organization": {**whole["organization"], "archived_at": None}}

    def _membership(self, organisation: str, team: str, login: str) -> tuple[int, Any]:
        state = self.teams.get(f"{organisation}/{team}", {}).get(login)
        whole = example("team-membership-response-if-user-is-a-team-maintainer")
        return (404, NOT_FOUND) if state is None else (200, {**whole, "state": state})

    def _pull(self, number: str) -> tuple[int, Any]:
        pull = self.pulls.get(int(number))
        if pull is None:
            return 0, None
        whole = json.loads(json.dumps(example("pull-request")))
        whole.update(number=int(number), requested_teams=[])
        whole["user"]["login"], whole["base"]["ref"] = pull.author, pull.base
        return 200, whole

    def _commits(self, number: str) -> tuple[int, Any]:
        [whole] = json.loads(json.dumps(example("commit-items")))
        committers = self.pulls[int(number)].committers[(self.page - 1) * PAGE : self.page * PAGE]
        return 200, [{**whole, "author": {**whole["author"], "login": it}, "committer": {}} for it in committers]

    def _commit(self, sha: str) -> tuple[int, Any]:
        if sha not in self.commits:
            return 404, NOT_FOUND
        whole = json.loads(json.dumps(example("commit")))
        whole["author"]["login"] = whole["committer"]["login"] = self.commits[sha][0]
        whole["files"] = []
        return 200, whole

    def _pulls_of(self, sha: str) -> tuple[int, Any]:
        if sha not in self.commits:
            return 0, None
        [whole] = json.loads(json.dumps(example("pull-request-simple-items")))
        whole.update(requested_teams=[])
        found = [(number, self.pulls[number].author) for number in self.commits[sha][1]]
        return 200, [{**whole, "number": it, "user": {**whole["user"], "login": author}} for it, author in found]


def _page(nodes: list[Any], after: str | None) -> dict[str, Any]:
    first = int(after or 0)
    cursor = str(min(first + PAGE, len(nodes))) if nodes[first:] else None
    return {
        "pageInfo": {"hasNextPage": len(nodes) > first + PAGE, "endCursor": cursor},
        "nodes": nodes[first : first + PAGE],
    }
