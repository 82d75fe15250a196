"""Record where a report was published, and which patches are shown there."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from remedy_gate.domain.ledger import Entry
from remedy_gate.domain.patch import FilePatch
from remedy_gate.domain.remediation import Landed, Remediation, Report
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
from .posting import Place
from .recording import record


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
    record((entry("publication", at, new_id(), body), *_suggestions(place, at)), policy, root, settings)


def record_landings(
    report: Report, done: tuple[Remediation, ...], root: str, policy: Policy, settings: Settings
) -> None:
    """Record for each patch that was committed that it was applied, and where."""
    at, number = now_text(), run_facts(settings).pull_request
    entries = []
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
    record(entries, policy, root, settings)


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
