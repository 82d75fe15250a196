"""What a declaration cannot say. Each rule is a module with a `judge` and a `repair`, listed here by name."""

from __future__ import annotations

from collections.abc import Mapping

from .rule import SpecialRule

SPECIALS: Mapping[str, SpecialRule] = {}
