"""What the documents show is right: their files are read, and every key is spoken of."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from remedy_gate.policy.reading import Extension, read_policy
from remedy_gate.policy.tables import ACTIONS, CONDITION, WAIVER
from remedy_gate.policy.waiver_file import read_waivers
from remedy_gate.policy.yaml_text import parsed_yaml

DOCS = Path(__file__).parents[3] / "docs"
TEXTS = {name: (DOCS / name).read_text(encoding="utf-8") for name in ("policy.md", "ledger.md")}
EXAMPLES = [  # a workflow is none of ours to read
    example
    for text in TEXTS.values()
    for example in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    if not example.startswith("on: ")
]


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 4


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_right(example: str) -> None:
    document = parsed_yaml(example.encode(), "example")
    if isinstance(document, dict) and "waivers" in document:
        assert read_waivers(document, 20_777)[0].holds
    else:
        assert read_policy(document, "example", lambda name: Extension(name, {"version": 1})).rules


@pytest.mark.parametrize("key", [*CONDITION.fields, *ACTIONS, *WAIVER.fields])
def test_every_key_and_action_is_spoken_of(key: str) -> None:
    assert f"`{key}`" in TEXTS["policy.md"] or f"{key}:" in TEXTS["policy.md"]
