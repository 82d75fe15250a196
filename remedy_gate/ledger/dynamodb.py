"""The ledger that many runners share: one DynamoDB table, where one conditional write on the head decides each step.

The head's item carries the batch that it was moved on with. So the batch is recorded in that one write, and whoever
comes next gives its records their own items if whoever wrote it died before that. No lock, no lease, no transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any

from remedy_gate.domain.ledger import Entry, Head, Record
from remedy_gate.errors import LedgerError

from .canonical import digest_of
from .chain import START
from .dynamodb_batch import (
    POINTED,
    Item,
    Link,
    chained,
    chunks,
    links_from,
    links_text,
    pointer_of,
    record_key,
    record_of,
    wait,
)
from .dynamodb_errors import aws_errors, explained, is_overtaken, is_worth_repeating

if TYPE_CHECKING:
    from .segments import Segments

MOST_ATTACHED = 350_000
ATTEMPTS = 60
MOST_TROUBLES = 6  # throttled or unanswered so often, each time after the SDK's own attempts: a run waits no longer
PATIENCE = 30.0  # seconds, from the second time on
_KEYS = 100
_WRITES = 25


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

    def append(self, entries: Sequence[Entry]) -> Head:
        """See `Ledger`. Where it fails half-way, handing the same entries in again adds only what is not there."""
        with explained(self._table):
            if not entries:
                return self._head("head")
            self._attach(entries)
            for chunk in chunks(entries):
                head = self._add(chunk)
            self._seal(head)
            return head

    def records(self, kinds: tuple[str, ...] = ()) -> Iterator[Record]:
        """See `Ledger`."""
        with explained(self._table):
            self._settle(self._latest()[1])
            if not kinds:
                yield from (record_of(item) for item in self._query("record#"))
                return
            pointed = [kind for kind in kinds if kind in POINTED]
            if len(pointed) < len(kinds):
                yield from (record_of(item) for item in self._query("record#") if item["kind"]["S"] in kinds)
                return
            numbers = sorted(
                int(item["sk"]["S"].rpartition("#")[2]) for kind in kinds for item in self._query(f"kind#{kind}#")
            )
            items = self._items([record_key(number) for number in numbers])
            yield from sorted(map(record_of, items), key=lambda record: record.seq)

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
            found = self._items([record_key(through)])
            if not found:
                raise LedgerError(f"There is no record {through} to prune up to.")
            start = record_of(found[0])
            head = self._add((entry,))  # first told, then done
            self._client.put_item(**self._put("start", seq=start.seq, hash=start.hash))
            gone = [item for item in self._query("record#") if int(item["seq"]["N"]) <= through]
            self._delete(gone)
            return head

    def _add(self, entries: Sequence[Entry]) -> Head:
        """Move the head on from exactly what it was, or read it again and try anew."""
        troubles, begun = 0, monotonic()
        for attempt in range(self._attempts):
            if attempt:
                self._pause(wait(attempt))
            try:
                before, batch, there = self._latest([f"id#{entry.id}" for entry in entries])
                there |= {f"id#{link.id}" for link in batch}
                new = [entry for entry in entries if f"id#{entry.id}" not in there]
                if not new:
                    return before
                self._settle(batch)
                links = chained(new, before)
                self._client.put_item(**self._moved(before, links))
                self._settle(links)
            except aws_errors() as error:
                troubles += not is_overtaken(error)
                is_long = troubles > 1 and monotonic() - begun > PATIENCE
                if not is_worth_repeating(error) or troubles >= MOST_TROUBLES or is_long:
                    raise
                continue
            return Head(links[-1].seq, links[-1].hash)
        raise LedgerError(f"The ledger {self._table} was too busy for {self._attempts} attempts.", "Try again.")

    def _latest(self, keys: Iterable[str] = ()) -> tuple[Head, tuple[Link, ...], set[str]]:
        """The head, the batch that it was moved on with, and which of the keys are there.

        What is in the batch is recorded, whether it has items yet or not.
        """
        items = {item["sk"]["S"]: item for item in self._items(["head", *keys])}
        head = items.pop("head", None)
        if head is None:
            return START, (), set(items)
        return Head(int(head["seq"]["N"]), head["hash"]["S"]), links_from(head["batch"]["S"]), set(items)

    def _moved(self, before: Head, links: tuple[Link, ...]) -> dict[str, Any]:
        """The one write that decides: the head with its batch, if the head is still what it was."""
        last = links[-1]
        put = self._put("head", seq=last.seq, hash=last.hash, batch=links_text(links))
        if before == START:
            return {**put, "ConditionExpression": "attribute_not_exists(sk)"}
        return {
            **put,
            "ConditionExpression": "#seq = :seq AND #hash = :hash",
            "ExpressionAttributeNames": {"#seq": "seq", "#hash": "hash"},
            "ExpressionAttributeValues": {":seq": {"N": str(before.seq)}, ":hash": {"S": before.hash}},
        }

    def _settle(self, links: tuple[Link, ...]) -> None:
        """Give each record of a batch its items, whoever moved the head: the last record's item comes last of all."""
        if not links or self._items([record_key(links[-1].seq)]):
            return
        puts = [put for link in links[:-1] for put in self._items_of(link)] + self._items_of(links[-1])[1:]
        self._write([{"PutRequest": {"Item": put["Item"]}} for put in puts])
        self._client.put_item(**self._items_of(links[-1])[0])

    def _items_of(self, link: Link) -> list[dict[str, Any]]:
        texts = {"hash": link.hash, "text": link.text, "id": link.id, "kind": link.kind}
        items = [self._put(record_key(link.seq), seq=link.seq, **texts), self._put(f"id#{link.id}", seq=link.seq)]
        if link.kind in POINTED:
            items.append(self._put(f"kind#{link.kind}#{link.seq:012}", seq=link.seq))
        return items

    def _attach(self, entries: Iterable[Entry]) -> None:
        texts = (entry.attachment for entry in entries if entry.attachment is not None)
        kept = [text for text in texts if len(text.encode("utf-8", "replace")) <= MOST_ATTACHED]
        for text in kept:
            self._client.put_item(**self._put(f"attachment#{digest_of(text)}", text=text))

    def _put(self, key: str, *, seq: int = 0, **texts: str) -> dict[str, Any]:
        item: Item = {"pk": {"S": self._name}, "sk": {"S": key}, "seq": {"N": str(seq)}}
        return {"TableName": self._table, "Item": {**item, **{name: {"S": text} for name, text in texts.items()}}}

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
        keys = [key for item in items for key in (item["sk"]["S"], f"id#{item['id']['S']}", pointer_of(item)) if key]
        self._write([{"DeleteRequest": {"Key": {"pk": {"S": self._name}, "sk": {"S": key}}}} for key in keys])

    def _write(self, requests: list[dict[str, Any]]) -> None:
        for first in range(0, len(requests), _WRITES):
            wanted: Any = requests[first : first + _WRITES]
            while wanted:
                answer = self._client.batch_write_item(RequestItems={self._table: wanted})
                wanted = answer.get("UnprocessedItems", {}).get(self._table, [])

    def _seal(self, head: Head) -> None:
        """Put every whole segment that is not in S3 yet there, under lock."""
        if self._segments is None:
            return
        sealed = self._head("sealed")
        size = self._segments.size
        while head.seq - sealed.seq >= size:
            keys = [record_key(seq) for seq in range(sealed.seq + 1, sealed.seq + size + 1)]
            records = sorted(map(record_of, self._items(keys)), key=lambda record: record.seq)
            sealed = self._segments.seal(records, sealed)
            self._client.put_item(**self._put("sealed", seq=sealed.seq, hash=sealed.hash))
