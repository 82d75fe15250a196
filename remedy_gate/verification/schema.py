"""`schema`: every argument that the patched resources use exists, may be set, fits, and the required ones are there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from remedy_gate.domain.proof import CheckName, CheckResult
from remedy_gate.iac.module import Block, Module
from remedy_gate.iac.schema import Argument, Schemas
from remedy_gate.iac.values import Fields, Known, settled

from .changed import changes_of
from .check import Comparison, Depth, Sides, failed, not_run, passed
from .consequences import affected
from .fitting import misfits
from .pinned import Provider, missing_in, pinned_provider
from .symbolic import symbols

if TYPE_CHECKING:
    from .validators import Validators

INDEX = re.compile(r"\[\d+\]")
META = frozenset(
    ("count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection", "dynamic", "timeouts")
)
ATTRIBUTES = frozenset(
    (
        *("Type", "Properties", "DependsOn", "Condition", "Metadata", "DeletionPolicy", "UpdateReplacePolicy"),
        *("UpdatePolicy", "CreationPolicy", "Connectors", "IgnoreGlobals"),
    )
)
"""What may stand in a resource of a template."""


class Schema:
    """Tables of the provider's and CloudFormation's own schemas. Errors that stood there before do not count."""

    name = CheckName.SCHEMA

    def __init__(
        self, schemas: Schemas, read: Callable[[str], bytes | None], validators: Validators | None = None
    ) -> None:
        """Judge by these tables and, at full depth, by tools. `read` gives a file of the repository."""
        self._schemas, self._read, self._validators = schemas, read, validators

    def examine(self, comparison: Comparison) -> CheckResult:
        """Pass where the patch brings no new error on a type that the tables know."""
        checked: list[str] = []
        versions: list[str] = []
        for sides in (comparison.subject, *comparison.others):
            if sides.after is None:
                continue
            provider = pinned_provider(sides.after, self._read)
            for address in sorted(sides.touched | affected(sides)):
                block = sides.after.blocks.get(address)
                if block is None or block.kind not in ("resource", "data"):
                    continue
                if address not in sides.touched and not changes_of(sides, address):
                    continue
                known = self._schemas.arguments(f"data.{block.type}" if block.kind == "data" else block.type)
                if known is None:
                    return not_run(self.name, f"no table knows the type {block.type}")
                if problem := _new_problem(sides, block, known, provider):
                    return failed(self.name, f"{address}: {problem}")
                checked.append(block.type)
            versions += [str(provider)] if provider else []
        said = f"every argument exists and fits for {', '.join(dict.fromkeys(checked)) or 'what it touches'}"
        said += "".join(f", and {version} has it" for version in dict.fromkeys(versions))
        if comparison.depth is Depth.QUICK or self._validators is None:
            return passed(self.name, said)
        outcome = self._validators.new_error(comparison)
        result = (
            failed(self.name, outcome.error) if outcome.error else passed(self.name, "; ".join((said, *outcome.notes)))
        )
        return result._replace(tools=outcome.tools)


def _new_problem(sides: Sides, block: Block, known: Mapping[str, Argument], provider: Provider | None) -> str:
    after, before = sides.after, sides.before
    assert after is not None
    there = before is not None and block.address in before.blocks
    old = set(map(_without_indexes, _problems(before, block, known))) if before is not None and there else set[str]()
    found = (problem for problem in _problems(after, block, known) if _without_indexes(problem) not in old)
    if problem := next(found, ""):
        return problem
    if provider is None:
        return ""
    body = _body(after, block.address)
    was = _body(before, block.address) if before is not None and there else Fields(())
    return missing_in(provider, body, known, was)


def _without_indexes(problem: str) -> str:
    """A problem whichever item of a list has it, since a patch may move items."""
    return INDEX.sub("", problem)


def _problems(module: Module, block: Block, known: Mapping[str, Argument]) -> list[str]:
    json_syntax = block.path.endswith(".json")
    found = list(
        misfits(_body(module, block.address), known, nested=module.language == "terraform" and not json_syntax)
    )
    if module.language == "cloudformation":
        beside = (name for name, _ in symbols(module).body(block.address).entries if name not in ATTRIBUTES)
        found += [f"{name} stands beside Properties, where nothing of that name belongs" for name in beside]
    return found


def _body(module: Module, address: str) -> Fields:
    body = symbols(module).body(address)
    if module.language == "terraform":
        return Fields(tuple(entry for entry in body.entries if entry[0] not in META), body.complete)
    properties = settled(body.get("Properties"))
    return properties if isinstance(properties, Fields) else Fields((), complete=not isinstance(properties, Known))
