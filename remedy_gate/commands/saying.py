"""Say something to whoever reads the log: texts of others in it move no cursor, and are no command to a runner."""

from __future__ import annotations

import sys


def say(words: str) -> None:
    """Lines on standard output."""
    sys.stdout.write(f"{_harmless(words)}\n")


def say_line(words: str) -> None:
    """The same on one line, whatever line ends are in it."""
    from remedy_gate.reporting.untrusted import one_line

    say(one_line(words))


def warn(words: str) -> None:
    """Lines on standard error, the first behind our name. They are seen at once, whatever comes after."""
    sys.stderr.write(f"remedy-gate: {_harmless(words)}\n")
    sys.stderr.flush()


def _harmless(words: str) -> str:
    from remedy_gate.reporting.untrusted import code_line, log_line

    return "\n".join(log_line(code_line(line)) for line in words.split("\n"))
