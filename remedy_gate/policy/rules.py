"""What a policy says: rules over severity, control, source, path and origin, the first that fits decides."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from remedy_gate.domain.finding import Severity
from remedy_gate.iac.values import Scalar


class Condition(NamedTuple):
    """What a rule asks for; an empty tuple asks for nothing. Patterns are shell-style, `**` crosses folders."""

    severities: tuple[Severity, ...] = ()
    controls: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    introduced: bool | None = None
    proven: bool | None = None


class Rule(NamedTuple):
    """`action` is block, suggest, apply, annotate, withhold or ignore; `name` is what a decision calls the rule by."""

    name: str
    action: str
    when: Condition


class Policy(NamedTuple):
    """One policy. `findings` are sources to read where none is named; `parameters` are the owner's values."""

    rules: tuple[Rule, ...]
    findings: tuple[str, ...] = ()
    remedies: tuple[str, ...] = ("catalogue",)
    parameters: Mapping[str, Scalar] = {}
    origin: str = "the defaults"


DEFAULT_RULES = (
    Rule(
        "default: critical and high introduced by this change block",
        "block",
        Condition(severities=(Severity.CRITICAL, Severity.HIGH), introduced=True),
    ),
    Rule("default: the rest is suggested", "suggest", Condition()),
)

DEFAULT_POLICY = Policy(DEFAULT_RULES)


def matches_path(path: str, pattern: str) -> bool:
    """Whether a path fits a shell-style pattern: `*` within a folder, `**` across folders, a folder means all in it."""
    return re.fullmatch(_expression(pattern), path) is not None


def matches_name(name: str, pattern: str) -> bool:
    """Whether a name fits a shell-style pattern (`s3-*`)."""
    return re.fullmatch("".join(".*" if char == "*" else re.escape(char) for char in pattern), name) is not None


def _expression(pattern: str) -> str:
    expression = ""
    rest = pattern.removeprefix("./").removesuffix("/")
    while rest:
        if rest.startswith("**/"):
            expression, rest = expression + "(?:.*/)?", rest[3:]
        elif rest.startswith("**"):
            expression, rest = expression + ".*", rest[2:]
        elif rest.startswith("*"):
            expression, rest = expression + "[^/]*", rest[1:]
        elif rest.startswith("?"):
            expression, rest = expression + "[^/]", rest[1:]
        else:
            expression, rest = expression + re.escape(rest[0]), rest[1:]
    return expression + "(?:/.*)?"
