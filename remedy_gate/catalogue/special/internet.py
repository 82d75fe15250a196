"""Which address ranges are the internet, and what they are narrowed to."""

from __future__ import annotations

from collections.abc import Iterable

PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
PRIVATE_V6 = ("fc00::/7",)
WIDEST_V4, WIDEST_V6 = 7, 15
"""No organisation holds a range with a shorter prefix: the registries give away /8 and /12 at the most."""
PARTS_V4 = 15
TOO_MANY = 2**28
OCTETS = (24, 16, 8)
PRIVATE_BITS = ((10, 8), (127, 8), (0xAC1, 12), (0xC0A8, 16), (0x191, 10), (0xA9FE, 16))
"""The first bits of 10.0.0.0/8, 127.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10 and 169.254.0.0/16."""
PRIVATE_V6_BITS = ((0xFC00, 0xFE00), (0xFE80, 0xFFC0))
"""The first bits of fc00::/7 and fe80::/10, and which of them count."""
"""Ranges of up to PARTS_V4 that together have so many addresses are the internet in pieces."""


def of_the_internet(ranges: Iterable[str]) -> frozenset[str]:
    """Those of the ranges, IPv4 or IPv6, that are the internet: alone, as 0.0.0.0/0, or together, as its two halves."""
    listed = tuple(ranges)
    wide = {text for text in listed if is_wide(text)}
    parts = {text for text in listed if _is_v4(text) and 0 <= _prefix(text) <= PARTS_V4 and not is_private(text)}
    if sum(2 ** (32 - _prefix(text)) for text in parts) >= TOO_MANY:
        wide |= parts
    return frozenset(wide)


def is_wide(text: str) -> bool:
    """Whether one range alone is so wide that it can only be the internet."""
    prefix = _prefix(text)
    if prefix < 0 or is_private(text):
        return False
    return prefix <= (WIDEST_V4 if _is_v4(text) else WIDEST_V6)


def is_private(text: str) -> bool:
    """Whether a range lies within what is not routed in the internet (RFC 1918, 6598, 3927, 1122, 4193, 4291)."""
    prefix = _prefix(text)
    if not _is_v4(text):
        return any(_high_bits(text) & mask == bits for bits, mask in PRIVATE_V6_BITS)
    address = _number(text)
    return any(prefix >= size and address >> (32 - size) == bits for bits, size in PRIVATE_BITS)


def _is_v4(text: str) -> bool:
    return ":" not in text


def _prefix(text: str) -> int:
    """The length of the prefix; -1 where the text is no range."""
    address, slash, length = text.strip().partition("/")
    is_address = address.count(".") == len(OCTETS) or ":" in address
    return int(length) if slash and is_address and length.isdecimal() else -1


def _number(text: str) -> int:
    parts = text.strip().partition("/")[0].split(".")
    return sum(int(part) << shift for part, shift in zip(parts, (*OCTETS, 0), strict=False) if part.isdecimal())


def _high_bits(text: str) -> int:
    first = text.strip().split(":", 1)[0]
    return int(first, 16) if first and all(digit in "0123456789abcdefABCDEF" for digit in first) else 0
