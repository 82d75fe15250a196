"""Addresses and ids out of Terraform's state: raw (version 4) or as `terraform show -json` prints it.

https://developer.hashicorp.com/terraform/internals/json-format#state-representation
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from remedy_gate.errors import CodeError

from .records import Recorded, ids_in

RAW_VERSION = 4
DEEPEST = 64


def read_state(document: object) -> tuple[Recorded, ...]:
    """What a state records of managed resources. Raises `CodeError` where the document is no state that we know."""
    if not isinstance(document, dict):
        raise CodeError("It is not a Terraform state.")
    if "encrypted_data" in document:
        raise CodeError("The state is encrypted.", "Give what `tofu show -json` prints.")
    if isinstance(document.get("values"), dict) or (
        "format_version" in document and "resource_changes" not in document
    ):
        return tuple(resources_in(document))
    if document.get("version") == RAW_VERSION and isinstance(document.get("resources"), list):
        return tuple(_raw(document["resources"]))
    raise CodeError(
        "It is not a Terraform state.", "Give a .tfstate of version 4 or what `terraform show -json` prints."
    )


def resources_in(document: Mapping[str, Any]) -> Iterator[Recorded]:
    """The managed resources of `values.root_module` and its child modules."""
    values = document.get("values")
    waiting = [(values.get("root_module"), 0)] if isinstance(values, dict) else []
    while waiting:
        module, depth = waiting.pop()
        if not isinstance(module, dict) or depth > DEEPEST:
            continue
        for resource in _list(module.get("resources")):
            if isinstance(resource, dict) and resource.get("mode") != "data":
                yield from _shown(resource)
        waiting.extend((child, depth + 1) for child in _list(module.get("child_modules")))


def _shown(resource: Mapping[str, Any]) -> Iterator[Recorded]:
    address, type_name = resource.get("address"), resource.get("type")
    if isinstance(address, str) and isinstance(type_name, str):
        yield recorded(address, type_name, resource.get("values"), resource.get("identity"))


def recorded(address: str, type_name: str, *values: object) -> Recorded:
    """A record of what several groups of values say of one resource."""
    arn: str | None = None
    ids: tuple[str, ...] = ()
    for group in values:
        if isinstance(group, dict):
            its_arn, its_ids = ids_in(type_name, group)
            arn, ids = arn or its_arn, (*ids, *its_ids)
    return Recorded(address, type_name, arn, tuple(dict.fromkeys(ids)))


def _raw(resources: list[Any]) -> Iterator[Recorded]:
    for resource in resources:
        if not isinstance(resource, dict) or resource.get("mode") != "managed":
            continue
        type_name, name, module = (resource.get(key) for key in ("type", "name", "module"))
        if not (isinstance(type_name, str) and isinstance(name, str)):
            continue
        prefix = f"{module}." if isinstance(module, str) and module else ""
        for instance in _list(resource.get("instances")):
            if isinstance(instance, dict):
                address = f"{prefix}{type_name}.{name}{_key(instance.get('index_key'))}"
                yield recorded(address, type_name, instance.get("attributes"), instance.get("identity"))


def _key(index: object) -> str:
    if isinstance(index, int) and not isinstance(index, bool):
        return f"[{index}]"
    return f'["{index}"]' if isinstance(index, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
