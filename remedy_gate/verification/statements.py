"""Statements of policies as values, wherever in a resource a policy stands and however it is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from remedy_gate.iac.json_values import opened
from remedy_gate.iac.values import Absent, Fields, Items, Known, OneOf, Path, Reference, Unknown, Value, settled

from .globs import contains, overlap

Texts: TypeAlias = "frozenset[str] | None"
EVERYBODY = "*"
LIKE = frozenset(("stringequals", "stringlike", "arnequals", "arnlike"))
UNSURE = "\x00"
"""What stands in a set of texts in place of one that nobody knows; it fits itself only."""
ELEMENTS = frozenset(
    (
        *("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource"),
        "Condition",
    )
)
KINDS = ("AWS", "Service", "Federated", "CanonicalUser", EVERYBODY)
"""The kinds of principals. What is written otherwise, such as `aws`, AWS may refuse or may take: nobody can tell."""


class Condition(NamedTuple):
    """One test of a statement: operator and key in small letters, and the values."""

    operator: str
    key: str
    values: frozenset[str]


class Statement(NamedTuple):
    """One statement. A set is None where the statement has no such element."""

    allows: bool
    principals: Texts
    not_principals: Texts
    actions: Texts
    not_actions: Texts
    resources: Texts
    not_resources: Texts
    conditions: frozenset[Condition]

    @property
    def is_sure(self) -> bool:
        """Whether every part of it is known, at least by name."""
        sets = (
            self.principals,
            self.not_principals,
            self.actions,
            self.not_actions,
            self.resources,
            self.not_resources,
        )
        return not any(UNSURE in one for one in sets if one is not None)


def policies(body: Value, path: Path = ()) -> Iterator[tuple[Path, tuple[Statement, ...]]]:
    """The policies in a body, each with where it stands."""
    match settled(body):
        case Fields() as fields:
            statements = fields.get("Statement")
            if not isinstance(statements, Absent | Unknown) and not _is_of_a_rule(statements):
                yield path, tuple(_statements(statements))
                return
            for name, value in fields.entries:
                yield from policies(value, (*path, name))
        case Items() as items:
            for index, item in enumerate(items.items):
                yield from policies(item, (*path, index))
        case OneOf(options):
            for option in options:
                yield from policies(option, path)
        case Known(value=str() as text) if '"Statement"' in text:
            yield path, tuple(_of_json(text))


def _is_of_a_rule(value: Value) -> bool:
    """Whether it is what a rule of a web ACL is about: AWS calls that a statement, too."""
    inner = settled(value)
    return (
        isinstance(inner, Fields)
        and bool(inner.entries)
        and all(name.endswith(("Statement", "_statement")) for name, _ in inner.entries)
    )


def _of_json(text: str) -> Iterator[Statement]:
    document = opened(text)
    if isinstance(document, Fields):
        statements = document.get("Statement")
        yield from _statements(Items(()) if isinstance(statements, Absent) else statements)
    else:
        yield from _statements(Unknown("a policy that is no JSON"))


def _statements(value: Value) -> Iterator[Statement]:
    inner = settled(value)
    items = inner.items if isinstance(inner, Items) else (inner,)
    for item in items:
        body = settled(item)
        if isinstance(body, Fields):
            yield _statement(body)
        else:
            yield Statement(True, None, None, frozenset((UNSURE,)), None, frozenset((UNSURE,)), None, frozenset())
    if isinstance(inner, Items) and not inner.complete:
        yield Statement(True, None, None, frozenset((UNSURE,)), None, frozenset((UNSURE,)), None, frozenset())


def _statement(body: Fields) -> Statement:
    effect = settled(body.get("Effect"))
    plain = effect in (Known("Allow"), Known("Deny")) and all(name in ELEMENTS for name, _ in body.entries)
    actions = _lowered(_texts(body.get("Action")))
    return Statement(
        allows=not (isinstance(effect, Known) and str(effect.value).lower() == "deny"),
        principals=_principals(body.get("Principal")),
        not_principals=_principals(body.get("NotPrincipal")),
        actions=actions if plain else (actions or frozenset()) | {UNSURE},
        not_actions=_lowered(_texts(body.get("NotAction"))),
        resources=_texts(body.get("Resource")),
        not_resources=_texts(body.get("NotResource")),
        conditions=frozenset(_conditions(body.get("Condition"))),
    )


def _principals(value: Value) -> Texts:
    inner = settled(value)
    if not isinstance(inner, Fields):
        return _texts(inner)
    found: set[str] = set() if inner.complete else {UNSURE}
    for kind, identifiers in inner.entries:
        found |= {_principal(kind, text) for text in _texts(identifiers) or ()}
        found |= set() if kind in KINDS else {UNSURE}
    return frozenset(found)


def _principal(kind: str, text: str) -> str:
    if text == EVERYBODY and kind in ("AWS", "*"):
        return EVERYBODY
    return f"{kind}:arn:aws:iam::{text}:root" if text.isdigit() else f"{kind}:{text}"


def _texts(value: Value) -> Texts:
    match value:
        case Absent() | Known(value=None):
            return None
        case Known(inner):
            return frozenset((str(inner),))
        case Reference(inner_address, attribute, inner):
            known = _texts(inner) if not isinstance(settled(inner), Unknown) else None
            return known or frozenset((f"${{{'.'.join((inner_address, *attribute))}}}",))
        case Items(items, complete):
            texts = {text for item in items for text in _texts(item) or ()}
            return frozenset(texts if complete else {*texts, UNSURE})
        case OneOf(options):
            return frozenset(text for option in options for text in _texts(option) or ())
        case _:
            return frozenset((UNSURE,))


def _lowered(texts: Texts) -> Texts:
    return frozenset(map(str.lower, texts)) if texts is not None else None


def _conditions(value: Value) -> Iterator[Condition]:
    inner = settled(value)
    for operator, tests in inner.entries if isinstance(inner, Fields) else ():
        for key, values in getattr(settled(tests), "entries", ()):
            yield Condition(operator.lower(), key.lower(), _texts(values) or frozenset())


def takes_in(wide: Statement, narrow: Statement) -> bool:
    """Whether everything that `narrow` speaks of, `wide` speaks of too; both allow, or both deny."""
    return (
        wide.allows == narrow.allows
        and (wide == narrow or (wide.is_sure and narrow.is_sure))
        and _within((narrow.principals, narrow.not_principals), (wide.principals, wide.not_principals))
        and _within((narrow.actions, narrow.not_actions), (wide.actions, wide.not_actions))
        and _within((narrow.resources, narrow.not_resources), (wide.resources, wide.not_resources))
        and all(any(_narrower(test, asked) for test in narrow.conditions) for asked in wide.conditions)
    )


def _within(narrow: tuple[Texts, Texts], wide: tuple[Texts, Texts]) -> bool:
    """Whether what one pair of element and its negation names lies within what another one names."""
    named, all_but = narrow
    wide_named, wide_all_but = wide
    if wide_named is not None:
        if named is not None:
            return all(any(contains(pattern, text) for pattern in wide_named) for text in named)
        return EVERYBODY in wide_named
    if wide_all_but is None:
        return named is None and all_but is None
    if all_but is not None:
        return all(any(contains(pattern, text) for pattern in all_but) for text in wide_all_but)
    return named is not None and not any(overlap(text, pattern) for text in named for pattern in wide_all_but)


def _narrower(test: Condition, asked: Condition) -> bool:
    """Whether a test lets through no more than another one."""
    if test.key != asked.key:
        return False
    if test.operator in LIKE and asked.operator in LIKE and test.values:
        return all(any(contains(pattern, text) for pattern in asked.values) for text in test.values)
    if test.operator != asked.operator:
        return False
    return test.values >= asked.values if "not" in asked.operator else test.values <= asked.values
