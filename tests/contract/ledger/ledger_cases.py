"""Every implementation of the ledger, made empty; and entries to put in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from remedy_gate.domain.ledger import Entry
from remedy_gate.ledger.canonical import canonical
from remedy_gate.ledger.dynamodb import DynamoLedger
from remedy_gate.ledger.segments import Segments
from remedy_gate.ledger.sqlite import SqliteLedger

REGION = "eu-west-1"
SEGMENT = 20
CREDENTIALS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing", "region_name": REGION}
AT = "2026-11-20T08:00:00Z"


def entry(number: int, kind: str = "decision", attachment: str | None = None) -> Entry:
    identifier = f"{number:032x}"
    return Entry(identifier, kind, canonical({"at": AT, "id": identifier, "kind": kind, "n": number}), attachment)


def entries(count: int, first: int = 0) -> tuple[Entry, ...]:
    return tuple(map(entry, range(first, first + count)))


def make_table(client: Any, name: str) -> None:
    client.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")],
        BillingMode="PAY_PER_REQUEST",
    )


@contextmanager
def sqlite(folder: Path) -> Iterator[SqliteLedger]:
    ledger = SqliteLedger(str(folder / "remedy-gate"))
    yield ledger
    ledger.close()


@contextmanager
def dynamodb(_folder: Path) -> Iterator[DynamoLedger]:
    import boto3
    from moto import mock_aws

    with mock_aws():
        client = boto3.client("dynamodb", **CREDENTIALS)
        s3 = boto3.client("s3", **CREDENTIALS)
        make_table(client, "audit")
        s3.create_bucket(
            Bucket="sealed",
            ObjectLockEnabledForBucket=True,
            CreateBucketConfiguration={"LocationConstraint": REGION},
        )
        segments = Segments(s3, "sealed", "audit/o/r/", ("compliance", 400), SEGMENT)
        yield DynamoLedger(client, "audit", "o/r", segments, lambda _: None)


IMPLEMENTATIONS = (sqlite, dynamodb)
