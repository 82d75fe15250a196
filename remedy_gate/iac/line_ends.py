"""Whether a file has one way of ending its lines: only then is it known how the lines of an edit have to end."""

from __future__ import annotations

MIXED = "the file ends some lines with LF and others with CRLF: let it have one of them (an editor does it), then again"


def are_mixed(text: bytes) -> bool:
    """Whether some lines end with LF and others with CRLF."""
    with_return = text.count(b"\r\n")
    return with_return > 0 and text.count(b"\n") > with_return
