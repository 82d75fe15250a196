"""Which module calls which: from a local module up to its callers, and from a call down to the block it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from remedy_gate.iac.file_names import directory_of
from remedy_gate.iac.module import Block, Module
from remedy_gate.iac.values import Items, Known

from .around import Around
from .kinds import of_kind

_SOURCE = rb'source"?\s*[=:]\s*"(\.[^"\n]*)"'
MOST_CALLERS = 32
MOST_CHAINS = 32
DEEPEST = 8


class CallSite(NamedTuple):
    """A `module` block, the module that it stands in, and the directory that it calls (None: it is not local)."""

    module: Module
    block: Block
    directory: str | None
    source: str


Chain: TypeAlias = tuple[CallSite, ...]
"""The calls that lead to a module, from the outermost; empty for a module that nobody calls."""


NO_CALLS: tuple[Chain, ...] = ((),)
"""The one way to a module that nobody calls."""


class Target(NamedTuple):
    """Where a path of calls leads: a local module, else the call behind which other people's code begins."""

    chain: Chain
    module: Module | None


class Calls:
    """Calls among the modules that were read, and, on demand, those around them."""

    def __init__(self, modules: Iterable[Module], around: Around | None) -> None:
        self._read = {home_of(module): module for module in modules if module.language == "terraform"}
        self._around = around
        self._sites: dict[str, dict[str, CallSite]] = {}
        self._callers: dict[str, tuple[CallSite, ...]] = {}
        self._chains: dict[Module, tuple[Chain, ...]] = {}
        self._by_target: dict[str, list[CallSite]] | None = None

    def where(self, changed: Iterable[Module]) -> Calls:
        """The same calls where these modules are as they are here."""
        changed_homes = {home_of(module): module for module in changed}
        return Calls({**self._read, **changed_homes}.values(), self._around)

    def module(self, directory: str) -> Module | None:
        """The module of a directory, read now if it was not."""
        found = self._read.get(directory)
        return self._around.module(directory) if found is None and self._around is not None else found

    def down(self, module: Module, names: tuple[str, ...]) -> Target | None:
        """Where the calls of these names lead from a module; None where it has no such call or its code is not here."""
        chain: Chain = ()
        for name in names:
            site = self._calls_in(module).get(name)
            if site is None:
                return None
            chain = (*chain, site)
            if site.directory is None:
                return Target(chain, None)
            inner = self.module(site.directory)
            if inner is None:
                return None
            module = inner
        return Target(chain, module)

    def called(self) -> tuple[Module, ...]:
        """The local modules that those which were read call, and what these call in turn; not those that were read."""
        found: dict[str, Module] = {}
        waiting = list(self._read.values())
        while waiting:
            for site in self._calls_in(waiting.pop()).values():
                known = site.directory is None or site.directory in self._read or site.directory in found
                module = None if known else self.module(site.directory or "")
                if module is not None and site.directory is not None:
                    found[site.directory] = module
                    waiting.append(module)
        return tuple(found.values())

    def callers(self, module: Module) -> tuple[CallSite, ...]:
        """Every call of a local module that can be found."""
        home = home_of(module)
        if home not in self._callers:
            found = dict.fromkeys(self._within(home))
            found.update(dict.fromkeys(self._without(module, home)))
            self._callers[home] = tuple(found)[:MOST_CALLERS]
        return self._callers[home]

    def chains(self, module: Module, depth: int = 0) -> tuple[Chain, ...]:
        """The ways in which a module is called, from the outermost module on; one empty way where nobody calls it."""
        known = self._chains.get(module)
        if known is not None:
            return known
        self._chains[module] = ()  # for modules that call one another in a circle, which Terraform refuses
        found: list[Chain] = []
        for site in self.callers(module) if module.language == "terraform" and depth < DEEPEST else ():
            found.extend((*outer, site) for outer in self.chains(site.module, depth + 1))
        self._chains[module] = tuple(found[:MOST_CHAINS]) or NO_CALLS
        return self._chains[module]

    def reaches_read(self, directory: str) -> bool:
        """Whether the module of a directory was read, or calls one that was, so that it is worth reading."""
        if directory in self._read:
            return True
        chains = (chain for module in self._read.values() for chain in self.chains(module))
        return any(home_of(site.module) == directory for chain in chains for site in chain)

    def _within(self, home: str) -> list[CallSite]:
        if self._by_target is None:
            self._by_target = {}
            for module in self._read.values():
                for site in self._calls_in(module).values():
                    if site.directory is not None:
                        self._by_target.setdefault(site.directory, []).append(site)
        return self._by_target.get(home, [])

    def _without(self, module: Module, home: str) -> list[CallSite]:
        if self._around is None or not _may_be_called(module):
            return []
        last = home.rpartition("/")[2]
        texts = (f'/{last}"', f'/{last}/"', '../"', '/.."', '".."') if last else ('../"', '/.."', '".."')
        found: list[CallSite] = []
        for directory in dict.fromkeys(
            directory_of(path) for path in self._around.holding(texts) if self._says(path, home)
        ):
            caller = None if directory in self._read or len(found) >= MOST_CALLERS else self._around.module(directory)
            sites = self._calls_in(caller).values() if caller is not None else ()
            found.extend(site for site in sites if site.directory == home)
        return found

    def _says(self, path: str, home: str) -> bool:
        """Whether a file names the directory as a source, which is found out sooner than what its blocks say."""
        text = (self._around.text(path) if self._around is not None else None) or b""
        directory = directory_of(path)
        return any(_below(directory, source.decode("utf-8", "replace")) == home for source in re.findall(_SOURCE, text))

    def _calls_in(self, module: Module) -> dict[str, CallSite]:
        home = home_of(module)
        if home not in self._sites:
            self._sites[home] = {block.name: _site(module, block, home) for block in of_kind(module, "module")}
        return self._sites[home]


def home_of(module: Module) -> str:
    """The directory of a Terraform module; the path of a template, which is a module of its own."""
    first = next(iter(module.files), "")
    return directory_of(first) if module.language == "terraform" else first


def chain_address(chain: Chain) -> str:
    """`module.network.module.subnets` for a chain of calls."""
    return ".".join(site.block.address for site in chain)


def _site(module: Module, block: Block, home: str) -> CallSite:
    value = module.written(block.address).get("source")
    source = value.value if isinstance(value, Known) and isinstance(value.value, str) else ""
    local = source in {".", ".."} or source.startswith(("./", "../"))
    return CallSite(module, block, _below(home, source) if local else None, source)


def _below(home: str, source: str) -> str | None:
    """The directory that a relative path leads to; None where it leaves the repository."""
    steps = home.split("/") if home else []
    for step in source.split("/"):
        if step == "..":
            if not steps:
                return None
            steps.pop()
        elif step not in {"", "."}:
            steps.append(step)
    return "/".join(steps)


def _may_be_called(module: Module) -> bool:
    """Whether a module looks like one that others call: it takes values, and keeps no state of its own."""
    kinds = {block.kind for block in module.blocks.values()}
    if not kinds & {"variable", "output"} or any(path.endswith(".tfvars") for path in module.files):
        return False
    settings = (module.written(block.address) for block in of_kind(module, "terraform"))
    return not any(isinstance(one.get(name), Items) for one in settings for name in ("backend", "cloud"))
