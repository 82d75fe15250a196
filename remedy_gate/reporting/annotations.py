"""Workflow commands that show findings on a pull request when the token may only read. Pure."""

from __future__ import annotations

from remedy_gate.domain.patch import NoPatch
from remedy_gate.domain.remediation import Remediation, Report

from .ordering import address, grouped, place
from .untrusted import one_line
from .wording import counted, decision_words, proof_words

MOST = 10  # of each kind a step; GitHub drops the rest without a word


def render(report: Report) -> str:
    """One command a line: an error for what blocks, a warning for the rest, the most severe first, ten of each.

    What does not fit is counted in a last notice, so that nobody takes ten for all.
    """
    groups = grouped(report)
    blocking = [item for item in (*groups.in_full, *groups.in_code, *groups.unplaced) if item.decision.blocks]
    others = [item for item in groups.in_full if not item.decision.blocks]
    lines = [_command("error", item) for item in blocking[:MOST]]
    lines += [_command("warning", item) for item in others[:MOST]]
    more = max(0, len(blocking) - MOST) + max(0, len(others) - MOST)
    if more:
        lines.append(f"::notice::{counted(more, 'more finding')}: see the job summary.")
    return "".join(f"{line}\n" for line in lines)


def _command(kind: str, item: Remediation) -> str:
    path, first, last = place(item)
    properties = {"title": heading(item)}
    if path:
        properties["file"] = one_line(path, 500)
    if path and first:
        properties.update(line=str(first), endLine=str(max(first, last)))
    named = ",".join(f"{key}={_property(value)}" for key, value in sorted(properties.items()))
    return f"::{kind} {named}::{_data(message(item))}"


def heading(item: Remediation) -> str:
    """The severity, and what it is about."""
    return one_line(f"Remedy Gate: {item.finding.severity} {one_line(address(item), 120)}")


def message(item: Remediation) -> str:
    """What is wrong, what came of a patch, and what policy says; plain text, a line each."""
    parts = [one_line(item.finding.title, 300) or one_line(item.finding.rule_id, 100)]
    if isinstance(item.remedy, NoPatch):
        parts.append(f"no patch: {one_line(item.remedy.reason, 300)}")
    elif item.proof is not None:
        parts.append(f"patch {proof_words(item.proof)}")
    parts.append(decision_words(item))
    return "\n".join(parts)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
