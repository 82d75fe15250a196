"""From the files that changed to the modules that they belong to, parsed once each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

from remedy_gate.domain.seams import Sources, Tree

from .file_names import VARIABLES, directory_of, is_terraform, maybe_code
from .module import Block, IacLanguage, Languages, Module

Files: TypeAlias = tuple[tuple[str, bytes], ...]
MOST_PASSING = 8
"""How many patched variants of modules are kept: the proof of a patch asks for the same one several times."""


class Place(NamedTuple):
    """A block and the module in which its address means something."""

    module: Module
    block: Block


class Reader:
    """Parses modules, and remembers them by their contents: the same files are parsed once a run."""

    def __init__(self, languages: Languages) -> None:
        """Read these languages; the first that claims a file has it."""
        self.languages = languages
        self._modules: dict[Files, Module] = {}
        self._passing: dict[Files, Module] = {}
        self._first: set[tuple[str, ...]] = set()
        self._listed: tuple[Sources, int, dict[str, tuple[str, ...]]] = ({}, 0, {})
        self._claims: dict[str, tuple[bytes | None, IacLanguage | None]] = {}

    def language_of(self, path: str, text: bytes) -> IacLanguage | None:
        """The language that claims the file, if any."""
        known, claimant = self._claims.get(path, (None, None))
        if known != text:
            claimant = next((language for language in self.languages if language.claims(path, text)), None)
            self._claims[path] = (text, claimant)
        return claimant

    def sources(self, paths: Iterable[str], tree: Tree) -> dict[str, bytes]:
        """The files of every module that one of `paths` belongs to. Files that are no code are left out."""
        sources: dict[str, bytes] = {}
        for path in paths:
            if path in sources or not maybe_code(path):
                continue
            neighbours = tree.names(directory_of(path))
            code = next(filter(is_terraform, neighbours), path) if path.endswith(VARIABLES) else path
            text = tree.read(code)
            language = None if text is None else self.language_of(code, text)
            for member in language.module_of(code, neighbours) if language else ():
                content = text if member == code else sources.get(member) or tree.read(member)
                if content is not None:
                    sources[member] = content
        return sources

    def module(self, path: str, sources: Sources) -> Module | None:
        """The module that a file belongs to, out of the sources; None where it is no code."""
        return self._module(path, sources, self._listing(sources).get(directory_of(path), ()))

    def modules(self, sources: Sources) -> Iterator[Module]:
        """Every module of the sources, each once, in the order of their paths."""
        for names in self._listing(sources).values():
            done: set[str] = set()
            for path in names:
                module = None if path in done else self._module(path, sources, names)
                if module is not None:
                    done.update(module.files)
                    yield module

    def modules_read(self) -> tuple[Module, ...]:
        """The first module of each set of files that was read: the code as it stands, without its patched variants."""
        return tuple(self._modules.values())

    def remember(self, module: Module) -> None:
        """Keep a module that an edit made, so that it is not parsed again."""
        self._keep(tuple(sorted(module.files.items())), module)

    def _listing(self, sources: Sources) -> dict[str, tuple[str, ...]]:
        """The files of each folder, in order. The last answer is kept, as it is asked for once a finding."""
        listed, number, folders = self._listed
        if listed is not sources or number != len(sources):
            found: dict[str, list[str]] = {}
            for path in sorted(sources):
                found.setdefault(directory_of(path), []).append(path)
            folders = {folder: tuple(names) for folder, names in found.items()}
            self._listed = (sources, len(sources), folders)
        return folders

    def _module(self, path: str, sources: Sources, neighbours: tuple[str, ...]) -> Module | None:
        text = sources.get(path)
        language = self.language_of(path, text) if text is not None else None
        if language is None:
            return None
        files = tuple((name, sources[name]) for name in sorted(language.module_of(path, neighbours)))
        kept = self._modules.get(files) or self._passing.get(files)
        if kept is None:
            kept = language.read(dict(files))
            self._keep(files, kept)
        return kept

    def _keep(self, files: Files, module: Module) -> None:
        """Keep the first module of each set of files for the whole run, and of its patched variants the last few."""
        names = tuple(name for name, _ in files)
        if names not in self._first:
            self._first.add(names)
            self._modules[files] = module
            return
        self._passing[files] = module
        if len(self._passing) > MOST_PASSING:
            del self._passing[next(iter(self._passing))]
