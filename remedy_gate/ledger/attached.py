"""Whether what lies beside the chain is what its records name: what people were shown, and the lines of suggestions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from remedy_gate.domain.seams import Ledger

from .approvals import REQUEST
from .chain import Fault
from .outcomes import SUGGESTION

KINDS = (REQUEST, SUGGESTION)
"""The kinds of records that have something beside the chain."""

_NAMED = re.compile(r'"attachment":"([0-9a-f]{64})"')


def attached_faults(ledger: Ledger) -> Iterator[Fault]:
    """A fault for each record whose attachment is gone, or is another one than it names; each attachment is read once."""
    known: dict[str, bool] = {}
    for record in ledger.records(KINDS):
        found = _NAMED.search(record.text)
        if found is None:
            continue
        digest = found[1]
        if digest not in known:
            known[digest] = ledger.attachment(digest) is not None
        if not known[digest]:
            yield Fault(
                record.seq, f"what record {record.seq} names beside the chain is gone, or is not what was written"
            )
