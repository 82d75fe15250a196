"""Blocks of a kind that few modules have."""

from __future__ import annotations

from remedy_gate.iac.module import Block, Module


def of_kind(module: Module, kind: str) -> list[Block]:
    """The blocks of a Terraform kind. None is looked at where no file so much as holds the word."""
    word = kind.encode()
    if not any(word in text for text in module.files.values()):
        return []
    return [block for block in module.blocks.values() if block.kind == kind]
