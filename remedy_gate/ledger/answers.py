"""Answers that were given in issues: which are recorded already, and where each patch was asked about."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from remedy_gate.domain.ledger import Entry, Record

from .approvals import APPROVAL, OUTCOME, REJECTION, REPAIRED, Waiting
from .canonical import Json, canonical, digest_of
from .entries import entry

ISSUE = "issue"
KINDS = (APPROVAL, REJECTION, ISSUE, OUTCOME)


class Asked(NamedTuple):
    """What the ledger knows of issues: the comments whose answer is recorded, and the number of each question's issue.

    `repaired` are the patches that were taken over since, by whatever way, each with the moment.
    """

    comments: frozenset[str]
    issues: Mapping[tuple[str, str, str], int]
    repaired: Mapping[str, str]


def answer_id(waiting: Waiting, comment: str) -> str:
    """The id of the answer that a comment gives: however often it is read, it is recorded once."""
    return digest_of(canonical([APPROVAL, *waiting.key, comment]))[:32]


def issue_opened(waiting: Waiting, repository: str, number: int, address: str, at: str) -> Entry:
    """The entry that says in which issue a patch is asked about."""
    subject: dict[str, Json] = {"patch": waiting.patch, "base": waiting.base, "proof": waiting.proof}
    identifier = digest_of(canonical([ISSUE, subject, repository, number]))[:32]
    return entry(ISSUE, at, identifier, {**subject, "repository": repository, "number": number, "issue": address})


def asked(records: Iterable[Record], repository: str) -> Asked:
    """What the records of `KINDS` say of the issues of a repository; the last issue of a question counts."""
    comments: set[str] = set()
    issues: dict[tuple[str, str, str], int] = {}
    repaired: dict[str, str] = {}
    for record in records:
        try:
            body = json.loads(record.text)
        except ValueError:
            continue
        match body:
            case {"kind": "issue", "patch": str(patch), "base": str(base), "proof": str(proof), "number": int(number)}:
                if body.get("repository") == repository:
                    issues[patch, base, proof] = number
            case {"kind": "outcome", "outcome": what, "patch": str(patch), "at": str(at)} if what in REPAIRED:
                repaired[patch] = at
            case {"kind": "approval" | "rejection", "comment": str(comment)}:
                comments.add(comment)
            case _:
                continue
    return Asked(frozenset(comments), issues, repaired)
