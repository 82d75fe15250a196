"""The ledger that many runners share: one DynamoDB table, where every step is one transaction on the chain's head."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from remedy_gate.domain.ledger import Entry, Head, Record
from remedy_gate.errors import LedgerError

from .canonical import digest_of
from .chain import SEGMENT, START, link
from .dynamodb_errors import aws_errors, explained, is_worth_repeating

if TYPE_CHECKING:
    from remedy_gate.policy.rules import LedgerChoice

    from .segments import Segments

Item: TypeAlias = "dict[str, dict[str, str]]"
POINTED = ("request", "approval", "rejection", "outcome", "prune", "publication")
"""Kinds that are asked for by name, and so have a pointer each."""

MOST_ATTACHED = 350_000
_CHUNK = 24  # entries of one transaction, which holds 100 items; an entry is up to four
ATTEMPTS = 60
_KEYS = 100
_DELETES = 25
_LONGEST_WAIT = 2.0


class DynamoLedger:
    """A `Ledger` in a table with the keys `pk` and `sk`, both texts. `pause` waits some seconds."""

    __slots__ = ("_attempts", "_client", "_name", "_pause", "_segments", "_table")

    def __init__(
        self,
        client: Any,  # noqa: ANN401 - boto3's clients have no types
        table: str,
        name: str,
        segments: Segments | None,
        pause: Callable[[float], None],
        attempts: int = ATTEMPTS,
    ) -> None:
        self._client = client
        self._table = table
        self._name = name
        self._segments = segments
        self._pause = pause
        self._attempts = attempts

    @staticmethod
    def connected(choice: LedgerChoice, name: str) -> DynamoLedger:
        """The ledger of this name, with the credentials that the AWS SDK finds. Nothing is asked for yet."""
        import time

        from .dynamodb_errors import client
        from .segments import Segments

        prefix = f"{choice.prefix}{name}/"
        lock = (choice.mode, choice.retention_days)
        segments = Segments(client("s3", choice.region), choice.bucket, prefix, lock) if choice.bucket else None
        return DynamoLedger(client("dynamodb", choice.region), choice.table, name, segments, time.sleep)

    def append(self, entries: Sequence[Entry]) -> Head:
        """See `Ledger`. Where it fails half-way, handing the same entries in again adds only what is not there."""
        with explained(self._table):
            head = self._head("head")
            for first in range(0, len(entries), _CHUNK):
                head = self._add(entries[first : first + _CHUNK], ())
            if entries:
                self._seal(head)
            return head

    def records(self, kinds: tuple[str, ...] = ()) -> Iterator[Record]:
        """See `Ledger`."""
        with explained(self._table):
            if not kinds:
                yield from (_record(item) for item in self._query("record#"))
                return
            pointed = [kind for kind in kinds if kind in POINTED]
            if len(pointed) < len(kinds):
                yield from (_record(item) for item in self._query("record#") if item["kind"]["S"] in kinds)
                return
            numbers = sorted(
                int(item["sk"]["S"].rpartition("#")[2]) for kind in kinds for item in self._query(f"kind#{kind}#")
            )
            items = self._items([_record_key(number) for number in numbers])
            yield from sorted(map(_record, items), key=lambda record: record.seq)

    def attachment(self, digest: str) -> str | None:
        """See `Ledger`."""
        with explained(self._table):
            items = self._items([f"attachment#{digest}"])
        return items[0]["text"]["S"] if items and digest_of(items[0]["text"]["S"]) == digest else None

    def start(self) -> Head:
        """Where the chain begins: after the last record that was pruned."""
        with explained(self._table):
            return self._head("start")

    def anchors(self) -> tuple[Head, ...]:
        """The head in the table, and the heads of the segments that were sealed in S3."""
        with explained(self._table):
            sealed = self._segments.heads() if self._segments is not None else ()
            return (self._head("head"), *sealed)

    def prune(self, through: int, entry: Entry) -> Head:
        """Take out the records up to a number that lie in S3 already, and record that it was done."""
        with explained(self._table):
            if self._segments is None or through > self._head("sealed").seq:
                raise LedgerError("Only what is sealed in S3 can be pruned.", "Give the ledger a `bucket`.")
            found = self._items([_record_key(through)])
            if not found:
                raise LedgerError(f"There is no record {through} to prune up to.")
            start = _record(found[0])
            head = self._add((entry,), (self._put("start", seq=start.seq, hash=start.hash),))
            gone = [item for item in self._query("record#") if int(item["seq"]["N"]) <= through]
            self._delete(gone)
            return head

    def _add(self, entries: Sequence[Entry], more: tuple[dict[str, Any], ...]) -> Head:
        """One transaction: the head moves on from exactly what it was, or nothing happens and it is tried again."""
        for attempt in range(self._attempts):
            before = self._head("head")
            there = {item["sk"]["S"] for item in self._items([f"id#{entry.id}" for entry in entries])}
            new = [entry for entry in entries if f"id#{entry.id}" not in there]
            if not new:
                return before
            head, actions = self._actions(new, before)
            try:
                self._client.transact_write_items(TransactItems=[*actions, *more])
            except aws_errors() as error:
                if not is_worth_repeating(error):
                    raise
                self._pause(_wait(attempt))
                continue
            return head
        raise LedgerError(f"The ledger {self._table} was too busy for {self._attempts} attempts.", "Try again.")

    def _actions(self, entries: Iterable[Entry], before: Head) -> tuple[Head, list[dict[str, Any]]]:
        head, actions = before, []
        for entry in entries:
            head = Head(head.seq + 1, link(head.seq + 1, head.hash, entry.text))
            texts = {"hash": head.hash, "text": entry.text, "id": entry.id, "kind": entry.kind}
            actions.append(self._put(_record_key(head.seq), seq=head.seq, new=True, **texts))
            actions.append(self._put(f"id#{entry.id}", seq=head.seq, new=True))
            if entry.kind in POINTED:
                actions.append(self._put(f"kind#{entry.kind}#{head.seq:012}", seq=head.seq, new=True))
            if entry.attachment is not None and len(entry.attachment.encode("utf-8", "replace")) <= MOST_ATTACHED:
                actions.append(self._put(f"attachment#{digest_of(entry.attachment)}", text=entry.attachment))
        moved = self._put("head", seq=head.seq, hash=head.hash)
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(sk)"}
        if before != START:
            names = {"ExpressionAttributeNames": {"#seq": "seq", "#hash": "hash"}}
            values = {":seq": {"N": str(before.seq)}, ":hash": {"S": before.hash}}
            condition = {"ConditionExpression": "#seq = :seq AND #hash = :hash", **names}
            moved["Put"]["ExpressionAttributeValues"] = values
        moved["Put"].update(condition)
        return head, [moved, *actions]

    def _put(self, key: str, *, seq: int = 0, new: bool = False, **texts: str) -> dict[str, Any]:
        item: Item = {"pk": {"S": self._name}, "sk": {"S": key}, "seq": {"N": str(seq)}}
        put: dict[str, Any] = {
            "TableName": self._table,
            "Item": {**item, **{name: {"S": text} for name, text in texts.items()}},
        }
        if new:
            put["ConditionExpression"] = "attribute_not_exists(sk)"
        return {"Put": put}

    def _head(self, name: str) -> Head:
        items = self._items([name])
        return Head(int(items[0]["seq"]["N"]), items[0]["hash"]["S"]) if items else START

    def _items(self, keys: list[str]) -> list[Item]:
        found: list[Item] = []
        for first in range(0, len(keys), _KEYS):
            wanted: Any = [{"pk": {"S": self._name}, "sk": {"S": key}} for key in keys[first : first + _KEYS]]
            while wanted:
                request = {self._table: {"Keys": wanted, "ConsistentRead": True}}
                answer = self._client.batch_get_item(RequestItems=request)
                found += answer["Responses"].get(self._table, [])
                wanted = answer.get("UnprocessedKeys", {}).get(self._table, {}).get("Keys", [])
        return found

    def _query(self, prefix: str) -> Iterator[Item]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            ConsistentRead=True,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues={":pk": {"S": self._name}, ":prefix": {"S": prefix}},
        )
        for page in pages:
            yield from page["Items"]

    def _delete(self, items: Sequence[Item]) -> None:
        keys = [key for item in items for key in (item["sk"]["S"], f"id#{item['id']['S']}", _pointer(item)) if key]
        for first in range(0, len(keys), _DELETES):
            wanted: Any = [
                {"DeleteRequest": {"Key": {"pk": {"S": self._name}, "sk": {"S": key}}}}
                for key in keys[first : first + _DELETES]
            ]
            while wanted:
                answer = self._client.batch_write_item(RequestItems={self._table: wanted})
                wanted = answer.get("UnprocessedItems", {}).get(self._table, [])

    def _seal(self, head: Head) -> None:
        """Put every whole segment that is not in S3 yet there, under lock."""
        if self._segments is None:
            return
        sealed = self._head("sealed")
        while head.seq - sealed.seq >= SEGMENT:
            keys = [_record_key(seq) for seq in range(sealed.seq + 1, sealed.seq + SEGMENT + 1)]
            records = sorted(map(_record, self._items(keys)), key=lambda record: record.seq)
            sealed = self._segments.seal(records, sealed)
            self._client.put_item(**self._put("sealed", seq=sealed.seq, hash=sealed.hash)["Put"])


def _record(item: Item) -> Record:
    return Record(int(item["seq"]["N"]), item["hash"]["S"], item["text"]["S"])


def _record_key(seq: int) -> str:
    return f"record#{seq:012}"


def _pointer(item: Item) -> str:
    kind = item["kind"]["S"]
    return f"kind#{kind}#{int(item['seq']['N']):012}" if kind in POINTED else ""


def _wait(attempt: int) -> float:
    """Seconds until the next attempt: growing, and not the same for any two who wait."""
    from random import random

    return float(min(_LONGEST_WAIT, 0.01 * 2.0**attempt) * (0.5 + random()))  # noqa: S311 - no secret
