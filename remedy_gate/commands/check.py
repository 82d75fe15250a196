"""`remedy-gate check`: judge what changed, and offer proven patches."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from remedy_gate.errors import BLOCKED, FAILED, PASSED

from .looking import change_source
from .output import emit, emit_nothing_to_do

if TYPE_CHECKING:
    from remedy_gate.domain.ledger import Entry
    from remedy_gate.gate import Parts
    from remedy_gate.settings import Settings


def execute(arguments: argparse.Namespace, settings: Settings) -> int:
    """Run the gate and print its report."""
    source, root = change_source(arguments, settings)
    if settings.in_ci:
        from .events import judge, refuse_target

        refuse_target(arguments.policy, settings, source.head, judge(arguments, settings, source, root))
    changes = source.changes()
    if not changes.changes and not changes.skipped and not arguments.findings:
        return emit_nothing_to_do(arguments, settings, changes)

    from remedy_gate.gate import run

    from .assembly import assemble
    from .recording import record_run

    parts = assemble(arguments, settings, source, changes, root)
    report = run(parts)
    emit(report, arguments, settings)
    record_run(report, "check", parts.policy, root, settings, _calls(parts))
    if report.verdict == "error":
        return FAILED
    fixed_for_a_commit = bool(report.applied) and arguments.staged
    return BLOCKED if report.verdict == "block" or fixed_for_a_commit else PASSED


def _calls(parts: Parts) -> tuple[Entry, ...]:
    """The calls of models in this run; a hook, which makes none, does not pay for the telling."""
    if not any(getattr(remedy, "attempts", ()) for remedy in parts.remedies):
        return ()
    from .attempts import attempts_of

    return attempts_of(parts.remedies)
