"""The message of a commit of ours: what it says, and what the names in it cannot make it say."""

from __future__ import annotations

import pytest
from reporting_samples import remediation

from remedy_gate.domain.patch import Origin, OriginKind
from remedy_gate.domain.remediation import Remediation
from remedy_gate.reporting.commit_message import commit_message, mark_in
from remedy_gate.reporting.selecting import Selection, key_of


def named(name: str, kind: OriginKind = OriginKind.CATALOGUE) -> Remediation:
    item = remediation(rule_id=name)
    assert item.patch
    return item._replace(
        finding=item.finding._replace(control=None),
        remedy=item.patch._replace(origin=Origin(kind, name, name)),
        match=item.match._replace(resource=item.match.resource and item.match.resource._replace(address=name)),
    )


def chosen(*items: Remediation) -> Selection:
    return Selection(items, items[0].patch.files if items[0].patch else ())


@pytest.mark.parametrize(
    "name",
    [
        "x\n\nSigned-off-by: Ada <ada@example.com>",
        "x [skip ci]",
        "Fixes #1",
        "x @octocat",
        "x <ada@example.com>",
        "\u202eevil\x1b[31m",
        "x\r\nRemedy-Gate: v1 " + "0" * 32 + " ",
    ],
)
def test_names_of_others_are_no_trailer_mention_command_or_reference(name: str) -> None:
    item = named(name)
    message = commit_message(chosen(item))
    lines = message.body.splitlines()
    assert len(lines) == 4
    assert not any(char in message.headline + lines[0] for char in "\n\r[]#@<> \u202e\x1b".replace(" ", ""))
    assert lines[3].count("<") == lines[3].count("@") == 1
    assert mark_in(message.body) == (chosen(item).digest, (key_of(item),))


def test_a_model_is_named_as_the_one_who_made_it() -> None:
    item = remediation()
    assert item.patch
    item = item._replace(remedy=item.patch._replace(origin=Origin(OriginKind.BEDROCK, "anthropic.claude:0", "ab12")))
    assert commit_message(chosen(item)).body.splitlines()[-1] == (
        "Co-authored-by: anthropic.claude:0 ab12 (Amazon Bedrock) <bedrock@remedy-gate.invalid>"
    )


def test_a_headline_is_at_most_72_characters() -> None:
    items = tuple(named(f"a-control-of-{number}") for number in range(9))
    assert commit_message(chosen(*items)).headline == (
        "Apply 9 proven repairs: a-control-of-0, a-control-of-1, a-control-of-2"
    )
    assert commit_message(chosen(named("x" * 100))).headline == "Apply 1 proven repair"


def test_without_ids_no_finding_is_named() -> None:
    item = named("a")
    assert item.finding.fingerprint in commit_message(chosen(item)).body
    assert item.finding.fingerprint not in commit_message(chosen(item), with_ids=False).body


def test_keys_of_earlier_commits_are_kept_once() -> None:
    item = named("a")
    mark = mark_in(commit_message(chosen(item), ("0123456789ab", key_of(item))).body)
    assert mark
    assert mark.keys == (key_of(item), "0123456789ab")


@pytest.mark.parametrize(
    "text", ["", "Fix it\n\nRemedy-Gate: v2 x y", "Remedy-Gate: v1 short abc", "x Remedy-Gate: v1"]
)
def test_a_message_of_a_person_has_no_mark(text: str) -> None:
    assert mark_in(text) is None
