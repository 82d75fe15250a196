"""Sealed segments in S3 under Object Lock: copies of the chain that nobody can alter or delete before their time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from remedy_gate.domain.ledger import Head, Record
from remedy_gate.errors import LedgerError

from .chain import SEGMENT, examine, line

_KEY = re.compile(r"segment-(\d{8})-([0-9a-f]{64})\.jsonl")


class Segments:
    """The segments of one ledger in a bucket. The name of each tells its head."""

    __slots__ = ("_bucket", "_client", "_lock", "_prefix", "size")

    def __init__(self, client: Any, bucket: str, prefix: str, lock: tuple[str, int], size: int = SEGMENT) -> None:  # noqa: ANN401 - no types
        """Keep them in this bucket, each of `size` records.

        `lock` is the mode, compliance or governance, and the days that it holds.
        """
        self.size = size
        self._client = client
        self._bucket = bucket
        self._prefix = prefix
        self._lock = lock

    def seal(self, records: Sequence[Record], before: Head) -> Head:
        """Store one whole segment that follows `before`, and give its head. Raises `LedgerError` if it does not fit."""
        found = examine(records, before)
        if found.faults or found.records != self.size:
            raise LedgerError(
                f"Segment {before.seq // self.size} is not whole, and was not sealed.", "Verify the ledger."
            )
        lines, previous = [], before.hash
        for record in records:
            lines.append(line(record, previous))
            previous = record.hash
        from datetime import UTC, datetime, timedelta

        mode, days = self._lock
        self._client.put_object(
            Bucket=self._bucket,
            Key=f"{self._prefix}segment-{before.seq // self.size:08}-{found.head.hash}.jsonl",
            Body="".join(f"{one}\n" for one in lines).encode("utf-8", "replace"),
            ObjectLockMode=mode.upper(),
            ObjectLockRetainUntilDate=datetime.now(UTC) + timedelta(days=days),  # noqa: TID251 - S3 wants a date
        )
        return found.head

    def heads(self) -> tuple[Head, ...]:
        """The heads of all segments that are there."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix)
        names = (_KEY.search(item["Key"]) for page in pages for item in page.get("Contents", ()))
        return tuple(Head((int(name[1]) + 1) * self.size, name[2]) for name in names if name is not None)
