"""One reading of a service, page by page: what has come so far stays here when the rest does not come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

from remedy_gate.domain.finding import Finding
from remedy_gate.domain.seams import Gathered
from remedy_gate.domain.source import Problem
from remedy_gate.errors import FindingsError
from remedy_gate.findings.format import Reading

from .plan import Connect, Plan
from .service import Batch, Batches, Patience
from .snapshot import Snapshot

WHOLE_EVERY = 24 * 3600.0
"""Seconds after which everything is read anew: changes do not tell of what was deleted."""


class Taking:
    """What came of one reading. `known` is the snapshot that changes were asked for, if that is what was asked."""

    def __init__(self, name: str, plan: Plan) -> None:
        self._name = name
        self._plan = plan
        self.known: Snapshot | None = None
        self._open: dict[str, list[Finding]] = {}
        self._unnamed: list[Finding] = []
        self._left_out = 0
        self._watermark = 0.0
        self._problems: list[Problem] = []
        self._notes: list[Problem] = []

    def all_of(self, connect: Connect) -> Snapshot:
        """Everything that is open: what is known and what changed since where the service can tell, else all anew."""
        plan, began = self._plan, self._plan.clock.now()
        service = connect(Patience(plan.clock, plan.limits))
        if service.changes(began) is not None:
            known = plan.cache.load(plan.cached_as, with_keys=True)
            if known is not None and known.watermark and 0 <= began - known.whole < WHOLE_EVERY:
                self.known = known
                changes = service.changes(known.watermark)
                if changes is not None:
                    return self._updated(known, changes, began)
        for batch in counted(self._name, service.batches(everything=False), plan):
            self._take(batch)
        return self.snapshot(began)

    def snapshot(self, began: float) -> Snapshot:
        """What has come so far, as of the moment when reading began."""
        keys = tuple(key for key, findings in self._open.items() for _ in findings)
        return Snapshot(
            taken=began,
            whole=began,
            findings=(*(one for findings in self._open.values() for one in findings), *self._unnamed),
            keys=(*keys, *("" for _ in self._unnamed)),
            watermark=self._watermark,
            left_out=self._left_out,
            problems=tuple(self._problems),
            notes=tuple(self._notes),
        )

    def _updated(self, known: Snapshot, changes: Batches, began: float) -> Snapshot:
        """What was open, without what has changed since, and with what of that is open now."""
        gone: set[str] = set()
        for batch in counted(self._name, changes, self._plan):
            gone.update(entry.key for entry in batch.entries)
            self._take(batch)
        kept = [(key, one) for key, one in zip(known.keys, known.findings, strict=True) if key not in gone or not key]
        new = self.snapshot(began)
        return new._replace(
            whole=known.whole,
            findings=(*(one for _, one in kept), *new.findings),
            keys=(*(key for key, _ in kept), *new.keys),
            watermark=max(known.watermark, new.watermark),
            left_out=known.left_out,
            problems=tuple(dict.fromkeys((*known.problems, *new.problems))),
            notes=tuple(dict.fromkeys((*known.notes, *new.notes))),
        )

    def _take(self, batch: Batch) -> None:
        """One page. What comes again under the same key, because it moved while pages were read, counts once."""
        fresh: dict[str, list[Finding]] = {}
        for key, (finding, is_open) in batch.entries:
            if not key:
                self._unnamed += [finding] if is_open else []
                self._left_out += not is_open
            else:
                fresh.setdefault(key, [])
                fresh[key] += [finding] if is_open else []
                self._left_out += not is_open
        self._open.update(fresh)
        self._watermark = max(self._watermark, batch.watermark)
        self._problems += batch.problems
        self._notes += batch.notes


class OpenFindings:
    """Open findings that are there already, to go through like those that are still to come."""

    def __init__(self, gather: Callable[[], Gathered]) -> None:
        self._gather = gather
        self.problems: tuple[Problem, ...] = ()
        self.notes: tuple[Problem, ...] = ()

    def __iter__(self) -> Iterator[Reading]:
        """The findings. Raises `FindingsError` where the source has none to give."""
        gathered = self._gather()
        self.problems, self.notes = gathered.problems, gathered.notes
        for finding in gathered.findings:
            yield Reading(finding, is_open=True)


class AllFindings:
    """Every finding of a service as it comes, open or not. `problems` and `notes` are complete at the end."""

    def __init__(self, name: str, connect: Connect, plan: Plan) -> None:
        self._name = name
        self._connect = connect
        self._plan = plan
        self.problems: tuple[Problem, ...] = ()
        self.notes: tuple[Problem, ...] = ()

    def __iter__(self) -> Iterator[Reading]:
        """The findings. Where the rest does not come, that is a problem; what came before it was good."""
        plan, count = self._plan, 0
        try:
            service = self._connect(Patience(plan.clock, plan.limits))
            for batch in counted(self._name, service.batches(everything=True), plan):
                self.problems += batch.problems
                self.notes += batch.notes
                for entry in batch.entries:
                    count += 1
                    yield entry.reading
        except FindingsError as error:
            had = f"only the first {count:,} findings are here" if count else "there is nothing of it here"
            self.problems += (Problem(self._name, f"{error} So {had}."),)


def counted(name: str, batches: Batches, plan: Plan) -> Iterator[Batch]:
    """The pages, told of as they come. Raises `FindingsError` where there are more findings than can be worked with."""
    count = 0
    with closing(batches):
        for batch in batches:
            count += len(batch.entries)
            if count > plan.limits.findings:
                raise FindingsError(
                    f"there are more than {plan.limits.findings:,} findings.", "Ask for less with `filters`."
                )
            plan.progress(name, count)
            yield batch
