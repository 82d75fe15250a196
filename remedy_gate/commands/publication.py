"""Record where a report was published."""

from __future__ import annotations

import sys

from remedy_gate.domain.remediation import Report
from remedy_gate.errors import ChangesError
from remedy_gate.ledger.canonical import Json, digest_of
from remedy_gate.ledger.entries import entry
from remedy_gate.settings import Settings, run_facts

from .clock import new_id, now_text
from .events import policy_of_run
from .recording import record


def record_publication(text: str, report: Report, words: str, root: str, settings: Settings) -> None:
    """Record which report with which patches went to which pull request.

    The ledger is the one that the policy of the base names: a pull request cannot choose where it is recorded.
    """
    try:
        policy = policy_of_run(None, root, settings)
    except ChangesError as error:
        sys.stderr.write(f"remedy-gate: {error} So it is not recorded that this was published.\n")
        return
    facts, at = run_facts(settings), now_text()
    patches = [item.patch.id for item in report.remediations if item.patch is not None]
    body: dict[str, Json] = {
        "report": digest_of(text),
        "repository": facts.repository,
        "pull_request": facts.pull_request,
        "commit": facts.commit,
        "runner": facts.runner,
        "workflow": facts.workflow,
        "patches": patches,
        "outcome": words,
    }
    record((entry("publication", at, new_id(), body),), policy, root, settings)
