"""What a declaration cannot say. Each rule is a module with a `judge` and a `repair`, listed here by name."""

from __future__ import annotations

from collections.abc import Mapping

from . import entry, every_item, named_setting, no_item, no_sibling, some_item, starts_with
from .rule import SpecialRule

SPECIALS: Mapping[str, SpecialRule] = {
    "entry": entry,
    "every_item": every_item,
    "named_setting": named_setting,
    "no_item": no_item,
    "no_sibling": no_sibling,
    "some_item": some_item,
    "starts_with": starts_with,
}
