"""What a declaration cannot say. Each rule is a module with a `judge` and a `repair`, listed here by name."""

from __future__ import annotations

from collections.abc import Mapping

from . import (
    denies_plain_http,
    described_rules,
    entry,
    every_item,
    https_listener,
    known_bad_inputs,
    listed_names,
    named_setting,
    no_item,
    no_sibling,
    not_from_internet,
    own_account,
    own_key,
    some_item,
    starts_with,
    unable,
)
from .rule import SpecialRule

SPECIALS: Mapping[str, SpecialRule] = {
    "denies_plain_http": denies_plain_http,
    "described_rules": described_rules,
    "entry": entry,
    "every_item": every_item,
    "https_listener": https_listener,
    "known_bad_inputs": known_bad_inputs,
    "listed_names": listed_names,
    "named_setting": named_setting,
    "no_item": no_item,
    "no_sibling": no_sibling,
    "not_from_internet": not_from_internet,
    "own_account": own_account,
    "own_key": own_key,
    "some_item": some_item,
    "starts_with": starts_with,
    "unable": unable,
}
