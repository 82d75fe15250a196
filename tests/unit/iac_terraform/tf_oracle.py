"""What an edit of Terraform code has to have done, and what of it `terraform fmt` would change."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path as FilePath
from typing import Any

from remedy_gate.iac.module import CannotEdit, Module
from remedy_gate.iac.operations import AddItem, AddResource, Data, Operation, Raw, RemoveValue, SetValue, Table
from remedy_gate.iac.values import ABSENT, Absent, Fields, Items, Known, Path, Unknown, Value, same


def walk(value: Value, path: Path = ()) -> list[tuple[Path, Value]]:
    match value:
        case Fields():
            pairs: list[tuple[str | int, Value]] = [(key, item) for key, item in value.entries if key != "dynamic"]
        case Items():
            pairs = list(enumerate(value.items))
        case _:
            pairs = []
    return [found for step, item in pairs for found in ((((*path, step)), item), *walk(item, (*path, step)))]


def at(value: Value, path: Path) -> Value:
    for step in path:
        if isinstance(value, Items) and isinstance(step, str) and len(value.items) == 1:
            value = value.items[0]
        match value, step:
            case Fields(), str():
                value = value.get(step)
            case Items(), int() if step < len(value.items):
                value = value.items[step]
            case _:
                return ABSENT
    return value


def with_texts(value: Value) -> Value:
    """The value with the JSON that is the text of a heredoc read as well."""
    match value:
        case Fields():
            return Fields(tuple((key, with_texts(item)) for key, item in value.entries), value.complete)
        case Items():
            return Items(tuple(map(with_texts, value.items)), value.complete)
        case Unknown(reason) if reason.startswith("<<"):
            try:
                return _of_json(json.loads(reason.split("\n", 1)[1].rpartition("\n")[0]))
            except ValueError:
                return value
        case _:
            return value


def _of_json(data: Any) -> Value:
    match data:
        case dict():
            return Fields(tuple((key, _of_json(item)) for key, item in data.items()))
        case list():
            return Items(tuple(map(_of_json, data)))
        case str() if re.fullmatch(r"\$\{.*\}", data, re.DOTALL):
            return Unknown(data[2:-1])
        case str():
            return Known(data.replace("$${", "${").replace("%%{", "%{"))
        case _:
            return Known(data)


def as_written(value: Data) -> Value:
    match value:
        case Raw():
            return Unknown(value.text)
        case Table():
            return Fields(tuple((key, as_written(item)) for key, item in value.entries))
        case tuple():
            return Items(tuple(map(as_written, value)))
        case _:
            return Known(value)


def is_like(found: Value, wanted: Value) -> bool:
    """Whether a value reads back. One nested block is a list of one; an expression has its own white space."""
    match found, wanted:
        case Items(items=(one,)), Fields():
            return is_like(one, wanted)
        case Fields(), Fields():
            left, right = dict(found.entries), dict(wanted.entries)
            return left.keys() == right.keys() and all(is_like(left[key], right[key]) for key in left)
        case Items(), Items():
            return len(found.items) == len(wanted.items) and all(map(is_like, found.items, wanted.items))
        case Unknown(), Unknown():
            return found.reason.split() == wanted.reason.split()
        case Known(value=int() | float() as number), Known(value=float() as other):
            return number == other
        case _:
            return same(found, wanted)


def leaves(value: Value, but: Path) -> dict[Path, list[str]]:
    """Every scalar and expression that does not lie at or under a path, without its white space."""

    def is_under(path: Path) -> bool:
        if not any(isinstance(step, int) for step in but):
            path = tuple(step for step in path if isinstance(step, str))
        return path[: len(but)] == but

    return {p: str(v).split() for p, v in walk(value) if not is_under(p) and not isinstance(v, Fields | Items)}


def check(module: Module, operation: Operation, result: Module | CannotEdit) -> None:
    """Hold the edit of a module of one file against what it was to do."""
    if isinstance(result, CannotEdit):
        assert "after the edit" not in result.reason
        assert "the edit would" not in result.reason
        return
    assert result.errors == ()
    address = operation.after if isinstance(operation, AddResource) else operation.address
    before, after = with_texts(module.written(address)), with_texts(result.written(address))
    block, new_block = module.blocks[address], result.blocks[address]
    encoded, new_encoded = module.files[block.path], result.files[block.path]
    assert new_encoded[: new_block.span.start] == encoded[: block.span.start]
    if isinstance(operation, AddResource):
        assert result.blocks[f"{operation.type}.{operation.name}"].span.start > new_block.span.end
        assert new_encoded[: new_block.span.end] == encoded[: block.span.end]
        assert new_encoded.endswith(encoded[block.span.end :])
        return
    assert new_encoded[new_block.span.end :] == encoded[block.span.end :]
    path = operation.path
    if not isinstance(operation, RemoveValue) or isinstance(path[-1], str):
        assert leaves(before, path) == leaves(after, path)
    match operation:
        case SetValue():
            assert is_like(at(after, path), as_written(operation.value))
        case RemoveValue():
            old, new = at(before, path[:-1]), at(after, path[:-1])
            if isinstance(old, Items) and isinstance(new, Items):
                assert len(new.items) == len(old.items) - 1
            else:
                assert isinstance(at(after, path), Absent)
        case AddItem():
            old, new = at(before, path), at(after, path)
            assert isinstance(new, Items)
            have = old.items if isinstance(old, Items) else ()
            assert all(map(is_like, new.items, have))
            assert len(new.items) == len(have) + 1
            assert is_like(new.items[-1], as_written(operation.value))


def formatting(texts: list[bytes], folder: FilePath) -> str:
    """What `terraform fmt` would change, as a diff; empty where all is as it would have it."""
    folder.mkdir()
    for number, text in enumerate(texts):
        (folder / f"f{number}.tf").write_bytes(text)
    command = ["terraform", "fmt", "-check", "-diff", "-recursive", str(folder)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Error" not in run.stderr, run.stderr
    return run.stdout


def is_formatted(value: Data) -> bool:
    """Whether a value has no expression of its own over lines: what is within one is written as it stands."""
    if isinstance(value, Raw):
        return "\n" not in value.text
    if isinstance(value, Table):
        return all(is_formatted(item) for _, item in value.entries)
    return all(map(is_formatted, value)) if isinstance(value, tuple) else True


def unformatted(texts: list[bytes], folder: FilePath) -> tuple[set[int], set[int]]:
    """Which of the texts `terraform fmt` would change, and which it refuses, by their numbers."""
    folder.mkdir()
    for number, text in enumerate(texts):
        (folder / f"f{number}.tf").write_bytes(text)
    command = ["terraform", "fmt", "-check", "-no-color", "-recursive", str(folder)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return (
        {int(name) for name in re.findall(r"\bf(\d+)\.tf", run.stdout)},
        {int(name) for name in re.findall(r"\bf(\d+)\.tf", run.stderr)},
    )
