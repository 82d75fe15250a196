"""From a path to the place in the text that it names, and what of the path is still missing there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from remedy_gate.iac.module import CannotEdit
from remedy_gate.iac.values import Path, path_text

from .intrinsics import call
from .merging import MERGE, merged_entries
from .nodes import Place, Tree, entries, items
from .template import Part, is_null

if TYPE_CHECKING:
    from .node import Node


class Link(NamedTuple):
    """One step on the way: a value with its key or its position in a list. `flow`: it stands in brackets."""

    step: str | int
    key: Place | None
    value: Place
    flow: bool


class Location(NamedTuple):
    """The links from the block itself to the last value that is there, and the steps that lead to nothing yet."""

    links: tuple[Link, ...]
    missing: Path

    @property
    def path(self) -> Path:
        """The steps that are there, from the block's body."""
        return tuple(link.step for link in self.links[1:])


def locate(tree: Tree, part: Part, path: Path) -> Location | CannotEdit:
    """Follow `path` from a block's body; refused where it leads through what cannot be edited in place."""
    shared = _shared(tree) if tree.aliases else frozenset()
    links = [Link(part.block.name, part.key, part.value, flow=_in_brackets(tree, part))]
    steps = list(path)
    while steps:
        here = links[-1].value
        walked = path_text(tuple(link.step for link in links[1:])) or part.block.address
        refused = _refusal(here, walked, shared)
        if refused:
            return CannotEdit(refused)
        if is_null(here.node):
            break
        if _is_single(here.node) and isinstance(steps[0], str):
            # As everywhere, a name applied to a list means that of its items, and here there is only one.
            steps.insert(0, 0)
        found = _step(tree, here.node, steps[0], walked)
        if isinstance(found, CannotEdit):
            return found
        if found is None:
            if len(steps) > 1 and _inherits(here.node, steps[0]):
                return CannotEdit(f"{walked} has {steps[0]} from another mapping")
            break
        links.append(found)
        del steps[0]
    last = links[-1].value
    if not steps and not last.alias and id(last.node) in shared:
        return CannotEdit(f"{path_text(path)} is used in other places by its anchor")
    return Location(tuple(links), tuple(steps))


def _refusal(here: Place, walked: str, shared: frozenset[int]) -> str:
    if here.alias:
        return f"{walked} is an alias of a value that stands elsewhere"
    if id(here.node) in shared:
        return f"{walked} is used in other places by its anchor"
    made = call(here.node)
    if made:
        return f"{walked} is given by {here.node.tag or here.node.value[0][0].value}"
    return ""


def _step(tree: Tree, node: Node, step: str | int, walked: str) -> Link | CannotEdit | None:
    """The link that `step` makes; None where a mapping has no such key yet."""
    match node.id, step:
        case "mapping", str() if step != "*":
            for entry in entries(tree, node):
                if entry.name == step:
                    return Link(step, entry.key, entry.value, flow=node.flow_style)
            return None
        case "sequence", int():
            for index, item in enumerate(items(tree, node)):
                if index == step:
                    return Link(step, None, item, flow=node.flow_style)
            return CannotEdit(f"{walked} has no item {step}")
        case "sequence", _:
            return CannotEdit(f"{walked} has {len(node.value)} items, and {step} does not say which")
        case "mapping", _:
            return CannotEdit(f"{walked} is a mapping, {step} does not name one key of it")
        case _:
            return CannotEdit(f"{walked} is a plain value and has no {step}")


def _is_single(node: Node) -> bool:
    return node.id == "sequence" and len(node.value) == 1


def _inherits(node: Node, step: str | int) -> bool:
    """Whether the key is merged in from another mapping, where only the whole of it can be overridden."""
    if not any(key.value == MERGE for key, _ in node.value):
        return False
    return any(name == step for name, _ in merged_entries(node))


def _in_brackets(tree: Tree, part: Part) -> bool:
    """Whether the block itself stands in brackets."""
    if tree.root.flow_style:
        return True
    for _, section in tree.root.value:
        if section.id == "mapping" and any(key is part.key.node for key, _ in section.value):
            return bool(section.flow_style)
    return False


def _shared(tree: Tree) -> frozenset[int]:
    """The nodes that stand at more than one place."""
    seen: set[int] = set()
    shared: set[int] = set()
    stack = [tree.root]
    while stack:
        node = stack.pop()
        if id(node) in seen:
            shared.add(id(node))
            continue
        seen.add(id(node))
        if node.id == "mapping":
            stack.extend(child for pair in node.value for child in pair)
        elif node.id == "sequence":
            stack.extend(node.value)
    return frozenset(shared)
