"""What a patch changes in the calls of a module: the arguments of a local module are values that its blocks take."""

from __future__ import annotations

import re
from posixpath import join, normpath

from remedy_gate.domain.seams import Sources
from remedy_gate.iac.file_names import TERRAFORM_CODE
from remedy_gate.iac.module import Module
from remedy_gate.iac.values import Known, settled
from remedy_gate.matching.calls import home_of

from .changed import changes_of
from .check import Sides
from .consequences import affected


def as_called(subject: Sides, others: list[Sides]) -> Sides:
    """The patched module as the patched callers call it: the variables that they give otherwise count as touched."""
    changed = [side.after for side in others if side.after is not None and side.after.language == "terraform"]
    if subject.after is None or subject.after.language != "terraform" or not changed:
        return subject
    given = {
        f"var.{path[0]}"
        for side in others
        for address in side.touched
        if calls(side.after, address, subject.after)
        for path in changes_of(side, address)
    }
    touched = subject.touched | (given & subject.after.blocks.keys())
    return subject._replace(after=called_by(subject.after, *changed), touched=touched)


def called_by(module: Module, *callers: Module) -> Module:
    """The module where these callers are as they are here."""
    from remedy_gate.iac.terraform.module import TerraformModule

    assert isinstance(module, TerraformModule)
    return module.beside(callers)


def calls(caller: Module | None, address: str, called: Module | None) -> bool:
    """Whether a block is the call of this local module."""
    if caller is None or called is None or address not in caller.blocks or caller.blocks[address].kind != "module":
        return False
    source = settled(caller.resolved(address).get("source"))
    text = source.value if isinstance(source, Known) else None
    if not isinstance(text, str) or not text.startswith("."):
        return False
    return normpath(join(home_of(caller) or ".", text)) == (home_of(called) or ".")


def passed_on(sides: Sides, sources: Sources) -> str:
    """What another module takes from this one and would get otherwise, in words; the empty text where nothing is."""
    if sides.after is None or sides.after.language != "terraform":
        return ""
    for address in sorted(affected(sides) | sides.touched):
        block = sides.after.blocks.get(address)
        if block is None or block.kind != "output" or not changes_of(sides, address):
            continue
        taking = re.compile(rf"\bmodule\.[\w-]+(\[[^\]]*\])?\.{re.escape(block.name)}(?![\w-])".encode())
        for path, text in sources.items():
            if path.endswith(TERRAFORM_CODE) and path not in sides.after.files and taking.search(text):
                return f"{address} would change, and {path} takes it: a reviewer has to look what for"
    return ""
