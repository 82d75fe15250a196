"""Bytes to a syntax tree with tree-sitter-hcl, or to the place and the reason why not."""

from __future__ import annotations

import re
from time import thread_time
from typing import NamedTuple

import tree_sitter
import tree_sitter_hcl

from .nearly import Parsed, edited_tree

MAX_BYTES = 2_000_000
"""A larger file is not read: hand-written code is a hundredth of this, and the answer must come within a second."""

MAX_DEPTH = 250
"""Brackets within brackets. Deeper text is made to hurt, not to be read."""

_BRACKETS = re.compile(rb"[\[\](){}]")
_EXPONENT = re.compile(rb"(?<![\w.\-])\d+[eE][+-]?\d+")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\r(?!\n)")
_SMALL = 1 << 13
_SECONDS = 0.3
_SECONDS_PER_BYTE = 1.5e-6
"""Processor time that a larger text may take: four times what a slow machine needs for HCL."""
_CHUNK = 1 << 16
_ENDS = {
    "}": "`}`",
    "]": "`]`",
    ")": "`)`",
    "quoted_template_end": "the quote",
    "heredoc_identifier": "the mark that ends it",
    "template_interpolation_end": "`}`",
    "template_directive_end": "`}`",
}
_UTF16 = (b"\xff\xfe", b"\xfe\xff")

_parsers: list[tree_sitter.Parser] = []


class Mistake(NamedTuple):
    """Why a text is not valid, and the byte where that shows."""

    offset: int
    message: str


def parse(text: bytes, known: Parsed | None = None) -> tree_sitter.Tree | Mistake:
    """The tree of a whole file. A tree is free of syntax errors as tree-sitter sees them; `strict` looks further.

    `known` is an earlier text of a large file, most of which is the same: what differs is parsed, and the tree is the same.
    """
    refused = _refused_unread(text)
    if refused is not None:
        return refused
    tree = (_tree_from(known, text) if known is not None else None) or _tree(text)
    if (isinstance(tree, Mistake) or tree.root_node.has_error) and _EXPONENT.search(text):
        # The grammar does not know 1e10. The digits are read from the text, so any number of that length will do.
        tree = _tree(_EXPONENT.sub(lambda number: b"1" * len(number[0]), text))
    if isinstance(tree, Mistake):
        return tree
    if tree.root_node.has_error:
        return _first_error(tree.root_node, text)
    return _bad_bytes(tree.root_node, text) or tree


def _tree(text: bytes) -> tree_sitter.Tree | Mistake:
    if not _parsers:
        _parsers.append(tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language())))
    if len(text) <= _SMALL:
        return _parsers[0].parse(text)
    return _tree_of_large(_parsers[0], text)


def _tree_from(known: Parsed, text: bytes) -> tree_sitter.Tree | None:
    """The tree, made from that of a text that is nearly the same; None where it is to be made anew."""
    if min(len(known.text), len(text)) <= _SMALL or not _parsers:
        return None
    if _EXPONENT.search(text) or _EXPONENT.search(known.text):  # such a tree is one of another text
        return None
    near = edited_tree(known, text)
    tree = None if near is None else _tree_of_large(_parsers[0], text, near)
    if tree is None or isinstance(tree, Mistake) or tree.root_node.has_error:
        return None  # a mistake is told as it is without a known text
    return tree


def _tree_of_large(
    parser: tree_sitter.Parser, text: bytes, near: tree_sitter.Tree | None = None
) -> tree_sitter.Tree | Mistake:
    """Stop at an error or in good time: where nothing is HCL, the time to recover grows with the square."""
    halted: list[Mistake] = []
    until = thread_time() + _SECONDS + _SECONDS_PER_BYTE * len(text)

    def halt(offset: int, has_error: bool) -> bool:  # noqa: FBT001 - tree-sitter calls it by position
        if has_error:
            halted.append(Mistake(offset, "what stands right before this cannot be read as HCL"))
        elif thread_time() > until:
            halted.append(Mistake(offset, "this takes too long to read; it is hardly HCL"))
        return bool(halted)

    def read(offset: int, _point: object) -> bytes:
        return text[offset : offset + _CHUNK]

    try:
        if near is None:
            return parser.parse(read, progress_callback=halt)
        return parser.parse(read, near, progress_callback=halt)
    except ValueError:
        parser.reset()
        return halted[0] if halted else Mistake(0, "this cannot be read as HCL")


def _refused_unread(text: bytes) -> Mistake | None:
    if len(text) > MAX_BYTES:
        return Mistake(0, f"the file has {len(text):,} bytes; more than {MAX_BYTES:,} are not read")
    if text.startswith(_UTF16):
        return Mistake(0, "the file is UTF-16; Terraform reads UTF-8 only")
    nul = text.find(b"\0")
    if nul >= 0:
        return Mistake(nul, "the file holds a NUL byte; Terraform reads UTF-8 text only")
    return _too_deep(text)


def _too_deep(text: bytes) -> Mistake | None:
    if text.count(b"{") + text.count(b"[") + text.count(b"(") <= MAX_DEPTH:
        return None
    depth = 0
    for bracket in _BRACKETS.finditer(text):
        depth += 1 if bracket[0] in b"[({" else -1
        depth = max(depth, 0)
        if depth > MAX_DEPTH:
            return Mistake(bracket.start(), f"brackets are nested more than {MAX_DEPTH} deep")
    return None


def _first_error(root: tree_sitter.Node, text: bytes) -> Mistake:
    """Follow the broken branch down to the first node that is an error or was missing."""
    node = root
    while True:
        if node.is_missing:
            return _missing(node, text)
        if node.is_error:
            found = text[node.start_byte : node.start_byte + 24].split(b"\n")[0].decode("utf-8", "replace").strip()
            return Mistake(node.start_byte, f"this cannot be read as HCL: `{found}`" if found else "unexpected end")
        broken = next((child for child in node.children if child.has_error or child.is_missing), None)
        if broken is None:
            return Mistake(node.start_byte, "this cannot be read as HCL")
        node = broken


def _missing(node: tree_sitter.Node, text: bytes) -> Mistake:
    """An end that is missing shows at the start of what is not closed; anything else behind what stands before it."""
    above = node.parent
    if above is not None and above.type in {"block_end", "object_end", "tuple_end"}:
        above = above.parent
    if above is not None and node.type in _ENDS:
        return Mistake(above.start_byte, f"this is not closed: {_ENDS[node.type]} is missing")
    return Mistake(len(text[: node.start_byte].rstrip()), "a name or a value is missing here")


def _bad_bytes(root: tree_sitter.Node, text: bytes) -> Mistake | None:
    """Bytes that Terraform takes in a comment and nowhere else."""
    for control in _CONTROL.finditer(text):
        if not _in_comment(root, control.start()):
            return Mistake(control.start(), f"the character {control[0][0]:#04x} is not allowed here")
    if text.isascii():
        return None
    start = 0
    while True:
        try:
            text[start:].decode("utf-8")
        except UnicodeDecodeError as error:
            offset = start + error.start
            if not _in_comment(root, offset):
                return Mistake(offset, "this is not UTF-8")
            start = offset + 1
        else:
            return None


def _in_comment(root: tree_sitter.Node, offset: int) -> bool:
    node = root.descendant_for_byte_range(offset, offset + 1)
    return node is not None and node.type == "comment"
