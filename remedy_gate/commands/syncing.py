"""`remedy-gate ledger sync`: read back from GitHub what became of the patches that pull requests were shown."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping
from hashlib import sha256
from typing import NamedTuple

from remedy_gate.domain.ledger import Entry
from remedy_gate.domain.remediation import Place
from remedy_gate.errors import FAILED, PASSED, UsageError
from remedy_gate.ledger.outcomes import (
    OUTCOME,
    SUGGESTION,
    Proposed,
    Seen,
    Suggestion,
    ids_of,
    last_shown,
    outcome_entry,
    outcome_id,
)
from remedy_gate.policy.dates import day_of, day_text
from remedy_gate.reporting.aftermath import Fate, edits_from, fates
from remedy_gate.reporting.edits import LineEdit
from remedy_gate.reporting.github_api import Api, Clock, Target
from remedy_gate.reporting.pull_history import History, Merged, Unmerged
from remedy_gate.reporting.untrusted import one_line
from remedy_gate.reporting.wording import counted
from remedy_gate.settings import Settings, github_settings

from .clock import now_text, today
from .ledgers import AnyLedger, this_ledger
from .saying import warn

DAYS = 90  # for so long a merged patch is watched
_FINAL = ("edited", "rejected", "reverted")  # nothing comes after these
_ORDER = ("accepted", "edited", "rejected", "merged", "reverted")


class Reading(NamedTuple):
    """What reading one pull request takes: GitHub's history, what it was merged as, its threads, the ledger."""

    history: History
    merged: Merged
    threads: Mapping[str, str]
    ledger: AnyLedger


class Part(NamedTuple):
    """A file that a suggestion changes, as it was, and the edits."""

    path: str
    before: bytes
    edits: tuple[LineEdit, ...]


def sync(arguments: argparse.Namespace, settings: Settings) -> int:
    """Record what became of suggestions, pull request by pull request: where it ends halfway, the next run goes on."""
    ledger = this_ledger(arguments.policy, settings)[0].ledger
    since = _since(arguments.since)
    shown = last_shown(ledger.records((SUGGESTION,)), since)
    repository = _repository(arguments.repository, [name for name, _ in shown], settings)
    pulls = _pulls(arguments.pull, {number: items for (name, number), items in shown.items() if name == repository})
    github = github_settings(settings)
    known = ids_of(ledger.records((OUTCOME,)))
    watched = {number: items for number, items in pulls.items() if not _is_final(items, known)}
    told = counted(len(pulls), "pull request with suggestions", "pull requests with suggestions")
    if not watched:
        sys.stdout.write(f"Nothing to ask GitHub about {repository}: {told} since {since}.\n")
        return PASSED
    history = History(Api(Target(github.token, repository, 0, github.api_url), Clock(time.time, time.sleep)))
    recorded, complete = 0, True
    for number, items in sorted(watched.items()):
        new, could = _one(history, number, items, (ledger, known))
        recorded, complete = recorded + new, complete and could
    sys.stdout.write(f"Recorded {recorded} outcomes of {told} of {repository} since {since}.\n")
    return PASSED if complete else FAILED


def _one(
    history: History, number: int, items: Mapping[Proposed, Suggestion], place: tuple[AnyLedger, frozenset[str]]
) -> tuple[int, bool]:
    """How many outcomes of a pull request are new, and whether all could be told."""
    merged = history.merged(number)
    ledger, known = place
    if isinstance(merged, Unmerged):
        refused = _closed(items) if merged.state == "closed" else []
        new = [entry for entry in refused if entry.id not in known]
        ledger.append(new)
        _say(number, f"it is ours and was closed: {len(refused)} rejected" if refused else merged.why)
        return len(new), merged.state != "unknown"
    threads = history.threads(number) if any(one.comments for one in items.values()) else {}
    reading, at, complete = Reading(history, merged, threads, ledger), now_text(), True
    told: dict[str, list[Seen] | str] = {}
    entries, words = [], []
    for item, one in items.items():
        seen = told[one.patch] if one.patch in told else told.setdefault(one.patch, _seen(one, reading))
        if isinstance(seen, str):
            _say(number, f"of patch {one.patch[:12]} nothing can be told: {seen}")
            complete = False
            continue
        entries += [outcome_entry(one, item, it, at) for it in seen]
        words += [it.outcome for it in seen]
    new = [entry for entry in entries if entry.id not in known]
    ledger.append(new)
    _say(number, ", ".join(f"{words.count(word)} {word}" for word in _ORDER if word in words) or "nothing")
    return len(new), complete


def _closed(items: Mapping[Proposed, Suggestion]) -> list[Entry]:
    """A pull request of our own that people closed is their no, and `publish` never proposes the same again."""
    ours = [(item, one) for item, one in items.items() if one.form == Place.COMPANION]
    return [outcome_entry(one, item, Seen("rejected", ""), now_text()) for item, one in ours]


def _seen(one: Suggestion, reading: Reading) -> list[Seen] | str:
    """Every outcome of a suggestion, from the bytes of the files alone; or why none can be told."""
    parts = _parts(one, reading)
    if isinstance(parts, str):
        return parts
    found: list[Fate] = []
    for part in parts:
        merged = reading.history.file(reading.merged.commit, part.path)
        compared = fates(part.before, part.edits, merged) if merged is not None else None
        if compared is None:
            return f"{part.path} is not in the merged commit, or too long to be compared"
        found += compared
    thread, commit = _thread(one, reading.threads), reading.merged.commit
    if any(it is not Fate.TAKEN for it in found):
        return [Seen(_refused(one, found), commit, thread)]
    # Nobody accepted what we committed ourselves: it was merged with the rest.
    accepted = [] if one.form == Place.COMMIT else [Seen("accepted", commit, thread)]
    return [*accepted, Seen("merged", commit, thread), *_reverted(parts, reading)]


def _refused(one: Suggestion, found: list[Fate]) -> str:
    """What became of a patch that is not in the merged files as it was proposed."""
    if any(it in (Fate.TAKEN, Fate.OTHER) for it in found):
        return "edited"
    if one.form == Place.COMMIT:
        return "reverted" if Fate.AS_BEFORE in found else "edited"
    return "rejected"


def _parts(one: Suggestion, reading: Reading) -> list[Part] | str:
    """The files as they were proven, each held to its digest, and the edits that the ledger kept."""
    text = reading.ledger.attachment(one.edits)
    if text is None:
        return "its lines are not kept any more"
    edits = edits_from(text)
    parts = []
    for file in one.files:
        before = reading.history.blob(file.blob, file.path)
        if before is None or sha256(before).hexdigest() != file.before:
            return f"GitHub has {file.path} no more as it was"
        parts.append(Part(file.path, before, edits.get(file.path, ())))
    return parts


def _reverted(parts: list[Part], reading: Reading) -> list[Seen]:
    """Whether the branch has the old lines again, or a commit says that it took the change back and they are gone."""
    for path, before, edits in parts:
        since = reading.history.since(reading.merged, path)
        if since is None:
            continue
        now = fates(before, edits, since.content) if since.content is not None else (Fate.GONE,)
        is_away = now is not None and any(it is not Fate.TAKEN for it in now)
        if now is not None and (Fate.AS_BEFORE in now or (since.reverting and is_away)):
            return [Seen("reverted", reading.merged.commit, by=since.reverting)]
    return []


def _thread(one: Suggestion, threads: Mapping[str, str]) -> str:
    """What people did with its comments; `not seen` where none of them is ours, or they are gone."""
    if not one.comments:
        return ""
    said = {threads.get(mark, "not seen") for mark in one.comments}
    return next((word for word in ("resolved", "open", "hidden") if word in said), "not seen")


def _is_final(items: Mapping[Proposed, Suggestion], known: frozenset[str]) -> bool:
    return all(any(outcome_id(one, item, it) in known for it in _FINAL) for item, one in items.items())


def _since(given: str | None) -> str:
    if given is None:
        return day_text(today() - DAYS)
    if day_of(given) is None:
        raise UsageError(f"--since is {given!r}.", "Give a date such as 2026-01-31.")
    return given[:10]


def _repository(named: str | None, known: list[str], settings: Settings) -> str:
    """The repository that was named, that of the workflow, or the only one that anything was published to."""
    names = tuple(dict.fromkeys(known))
    wanted = named or github_settings(settings).repository or (names[0] if len(names) == 1 else "")
    if not wanted:
        raise UsageError("Nothing says which repository to read.", "Give --repository owner/name.")
    if names and wanted not in names:
        there = ", ".join(one_line(name, 100) for name in names[:5])
        raise UsageError(
            f"The ledger knows no suggestion that was published to {wanted}.", f"It has some for: {there}."
        )
    return wanted


def _pulls(
    wanted: list[int], known: Mapping[int, Mapping[Proposed, Suggestion]]
) -> Mapping[int, Mapping[Proposed, Suggestion]]:
    missing = [number for number in wanted if number not in known]
    if missing:
        raise UsageError(f"Nothing was recorded as shown to pull request {missing[0]}.", "See --since.")
    return {number: known[number] for number in wanted} if wanted else known


def _say(number: int, words: str) -> None:
    warn(f"pull request {number}: {one_line(words)}")
