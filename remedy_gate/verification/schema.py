"""`schema`: every argument that the patched resources use exists, may be set, and the required ones are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from remedy_gate.domain.proof import CheckName, CheckResult
from remedy_gate.iac.module import Module
from remedy_gate.iac.schema import Argument, Schemas
from remedy_gate.iac.values import Fields, Items, Known, Path, Value, path_text, settled

from .check import Comparison, Sides, failed, not_run, passed

META = frozenset(("count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection"))
WANTS_NUMBER = ("number",)


class Schema:
    """Tables of the provider's and CloudFormation's own schemas. Errors that stood there before do not count."""

    name = CheckName.SCHEMA

    def __init__(self, schemas: Schemas) -> None:
        """Judge by these tables."""
        self._schemas = schemas

    def examine(self, comparison: Comparison) -> CheckResult:
        """Pass where the patch brings no new error on a type that the tables know."""
        checked: list[str] = []
        for sides in (comparison.subject, *comparison.others):
            if sides.after is None:
                continue
            for address in sorted(sides.touched):
                block = sides.after.blocks.get(address)
                if block is None or block.kind not in ("resource", "data"):
                    continue
                known = self._schemas.arguments(_type_of(block.kind, block.type))
                if known is None:
                    return not_run(self.name, f"no table knows the type {block.type}")
                if problem := _new_problem(sides, address, known):
                    return failed(self.name, f"{address}: {problem}")
                checked.append(block.type)
        return passed(self.name, f"every argument exists for {', '.join(dict.fromkeys(checked)) or 'what it touches'}")


def _type_of(kind: str, type_name: str) -> str:
    return f"data.{type_name}" if kind == "data" else type_name


def _new_problem(sides: Sides, address: str, known: Mapping[str, Argument]) -> str:
    after, before = sides.after, sides.before
    if after is None:
        return ""
    old = set(_problems(_body(before, address), known)) if before is not None and address in before.blocks else set()
    return next((problem for problem in _problems(_body(after, address), known) if problem not in old), "")


def _body(module: Module, address: str) -> Fields:
    body = module.written(address)
    if module.language == "terraform":
        return Fields(tuple(entry for entry in body.entries if entry[0] not in META), body.complete)
    properties = settled(body.get("Properties"))
    return properties if isinstance(properties, Fields) else Fields((), complete=not isinstance(properties, Known))


def _problems(body: Fields, known: Mapping[str, Argument], walked: Path = ()) -> Iterator[str]:
    written = {name for name, _ in body.entries}
    for name, value in body.entries:
        here = (*walked, name)
        argument = known.get(name)
        if argument is None:
            yield f"there is no argument {path_text(here)}"
        elif argument.readable:
            yield f"{path_text(here)} can only be read"
        else:
            yield from _value_problems(value, argument, here)
    if body.complete:
        for name, argument in known.items():
            if argument.required and not argument.readable and name not in written:
                yield f"{path_text((*walked, name))} is required"


def _value_problems(value: Value, argument: Argument, here: Path) -> Iterator[str]:
    match value:
        case Fields() if argument.type in ("string", "number", "bool"):
            yield f"{path_text(here)} takes a {argument.type}"
        case Items() if argument.type in ("string", "number", "bool", "map"):
            yield f"{path_text(here)} takes a {argument.type}, not a list"
        case Known(value=str() as text) if argument.type == "bool" and text.lower() not in ("true", "false"):
            yield f"{path_text(here)} takes true or false"
        case Known(value=str() as text) if argument.type in WANTS_NUMBER and not _is_number(text):
            yield f"{path_text(here)} takes a number"
        case Known(value=bool()) if argument.type in WANTS_NUMBER:
            yield f"{path_text(here)} takes a number"
        case Known(value=str() | int() | float()) if argument.type in ("block", "object"):
            yield f"{path_text(here)} is a block"
        case Items() if argument.type == "block" and argument.single and len(value.items) > 1:
            yield f"{path_text(here)} may stand only once"
        case Fields() if argument.type == "map" and argument.arguments is not None:
            # The arguments are those of each value; the keys are free.
            for key, item in value.entries:
                for index, body in _bodies(item):
                    yield from _problems(body, argument.arguments, (*here, key, *index))
        case _:
            if argument.arguments is not None:
                for index, body in _bodies(value):
                    yield from _problems(body, argument.arguments, (*here, *index))


def _bodies(value: Value) -> Iterator[tuple[Path, Fields]]:
    match value:
        case Fields():
            yield (), value
        case Items():
            for index, item in enumerate(value.items):
                if isinstance(item, Fields):
                    yield ((index,) if len(value.items) > 1 else ()), item


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal()
