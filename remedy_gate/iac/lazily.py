"""A language that is imported only when a file of its kind turns up: a hook on one template never loads tree-sitter."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .module import CannotEdit, IacLanguage, Module
from .operations import Operation


class LazyLanguage:
    """The seam `IacLanguage`, in front of one that takes time to import; `endings` are those of files it may claim."""

    __slots__ = ("_endings", "_language", "_load", "name")

    def __init__(self, name: str, endings: tuple[str, ...], load: Callable[[], IacLanguage]) -> None:
        """Stand in for what `load` makes."""
        self.name = name
        self._endings = endings
        self._load = load
        self._language: IacLanguage | None = None

    def claims(self, path: str, text: bytes) -> bool:
        """See `IacLanguage`."""
        return path.lower().endswith(self._endings) and self._real.claims(path, text)

    def module_of(self, path: str, neighbours: tuple[str, ...]) -> tuple[str, ...]:
        """See `IacLanguage`."""
        return self._real.module_of(path, neighbours)

    def read(self, files: Mapping[str, bytes]) -> Module:
        """See `IacLanguage`."""
        return self._real.read(files)

    def edit(self, module: Module, operation: Operation) -> Module | CannotEdit:
        """See `IacLanguage`."""
        return self._real.edit(module, operation)

    @property
    def _real(self) -> IacLanguage:
        if self._language is None:
            self._language = self._load()
        return self._language
