"""What a model is told beside the code: environments by the policy, and fixes that people accepted, by the ledger."""

from __future__ import annotations

import json
from typing import Any

from remedy_gate.domain.finding import Finding
from remedy_gate.domain.match import Match
from remedy_gate.domain.patch import FilePatch, Origin, OriginKind, Patch
from remedy_gate.errors import LedgerError
from remedy_gate.policy.facts import Circumstances, environments_of
from remedy_gate.policy.rules import Policy
from remedy_gate.remedies.bedrock_case import Surroundings
from remedy_gate.settings import Settings, run_facts

from .ledgers import open_ledger

MOST_EXAMPLES = 2
LONGEST_EXAMPLE = 3_000
_ACCEPTED, _REFUSED = ("accepted", "merged", "applied"), ("rejected", "reverted", "edited")


def surroundings(policy: Policy, root: str, settings: Settings) -> Surroundings:
    """What is known in this repository. The ledger is read when a model is first asked, and not before."""
    circumstances = Circumstances(None, run_facts(settings).workspace)

    def environments(finding: Finding, match: Match) -> tuple[str, ...]:
        if match.resource is None or not policy.environments:
            return ()
        there = Patch(Origin(OriginKind.BEDROCK, "", ""), (FilePatch(match.resource.path, b"", b""),))
        return environments_of(finding, there, policy.environments, circumstances)

    return Surroundings(AcceptedFixes(policy, root, settings), environments)


class AcceptedFixes:
    """The diffs that people said yes to, by control, the latest first."""

    def __init__(self, policy: Policy, root: str, settings: Settings) -> None:
        self._policy = policy
        self._root = root
        self._settings = settings
        self._found: dict[str, list[str]] | None = None

    def __call__(self, finding: Finding, match: Match) -> tuple[str, ...]:
        """Some for this finding's control and this type of resource's language; none where it has no control."""
        if self._found is None:
            try:
                self._found = self._read()
            except LedgerError:  # whoever records the run says so
                self._found = {}
        key = finding.control or finding.rule_id
        return tuple(self._found.get(_key(key, match.resource.path if match.resource else ""), ())[:MOST_EXAMPLES])

    def _read(self) -> dict[str, list[str]]:
        opened = open_ledger(self._policy.ledger, self._root, self._settings)
        if opened is None:
            return {}
        requests: dict[str, dict[str, Any]] = {}
        accepted: dict[str, None] = {}
        for record in opened.ledger.records(("request", "approval", "rejection", "outcome")):
            body = json.loads(record.text)
            patch, kind, outcome = str(body.get("patch", "")), body.get("kind"), body.get("outcome")
            if kind == "request":
                requests[patch] = body
            elif kind == "approval" or outcome in _ACCEPTED:
                accepted[patch] = None
            elif kind == "rejection" or outcome in _REFUSED:
                accepted.pop(patch, None)
        found: dict[str, list[str]] = {}
        for patch in reversed(accepted):
            body = requests.get(patch, {})
            diff = _diff(opened.ledger.attachment(str(body.get("attachment", ""))) if body else None)
            if diff:
                found.setdefault(_key(str(body.get("control", "")), str(body.get("path", ""))), []).append(diff)
        return found


def _key(control: str, path: str) -> str:
    return f"{control}\0{'tf' if path.endswith(('.tf', '.tf.json')) else 'cfn'}"


def _diff(seen: str | None) -> str:
    try:
        value = json.loads(seen or "null")
    except (ValueError, RecursionError):
        return ""
    patch = value.get("patch") if isinstance(value, dict) else None
    diff = patch.get("diff") if isinstance(patch, dict) else None
    return diff if isinstance(diff, str) and len(diff) <= LONGEST_EXAMPLE else ""
