"""From a model's edits to a patch, or to why there is none. Pure: nothing of what the model says is taken on trust."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import NamedTuple

from remedy_gate.domain.patch import FilePatch, NoPatch, Origin, Patch
from remedy_gate.iac.module import Module
from remedy_gate.iac.reading import Reader
from remedy_gate.iac.values import Fields, Items, Known, Path, Value

from .answer import Edit, Edits
from .prompt import Prompt
from .prompt_text import is_visible
from .redaction import Secrets, keeps_secrets, restored

MOST_ADDED = 20_000


class Placed(NamedTuple):
    """An edit in bytes of the file as it is: from `start` to `end` stands what is to be replaced."""

    path: str
    start: int
    end: int
    new: bytes


def patch_of(answer: Edits, module: Module, prompt: Prompt, origin: Origin, reader: Reader) -> Patch | NoPatch:
    """The patch that the edits make of the module, each exact, unique, and inside a block that the prompt showed."""
    placed: list[Placed] = []
    for number, edit in enumerate(answer.edits, 1):
        found = _place(edit, module, prompt)
        if isinstance(found, str):
            return NoPatch(f"edit {number} is refused: {found}")
        placed.append(found)
    placed.sort(key=lambda edit: (edit.path, edit.start))
    for one, next_one in pairwise(placed):
        if one.path == next_one.path and next_one.start < one.end:
            return NoPatch("two of the edits overlap")
    files = _files(placed, module)
    if not files:
        return NoPatch("the edits change nothing")
    if prompt.secrets.values and (problem := _secrets_moved(module, files, prompt.secrets, reader)):
        return NoPatch(problem)
    return Patch(origin, files, answer.rationale)


def _place(edit: Edit, module: Module, prompt: Prompt) -> Placed | str:
    text = module.files.get(edit.path)
    if text is None or edit.path not in {shown.path for shown in prompt.shown}:
        return "it names a file that it was not shown"
    if not edit.old.strip():
        return "its old text is empty"
    if len(edit.new) - len(edit.old) > MOST_ADDED:
        return f"it adds more than {MOST_ADDED:,} characters"
    if any(not is_visible(char) for char in edit.new):
        return "its new text has characters that nobody sees"
    if not keeps_secrets(edit.old, edit.new):
        return "it deletes, doubles, moves or alters a line with a secret"
    old, new = restored(edit.old, prompt.secrets), restored(edit.new, prompt.secrets)
    if old is None or new is None:
        return "it names a secret that there is not"
    return _located(edit.path, text, old, new, prompt)


def _located(path: str, text: bytes, old: str, new: str, prompt: Prompt) -> Placed | str:
    windows = b"\r\n" in text
    before, after = (_bytes(part, windows=windows) for part in (old, new))
    start = text.find(before)
    if start < 0:
        return f"its old text does not stand in {path} word for word"
    if text.find(before, start + 1) >= 0:
        return f"its old text stands in {path} more than once"
    end = start + len(before)
    if not any(shown.path == path and _inside(start, end, text, shown.span) for shown in prompt.shown):
        return "it reaches outside of the blocks that were shown"
    return Placed(path, start, end, after)


def _inside(start: int, end: int, text: bytes, span: tuple[int, int]) -> bool:
    """Whether the bytes lie in a block, blank space at its edges not counted."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()) >= span[0] and end - len(piece) + len(piece.rstrip()) <= span[1]


def _bytes(text: str, *, windows: bool) -> bytes:
    plain = text.replace("\r\n", "\n")
    return (plain.replace("\n", "\r\n") if windows else plain).encode("utf-8", "surrogatepass")


def _files(placed: list[Placed], module: Module) -> tuple[FilePatch, ...]:
    files: list[FilePatch] = []
    for path in dict.fromkeys(edit.path for edit in placed):
        before = after = module.files[path]
        for edit in reversed([edit for edit in placed if edit.path == path]):
            after = after[: edit.start] + edit.new + after[edit.end :]
        if after != before:
            files.append(FilePatch(path, before, after))
    return tuple(files)


def _secrets_moved(module: Module, files: tuple[FilePatch, ...], secrets: Secrets, reader: Reader) -> str:
    """Whether any secret would stand in another block, or under another name, than before."""
    after = reader.module(files[0].path, {**module.files, **{file.path: file.after for file in files}})
    if after is None:
        return "the edits make the file something else than infrastructure code"
    for value in secrets.values:
        if _homes(module, value) != _homes(after, value):
            return "the edits would put a secret somewhere else"
    return ""


def _homes(module: Module, secret: str) -> Counter[tuple[str, Path]]:
    """In which blocks a secret stands, and under which paths in them."""
    wanted, homes = secret.encode("utf-8", "surrogatepass"), Counter[tuple[str, Path]]()
    for address, block in module.blocks.items():
        text = module.files[block.path][block.span.start : block.span.end]
        if count := text.count(wanted):
            homes[address, ()] += count
            homes.update((address, path) for path in _paths(module.written(address), secret, ()))
    return homes


def _paths(value: Value, secret: str, walked: Path) -> list[Path]:
    match value:
        case Known(str() as text) if secret in text:
            return [walked]
        case Fields(entries):
            return [path for name, inner in entries for path in _paths(inner, secret, (*walked, name))]
        case Items(items):
            return [path for index, inner in enumerate(items) for path in _paths(inner, secret, (*walked, index))]
        case _:
            return []
