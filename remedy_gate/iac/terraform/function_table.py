"""Every function that is worked out, by the way in which its arguments are handed over."""

from __future__ import annotations

from collections.abc import Callable

from remedy_gate.iac.values import Value

from .function_json import JSON_FUNCTIONS
from .function_lists import LIST_FUNCTIONS
from .function_maps import MAP_FUNCTIONS
from .function_networks import NETWORK_FUNCTIONS
from .function_numbers import NUMBER_FUNCTIONS
from .function_patterns import PATTERN_FUNCTIONS
from .function_texts import TEXT_FUNCTIONS

KNOWN_ONLY: dict[str, Callable[..., Value]] = {
    **TEXT_FUNCTIONS,
    **NUMBER_FUNCTIONS,
    **NETWORK_FUNCTIONS,
    **PATTERN_FUNCTIONS,
}
"""Functions that are worked out only where every argument is known in full."""

TOLERANT: dict[str, Callable[..., Value]] = {**LIST_FUNCTIONS, **MAP_FUNCTIONS, **JSON_FUNCTIONS}
"""Functions that make something of arguments with unknown parts."""
