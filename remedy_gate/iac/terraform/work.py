"""One edit under way: the text, its layout, the block that it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from remedy_gate.errors import PatchError

from .layout import layout_of
from .locating import ArgumentPlace, BodyPlace, Place, in_argument, located
from .shapes import shape_of

if TYPE_CHECKING:
    from remedy_gate.iac.schema import Schemas
    from remedy_gate.iac.values import Path

    from .document import Declared
    from .module import TerraformModule


class Work:
    """What every operation needs. `body` is the block that is edited, with its schema."""

    __slots__ = ("block", "body", "layout", "text")

    def __init__(self, module: TerraformModule, declared: Declared, schemas: Schemas | None) -> None:
        assert declared.node is not None
        self.block = declared.block
        self.text = module.documents[declared.block.path].text
        self.layout = layout_of(self.text)
        self.body = BodyPlace(declared.node, shape_of(declared.block.kind, declared.block.type, schemas))

    def place(self, path: Path) -> Place:
        """Where the path leads. A local has one argument, `value`."""
        if self.block.kind != "local":
            return located(self.body, path, self.text)
        if not path or path[0] != "value":
            raise PatchError("a local has nothing but its `value`")
        return in_argument(ArgumentPlace(self.body, self.body.block), path, 1, self.text)
