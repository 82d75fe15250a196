"""What a model costs beside its own time: CPU a call, and a whole check of many findings against a slow double.

    PYTHONPATH=.:tests python bench/bedrock.py [FINDINGS] [THREADS] [MODEL_SECONDS] [BLOCKS_A_FILE]

The double runs in a process of its own, so that its work is not counted as ours.
"""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from contextlib import redirect_stdout
from typing import Any

BLOCK = """\
resource "aws_ebs_volume" "v{number}" {{
  availability_zone = "eu-west-1a"
  size              = {number}
  encrypted         = true
  kms_key_id        = var.key
}}
"""
LINES = 7


def serve(seconds: float, urls: multiprocessing.Queue[str]) -> None:
    """A model that answers after so many seconds with a right edit."""
    from contract.bedrock.runtime_double import Answer, Double, edits, running

    def answer(_model: str, body: dict[str, Any]) -> Answer:
        asked = body["messages"][0]["content"][0]["text"]
        address, _, path = asked.split("aws_ebs_volume.v", 1)[1].split("\n")[:3]
        number = int(address)
        old = f"  size              = {number}\n"
        return edits((old, f'{old}  tags = {{\n    Owner = "data"\n  }}\n'), path=path)._replace(delay=seconds)

    with running(Double(answer)) as double:
        urls.put(double.url)
        time.sleep(600)


def findings(count: int, a_file: int) -> dict[str, Any]:
    results = [
        {
            "ruleId": "ORG-7",
            "level": "error",
            "message": {"text": "Volumes have to carry the tag Owner."},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": f"f{number // a_file}.tf"},
                        "region": {"startLine": number % a_file * LINES + 1, "endLine": number % a_file * LINES + 6},
                    }
                }
            ],
        }
        for number in range(count)
    ]
    driver = {"name": "own-scanner", "rules": [{"id": "ORG-7"}]}
    return {"version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def check(*words: str) -> tuple[float, float, dict[str, Any]]:
    from remedy_gate.cli import main

    out, wall, cpu = io.StringIO(), time.perf_counter(), time.process_time()
    with redirect_stdout(out):
        main(["check", "--all", "--findings", "findings.sarif", "--format", "json", *words])
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return wall, cpu, json.loads(out.getvalue())


def main() -> None:
    given = (*sys.argv[1:], *("200", "50", "0.2", "10")[len(sys.argv) - 1 :])
    count, threads, seconds, a_file = int(given[0]), int(given[1]), float(given[2]), int(given[3])
    context = multiprocessing.get_context("spawn")
    urls = context.Queue()
    server = context.Process(target=serve, args=(seconds, urls), daemon=True)
    server.start()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        subprocess.run(["git", "init", "-q", "."], check=True)
        for first in range(0, count, a_file):
            with open(f"f{first // a_file}.tf", "w", encoding="utf-8") as file:
                file.write(
                    "\n".join(BLOCK.format(number=number) for number in range(first, min(count, first + a_file)))
                )
        with open("variables.tf", "w", encoding="utf-8") as file:
            file.write('variable "key" {\n  type = string\n}\n')
        with open("findings.sarif", "w", encoding="utf-8") as file:
            json.dump(findings(count, a_file), file)
        with open(".remedy-gate.yml", "w", encoding="utf-8") as file:
            file.write(
                f"version: 1\nbedrock: {{threads: {threads}, limits: {{calls: 10000, tokens: 100000000, dollars: 1000}}}}\n"
            )
        os.environ.update(
            AWS_ENDPOINT_URL_BEDROCK_RUNTIME=urls.get(timeout=30),
            AWS_REGION="eu-west-1",
            AWS_ACCESS_KEY_ID="testing",
            AWS_SECRET_ACCESS_KEY="testing",  # noqa: S106 - of nobody
            AWS_EC2_METADATA_DISABLED="true",
            NO_PROXY="127.0.0.1",
        )
        without = check("--remedies", "catalogue")
        wall, cpu, report = check("--remedies", "catalogue,bedrock")
        patches = report["summary"]["patches"]
        load = os.getloadavg()[0]
        print(f"{count} findings, {a_file} a file, a model of {seconds} s, {threads} threads, load {load:.2f}")
        print(f"without a model: {without[0]:.2f} s wall, {without[1]:.2f} s CPU")
        print(f"with the model:  {wall:.2f} s wall, {cpu:.2f} s CPU, {patches} patches")
        print(
            f"a call: {(cpu - without[1]) / count * 1000:.1f} ms CPU (prompt, boto3, parse, proof; report and ledger too)"
        )
    server.terminate()


if __name__ == "__main__":
    main()
