"""Names as far as the code says them: fixed parts, and holes where it does not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import product
from typing import NamedTuple, TypeAlias

LEAST_FIXED = 3
"""Letters and digits that a pattern must fix: `${var.x}-logs` tells something, `${var.x}-${var.y}` nothing."""

MOST_NAMES = 24
MOST_PARTS = 24
MOST_HOLES = 4
MOST_CHARACTERS = 256


class Hole(NamedTuple):
    """A part of a name that the code leaves open. `says` is what stands there; equal ones hold the same text.

    `kind` is what it can be: `account`, `region`, `suffix` (what Terraform appends to a prefix), `random` (what
    CloudFormation appends to a logical id), or anything.
    """

    says: str
    kind: str = ""


Name: TypeAlias = "tuple[str | Hole, ...]"
"""The parts of one name; one text and nothing else is a name that the code says outright."""

Names: TypeAlias = tuple[Name, ...]
"""The names that a resource may have; none where nobody knows."""

ACCOUNT = Hole("the account", "account")
REGION = Hole("the region", "region")
TERRAFORM_SUFFIX = Hole("Terraform's suffix", "suffix")
CLOUDFORMATION_SUFFIX = Hole("CloudFormation's suffix", "random")

_KINDS = {
    "": ".*",
    "account": r"\d{12}",
    "region": r"[a-z]{2}(?:-[a-z]+)+-\d",
    "suffix": r"\d{18}[0-9a-f]{8}",  # a time and a counter: `PrefixedUniqueId` of Terraform's plugin SDK
    "random": r"[0-9A-Za-z]{12,13}",
}


def fixed(text: str) -> Names:
    """One name that the code says outright."""
    return ((text,),) if text else ()


def unknown(says: str) -> Names:
    """One name of which nothing is known."""
    return ((Hole(says),),)


def joined(parts: Iterable[Names], between: str = "") -> Names:
    """Every way to put the parts together; one hole in place of a part that has no names."""
    pieces = [names or unknown("something") for names in parts]
    if len(pieces) > MOST_PARTS:
        return ()
    count = 1
    for names in pieces:
        count *= len(names)
    if count > MOST_NAMES:
        pieces = [names if len(names) == 1 else unknown("one of several") for names in pieces]
    separator: Name = (between,) if between else ()
    return tuple(dict.fromkeys(_merged(combination, separator) for combination in product(*pieces)))


def text_of(name: Name) -> str | None:
    """The whole name where the code says it outright, else None."""
    return name[0] if len(name) == 1 and isinstance(name[0], str) else None


def is_telling(name: Name) -> bool:
    """Whether a pattern says enough to be evidence: the kinds of its holes and its fixed parts together."""
    holes = [part for part in name if isinstance(part, Hole)]
    letters = sum(sum(map(str.isalnum, part)) for part in name if isinstance(part, str))
    return len(holes) <= MOST_HOLES and letters >= LEAST_FIXED


def weight(name: Name) -> int:
    """How much a pattern says: of two that fit a name, the one that fixes more of it is the better explanation."""
    return sum(len(part) if isinstance(part, str) else 2 * bool(part.kind) for part in name)


def shown(name: Name) -> str:
    """The name as people read it, with holes by what stands in them."""
    return "".join(part if isinstance(part, str) else f"${{{part.says}}}" for part in name)


def fitting(name: Name, text: str, known: Mapping[str, str | None]) -> tuple[str, ...] | None:
    """What stands in the open holes if `text` can be this name, else None.

    `known` has the finding's `account` and `region`, which holes of these kinds have to hold.
    """
    if len(text) > MOST_CHARACTERS:
        return None
    groups: dict[str, str] = {}
    expression, opened = "", []
    for part in name:
        if isinstance(part, str):
            expression += re.escape(part)
        elif part.says in groups:
            expression += f"(?P={groups[part.says]})"
        else:
            group = groups[part.says] = f"h{len(groups)}"
            told = known.get(part.kind) if part.kind else None
            expression += f"(?P<{group}>{re.escape(told) if told else _KINDS[part.kind]})"
            if not part.kind:
                opened.append(group)
    found = re.fullmatch(expression, text)
    return tuple(found[group] for group in opened) if found else None


def _merged(combination: Iterable[Name], separator: Name) -> Name:
    """One name, texts that stand side by side made one."""
    parts: list[str | Hole] = []
    for number, piece in enumerate(combination):
        for part in (*(separator if number else ()), *piece):
            if parts and isinstance(part, str) and isinstance(parts[-1], str):
                parts[-1] += part
            else:
                parts.append(part)
    return tuple(part for part in parts if part != "")
