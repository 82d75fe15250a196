"""Make one table of two provider versions: what both have, and the bounds of what only one of them has.

The older version is known exactly (its own schema), the newer one by its bindings. Bounds say what is known and no
more: `since` is the newer version for what the older one lacks, `until` the older one for what the newer one lacks.
Between the two nobody looked.
"""

from __future__ import annotations

from collections.abc import Mapping

from remedy_gate.iac.schema import Argument

Body = Mapping[str, Argument]

# Version 6.0.0 gave every regional resource and data source a top-level `region`:
# https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/enhanced-region-support
REGION_SINCE = "6.0.0"


def merge_types(
    older: Mapping[str, Body], newer: Mapping[str, Body], *, older_version: str, newer_version: str
) -> dict[str, dict[str, Argument]]:
    """Every type of either version. Of a type that only one has, the arguments carry the bound."""
    merged: dict[str, dict[str, Argument]] = {}
    for name in sorted(older.keys() | newer.keys()):
        if name not in newer:
            merged[name] = {key: argument._replace(until=older_version) for key, argument in older[name].items()}
        elif name not in older:
            merged[name] = {key: argument._replace(since=newer_version) for key, argument in newer[name].items()}
        else:
            merged[name] = _bodies(older[name], newer[name], older_version, newer_version)
            _date_region(merged[name], newer_version)
    return merged


def _date_region(body: dict[str, Argument], newer_version: str) -> None:
    region = body.get("region")
    if region is not None and region.since == newer_version and not region.readable:
        body["region"] = region._replace(since=REGION_SINCE)


def _bodies(older: Body, newer: Body, older_version: str, newer_version: str) -> dict[str, Argument]:
    merged: dict[str, Argument] = {}
    for name in sorted(older.keys() | newer.keys()):
        if name not in newer:
            merged[name] = older[name]._replace(until=older_version)
        elif name in older:
            merged[name] = _arguments(older[name], newer[name], older_version, newer_version)
        elif not _contains(newer[name].arguments, newer):
            merged[name] = newer[name]._replace(since=newer_version)
        # else: the bindings fold bodies that recur into one that contains itself; how deep they go, the schema knows.
    return merged


def _contains(body: Body | None, sought: Body) -> bool:
    seen: set[int] = set()
    waiting = [body]
    while waiting:
        each = waiting.pop()
        if each is sought:
            return True
        if each is not None and id(each) not in seen:
            seen.add(id(each))
            waiting.extend(argument.arguments for argument in each.values())
    return False


def _arguments(older: Argument, newer: Argument, older_version: str, newer_version: str) -> Argument:
    """An argument that both have. Where they disagree, what accepts more: this table must not cry wolf."""
    arguments = older.arguments
    if older.arguments is not None and newer.arguments is not None:
        arguments = _bodies(older.arguments, newer.arguments, older_version, newer_version)
    chosen = newer if older.readable and not newer.readable else older
    scalars = {"string", "number", "bool"}
    differ = older.type != newer.type and {older.type, newer.type} <= scalars
    return chosen._replace(
        type="any" if differ else chosen.type,
        required=older.required and newer.required,
        arguments=arguments if chosen is older else newer.arguments,
        single=older.single or newer.single,
    )
