"""Values that a module is given from outside: variable files of other environments, and callers of the module."""

from __future__ import annotations

import json
from collections.abc import Iterator
from posixpath import join, normpath
from typing import NamedTuple

from remedy_gate.domain.seams import Sources
from remedy_gate.iac.file_names import VARIABLES, directory_of
from remedy_gate.iac.module import Module
from remedy_gate.iac.reading import Reader
from remedy_gate.iac.values import Absent, Fields, Items, Known, Value, settled

LAST = "zzzz-as-given.auto.tfvars"
"""A name that Terraform would read after every other variable file."""
BY_ITSELF = (".auto.tfvars", ".auto.tfvars.json", "terraform.tfvars", "terraform.tfvars.json")
NOBODY_KNOWS = "module.not_known.value"
"""An expression that is unknown in any module."""


class Given(NamedTuple):
    """The module with the values that somebody gives it, and who that is."""

    module: Module
    who: str


def given(reader: Reader, module: Module, sources: Sources, variables: frozenset[str]) -> Iterator[Given]:
    """The module as each variable file and each caller would have it, as far as `variables` are concerned."""
    if module.language != "terraform" or not variables:
        return
    folder = directory_of(next(iter(module.files), ""))
    for path, text in sources.items():
        if directory_of(path) == folder and path.endswith(VARIABLES) and not path.endswith(BY_ITSELF):
            ending = ".json" if path.endswith(".json") else ""
            yield Given(_with(reader, module, join(folder, LAST + ending), text), path)
    for caller, address in _callers(reader, sources, folder):
        passed = _passed(caller, address, variables)
        if passed:
            text = "".join(f"{name} = {value}\n" for name, value in passed.items()).encode()
            yield Given(_with(reader, module, join(folder, LAST), text), f"{address} in {caller.blocks[address].path}")


def _with(reader: Reader, module: Module, path: str, text: bytes) -> Module:
    language = next(language for language in reader.languages if language.name == "terraform")
    return language.read({**module.files, path: text})


def _callers(reader: Reader, sources: Sources, folder: str) -> Iterator[tuple[Module, str]]:
    """The modules that call the one in `folder`, each with the address of the call."""
    for module in reader.modules(sources):
        if module.language != "terraform":
            continue
        home = directory_of(next(iter(module.files), ""))
        for address, block in module.blocks.items():
            source = settled(module.resolved(address).get("source")) if block.kind == "module" else None
            text = source.value if isinstance(source, Known) else None
            if isinstance(text, str) and text.startswith(".") and normpath(join(home or ".", text)) == (folder or "."):
                yield module, address


def _passed(caller: Module, address: str, variables: frozenset[str]) -> dict[str, str]:
    body = caller.resolved(address)
    return {name: _expression(body.get(name)) for name in sorted(variables) if not isinstance(body.get(name), Absent)}


def _expression(value: Value) -> str:
    """A value as an expression that means the same; one that is unknown where it is."""
    plain = _plain(value)
    return NOBODY_KNOWS if plain is NotImplemented else json.dumps(plain).replace("${", "$${").replace("%{", "%%{")


def _plain(value: Value) -> object:
    match settled(value):
        case Known(inner):
            return inner
        case Items(items, True):
            found = [_plain(item) for item in items]
            return NotImplemented if NotImplemented in found else found
        case Fields(entries, True):
            pairs = {name: _plain(item) for name, item in entries}
            return NotImplemented if NotImplemented in pairs.values() else pairs
        case _:
            return NotImplemented
