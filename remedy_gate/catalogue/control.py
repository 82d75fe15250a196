"""What a control is, and the few forms in which one says what must hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias

from remedy_gate.domain.finding import Severity
from remedy_gate.iac.module import Module
from remedy_gate.iac.operations import Raw
from remedy_gate.iac.values import Path, Scalar

TestKind: TypeAlias = Literal[
    "equals", "one_of", "none_of", "at_least", "at_most", "present", "absent", "contains", "excludes"
]


class Test(NamedTuple):
    """What a value is held against. `operand` is a scalar, or a tuple of them for the tests over several."""

    kind: TestKind
    operand: Scalar | tuple[Scalar, ...]


class Given(NamedTuple):
    """A value that only the owner knows: from the policy's `parameters`, else the only candidate in the module.

    `candidate` is a resource type and `attribute` what of it to refer to; `like` must be part of the candidate's name.
    `question` is what the owner is asked where neither gives the value. `create` names the companion that is made
    where the module has no candidate at all (empty: the owner is asked then too). `ending` is what comes behind a
    reference of Terraform: some arguments take an ARN with `:*` behind it.
    """

    parameter: str
    question: str
    candidate: str = ""
    attribute: str = ""
    like: str = ""
    create: str = ""
    ending: str = ""


class Body(NamedTuple):
    """The body of a block, map or resource to write, some values of which may be `Given`."""

    entries: tuple[tuple[str, Recipe], ...]


Recipe: TypeAlias = "Scalar | Raw | Given | Body | tuple[Recipe, ...]"
"""What a remedy writes, before the owner's values are filled in."""


class AttributeIs(NamedTuple):
    """The value at `path` passes `test`.

    `default` is what the provider takes where nothing is written: then absence is judged by it (None: absence fails).
    `set` is the value that the remedy writes; `create` is written instead where the block at the head of `path` is
    missing as a whole (the whole of its body). No `set`: the remedy abstains.
    """

    path: Path
    test: Test
    default: Scalar = None
    has_default: bool = False
    set: Recipe = None
    can_set: bool = False
    create: Body | None = None


class Sibling(NamedTuple):
    """Another resource of `type`, tied to this one by its attribute `by`, for which `require` holds.

    `refers_to` is the attribute of this resource that `by` is set to where the remedy adds one, with the body `add`
    (None: it adds none). With `named_by` the tie is the other way round: this attribute of the resource points at it.
    """

    type: str
    by: Path
    refers_to: str
    require: tuple[Requirement, ...]
    add: Body | None = None
    named_by: Path = ()


class AnyOf(NamedTuple):
    """At least one of the ways holds. The remedy takes the one that the code has begun, else the first."""

    ways: tuple[tuple[Requirement, ...], ...]


class OnlyWhen(NamedTuple):
    """`then` must hold where `condition` holds; where the condition fails the control does not apply."""

    condition: tuple[Requirement, ...]
    then: tuple[Requirement, ...]


class Special(NamedTuple):
    """What a declaration cannot say: a named rule in Python (`catalogue/special/`), with its arguments."""

    name: str
    arguments: Mapping[str, Scalar]


Requirement: TypeAlias = "AttributeIs | Sibling | AnyOf | OnlyWhen | Special"


class Control(NamedTuple):
    """What is wrong, whoever said it.

    `rules` gives, per resource type, what must hold. `aliases` are the ids of other tools, as `tool:id`. `version` is
    a digest of the declaration: the same version makes the same patch. `also` are attributes of the resource that a
    repair may change beside those that `rules` name.
    """

    id: str
    title: str
    risk: str
    severity: Severity
    aliases: tuple[str, ...]
    rules: Mapping[str, tuple[Requirement, ...]]
    compliance: Mapping[str, tuple[str, ...]]
    also: tuple[str, ...]
    version: str


class Subject(NamedTuple):
    """The resource that a control is held against, in its module, and the owner's parameters."""

    module: Module
    address: str
    parameters: Mapping[str, Scalar]
