"""Patches that wait for a person's yes: a queue that is nothing but what the ledger tells of requests and answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeAlias

from remedy_gate.domain.finding import Finding
from remedy_gate.domain.ledger import Entry, Memory, Record, TrackRecord
from remedy_gate.domain.patch import Patch
from remedy_gate.domain.proof import Proof
from remedy_gate.domain.remediation import Remediation
from remedy_gate.domain.seams import Ledger

from .canonical import Json, canonical, digest_of
from .entries import base_digest, entry, origin, proof_digest

REQUEST, APPROVAL, REJECTION, OUTCOME = "request", "approval", "rejection", "outcome"
KINDS = (REQUEST, APPROVAL, REJECTION, OUTCOME)
_SHOWN = ("finding", "address", "path", "origin_key", "at", "attachment")
REPAIRED = ("applied", "accepted", "merged")


class Asking(NamedTuple):
    """The change for which a patch was asked about. Texts are empty and the number 0 where the run did not know.

    With a repository alone it was a run on a schedule, which is about nobody's change.
    """

    repository: str = ""
    pull_request: int = 0
    commit: str = ""


class Waiting(NamedTuple):
    """A patch in the queue. `state` is waiting, approved, rejected or expired; `expires` is a day since 1970.

    `places` are the environments that it reaches: what is approved for one says nothing of another.

    `attachment` is the digest of what a person has to see: finding, diff and proof. `askings` are the changes for which
    it was asked about, each once; `asked` and `last` are when it was asked about first and last.
    """

    patch: str
    base: str
    proof: str
    finding: str
    address: str
    path: str
    origin: str
    asked: str
    attachment: str
    places: tuple[str, ...] = ()
    state: str = "waiting"
    by: str = ""
    expires: int = 0
    askings: tuple[Asking, ...] = ()
    last: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What an approval is bound to."""
        return self.patch, self.base, self.proof


def request(item: Remediation, at: str, seen: str, places: tuple[str, ...] = (), asking: Asking | None = None) -> Entry:
    """The entry that puts a patch into the queue, with what a person has to see as its attachment.

    Its id is that of patch, code, proof, change and day: however many runs ask for the same yes, it is asked for once a
    day, so that it shows whether anybody still asks.
    """
    assert item.patch is not None
    assert item.proof is not None
    resource, subject = item.match.resource, _subject(item.patch, item.proof)
    asking = asking or Asking()
    identifier = digest_of(canonical([REQUEST, subject, list(asking), at.partition("T")[0]]))[:32]
    body: dict[str, Json] = {
        **subject,
        "finding": item.finding.fingerprint,
        "control": item.finding.control or item.finding.rule_id,
        "address": resource.address if resource else "",
        "path": resource.path if resource else "",
        "origin": origin(item.patch),
        "places": list(places),
        **asking._asdict(),
    }
    return entry(REQUEST, at, identifier, body, seen)


class Answer(NamedTuple):
    """A person's yes or no. `kind` is approval or rejection; an approval holds until the end of the day `expires`.

    What was said in an issue has the addresses of the issue and of the comment, and what gave the right to say it.
    """

    kind: str
    by: str
    expires: int = 0
    reason: str = ""
    issue: str = ""
    comment: str = ""
    through: str = ""


def answer(waiting: Waiting, said: Answer, at: str, new_id: str) -> Entry:
    """The entry that answers a request."""
    body: dict[str, Json] = {
        "patch": waiting.patch,
        "base": waiting.base,
        "proof": waiting.proof,
        "origin_key": waiting.origin,
        "by": said.by,
        "reason": said.reason,
        "expires_day": said.expires,
        "places": list(waiting.places),
    }
    if said.comment:
        body |= {"issue": said.issue, "comment": said.comment, "through": said.through}
    return entry(said.kind, at, new_id, body)


def queue(records: Iterable[Record], today: int, *, from_issues: bool = False) -> tuple[Waiting, ...]:
    """Every patch that was ever asked about, as it stands on a day, the oldest first.

    `from_issues`: no yes counts but one that was given in an issue.
    """
    found: dict[tuple[str, str, str], Waiting] = {}
    for body in _bodies(records, from_issues=from_issues):
        key = (_text(body, "patch"), _text(body, "base"), _text(body, "proof"))
        match body.get("kind"):
            case "request":
                one = found.setdefault(key, _waiting(key, body))
                askings = tuple(dict.fromkeys((*one.askings, _asking(body))))
                found[key] = one._replace(askings=askings, last=_text(body, "at"))
            case "approval" if key in found:
                expires = body.get("expires_day")
                day = expires if isinstance(expires, int) else 0
                state = "approved" if day >= today else "expired"
                found[key] = found[key]._replace(state=state, by=_text(body, "by"), expires=day)
            case "rejection" if key in found:
                found[key] = found[key]._replace(state="rejected", by=_text(body, "by"))
            case _:
                continue
    return tuple(found.values())


Places: TypeAlias = Callable[[Finding, Patch], tuple[str, ...]]
"""The environments that a patch for a finding reaches."""


def nowhere(_finding: Finding, _patch: Patch) -> tuple[str, ...]:
    """There are no environments."""
    return ()


class LedgerPast:
    """A `Past` that read the ledger once. `today` decides which approvals still hold."""

    __slots__ = ("_approved", "_places", "_queue", "_repaired", "_reverted")

    def __init__(self, ledger: Ledger, today: int, places: Places = nowhere, *, from_issues: bool = False) -> None:
        records = tuple(ledger.records(KINDS))
        self._queue = {one.key: one for one in queue(records, today, from_issues=from_issues)}
        self._places = places
        self._repaired: dict[str, set[str]] = {}  # the patches that repaired a finding: each counts once
        self._approved: dict[str, dict[str, frozenset[str]]] = {}
        self._reverted: dict[str, set[str]] = {}
        for body in _bodies(records, from_issues=from_issues):
            self._learn(body)

    def of(self, finding: Finding, patch: Patch | None, proof: Proof | None) -> Memory:
        """See `Past`."""
        recurrences = len(self._repaired.get(finding.fingerprint, ()))
        if patch is None or proof is None:
            return Memory(recurrences)
        waiting = self._queue.get((patch.id, base_digest(patch), proof_digest(proof)))
        approver = waiting.by if waiting is not None and waiting.state == "approved" else None
        return Memory(recurrences, approver, self._standing(origin_key(patch), self._places(finding, patch)))

    def _standing(self, key: str, places: tuple[str, ...]) -> TrackRecord:
        """Approvals count where they were given for all of these environments; a patch counts once. Any revert counts."""
        approved = self._approved.get(key, {}).values()
        return TrackRecord(sum(given.issuperset(places) for given in approved), len(self._reverted.get(key, ())))

    def _learn(self, body: dict[str, Json]) -> None:
        key, patch = _text(body, "origin_key"), _text(body, "patch")
        match _text(body, "kind"), _text(body, "outcome"):
            case ("approval", _):
                self._approved.setdefault(key, {})[patch] = frozenset(_texts(body, "places"))
            case ("outcome", "reverted"):
                self._reverted.setdefault(key, set()).add(patch)
            case ("outcome", what) if what in REPAIRED:
                self._repaired.setdefault(_text(body, "finding"), set()).add(patch)
            case _:
                return


def origin_key(patch: Patch) -> str:
    """Whose track record a patch counts for: the control, or the model, whatever its version."""
    return f"{patch.origin.kind}:{patch.origin.name}"


def outcome(item: Remediation, what: str, at: str, new_id: Callable[[], str], where: Json = None) -> Entry:
    """The entry that says what became of a patch, and where: accepted, edited, rejected, applied, merged or reverted."""
    body: dict[str, Json] = {"finding": item.finding.fingerprint, "outcome": what}
    if item.patch is not None:
        body |= {"patch": item.patch.id, "origin_key": origin_key(item.patch)}
    if where is not None:
        body["where"] = where
    return entry(OUTCOME, at, new_id(), body)


def _subject(patch: Patch, proof: Proof) -> dict[str, Json]:
    return {
        "patch": patch.id,
        "base": base_digest(patch),
        "proof": proof_digest(proof),
        "origin_key": origin_key(patch),
    }


def _waiting(key: tuple[str, str, str], body: dict[str, Json]) -> Waiting:
    finding, address, path, made_by, asked, attachment = (_text(body, name) for name in _SHOWN)
    return Waiting(*key, finding, address, path, made_by, asked, attachment, _texts(body, "places"))


def _asking(body: dict[str, Json]) -> Asking:
    number = body.get("pull_request")
    return Asking(_text(body, "repository"), number if isinstance(number, int) else 0, _text(body, "commit"))


def _bodies(records: Iterable[Record], *, from_issues: bool) -> Iterator[dict[str, Json]]:
    for record in records:
        try:
            body = json.loads(record.text)
        except ValueError:
            continue
        if isinstance(body, dict) and not (from_issues and body.get("kind") == APPROVAL and not body.get("comment")):
            yield body


def _text(body: dict[str, Json], key: str) -> str:
    value = body.get(key)
    return value if isinstance(value, str) else ""


def _texts(body: dict[str, Json], key: str) -> tuple[str, ...]:
    value = body.get(key)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()
