"""Addresses and ids out of a plan, as `terraform show -json` prints it: what there is, and what is going to be.

https://developer.hashicorp.com/terraform/internals/json-format#plan-representation
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from remedy_gate.errors import CodeError

from .records import Recorded
from .state import recorded, resources_in


def read_plan(document: object) -> tuple[Recorded, ...]:
    """What a plan says of managed resources, under their new addresses. Raises `CodeError` where it is no plan."""
    if not isinstance(document, dict) or not isinstance(document.get("resource_changes"), list | None):
        raise CodeError("It is not a plan.", "Give what `terraform show -json PLANFILE` prints.")
    if "planned_values" not in document and "resource_changes" not in document:
        raise CodeError("It is not a plan.", "Give what `terraform show -json PLANFILE` prints.")
    changes = tuple(_changes(document))
    known = {address for address, _ in changes}
    prior = document.get("prior_state")
    before = resources_in(prior) if isinstance(prior, dict) else ()
    return (*(record for _, record in changes), *(record for record in before if record.address not in known))


def _changes(document: Mapping[str, Any]) -> Iterator[tuple[str, Recorded]]:
    """Each change by its address, and once more by the one that the resource had before."""
    for entry in document.get("resource_changes") or ():
        if not isinstance(entry, dict) or entry.get("mode") == "data":
            continue
        address, type_name, change = (entry.get(key) for key in ("address", "type", "change"))
        if not (isinstance(address, str) and isinstance(type_name, str) and isinstance(change, dict)):
            continue
        groups = (change.get(key) for key in ("before", "after", "before_identity", "after_identity", "importing"))
        record = recorded(address, type_name, *groups)
        yield address, record
        previous = entry.get("previous_address")
        if isinstance(previous, str):
            yield previous, record
