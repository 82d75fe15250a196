"""A fuzz target over everything that reads infrastructure code: whatever the bytes, there is an answer.

    python bench/fuzz.py [--seconds 600] [libFuzzer options] [folders of examples]

Needs `atheris`, which is not among the development dependencies: it has no wheel for every Python. Each input is read
as Terraform, as Terraform JSON and as a template; what can be read is resolved, written out and edited. Anything but an
answer is a crash: an exception, or an edit whose result does not parse.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

import atheris

with atheris.instrument_imports(include=["remedy_gate.iac"]):
    from remedy_gate.iac.cloudformation import CloudFormation
    from remedy_gate.iac.module import CannotEdit, IacLanguage, Module
    from remedy_gate.iac.operations import AddItem, RemoveValue, SetValue
    from remedy_gate.iac.schemas import load
    from remedy_gate.iac.terraform import Terraform

SCHEMAS = load()
READERS: tuple[tuple[str, IacLanguage], ...] = (
    ("main.tf", Terraform(SCHEMAS)),
    ("main.tf.json", Terraform(SCHEMAS)),
    ("template.yaml", CloudFormation(SCHEMAS)),
    ("template.json", CloudFormation(SCHEMAS)),
)


def one_input(data: bytes) -> None:
    """Read, resolve and edit whatever the fuzzer thought of."""
    for path, language in READERS:
        language.claims(path, data)
        module = language.read({path: data})
        for address in list(module.blocks)[:3]:
            module.resolved(address)
            module.written(address)
            module.references(address)
            edit(language, module, address)


def edit(language: IacLanguage, module: Module, address: str) -> None:
    """One edit of each kind at the first name of a block."""
    names = [name for name, _ in module.written(address).entries]
    for name in names[:2]:
        for operation in (
            SetValue(address, (name,), "fuzz"),
            RemoveValue(address, (name,)),
            AddItem(address, (name,), "fuzz"),
        ):
            edited = language.edit(module, operation)
            if not isinstance(edited, CannotEdit) and edited.errors and not module.errors:
                raise AssertionError(f"{operation} broke the file: {edited.errors[0]}")


def main(arguments: Iterable[str]) -> None:
    words = list(arguments)
    seconds = "600"
    if "--seconds" in words:
        position = words.index("--seconds")
        seconds = words[position + 1]
        del words[position : position + 2]
    atheris.Setup([words[0], f"-max_total_time={seconds}", "-max_len=4096", "-timeout=10", *words[1:]], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
