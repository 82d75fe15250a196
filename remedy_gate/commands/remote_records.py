"""Records that AWS is asked for: states in S3 and stacks. What they come to is kept, so that a hook never waits."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import NamedTuple

from remedy_gate.errors import CodeError, FindingsError, SettingsError
from remedy_gate.findings.live.cache import Cache
from remedy_gate.findings.live.deployed import document_at
from remedy_gate.findings.live.findings import age
from remedy_gate.findings.live.service import Clock, Limits, Patience
from remedy_gate.matching.plan import read_plan
from remedy_gate.matching.records import Recorded
from remedy_gate.matching.stacks import read_stack
from remedy_gate.matching.state import read_state

VERSION = 1
SECONDS = 3600.0
READERS = {"state": read_state, "plan": read_plan, "stack": read_stack}


class Remote(NamedTuple):
    """How addresses of AWS are read in a run. `only_cache`: it is a hook; `fresh`: whatever the cache holds."""

    cache: Cache
    clock: Clock
    only_cache: bool = False
    fresh: bool = False
    limits: Limits = Limits(total=60.0, request=20.0)

    def records(self, kind: str, address: str) -> tuple[tuple[Recorded, ...], str]:
        """What an address records, and what is to be said of it.

        :raises CodeError: there is nothing of it to be had; the message says why.
        """
        name = f"deployed-{sha256(f'{kind} {address}'.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
        taken, known = _unpacked(self.cache.kept(name))
        passed = self.clock.now() - taken
        if known is not None and (self.only_cache or (0 <= passed < SECONDS and not self.fresh)):
            return known, ""
        if self.only_cache:
            raise CodeError(
                "It is not in the cache, and a hook does not ask the network.",
                "`remedy-gate check` without --staged fills it.",
            )
        began = self.clock.now()
        try:
            found = READERS[kind](document_at(address, Patience(self.clock, self.limits)))
        except SettingsError as error:
            raise CodeError(error.message, error.hint) from error
        except FindingsError as error:
            if known is None:
                raise CodeError(error.message, error.hint) from error
            return known, f"{error} Used instead is what was read {age(passed)} ago."
        self.cache.keep(name, _packed(began, found))
        return found, ""


def _packed(taken: float, records: tuple[Recorded, ...]) -> bytes:
    return json.dumps({"version": VERSION, "taken": taken, "records": records}).encode("ascii")


def _unpacked(data: bytes | None) -> tuple[float, tuple[Recorded, ...] | None]:
    """When it was read, and the records; none of them where there are none, or none that can be used."""
    try:
        told = json.loads(data or b"null")
        if told is None or told["version"] != VERSION:
            return 0.0, None
        records = tuple(
            Recorded(address, kind, arn, tuple(ids), stack) for address, kind, arn, ids, stack in told["records"]
        )
        return float(told["taken"]), records
    except (ValueError, KeyError, TypeError, RecursionError):
        return 0.0, None
