"""What a plan says of each resource: `terraform show -json` before and after a patch, where the owner gives them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import NamedTuple

INDEX = re.compile(r'\[(?:\d+|"[^"]*")\]')
REPLACES, DELETES = "replaces", "deletes"


class Plans(NamedTuple):
    """The contents of two plans in JSON; `before` is empty where only the patched code was planned."""

    after: bytes
    before: bytes = b""


def newly_destroyed(plans: Plans) -> Mapping[str, str] | None:
    """The addresses, without indexes, that the patched code would replace or delete and the old one would not.

    None where the plan of the patched code cannot be read.
    """
    after, before = _destroyed(plans.after), _destroyed(plans.before) if plans.before else {}
    if after is None or before is None:
        return None
    return {address: word for address, word in after.items() if before.get(address) not in (word, DELETES)}


def _destroyed(text: bytes) -> dict[str, str] | None:
    try:
        plan = json.loads(text)
    except (ValueError, RecursionError):
        return None
    changes = plan.get("resource_changes") if isinstance(plan, dict) else None
    if not isinstance(changes, list):
        return None
    found: dict[str, str] = {}
    for item in changes:
        change = item.get("change") if isinstance(item, dict) else None
        actions = change.get("actions") if isinstance(change, dict) else None
        if isinstance(actions, list) and "delete" in actions:
            address = INDEX.sub("", str(item.get("address", "")))
            found[address] = DELETES if actions == ["delete"] else found.get(address, REPLACES)
    return found
