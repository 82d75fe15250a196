"""Values that a module is given in variable files of other environments, which Terraform reads only where it is told."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import join
from typing import NamedTuple

from remedy_gate.domain.seams import Sources
from remedy_gate.iac.file_names import VARIABLES, directory_of
from remedy_gate.iac.module import Module
from remedy_gate.iac.reading import Reader
from remedy_gate.matching.calls import home_of

LAST = "zzzz-as-given.auto.tfvars"
"""A name that Terraform would read after every other variable file."""
BY_ITSELF = (".auto.tfvars", ".auto.tfvars.json", "terraform.tfvars", "terraform.tfvars.json")


class Given(NamedTuple):
    """The module with the values of a variable file, and the path of that."""

    module: Module
    path: str


def given(reader: Reader, module: Module, sources: Sources, variables: frozenset[str]) -> Iterator[Given]:
    """The module as each variable file would have it."""
    if module.language != "terraform" or not variables:
        return
    folder = home_of(module)
    for path, text in sources.items():
        if directory_of(path) == folder and path.endswith(VARIABLES) and not path.endswith(BY_ITSELF):
            ending = ".json" if path.endswith(".json") else ""
            yield Given(_with(reader, module, join(folder, LAST + ending), text), path)


def _with(reader: Reader, module: Module, path: str, text: bytes) -> Module:
    language = next(language for language in reader.languages if language.name == "terraform")
    return language.read({**module.files, path: text})
