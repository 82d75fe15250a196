"""How long infrastructure code takes to be read and resolved, in processor time: the best of several rounds.

    python bench/iac.py FOLDER [--rounds 7]

FOLDER holds code of any kind; what is Terraform and what is a template is told as the gate tells it. Reading includes
the strict checks and the outline of every block, from bytes that are in memory. The large module is made here.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from remedy_gate.iac.cloudformation import CloudFormation
from remedy_gate.iac.module import IacLanguage
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform

SCHEMAS = load()
TEMPLATES = CloudFormation(SCHEMAS)
RESOURCES = 2_000


def best(rounds: int, work: Callable[[], object]) -> float:
    """Milliseconds of processor time of the quickest round."""
    times: list[float] = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times) * 1000


def read_all(language: IacLanguage, files: dict[str, bytes]) -> int:
    return sum(len(language.read({path: text}).blocks) for path, text in files.items())


def reading(new: Callable[[], IacLanguage], files: dict[str, bytes], rounds: int, budget: float) -> None:
    """A language remembers the first text of each file, so every round has one of its own."""
    lines = sum(text.count(b"\n") for text in files.values())
    taken = best(rounds, lambda: read_all(new(), files))
    each = taken / lines * 100
    print(f"{new().name}: {len(files)} files, {lines:,} lines: {each:.3f} ms per 100 lines (budget {budget})")


def large_module() -> dict[str, bytes]:
    """Buckets with the versioning of each, names from locals and variables, tags merged."""
    head = 'variable "env" {\n  default = "prod"\n}\n\nlocals {\n  tags = {\n    team = "core"\n  }\n}\n'
    blocks = [
        f"""
resource "aws_s3_bucket" "b{number}" {{
  bucket = "${{var.env}}-data-{number}"
  tags = merge(local.tags, {{
    Name = format("bucket-%d", {number})
  }})
}}

resource "aws_s3_bucket_versioning" "b{number}" {{
  bucket = aws_s3_bucket.b{number}.id

  versioning_configuration {{
    status = var.env == "prod" ? "Enabled" : "Suspended"
  }}
}}
"""
        for number in range(RESOURCES // 2)
    ]
    return {"main.tf": (head + "".join(blocks)).encode()}


def resolve_large(files: dict[str, bytes]) -> None:
    module = Terraform(SCHEMAS).read(files)
    for address in module.blocks:
        module.resolved(address)
        module.references(address)


def bare_interpreter() -> float:
    """Milliseconds of wall time that an interpreter takes to do nothing: how busy this machine is."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return (time.perf_counter() - start) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    texts = {str(path): path.read_bytes() for path in sorted(arguments.folder.rglob("*")) if path.is_file()}
    code = {path: text for path, text in texts.items() if path.endswith((".tf", ".tofu"))}
    templates = {path: text for path, text in texts.items() if TEMPLATES.claims(path, text)}
    print(f"bare interpreter: {min(bare_interpreter() for _ in range(5)):.1f} ms")
    reading(lambda: Terraform(SCHEMAS), code, arguments.rounds, 0.7)
    reading(lambda: CloudFormation(SCHEMAS), templates, arguments.rounds, 0.4)
    large = large_module()
    taken = best(arguments.rounds, lambda: resolve_large(large))
    lines = large["main.tf"].count(b"\n")
    print(f"a root module of {RESOURCES:,} resources ({lines:,} lines), read and resolved: {taken:.0f} ms (budget 500)")


if __name__ == "__main__":
    main()
