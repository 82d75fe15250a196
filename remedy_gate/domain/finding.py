"""A finding: one open problem that a source reports about cloud resources or code lines."""

from __future__ import annotations

from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple


class Severity(StrEnum):
    """How bad, in the product's own words. A missing severity is `UNKNOWN`, never low."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"
    UNKNOWN = "unknown"

    @property
    def rank(self) -> int:
        """0 for the most severe. `UNKNOWN` comes after high: it may be either."""
        return _RANKS[self]


_RANKS = {
    Severity.CRITICAL: 0,
    Severity.HIGH: 1,
    Severity.UNKNOWN: 2,
    Severity.MEDIUM: 3,
    Severity.LOW: 4,
    Severity.INFO: 5,
}


class Kind(StrEnum):
    """What a finding is about. The gate acts on misconfigurations and names the rest it left out."""

    MISCONFIGURATION = "misconfiguration"
    VULNERABILITY = "vulnerability"
    THREAT = "threat"
    SECRET = "secret"
    OTHER = "other"


class CloudResource(NamedTuple):
    """What a finding says of a resource. `id` is the ARN where there is one, else the native id."""

    id: str
    type: str | None = None
    name: str | None = None
    account: str | None = None
    region: str | None = None
    tags: tuple[tuple[str, str], ...] = ()


class Location(NamedTuple):
    """Where in code a finding points: a path, lines (1-based, `None` where it names none), a symbolic address."""

    path: str
    first_line: int | None = None
    last_line: int | None = None
    address: str | None = None


class Finding(NamedTuple):
    """One open problem. `source` is who reported it; once findings were merged, `sources` is everyone who did.

    `rules` are the ids of all their rules, where those are several.
    `status` is the source's own word. `first_seen` and `due` are ISO 8601 texts as the source gave them.
    """

    source: str
    rule_id: str
    title: str
    severity: Severity = Severity.UNKNOWN
    kind: Kind = Kind.MISCONFIGURATION
    status: str = "open"
    control: str | None = None
    resources: tuple[CloudResource, ...] = ()
    location: Location | None = None
    first_seen: str | None = None
    due: str | None = None
    url: str | None = None
    sources: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What a policy may call the problem: the control, and every rule id under which it was reported."""
        own = (self.control, self.rule_id) if self.control else (self.rule_id,)
        return (*own, *self.rules) if self.rules else own

    @property
    def fingerprint(self) -> str:
        """32 hex digits: the same for the same problem, whoever reports it and wherever its lines have moved."""
        text = "\x1f".join((self.control or self.rule_id, *self._subject()))
        return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def _subject(self) -> tuple[str, ...]:
        if self.resources:
            return tuple(
                "\x1e".join((resource.id, resource.account or "", resource.region or "")) for resource in self.resources
            )
        if self.location is None:
            return ("",)
        return (self.location.path, self.location.address or "")
