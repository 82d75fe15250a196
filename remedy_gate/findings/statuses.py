"""Words of sources for findings that are not open, and what is said of a word that nobody here has heard of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

MOST_NAMED: Final = 10

_KNOWN: Final = frozenset(
    (
        *("open", "active", "new", "notified", "in progress", "in_progress", "inprogress", "reopened", "created"),
        *(
            "archived",
            "resolved",
            "suppressed",
            "rejected",
            "ignored",
            "deleted",
            "closed",
            "dismissed",
            "fixed",
            "muted",
        ),
        *("fail", "failed", "warn", "warning", "unknown", "other", "error", "auto_dismissed", "snoozed"),
        *("pass", "passed", "ok", "info", "manual", "skipped", "skip", "exception", "not_available", "excluded"),
        *("compliant", "non_compliant", "not_applicable", "notapplicable", "insufficient_data", "not_assessed"),
        *("inactive", "duplicate", "false positive", "out of scope", "risk accepted", "mitigated", "under review"),
        *("absent", "review", "informational", "unchanged", "none"),
    )
)


class Unheard:
    """Statuses for which findings are not counted as open, although nobody here knows what they mean."""

    __slots__ = ("_counts",)

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def look_at(self, status: str) -> None:
        """Count the status of a finding that is not open, if it is one of these."""
        if status in self._counts or not _is_known(status):
            self._counts[status] = self._counts.get(status, 0) + 1

    def words(self) -> Iterator[str]:
        """A sentence for each, as far as there are not very many."""
        for number, (status, count) in enumerate(self._counts.items()):
            if number == MOST_NAMED:
                yield f"{len(self._counts) - MOST_NAMED} more statuses are not known here"
                return
            several = f"{count:,} findings are" if count > 1 else "1 finding is"
            yield f'{several} not counted as open: the status "{status}" is not known here'


def _is_known(status: str) -> bool:
    """Whether every part is a known word. What stands behind a colon is somebody's reason."""
    return all(part.strip().lower() in _KNOWN for part in status.partition(":")[0].split("/"))
