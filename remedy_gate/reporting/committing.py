"""Put files on a branch as one commit that GitHub signs, if the branch is still where it was seen."""

from __future__ import annotations

from base64 import b64encode
from typing import NamedTuple, TypeAlias

from remedy_gate.domain.patch import FilePatch

from .commit_message import Message, mark_in
from .github_api import Answer, Api
from .github_queries import BRANCH, COMMIT
from .json_value import Reader

_ATTEMPTS = 3
_STALE_WORDS = "expected branch to point to"


class Branch(NamedTuple):
    """A branch of a repository (`owner/name`), and the commit that it was seen at."""

    repository: str
    name: str
    head: str


class Tip(NamedTuple):
    """The commit at the end of a branch."""

    oid: str
    url: str
    message: str


class Committed(NamedTuple):
    """The commit that was made."""

    oid: str
    url: str


class NotCommitted(NamedTuple):
    """Nothing was committed, and why: a sentence. `is_stale`: the branch has moved on."""

    reason: str
    is_stale: bool = False


CommitOutcome: TypeAlias = Committed | NotCommitted


def tip_of(api: Api, repository: str, name: str) -> Tip | None:
    """The end of a branch; None where there is no such branch, or GitHub does not tell."""
    owner, _, short = repository.partition("/")
    answer = api.query(BRANCH, {"owner": owner, "name": short, "branch": f"refs/heads/{name}"})
    if not answer.is_good:
        return None
    ref = Reader(answer.data, "GitHub's answer").entry("repository").maybe_entry("ref")
    target = ref.maybe_entry("target") if ref is not None else None
    if target is None or not target.has("message"):
        return None
    return Tip(target.text("oid"), target.text("url"), target.text("message"))


def commit(api: Api, branch: Branch, files: tuple[FilePatch, ...], message: Message) -> CommitOutcome:
    """Commit the files, byte for byte. The expected head makes it safe to ask twice where no answer came."""
    additions = [{"path": it.path, "contents": b64encode(it.after).decode()} for it in files if it.before != it.after]
    fields = {
        "branch": {"repositoryNameWithOwner": branch.repository, "branchName": branch.name},
        "message": message.fields,
        "expectedHeadOid": branch.head,
        "fileChanges": {"additions": additions},
    }
    answer = Answer(0, None, "")
    for _ in range(_ATTEMPTS):
        answer = api.query(COMMIT, {"input": fields}, repeat=False)
        if answer.is_good:
            return _made(answer)
        if not answer.is_open and not _is_stale(answer):
            return _refused(branch, answer)
        tip = tip_of(api, branch.repository, branch.name)  # an answer may be lost where the commit was made
        if tip is not None and tip.oid != branch.head:
            return _moved(branch, tip, message)
        if _is_stale(answer):
            return NotCommitted(f"The branch {branch.name} has moved on: nothing was committed to it.", is_stale=True)
    return NotCommitted(f"GitHub did not take the commit to {branch.name}: {answer.message or answer.status}.")


def _moved(branch: Branch, tip: Tip, message: Message) -> CommitOutcome:
    mark, mine = mark_in(tip.message), mark_in(message.body)
    if mark is not None and mark == mine:
        return Committed(tip.oid, tip.url)
    words = f"The branch {branch.name} has moved on to {tip.oid[:10]}: nothing was committed to it."
    return NotCommitted(words, is_stale=True)


def _made(answer: Answer) -> CommitOutcome:
    made = Reader(answer.data, "GitHub's answer").entry("createCommitOnBranch").entry("commit")
    return Committed(made.text("oid"), made.text("url"))


def _is_stale(answer: Answer) -> bool:
    return answer.is_stale or _STALE_WORDS in answer.message.lower()


def _refused(branch: Branch, answer: Answer) -> NotCommitted:
    why = answer.message or str(answer.status)
    if answer.is_denied:
        return NotCommitted(
            f"The token may not commit to {branch.name} of {branch.repository} ({why}): give the job `contents: write`."
        )
    return NotCommitted(f"GitHub refused the commit to {branch.name}: {why}.")
