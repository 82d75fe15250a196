"""What governing costs: appending to the ledger, verifying it, and deciding by a large policy.

    python bench/ledger.py [--records 100000]

Wall and processor time are printed; on a busy machine only the second means much. The budgets: 2 ms for an append, 3 s for
verifying 100,000 records, 0.3 s for 200 rules on 10,000 remediations.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from remedy_gate.domain.finding import CloudResource, Finding, Severity
from remedy_gate.domain.ledger import Entry
from remedy_gate.domain.match import Match, MatchState
from remedy_gate.domain.patch import FilePatch, Origin, OriginKind, Patch
from remedy_gate.domain.proof import CheckName, CheckResult, Proof, Status
from remedy_gate.domain.source import LineRange, Resource
from remedy_gate.ledger.canonical import canonical
from remedy_gate.ledger.sqlite import SqliteLedger
from remedy_gate.ledger.verifying import verify
from remedy_gate.policy.deciding import Decider
from remedy_gate.policy.facts import Case, Circumstances
from remedy_gate.policy.rules import DEFAULT_RULES, Condition, Environment, Policy, Rule

TEXT = "x" * 1200  # a decision's record is about as long


def entry(number: int) -> Entry:
    identifier = f"{number:032x}"
    return Entry(identifier, "decision", canonical({"id": identifier, "kind": "decision", "n": number, "text": TEXT}))


def timed(what: Callable[[], object]) -> tuple[float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    what()
    return time.perf_counter() - wall, time.process_time() - processor


def appends(folder: str, rounds: int = 300) -> None:
    ledger = SqliteLedger(folder)
    first = timed(lambda: ledger.append((entry(0),)))
    told("first append, which makes the database", [first])
    told("append, open ledger", [timed(partial(ledger.append, (entry(number),))) for number in range(1, rounds)])
    ledger.close()

    def whole(number: int) -> None:
        one = SqliteLedger(folder)
        one.append((entry(number),))
        one.close()

    told("open, append, close", [timed(partial(whole, number)) for number in range(rounds, rounds + 100)])


def verifying(folder: str, count: int) -> None:
    ledger = SqliteLedger(folder)
    step = 5_000
    for first in range(0, count, step):
        ledger.append(tuple(map(entry, range(10**6 + first, 10**6 + first + step))))
    told(f"verify {count:,} records", [timed(lambda: verify(ledger)) for _ in range(3)])
    ledger.close()


def policy() -> Policy:
    kinds = (
        lambda i: Condition(severities=(tuple(Severity)[i % 6],), paths=(f"live/team{i}/**",)),
        lambda i: Condition(controls=(f"s3-x{i}*",)),
        lambda i: Condition(environments=("production",), accounts=(f"99{i}*",)),
        lambda i: Condition(types=(f"aws_t{i}",), introduced=True),
        lambda i: Condition(tags=(("team", (f"t{i}",)),)),
        lambda i: Condition(age=300 + i, severities=(Severity.HIGH,)),
        lambda i: Condition(sources=(f"w{i}",), proofs=("refuted",)),
        lambda i: Condition(paths=(f"**/mod{i}/*.tf",)),
    )
    rules = tuple(Rule(f"r{i}", "suggest", kinds[i % len(kinds)](i)) for i in range(200))
    return Policy((*rules, *DEFAULT_RULES), environments=(Environment("production", paths=("**/prod/**",)),))


def case(number: int) -> Case:
    tags = (("team", f"a{number % 100}"),)
    finding = Finding(
        "checkov",
        f"CKV_{number % 300}",
        "t",
        tuple(Severity)[number % 6],
        control=f"s3-c{number % 300}",
        resources=(CloudResource(f"arn:{number}", account=f"12{number % 40}", tags=tags),),
        first_seen="2026-09-01",
    )
    path = f"live/e{number % 100}/prod/f{number}.tf"
    match = Match(
        MatchState.MATCHED, Resource(f"aws_t.{number}", f"aws_t{1000 + number % 80}", path, LineRange(1, 3)), 0.9
    )
    proof = Proof(tuple(CheckResult(name, Status.PASS, "changes in place") for name in CheckName))
    patch = Patch(Origin(OriginKind.CATALOGUE, "c", "1"), (FilePatch(path, b"a", b"b"),))
    return Case(finding, match, patch, proof, touched=True, introduced=bool(number % 2))


def deciding() -> None:
    cases, rules = [case(number) for number in range(10_000)], policy()

    def all_of_them() -> None:
        decider = Decider(rules, Circumstances(20_777))
        for one in cases:
            decider.decide(one)

    told("200 rules decide 10,000 remediations", [timed(all_of_them) for _ in range(5)])


def told(what: str, times: list[tuple[float, float]]) -> None:
    wall, processor = (sorted(one[index] * 1000 for one in times) for index in (0, 1))
    print(f"{what:44} {median(wall):10.2f} ms  {median(processor):10.2f} ms  {processor[0]:10.2f} ms")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--records", type=int, default=100_000)
    given = arguments.parse_args()
    print(f"{sys.version.split()[0]:44} {'wall':>10}     {'processor':>10}     {'least':>10}")
    counting = [timed(lambda: sum(1 for _ in range(1_000_000))) for _ in range(5)]
    told("count to 1,000,000, to compare machines", counting)
    deciding()
    with tempfile.TemporaryDirectory() as folder:
        appends(str(Path(folder) / "a"))
        verifying(str(Path(folder) / "b"), given.records)


if __name__ == "__main__":
    main()
