"""Who may answer, as GitHub says: who may write, who is in which team, who owns a file, and whose a change is."""

from __future__ import annotations

import re
from typing import NamedTuple

from remedy_gate.errors import ReportingError
from remedy_gate.policy.answering import Right
from remedy_gate.policy.code_owners import PLACES, Owners, code_owners, owners_of

from .github_api import Api, failure
from .github_queries import OWNERS
from .json_value import Reader

_WHERE = "GitHub's answer"
_LOGIN = re.compile(r"[\w-]+", re.ASCII)
_NOT_FOUND, _UNPROCESSABLE = 404, 422
_MOST_COMMITS = 250  # GitHub lists no more of a pull request
_MEMBERS = (
    "Who is in a team can only be read with `members: read` of the organisation, which GITHUB_TOKEN never has: give such a "
    "token as REMEDY_GATE_MEMBERS_TOKEN (docs/policy.md)."
)


class Change(NamedTuple):
    """The change for which a patch was asked about: a pull request, else a commit.

    Neither where a run on a schedule asked, which looks at what is there and is about nobody's change.
    """

    pull_request: int = 0
    commit: str = ""


class Subject(NamedTuple):
    """What an answer is about: the files of the patch, and the changes for which it was asked about."""

    files: tuple[str, ...]
    changes: tuple[Change, ...]


class Rules(NamedTuple):
    """Who may answer by the policy. `teams` are `organisation/team`."""

    teams: tuple[str, ...]
    code_owners: bool
    self_approval: bool


class People:
    """Asks GitHub about people, each thing once a run. Raises `ReportingError` where it does not answer.

    `members` asks about teams; it may have another token. Nobody is given a right because something could not be read.
    """

    __slots__ = ("_api", "_authors", "_bases", "_members", "_owners", "_rules", "_teams", "_writers")

    def __init__(self, api: Api, members: Api, rules: Rules) -> None:
        self._api = api
        self._members = members
        self._rules = rules
        self._writers: dict[str, bool] = {}
        self._teams: dict[tuple[str, str], bool] = {}
        self._owners: dict[str, tuple[Owners, ...]] = {}
        self._authors: dict[Change, frozenset[str] | None] = {}
        self._bases: dict[int, str] = {}

    def right(self, login: str, subject: Subject) -> Right:
        """What somebody may, in one question."""
        if not _LOGIN.fullmatch(login) or not self._may_write(login):
            return Right(may_write=False)
        through, because = self._through(login, subject)
        if not through:
            return Right(may_write=True, because=because)
        return Right(may_write=True, through=through, is_author=self._is_author(login, subject))

    def _may_write(self, login: str) -> bool:
        if login not in self._writers:
            answer = self._api.look(f"/collaborators/{login}/permission")
            if not answer.is_good and answer.status != _NOT_FOUND:
                raise failure(f"What {login} may do in {self._api.target.repository} could not be read", answer)
            # What GitHub calls maintain is `write` here, and triage is `read`.
            found = answer.is_good and Reader(answer.data, _WHERE).text("permission") in ("admin", "write")
            self._writers[login] = found
        return self._writers[login]

    def _through(self, login: str, subject: Subject) -> tuple[str, str]:
        """What gives the right; else why nothing does."""
        for team in self._rules.teams:
            if self._is_member(login, team):
                return f"member of {team}", ""
        if not self._rules.code_owners:
            return "", ""
        # Anybody who may write can make a branch with a CODEOWNERS that names them: the default branch has to agree.
        bases = dict.fromkeys(("HEAD", *(self._base(change) for change in subject.changes)))
        through: list[str] = []
        for base in bases:
            for file in subject.files:
                line = owners_of(file, self._lines(base))
                why = _no_owner(file, line)
                if why or line is None:
                    return "", why
                if login.lower() not in line.people and not any(
                    self._is_member(login, it) for it in sorted(line.teams)
                ):
                    return (
                        "",
                        f"they are in no team that may approve, and do not own {file} (CODEOWNERS, line {line.line})",
                    )
                through.append(f"owner of {file} (CODEOWNERS of {base}, line {line.line})")
        return "; ".join(through), "" if through else "the patch changes no file"

    def _is_member(self, login: str, team: str) -> bool:
        if (team, login) in self._teams:
            return self._teams[team, login]
        organisation, _, slug = team.partition("/")
        address = f"/orgs/{organisation}/teams/{slug}"
        if not any(known == team for known, _ in self._teams):
            self._see(team, address)
        answer = self._members.ask(f"{address}/memberships/{login}")
        if not answer.is_good and answer.status != _NOT_FOUND:
            raise failure(f"Whether {login} is in the team {team} could not be read", answer, _MEMBERS)
        self._teams[team, login] = answer.is_good and Reader(answer.data, _WHERE).text("state") == "active"
        return self._teams[team, login]

    def _see(self, team: str, address: str) -> None:
        """Make sure that the team is there for us: of one that is not, GitHub says that nobody is in it."""
        answer = self._members.ask(address)
        if answer.status == _NOT_FOUND:
            raise failure(f"There is no team {team}, or the token may not see it", answer, _MEMBERS)
        if not answer.is_good:
            raise failure(f"The team {team} could not be read", answer, _MEMBERS)

    def _base(self, change: Change) -> str:
        """The branch that a change goes into; `HEAD` is the default branch."""
        if not change.pull_request:
            return "HEAD"
        if change.pull_request not in self._bases:
            pull = Reader(self._api.read(f"/pulls/{change.pull_request}"), _WHERE)
            self._bases[change.pull_request] = pull.entry("base").text("ref")
        return self._bases[change.pull_request]

    def _lines(self, base: str) -> tuple[Owners, ...]:
        """CODEOWNERS of a branch: the first of its places where one is."""
        if base not in self._owners:
            owner, _, name = self._api.target.repository.partition("/")
            where = dict(zip(("hidden", "root", "docs"), (f"{base}:{place}" for place in PLACES), strict=True))
            answer = self._api.query(OWNERS, {"owner": owner, "name": name, **where})
            if not answer.is_good:
                raise failure(f"CODEOWNERS of {base} could not be read", answer)
            repository = Reader(answer.data, _WHERE).entry("repository")
            blob = next((found for key in where if (found := repository.maybe_entry(key)) is not None), None)
            text = blob.text("text") if blob is not None and blob.has("text") else ""
            if blob is not None and (not blob.has("text") or blob.flag("isTruncated")):
                raise ReportingError(f"CODEOWNERS of {base} is not a text, or too large to be read whole.")
            self._owners[base] = code_owners(text)
        return self._owners[base]

    def _is_author(self, login: str, subject: Subject) -> bool | None:
        """Whether any of the changes is theirs; None where that cannot be told."""
        if self._rules.self_approval:
            return False
        authors = [self._authors_of(change) for change in subject.changes]
        if any(login.lower() in known for known in authors if known is not None):
            return True
        return None if not authors or None in authors else False

    def _authors_of(self, change: Change) -> frozenset[str] | None:
        """Who opened the pull request, and who wrote or committed anything in it; else who made the commit.

        None where GitHub does not list all of it.
        """
        if change not in self._authors:
            number, commit = change
            self._authors[change] = (
                self._of_pull(number) if number else self._of_commit(commit) if commit else frozenset()
            )
        return self._authors[change]

    def _of_pull(self, number: int) -> frozenset[str] | None:
        commits = tuple(self._api.pages(f"/pulls/{number}/commits"))
        if len(commits) >= _MOST_COMMITS:
            return None
        opened = _logins(self._api.read(f"/pulls/{number}"), "user")
        return opened.union(*(_logins(commit, "author", "committer") for commit in commits))

    def _of_commit(self, commit: str) -> frozenset[str] | None:
        if not re.fullmatch(r"[0-9a-f]{40,64}", commit):
            return None
        answer = self._api.look(f"/commits/{commit}")
        if answer.status in (_NOT_FOUND, _UNPROCESSABLE):
            return None  # it was thrown away since
        if not answer.is_good:
            raise failure(f"Who made the commit {commit[:12]} could not be read", answer)
        pulls = self._api.read(f"/commits/{commit}/pulls")
        opened = (_logins(pull, "user") for pull in (pulls if isinstance(pulls, list) else ()))
        return _logins(answer.data, "author", "committer").union(*opened)


def _logins(value: object, *keys: str) -> frozenset[str]:
    """The logins at keys of an object, in lower case. GitHub knows none where a mail address belongs to no account."""
    found = Reader(value, _WHERE)
    people = (found.entry(key) for key in keys if found.has(key))
    return frozenset(who.text("login").lower() for who in people if who.has("login"))


def _no_owner(file: str, line: Owners | None) -> str:
    if line is None:
        return f"they are in no team that may approve, and no line of CODEOWNERS says who owns {file}"
    if line.fault:
        return f"line {line.line} of CODEOWNERS, which says who owns {file}, is wrong: {line.fault}"
    return "" if line.people or line.teams else f"nobody owns {file} (CODEOWNERS, line {line.line})"
