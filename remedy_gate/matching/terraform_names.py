"""Names out of Terraform's expressions: what is written, with a hole for each part that the code leaves open.

A value of a `.tfvars` file, a default and the argument of a module's call count as what the code says. Where there are
several, or a validation lists what is allowed, each gives a name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from remedy_gate.iac.terraform.body import Body
from remedy_gate.iac.terraform.module import TerraformModule
from remedy_gate.iac.terraform.syntax import (
    Attr,
    Call,
    Choice,
    Conditional,
    Expression,
    Literal,
    ObjectOf,
    Template,
    Traversal,
    TupleOf,
)
from remedy_gate.iac.terraform.variable_files import given_values
from remedy_gate.iac.values import Known, OneOf, Value, settled

from .name_functions import called, either, truth
from .naming import ACCOUNT, REGION, Hole, Name, Names, fixed, joined, text_of, unknown

MOST_STEPS = 24
_RUN_TIME = {
    ("aws_caller_identity", "account_id"): ACCOUNT,
    ("aws_region", "name"): REGION,
    ("aws_region", "region"): REGION,
    ("aws_region", "id"): REGION,
}
_VALUE = re.compile(r"\$\{((?:var|local)\.\w+)\}")


class Scope:
    """The names that a module's expressions may use, in one call of it: `outer` and `arguments` are the caller's.

    `alternatives` are values of variables that `.tfvars` files give which Terraform does not read by itself.
    """

    def __init__(
        self,
        module: TerraformModule,
        outer: Scope | None = None,
        arguments: Body | None = None,
        alternatives: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.module = module
        self._outer = outer
        self._arguments = arguments
        self._alternatives = alternatives or {}
        self._known: dict[str, Names] = {}
        self._steps = 0

    def names(self, address: str, attribute: str) -> Names:
        """The names that an attribute of a block may hold, the empty tuple where it is not written."""
        argument = self.module.declared[address].read().arguments.get(attribute)
        if argument is None:
            return ()
        found = self.of(argument.expression)
        if self._outer is None and any(isinstance(part, Hole) for name in found for part in name):
            found = _outright(self.module.resolved(address).get(attribute)) or found
        return found

    def filled_in(self, text: str) -> Names:
        """The names that a text with `${var.x}` and `${local.x}` in it may come to."""
        pieces = _VALUE.split(text)
        parts = [self._value(piece) if number % 2 else fixed(piece) for number, piece in enumerate(pieces)]
        return joined(part for number, part in enumerate(parts) if part or number % 2)

    def of(self, expression: Expression) -> Names:
        """The names that an expression may come to."""
        self._steps += 1
        try:
            return self._of(expression) if self._steps <= MOST_STEPS else unknown("more than was looked into")
        finally:
            self._steps -= 1

    def tagged(self, expression: Expression, key: str) -> Names:
        """The names under one key of a map, such as `Name` among tags; of a `merge`, the last that has it counts."""
        match expression:
            case ObjectOf():
                for name, value in reversed(expression.items):
                    if any(text_of(one) == key for one in self.of(name)):
                        return self.of(value)
            case Call(function="merge", arguments=maps):
                return next((found for one in reversed(maps) if (found := self.tagged(one, key))), ())
            case Traversal(root="local", steps=(Attr(name),)) if self._steps <= MOST_STEPS:
                shared = self.local(name)
                self._steps += 1
                found = self.tagged(shared, key) if shared is not None else ()
                self._steps -= 1
                return found
            case _:
                pass
        return ()

    def _of(self, expression: Expression) -> Names:
        match expression:
            case Literal(value=str() | int() as value):
                return fixed(str(value).lower() if isinstance(value, bool) else str(value))
            case Template():
                return joined(self.of(part) for part in expression.parts)
            case Traversal():
                return self._named(expression)
            case Conditional(test, yes, no) | Choice(test, yes, no):
                holds = truth(test, self)
                return either((yes, no), self) if holds is None else self.of(yes if holds else no)
            case Call():
                return called(expression, self)
            case _:
                return unknown("an expression")

    def local(self, name: str) -> Expression | None:
        """What a local value is written as."""
        return self._expression(f"local.{name}", "value")

    def _named(self, traversal: Traversal) -> Names:
        steps = [step.name for step in traversal.steps if isinstance(step, Attr)]
        whole = ".".join((traversal.root, *steps))
        if len(steps) != len(traversal.steps):
            return unknown(whole)
        if whole not in self._known:
            self._known[whole] = unknown(whole)  # what a name that is defined by itself comes to
            self._known[whole] = self._looked_up(traversal.root, steps, whole)
        return self._known[whole]

    def _value(self, whole: str) -> Names:
        root, _, name = whole.partition(".")
        return self._named(Traversal(root, (Attr(name),)))

    def _looked_up(self, root: str, steps: list[str], whole: str) -> Names:
        match root, steps:
            case "var", [name]:
                return self._variable(name)
            case "local", [name]:
                value = self.local(name)
                return self.of(value) if value is not None else unknown(whole)
            case "data", [kind, _, attribute] if (kind, attribute) in _RUN_TIME:
                return ((_RUN_TIME[kind, attribute],),)
            case (("var" | "local" | "data" | "module" | "each" | "count" | "self" | "path" | "terraform"), _):
                return unknown(whole)
            case _, [name, attribute] if f"{root}.{name}" in self.module.declared:
                return self._attribute(f"{root}.{name}", attribute) or unknown(whole)
            case _:
                return unknown(whole)

    def _attribute(self, address: str, attribute: str) -> Names:
        """An attribute of another block; its id is its name where the type has no other identity."""
        if address in self.module.repeated:
            return ()
        body = self.module.declared[address].read()
        if attribute == "id" and address.startswith(("aws_s3_bucket.", "aws_iam_role.", "aws_dynamodb_table.")):
            attribute = "bucket" if address.startswith("aws_s3_bucket.") else "name"
        argument = body.arguments.get(attribute)
        return self.of(argument.expression) if argument is not None else ()

    def _variable(self, name: str) -> Names:
        if self._outer is not None and self._arguments is not None:
            passed = self._arguments.arguments.get(name)
            if passed is not None:
                return self._outer.of(passed.expression)
        if f"var.{name}" not in self.module.declared or f"var.{name}" in self.module.repeated:
            return unknown(f"var.{name}")
        body = self.module.declared[f"var.{name}"].read()
        given = given_values(self.module.documents).get(name) if self._outer is None else None
        source = given or body.arguments.get("default")
        said = self._default(source.expression) if source is not None else ()
        others = [(text,) for text in (*self._alternatives.get(name, ()), *_allowed(body, name))]
        return tuple(dict.fromkeys((*said, *others))) or unknown(f"var.{name}")

    def _default(self, expression: Expression) -> Names:
        """An empty or null default says that the caller has to give the value."""
        return () if expression in (Literal(None), Literal("")) else self.of(expression)

    def _expression(self, address: str, argument: str) -> Expression | None:
        declared = self.module.declared.get(address) if address not in self.module.repeated else None
        found = declared.read().arguments.get(argument) if declared is not None else None
        return found.expression if found is not None else None


def _allowed(body: Body, name: str) -> tuple[str, ...]:
    """What `contains([...], var.name)` in a validation allows."""
    found: list[str] = []
    for validation in body.nested("validation"):
        condition = validation.body.arguments.get("condition")
        match condition.expression if condition is not None else None:
            case Call(
                function="contains", arguments=(TupleOf(items), Traversal(root="var", steps=(Attr(checked),)))
            ) if checked == name:
                found.extend(item.value for item in items if isinstance(item, Literal) and isinstance(item.value, str))
    return tuple(found)


def _outright(value: Value) -> Names:
    """What a value that was worked out says, where it says it without a gap."""
    value = settled(value)
    options = [settled(option) for option in value.options] if isinstance(value, OneOf) else [value]
    texts: list[Name] = [(one.value,) for one in options if isinstance(one, Known) and isinstance(one.value, str)]
    return tuple(texts) if len(texts) == len(options) else ()
