"""One in-toto Statement for each patch that was let through: what was checked of the files that it makes, unsigned.

See https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md; the predicate type is our own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from remedy_gate.domain.ledger import Record

from .canonical import Json, canonical

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://remedy-gate.invalid/attestation/remediation/v1"
LET_THROUGH = ("suggest", "apply")


def statements(records: Iterable[Record]) -> Iterator[str]:
    """A line of JSON for each decision on a patch that was let through; its subjects are the files as patched."""
    import json

    for record in records:
        body = json.loads(record.text)
        patch, decision = body.get("patch"), body.get("decision") or {}
        if not isinstance(patch, dict) or decision.get("action") not in LET_THROUGH:
            continue
        subjects: list[Json] = [{"name": file["path"], "digest": {"sha256": file["after"]}} for file in patch["files"]]
        predicate: dict[str, Json] = {
            key: body.get(key) for key in ("finding", "match", "origin", "proof", "decision", "run")
        }
        predicate["record"] = {"seq": record.seq, "hash": record.hash}
        statement: dict[str, Json] = {"_type": STATEMENT, "subject": subjects, "predicateType": PREDICATE}
        yield canonical({**statement, "predicate": predicate})
