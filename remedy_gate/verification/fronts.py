"""Web ACLs and listeners that a repair changes: other rules stay, the new one stops all it can, requests keep their way."""

from __future__ import annotations

from collections.abc import Iterator

from remedy_gate.iac.module import Module
from remedy_gate.iac.values import Absent, Fields, Items, Known, Path, Value, same, select, settled

from .objections import Objection

GROUP = "AWSManagedRulesKnownBadInputsRuleSet"
RULES: tuple[Path, ...] = (("rule",), ("Properties", "Rules"))
NARROWING = ("scope_down_statement", "ScopeDownStatement", "rule_action_override", "RuleActionOverrides")
REDIRECTS: tuple[Path, ...] = (("default_action", "redirect"), ("Properties", "DefaultActions", "RedirectConfig"))
AS_ASKED = {"host": "#{host}", "path": "/#{path}", "query": "#{query}"}
"""What a redirection keeps of a request where it says nothing else."""


def of_rules(address: str, old: Fields, new: Fields) -> Iterator[Objection]:
    """Rules of a web ACL: none but the one in question changes, and that one looks at everything."""
    for path in RULES:
        before, after = _bodies(old, path), _bodies(new, path)
        if any(not _among(item, after) and GROUP not in _texts(item) for item in before):
            yield Objection(certain=True, why=f"a rule of {address} that is not about this would change or go")
        for item in (one for one in after if not _among(one, before)):
            if GROUP not in _texts(item):
                yield Objection(certain=True, why=f"{address} would have a rule that is not about this")
            elif any(name in _names(item) for name in NARROWING) and not any(_narrows(one) for one in before):
                yield Objection(certain=False, why=f"the rule with {GROUP} of {address} would not stop everything")


def of_redirections(module: Module, address: str, old: Fields, new: Fields) -> Iterator[Objection]:
    """A listener that newly redirects sends callers to where they wanted to go, and where somebody listens."""
    for path in REDIRECTS:
        before, after = _bodies(old, path), _bodies(new, path)
        for item in (one for one in after if not _among(one, before)):
            for name, value in item.entries:
                known = AS_ASKED.get(name.lower())
                if known is not None and settled(value) not in (Known(known), Known(None)):
                    yield Objection(certain=False, why=f"{address} would send callers to another {name}")
                if name.lower() == "port" and _text(value) not in _secure_ports(module):
                    yield Objection(
                        certain=False, why=f"{address} would send callers to a port on which nobody listens"
                    )


def _secure_ports(module: Module) -> set[str]:
    ports = {"443"}
    for address, block in module.blocks.items():
        if block.type.endswith(("_listener", "::Listener")):
            body = module.resolved(address)
            inner = settled(body.get("Properties"))
            one = inner if isinstance(inner, Fields) else body
            protocol = next(
                (_text(one.get(name)) for name in ("protocol", "Protocol") if one.get(name) != Absent()), ""
            )
            ports |= {_text(one.get(name)) for name in ("port", "Port")} if protocol == "HTTPS" else set()
    return ports


def _text(value: Value) -> str:
    inner = settled(value)
    return str(inner.value).removesuffix(".0") if isinstance(inner, Known) else ""


def _bodies(body: Fields, path: Path) -> list[Fields]:
    values = (settled(found.value) for found in select(body, path))
    listed = (item for value in values for item in (value.items if isinstance(value, Items) else (value,)))
    return [item for item in map(settled, listed) if isinstance(item, Fields)]


def _among(item: Fields, items: list[Fields]) -> bool:
    return any(same(item, one) for one in items)


def _narrows(item: Fields) -> bool:
    return GROUP in _texts(item) and any(name in _names(item) for name in NARROWING)


def _names(value: Value) -> frozenset[str]:
    inner = settled(value)
    if isinstance(inner, Items):
        return frozenset(name for item in inner.items for name in _names(item))
    if isinstance(inner, Fields):
        below = (name for _, item in inner.entries for name in _names(item))
        return frozenset((*below, *(name for name, item in inner.entries if settled(item) != Items(()))))
    return frozenset()


def _texts(value: Value) -> frozenset[str]:
    inner = settled(value)
    if isinstance(inner, Items):
        return frozenset(text for item in inner.items for text in _texts(item))
    if isinstance(inner, Fields):
        return frozenset(text for _, item in inner.entries for text in _texts(item))
    return frozenset((str(inner.value),)) if isinstance(inner, Known) else frozenset()
