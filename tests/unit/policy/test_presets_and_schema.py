"""The presets are right, decide as they say, and the published schema is the checker's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from fakes import FakeTree

from remedy_gate.errors import SettingsError
from remedy_gate.policy.json_schema import policy_schema
from remedy_gate.policy.reading import PRESETS, read_policy
from remedy_gate.policy.waiver_file import read_waivers
from remedy_gate.policy.yaml_text import parsed_yaml
from remedy_gate.settings import choose_policy, choose_waivers

ROOT = Path(__file__).parents[3]
SCHEMA = policy_schema()


def policy_of(text: str, **files: str) -> Any:
    tree = FakeTree({".remedy-gate.yml": text, **files})
    return choose_policy(None, tree, None, in_ci=False).policy


def test_the_published_schema_is_made_from_the_tables() -> None:
    published = json.loads((ROOT / "docs" / "policy.schema.json").read_text(encoding="utf-8"))
    assert published == SCHEMA, "run: remedy-gate policy schema > docs/policy.schema.json"


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_right_by_reader_and_by_schema(name: str) -> None:
    text = (ROOT / "remedy_gate" / "policy" / "presets" / f"{name}.yml").read_bytes()
    document = parsed_yaml(text, name)
    jsonschema.validate(document, SCHEMA)
    assert read_policy(document, name).rules
    policy = policy_of(f"version: 1\nextends: {name}\n")
    assert policy.rules[0].name.startswith(f"preset {name}: ")
    assert len(policy.digest) == 64


def test_the_enterprise_preset_refuses_marks_and_has_every_run_recorded() -> None:
    policy = policy_of("version: 1\nextends: enterprise\n")
    assert (policy.inline_skips, policy.ledger.required, policy.levels["critical"]) == ("refuse", True, 15)


DOCUMENTS: list[tuple[Any, bool]] = [
    ({"version": 1}, True),
    ({"version": 2}, False),
    ({"version": 1, "rules": [{"action": "block", "when": {"severity": ["high"], "tag": {"a": "b"}}}]}, True),
    ({"version": 1, "rules": [{"action": "blok"}]}, False),
    ({"version": 1, "rules": [{"action": "block", "when": {"sevrity": "high"}}]}, False),
    ({"version": 1, "rules": [{"action": "suggest", "require_approval": {"approved": 3}}]}, True),
    ({"version": 1, "rules": [{"action": "suggest", "require_approval": {}}]}, False),
    ({"version": 1, "ledger": "none"}, True),
    ({"version": 1, "ledger": {"table": "t"}}, True),
    ({"version": 1, "ledger": "cloud"}, False),
    ({"version": 1, "service_levels": {"high": 3}}, True),
    ({"version": 1, "service_levels": {"high": -3}}, False),
    ({"version": 1, "parameters": {"a": [1]}}, False),
    ([], False),
]


@pytest.mark.parametrize(("document", "right"), DOCUMENTS)
def test_schema_and_reader_agree(document: Any, right: bool) -> None:
    assert jsonschema.Draft202012Validator(SCHEMA).is_valid(document) is right
    if right:
        read_policy(document)
    else:
        with pytest.raises(SettingsError):
            read_policy(document)


def test_the_schema_of_waivers_takes_what_the_reader_takes() -> None:
    waivers = {"$ref": "#/$defs/waivers", "$defs": SCHEMA["$defs"]}
    right = {
        "version": 1,
        "waivers": [{"control": "c", "path": "p", "owner": "o", "reason": "r", "expires": "2026-01-01"}],
    }
    jsonschema.validate(right, waivers)
    assert read_waivers(right, 0)
    wrong = {"version": 1, "waivers": [{"control": "c", "path": "p", "reason": "r", "expires": "2026-01-01"}]}
    assert not jsonschema.Draft202012Validator(waivers).is_valid(wrong)


BASE = {
    ".remedy-gate.yml": "version: 1\nextends: ./org.yml\n",
    "org.yml": "version: 1\nrules: [{name: theirs, action: block}]\n",
    ".remedy-gate/waivers.yml": "version: 1\nwaivers: [{control: c, path: p, owner: o, reason: r, expires: x}]\n",
    ".remedy-gate/controls/mine.yml": "controls: []\n",
}
HEAD = {
    ".remedy-gate.yml": "version: 1\nrules: [{name: mine, action: ignore}]\n",
    "org.yml": "version: 1\nrules: [{name: mine, action: ignore}]\n",
    ".remedy-gate/waivers.yml": "version: 1\nwaivers: []\n",
    ".remedy-gate/controls/mine.yml": "controls: [other]\n",
    ".remedy-gate/controls/new.yml": "controls: []\n",
}


def test_in_ci_everything_that_governs_comes_from_the_base_and_each_change_is_told() -> None:
    head, base = FakeTree(HEAD), FakeTree(BASE)
    chosen = choose_policy(None, head, base, in_ci=True)
    waivers = choose_waivers(head, base, 20_777, in_ci=True)
    assert chosen.policy.rules[0].name == "org.yml: theirs"
    assert [waiver.control for waiver in waivers.waivers] == ["c"]
    assert [note.where for note in (*chosen.notes, *waivers.notes)] == [
        ".remedy-gate.yml",
        "org.yml",
        ".remedy-gate/waivers.yml",
        ".remedy-gate/controls/mine.yml",
        ".remedy-gate/controls/new.yml",
    ]


def test_a_policy_that_is_named_and_lies_in_the_repository_is_that_of_the_base_too() -> None:
    head, base = FakeTree({"ci.yml": "version: 1\nrules: [{action: ignore}]\n"}), FakeTree({"ci.yml": "version: 1\n"})
    chosen = choose_policy("./ci.yml", head, base, in_ci=True)
    assert chosen.policy.rules[0].name.startswith("default")
    assert [note.where for note in chosen.notes] == ["ci.yml"]


def test_on_a_developers_machine_the_files_at_hand_count_and_nothing_is_told() -> None:
    head, base = FakeTree(HEAD), FakeTree(BASE)
    chosen = choose_policy(None, head, base, in_ci=False)
    assert (chosen.policy.rules[0].name, chosen.notes) == (".remedy-gate.yml: mine", ())
    assert choose_waivers(head, base, 20_777, in_ci=False) == ((), ())


def test_what_did_not_change_is_not_told() -> None:
    assert choose_waivers(FakeTree(BASE), FakeTree(BASE), 20_777, in_ci=True).notes == ()
