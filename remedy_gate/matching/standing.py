"""Where a block is deployed, as far as its code says: account, region, environment. The finding must not differ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from remedy_gate.iac.module import Module
from remedy_gate.iac.reading import Place
from remedy_gate.iac.values import Fields, Items, Known, Value, select, settled

from .calls import Chain, home_of

if TYPE_CHECKING:
    from remedy_gate.iac.terraform.syntax import Expression

_ENVIRONMENTS = {
    "prod": "production",
    "production": "production",
    "prd": "production",
    "preprod": "preproduction",
    "nonprod": "non-production",
    "dev": "development",
    "devel": "development",
    "development": "development",
    "stage": "staging",
    "staging": "staging",
    "stg": "staging",
    "test": "test",
    "testing": "test",
    "tst": "test",
    "qa": "qa",
    "uat": "uat",
    "sandbox": "sandbox",
    "sbx": "sandbox",
    "demo": "demo",
    "dr": "disaster recovery",
}
_TAGS = frozenset(("environment", "env", "stage"))
_VARIABLES = ("var.environment", "var.env", "var.stage", "local.environment", "local.env", "local.stage")
_REGION = re.compile(
    r"(?<![\w-])[a-z]{2}(?:-(?:gov|iso|isob))?-(?:north|south|east|west|central|northeast|southeast|northwest|southwest)-\d(?![\w-])"
)
_ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")
_ARN_ACCOUNT = re.compile(r"arn:[\w-]+:\w+::(\d{12}):")


class Standing(NamedTuple):
    """What code, or a finding, says of where a resource is. An empty set says nothing.

    `soft` is the environment that a default names, which a deployment may well give otherwise.
    """

    accounts: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    environments: frozenset[str] = frozenset()
    soft: frozenset[str] = frozenset()


def environments_in(texts: Iterable[str]) -> frozenset[str]:
    """The environments that names of folders, keys or tags speak of."""
    found: set[str] = set()
    for text in texts:
        plain = re.sub(r"(pre|non)[-_ ]?prod(?:uction)?", r"\1prod", text.lower())
        found.update(_ENVIRONMENTS[word] for word in re.split(r"[^a-z]+", plain) if word in _ENVIRONMENTS)
    return frozenset(found)


def environments_of(tags: Mapping[str, str]) -> frozenset[str]:
    """The environment that a resource's tags name."""
    return environments_in(value for key, value in tags.items() if key.lower() in _TAGS)


def disagreement(code: Standing, finding: Standing, *, firmly: bool = True) -> str | None:
    """Why the code cannot be of the finding's resource, in words; None where nothing speaks against it."""
    sides = [
        ("account", code.accounts, finding.accounts),
        ("region", code.regions, finding.regions),
        ("environment", code.environments, finding.environments),
    ]
    if not firmly:
        sides.append(("environment", code.soft, finding.environments))
    for what, here, there in sides:
        if here and there and not here & there and not _vague(here, there):
            return f"the code is of the {what} {_listed(here)}, the finding of {_listed(there)}"
    return None


class Standings:
    """What the code says of each block, worked out when it is asked for."""

    def __init__(self) -> None:
        self._of_module: dict[int, Standing] = {}
        self._of_provider: dict[tuple[int, str], Standing] = {}

    def of(self, place: Place, chain: Chain) -> Standing:
        """Where a block is deployed when its module is called like this."""
        outermost = chain[0].module if chain else place.module
        if place.module.language != "terraform":
            return self._module(place.module)
        base = self._module(outermost)
        provider = self._provider(place, chain)
        address = place.block.address  # since version 6 of the provider a resource may name its region itself
        own = (
            _texts(place.module.resolved(address), ("region",)) if _mentions(place.module, address, b"region") else None
        )
        return Standing(
            provider.accounts or base.accounts, own or provider.regions or base.regions, base.environments, base.soft
        )

    def _module(self, module: Module) -> Standing:
        if id(module) not in self._of_module:
            self._of_module[id(module)] = _said_by(module)
        return self._of_module[id(module)]

    def _provider(self, place: Place, chain: Chain) -> Standing:
        """What the provider says that the block uses: its module's own, else the one that the calls hand on."""
        module, name = place.module, _provider_of(place.module, place.block.address)
        for site in (*reversed(chain), None):
            if f"provider.{name}" in module.blocks:
                key = (id(module), name)
                if key not in self._of_provider:
                    self._of_provider[key] = _said_by_provider(module, name)
                return self._of_provider[key]
            if site is None:
                break
            name = _handed_on(site.module, site.block.address, name)
            module = site.module
        return Standing()


def _said_by(module: Module) -> Standing:
    home = home_of(module)
    if module.language != "terraform":
        return Standing(_accounts_in((home,)), frozenset(_REGION.findall(home)), environments_in((home,)))
    keys = [text for one in _of_kind(module, "terraform") for text in _backend_texts(module.resolved(one))]
    said = [text for name in _VARIABLES if name in module.blocks for text in _value_texts(module, name)]
    fixed = [text for name, text in said if name.startswith("local.")]
    return Standing(
        accounts=_accounts_in((home,)),
        regions=frozenset(_REGION.findall(home.replace("/", " "))),
        environments=environments_in((home, *keys, *fixed)),
        soft=environments_in(text for _, text in said),
    )


def _value_texts(module: Module, address: str) -> list[tuple[str, str]]:
    body = module.resolved(address)
    return [(address, text) for text in _texts(body, ("value",)) | _texts(body, ("default",))]


def _said_by_provider(module: Module, name: str) -> Standing:
    body = module.resolved(f"provider.{name}")
    roles = _texts(body, ("assume_role", "role_arn")) | _texts(body, ("assume_role_with_web_identity", "role_arn"))
    accounts = {found[1] for role in roles if (found := _ARN_ACCOUNT.match(role))}
    listed = _texts(body, ("allowed_account_ids", "*"))
    return Standing(frozenset(listed or accounts), _texts(body, ("region",)))


def _provider_of(module: Module, address: str) -> str:
    """The name of the provider that a block uses, with its alias: `aws.us`."""
    if not _mentions(module, address, b"provider"):
        return "aws"
    value = settled(module.resolved(address).get("provider"))
    return value.value if isinstance(value, Known) and isinstance(value.value, str) else "aws"


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


def _mentions(module: Module, address: str, word: bytes) -> bool:
    """Whether a word stands in a block's text, which is found out sooner than what it means there."""
    block = module.blocks[address]
    return word in module.files[block.path][block.span.start : block.span.end]


def _backend_texts(body: Fields) -> frozenset[str]:
    backend = body.get("backend")
    inner = backend.items if isinstance(backend, Items) else ()
    paths = (("key",), ("path",), ("prefix",), ("workspaces", "name"))
    return frozenset(text for one in inner for path in paths for text in _texts(one, path))


def _of_kind(module: Module, kind: str) -> list[str]:
    return [address for address, block in module.blocks.items() if block.kind == kind]


def _texts(value: Value, path: tuple[str, ...]) -> frozenset[str]:
    found = (settled(one.value) for one in select(value, path))
    return frozenset(str(one.value) for one in found if isinstance(one, Known) and one.value not in {None, ""})


def _accounts_in(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(account for text in texts for account in _ACCOUNT.findall(text))


def _vague(here: frozenset[str], there: frozenset[str]) -> bool:
    """Whether one side says only that it is not production, which rules nothing else out."""
    other = here if "non-production" in there else there if "non-production" in here else frozenset(("production",))
    return "production" not in other


def _listed(names: frozenset[str]) -> str:
    return " or ".join(sorted(names))
