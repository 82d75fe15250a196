"""Whether a ledger is what was written: its chain, its heads, and that nothing was pruned that no record tells of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from remedy_gate.domain.ledger import Head, Record

from .chain import START, Examination, Fault, examine

PRUNE = "prune"


class Examinable(Protocol):
    """What can be examined: the records, where they begin, and the heads that are written down beside them."""

    def records(self, kinds: tuple[str, ...] = ()) -> Iterator[Record]:
        """All records in their order, or those of some kinds."""

    def start(self) -> Head:
        """The head that the first record follows."""

    def anchors(self) -> tuple[Head, ...]:
        """Heads that were once seen."""


def verify(ledger: Examinable, printed: Iterable[Head] = ()) -> Examination:
    """Examine a ledger against its own heads and against those that were `printed` elsewhere.

    :raises LedgerError: the ledger cannot be read at all.
    """
    start = ledger.start()
    found = examine(ledger.records(), start, (*ledger.anchors(), *printed))
    told = _pruned_through(ledger.records((PRUNE,)))
    if start.seq not in (told, START.seq) or (start.seq == START.seq and start != START):
        fault = Fault(start.seq, f"records 1 to {start.seq} are missing, and no record says that they were pruned")
        return found._replace(faults=(fault, *found.faults))
    return found


def _pruned_through(prunes: Iterable[Record]) -> int:
    """The number up to which the last of these records says that it pruned."""
    import json

    through = 0
    for record in prunes:
        try:
            through = int(json.loads(record.text).get("through", 0))
        except (ValueError, TypeError, AttributeError):
            continue
    return through
