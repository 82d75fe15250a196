"""The code around a change, read only where a match leads there: who calls a changed module, and whom it calls."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple, Protocol

from remedy_gate.domain.seams import Tree
from remedy_gate.iac.file_names import VARIABLES, is_terraform
from remedy_gate.iac.module import Module
from remedy_gate.iac.reading import Reader

MOST_MODULES = 64
"""Modules read beyond those that changed."""


class Search(Protocol):
    """Finds files of the repository without reading them all."""

    def paths(self) -> Iterable[str]:
        """The path of every file that may be code, vendored folders left out."""

    def holding(self, texts: tuple[str, ...]) -> Iterable[str]:
        """The paths of Terraform files that hold any of these texts."""


class Listed(NamedTuple):
    """The seam `Search` where every file is known and read anyway."""

    files: tuple[str, ...]

    def paths(self) -> tuple[str, ...]:
        """See `Search`."""
        return self.files

    def holding(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        """None: whatever calls a module was read with it."""
        del texts
        return ()


class Around:
    """The repository beyond the modules that changed. Without a `search` nothing is known of it but by its path."""

    def __init__(self, tree: Tree, reader: Reader, search: Search | None = None) -> None:
        """Look into this tree."""
        self._tree = tree
        self._reader = reader
        self._search = search
        self._modules: dict[str, Module | None] = {}
        self._held: dict[tuple[str, ...], tuple[str, ...]] = {}

    @cached_property
    def paths(self) -> frozenset[str]:
        """The files that may be code; empty where they cannot be listed."""
        return frozenset(self._search.paths()) if self._search is not None else frozenset()

    def holding(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        """The Terraform files that hold any of these texts; searched once."""
        if texts not in self._held:
            self._held[texts] = tuple(sorted(self._search.holding(texts))) if self._search is not None else ()
        return self._held[texts]

    def module(self, directory: str) -> Module | None:
        """The Terraform module of a directory; None where there is none, or where too many were read already."""
        if directory not in self._modules:
            full = len(self._modules) >= MOST_MODULES
            self._modules[directory] = None if full else self._read(directory)
        return self._modules[directory]

    def text(self, path: str) -> bytes | None:
        """The contents of a file."""
        return self._tree.read(path)

    def variables(self, directory: str) -> tuple[tuple[str, bytes], ...]:
        """The `.tfvars` files in a directory and in the folders right below it, with what they hold."""
        prefix = f"{directory}/" if directory else ""
        found = sorted(
            path for path in self._variables if path.startswith(prefix) and path.count("/", len(prefix)) <= 1
        )
        texts = ((path, self._tree.read(path)) for path in found[:MOST_MODULES])
        return tuple((path, text) for path, text in texts if text is not None)

    @cached_property
    def _variables(self) -> tuple[str, ...]:
        return tuple(path for path in self.paths if path.endswith(VARIABLES))

    def _read(self, directory: str) -> Module | None:
        first = next(filter(is_terraform, self._tree.names(directory)), None)
        return None if first is None else self._reader.module(first, self._reader.sources((first,), self._tree))
