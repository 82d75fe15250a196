"""Read `.remedy-gate.yml`: strict, so that a misspelt rule is an error and never a rule that is silently not there."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import NoReturn

from remedy_gate.domain.decision import Action
from remedy_gate.domain.finding import Severity
from remedy_gate.errors import SettingsError
from remedy_gate.iac.values import Scalar

from .rules import DEFAULT_RULES, Condition, Policy, Rule

POLICY_FILE = ".remedy-gate.yml"
VERSION = 1
KEYS = ("version", "findings", "rules", "remedies", "parameters")
RULE_KEYS = ("name", "action", "when")
WHEN_KEYS = ("severity", "control", "source", "path", "type", "introduced", "proven")
ACTIONS = ("block", *Action)
REMEDIES = ("catalogue",)


def read_policy(document: object, name: str = POLICY_FILE) -> Policy:
    """The policy that a parsed file states.

    :raises SettingsError: an unknown key, a wrong type or version; the message names the place and the way out.
    """
    policy = _mapping(document, name)
    _only(policy, KEYS, name)
    if policy.get("version") != VERSION:
        _refuse(name, f"`version` has to be {VERSION}", "Begin the file with `version: 1`.")
    rules = _sequence(policy.get("rules", []), f"{name}: rules")
    return Policy(
        rules=(*(_rule(rule, f"{name}: rule {number}") for number, rule in enumerate(rules, 1)), *DEFAULT_RULES),
        findings=_texts(policy.get("findings", []), f"{name}: findings"),
        remedies=_remedies(policy.get("remedies", list(REMEDIES)), f"{name}: remedies"),
        parameters=_parameters(policy.get("parameters", {}), f"{name}: parameters"),
        origin=name,
    )


def _rule(value: object, where: str) -> Rule:
    rule = _mapping(value, where)
    _only(rule, RULE_KEYS, where)
    action = rule.get("action")
    if action not in ACTIONS:
        _refuse(where, f"`action` is {action!r}", f"It has to be one of {', '.join(ACTIONS)}.")
    when = _mapping(rule.get("when", {}), f"{where}: when")
    _only(when, WHEN_KEYS, f"{where}: when")
    name = rule.get("name") or f"rule {where.rpartition(' ')[2]}"
    return Rule(
        name=f"{where.partition(':')[0]}: {name}",
        action=str(action),
        when=Condition(
            severities=tuple(_severity(text, where) for text in _texts(when.get("severity", []), f"{where}: severity")),
            controls=_texts(when.get("control", []), f"{where}: control"),
            sources=_texts(when.get("source", []), f"{where}: source"),
            paths=_texts(when.get("path", []), f"{where}: path"),
            types=_texts(when.get("type", []), f"{where}: type"),
            introduced=_truth(when.get("introduced"), f"{where}: introduced"),
            proven=_truth(when.get("proven"), f"{where}: proven"),
        ),
    )


def _severity(text: str, where: str) -> Severity:
    if text not in tuple(Severity):
        _refuse(where, f"there is no severity {text!r}", f"It has to be one of {', '.join(Severity)}.")
    return Severity(text)


def _remedies(value: object, where: str) -> tuple[str, ...]:
    names = _texts(value, where)
    for name in names:
        if name not in REMEDIES:
            _refuse(where, f"there is no remedy {name!r}", f"Known: {', '.join(REMEDIES)}.")
    return names


def _parameters(value: object, where: str) -> Mapping[str, Scalar]:
    parameters: dict[str, Scalar] = {}
    for key, inner in _mapping(value, where).items():
        if not isinstance(inner, str | int | float | bool):
            _refuse(where, f"{key} has to be a text, a number or a truth value")
        parameters[key] = inner
    return parameters


def _mapping(value: object, where: str) -> Mapping[str, object]:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        _refuse(where, "it has to be a mapping of names to values")
    return value


def _sequence(value: object, where: str) -> list[object]:
    if not isinstance(value, list):
        _refuse(where, "it has to be a list")
    return value


def _texts(value: object, where: str) -> tuple[str, ...]:
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        _refuse(where, "it has to be a text or a list of texts")
    return tuple(items)


def _truth(value: object, where: str) -> bool | None:
    if value is not None and not isinstance(value, bool):
        _refuse(where, "it has to be true or false")
    return value


def _only(given: Mapping[str, object], known: tuple[str, ...], where: str) -> None:
    for key in given:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f"Did you mean `{near[0]}`?" if near else f"Known keys: {', '.join(known)}."
            _refuse(where, f"unknown key `{key}`", hint)


def _refuse(where: str, what: str, hint: str = "") -> NoReturn:
    raise SettingsError(f"{where}: {what}.", hint)
