"""Patches that wait for a person's yes: a queue that is nothing but what the ledger tells of requests and answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

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


class Waiting(NamedTuple):
    """A patch in the queue. `state` is waiting, approved, rejected or expired; `expires` is a day since 1970.

    `attachment` is the digest of what a person has to see: finding, diff and proof.
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
    state: str = "waiting"
    by: str = ""
    expires: int = 0


def request(item: Remediation, at: str, seen: str) -> Entry:
    """The entry that puts a patch into the queue, with what a person has to see as its attachment.

    Its id is that of patch, code and proof: however many runs ask for the same yes, it is asked for once.
    """
    assert item.patch is not None
    assert item.proof is not None
    resource, subject = item.match.resource, _subject(item.patch, item.proof)
    identifier = digest_of(canonical([REQUEST, subject]))[:32]
    body: dict[str, Json] = {
        **subject,
        "finding": item.finding.fingerprint,
        "control": item.finding.control or item.finding.rule_id,
        "address": resource.address if resource else "",
        "path": resource.path if resource else "",
        "origin": origin(item.patch),
    }
    return entry(REQUEST, at, identifier, body, seen)


class Answer(NamedTuple):
    """A person's yes or no. `kind` is approval or rejection; an approval holds until the end of the day `expires`."""

    kind: str
    by: str
    expires: int = 0
    reason: str = ""


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
    }
    return entry(said.kind, at, new_id, body)


def queue(records: Iterable[Record], today: int) -> tuple[Waiting, ...]:
    """Every patch that was ever asked about, as it stands on a day, the oldest first."""
    found: dict[tuple[str, str, str], Waiting] = {}
    for body in _bodies(records):
        key = (_text(body, "patch"), _text(body, "base"), _text(body, "proof"))
        match body.get("kind"):
            case "request":
                found.setdefault(key, _waiting(key, body))
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


class LedgerPast:
    """A `Past` that read the ledger once. `today` decides which approvals still hold."""

    __slots__ = ("_counted", "_queue", "_repaired", "_standings")

    def __init__(self, ledger: Ledger, today: int) -> None:
        records = tuple(ledger.records(KINDS))
        self._queue = {(one.patch, one.base, one.proof): one for one in queue(records, today)}
        self._counted: set[tuple[str, str]] = set()
        self._repaired: dict[str, int] = {}
        self._standings: dict[str, TrackRecord] = {}
        for body in _bodies(records):
            self._learn(body)

    def of(self, finding: Finding, patch: Patch | None, proof: Proof | None) -> Memory:
        """See `Past`."""
        recurrences = self._repaired.get(finding.fingerprint, 0)
        if patch is None or proof is None:
            return Memory(recurrences)
        waiting = self._queue.get((patch.id, base_digest(patch), proof_digest(proof)))
        approver = waiting.by if waiting is not None and waiting.state == "approved" else None
        return Memory(recurrences, approver, self._standings.get(origin_key(patch), TrackRecord()))

    def _learn(self, body: dict[str, Json]) -> None:
        key, what = _text(body, "origin_key"), (_text(body, "kind"), _text(body, "outcome"))
        once = (_text(body, "patch"), what[1] or what[0])  # a patch that is approved twice counts once
        standing = self._standings.get(key, TrackRecord())
        match what:
            case ("approval", _) if once not in self._counted:
                self._standings[key] = standing._replace(approved=standing.approved + 1)
            case ("outcome", "reverted") if once not in self._counted:
                self._standings[key] = standing._replace(reverted=standing.reverted + 1)
            case ("outcome", outcome) if outcome in REPAIRED:
                fingerprint = _text(body, "finding")
                self._repaired[fingerprint] = self._repaired.get(fingerprint, 0) + 1
            case _:
                return
        self._counted.add(once)


def origin_key(patch: Patch) -> str:
    """Whose track record a patch counts for: the control, or the model, whatever its version."""
    return f"{patch.origin.kind}:{patch.origin.name}"


def outcome(item: Remediation, what: str, at: str, new_id: Callable[[], str]) -> Entry:
    """The entry that says what became of a patch: accepted, edited, rejected, applied, merged or reverted."""
    body: dict[str, Json] = {"finding": item.finding.fingerprint, "outcome": what}
    if item.patch is not None:
        body |= {"patch": item.patch.id, "origin_key": origin_key(item.patch)}
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
    return Waiting(*key, finding, address, path, made_by, asked, attachment)


def _bodies(records: Iterable[Record]) -> Iterator[dict[str, Json]]:
    for record in records:
        try:
            body = json.loads(record.text)
        except ValueError:
            continue
        if isinstance(body, dict):
            yield body


def _text(body: dict[str, Json], key: str) -> str:
    value = body.get(key)
    return value if isinstance(value, str) else ""
