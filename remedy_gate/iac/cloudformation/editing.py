"""One operation on a template: planned as splices of its text, carried out, read back and compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from remedy_gate.iac.line_ends import MIXED, are_mixed
from remedy_gate.iac.module import CannotEdit
from remedy_gate.iac.operations import AddItem, AddResource, Data, Operation, RemoveValue, SetValue, Table
from remedy_gate.iac.values import Path, path_text

from . import block_style, flow_style
from .habits import habits
from .locating import Link, Location, locate
from .module import Template
from .nodes import Entry, Tree, entries
from .proving import proven
from .quoting import DOUBLE
from .rendering import Writer
from .scalars import plain_value
from .shapes import Group, intended, same_shape, shape
from .siblings import add_resource
from .source import Fault
from .splicing import Plan, Splice
from .template import Part, is_null

if TYPE_CHECKING:
    from .node import Node


def edit(template: Template, operation: Operation) -> Template | CannotEdit:
    """The template after one operation, or why it is left alone."""
    try:
        return _edit(template, operation)
    except Fault as fault:
        return CannotEdit(f"the value cannot be written: {fault.message}")
    except ValueError as error:
        # A number that JSON has no word for, or text that is no Unicode.
        return CannotEdit(f"the value cannot be written: {error}")


def _edit(template: Template, operation: Operation) -> Template | CannotEdit:
    address = operation.after if isinstance(operation, AddResource) else operation.address
    part, tree = template.parts.get(address), template.tree
    if part is None or tree is None:
        reason = template.errors[0].message if template.errors else f"there is no {address} in the template"
        return CannotEdit(reason)
    if are_mixed(tree.source.data):
        return CannotEdit(MIXED)
    match operation:
        case SetValue(_, path, value):
            plan = _set(tree, part, path, value)
        case AddItem(_, path, value):
            plan = _add(tree, part, path, value)
        case RemoveValue(_, path):
            plan = _remove(tree, part, path)
        case AddResource():
            return add_resource(template, part, operation)
        case _:
            assert_never(operation)
    if isinstance(plan, CannotEdit):
        return plan
    return proven(template, part, plan) if plan.splices else template


def writer_for(tree: Tree, part: Part, group: Link) -> Writer:
    """The writer for values in or at `group`: in brackets with quoted keys, everything is quoted."""
    node = group.value.node
    first = node.value[0][0] if node.id == "mapping" and node.value else group.key.node if group.key else None
    strings = first is not None and first.style == DOUBLE
    return Writer(habits(tree, part.value.node), json=tree.json, strings=strings)


def _set(tree: Tree, part: Part, path: Path, value: Data) -> Plan | CannotEdit:
    location = locate(tree, part, path) if path else CannotEdit("the path is empty")
    if isinstance(location, CannotEdit):
        return location
    if location.missing:
        return _create(tree, part, location, value)
    link, meant = location.links[-1], intended(value)
    if not link.value.alias and same_shape(shape(link.value.node), meant):
        return Plan((), location.path, meant)
    return Plan(_replace(tree, part, link, value), location.path, meant)


def _create(tree: Tree, part: Part, location: Location, value: Data) -> Plan | CannotEdit:
    """What is missing on the way to a value, and the value."""
    name, *deeper = location.missing
    for step in reversed(deeper):
        if isinstance(step, int):
            return CannotEdit(f"{path_text((*location.path, name))} has no item {step}: it is not there")
        value = Table(((step, value),))
    if isinstance(name, int) or "*" in location.missing:
        return CannotEdit(f"{path_text(location.path)} has no item {name}: it is not there")
    link = location.links[-1]
    path = (*location.path, name)
    node = link.value.node
    if not node.value or is_null(node):
        return Plan(
            _replace(tree, part, link, Table(((name, value),))), location.path, intended(Table(((name, value),)))
        )
    return _planned(_insert(tree, part, link, name, value), path, value)


def _insert(tree: Tree, part: Part, link: Link, name: str, value: Data) -> tuple[Splice, ...] | str:
    writer = writer_for(tree, part, link)
    if link.value.node.flow_style:
        return flow_style.insert(tree, link.value, name, value, writer)
    return block_style.insert_entry(tree, link.value, name, value, writer)


def _planned(splices: tuple[Splice, ...] | str, path: Path, value: Data) -> Plan | CannotEdit:
    return CannotEdit(splices) if isinstance(splices, str) else Plan(splices, path, intended(value))


def _replace(tree: Tree, part: Part, link: Link, value: Data) -> tuple[Splice, ...]:
    writer = writer_for(tree, part, link)
    node = link.value.node
    if _is_inline_text(node):
        # Text takes the quotes of the text that it replaces.
        writer.habits = writer.habits._replace(quote=node.style or writer.habits.quote, always_quoted=bool(node.style))
    replace = flow_style.replace if link.flow else block_style.replace
    return replace(tree, link, value, writer)


def _is_inline_text(node: Node) -> bool:
    if node.id != "scalar" or node.tag or node.style in {"|", ">"}:
        return False
    return bool(node.style) or isinstance(plain_value(node.value), str)


def _add(tree: Tree, part: Part, path: Path, value: Data) -> Plan | CannotEdit:
    location = locate(tree, part, path) if path else CannotEdit("the path is empty")
    if isinstance(location, CannotEdit):
        return location
    if location.missing:
        return _create(tree, part, location, (value,))
    link = location.links[-1]
    node = link.value.node
    if is_null(node) or (node.id == "sequence" and not node.tag and not node.value and not link.value.alias):
        return Plan(_replace(tree, part, link, (value,)), location.path, intended((value,)))
    if node.id != "sequence" or node.tag or link.value.alias:
        return CannotEdit(f"{path_text(location.path)} is not a list that is written out")
    writer = writer_for(tree, part, link)
    if node.flow_style:
        splices: tuple[Splice, ...] | str = flow_style.insert(tree, link.value, None, value, writer)
    else:
        splices = block_style.insert_item(tree, link.value, value, writer)
    return _planned(splices, (*location.path, len(node.value)), value)


def _remove(tree: Tree, part: Part, path: Path) -> Plan | CannotEdit:
    location = locate(tree, part, path) if path else CannotEdit("the path is empty")
    if isinstance(location, CannotEdit):
        return location
    if location.missing:
        return CannotEdit(f"{path_text(path)} is not there")
    links = list(location.links)
    # A mapping that would be left empty goes as well, up to the resource itself.
    while len(links) > 2 and links[-1].key and len(links[-2].value.node.value) == 1 and links[-2].key:  # noqa: PLR2004
        links.pop()
    steps = tuple(link.step for link in links[1:])
    holder, link = links[-2], links[-1]
    if len(holder.value.node.value) == 1:
        empty: Data = Table(()) if holder.value.node.id == "mapping" else ()
        return Plan(_replace(tree, part, holder, empty), steps[:-1], Group("map" if link.key else "list", ()))
    splices = _take_out(tree, holder, link)
    return CannotEdit(splices) if isinstance(splices, str) else Plan(splices, steps, None)


def _take_out(tree: Tree, holder: Link, link: Link) -> tuple[Splice, ...] | str:
    group = holder.value
    if link.key is None:
        index = int(link.step)
        return flow_style.remove(tree, group, index) if link.flow else block_style.remove_item(tree, group, index)
    placed: list[Entry] = list(entries(tree, group.node))
    index = next(number for number, entry in enumerate(placed) if entry.name == link.step)
    if link.flow:
        return flow_style.remove(tree, group, index)
    following = placed[index + 1] if index + 1 < len(placed) else None
    return block_style.remove_entry(tree, placed[index], following)
