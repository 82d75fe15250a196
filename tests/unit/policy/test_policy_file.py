from __future__ import annotations

from typing import Any

import pytest

from remedy_gate.domain.finding import Severity
from remedy_gate.errors import SettingsError
from remedy_gate.policy.reading import read_policy
from remedy_gate.policy.rules import DEFAULT_RULES, Condition, Rule


def test_a_whole_policy_is_read_and_the_defaults_stand_behind_it() -> None:
    policy = read_policy(
        {
            "version": 1,
            "findings": ["security-hub.json", "catalogue"],
            "parameters": {"log_bucket": "central-logs"},
            "rules": [
                {"name": "legacy", "action": "ignore", "when": {"path": "legacy/**"}},
                {"action": "block", "when": {"severity": ["critical"], "introduced": False}},
            ],
        }
    )
    assert policy.findings == ("security-hub.json", "catalogue")
    assert policy.parameters == {"log_bucket": "central-logs"}
    assert policy.rules == (
        Rule(".remedy-gate.yml: legacy", "ignore", Condition(paths=("legacy/**",))),
        Rule(".remedy-gate.yml: rule 2", "block", Condition(severities=(Severity.CRITICAL,), introduced=False)),
        *DEFAULT_RULES,
    )


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (None, ".remedy-gate.yml: it has to be a mapping of names to values."),
        ([], ".remedy-gate.yml: it has to be a mapping of names to values."),
        ({}, ".remedy-gate.yml: `version` has to be 1. Begin the file with `version: 1`."),
        ({"version": 2}, ".remedy-gate.yml: `version` has to be 1. Begin the file with `version: 1`."),
        ({"version": 1, "rulse": []}, ".remedy-gate.yml: unknown key `rulse`. Did you mean `rules`?"),
        (
            {"version": 1, "rules": [{"action": "blok"}]},
            (
                ".remedy-gate.yml: rule 1: `action` is 'blok'. "
                "It has to be one of block, suggest, apply, withhold, annotate, ignore."
            ),
        ),
        (
            {"version": 1, "rules": [{"action": "block", "when": {"severty": "high"}}]},
            ".remedy-gate.yml: rule 1: when: unknown key `severty`. Did you mean `severity`?",
        ),
        (
            {"version": 1, "rules": [{"action": "block", "when": {"severity": "urgent"}}]},
            (
                ".remedy-gate.yml: rule 1: there is no severity 'urgent'. "
                "It has to be one of critical, high, medium, low, info, unknown."
            ),
        ),
        ({"version": 1, "rules": "all"}, ".remedy-gate.yml: rules: it has to be a list."),
        (
            {"version": 1, "remedies": ["magic"]},
            ".remedy-gate.yml: remedies: there is no remedy 'magic'. Known: catalogue.",
        ),
        (
            {"version": 1, "parameters": {"cidrs": ["10.0.0.0/8"]}},
            ".remedy-gate.yml: parameters: cidrs has to be a text, a number or a truth value.",
        ),
        (
            {"version": 1, "rules": [{"action": "block", "when": {"introduced": "yes"}}]},
            ".remedy-gate.yml: rule 1: introduced: it has to be true or false.",
        ),
    ],
)
def test_what_is_not_allowed_is_named_with_the_way_out(document: Any, message: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        read_policy(document)
    assert str(refusal.value) == message
    assert refusal.value.status == 2
