"""What one proof costs: every patch of the suite, at quick depth and at full depth in a warm process.

    python bench/proof.py [--limit 60] [--rounds 3]

Processor time of `FullProver.prove`, the least of the rounds for each patch, in milliseconds. Reading the code before the
patch belongs to the gate and counts here all the same: a trial begins with a reader that has read nothing. At full depth
the independent readers and cfn-lint are asked, and no scanner and no terraform. The budgets: 30 ms quick, 1,000 ms full.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles

sys.path.append(str(Path(__file__).parents[1] / "tests" / "cases" / "proof"))

from proof_suite import CATALOGUE, SCHEMAS, Case, cases, trial

from remedy_gate.verification.check import Depth
from remedy_gate.verification.linted import errors
from remedy_gate.verification.prover import FullProver, Ground

BUDGET = {Depth.QUICK: 30.0, Depth.FULL: 1000.0}


def milliseconds(case: Case, depth: Depth) -> float:
    made = trial(case)
    prover = FullProver(Ground(made.reader, CATALOGUE, SCHEMAS, {}, depth, scanners=()))
    errors.cache_clear()  # a template that was linted in the round before costs nothing in this one
    began = time.process_time()
    prover.prove(made.finding, made.match, made.patch, made.sources)
    return (time.process_time() - began) * 1000


def row(name: str, depth: Depth, patches: Sequence[Case], rounds: int) -> str:
    for case in patches[:5]:
        milliseconds(case, depth)  # what is imported and read once in a process
    least = {index: min(milliseconds(case, depth) for _ in range(rounds)) for index, case in enumerate(patches)}
    taken, worst = sorted(least.values()), patches[max(least, key=lambda index: least[index])]
    share = sum(one <= BUDGET[depth] for one in taken) / len(taken)
    return (
        f"| {name} | {depth} | {len(taken)} | {median(taken):.1f} | {quantiles(taken, n=20)[-1]:.1f} | {taken[-1]:.1f} "
        f"| {share:.0%} of {BUDGET[depth]:.0f} ms | {worst.name} |"
    )


def spread(patches: Sequence[Case], limit: int) -> tuple[Case, ...]:
    """Some of the patches, from everywhere."""
    return tuple(patches[:: max(1, len(patches) // limit)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, default=60, help="patches of each kind at full depth")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print("| patches | depth | number | median, ms | 95 % below | most | within the budget | the slowest |")
    print("|---|---|---|---|---|---|---|---|")
    for folder in ("deceptive", "good"):
        patches = tuple(cases(folder))
        print(row(folder, Depth.QUICK, patches, options.rounds))
        print(row(folder, Depth.FULL, spread(patches, options.limit), options.rounds))


if __name__ == "__main__":
    main()
