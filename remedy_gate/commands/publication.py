"""Record where a report was published, and which patches are shown there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import NamedTuple

from remedy_gate.domain.ledger import Entry
from remedy_gate.domain.patch import FilePatch
from remedy_gate.domain.remediation import Landed, Remediation, Report
from remedy_gate.domain.remediation import Place as Kind
from remedy_gate.ledger.approvals import origin_key, outcome
from remedy_gate.ledger.canonical import Json, digest_of
from remedy_gate.ledger.entries import entry
from remedy_gate.ledger.outcomes import Proposed, ShownFile, Suggestion, suggestion_entry
from remedy_gate.policy.rules import Policy
from remedy_gate.reporting.aftermath import edits_json
from remedy_gate.reporting.head_files import SHA1_DIGITS, object_id
from remedy_gate.reporting.ordering import grouped
from remedy_gate.reporting.placement import Suggested
from remedy_gate.settings import Settings, run_facts

from .clock import new_id, now_text
from .events import change_of_run
from .posting import Place
from .recording import record


class Shown(NamedTuple):
    """Where a patch can be seen: a repository, the number of a pull request, and the commit that it was seen on."""

    repository: str
    pull_request: int
    commit: str


def record_publication(text: str, words: str, place: Place, root: str, policy: Policy, settings: Settings) -> None:
    """Record which report with which patches went to which pull request.

    The ledger is the one that the policy names which governs: a pull request cannot choose where it is recorded.
    """
    facts, at = run_facts(settings), now_text()
    patches = [item.patch.id for item in place.report.remediations if item.patch is not None]
    body: dict[str, Json] = {
        "report": digest_of(text),
        "repository": place.repository,
        "pull_request": place.number,
        "commit": place.head,
        "runner": facts.runner,
        "workflow": facts.workflow,
        "patches": patches,
        "outcome": words,
        "landed": [_landed(one) for one in place.report.landed],
    }
    shown = (*_suggestions(place, at), *_proposed_beside(place, at))
    record((entry("publication", at, new_id(), body), *shown), policy, root, settings)


def record_landings(
    report: Report, done: tuple[Remediation, ...], root: str, policy: Policy, settings: Settings
) -> None:
    """Record for each patch that was committed that it was applied, and where; and what it is to be known again by."""
    at = now_text()
    (number, _), entries = change_of_run(settings), list[Entry]()
    for item in done:
        landed = report.landing(item)
        if landed is not None:
            where: dict[str, Json] = {
                "repository": landed.repository,
                "branch": landed.branch,
                "commit": landed.name,
                "pull_request": number,
            }
            entries.append(outcome(item, "applied", at, new_id, where))
    if number:
        repository = run_facts(settings).repository  # of the pull request: the branch may be a fork's
        for one in report.landed:
            if one.place is Kind.COMMIT:
                entries += _followed(one, done, Shown(repository, number, one.name), at)
    record(entries, policy, root, settings)


def _proposed_beside(place: Place, at: str) -> Iterator[Entry]:
    """What our own pull requests have: they are merged or closed by people, as any other."""
    for one in place.report.landed:
        number = one.name.removeprefix("#")
        if one.place is Kind.COMPANION and number.isdecimal():
            where = Shown(place.repository, int(number), place.head)
            yield from _followed(one, place.report.remediations, where, at)


def _followed(landed: Landed, items: Iterable[Remediation], where: Shown, at: str) -> Iterator[Entry]:
    """Each patch that we put somewhere ourselves, as a suggestion whose form is the place."""
    of_patch: dict[str, list[Remediation]] = {}
    for item in items:
        if item.patch is not None and item.patch.id in landed.patches:
            of_patch.setdefault(item.patch.id, []).append(item)
    for patch, same in of_patch.items():
        proposed = [Proposed(it.finding.fingerprint, patch, origin_key(it.patch)) for it in same if it.patch]
        files = same[0].patch.files if same[0].patch is not None else ()
        one = Suggestion(*where, patch, str(landed.place), tuple(proposed), (), tuple(map(_file, files)))
        yield suggestion_entry(one, edits_json(files), at)


def _landed(one: Landed) -> dict[str, Json]:
    return {
        "place": str(one.place),
        "name": one.name,
        "repository": one.repository,
        "branch": one.branch,
        "patches": list(one.patches),
    }


def _suggestions(place: Place, at: str) -> Iterator[Entry]:
    offered = [(item, item.patch) for item in grouped(place.report).offered if item.patch is not None]
    for placed, marks in place.shown:
        is_click = isinstance(placed, Suggested)
        patch = placed.patch if isinstance(placed, Suggested) else placed.item.patch
        if patch is None:
            continue
        parts = placed.items if isinstance(placed, Suggested) else (placed.item,)
        ids = {item.patch.id for item in parts if item.patch is not None}
        # It may be shown without a word on why; the report knows the findings by the patch.
        items = [Proposed(it.finding.fingerprint, own.id, origin_key(own)) for it, own in offered if own.id in ids]
        one = Suggestion(
            place.repository,
            place.number,
            place.head,
            patch.id,
            "suggestion" if is_click else "file",
            tuple(items),
            marks,
            tuple(map(_file, patch.files)),
        )
        yield suggestion_entry(one, edits_json(patch.files), at)


def _file(file: FilePatch) -> ShownFile:
    blob = object_id(file.before, "0" * SHA1_DIGITS)
    return ShownFile(file.path, blob, file.base_digest, sha256(file.after).hexdigest())
