"""What names mean in a module: variables, locals, resources, data sources, calls of modules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from remedy_gate.iac.values import Absent, Known, Reference, Unknown, Value

from .body import Body
from .instances import NO_INSTANCE
from .outcomes import MAX_NODES, one_of, size_of
from .overriding import merged
from .references import address_of
from .syntax import Attr, Literal, Traversal

if TYPE_CHECKING:
    from remedy_gate.iac.module import SourceError

    from .body import Argument
    from .document import Declared
    from .evaluation import Evaluator
    from .resolving import Resolver

MISSPELT = {"True": True, "TRUE": True, "False": False, "FALSE": False}
"""Words that Terraform refuses, written for the ones it has. What was meant is plain, and a remedy writes it right."""

_HOP = 3
"""What one name behind another counts towards the depth of an evaluation, as it takes that much more of the stack."""


class Given(NamedTuple):
    """What variables are given: in variable files, and by those who call the module, `ABSENT` where they do not."""

    files: Mapping[str, Argument]
    by_callers: Callable[[str], tuple[Value, ...]]


class ModuleNames:
    """The names of one module. Every value is worked out once, when it is first asked for."""

    def __init__(
        self,
        declared: Mapping[str, Declared],
        given: Given,
        overriding: Mapping[str, Sequence[Declared]],
        repeated: Mapping[str, SourceError],
    ) -> None:
        self._declared = declared
        self._repeated = repeated
        self._overriding = overriding
        self._bodies: dict[str, Body] = {}
        self._given = given
        self._values: dict[tuple[str, str], Value] = {}
        self._under_way: set[tuple[str, str]] = set()
        self.resolver: Resolver | None = None
        self.evaluator: Evaluator | None = None

    def named(self, traversal: Traversal) -> tuple[Value, int]:
        """The value of a name's first steps, and how many steps those are."""
        names = [step.name for step in traversal.steps[:2] if isinstance(step, Attr)]
        match traversal.root, names:
            case (("each" | "count"), [name, *_]):
                return Unknown(f"{traversal.root}.{name} differs by instance"), len(traversal.steps)
            case (("self" | "path" | "terraform"), [name, *_]):
                return Unknown(f"{traversal.root}.{name} is known only when Terraform runs"), len(traversal.steps)
            case "var", [name, *_]:
                return self.variable(name), 1
            case "local", [name, *_]:
                return self.local(name), 1
        if traversal.root in MISSPELT and not traversal.steps:
            return Known(MISSPELT[traversal.root]), 0
        address = address_of(traversal)
        if not address:
            return Unknown(f"`{traversal.root}` is no name of this module"), len(traversal.steps)
        if address not in self._declared:
            return Unknown(f"{address} is declared nowhere in this module"), len(traversal.steps)
        unknown = Unknown(f"{address} as a whole is known only after apply")
        return Reference(address, (), unknown), address.count(".")

    def variable(self, name: str) -> Value:
        """What `var.name` comes to: the value in a tfvars file, else what the callers give, else the default."""
        return self._once((f"var.{name}", ""), lambda: self._variable(name))

    def _variable(self, name: str) -> Value:
        if f"var.{name}" not in self._declared:
            return Unknown(f"var.{name} is declared nowhere in this module")
        if f"var.{name}" in self._repeated:
            return Unknown(self._repeated[f"var.{name}"].message)
        body = self.body(f"var.{name}")
        in_file = self._given.files.get(name)
        if in_file is not None:
            assert self.evaluator is not None
            value = self.evaluator.value(in_file.expression, NO_INSTANCE)
        elif given := self._given.by_callers(name):
            value = one_of(self._default(name, body) if isinstance(one, Absent) else one for one in given)
        else:
            value = self._default(name, body)
        kind = body.arguments.get("type")
        if kind is None:
            return value
        from .variable_types import converted

        return converted(value, kind.expression)

    def _default(self, name: str, body: Body) -> Value:
        default = body.arguments.get("default")
        if default is None:
            return Unknown(f"var.{name} has no default")
        if default.expression == Literal(None):
            return Unknown(f"var.{name} is not given: its default is null")
        assert self.evaluator is not None
        return self.evaluator.value(default.expression, NO_INSTANCE)

    def local(self, name: str) -> Value:
        """What `local.name` comes to."""
        if f"local.{name}" not in self._declared:
            return Unknown(f"local.{name} is declared nowhere in this module")
        if f"local.{name}" in self._repeated:
            return Unknown(self._repeated[f"local.{name}"].message)
        assert self.evaluator is not None
        evaluator = self.evaluator
        expression = self.body(f"local.{name}").arguments["value"].expression
        return self._once((f"local.{name}", ""), lambda: evaluator.value(expression, NO_INSTANCE))

    def attribute(self, address: str, name: str) -> Value:
        """What `address.name` points at, with what it comes to where that is written."""
        return Reference(address, (name,), self._once((address, name), lambda: self._attribute(address, name)))

    def _attribute(self, address: str, name: str) -> Value:
        assert self.resolver is not None
        if address in self._repeated:
            return Unknown(self._repeated[address].message)
        declared = self._declared[address]
        if declared.block.kind == "module":
            return Unknown(f"{address}.{name} is an output of another module")
        value = self.resolver.entry(address, name)
        if value is not None and not (isinstance(value, Known) and value.value is None):
            return value
        if declared.block.kind == "data":
            return Unknown(f"{address} is read only when Terraform runs")
        return Unknown(f"{address}.{name} is known only after apply")

    def is_repeated(self, address: str) -> bool:
        """Whether the block has `count` or `for_each`."""
        declared = self._declared.get(address)
        return declared is not None and bool({"count", "for_each"} & self.body(address).arguments.keys())

    def body(self, address: str) -> Body:
        """The body of a declared block, with what override files say of it."""
        found = self._bodies.get(address)
        if found is None:
            found = self._declared[address].read()
            overriding = self._overriding.get(address)
            if overriding:
                found = merged(found, [one.read() for one in overriding])
            self._bodies[address] = found
        return found

    def is_declared(self, address: str) -> bool:
        """Whether the module has such a block."""
        return address in self._declared

    def kind(self, address: str) -> str:
        """The kind of a declared block."""
        return self._declared[address].block.kind

    def _once(self, key: tuple[str, str], compute: Callable[[], Value]) -> Value:
        found = self._values.get(key)
        if found is not None:
            return found
        if key in self._under_way:
            return Unknown(f"{'.'.join(filter(None, key))} is defined by itself")
        assert self.evaluator is not None
        self._under_way.add(key)
        self.evaluator.depth += _HOP
        try:
            value = compute()
        finally:
            self.evaluator.depth -= _HOP
            self._under_way.discard(key)
        if size_of(value) > MAX_NODES:
            value = Unknown("the value is too large to work out")
        if not self.evaluator.exhausted:
            self._values[key] = value
        return value
