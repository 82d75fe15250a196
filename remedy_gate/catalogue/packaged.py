"""What is compiled from the declarations and comes with the package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from os.path import dirname, join
from typing import Any

from remedy_gate.errors import SettingsError


def packaged(name: str) -> Any:  # noqa: ANN401 - JSON of our own making, read by `declaring`
    """The contents of a compiled file.

    :raises SettingsError: it is not there, or is no JSON.
    """
    try:
        with open(join(dirname(__file__), "compiled", f"{name}.json"), "rb") as file:
            return json.load(file)
    except (OSError, ValueError) as error:
        raise SettingsError(f"the packaged catalogue cannot be read: {error}.", "Install remedy-gate again.") from error


@lru_cache(maxsize=1)
def companions() -> Mapping[str, Any]:
    """The declarations of what remedies may make (`catalogue/companions.yaml`), by name."""
    declared: Mapping[str, Any] = packaged("companions")
    return declared
