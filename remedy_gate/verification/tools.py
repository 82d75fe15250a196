"""Which version of a tool was asked, for the record: `terraform 1.9.8`. Just the name where it does not say."""

from __future__ import annotations

import os.path
from collections.abc import Mapping
from functools import lru_cache

SECONDS = 20
LONGEST = 60


def named(tool: str, version: str) -> str:
    """The tool with its version, as far as that is one: it comes from the output of others."""
    words = "".join(letter for letter in version if letter.isalnum() or letter in ".-+_")[:LONGEST]
    return f"{tool} {words}".rstrip()


@lru_cache(maxsize=8)
def installed(distribution: str) -> str:
    """A library of this process."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return named(distribution, version(distribution))
    except PackageNotFoundError:
        return distribution


def terraform(binary: str, environment: Mapping[str, str]) -> str:
    """The user's own terraform or tofu, asked once."""
    return _terraform(binary, environment.get("PATH", ""))


@lru_cache(maxsize=4)
def _terraform(binary: str, path: str) -> str:
    import json

    from .processes import copied, run

    with copied({}) as folder:
        ran = run((binary, "version", "-json"), folder, {"PATH": path}, SECONDS)
    try:
        version = str(json.loads(ran.output)["terraform_version"])
    except (ValueError, KeyError, TypeError):
        version = ""
    return named(os.path.basename(binary), version)
