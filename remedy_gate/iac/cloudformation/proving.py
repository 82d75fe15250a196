"""An edit carried out, read back, and refused unless exactly what was meant has changed."""

from __future__ import annotations

from remedy_gate.iac.module import CannotEdit

from .module import Template
from .nodes import Tree
from .shapes import changed, same_shape, shape
from .splicing import Plan, Splice, spliced
from .template import Part


def rewritten(template: Template, splices: tuple[Splice, ...]) -> Template | CannotEdit:
    """The template with its text spliced, if it can still be read."""
    tree = template.tree
    assert tree, "only a template that was read is edited"
    source = tree.source
    data = source.data[: source.mark] + spliced(source.text, splices).encode()
    after = Template({**template.files, source.path: data})
    if after.errors:
        return CannotEdit(f"the edited template could not be read: {after.errors[0].message}")
    return after


def proven(template: Template, part: Part, plan: Plan) -> Template | CannotEdit:
    """The template after the plan, if nothing but the value at its path is different."""
    after = rewritten(template, plan.splices)
    if isinstance(after, CannotEdit):
        return after
    address = part.block.address
    if list(after.blocks) != list(template.blocks):
        return CannotEdit("other blocks would come or go with the edit")
    try:
        expected = changed(shape(part.value.node), plan.path, plan.shape)
    except KeyError:
        return CannotEdit(f"{address} is not written in a way that can be edited")
    if not same_shape(shape(after.parts[address].value.node), expected):
        return CannotEdit(f"the edit would change more of {address} than it names")
    return CannotEdit("other blocks would change with the edit") if others_differ(template, after, address) else after


def others_differ(before: Template, after: Template, address: str) -> bool:
    """Whether any block but that at `address` means something else than before."""
    old, new = before.tree, after.tree
    assert old, "only a template that was read is edited"
    assert new, "and it was read again"
    for other, part in before.parts.items():
        if other == address:
            continue
        twin = after.parts[other]
        if not old.aliases and not new.aliases and _text(old, part) == _text(new, twin):
            continue
        if not same_shape(shape(part.value.node), shape(twin.value.node)):
            return True
    return False


def _text(tree: Tree, part: Part) -> tuple[int, str]:
    return tree.source.column(part.key.start), tree.text[part.key.start : max(part.key.end, part.value.end)]
