"""What modules, providers and folders say of where their resources are deployed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from remedy_gate.iac.module import Module
from remedy_gate.iac.reading import Place
from remedy_gate.iac.values import Fields, Items, Known, Value, select, settled

from .calls import Chain, home_of
from .kinds import of_kind
from .standing import NOWHERE, Standing, accounts_in, environments_in, regions_in

if TYPE_CHECKING:
    from remedy_gate.iac.terraform.syntax import Expression

_VARIABLES = ("var.environment", "var.env", "var.stage", "local.environment", "local.env", "local.stage")
_ARN_ACCOUNT = re.compile(r"arn:[\w-]+:\w+::(\d{12}):")
_NAMES_ITS_OWN = re.compile(rb"[\n{][ \t]*(?:provider|region)[ \t]*=")
DEFAULT = "aws"


class Standings:
    """What the code says of each block, worked out when it is asked for."""

    def __init__(self) -> None:
        self._of_module: dict[Module, Standing] = {}
        self._of_provider: dict[tuple[Module, Chain, str], Standing] = {}
        self._usual: dict[tuple[Module, Chain], Standing] = {}
        self._is_plain: dict[Module, bool] = {}

    def of(self, place: Place, chain: Chain) -> Standing:
        """Where a block is deployed when its module is called like this."""
        module = place.module
        usual = self._usually(module, chain)
        if module.language != "terraform" or self._uses_the_usual(module):
            return usual
        return self._of_its_own(place, chain, usual)

    def of_all(self, module: Module) -> Standing | None:
        """Where every block of a module is deployed that nobody calls; None where blocks of it may differ."""
        same = module.language != "terraform" or self._uses_the_usual(module)
        return self._usually(module, ()) if same else None

    def _usually(self, module: Module, chain: Chain) -> Standing:
        """Where a block is deployed that names no provider and no region."""
        if module.language != "terraform":
            return self._module(module)
        key = (module, chain)
        usual = self._usual.get(key)
        if usual is None:
            usual = self._usual[key] = self._joined(chain[0].module if chain else module, self._provider(*key, DEFAULT))
        return usual

    def _of_its_own(self, place: Place, chain: Chain, usual: Standing) -> Standing:
        """Of a block that may name another provider or, since version 6 of the provider, a region of its own."""
        span = place.block.span
        if not _NAMES_ITS_OWN.search(place.module.files[place.block.path], span.start, span.end):
            return usual
        body = place.module.resolved(place.block.address)
        named = settled(body.get("provider"))
        if isinstance(named, Known) and isinstance(named.value, str):
            outermost = chain[0].module if chain else place.module
            usual = self._joined(outermost, self._provider(place.module, chain, named.value))
        return usual._replace(regions=_texts(body, ("region",)) or usual.regions)

    def _joined(self, outermost: Module, provider: Standing) -> Standing:
        base = self._module(outermost)
        found = Standing(provider.accounts or base.accounts, provider.regions or base.regions, *base[2:])
        return NOWHERE if found == NOWHERE else found

    def _uses_the_usual(self, module: Module) -> bool:
        """Whether no block of a module names a provider or a region: then what holds for one holds for all."""
        if module not in self._is_plain:
            self._is_plain[module] = not any(map(_may_name_its_own, module.files.values()))
        return self._is_plain[module]

    def _module(self, module: Module) -> Standing:
        if module not in self._of_module:
            self._of_module[module] = _said_by(module)
        return self._of_module[module]

    def _provider(self, module: Module, chain: Chain, name: str) -> Standing:
        """What a provider says: its module's own of that name, else the one that the calls hand on."""
        key = (module, chain, name)
        if key not in self._of_provider:
            self._of_provider[key] = _said_by_provider(module, chain, name)
        return self._of_provider[key]


def _may_name_its_own(text: bytes) -> bool:
    """Whether a file may hold a block with a provider or a region of its own. Most hold neither word at all."""
    return (b"provider" in text or b"region" in text) and _NAMES_ITS_OWN.search(text) is not None


def _said_by(module: Module) -> Standing:
    home = home_of(module)
    paths = Standing(accounts_in(home), regions_in(home), environments_in((home,)))
    if module.language != "terraform":
        return paths
    keys = [text for one in of_kind(module, "terraform") for text in _backend(module.resolved(one.address))]
    said = [(name, text) for name in _VARIABLES if name in module.blocks for text in _value_of(module, name)]
    fixed = [text for name, text in said if name.startswith("local.")]
    return paths._replace(
        environments=environments_in((home, *keys, *fixed)), soft=environments_in(text for _, text in said)
    )


def _value_of(module: Module, address: str) -> frozenset[str]:
    body = module.resolved(address)
    return _texts(body, ("value",)) | _texts(body, ("default",))


def _said_by_provider(module: Module, chain: Chain, name: str) -> Standing:
    for site in (*reversed(chain), None):
        if f"provider.{name}" in module.blocks:
            return _said_by_block(module, f"provider.{name}")
        if site is None:
            break
        name, module = _handed_on(site.module, site.block.address, name), site.module
    return NOWHERE


def _said_by_block(module: Module, address: str) -> Standing:
    body = module.resolved(address)
    roles = _texts(body, ("assume_role", "role_arn")) | _texts(body, ("assume_role_with_web_identity", "role_arn"))
    accounts = {found[1] for role in roles if (found := _ARN_ACCOUNT.match(role))}
    listed = _texts(body, ("allowed_account_ids", "*"))
    return Standing(frozenset(listed or accounts), _texts(body, ("region",)))


def _handed_on(module: Module, call: str, name: str) -> str:
    """The caller's provider that stands for `name` in the module that it calls."""
    from remedy_gate.iac.terraform.module import TerraformModule
    from remedy_gate.iac.terraform.syntax import ObjectOf

    assert isinstance(module, TerraformModule)
    handed = module.declared[call].read().arguments.get("providers")
    if handed is None or not isinstance(handed.expression, ObjectOf):
        return name
    names = {_provider_name(key): _provider_name(value) for key, value in handed.expression.items}
    return names.get(name, name)


def _provider_name(expression: Expression) -> str:
    from remedy_gate.iac.terraform.references import text_of_traversal
    from remedy_gate.iac.terraform.syntax import Literal, Traversal

    match expression:
        case Traversal():
            return text_of_traversal(expression)
        case Literal(value=str(name)):
            return name
        case _:
            return ""


def _backend(body: Fields) -> frozenset[str]:
    backend = body.get("backend")
    inner = backend.items if isinstance(backend, Items) else ()
    paths = (("key",), ("path",), ("prefix",), ("workspaces", "name"))
    return frozenset(text for one in inner for path in paths for text in _texts(one, path))


def _texts(value: Value, path: tuple[str, ...]) -> frozenset[str]:
    found = (settled(one.value) for one in select(value, path))
    return frozenset(str(one.value) for one in found if isinstance(one, Known) and one.value not in {None, ""})
