"""What happened, as entries for the chain: identities, digests and outcomes; never code, titles, tags or mail."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeAlias

from remedy_gate.domain.ledger import Entry
from remedy_gate.domain.patch import Patch
from remedy_gate.domain.proof import Proof
from remedy_gate.domain.remediation import Remediation, Report
from remedy_gate.policy.deciding import approver

from .canonical import Json, canonical, digest_of
from .redaction import redacted

SCHEMA = "remedy-gate/record/1"
GENERATION = ("model", "inference_profile", "prompt", "request", "service_request", "tokens", "kept")
_PERCENT = 100


class Trigger(NamedTuple):
    """What set a run off. Empty texts are not known; `runner` says local, or which CI. `at` is ISO 8601 in UTC."""

    at: str
    command: str
    version: str
    run: str
    repository: str = ""
    commit: str = ""
    base: str = ""
    pull_request: int = 0
    workflow: str = ""
    runner: str = "local"
    policy: str = ""
    policy_digest: str = ""


def entry(kind: str, at: str, identifier: str, body: Mapping[str, Json], attachment: str | None = None) -> Entry:
    """An entry of any kind: canonical, and redacted."""
    whole: dict[str, Json] = {**body, "id": identifier, "kind": kind, "at": at, "schema": SCHEMA}
    if attachment is not None:
        whole["attachment"] = digest_of(attachment)
    return Entry(identifier, kind, redacted(canonical(whole)), attachment)


Generations: TypeAlias = Mapping[str, dict[str, Json]]
"""By patch id what the call of the model was that made it: see `generations`."""


def run_entries(
    report: Report, trigger: Trigger, new_id: Callable[[], str], made: Generations | None = None
) -> tuple[Entry, ...]:
    """A run and everything that was decided in it. `made`: the model's calls of this run, by the patch that came of each."""
    run = entry("run", trigger.at, trigger.run, _run(report, trigger))
    decisions = (
        entry("decision", trigger.at, new_id(), decision(item, report, trigger, made or {}))
        for item in report.remediations
    )
    return (run, *decisions)


def generations(entries: Iterable[Entry]) -> Generations:
    """What the decision repeats of the attempts that made patches, so that one record tells where a patch comes from."""
    found: dict[str, dict[str, Json]] = {}
    for one in entries:
        body = json.loads(one.text)
        if body["kind"] == "attempt" and body["patch"]:
            found[body["patch"]] = {"attempt": one.id, **{key: body[key] for key in GENERATION}}
    return found


def decision(item: Remediation, report: Report, trigger: Trigger, made: Generations) -> dict[str, Json]:
    """What was decided of one finding, on which grounds."""
    patch, proof = item.patch, item.proof
    applied = patch is not None and all(file.path in report.applied for file in patch.files)
    return {
        "run": trigger.run,
        "finding": _finding(item),
        "match": _match(item),
        "origin": None if patch is None else origin(patch),
        "generation": None if patch is None else made.get(patch.id),
        "patch": None if patch is None else _patch(patch),
        "no_patch": digest_of(item.remedy.reason) if not isinstance(item.remedy, Patch) else None,
        "proof": None if proof is None else _proof(proof, trigger.version),
        "decision": {
            "action": str(item.decision.action),
            "blocks": item.decision.blocks,
            "rule": item.decision.rule,
            "policy": trigger.policy_digest,
            "approver": approver(item.decision),
        },
        "applied": applied and item.decision.action in ("suggest", "apply"),
    }


def origin(patch: Patch) -> dict[str, Json]:
    """Who made a patch: a control and its version, or a model and the digest of its prompt."""
    return {"kind": str(patch.origin.kind), "name": patch.origin.name, "version": patch.origin.version}


def base_digest(patch: Patch) -> str:
    """One digest over the code that a patch was made from."""
    return digest_of(canonical([[file.path, file.base_digest] for file in patch.files]))


def proof_digest(proof: Proof) -> str:
    """One digest over everything that the checks said."""
    return digest_of(canonical([[str(check.name), str(check.status), check.detail] for check in proof.checks]))


def _run(report: Report, trigger: Trigger) -> dict[str, Json]:
    return {
        "command": trigger.command,
        "version": trigger.version,
        "verdict": str(report.verdict),
        "policy": {"origin": trigger.policy, "digest": trigger.policy_digest},
        "trigger": {
            "repository": trigger.repository,
            "commit": trigger.commit,
            "base": trigger.base,
            "pull_request": trigger.pull_request,
            "workflow": trigger.workflow,
            "runner": trigger.runner,
        },
        "decided": len(report.remediations),
        "errors": [digest_of(f"{problem.where}: {problem.message}") for problem in report.errors[:100]],
        "applied": list(report.applied),
    }


def _finding(item: Remediation) -> dict[str, Json]:
    finding = item.finding
    return {
        "fingerprint": finding.fingerprint,
        "source": finding.source,
        "sources": list(finding.sources or (finding.source,)),
        "rule": finding.rule_id,
        "rules": list(finding.rules or (finding.rule_id,)),
        "control": finding.control,
        "kind": str(finding.kind),
        "severity": str(finding.severity),
        "status": finding.status,
        "first_seen": finding.first_seen,
        "due": finding.due,
        "resources": [resource.id for resource in finding.resources],
    }


def _match(item: Remediation) -> dict[str, Json]:
    match, resource = item.match, item.match.resource
    return {
        "state": str(match.state),
        "in_code": str(match.in_code),
        "confidence_percent": round(match.confidence * _PERCENT),
        "evidence": list(match.evidence),
        "address": resource.address if resource else None,
        "type": resource.type if resource else None,
        "path": resource.path if resource else None,
        "lines": [resource.lines.first, resource.lines.last] if resource else None,
    }


def _patch(patch: Patch) -> dict[str, Json]:
    from hashlib import sha256

    files: list[Json] = [
        {"path": file.path, "before": file.base_digest, "after": sha256(file.after).hexdigest()} for file in patch.files
    ]
    return {"id": patch.id, "base": base_digest(patch), "files": files}


def _proof(proof: Proof, version: str) -> dict[str, Json]:
    """Each check with what it said and which tools it asked: ours, and those of others."""
    ours = f"remedy-gate {version}"
    checks: list[Json] = [
        {
            "name": str(check.name),
            "status": str(check.status),
            "detail": digest_of(check.detail),
            "tools": [ours, *check.tools],
        }
        for check in proof.checks
    ]
    return {"outcome": str(proof.outcome), "digest": proof_digest(proof), "checks": checks}
