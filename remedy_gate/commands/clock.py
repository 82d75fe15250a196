"""The clock of a command: the only place beside `publish` that asks what time it is."""

from __future__ import annotations

import os
import time

DAY = 86_400


def today() -> int:
    """The day in UTC, as days since 1970."""
    return int(time.time()) // DAY


def now_text() -> str:
    """The moment in UTC, as ISO 8601."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def new_id() -> str:
    """32 hex digits that no other entry has, in the order of time: the layout of a UUID of version 7 (RFC 9562)."""
    random = bytearray(os.urandom(10))
    random[0] = 0x70 | random[0] & 0x0F
    random[2] = 0x80 | random[2] & 0x3F
    return f"{time.time_ns() // 1_000_000:012x}{random.hex()}"
