"""The matching stage alone: 100,000 findings against 20,000 resources in memory.

    python bench/matching.py [--rounds 5]

Processor time, the least of all rounds: of the matching, which is `Matching` with every index that it makes of the parsed
code, and of `fold`, which makes one problem of several voices. The budget of the former is 0.2 s. What holds from machine to
machine is the ratio to a loop of ten million empty turns in the same run, which takes from 0.07 to 0.2 s by machine: the last
column says what the matching would take where the loop takes 0.2 s. Both are told, as a quick machine flatters the one and a
quick loop the other.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable
from functools import partial
from typing import NamedTuple, TypeVar

from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.domain.finding import CloudResource, Finding, Location
from remedy_gate.domain.match import MatchState
from remedy_gate.iac.module import Module
from remedy_gate.iac.reading import Reader
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform
from remedy_gate.matching.folding import fold
from remedy_gate.matching.index import CodeIndex
from remedy_gate.matching.match import Matched, Matching

T = TypeVar("T")
MODULES, PAIRS, CONTROLS = 100, 100, 5
BUDGET, SLOW_LOOP = 0.2, 0.2
ACCOUNT, REGION = "111122223333", "eu-west-1"


def pair(number: int) -> str:
    """Two resources: one named outright, one in ten of the others by a pattern of a local value."""
    name = f'"table-{number}"' if number % 10 else f'"${{local.prefix}}-{number}"'
    return f"""resource "aws_sqs_queue" "q{number}" {{
  name                    = "queue-{number}"
  sqs_managed_sse_enabled = true
}}

resource "aws_dynamodb_table" "t{number}" {{
  name         = {name}
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {{
    name = "id"
    type = "S"
  }}
}}

"""


def code() -> tuple[Module, ...]:
    head = 'locals {\n  prefix = "table"\n}\n\n'
    files = {
        f"module{module}/main.tf": (head + "".join(pair(module * PAIRS + one) for one in range(PAIRS))).encode()
        for module in range(MODULES)
    }
    modules = tuple(Reader((Terraform(load()),)).modules(files))
    assert sum(len(module.blocks) for module in modules) == MODULES * (2 * PAIRS + 1)
    return modules


def cloud_findings(prefix: str) -> list[Finding]:
    """Five problems of each resource, whose names begin with `prefix`."""
    found = []
    for problem in range(CONTROLS):
        for number in range(MODULES * PAIRS):
            for kind in (f"sqs:{REGION}:{ACCOUNT}:{prefix}queue-", f"dynamodb:{REGION}:{ACCOUNT}:table/{prefix}table-"):
                resource = CloudResource(f"arn:aws:{kind}{number}", None, None, ACCOUNT, REGION)
                found.append(Finding("security-hub", f"Bench.{problem}", "a problem", resources=(resource,)))
    return found


def scanner_findings() -> list[Finding]:
    """Five problems of each resource, by file, lines and address."""
    found = []
    for problem in range(CONTROLS):
        for module in range(MODULES):
            for one in range(PAIRS):
                number = module * PAIRS + one
                for address in (f"aws_sqs_queue.q{number}", f"aws_dynamodb_table.t{number}"):
                    location = Location(f"module{module}/main.tf", None, None, address)
                    found.append(Finding("checkov", f"BENCH_{problem}", "a problem", location=location))
    return found


class Done(NamedTuple):
    """What the matching gives, and what it was made with: letting go of that is none of its work."""

    matches: list[Matched]
    code: CodeIndex
    matching: Matching


def match(findings: list[Finding], modules: tuple[Module, ...], catalogue: Catalogue) -> Done:
    code = CodeIndex(modules)
    matching = Matching(code, catalogue, {})
    return Done(matching.all(findings), code, matching)


def loop() -> None:
    for _ in range(10_000_000):
        pass


def least(rounds: int, work: Callable[[], T]) -> tuple[float, T]:
    """The least time that the work takes, and what it gives, which is let go of only after the time was taken."""
    taken: list[float] = []
    done: list[T] = []
    for _ in range(rounds):
        done.clear()
        gc.collect()
        began = time.process_time()
        done.append(work())
        taken.append(time.process_time() - began)
    return min(taken), done[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    gc.set_threshold(500_000, 20, 20)  # as the command line sets it
    modules, catalogue = code(), Catalogue()
    assert catalogue.index
    cases = (
        ("cloud findings, every one of them in the code", cloud_findings("")),
        ("cloud findings, none of them in the code", cloud_findings("other-")),
        ("scanner findings, by address", scanner_findings()),
    )
    print(
        "| 100,000 findings, 20,000 resources | matched | matching, s | fold, s | of the loop | s at a loop of 0.2 s |"
    )
    print("|---|---|---|---|---|---|")
    for name, findings in cases:
        taken, done = least(rounds, partial(match, findings, modules, catalogue))
        folding, folded = least(rounds, partial(fold, done.matches))
        reference, _ = least(rounds, loop)
        matched = sum(one.match.state is MatchState.MATCHED for one in folded)
        ratio = taken / reference
        print(f"| {name} | {matched:,} | {taken:.3f} | {folding:.3f} | {ratio:.2f} | {ratio * SLOW_LOOP:.2f} |")
    print(f"\nThe loop: {reference:.3f} s of processor. The budget of the matching: {BUDGET} s of processor.")


if __name__ == "__main__":
    main()
