"""The report as one JSON object: the contract with scripts outside (`docs/report.schema.json` describes every key)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from remedy_gate.domain.decision import Action
from remedy_gate.domain.diff import unified_diff
from remedy_gate.domain.finding import CloudResource, Finding, Severity
from remedy_gate.domain.match import Match, MatchState
from remedy_gate.domain.patch import Cost, NoPatch, Patch
from remedy_gate.domain.proof import Outcome, Proof
from remedy_gate.domain.remediation import Remediation, Report
from remedy_gate.domain.source import Problem

SCHEMA = "remedy-gate/report/1"


def render(report: Report) -> str:
    r"""The report as JSON text, ended by a newline.

    Pure ASCII: bytes of a diff that are not UTF-8 are surrogates (PEP 383), which `\udc80` carries and UTF-8 cannot.
    """
    import json

    return log_safe(json.dumps(report_object(report), indent=2)) + "\n"


def finding_line(finding: Finding, *, is_open: bool | None = None) -> str:
    """One finding as one line of JSON, without the newline: what `findings --format json` prints.

    `is_open` is told where not every finding is.
    """
    import json

    told = {} if is_open is None else {"open": is_open}
    return log_safe(json.dumps(finding_object(finding) | told, separators=(",", ":")))


def report_object(report: Report) -> dict[str, object]:
    """The report as plain dictionaries and lists. Every key is always there, `None` where there is nothing."""
    return {
        "schema": SCHEMA,
        "verdict": str(report.verdict),
        "remediations": [_remediation(item) for item in report.remediations],
        "errors": [_problem(problem) for problem in report.errors],
        "summary": _summary(report),
    }


def finding_object(finding: Finding) -> dict[str, object]:
    """A finding as in the report. `sources` names at least the source itself."""
    location = finding.location
    return {
        "fingerprint": finding.fingerprint,
        "source": finding.source,
        "rule_id": finding.rule_id,
        "control": finding.control,
        "title": finding.title,
        "kind": str(finding.kind),
        "severity": str(finding.severity),
        "resources": [_resource(resource) for resource in finding.resources],
        "location": None if location is None else location._asdict(),
        "status": finding.status,
        "first_seen": finding.first_seen,
        "due": finding.due,
        "url": finding.url,
        "sources": list(finding.sources or (finding.source,)),
        "rules": list(finding.rules or (finding.rule_id,)),
    }


def log_safe(text: str) -> str:
    """JSON text in which a runner finds no command."""
    # An Actions runner takes `##[` anywhere in its log for a command. Only strings can hold it, so this escape is JSON.
    return text.replace("##[", "#\\u0023[")


def _resource(resource: CloudResource) -> dict[str, object]:
    return {**resource._asdict(), "tags": dict(resource.tags)}


def _remediation(item: Remediation) -> dict[str, object]:
    decision = item.decision
    return {
        "finding": finding_object(item.finding),
        "match": _match(item.match),
        "patch": None if item.patch is None else _patch(item.patch),
        "no_patch": item.remedy.reason if isinstance(item.remedy, NoPatch) else None,
        "proof": None if item.proof is None else _proof(item.proof),
        "decision": {"action": str(decision.action), "blocks": decision.blocks, "rule": decision.rule},
    }


def _match(match: Match) -> dict[str, object]:
    resource = match.resource
    return {
        "state": str(match.state),
        "address": resource.address if resource else None,
        "type": resource.type if resource else None,
        "path": resource.path if resource else None,
        "first_line": resource.lines.first if resource else None,
        "last_line": resource.lines.last if resource else None,
        "confidence": match.confidence,
        "evidence": list(match.evidence),
        "in_code": str(match.in_code),
    }


def _patch(patch: Patch) -> dict[str, object]:
    origin = patch.origin
    return {
        "id": patch.id,
        "origin": {"kind": str(origin.kind), "name": origin.name, "version": origin.version},
        "rationale": patch.rationale,
        "files": [file.path for file in patch.files],
        "diff": unified_diff(patch),
        "cost": None if patch.cost is None else _cost(patch.cost),
    }


def _cost(cost: Cost) -> dict[str, object]:
    return {
        "attempts": cost.attempts,
        "kept": cost.kept,
        "tokens": {"in": cost.given, "out": cost.made, "cache_read": cost.read, "cache_written": cost.written},
        "dollars": None if cost.dollars is None else round(cost.dollars, 6),
        "basis": cost.basis,
    }


def _proof(proof: Proof) -> dict[str, object]:
    checks = [{"name": str(check.name), "status": str(check.status), "detail": check.detail} for check in proof.checks]
    return {"outcome": str(proof.outcome), "checks": checks}


def _problem(problem: Problem) -> dict[str, object]:
    return {"where": problem.where, "message": problem.message}


def _summary(report: Report) -> dict[str, object]:
    items = report.remediations
    proofs = [item.proof.outcome for item in items if item.proof is not None]
    return {
        "remediations": len(items),
        "blocking": sum(item.decision.blocks for item in items),
        "patches": sum(item.patch is not None for item in items),
        "actions": _counts(Action, (item.decision.action for item in items)),
        "proofs": _counts(Outcome, proofs),
        "matches": _counts(MatchState, (item.match.state for item in items)),
        "severities": _counts(Severity, (item.finding.severity for item in items)),
        "left_out": [{"reason": reason, "count": count} for reason, count in report.left_out],
        "applied": list(report.applied),
        "notes": [_problem(note) for note in report.notes],
    }


def _counts(names: type[StrEnum], found: Iterable[StrEnum]) -> dict[str, int]:
    counts = {str(name): 0 for name in names}
    for name in found:
        counts[name] += 1
    return counts
