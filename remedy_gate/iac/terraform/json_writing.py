"""Data as Terraform's JSON: texts with their templates escaped, expressions as `"${...}"`."""

from __future__ import annotations

import json

from remedy_gate.errors import PatchError
from remedy_gate.iac.operations import Data, Raw, Ref, Table

from .layout import Layout
from .writing import written_reference

BARE = frozenset(("depends_on", "provider", "providers", "ignore_changes", "replace_triggered_by"))
"""Arguments whose texts are expressions already."""


def json_data(data: Data, margin: str, layout: Layout, *, inline: bool, bare: bool = False) -> str:
    """A value as JSON. Objects and lists of them open up unless `inline`; `bare` as in `BARE`."""
    match data:
        case Raw():
            return _text(data.text if bare else f"${{{data.text}}}")
        case Ref():
            return _text(written_reference(data) if bare else f"${{{written_reference(data)}}}")
        case Table():
            pairs = [(escaped(key), item, bare or key in BARE) for key, item in data.entries]
            inner = margin + layout.step
            parts = [
                f"{_text(key)}: {json_data(item, inner, layout, inline=inline, bare=is_bare)}"
                for key, item, is_bare in pairs
            ]
            return _bracketed("{}", parts, margin, layout, inline=inline)
        case tuple():
            inline = inline or not any(isinstance(item, Table) for item in data)
            parts = [json_data(item, margin + layout.step, layout, inline=inline, bare=bare) for item in data]
            return _bracketed("[]", parts, margin, layout, inline=inline)
        case str():
            return _text(data if bare else escaped(data))
        case _:
            return _plain(data)


def json_key(name: str) -> str:
    """A key with its quotes."""
    return _text(escaped(name))


def _plain(data: float | None) -> str:
    try:
        return json.dumps(data, allow_nan=False)
    except ValueError as error:
        raise PatchError("a number that is not finite cannot be written") from error


def escaped(text: str) -> str:
    """The text with what begins an interpolation or a directive doubled, so that it stands for itself."""
    return text.replace("${", "$${").replace("%{", "%%{")


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _bracketed(brackets: str, parts: list[str], margin: str, layout: Layout, *, inline: bool) -> str:
    opening, closing = brackets[0], brackets[1]
    if inline or not parts:
        return opening + ", ".join(parts) + closing
    inner = f"{layout.line_end}{margin}{layout.step}"
    return opening + inner + f",{inner}".join(parts) + layout.line_end + margin + closing
