from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remedy_gate.ledger.canonical import canonical, digest_of
from remedy_gate.ledger.redaction import redacted

keys = st.text(st.characters(max_codepoint=127, min_codepoint=32), max_size=5)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=10,
)


def test_keys_are_in_order_and_nothing_is_blank() -> None:
    value: Any = {"b": [1, True, None, 'é\n\u001f"'], "a": {"z": 1, "A": ()}}
    assert canonical(value) == '{"a":{"A":[],"z":1},"b":[1,true,null,"é\\n\\u001f\\""]}'


@given(values)
def test_it_is_the_same_value_and_the_same_text_again(value: Any) -> None:
    text = canonical(value)
    assert json.loads(text) == value
    assert canonical(json.loads(text)) == text


@pytest.mark.parametrize("value", [1.5, float("nan"), {"a": 0.1}, 2**53, {"é": 1}, [b"x"], {1, 2}, {1: 2}])
def test_what_others_would_not_write_alike_is_refused(value: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        canonical(value)


def test_half_characters_become_the_replacement_character() -> None:
    assert canonical("a\udc80b") == '"a\ufffdb"'
    assert len(digest_of("a\udc80")) == 64


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("approved by jane.doe+x@example.co.uk", "approved by [mail]"),
        ("AKIAIOSFODNN7EXAMPLE in main.tf", "[secret] in main.tf"),
        ("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "[secret]"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-_", "[secret]"),
        ("-----BEGIN RSA PRIVATE KEY-----\\nMIIE", "[secret]"),
        ("https://user:hunter2@example.com/x", "https://[secret]@example.com/x"),
        ("password=hunter2 rest", "password=[secret] rest"),
    ],
)
def test_mail_addresses_and_secrets_do_not_get_in(text: str, kept: str) -> None:
    assert json.loads(redacted(canonical({"t": text.replace("\\n", "\n")})))["t"] == kept


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:s3:::a-bucket",
        "a" * 64,
        "module.x.aws_s3_bucket.b[0]",
        "2026-11-20T08:00:00Z",
        "s3-access-logging",
        "@",
    ],
)
def test_what_is_neither_stays(text: str) -> None:
    assert json.loads(redacted(canonical([text]))) == [text]


@given(values)
def test_what_was_redacted_is_still_canonical(value: Any) -> None:
    text = redacted(canonical(value))
    assert canonical(json.loads(text)) == text
