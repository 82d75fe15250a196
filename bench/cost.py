"""The cost table: whole processes, against `python -c pass` in the same run.

    python bench/cost.py [--rounds 15] [--only WORDS]

Each row is run in turn with the bare interpreter. What holds from machine to machine, busy or not, is the ratio of
the processor time of the two (user and system, git included), so that is what is held against the design's budgets:
milliseconds on a quiet machine whose bare interpreter takes 10 ms. Memory is the peak of the process itself. The
bytecode is compiled first, as after an installation.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

import remedy_gate

QUIET_INTERPRETER_MS = 10
GATE = [sys.executable, "-m", "remedy_gate"]
PASS = [sys.executable, "-c", "pass"]


class Row(NamedTuple):
    """One row of the table: how to prepare a folder, and what to run in it."""

    name: str
    prepare: Callable[[Path], None]
    arguments: list[str]
    budget_ms: float
    budget_mb: float | None


class Sample(NamedTuple):
    milliseconds: float
    processor_ms: float
    megabytes: float


def block(number: int) -> str:
    """Twelve lines; the first block of a file has something to repair."""
    return f"""resource "aws_ebs_volume" "v{number}" {{
  availability_zone = "eu-west-1a"
  size              = {number + 1}
  encrypted         = {"true" if number else "false"}
}}

resource "aws_sqs_queue" "q{number}" {{
  name                    = "queue-{number}"
  sqs_managed_sse_enabled = true
}}

"""


def git(folder: Path, *arguments: str) -> None:
    identity = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    names = {f"GIT_{who}_{what}": "bench@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, env=os.environ | identity | names)


def repository(folder: Path) -> None:
    git(folder, "init", "-q")
    (folder / "README.md").write_text("x\n")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")


def nothing_relevant(folder: Path) -> None:
    repository(folder)
    (folder / "README.md").write_text("y\n")
    git(folder, "add", ".")


def one_file(folder: Path) -> None:
    repository(folder)
    (folder / "main.tf").write_text("".join(map(block, range(5))))
    git(folder, "add", ".")


def one_template(folder: Path) -> None:
    repository(folder)
    bodies = "".join(
        f"  Q{number}:\n    Type: AWS::SQS::Queue\n    Properties:\n      QueueName: q{number}\n"
        for number in range(15)
    )
    (folder / "template.yaml").write_text(f"AWSTemplateFormatVersion: '2010-09-09'\nResources:\n{bodies}")
    git(folder, "add", ".")


def fifty_files(folder: Path) -> None:
    repository(folder)
    for number in range(50):
        place = folder / f"module{number}"
        place.mkdir()
        (place / "main.tf").write_text("".join(map(block, range(18))))
    git(folder, "add", ".")


def fifty_files_with_an_export(folder: Path) -> None:
    fifty_files(folder)
    failed = [
        {
            "check_id": "CKV_AWS_3",
            "check_name": "not encrypted",
            "check_result": {"result": "FAILED"},
            "file_path": f"/module{number % 50}/main.tf",
            "file_line_range": [1, 5],
            "resource": f"aws_ebs_volume.v{number % 18}",
        }
        for number in range(900)
    ]
    report = {"check_type": "terraform", "results": {"failed_checks": failed}, "summary": {"failed": len(failed)}}
    (folder / "checkov.json").write_text(json.dumps(report))


def fifty_files_with_a_cache(folder: Path) -> None:
    """A hundred thousand findings of an organisation, 1,250 of them about what changes here.

    They are kept by a process of its own: what a process holds before it starts another counts as the other's, too.
    """
    repository(folder)
    for number in range(50):
        place = folder / f"module{number}"
        place.mkdir()
        text = "".join(map(block, range(18))).replace('"queue-', f'"queue-{number}-')
        (place / "main.tf").write_text(text)
    git(folder, "add", ".")
    subprocess.run([sys.executable, "-c", KEEP, str(folder / ".git"), BENCH], check=True)


BENCH = os.path.dirname(os.path.abspath(__file__))
KEEP = """
import sys
sys.path.insert(0, sys.argv[2])
from findings import cloud_findings
from remedy_gate.findings.live.access import access_from
from remedy_gate.findings.live.cache import Cache
from remedy_gate.findings.live.registry import snapshot_name
from remedy_gate.findings.live.snapshot import Snapshot
from remedy_gate.policy.sources import SourceOptions
found = tuple(cloud_findings(100_000))
name = snapshot_name(SourceOptions("security-hub", "security-hub"), access_from({}))
assert Cache(sys.argv[1]).save(name, Snapshot(0.0, 0.0, found, tuple(map(str, range(len(found)))))) == ""
"""

ROWS = (
    Row("hook, nothing relevant staged", nothing_relevant, ["check", "--staged"], 40, None),
    Row("hook, one Terraform file (60 lines)", one_file, ["check", "--staged", "--fix"], 100, 30),
    Row("hook, one template (60 lines)", one_template, ["check", "--staged", "--fix"], 100, 30),
    Row("50 changed files, 10,800 lines, 1,850 problems", fifty_files, ["check", "--staged"], 500, 50),
    Row(
        "50 changed files, 900 open findings of an export",
        fifty_files_with_an_export,
        ["check", "--staged", "--findings", "checkov.json"],
        800,
        150,
    ),
    Row(
        "50 changed files, 100,000 open findings in the cache",
        fifty_files_with_a_cache,
        ["check", "--staged", "--findings", "security-hub"],
        800,
        150,
    ),
)


def run(command: list[str], folder: Path) -> Sample:
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    took = (time.perf_counter() - began) * 1000
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return Sample(took, (usage.ru_utime + usage.ru_stime) * 1000, usage.ru_maxrss / 1024)


def measure(row: Row, rounds: int) -> tuple[Sample, Sample]:
    """The medians of the row and of the bare interpreter, run in turn."""
    with tempfile.TemporaryDirectory() as name:
        template = Path(name, "template")
        template.mkdir()
        row.prepare(template)
        mine, bare = [], []
        for number in range(rounds + 1):
            folder = Path(name, f"round{number}")
            shutil.copytree(template, folder)
            sample = run([*GATE, *row.arguments], folder)
            reference = run(PASS, folder)
            if number:  # the first round warms the caches
                mine.append(sample)
                bare.append(reference)
    return middle(mine), middle(bare)


def middle(samples: list[Sample]) -> Sample:
    """The median of each figure."""
    return Sample(*(median(figures) for figures in zip(*samples, strict=True)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--only", default="", metavar="WORDS", help="rows whose name holds these words")
    asked = parser.parse_args()
    rounds = asked.rounds
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    compileall.compile_dir(os.path.dirname(remedy_gate.__file__), quiet=1)
    print("| what | wall, ms | processor, ms | x pass | budget, x pass | MB | budget, MB |")
    print("|---|---|---|---|---|---|---|")
    for row in (one for one in ROWS if asked.only in one.name):
        mine, bare = measure(row, rounds)
        ratio, allowed = mine.processor_ms / bare.processor_ms, row.budget_ms / QUIET_INTERPRETER_MS
        memory = "-" if row.budget_mb is None else f"{row.budget_mb:.0f}"
        times = f"{mine.milliseconds:.0f} | {mine.processor_ms:.0f} | {ratio:.1f} | {allowed:.0f}"
        print(f"| {row.name} | {times} | {mine.megabytes:.0f} | {memory} |")
    version = sys.version.split()[0]
    print(f"\npython -c pass: {bare.processor_ms:.1f} ms of processor; medians of {rounds} rounds, Python {version}")


if __name__ == "__main__":
    main()
