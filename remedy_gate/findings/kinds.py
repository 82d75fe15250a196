"""What a finding of a general code scanner is about, told by its rule, its tags and its file."""

from __future__ import annotations

import re
from typing import Final

from remedy_gate.domain.finding import Kind, Location

_VULNERABILITY: Final = r"(?i)(?:cve|ghsa|ckv_cve|snyk)[-_](?!cc-)"
_TAGS: Final = (
    ("vulnerability", Kind.VULNERABILITY),
    ("secret", Kind.SECRET),
    ("misconfiguration", Kind.MISCONFIGURATION),
)
_INFRASTRUCTURE: Final = (".tf", ".tofu", ".json", ".yaml", ".yml", ".template", ".hcl", ".tfvars")


def kind_of_rule(rule_id: str, tags: list[object]) -> Kind | None:
    """The kind that a rule's id or tags give away."""
    if re.match(_VULNERABILITY, rule_id):
        return Kind.VULNERABILITY
    if rule_id.startswith("CKV_SECRET"):
        return Kind.SECRET
    return next((kind for tag, kind in _TAGS if tag in tags), None)


def kind_of_place(location: Location | None) -> Kind:
    """Infrastructure code has misconfigurations; what other code has is no matter of this program."""
    if location is None or location.path.lower().endswith(_INFRASTRUCTURE):
        return Kind.MISCONFIGURATION
    return Kind.OTHER
