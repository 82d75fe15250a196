"""Reading findings: large exports through the command line, and a large cache.

    python bench/findings.py [--asff 5] [--ndjson 10] [--cached 100000]

Sizes are in megabytes; the budgets hold for `--asff 100 --ndjson 500`: 4 s for the former, and 400 MB of memory for both.
Each row is a process of its own: `remedy-gate findings FILE --format json`, whose output nobody keeps, or a process that
loads a snapshot as a hook does. Processor time is user and system; a bare interpreter is measured beside it, as machines
differ and are busy.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from remedy_gate.domain.finding import CloudResource, Finding, Severity
from remedy_gate.findings.live.cache import Cache
from remedy_gate.findings.live.snapshot import Snapshot

MEGABYTE = 1_000_000
FINDINGS = [sys.executable, "-m", "remedy_gate", "findings", "--format", "json"]
LOAD = """
import gc, sys
gc.set_threshold(50_000, 20, 20)
from remedy_gate.findings.live.cache import Cache
snapshot = Cache(sys.argv[1]).load("bench")
print(len(snapshot.findings))
"""


class Measured(NamedTuple):
    """One process: how long it ran, how long it kept a processor busy, how much memory it had at most, what it said."""

    seconds: float
    processor_seconds: float
    megabytes: float
    lines: int


def asff(number: int) -> dict[str, Any]:
    """A finding as Security Hub exports it, with the details that make real ones large."""
    bucket = f"bucket-{number // 5:07}"
    return {
        "SchemaVersion": "2018-10-08",
        "Id": f"arn:aws:securityhub:eu-west-1:111122223333:security-control/S3.{number % 20}/finding/{number:032x}",
        "ProductArn": "arn:aws:securityhub:eu-west-1::product/aws/securityhub",
        "ProductName": "Security Hub",
        "CompanyName": "AWS",
        "GeneratorId": f"security-control/S3.{number % 20}",
        "AwsAccountId": f"{number % 40:012}",
        "Region": "eu-west-1",
        "Types": ["Software and Configuration Checks/Industry and Regulatory Standards"],
        "FirstObservedAt": f"2026-03-01T08:00:{number % 60:02}.000Z",
        "CreatedAt": "2026-03-02T08:00:00.000Z",
        "UpdatedAt": "2026-11-20T08:00:00.000Z",
        "Severity": {"Label": "HIGH", "Normalized": 70, "Original": "HIGH"},
        "Title": "S3 general purpose buckets should block public access",
        "Description": "This control checks whether a bucket blocks public access. " * 4,
        "Remediation": {"Recommendation": {"Text": "See the documentation.", "Url": "https://docs.example.com/S3.8"}},
        "ProductFields": {"aws/securityhub/FindingId": f"finding-{number}", "Resources:0/Id": f"arn:aws:s3:::{bucket}"},
        "Resources": [
            {
                "Type": "AwsS3Bucket",
                "Id": f"arn:aws:s3:::{bucket}",
                "Partition": "aws",
                "Region": "eu-west-1",
                "Tags": {"team": f"team-{number % 30}", "Name": bucket},
                "Details": {
                    "AwsS3Bucket": {"OwnerId": "0" * 64, "CreatedAt": "2020-01-01T00:00:00.000Z", "Name": bucket}
                },
            }
        ],
        "Compliance": {
            "Status": "FAILED" if number % 3 else "PASSED",
            "SecurityControlId": f"S3.{number % 20}",
            "AssociatedStandards": [{"StandardsId": "standards/aws-foundational-security-best-practices/v/1.0.0"}],
        },
        "WorkflowState": "NEW",
        "Workflow": {"Status": "NEW" if number % 3 else "RESOLVED"},
        "RecordState": "ACTIVE",
    }


def write(path: Path, megabytes: float, *, an_object_a_line: bool) -> int:
    """A file of about that size; the number of findings in it."""
    count, size = 0, 0
    with path.open("w", encoding="utf-8") as file:
        file.write("" if an_object_a_line else '{"Findings": [\n')
        while size < megabytes * MEGABYTE:
            text = json.dumps(asff(count))
            file.write(text if not count else f"\n{text}" if an_object_a_line else f",\n{text}")
            count, size = count + 1, size + len(text) + 2
        file.write("\n" if an_object_a_line else "\n]}\n")
    return count


def findings(count: int) -> Iterator[Finding]:
    """As many, of a fifth as many resources."""
    for number in range(count):
        bucket = f"bucket-{number // 5:07}"
        resource = CloudResource(
            f"arn:aws:s3:::{bucket}", "AwsS3Bucket", bucket, f"{number // 5 % 40:012}", "eu-west-1", (("Name", bucket),)
        )
        yield Finding(
            "security-hub",
            f"S3.{number % 20}",
            "S3 general purpose buckets should block public access",
            Severity.HIGH,
            status="ACTIVE/NEW/FAILED",
            resources=(resource,),
            first_seen=f"2026-03-01T08:{number // 60 % 60:02}:{number % 60:02}.000Z",
            url=f"https://docs.example.com/S3.{number % 20}",
        )


KINDS = (
    ("SQS", "AwsSqsQueue", "arn:aws:sqs:{region}:{account}:queue-{name}"),
    ("S3", "AwsS3Bucket", "arn:aws:s3:::acme-{name}"),
    ("EC2", "AwsEc2SecurityGroup", "arn:aws:ec2:{region}:{account}:security-group/sg-{number:017x}"),
    ("IAM", "AwsIamRole", "arn:aws:iam::{account}:role/service/role-{name}"),
    ("RDS", "AwsRdsDbInstance", "arn:aws:rds:{region}:{account}:db:db-{name}"),
    ("Lambda", "AwsLambdaFunction", "arn:aws:lambda:{region}:{account}:function:fn-{name}"),
    ("EC2", "AwsEc2Volume", "arn:aws:ec2:{region}:{account}:volume/vol-{number:017x}"),
    ("KMS", "AwsKmsKey", "arn:aws:kms:{region}:{account}:key/{number:08x}-0000-4000-8000-000000000000"),
)


def cloud_findings(count: int) -> Iterator[Finding]:
    """As many, five of each resource of an organisation: eight types, 40 accounts, two regions.

    Of the 2,500 queues of 20,000 resources, 250 are among those of the 50 files of `cost.py`: `queue-<0 to 49>-<number>`.
    """
    severities = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.MEDIUM, Severity.LOW)
    for number in range(count // 5):
        service, type_name, form = KINDS[number % len(KINDS)]
        account, region = f"{111122220000 + number % 40}", ("eu-west-1", "us-east-1")[number % 2]
        queue = number // len(KINDS)
        name = f"{queue % 500}-{queue // 500}"
        ident = form.format(region=region, account=account, name=name, number=number)
        tags = (("Name", name), ("team", f"team-{number % 30}")) if number % 3 else ()
        resource = CloudResource(ident, type_name, None, account, region, tags)
        for problem, severity in enumerate(severities, start=1):
            yield Finding(
                "security-hub",
                f"{service}.{problem}",
                f"{service} resources should follow recommendation {problem}",
                severity,
                status="ACTIVE/NEW/FAILED",
                resources=(resource,),
                first_seen=f"2026-03-{number % 28 + 1:02}T08:{number // 60 % 60:02}:{number % 60:02}.000Z",
                url=f"https://docs.aws.amazon.com/console/securityhub/{service}.{problem}/remediation",
            )


def keep(folder: str, count: int) -> None:
    """Write a snapshot as a run does that has read a source."""
    snapshot = Snapshot(0.0, 0.0, tuple(findings(count)), tuple(map(str, range(count))))
    assert Cache(folder).save("bench", snapshot) == ""


def measured(command: list[str]) -> Measured:
    """Run a command to its end; its output is counted and thrown away."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        output = process.stdout
        assert output is not None
        chunks: Iterator[bytes] = iter(lambda: output.read(1 << 20), b"")
        lines = sum(chunk.count(b"\n") for chunk in chunks)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(process.returncode)
    return Measured(time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, lines)


def row(name: str, size: float, run: Measured) -> str:
    each = f"{run.seconds * 1_000 / size:8.1f}" if size else " " * 8
    return f"{name:<34}{run.seconds:8.2f}{run.processor_seconds:8.2f}{each}{run.megabytes:8.0f}{run.lines:10,}"


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--asff", type=float, default=5, metavar="MB")
    words.add_argument("--ndjson", type=float, default=10, metavar="MB")
    words.add_argument("--cached", type=int, default=100_000, metavar="FINDINGS")
    words.add_argument("--keep-in", metavar="FOLDER", help=argparse.SUPPRESS)
    asked = words.parse_args()
    if asked.keep_in:
        keep(asked.keep_in, asked.cached)
        return
    print(f"{'':<34}{'s':>8}{'cpu s':>8}{'ms/MB':>8}{'MB':>8}{'lines':>10}")
    print(row("python -c pass", 0, measured([sys.executable, "-c", "pass"])))
    with tempfile.TemporaryDirectory(prefix="remedy-gate-bench-") as folder:
        for name, size, lines in (("export.json", asked.asff, False), ("export.ndjson", asked.ndjson, True)):
            path = Path(folder, name)
            count = write(path, size, an_object_a_line=lines)
            title = f"{'NDJSON' if lines else 'ASFF'}, {size:g} MB, {count:,} records"
            print(row(title, size, measured([*FINDINGS, str(path)])))
            path.unlink()
        # in a process of its own: what a process holds before it starts another counts as the other's memory, too
        subprocess.run([sys.executable, __file__, "--cached", str(asked.cached), "--keep-in", folder], check=True)
        (kept,) = Path(folder, "remedy-gate", "cache").iterdir()
        size = kept.stat().st_size / MEGABYTE
        print(
            row(
                f"cache, {asked.cached:,} findings, {size:.0f} MB", size, measured([sys.executable, "-c", LOAD, folder])
            )
        )


if __name__ == "__main__":
    main()
