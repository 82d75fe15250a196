"""What a pull request was shown, and what became of it: entries of the kinds suggestion and outcome.

A suggestion is recorded with digests alone; its new lines are its attachment. An outcome has an id that is made of what
it says, so that whoever looks twice records it once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from remedy_gate.domain.ledger import Entry, Record

from .canonical import Json, canonical, digest_of
from .entries import entry

SUGGESTION, OUTCOME = "suggestion", "outcome"
_ID = 32


class Proposed(NamedTuple):
    """A finding, the patch that was proposed for it, and whose track record that counts for."""

    finding: str
    patch: str
    origin_key: str


class ShownFile(NamedTuple):
    """A file that the shown patch changes: git's id and the SHA-256 of what it was made from, and the SHA-256 after."""

    path: str
    blob: str
    before: str
    after: str


class Suggestion(NamedTuple):
    """A patch that a pull request shows: as suggestions that are accepted by a click, or as a diff on a file.

    Or one that we put there ourselves: by a commit on its branch, or as a pull request of our own, a companion.

    `patch` is the id of what is shown. It stands for all of `items`: patches for the same lines are shown as one.
    `comments` are the fingerprints of the comments; `edits` is the digest of the new lines.
    """

    repository: str
    pull_request: int
    commit: str
    patch: str
    form: str
    items: tuple[Proposed, ...]
    comments: tuple[str, ...]
    files: tuple[ShownFile, ...]
    edits: str = ""


def suggestion_entry(one: Suggestion, edits: str, at: str) -> Entry:
    """The entry for a suggestion; the same one on the same commit is there once."""
    identifier = digest_of(canonical([SUGGESTION, one.repository, one.pull_request, one.commit, one.patch]))[:_ID]
    body: dict[str, Json] = {
        "repository": one.repository,
        "pull_request": one.pull_request,
        "commit": one.commit,
        "patch": one.patch,
        "form": one.form,
        "items": [dict(item._asdict()) for item in one.items],
        "comments": list(one.comments),
        "files": [dict(file._asdict()) for file in one.files],
    }
    return entry(SUGGESTION, at, identifier, body, edits)


class Seen(NamedTuple):
    """What was seen of a suggestion: the outcome, at which commit, and what the thread of its comment says.

    `outcome` is accepted, edited, rejected, merged or reverted. `by` is the commit that reverted it, where one says so.
    """

    outcome: str
    commit: str
    thread: str = ""
    by: str = ""


def outcome_id(one: Suggestion, item: Proposed, outcome: str) -> str:
    """The id of an outcome: that of repository, pull request, finding, patch and outcome."""
    named: list[Json] = [OUTCOME, one.repository, one.pull_request, item.finding, item.patch, outcome]
    return digest_of(canonical(named))[:_ID]


def outcome_entry(one: Suggestion, item: Proposed, seen: Seen, at: str) -> Entry:
    """The entry for what became of a suggestion."""
    body: dict[str, Json] = {
        **item._asdict(),
        "outcome": seen.outcome,
        "repository": one.repository,
        "pull_request": one.pull_request,
        "shown": one.patch,
        "commit": seen.commit,
        "thread": seen.thread,
        "by": seen.by,
    }
    return entry(OUTCOME, at, outcome_id(one, item, seen.outcome), body)


def last_shown(records: Iterable[Record], since: str = "") -> dict[tuple[str, int], dict[Proposed, Suggestion]]:
    """By repository and pull request, for each finding the patch that was last shown for it, on `since` or later.

    A patch is made anew with every push: what counts is the one that people saw last.
    """
    found: dict[tuple[str, int], dict[str, tuple[Proposed, Suggestion]]] = {}
    for record in records:
        try:
            body = json.loads(record.text)
            one = _suggestion(body)
        except (ValueError, TypeError, KeyError):
            continue  # whether the chain holds is for `verify` to say
        if str(body.get("at", "")) >= since:
            place = found.setdefault((one.repository, one.pull_request), {})
            place.update({item.finding: (item, one) for item in one.items})
    return {place: dict(items.values()) for place, items in found.items()}


def ids_of(records: Iterable[Record]) -> frozenset[str]:
    """The ids of entries that are there."""
    return frozenset(re.findall(r'"id":"([0-9a-f]{32})"', "\n".join(record.text for record in records)))


def _suggestion(body: dict[str, Any]) -> Suggestion:
    """Raises `KeyError` or `TypeError` where it is not one that was written here."""
    return Suggestion(
        repository=str(body["repository"]),
        pull_request=int(body["pull_request"]),
        commit=str(body["commit"]),
        patch=str(body["patch"]),
        form=str(body["form"]),
        items=tuple(Proposed(**item) for item in body["items"]),
        comments=tuple(map(str, body["comments"])),
        files=tuple(ShownFile(**file) for file in body["files"]),
        edits=str(body.get("attachment", "")),
    )
