"""A live service as a source of findings: the cache first, then the service, and what is done when that is down.

Whatever is given, it is said how old it is, or what is missing and why: never silently nothing.
"""

from __future__ import annotations

from remedy_gate.domain.seams import Gathered, Sources
from remedy_gate.domain.source import Problem
from remedy_gate.errors import FindingsError

from .plan import Connect, Plan, Reach
from .snapshot import Snapshot
from .taking import AllFindings, OpenFindings, Taking


class LiveFindings:
    """The seam `FindingSource`, over one live service, which is connected to when it is needed."""

    def __init__(self, name: str, connect: Connect, plan: Plan) -> None:
        self._name = name
        self._connect = connect
        self._plan = plan

    @property
    def name(self) -> str:
        """The name in the policy file, or the address."""
        return self._name

    def gather(self, sources: Sources) -> Gathered:  # noqa: ARG002 - a service does not look at the code
        """The open findings. Raises `FindingsError` where there are none to be had and the policy says to fail."""
        plan = self._plan
        if plan.reach is Reach.CACHE:
            return self._without_network()
        if plan.reach is Reach.NORMAL and plan.seconds > 0:
            known = plan.cache.load(plan.cached_as)
            if known is not None and 0 <= plan.clock.now() - known.taken < plan.seconds:
                return self._gathered(known, Problem(self._name, f"read {self._age(known)} ago, from the cache"))
        taking = Taking(self._name, plan)
        try:
            snapshot = taking.all_of(self._connect)
        except FindingsError as error:
            return self._unavailable(error, taking)
        reason = plan.cache.save(plan.cached_as, snapshot)
        notes = (Problem(self._name, f"not kept for later: {reason}"),) if reason else ()
        return self._gathered(snapshot, *notes)

    def stream(self) -> OpenFindings:
        """The open findings, to go through once."""
        return OpenFindings(lambda: self.gather({}))

    def everything(self) -> AllFindings:
        """Every finding, those that are not open, too: past the cache, as they come."""
        return AllFindings(self._name, self._connect, self._plan)

    def _without_network(self) -> Gathered:
        plan = self._plan
        known = plan.cache.load(plan.cached_as)
        if known is None:
            message = "there is nothing in the cache, and the network is not asked here"
            hint = f"`remedy-gate findings {self._name}` fills it."
            if plan.on_unavailable == "fail":
                raise FindingsError(f"{self._name}: {message}.", hint)
            return Gathered((), (Problem(self._name, f"{message}: its findings are missing. {hint}"),))
        old = plan.clock.now() - known.taken >= plan.seconds
        hint = f"; `remedy-gate findings {self._name}` reads anew" if old else ""
        return self._gathered(known, Problem(self._name, f"read {self._age(known)} ago, from the cache{hint}"))

    def _unavailable(self, error: FindingsError, taking: Taking) -> Gathered:
        plan = self._plan
        match plan.on_unavailable:
            case "warn":
                return self._partly(error, taking)
            case "use-cache" if (known := plan.cache.load(plan.cached_as)) is not None:
                message = f"{error} Used instead is what was read {self._age(known)} ago."
                return self._gathered(known)._replace(problems=(*known.problems, Problem(self._name, message)))
            case "use-cache":
                hint = f"{error.hint} There is nothing in the cache, either; `on_unavailable: warn` goes on without."
                raise FindingsError(f"{self._name}: {error.message}", hint.strip()) from error
            case _:
                raise FindingsError(f"{self._name}: {error.message}", error.hint) from error

    def _partly(self, error: FindingsError, taking: Taking) -> Gathered:
        """What came before the service failed: part of a reading, or what the changes were to be added to."""
        if taking.known is not None:
            given = self._gathered(taking.known)
            had = f"what is here was read {self._age(taking.known)} ago"
        else:
            taken = taking.snapshot(0.0)
            given, count = self._gathered(taken), len(taken.findings)
            had = f"only the first {count:,} findings are here" if count else "its findings are missing"
        return given._replace(problems=(*given.problems, Problem(self._name, f"{error} So {had}.")))

    def _gathered(self, snapshot: Snapshot, *said: Problem) -> Gathered:
        left_out = ((f"not open in {self._name}", snapshot.left_out),) if snapshot.left_out else ()
        return Gathered(snapshot.findings, snapshot.problems, left_out, (*said, *snapshot.notes))

    def _age(self, snapshot: Snapshot) -> str:
        return age(self._plan.clock.now() - snapshot.taken)


def age(seconds: float) -> str:
    """A time that has passed, in the largest unit that is not 0: `3 hours`."""
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "less than a minute"
