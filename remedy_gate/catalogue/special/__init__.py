"""What a declaration cannot say. Each rule is a module with a `judge` and a `repair`, listed here by name.

A rule is imported when a control that needs it is first judged: most runs need few of them, and a hook has 100 ms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import cast

from .rule import SpecialRule

NAMES = (
    "default_key_policy",
    "denies_plain_http",
    "described_rules",
    "entry",
    "every_item",
    "https_listener",
    "known_bad_inputs",
    "listed_names",
    "named_setting",
    "no_item",
    "no_sibling",
    "not_from_internet",
    "own_account",
    "own_key",
    "peering_routes",
    "s3_origins",
    "some_item",
    "source_account",
    "starts_with",
    "unable",
)


class SpecialRules(Mapping[str, SpecialRule]):
    """The rules by name."""

    __slots__ = ()

    def __getitem__(self, name: str) -> SpecialRule:
        """The rule of this name; a `KeyError` where there is none."""
        if name not in NAMES:
            raise KeyError(name)
        return cast("SpecialRule", import_module(f"{__package__}.{name}"))

    def __iter__(self) -> Iterator[str]:
        """Every name."""
        return iter(NAMES)

    def __len__(self) -> int:
        """How many there are."""
        return len(NAMES)


SPECIALS = SpecialRules()
