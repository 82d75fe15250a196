"""Random edits of real templates: REMEDY_GATE_TEST_CORPUS names their folder, REMEDY_GATE_TEST_EDITS how many edits."""

from __future__ import annotations

import os
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from cfn_oracle import LANGUAGE, applied, is_call, load, paths, read

from remedy_gate.iac.module import CannotEdit
from remedy_gate.iac.operations import AddItem, AddResource, Data, Operation, Ref, RemoveValue, SetValue, Table

CORPUS = os.environ.get("REMEDY_GATE_TEST_CORPUS", "")
EDITS = int(os.environ.get("REMEDY_GATE_TEST_EDITS", "500"))

pytestmark = pytest.mark.skipif(not CORPUS, reason="REMEDY_GATE_TEST_CORPUS names no folder of templates")

VALUES: tuple[Data, ...] = (
    "x",
    "yes",
    "a: b",
    "2012-10-17",
    "*",
    "line\nline\n",
    True,
    None,
    12,
    (),
    Ref("Other", "Arn"),
    ("a", Table((("Key", "k"), ("Value", ("1", Ref("Other")))))),
    Table((("A", Table((("B", ("x", False)),))), ("C", ""))),
)


def templates() -> list[Path]:
    files = (path for path in sorted(Path(CORPUS).rglob("*")) if path.is_file())
    return [path for path in files if LANGUAGE.claims(path.name, path.read_bytes())]


def test_every_template_that_pyyaml_reads_is_read_and_comes_back_unchanged() -> None:
    for path in templates():
        data = path.read_bytes()
        try:
            load(data)
        except yaml.YAMLError:
            continue
        module = read(data, path.name)
        assert module.errors == (), path
        assert module.files[path.name] == data
        for address in module.blocks:
            module.resolved(address)


def random_operation(chances: random.Random, address: str, body: Any) -> Operation:
    places = [(where, what) for where, what in paths(body) if where]
    where, _ = chances.choice(places)
    value = chances.choice(VALUES)
    match chances.randrange(5):
        case 0:
            return SetValue(address, where, value)
        case 1:
            holders = [place for place, held in places if isinstance(held, dict) and not is_call(held)]
            return SetValue(address, (*chances.choice([(), *holders]), "New", "Deep"), value)
        case 2:
            return RemoveValue(address, where)
        case 3:
            lists = [place for place, held in places if isinstance(held, list)]
            return AddItem(address, chances.choice([("Properties", "New"), *lists]), value)
        case _:
            return AddResource(address, "AWS::S3::Bucket", "New0", Table((("Properties", Table((("A", value),))),)))


def varied(chances: random.Random, data: bytes) -> bytes:
    """The file as it might be, too: with other line breaks, a byte order mark, or no final line break."""
    if chances.random() < 0.3 and b"\r" not in data:
        data = data.replace(b"\n", b"\r\n")
    if chances.random() < 0.2:
        data = data.rstrip()
    return b"\xef\xbb\xbf" + data if chances.random() < 0.2 and not data.startswith(b"\xef\xbb\xbf") else data


def test_random_edits_change_what_they_name_or_are_refused() -> None:
    outcomes: Counter[str] = Counter()
    files = templates()
    for seed in range(EDITS):
        chances = random.Random(seed)  # noqa: S311 - repeatable, not secret
        path = chances.choice(files)
        data = varied(chances, path.read_bytes())
        before = read(data, path.name)
        addresses = [block.address for block in before.blocks.values() if block.kind == "resource"]
        if not addresses:
            continue
        said = load(data)
        address = chances.choice(addresses)
        operation = random_operation(chances, address, said["Resources"][address])
        after = LANGUAGE.edit(before, operation)
        if isinstance(after, CannotEdit):
            assert "would" not in after.reason, (seed, path, operation, after.reason)
            outcomes["refused"] += 1
            continue
        result = after.files[path.name]
        assert load(result) == applied(said, operation), (seed, path, operation)
        assert data.count(b"\r\n") == 0 or result.count(b"\n") == result.count(b"\r\n"), (seed, path, operation)
        assert data.endswith(b"\n") == result.endswith(b"\n"), (seed, path, operation)
        outcomes["edited"] += 1
    print(dict(outcomes))  # noqa: T201 - the figures of a full run, shown with -s
    assert outcomes["edited"] > outcomes["refused"]
