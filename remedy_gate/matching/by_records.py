"""Terraform's own word: the address under which state or plan has the finding's resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .addresses import address_of
from .claim import Candidates, Claim, elsewhere
from .locating import locate

if TYPE_CHECKING:
    from .claim import Candidate
    from .index import CodeIndex
    from .records import Record


def by_record(claim: Claim, code: CodeIndex) -> Candidates | None:
    """The block of the address. A state speaks of the module that it lies in, or that the policy says."""
    if claim.resource is None or not code.records:
        return None
    records = [record for record in code.records.of(claim.resource, claim.identified) if record.origin.kind != "stack"]
    if not records:
        return None
    found: dict[Candidate, tuple[str, ...]] = {}
    missing: list[str] = []
    for record in records:
        candidate, evidence = _place(record, code)
        if candidate is None:
            missing.extend(evidence)
        else:
            found.setdefault(candidate, evidence)
    if not found:
        return elsewhere(*dict.fromkeys(missing))
    confidence = 0.97 if any(record.origin.kind == "state" for record in records) else 0.95
    said = tuple(dict.fromkeys(line for lines in found.values() for line in lines))
    return Candidates(tuple(found), confidence, said)


def _place(record: Record, code: CodeIndex) -> tuple[Candidate | None, tuple[str, ...]]:
    origin, text = record.origin, record.resource.address
    said = f"the {origin.kind} {origin.path} knows it as {text}"
    if origin.home is None:
        return None, (f"{said}, and nothing says which module that is: map it in the policy",)
    module = code.calls.module(origin.home) if code.calls.reaches_read(origin.home) else None
    where = origin.home or "the root"
    if module is None:
        return None, (f"{said} in {where}, which this change does not reach",)
    address = address_of(text)
    located = locate(code, module, address)
    if located is None:
        return None, (f"{said} in {where}, where the code has no such block",)
    return located.candidate, (said, *address.said, *located.evidence)
