"""`remedy-gate ledger`: whether the record is whole, what it says, and how to take it elsewhere."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator

from remedy_gate.domain.ledger import Head, Record
from remedy_gate.errors import BLOCKED, PASSED, LedgerError, UsageError
from remedy_gate.ledger.anchor import head_from
from remedy_gate.ledger.attached import attached_faults
from remedy_gate.ledger.chain import SEGMENT
from remedy_gate.ledger.entries import entry
from remedy_gate.ledger.exports import Export, export_lines
from remedy_gate.ledger.statements import statements
from remedy_gate.ledger.verifying import PRUNE, verify
from remedy_gate.policy.dates import day_of
from remedy_gate.reporting.untrusted import code_line, log_line
from remedy_gate.settings import Settings

from .clock import new_id, now_text
from .ledgers import AnyLedger, this_ledger


def execute(arguments: argparse.Namespace, settings: Settings) -> int:
    """Do what the verb says."""
    if arguments.verb == "verify" and arguments.file is not None:
        return _verify(_export(arguments.file), arguments)
    if arguments.verb == "sync":
        from .syncing import sync

        return sync(arguments, settings)
    opened, _ = this_ledger(arguments.policy, settings)
    match arguments.verb:
        case "verify":
            return _verify(opened.ledger, arguments)
        case "show":
            return _show(opened.ledger, arguments)
        case "export":
            return _export_to(opened.ledger, arguments)
        case _:
            return _prune(opened.ledger, arguments)


def _verify(ledger: AnyLedger | Export, arguments: argparse.Namespace) -> int:
    heads = [head_from(text) for text in arguments.head]
    if None in heads:
        raise UsageError("--head takes what a run printed: SEQ:HASH.")
    found = verify(ledger, [head for head in heads if head is not None])
    if not isinstance(ledger, Export):
        found = found._replace(faults=(*found.faults, *attached_faults(ledger)))
    for fault in found.faults:
        sys.stdout.write(f"record {fault.seq}: {fault.what}\n")
    head = f"{found.head.seq}:{found.head.hash}"
    if found.faults:
        sys.stdout.write(
            f"The ledger does not hold: {len(found.faults)} faults in {found.records} records. Head {head}\n"
        )
        return BLOCKED
    sys.stdout.write(f"The ledger holds: {found.records} records. Head {head}\n")
    return PASSED


def _show(ledger: AnyLedger, arguments: argparse.Namespace) -> int:
    found = [record for record in ledger.records(tuple(arguments.kind)) if _speaks_of(record, arguments.ids)]
    for record in found[-arguments.last :] if arguments.last > 0 else []:
        sys.stdout.write(f"{record.seq} {record.hash[:16]}\n")
        text = json.dumps(json.loads(record.text), indent=2, ensure_ascii=True)
        sys.stdout.writelines(f"  {log_line(code_line(line))}\n" for line in text.splitlines())
    sys.stdout.write(f"{len(found)} records\n")
    return PASSED


def _speaks_of(record: Record, names: list[str]) -> bool:
    return all(json.dumps(name, ensure_ascii=False)[1:-1] in record.text for name in names)


def _export_to(ledger: AnyLedger, arguments: argparse.Namespace) -> int:
    lines: Iterable[str] = export_lines(ledger.records(), ledger.start())
    if arguments.format == "in-toto":
        lines = statements(ledger.records(("decision",)))
    if arguments.output is None:
        sys.stdout.writelines(f"{line}\n" for line in lines)
        return PASSED
    try:
        with open(arguments.output, "w", encoding="utf-8", newline="") as file:
            file.writelines(f"{line}\n" for line in lines)
    except OSError as error:
        raise LedgerError(f"{arguments.output} could not be written: {error.strerror}.") from error
    return PASSED


def _export(path: str) -> Export:
    try:
        with open(path, encoding="utf-8", newline="\n") as file:
            return Export(file, path)
    except (OSError, UnicodeDecodeError) as error:
        raise LedgerError(f"{path} could not be read.", "Give what `remedy-gate ledger export` wrote.") from error


def _prune(ledger: AnyLedger, arguments: argparse.Namespace) -> int:
    day = day_of(arguments.before)
    if day is None:
        raise UsageError(f"--before is {arguments.before!r}.", "Give a date such as 2026-01-31.")
    found = verify(ledger)
    if found.faults:
        raise LedgerError("The ledger does not hold, so nothing is pruned.", "Run `remedy-gate ledger verify`.")
    through = _last_before(ledger.records(), ledger.start(), day)
    if through is None:
        sys.stdout.write(f"No whole segment of {SEGMENT:,} records ended before {arguments.before}.\n")
        return PASSED
    told = entry(PRUNE, now_text(), new_id(), {"through": through.seq, "hash": through.hash})
    head = ledger.prune(through.seq, told)
    sys.stdout.write(f"Pruned up to record {through.seq}. Head {head.seq}:{head.hash}\n")
    return PASSED


def _last_before(records: Iterator[Record], start: Head, day: int) -> Head | None:
    """The end of the last whole segment in which every record is older than the day."""
    found: Head | None = None
    for record in records:
        at = day_of(str(json.loads(record.text).get("at", "")))
        if at is None or at >= day:
            break
        if record.seq % SEGMENT == 0 and record.seq > start.seq:
            found = Head(record.seq, record.hash)
    return found
