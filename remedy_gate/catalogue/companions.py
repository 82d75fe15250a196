"""Resources that a remedy makes where the owner has none to point at: a key, a log group, a role.

They are data (`companions.yaml`), compiled as the controls are, and read only when a remedy needs one.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any, NamedTuple

from remedy_gate.iac.operations import AddItem, AddResource, Data, Operation, Raw, SetValue, Table
from remedy_gate.iac.values import Absent, Known, Unknown

from .control import Body, Recipe, Subject
from .declaring import read_body
from .packaged import companions

SWITCH = "create"
"""The parameter by which a policy forbids every companion; `create_kms_key` forbids that one."""
DATA = "data."


class Part(NamedTuple):
    """One block of a companion. The others call it `<role>`; its own name ends with `ending`."""

    role: str
    type: str
    ending: str
    body: Body


class Companion(NamedTuple):
    """What is made, in words that say what it costs or needs; the first part is what the value points at.

    `serves` is the AWS service that the policy of a key has to let in, so that not every key will do. `awaited` is the
    role of the part without which the resource cannot be made, although nothing in it refers to that part; a language
    that needs no such part has none.
    """

    words: str
    serves: str
    awaited: str
    parts: tuple[Part, ...]


class Made(NamedTuple):
    """The address of what is made, and the edits that make it."""

    address: str
    edits: tuple[Operation, ...]


def companion(name: str, subject: Subject) -> Companion | None:
    """The companion of this name in the language of the subject; None where policy, or the language, has none."""
    if not name or any(_is_off(subject, switch) for switch in (SWITCH, f"{SWITCH}_{name}")):
        return None
    declared = companions()[name]
    parts = tuple(_part(item, name) for item in declared.get(subject.module.language, ()))
    return (
        Companion(declared["words"], declared.get("serves", ""), declared.get("awaited", ""), parts) if parts else None
    )


def address_for(made: Companion, subject: Subject) -> str:
    """What the first part is called where it is made for this subject."""
    return _address(made.parts[0], _name(made.parts[0], subject))


def make(made: Companion, subject: Subject) -> Made:
    """Add its blocks behind the subject, in the order in which they are to be read."""
    names = {part.role: _free_name(part, subject) for part in made.parts}
    there = {part.role: _looked_up_already(part, subject) for part in made.parts}
    words = {part.role: there[part.role] or _address(part, names[part.role]) for part in made.parts}
    block = subject.module.blocks[subject.address]
    words |= {"subject": f"{block.type} {block.name}", "name": block.name}
    after, added = subject.address, list[AddResource]()
    for part in made.parts:
        if there[part.role]:
            continue
        body = _filled(part.body, words)
        assert isinstance(body, Table)
        entries = (*_provider(subject), *body.entries)
        note = made.words if part is made.parts[0] else ""
        added.append(AddResource(after, part.type, names[part.role], Table(entries), note))
        after = added[-1].address
    waiting = (_waiting(words[made.awaited], subject),) if made.awaited in words else ()
    return Made(added[0].address, (*added, *waiting))


def looked_up(type_name: str, subject: Subject) -> Made:
    """A data source that needs no arguments: the one of the module, else a new one behind the subject."""
    part = Part("", f"{DATA}{type_name}", "", Body(()))
    if there := _looked_up_already(part, subject):
        return Made(there, ())
    added = AddResource(subject.address, part.type, _free_name(part, subject), Table(_provider(subject)))
    return Made(added.address, (added,))


def _waiting(address: str, subject: Subject) -> Operation:
    if subject.module.language == "terraform":
        return AddItem(subject.address, ("depends_on",), Raw(address))
    there = subject.module.written(subject.address).get("DependsOn")
    if isinstance(there, Known):
        return SetValue(subject.address, ("DependsOn",), (there.value, address))
    return AddItem(subject.address, ("DependsOn",), address)


def _is_off(subject: Subject, switch: str) -> bool:
    return str(subject.parameters.get(switch, True)).lower() in ("false", "no", "off")


def _part(item: Mapping[str, Any], name: str) -> Part:
    return Part(item["as"], item["type"], item.get("ending", ""), read_body(item.get("body", {}), name))


def _name(part: Part, subject: Subject) -> str:
    name = subject.module.blocks[subject.address].name
    if part.type.startswith(DATA):
        return name  # not `current`: two patches of a module, each made without the other, would declare it twice
    return f"{name}{part.ending}" if "::" in part.type else f"{name}_{part.ending}"


def _free_name(part: Part, subject: Subject) -> str:
    name, joint = _name(part, subject), "" if "::" in part.type else "_"
    names = chain((name,), (f"{name}{joint}{number}" for number in range(2, 100)))
    taken = subject.module.blocks.keys()
    return next((free for free in names if not {_address(part, free), f"Parameters.{free}"} & taken), name)


def _address(part: Part, name: str) -> str:
    return AddResource("", part.type, name, Table(())).address


def _looked_up_already(part: Part, subject: Subject) -> str:
    """The data source of the module that looks up the same, from the same account and region; else the empty text."""
    if not part.type.startswith(DATA) or part.body.entries:
        return ""
    provider = _provider(subject)
    for address, block in subject.module.blocks.items():
        if block.kind == "data" and f"{DATA}{block.type}" == part.type:
            written = tuple((name, Raw(_text(value))) for name, value in subject.module.written(address).entries)
            if written == provider:
                return address
    return ""


def _provider(subject: Subject) -> tuple[tuple[str, Raw], ...]:
    """The provider of the subject: what is made for it belongs in the same account and region."""
    if subject.module.language != "terraform":
        return ()
    value = subject.module.written(subject.address).get("provider")
    return () if isinstance(value, Absent) else (("provider", Raw(_text(value))),)


def _text(value: object) -> str:
    return value.reason if isinstance(value, Unknown) else str(getattr(value, "value", ""))


def _filled(recipe: Recipe, words: Mapping[str, str]) -> Data:
    match recipe:
        case Body():
            return Table(tuple((name, _filled(value, words)) for name, value in recipe.entries))
        case Raw(text):
            return Raw(_worded(text, words))
        case str():
            return _worded(recipe, words)
        case tuple() if not hasattr(recipe, "_fields"):
            return tuple(_filled(item, words) for item in recipe)
        case None | bool() | int() | float():
            return recipe
        case _:
            raise TypeError(f"a companion cannot ask: {recipe}")


def _worded(text: str, words: Mapping[str, str]) -> str:
    for role, word in words.items():
        text = text.replace(f"<{role}>", word)
    return text
