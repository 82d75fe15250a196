"""The hidden mark at the end of each comment, by which a later run knows its own words again."""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple

VERSION = "v1"
_HEX = 32


class Marker(NamedTuple):
    """What a comment is about (`fingerprint`), and the commit that it was written for (`head`)."""

    fingerprint: str
    head: str

    @property
    def text(self) -> str:
        """As it stands in a comment: HTML that GitHub does not show."""
        return f"<!-- remedy-gate:{VERSION} fp={self.fingerprint} head={self.head} -->"


def fingerprint(*parts: str) -> str:
    """32 hex digits over the parts. No part may hold a line number: the same words must be the same after a move."""
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:_HEX]


def marker_in(body: str) -> Marker | None:
    """The mark of a comment: the last one, as ours stands at the end. Trust it only in a comment that we wrote."""
    import re

    found = re.findall(rf"<!-- remedy-gate:{VERSION} fp=([0-9a-f]{{{_HEX}}}) head=([0-9a-f]{{4,64}}) -->\s*\Z", body)
    return Marker(*found[-1]) if found else None


def without_marker(body: str) -> str:
    """The words of a comment alone, whatever line ends GitHub keeps: the head in the mark is another after each push."""
    return body.replace("\r\n", "\n").rpartition("<!-- remedy-gate:")[0].rstrip()


def same_words(one: str, other: str) -> bool:
    """Whether two bodies say the same, mark and all, whatever GitHub keeps of the ends of lines."""
    first, second = ([line.rstrip() for line in body.strip().split("\n")] for body in (one, other))
    return first == second
