from __future__ import annotations

from typing import Any

import pytest

from remedy_gate.domain.finding import Severity
from remedy_gate.domain.ledger import TrackRecord
from remedy_gate.errors import SettingsError
from remedy_gate.policy.check_run import CheckRunChoice
from remedy_gate.policy.reading import Extension, read_policy
from remedy_gate.policy.rules import ALWAYS, DEFAULT_RULES, Condition, Environment, LedgerChoice, Rule
from remedy_gate.policy.tables import REMEDIES

PROD = {"production": {"path": "prod/**"}}
LEVEL = ".remedy-gate.yml: service_levels: high: it has to be a whole number from 0 to 36500."
SKIPS = ".remedy-gate.yml: inline_skips: there is no treatment 'forbid'. It has to be one of count, refuse, allow."


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
    ("given", "choice"),
    [
        ({}, None),
        ({"check_run": {}}, CheckRunChoice("Remedy Gate findings", "neutral")),
        ({"check_run": {"name": "Posture", "on_error": "failure"}}, CheckRunChoice("Posture", "failure")),
    ],
)
def test_a_check_run_is_made_where_the_policy_speaks_of_it(given: Any, choice: CheckRunChoice | None) -> None:
    assert read_policy({"version": 1, **given}).check_run == choice


@pytest.mark.parametrize(
    ("given", "most"), [({}, 0), (False, 0), (True, 20), ({"patches": 5}, 5)], ids=["nothing", "false", "true", "five"]
)
def test_a_companion_pull_request_is_off_until_it_is_asked_for(given: object, most: int) -> None:
    asked = {} if given == {} else {"companion_pull_request": given}
    assert read_policy({"version": 1, **asked}).companion == most


def test_a_nearer_policy_turns_a_companion_pull_request_off() -> None:
    above = Extension("org.yml", {"version": 1, "companion_pull_request": {"patches": 9}})
    document = {"version": 1, "extends": "./org.yml"}
    assert read_policy(document, extensions=lambda _: above).companion == 9
    off = {**document, "companion_pull_request": False}
    assert read_policy(off, extensions=lambda _: above).companion == 0


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (
            {"version": 1, "companion_pull_request": {"patches": 51}},
            ".remedy-gate.yml: companion_pull_request: patches: it has to be a whole number from 1 to 50.",
        ),
        (
            {"version": 1, "companion_pull_request": {"patch": 5}},
            ".remedy-gate.yml: companion_pull_request: unknown key `patch`. Did you mean `patches`?",
        ),
        (None, ".remedy-gate.yml: it has to be a mapping of names to values."),
        ([], ".remedy-gate.yml: it has to be a mapping of names to values."),
        ({}, ".remedy-gate.yml: `version` is missing. Begin the file with `version: 1`."),
        ({"version": 2}, ".remedy-gate.yml: version: it has to be 1."),
        ({"version": True}, ".remedy-gate.yml: version: it has to be 1."),
        ({"version": 1, "rulse": []}, ".remedy-gate.yml: unknown key `rulse`. Did you mean `rules`?"),
        (
            {"version": 1, "rules": [{"action": "blok"}]},
            ".remedy-gate.yml: rule 1: action: there is no action 'blok'. Did you mean `block`?",
        ),
        (
            {"version": 1, "rules": [{"action": "block", "when": {"severty": "high"}}]},
            ".remedy-gate.yml: rule 1: when: unknown key `severty`. Did you mean `severity`?",
        ),
        (
            {"version": 1, "rules": [{"action": "block", "when": {"severity": "urgent"}}]},
            (
                ".remedy-gate.yml: rule 1: when: severity: there is no severity 'urgent'. "
                "It has to be one of critical, high, medium, low, info, unknown."
            ),
        ),
        ({"version": 1, "rules": "all"}, ".remedy-gate.yml: rules: it has to be a list."),
        (
            {"version": 1, "remedies": ["magic"]},
            f".remedy-gate.yml: remedies: there is no remedy 'magic'. It has to be one of {', '.join(REMEDIES)}.",
        ),
        (
            {"version": 1, "parameters": {"cidrs": ["10.0.0.0/8"]}},
            ".remedy-gate.yml: parameters: cidrs: it has to be a text, a number or a truth value.",
        ),
        (
            {"version": 1, "rules": [{"action": "block", "when": {"introduced": "yes"}}]},
            ".remedy-gate.yml: rule 1: when: introduced: it has to be true or false.",
        ),
        ({"version": 1, "rules": [{"name": "x"}]}, ".remedy-gate.yml: rule 1: `action` is missing."),
        (
            {"version": 1, "rules": [{"action": "block", "when": {"age": -1}}]},
            ".remedy-gate.yml: rule 1: when: age: it has to be a whole number from 0 to 36500.",
        ),
        (
            {"version": 1, "rules": [{"action": "block", "when": {"environment": "prodution"}}], "environments": PROD},
            (
                ".remedy-gate.yml: rule 1: when: environment: there is no environment 'prodution'. "
                "Did you mean `production`?"
            ),
        ),
        (
            {"version": 1, "rules": [{"action": "block", "require_approval": {"approvd": 3}}]},
            ".remedy-gate.yml: rule 1: require_approval: unknown key `approvd`. Did you mean `approved`?",
        ),
        ({"version": 1, "service_levels": {"high": "soon"}}, LEVEL),
        (
            {"version": 1, "ledger": {"kind": "dynamodb"}},
            ".remedy-gate.yml: ledger: a ledger in DynamoDB needs its `table`.",
        ),
        ({"version": 1, "extends": "teem"}, ".remedy-gate.yml: extends: there is no 'teem'. Did you mean `team`?"),
        ({"version": 1, "inline_skips": "forbid"}, SKIPS),
    ],
)
def test_what_is_not_allowed_is_named_with_the_way_out(document: Any, message: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        read_policy(document)
    assert str(refusal.value) == message
    assert refusal.value.status == 2


def test_every_key_of_when_is_read() -> None:
    when = {
        "severity": "high",
        "control": "s3-*",
        "source": ["wiz", "checkov"],
        "type": "aws_s3_bucket",
        "path": "live/**",
        "environment": "production",
        "account": "1234*",
        "tag": {"team": ["a", "b"], "stage": "live"},
        "age": 30,
        "due": 7,
        "recurrence": True,
        "origin": "bedrock",
        "proof": ["proven", "none"],
        "disruption": "replaces",
        "introduced": False,
        "proven": True,
    }
    rules = [{"action": "block", "when": when, "require_approval": {"approved": 5}}]
    policy = read_policy({"version": 1, "environments": PROD, "rules": rules})
    assert policy.rules[0] == Rule(
        ".remedy-gate.yml: rule 1",
        "block",
        Condition(
            severities=(Severity.HIGH,),
            controls=("s3-*",),
            sources=("wiz", "checkov"),
            types=("aws_s3_bucket",),
            paths=("live/**",),
            environments=("production",),
            accounts=("1234*",),
            tags=(("team", ("a", "b")), ("stage", ("live",))),
            age=30,
            due=7,
            recurrent=True,
            origins=("bedrock",),
            proofs=("proven", "none"),
            disruptions=("replaces",),
            introduced=False,
            proven=True,
        ),
        TrackRecord(5, 0),
    )
    assert policy.environments == (Environment("production", paths=("prod/**",)),)


def test_require_approval_is_always_or_never_where_it_is_true_or_false() -> None:
    rules = [{"action": "suggest", "require_approval": True}, {"action": "suggest", "require_approval": False}]
    assert [rule.until for rule in read_policy({"version": 1, "rules": rules}).rules[:2]] == [ALWAYS, None]


@pytest.mark.parametrize(
    ("given", "choice"),
    [
        ("none", LedgerChoice(kind="none")),
        ({"table": "audit"}, LedgerChoice(kind="dynamodb", table="audit")),
        ({"required": True}, LedgerChoice(required=True)),
        (
            {"table": "t", "bucket": "b", "retention_days": 30, "mode": "governance", "region": "eu-west-1"},
            LedgerChoice("dynamodb", "t", "", "eu-west-1", "b", "", 30, "governance"),
        ),
    ],
)
def test_where_runs_are_recorded_can_be_named(given: Any, choice: LedgerChoice) -> None:
    assert read_policy({"version": 1, "ledger": given}).ledger == choice


FILES = {
    "org": {
        "version": 1,
        "extends": "base",
        "rules": [{"name": "org", "action": "annotate"}],
        "parameters": {"a": 1, "b": 1},
        "service_levels": {"high": 30, "low": 90},
    },
    "base": {
        "version": 1,
        "rules": [{"name": "base", "action": "ignore"}],
        "parameters": {"b": 2, "c": 2},
        "inline_skips": "refuse",
        "environments": {"production": {"path": "base/**"}},
    },
    "me": {"version": 1, "extends": "me"},
    "ping": {"version": 1, "extends": "pong"},
    "pong": {"version": 1, "extends": ["ping"]},
    "wrong": {"version": 1, "ruels": []},
}


def extension(name: str) -> Extension | None:
    return Extension(name, FILES[name]) if name in FILES else None


def test_what_is_extended_stands_behind_and_what_is_nearer_wins() -> None:
    mine = {"version": 1, "extends": ["org"], "rules": [{"name": "mine", "action": "block"}], "environments": PROD}
    policy = read_policy({**mine, "service_levels": {"high": 7}}, "mine.yml", extension)
    assert [rule.name for rule in policy.rules[:3]] == ["mine.yml: mine", "org: org", "base: base"]
    assert policy.rules[3:] == DEFAULT_RULES
    assert policy.parameters == {"a": 1, "b": 1, "c": 2}
    assert policy.levels == {"high": 7, "low": 90}
    assert policy.inline_skips == "refuse"
    assert policy.environments == (Environment("production", paths=("prod/**",)),)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("me", "mine.yml: `extends` goes in a circle: mine.yml -> me -> me."),
        ("ping", "mine.yml: `extends` goes in a circle: mine.yml -> ping -> pong -> ping."),
        ("wrong", "wrong: unknown key `ruels`. Did you mean `rules`?"),
    ],
)
def test_a_circle_and_a_fault_in_what_is_extended_are_named(name: str, message: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        read_policy({"version": 1, "extends": name}, "mine.yml", extension)
    assert str(refusal.value) == message
