"""The evidence for a match, strongest first. The first rung that finds candidates decides."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from remedy_gate.domain.finding import CloudResource, Location
from remedy_gate.domain.source import LineRange
from remedy_gate.iac.reading import Place

from .identity import identify
from .index import CodeIndex, Places

ADDRESS_STEP = re.compile(r'(?:\[(?:\d+|"[^"]*")\])')
MODULE_STEP = re.compile(r"^module\.[^.\[]+(?:\[[^\]]*\])?\.")


class Claim(NamedTuple):
    """One thing that a finding is about: a cloud resource, a place in code, or both."""

    resource: CloudResource | None
    location: Location | None


class Candidates(NamedTuple):
    """What one rung found: the blocks, how sure that makes us (0 to 1), and why in words."""

    places: Places
    confidence: float
    evidence: tuple[str, ...]


Rung: TypeAlias = Callable[[Claim, CodeIndex], Candidates | None]


def by_address(claim: Claim, code: CodeIndex) -> Candidates | None:
    """The scanner's own address, in the file that it names or, if the block has moved, elsewhere in that module."""
    location = claim.location
    if location is None or not location.address:
        return None
    address, steps = bare_address(location.address)
    places = code.under(address) or code.under(f"data.{address}")  # Checkov leaves the `data.` of a data source out
    if not places:
        return None
    reported = code.paths(location.path) if location.path else ()
    here = tuple(place for place in places if place.block.path in reported)
    evidence = (f"the scanner names {location.address}", *steps)
    if here:
        return Candidates(_nearest(here, location), 0.95, (*evidence, f"in {location.path}"))
    same_module = tuple(place for place in places if any(path in place.module.files for path in reported))
    if same_module:
        return Candidates(same_module, 0.85, (*evidence, f"now in {same_module[0].block.path}"))
    return Candidates(places, 0.7, evidence) if not location.path else None


def by_lines(claim: Claim, code: CodeIndex) -> Candidates | None:
    """The file and the lines, where the scanner gives no address."""
    location = claim.location
    if location is None or location.address or location.first_line is None:
        return None
    lines = LineRange(location.first_line, max(location.last_line or 0, location.first_line))
    paths = code.paths(location.path)
    places = tuple(place for path in paths for place in code.at(path, lines))
    if not places:
        return None
    starting = tuple(place for place in places if place.block.lines.first == lines.first)
    where = f"{location.path}:{lines.first}"
    if len(paths) == 1 and len(starting) == 1:
        return Candidates(starting, 0.9, (f"{where} is where it begins",))
    return Candidates(places, 0.8, (f"{where} lies in it",))


def by_name(claim: Claim, code: CodeIndex) -> Candidates | None:
    """The name in an ARN or id, against names that the code says outright, for types that may bear it."""
    if claim.resource is None:
        return None
    identified = identify(claim.resource.id, claim.resource.type)
    if identified is None:
        return None
    places = tuple(place for place in code.named(identified.name) if place.block.type in identified.types)
    return Candidates(places, 0.85, (f'its name in the code is "{identified.name}"',)) if places else None


LADDER: tuple[Rung, ...] = (by_address, by_lines, by_name)


def bare_address(address: str) -> tuple[str, tuple[str, ...]]:
    """An address without module path and instance keys, and in words what was taken off."""
    steps: list[str] = []
    while found := MODULE_STEP.match(address):
        steps.append(found.group()[:-1])
        address = address[found.end() :]
    keys = ADDRESS_STEP.findall(address)
    said = ([f"called as {'.'.join(steps)}"] if steps else []) + [f"instance {key}" for key in keys]
    return ADDRESS_STEP.sub("", address), tuple(said)


def _nearest(places: Places, location: Location) -> tuple[Place, ...]:
    """Among blocks of one address in files of one name, the one at the reported lines, if that tells them apart."""
    if len(places) == 1 or location.first_line is None:
        return places
    exact = tuple(place for place in places if place.block.path == location.path)
    if exact:
        return exact
    lines = LineRange(location.first_line, max(location.last_line or 0, location.first_line))
    alike = tuple(place for place in places if place.block.lines == lines)
    return alike if len(alike) == 1 else places
