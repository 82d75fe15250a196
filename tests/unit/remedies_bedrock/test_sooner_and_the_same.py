"""What is told sooner by a plain search is told as the patterns tell it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remedy_gate.remedies.redaction_patterns import NAMED, may_name
from remedy_gate.verification.suppressions import WORDS, marks

NAMES = [
    *("pass", "db_pass", "passcode", "pin_code", "pin-code", "secret_string", "token_value"),
    *("password", "passwd", "passphrase", "pwd", "secret", "token", "api_key", "apikey", "access-key", "secret_key"),
    *("private_key", "account_key", "auth-key", "encryption_key", "signing_key", "credential", "connection_string"),
]
PIECES = [
    *NAMES,
    " = ",
    ": ",
    '"',
    "value",
    "default",
    "variable ",
    "{",
    "}",
    "\n  ",
    "hunter22",
    "name",
    "Key",
    "\u017fecret",
    "toKen",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("change", [str, str.upper, str.title])
def test_every_name_of_a_secret_is_seen_by_the_plain_search(name: str, change: object) -> None:
    line = f'{change(name)} = "hunter22"'  # type: ignore[operator]
    assert may_name(line)
    assert any(pattern.search(line) for pattern in NAMED)


def test_a_line_without_such_a_name_is_left_alone() -> None:
    line = 'kms_key_id = "alias/data"'
    assert not may_name(line)
    assert not any(pattern.search(line) for pattern in NAMED)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_where_the_plain_search_sees_no_name_no_pattern_does(text: str) -> None:
    assert may_name(text) or not any(pattern.search(text) for pattern in NAMED)


MARKED = [
    *("checkov:skip=CKV_AWS_1", "tfsec:ignore:aws-s3-1", "trivy: disable", "wiz skip-this", "kics-scan exclude-block"),
    *(
        "any.tool:nolint",
        "my-tool:suppress",
        "nosec",
        "nosemgrep",
        "nosem",
        "nosonar",
        "nolint",
        "notrivy",
        "nocheckov",
    ),
    *("notfsec", "pragma: allowlist secret", "SuppressedRules", "rules_to_suppress", "ignore_checks", "skip-check"),
    *("ignore_bad_template", "runterrascan.io/skip", "conftest allow", "cfn_nag: allow-next"),
]


@pytest.mark.parametrize("mark", MARKED)
@pytest.mark.parametrize("change", [str, str.upper])
def test_every_mark_has_a_word_of_the_plain_search(mark: str, change: object) -> None:
    text = f"  # {change(mark)}\n".encode()  # type: ignore[operator]
    is_mark = marks().search(text) is not None
    assert is_mark or mark in ("any.tool:nolint", "my-tool:suppress")  # in small letters only
    assert any(word in text.lower() for word in WORDS)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*MARKED, *"#:= \n", "checkov", "trivy", "a", "this"]), max_size=8).map("".join))
def test_where_the_plain_search_sees_no_mark_there_is_none(text: str) -> None:
    raw = text.encode()
    assert any(word in raw.lower() for word in WORDS) or marks().search(raw) is None
