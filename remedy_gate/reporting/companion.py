"""Propose patches in a pull request of our own: one for each origin, kept up to date, never again once it was closed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from remedy_gate.domain.patch import FilePatch
from remedy_gate.domain.seams import Tree

from .commit_message import Message, mark_in
from .committing import Branch, NotCommitted, Tip, commit, tip_of
from .companion_text import CompanionMark, Words, companion_mark_in
from .github_api import Answer, Api
from .github_queries import COMPANIONS
from .json_value import Reader
from .marker import same_words

PREFIX = "remedy-gate/"
_ATTEMPTS = 3
_MOST_PAGES = 20


class Companion(NamedTuple):
    """A pull request of ours."""

    number: int
    url: str
    branch: str
    body: str
    mark: CompanionMark


class Known(NamedTuple):
    """The end of a base branch, and our pull requests that are for it: those that are open, and that people closed."""

    base: str
    tip: str
    open: tuple[Companion, ...]
    closed: tuple[Companion, ...]


class Proposed(NamedTuple):
    """The pull request that has the patches. `what` happened to it now: opened, updated or nothing."""

    number: int
    url: str
    branch: str
    what: str


class NotProposed(NamedTuple):
    """There is no pull request, and why: a sentence. `is_settled`: that is as people want it."""

    reason: str
    is_settled: bool = False


Proposal: TypeAlias = Proposed | NotProposed


class Offer(NamedTuple):
    """What is to be proposed: files as they become, the commit's message, and the words of the pull request."""

    files: tuple[FilePatch, ...]
    message: Message
    words: Words
    mark: CompanionMark


def known_companions(api: Api, base: str) -> Known | None:
    """What GitHub knows of our pull requests to a branch; None where the branch is not there or GitHub does not tell.

    Of open ones every page is read: ours may stand behind those of others, and must not be opened a second time.
    """
    owner, _, name = api.target.repository.partition("/")
    variables: dict[str, object] = {"owner": owner, "name": name, "base": base, "ref": f"refs/heads/{base}"}
    opened: list[Companion] = []
    for _ in range(_MOST_PAGES):
        answer = api.query(COMPANIONS, variables)
        if not answer.is_good:
            return None
        found = Reader(answer.data, "GitHub's answer").entry("repository")
        ref, listed = found.maybe_entry("ref"), found.entry("open")
        if ref is None:
            return None
        opened += _ours(listed)
        page = listed.entry("pageInfo")
        if not page.flag("hasNextPage"):
            return Known(base, ref.entry("target").text("oid"), tuple(opened), tuple(_ours(found.entry("closed"))))
        variables["after"] = page.text("endCursor")
    return None


def propose(api: Api, offer: Offer, known: Known, tree: Tree) -> Proposal:
    """Have one pull request with these files. `tree` is the end of the base branch, on which they were proven."""
    mine = next((one for one in known.open if one.mark.origin == offer.mark.origin), None)
    if mine is None:
        return _opened(api, offer, known)
    if mine.mark.digest != offer.mark.digest:
        refused = _recommitted(api, offer, mine, tree)
        if refused:
            return NotProposed(refused)
    elif same_words(mine.body, offer.words.body):
        return Proposed(mine.number, mine.url, mine.branch, "nothing")
    answer = api.write("PATCH", f"/pulls/{mine.number}", {"title": offer.words.title, "body": offer.words.body})
    if not answer.is_good:
        return NotProposed(f"The pull request #{mine.number} could not be updated: {answer.message or answer.status}.")
    return Proposed(mine.number, mine.url, mine.branch, "updated")


def _recommitted(api: Api, offer: Offer, mine: Companion, tree: Tree) -> str:
    """Make the branch hold these files and no other changes; the reason why not, empty where it does."""
    repository = api.target.repository
    tip = tip_of(api, repository, mine.branch)
    if tip is None or mark_in(tip.message) is None:
        return f"The branch {mine.branch} of #{mine.number} has commits of others, and is left to them."
    paths = {file.path for file in offer.files}
    restored = []
    for item in api.pages(f"/pulls/{mine.number}/files"):
        path = Reader(item, "GitHub's answer").text("filename")
        content = tree.read(path) if path not in paths else None
        if content is not None:
            restored.append(FilePatch(path, b"", content))
        elif path not in paths:
            return f"#{mine.number} has made {path}, which cannot be taken back: close it to have a new one."
    branch = Branch(repository, mine.branch, tip.oid)
    made = commit(api, branch, (*offer.files, *restored), offer.message)
    return made.reason if isinstance(made, NotCommitted) else ""


def _opened(api: Api, offer: Offer, known: Known) -> Proposal:
    name = f"{PREFIX}{offer.mark.digest[:12]}"
    found = _branch(api, name, offer, known)
    if found is not None:
        return found
    fields = {
        "title": offer.words.title,
        "head": name,
        "base": known.base,
        "body": offer.words.body,
        "maintainer_can_modify": True,
    }
    answer = Answer(0, None, "")
    for _ in range(_ATTEMPTS):
        answer = api.write("POST", "/pulls", fields)
        if answer.is_good:
            pull = Reader(answer.data, "GitHub's answer")
            return Proposed(pull.count("number"), pull.text("html_url"), name, "opened")
        again = known_companions(api, known.base) if answer.is_open else None  # an answer may be lost
        mine = next((one for one in again.open if one.mark == offer.mark), None) if again is not None else None
        if mine is not None:
            return Proposed(mine.number, mine.url, mine.branch, "opened")
        if not answer.is_open:
            break
    return NotProposed(_unopened(answer, name))


def _branch(api: Api, name: str, offer: Offer, known: Known) -> NotProposed | None:
    """Have a branch with exactly this commit on the base; None where it is so."""
    repository = api.target.repository
    answer, tip = _new_branch(api, name, known.tip)
    if answer.is_denied:
        return NotProposed(
            f"The token may not make a branch ({answer.message or answer.status}): give the job `contents: write`."
        )
    if not answer.is_good:  # it may be there, of a run whose answer was lost, or of a pull request that was closed
        if tip is None:
            return NotProposed(f"The branch {name} could not be made: {answer.message or answer.status}.")
        mark = mark_in(tip.message)
        if mark is not None and mark.digest == offer.mark.digest:
            return _closed_before(api, name)
        if tip.oid != known.tip:
            return NotProposed(f"There is a branch {name} with other contents: delete it.")
    made = commit(api, Branch(repository, name, known.tip), offer.files, offer.message)
    return NotProposed(made.reason) if isinstance(made, NotCommitted) else None


def _new_branch(api: Api, name: str, commit_id: str) -> tuple[Answer, Tip | None]:
    """Make a branch at a commit: GitHub's answer and, where that is not yes, what the branch is at."""
    answer = Answer(0, None, "")
    for _ in range(_ATTEMPTS):
        answer = api.write("POST", "/git/refs", {"ref": f"refs/heads/{name}", "sha": commit_id})
        tip = None if answer.is_good or answer.is_denied else tip_of(api, api.target.repository, name)
        if tip is not None or not answer.is_open:
            return answer, tip
    return answer, None


def _closed_before(api: Api, name: str) -> NotProposed | None:
    """Whether the branch had a pull request before, which is then not opened again."""
    owner = api.target.repository.partition("/")[0]
    listed = api.read("/pulls", {"state": "all", "head": f"{owner}:{name}", "per_page": 100})
    numbers = [Reader(item, "GitHub's answer").count("number") for item in listed] if isinstance(listed, list) else []
    if not numbers:
        return None
    return NotProposed(f"#{max(numbers)} had the same patches and is closed: it is not opened again.", is_settled=True)


def _unopened(answer: Answer, name: str) -> str:
    why = answer.message or str(answer.status)
    if "not permitted to create" in why:
        return (
            f"GitHub let no pull request be opened: {why} Allow it in the repository's settings (Actions, General), "
            f"or open one from the branch {name} by hand."
        )
    if answer.is_denied:
        return (
            f"The token may not open a pull request ({why}): give the job `pull-requests: write`. The branch is {name}."
        )
    return f"The pull request from {name} could not be opened: {why}."


def _ours(listed: Reader) -> Iterator[Companion]:
    """Those that we opened, on branches of ours; the mark in what others opened counts for nothing."""
    for node in listed.entries("nodes"):
        mark = companion_mark_in(node.text("body")) if node.flag("viewerDidAuthor") else None
        branch = node.text("headRefName")
        if mark is not None and branch.startswith(PREFIX) and not node.flag("isCrossRepository"):
            yield Companion(node.count("number"), node.text("url"), branch, node.text("body"), mark)
