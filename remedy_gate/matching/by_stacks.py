"""CloudFormation's own word: which logical id of which stack a resource is, by its tags or by the stack's list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from remedy_gate.iac.reading import Place

from .claim import Candidate, Candidates, Claim, elsewhere
from .identity import types_of
from .suiting import CLOUDFORMATION_MARK, name_differs

if TYPE_CHECKING:
    from remedy_gate.iac.module import Module

    from .index import CodeIndex
    from .records import Record

STACK_NAME = "aws:cloudformation:stack-name"
STACK_ID = "aws:cloudformation:stack-id"


def by_stack(claim: Claim, code: CodeIndex) -> Candidates | None:
    """The template's resource, from the list of the stack's resources where one was given, else from the tags."""
    logical_id = claim.tags.get(CLOUDFORMATION_MARK)
    stack = claim.tags.get(STACK_NAME) or _name_in(claim.tags.get(STACK_ID, ""))
    records = code.records.of_logical_id(stack, logical_id) if logical_id else ()
    if not records and claim.resource is not None and code.records:
        known = code.records.of(claim.resource, claim.identified)
        records = tuple(record for record in known if record.origin.kind == "stack")
    if records:
        return _by_records(records, code)
    return _by_tags(logical_id, stack, claim, code) if logical_id else None


def _by_records(records: tuple[Record, ...], code: CodeIndex) -> Candidates:
    first = records[0]
    logical_id, stack = first.resource.address, first.resource.stack
    said = f"{first.origin.path} lists it as {logical_id}" + (f" of the stack {stack}" if stack else "")
    found = [Candidate(place) for record in records for place in _places_of(record, code)]
    if not found:
        return elsewhere(f"{said}, and no template that was read has that resource")
    return Candidates(tuple(dict.fromkeys(found)), 0.98, (said,))


def _places_of(record: Record, code: CodeIndex) -> list[Place]:
    """The record's resource in the template that the policy names, else in those that have all of the stack."""
    home, recorded = record.origin.home, record.resource
    if home is not None:
        template = code.module_in(home)
        return [place for place in code.under(recorded.address) if place.module is template]
    places = [place for place in code.under(recorded.address) if _is_of_type(place, recorded.type)]
    whole = [place for place in places if _has_all(place.module, code.records.stack(record))]
    return whole or (places if len(places) == 1 and not whole and _has_most(places[0].module, record, code) else [])


def _has_all(template: Module, stack: object) -> bool:
    assert isinstance(stack, dict)
    return all(logical_id in template.blocks for logical_id in stack)


def _has_most(template: Module, record: Record, code: CodeIndex) -> bool:
    """SAM and macros add resources of their own, and a change takes some away: half of a stack has to be there."""
    stack = code.records.stack(record)
    return 2 * sum(logical_id in template.blocks for logical_id in stack) >= len(stack)


def _by_tags(logical_id: str, stack: str, claim: Claim, code: CodeIndex) -> Candidates:
    said = f"CloudFormation's tags call it {logical_id}" + (f" of the stack {stack}" if stack else "")
    kinds = claim.identified.types if claim.identified is not None else None
    places = [
        place
        for place in code.under(logical_id)
        if place.module.language == "cloudformation" and (kinds is None or place.block.type in kinds)
    ]
    found = tuple(Candidate(place) for place in places if not name_differs(place, claim, code))
    if not found:
        return elsewhere(f"{said}, and no template that was read has that resource")
    named = _named_after(stack, found) if len(found) > 1 else found
    return Candidates(named, 0.95 if len(found) == 1 else 0.8, (said,))


def _named_after(stack: str, found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Those whose template is called like the stack, where that tells them apart."""
    words = set(stack.lower().replace("_", "-").split("-"))
    alike = tuple(one for one in found if _words_of(one.place.block.path) <= words)
    return alike if len(alike) == 1 else found


def _words_of(path: str) -> set[str]:
    stem = path.rpartition("/")[2].partition(".")[0].lower().replace("_", "-")
    return set(stem.split("-"))


def _is_of_type(place: Place, type_name: str) -> bool:
    return place.block.type == type_name or place.block.type in types_of(type_name)


def _name_in(stack_id: str) -> str:
    parts = stack_id.split("/")
    return parts[1] if len(parts) > 1 else ""
