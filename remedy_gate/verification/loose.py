"""Lists of which a special rule repairs some fields of some items, and nothing else changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from remedy_gate.iac.values import ABSENT, Absent, Fields, Items, Known, Path, Value, same, select, settled

from .objections import Objection


class Loose(NamedTuple):
    """A list of which a special rule repairs some items: those with `mark`, and of these only the `free` fields."""

    path: Path
    mark: str
    free: frozenset[str]
    length: bool


LISTS: Mapping[str, tuple[Loose, ...]] = {
    "peering_routes": (
        Loose(
            ("route",),
            "vpc_peering_connection_id",
            frozenset(("cidr_block", "ipv6_cidr_block", "destination_prefix_list_id")),
            length=False,
        ),
    ),
    "no_sibling": (
        Loose(("global_secondary_index",), "", frozenset(("read_capacity", "write_capacity")), length=True),
        Loose(("Properties", "GlobalSecondaryIndexes"), "", frozenset(("ProvisionedThroughput",)), length=True),
    ),
    "every_item": (
        Loose(("origin",), "", frozenset(("custom_origin_config",)), length=True),
        Loose(("Properties", "DistributionConfig", "Origins"), "", frozenset(("CustomOriginConfig",)), length=True),
    ),
    "s3_origins": (
        Loose(("origin",), "", frozenset(("origin_access_control_id", "s3_origin_config")), length=True),
        Loose(
            ("Properties", "DistributionConfig", "Origins"),
            "",
            frozenset(("OriginAccessControlId", "S3OriginConfig")),
            length=True,
        ),
    ),
}


def of_loose(address: str, loose: Loose, old: Fields, new: Fields) -> Iterator[Objection]:
    """What changes in a list beside the repair."""
    before, after = _items(old, loose.path), _items(new, loose.path)
    name = loose.path[-1]
    if loose.length and len(before) != len(after):
        yield Objection(certain=True, why=f"{address} would have another number of {name}")
        return
    changed = [item for item in before if not _among(item, after)]
    fresh = [item for item in after if not _among(item, before)]
    if any(loose.mark and _is_nothing(item.get(loose.mark)) for item in changed):
        yield Objection(certain=True, why=f"a {name} of {address} that is not about this would change or go")
    left, right = ([_without(item, loose.free) for item in side] for side in (changed, fresh))
    if not all(_among(item, right) for item in left) or not all(_among(item, left) for item in right):
        yield Objection(certain=True, why=f"a {name} of {address} would change in more than the repair needs")


def _items(body: Fields, path: Path) -> list[Fields]:
    values = (settled(found.value) for found in select(body, path))
    listed = (item for value in values for item in (value.items if isinstance(value, Items) else (value,)))
    return [item for item in map(settled, listed) if isinstance(item, Fields)]


def _without(item: Fields, names: frozenset[str]) -> Fields:
    kept = tuple((name, value) for name, value in item.entries if name not in names)
    return Fields(kept, item.complete)


def _is_nothing(value: Value) -> bool:
    return settled(value) in (ABSENT, Known(None), Known("")) or isinstance(value, Absent)


def _among(item: Fields, items: list[Fields]) -> bool:
    return any(same(item, one) for one in items)
