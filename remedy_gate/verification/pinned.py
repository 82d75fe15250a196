"""Which version of the AWS provider a module is held to: its lock file, else what it requires."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from remedy_gate.iac.file_names import directory_of
from remedy_gate.iac.module import Module
from remedy_gate.iac.schema import Argument
from remedy_gate.iac.schemas import had_by
from remedy_gate.iac.values import Fields, Items, Known, Path, path_text, select, settled

LOCK = ".terraform.lock.hcl"
LOCKED = re.compile(rb'provider\s+"[^"]*/hashicorp/aws"\s*\{[^}]*?\bversion\s*=\s*"([^"]+)"', re.DOTALL)
BELOW = re.compile(r"(~>|<=|<|=)?\s*(\d+(?:\.\d+)*)")
MANY = "999"


class Provider(NamedTuple):
    """`version` is the newest that may be installed, `from_where` who says so."""

    version: str
    from_where: str

    def __str__(self) -> str:
        return f"version {self.version.replace(MANY, 'x')} of the provider ({self.from_where})"


def pinned_provider(module: Module, read: Callable[[str], bytes | None]) -> Provider | None:
    """The newest version that the module may get; None where nothing holds it back. `read` gives files of the repository."""
    if module.language != "terraform":
        return None
    for path in _lock_files(directory_of(next(iter(module.files), ""))):
        text = read(path)
        found = LOCKED.search(text) if text else None
        if found:
            return Provider(found[1].decode("ascii", "replace"), path)
    return _required(module)


def _lock_files(folder: str) -> Iterator[str]:
    """The lock file of the directory or of the nearest one above: a local module gets its root's provider."""
    while True:
        yield f"{folder}/{LOCK}" if folder else LOCK
        if not folder:
            return
        folder = directory_of(folder)


def _required(module: Module) -> Provider | None:
    for address, block in module.blocks.items():
        if block.kind != "terraform":
            continue
        for found in select(module.resolved(address), ("required_providers", "aws", "version")):
            value = settled(found.value)
            newest = _newest(value.value) if isinstance(value, Known) and isinstance(value.value, str) else ""
            if newest:
                return Provider(newest, f"required: {getattr(value, 'value', '')}")
    return None


def _newest(constraint: str) -> str:
    """The upper end of a constraint such as `~> 5.60, < 5.90`; the empty text where it has none."""
    ends: list[tuple[int, ...]] = []
    for part in constraint.split(","):
        found = BELOW.fullmatch(part.strip())
        if found is None:
            continue
        numbers = tuple(map(int, found[2].split(".")))
        if found[1] in (None, "=", "<="):
            ends.append(numbers)
        elif found[1] == "<":
            ends.append(_before(numbers))
        else:
            ends.append((*numbers[:-1], int(MANY)) if len(numbers) > 1 else (int(MANY),))
    return ".".join(map(str, min(ends))) if ends else ""


def _before(numbers: tuple[int, ...]) -> tuple[int, ...]:
    """The last version below one: 4.999 for 5 or 5.0."""
    kept = list(numbers)
    while kept and kept[-1] == 0:
        kept.pop()
    return (*kept[:-1], kept[-1] - 1, int(MANY)) if kept else numbers


def missing_in(provider: Provider, body: Fields, known: Mapping[str, Argument], before: Fields) -> str:
    """The first newly written argument that the version surely has not, in words."""
    for path, argument in _written(body, known, ()):
        if had_by(argument, provider.version) is False and not _stood(before, path):
            return f"{path_text(path)} does not exist in {provider}"
    return ""


def _written(body: Fields, known: Mapping[str, Argument], walked: Path) -> Iterator[tuple[Path, Argument]]:
    for name, value in body.entries:
        argument = known.get(name)
        if argument is None:
            continue
        yield (*walked, name), argument
        inner = settled(value)
        for item in inner.items if isinstance(inner, Items) else (inner,):
            if isinstance(item, Fields) and argument.arguments is not None:
                yield from _written(item, argument.arguments, (*walked, name))


def _stood(before: Fields, path: Path) -> bool:
    return any(not found.rest for found in select(before, path))
