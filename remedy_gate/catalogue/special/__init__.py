"""What a declaration cannot say. Each rule is a module with a `judge` and a `repair`, listed here by name."""

from __future__ import annotations

from collections.abc import Mapping

from . import (
    described_rules,
    entry,
    every_item,
    https_listener,
    listed_names,
    named_setting,
    no_item,
    no_sibling,
    not_from_internet,
    own_key,
    some_item,
    starts_with,
)
from .rule import SpecialRule

SPECIALS: Mapping[str, SpecialRule] = {
    "described_rules": described_rules,
    "entry": entry,
    "every_item": every_item,
    "https_listener": https_listener,
    "listed_names": listed_names,
    "named_setting": named_setting,
    "no_item": no_item,
    "no_sibling": no_sibling,
    "not_from_internet": not_from_internet,
    "own_key": own_key,
    "some_item": some_item,
    "starts_with": starts_with,
}
