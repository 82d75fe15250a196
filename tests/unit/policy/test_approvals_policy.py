"""The keys under `approvals`: what they come to, and what is not allowed."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from remedy_gate.errors import SettingsError
from remedy_gate.policy.approving import ApprovalChoice
from remedy_gate.policy.json_schema import policy_schema
from remedy_gate.policy.reading import Extension, read_policy


def choice(approvals: Any, extended: Any = None) -> Any:
    document = {"version": 1, "approvals": approvals, "extends": "./org.yml"}
    return read_policy(document, "p", lambda name: Extension(name, {"version": 1, "approvals": extended or {}}))


def test_without_a_word_code_owners_may_answer_and_nobody_may_approve_their_own() -> None:
    policy = choice({})
    assert policy.approvals == ApprovalChoice()
    assert policy.approvals[:5] == ((), True, False, (), "remedy-gate-approval")
    assert policy.approvals.yes_label == "remedy-gate-approved"
    assert policy.approvals.no_label == "remedy-gate-rejected"
    assert policy.approval_days == 14
    assert not policy.github_alone


def test_each_key_is_taken_from_the_nearest_file_that_says_it() -> None:
    own = {"github": {"teams": ["@security", "platform"]}}
    org = {"days": 3, "self_approval": True, "github": {"teams": "org", "code_owners": False, "label": "ask"}}
    policy = choice(own, org)
    assert policy.approval_days == 3
    assert choice({}, {"answers": "github"}).github_alone
    assert not choice({"answers": "anywhere"}, {"answers": "github"}).github_alone
    assert policy.approvals == ApprovalChoice(
        ("security", "platform"), False, True, (), "ask", "remedy-gate-approved", "remedy-gate-rejected"
    )


@pytest.mark.parametrize(
    ("approvals", "words"),
    [
        ({"github": {"team": "a"}}, "unknown key `team`. Did you mean `teams`?"),
        (
            {"github": {"teams": "acme/security"}},
            "p: approvals: github: teams: 'acme/security' is not the slug of a team",
        ),
        ({"github": {"assignees": ["a b"]}}, "'a b' is not the login of a person"),
        ({"github": {"label": "remedy-gate-approved"}}, "the labels have to differ from one another"),
        ({"github": {"approve_label": "A", "reject_label": "a"}}, "the labels have to differ from one another"),
        ({"answers": "gitub"}, "there is no place 'gitub'. Did you mean `github`?"),
        ({"self_approval": "no"}, "it has to be true or false"),
        ({"github": {"label": " "}}, "it has to be a text"),
    ],
)
def test_what_is_not_allowed_is_named(approvals: Any, words: str) -> None:
    with pytest.raises(SettingsError) as error:
        choice(approvals)
    assert words in str(error.value)


def test_the_schema_knows_the_keys() -> None:
    schema = policy_schema()
    right = {"version": 1, "approvals": {"days": 3, "self_approval": False, "github": {"teams": "security"}}}
    jsonschema.validate(right, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"version": 1, "approvals": {"github": {"team": "security"}}}, schema)
