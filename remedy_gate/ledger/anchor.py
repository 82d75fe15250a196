"""The head of the chain in a file beside the database: who cuts the chain's end has to find this, too."""

from __future__ import annotations

import os

from remedy_gate.domain.ledger import Head

FILE = "ledger.head"
_DIGITS = 20
_LENGTH = _DIGITS + 1 + 64 + 1


def write_anchor(folder: str, head: Head) -> None:
    """Put the head into the file, in one write of always the same length. Raises `OSError`."""
    handle = os.open(os.path.join(folder, FILE), os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        os.write(handle, f"{head.seq:0{_DIGITS}} {head.hash}\n".encode("ascii"))
    finally:
        os.close(handle)


def read_anchor(folder: str) -> Head | None:
    """The head in the file; None where there is none, or half of one."""
    try:
        with open(os.path.join(folder, FILE), "rb") as file:
            line = file.read(_LENGTH).decode("ascii", "replace")
    except OSError:
        return None
    return head_from(f"{line[:_DIGITS]}:{line[_DIGITS + 1 : -1]}") if len(line) == _LENGTH else None


def head_from(text: str) -> Head | None:
    """A head as it is printed, `SEQ:HASH`; None where it is none."""
    seq, _, digest = text.partition(":")
    if not (seq.isdecimal() and seq.isascii() and len(digest) == len("0" * 64)):
        return None
    return Head(int(seq), digest) if set(digest) <= set("0123456789abcdef") else None
