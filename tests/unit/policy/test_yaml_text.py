from __future__ import annotations

import pytest

from remedy_gate.errors import SettingsError
from remedy_gate.policy.yaml_text import parsed_yaml


def test_dates_stay_texts_and_the_rest_is_as_ever() -> None:
    text = b"a: 2026-11-20\nb: 1\nc: yes\nd: [x, 'y']\ne: &e {f: 1}\ng: *e\n"
    assert parsed_yaml(text, "f") == {
        "a": "2026-11-20",
        "b": 1,
        "c": True,
        "d": ["x", "y"],
        "e": {"f": 1},
        "g": {"f": 1},
    }


def test_nothing_is_none() -> None:
    assert parsed_yaml(b"# only a comment\n", "f") is None


BOMB = b"a: &a [x,x,x,x,x,x,x,x,x,x]\n" + b"".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join([f'*{chr(97 + i)}'] * 10)}]\n".encode() for i in range(8)
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"a: 1\nb: 2\na: 3\n", "f: line 3: the key `a` stands twice."),
        (b"r:\n- {x: 1, x: 2}\n", "f: line 2: the key `x` stands twice."),
        (b"a: [1\n", "f is not YAML (line 2)"),
        (b"a: !!python/object:os.system x\n", "f is not YAML (line 1)"),
        (b"a: 1\n---\nb: 2\n", "f is not YAML"),
        (BOMB, "f comes to more than 200,000 values."),
        (b"a: &a [*a]\n", "f comes to more than 200,000 values."),
        (b"x" * 1_000_001, "f is larger than 1,000,000 bytes."),
        (b"a: \xff\n", "f is not YAML"),
        (b"[" * 5000, "f "),
    ],
)
def test_what_is_not_plain_yaml_is_refused_in_words(text: bytes, message: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        parsed_yaml(text, "f")
    assert str(refusal.value).startswith(message)
