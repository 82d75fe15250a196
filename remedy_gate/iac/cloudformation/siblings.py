"""A resource added behind another one, spaced as its neighbours are."""

from __future__ import annotations

import itertools
import re
from collections import Counter

from remedy_gate.iac.module import CannotEdit
from remedy_gate.iac.operations import AddResource, Table

from . import block_style, flow_style
from .habits import habits
from .module import Template
from .nodes import Entry, Place, Tree, end, entries
from .proving import others_differ, rewritten
from .quoting import DOUBLE
from .rendering import Writer
from .shapes import intended, same_shape, shape
from .splicing import Splice
from .template import RESOURCES, Part

_LOGICAL_ID = re.compile(r"[A-Za-z0-9]+")


def add_resource(template: Template, part: Part, operation: AddResource) -> Template | CannotEdit:
    """The template with the resource behind `part`, or behind the last one where `part` is no resource."""
    tree = template.tree
    assert tree, "only a template that was read is edited"
    name = operation.name
    if not _LOGICAL_ID.fullmatch(name):
        return CannotEdit(f"{name} is not a logical id: only letters and digits are allowed")
    if name in template.parts or f"Parameters.{name}" in template.parts:
        return CannotEdit(f"the template already has {name}")
    section = _resources(tree)
    if section is None:
        return CannotEdit("the template has no resources that are written out")
    placed = list(entries(tree, section.node))
    index = next((at for at, entry in enumerate(placed) if entry.key.start == part.key.start), len(placed) - 1)
    body = Table((("Type", operation.type), *operation.body.entries))
    near = placed[index]
    writer = Writer(habits(tree, near.value.node), json=tree.json, strings=near.key.node.style == DOUBLE)
    if section.node.flow_style:
        splices = flow_style.insert_after(tree, section, index, name, body, writer)
    else:
        splices = _behind(tree, placed, near, writer.entry(name, body, tree.source.column(near.key.start)), writer)
    after = rewritten(template, splices)
    return after if isinstance(after, CannotEdit) else _checked(template, after, name, body)


def _checked(template: Template, after: Template, name: str, body: Table) -> Template | CannotEdit:
    added = after.parts.get(name)
    if added is None or not same_shape(shape(added.value.node), intended(body)):
        return CannotEdit(f"{name} would not be read back as it is meant")
    if [address for address in after.parts if address != name] != list(template.parts):
        return CannotEdit("other blocks would come or go with the edit")
    return CannotEdit("other blocks would change with the edit") if others_differ(template, after, name) else after


def _resources(tree: Tree) -> Place | None:
    for key, value in tree.root.value:
        if key.value == RESOURCES and value.id == "mapping" and value.value and not value.tag:
            start = value.start_mark.index
            return Place(value, start, end(tree, value), alias=False) if start > key.start_mark.index else None
    return None


def _behind(tree: Tree, placed: list[Entry], near: Entry, lines: list[str], writer: Writer) -> tuple[Splice, ...]:
    blank = _blank_lines(tree, placed)
    at = _past_comments(tree, near)
    return (block_style.below(tree, at, [""] * blank + lines, writer),)


def _blank_lines(tree: Tree, placed: list[Entry]) -> int:
    """How many blank lines stand between resources; one, where there is only one resource."""
    gaps = Counter(
        sum(not line.strip() for line in tree.text[one.value.end : other.key.start].split("\n")[1:-1])
        for one, other in itertools.pairwise(placed)
    )
    return gaps.most_common(1)[0][0] if gaps else 1


def _past_comments(tree: Tree, near: Entry) -> int:
    """The end of a resource, behind the comments that are indented as its own lines are."""
    column, at = tree.source.column(near.key.start), max(near.key.end, near.value.end)
    reached = at
    while True:
        start = tree.source.line_end(reached)
        following = tree.text.find("\n", start) + 1
        if not following:
            return at
        line = tree.text[following : tree.source.line_end(following)]
        bare = line.lstrip(" ")
        if bare.startswith("#") and len(line) - len(bare) > column:
            at = reached = following + len(line)
        elif not bare and following < len(tree.text):
            reached = following
        else:
            return at
