"""Where a block is deployed, as far as its code says: account, region, environment. The finding must not differ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

_ENVIRONMENTS = {
    "prod": "production",
    "production": "production",
    "prd": "production",
    "preprod": "preproduction",
    "nonprod": "non-production",
    "dev": "development",
    "devel": "development",
    "development": "development",
    "stage": "staging",
    "staging": "staging",
    "stg": "staging",
    "test": "test",
    "testing": "test",
    "tst": "test",
    "qa": "qa",
    "uat": "uat",
    "sandbox": "sandbox",
    "sbx": "sandbox",
    "demo": "demo",
    "dr": "disaster recovery",
}
_TAGS = frozenset(("environment", "env", "stage"))
_REGION = re.compile(
    r"(?<![a-z0-9])[a-z]{2}(?:-(?:gov|iso|isob))?"
    r"-(?:north|south|east|west|central|northeast|southeast|northwest|southwest)-\d(?![\w-])"
)
_ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")


class Standing(NamedTuple):
    """What code, or a finding, says of where a resource is. An empty set says nothing.

    `soft` is the environment that a default names, which a deployment may well give otherwise.
    """

    accounts: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    environments: frozenset[str] = frozenset()
    soft: frozenset[str] = frozenset()


NOWHERE = Standing()


def environments_in(texts: Iterable[str]) -> frozenset[str]:
    """The environments that names of folders, keys or tags speak of."""
    found: set[str] = set()
    for text in texts:
        plain = re.sub(r"(pre|non)[-_ ]?prod(?:uction)?", r"\1prod", text.lower())
        found.update(_ENVIRONMENTS[word] for word in re.split(r"[^a-z]+", plain) if word in _ENVIRONMENTS)
    return frozenset(found)


def environments_of(tags: Mapping[str, str]) -> frozenset[str]:
    """The environment that a resource's tags name."""
    return environments_in(value for key, value in tags.items() if key.lower() in _TAGS) if tags else frozenset()


def regions_in(text: str) -> frozenset[str]:
    """The regions that a path names."""
    return frozenset(_REGION.findall(text))


def accounts_in(text: str) -> frozenset[str]:
    """The accounts that a path names."""
    return frozenset(_ACCOUNT.findall(text))


def disagreement(code: Standing, finding: Standing, *, firmly: bool = True) -> str | None:
    """Why the code cannot be of the finding's resource, in words; None where nothing speaks against it."""
    if code is NOWHERE or finding is NOWHERE:
        return None
    sides = [
        ("account", code.accounts, finding.accounts),
        ("region", code.regions, finding.regions),
        ("environment", code.environments, finding.environments),
    ]
    if not firmly:
        sides.append(("environment", code.soft, finding.environments))
    for what, here, there in sides:
        if here and there and not here & there and not _vague(here, there):
            return f"the code is of the {what} {_listed(here)}, the finding of {_listed(there)}"
    return None


def _vague(here: frozenset[str], there: frozenset[str]) -> bool:
    """Whether one side says only that it is not production, which rules nothing else out."""
    for one, other in ((here, there), (there, here)):
        if "non-production" in one:
            return "production" not in other
    return False


def _listed(names: frozenset[str]) -> str:
    return " or ".join(sorted(names))
