"""Random edits of real code: REMEDY_GATE_TEST_CORPUS names its folder, REMEDY_GATE_TEST_EDITS how many edits."""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from pathlib import Path as FilePath

import pytest
from tf_oracle import check, formatting, is_formatted, unformatted, walk

from remedy_gate.iac.module import CannotEdit
from remedy_gate.iac.operations import AddItem, AddResource, Data, Operation, Raw, Ref, RemoveValue, SetValue, Table
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform
from remedy_gate.iac.values import Fields, Items

CORPUS = os.environ.get("REMEDY_GATE_TEST_CORPUS", "")
EDITS = int(os.environ.get("REMEDY_GATE_TEST_EDITS", "500"))

pytestmark = pytest.mark.skipif(not CORPUS, reason="REMEDY_GATE_TEST_CORPUS names no folder of Terraform code")

LANGUAGE = Terraform(load())
KINDS = ("resource", "data", "module", "provider", "variable", "output")
VALUES: tuple[Data, ...] = (
    "x",
    'say "${hi}"',
    "line\nline\n",
    True,
    None,
    12,
    1.5,
    (),
    Raw("var.x"),
    ("a", Table((("Key", "k"), ("b.c", ("1", 2))))),
    Table((("a", Table((("long_name", ("x", False)),))), ("c", ""))),
)


def code() -> list[FilePath]:
    return [path for path in sorted(FilePath(CORPUS).rglob("*.tf")) if path.is_file()]


def test_what_terraform_reads_is_read_and_comes_back_unchanged_and_what_it_refuses_is_refused(
    tmp_path: FilePath,
) -> None:
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on PATH: nobody says what it refuses")
    _, refused = unformatted([path.read_bytes() for path in code()], tmp_path / "all")
    for number, path in enumerate(code()):
        data = path.read_bytes()
        module = LANGUAGE.read({path.name: data})
        assert bool(module.errors) == (number in refused), path
        assert module.files[path.name] == data
        for address in module.blocks:
            module.resolved(address)


def random_operation(chances: random.Random, address: str, body: Fields) -> Operation:
    places = [(place, held) for place, held in walk(body) if place != ("alias",)]  # without it, the address is another
    holders = [(), *(place for place, held in places if isinstance(held, Fields))]
    value = chances.choice(VALUES)
    match chances.randrange(5):
        case 0 if places:
            return SetValue(address, chances.choice(places)[0], value)
        case 1:
            return SetValue(address, (*chances.choice(holders), chances.choice(("new", "a_rather_long_name"))), value)
        case 2 if places:
            return RemoveValue(address, chances.choice(places)[0])
        case 3:
            lists = [place for place, held in places if isinstance(held, Items)]
            return AddItem(address, chances.choice([("new",), *lists]), value)
        case _:
            body_of_it = Table((("bucket", Ref(address, "id")), ("tags", value)))
            return AddResource(address, "aws_s3_bucket_policy", "added_by_the_test", body_of_it)


def varied(chances: random.Random, data: bytes) -> bytes:
    """The file as it might be, too: with other line breaks, a byte order mark, or no final line break."""
    if chances.random() < 0.2 and b"\r" not in data:
        data = data.replace(b"\n", b"\r\n")
    if chances.random() < 0.1:
        data = data.rstrip()
    return b"\xef\xbb\xbf" + data if chances.random() < 0.1 and not data.startswith(b"\xef\xbb\xbf") else data


def test_random_edits_change_what_they_name_or_are_refused_and_formatted_files_stay_formatted(
    tmp_path: FilePath,
) -> None:
    outcomes: Counter[str] = Counter()
    files = [path for path in code() if not LANGUAGE.read({path.name: path.read_bytes()}).errors]
    has_terraform = shutil.which("terraform") is not None
    untidy = unformatted([path.read_bytes() for path in files], tmp_path / "all")[0] if has_terraform else set()
    edited: list[bytes] = []
    for seed in range(EDITS):
        chances = random.Random(seed)  # noqa: S311 - repeatable, not secret
        number = chances.randrange(len(files))
        data = files[number].read_bytes()
        given = varied(chances, data)
        before = LANGUAGE.read({"main.tf": given})
        addresses = [block.address for block in before.blocks.values() if block.kind in KINDS]
        if not addresses:
            continue
        address = chances.choice(addresses)
        operation = random_operation(chances, address, before.written(address))
        after = LANGUAGE.edit(before, operation)
        try:
            check(before, operation, after)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {operation} in {files[number]}") from error
        if isinstance(after, CannotEdit):
            outcomes["declared twice" if address in before.repeated else "refused"] += 1
            continue
        outcomes["edited"] += 1
        value = getattr(operation, "value", getattr(operation, "body", None))
        if given == data and number not in untidy and is_formatted(value):
            edited.append(after.files["main.tf"])
    print(dict(outcomes), f"{len(edited)} of formatted files")  # noqa: T201 - the figures of a full run, shown with -s
    assert outcomes["edited"] > outcomes["refused"]
    if has_terraform:
        assert formatting(edited, tmp_path / "after") == ""
