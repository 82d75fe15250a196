"""The shared ledger: many writers on a server, and everything that AWS may answer."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Lock, Thread
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from ledger_cases import CREDENTIALS, SEGMENT, dynamodb, entries, entry, make_table

from remedy_gate.errors import LedgerError
from remedy_gate.ledger.dynamodb import DynamoLedger
from remedy_gate.ledger.verifying import verify

FULL = os.environ.get("REMEDY_GATE_TEST_FULL") == "1"
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")


@pytest.fixture
def endpoint() -> Iterator[str]:
    pytest.importorskip("flask", reason="moto's server needs moto[server]")
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    # One request at a time, as moto's checks and writes are not one step: DynamoDB's are, for an item.
    server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=False)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def write_at_once(client: Any, writers: int, each: int, batch: int) -> None:
    """Many writers on one table, each with its own entries in steps of `batch`; then everything has to be there."""

    def write(number: int) -> None:
        ledger = DynamoLedger(client, "busy", "o/r", None, time.sleep, attempts=10_000)
        mine = entries(each, number * each)
        for first in range(0, each, batch):
            ledger.append(mine[first : first + batch])

    make_table(client, "busy")
    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(write, range(writers)))
    ledger = DynamoLedger(client, "busy", "o/r", None, time.sleep)
    assert sorted(record.text for record in ledger.records()) == sorted(one.text for one in entries(writers * each))
    found = verify(ledger)
    assert (found.records, found.faults) == (writers * each, ())


def test_64_writers_at_once_on_a_server_lose_nothing_and_double_nothing(endpoint: str) -> None:
    config = Config(max_pool_connections=64, retries={"max_attempts": 8, "mode": "standard"}, read_timeout=120)
    client = boto3.client("dynamodb", endpoint_url=endpoint, config=config, **CREDENTIALS)
    write_at_once(client, *((64, 157, 24) if FULL else (8, 12, 6)))


class OneCallAtATime:
    """moto inside of the process is not made for threads: the calls take turns, and what lies between them does not."""

    def __init__(self, client: Any) -> None:
        self._client, self._turn = client, Lock()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._client, name)

        def call(*words: Any, **more: Any) -> Any:
            with self._turn:
                return method(*words, **more)

        return call


def test_writers_at_once_lose_nothing_and_double_nothing(tmp_path: Any) -> None:
    with dynamodb(tmp_path) as whole:
        write_at_once(OneCallAtATime(whole._client), 8, 12, 3)


class Failing:
    """A client that fails some times with an error before, or after, it does what it is asked."""

    def __init__(self, client: Any, error: Exception, times: int, *, after: bool = False) -> None:
        self._client, self._error, self.times, self._after = client, error, times, after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def put_item(self, **words: Any) -> Any:
        if self.times > 0 and words["Item"]["sk"]["S"] == "head":
            self.times -= 1
            if self._after:
                self._client.put_item(**words)
            raise self._error
        return self._client.put_item(**words)


def answered(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "m"}}, "PutItem")


PASSING = [
    answered("ThrottlingException"),
    answered("ProvisionedThroughputExceededException"),
    answered("InternalServerError"),
    answered("ConditionalCheckFailedException"),
    ReadTimeoutError(endpoint_url="x"),
]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("error", PASSING, ids=str)
def test_what_passes_is_waited_out_and_an_answer_that_was_lost_doubles_nothing(
    error: Exception, after: bool, tmp_path: Any
) -> None:
    with dynamodb(tmp_path) as whole:
        waits: list[float] = []
        ledger = DynamoLedger(
            Failing(whole._client, error, 3 if not after else 1, after=after), "audit", "o/r", None, waits.append
        )
        assert ledger.append(entries(5)).seq == 5
        assert len(waits) == (1 if after else 3)
        assert verify(whole).records == 5


LASTING = [
    (answered("ExpiredTokenException"), "ExpiredTokenException. The credentials have expired: get new ones."),
    (answered("AccessDeniedException"), "AccessDeniedException. The role lacks a right; docs/ledger.md lists them."),
    (answered("ValidationException"), "ValidationException. Check the network and the credentials."),
    (EndpointConnectionError(endpoint_url="x"), "EndpointConnectionError. Check the network and the credentials."),
]


@pytest.mark.parametrize(("error", "words"), LASTING, ids=lambda value: str(value)[:40])
def test_what_does_not_pass_is_told_in_words_and_nothing_is_added(error: Exception, words: str, tmp_path: Any) -> None:
    with dynamodb(tmp_path) as whole:
        head = whole.append(entries(2))
        ledger = DynamoLedger(Failing(whole._client, error, 1), "audit", "o/r", None, lambda _: None)
        with pytest.raises(LedgerError) as told:
            ledger.append(entries(5))
        assert str(told.value) == f"The ledger audit could not be reached: {words}"
        assert verify(whole) == (2, head, ())


class Dying:
    """A client of a process that dies right after it moved the head."""

    def __init__(self, client: Any) -> None:
        self._client, self._dead = client, False

    def __getattr__(self, name: str) -> Any:
        if self._dead:
            raise KeyboardInterrupt
        return getattr(self._client, name)

    def put_item(self, **words: Any) -> Any:
        answer = self.__getattr__("put_item")(**words)
        self._dead = words["Item"]["sk"]["S"] == "head"
        return answer


def test_whoever_dies_after_the_head_was_moved_has_recorded_and_the_next_one_finishes_it(tmp_path: Any) -> None:
    with dynamodb(tmp_path) as whole:
        whole.append(entries(2))
        with pytest.raises(KeyboardInterrupt):
            DynamoLedger(Dying(whole._client), "audit", "o/r", None, lambda _: None).append(entries(3, 2))
        assert whole.append(entries(1, 5)).seq == 6
        assert [record.text for record in whole.records()] == [one.text for one in entries(6)]
        assert whole.append(entries(6)).seq == 6


def test_what_was_recorded_is_read_before_anybody_finishes_it(tmp_path: Any) -> None:
    with dynamodb(tmp_path) as whole:
        with pytest.raises(KeyboardInterrupt):
            DynamoLedger(Dying(whole._client), "audit", "o/r", None, lambda _: None).append(entries(3))
        assert len(list(whole.records())) == 3
        assert verify(whole).faults == ()


def test_a_table_that_stays_busy_is_told(tmp_path: Any) -> None:
    with dynamodb(tmp_path) as whole:
        ledger = DynamoLedger(
            Failing(whole._client, answered("ThrottlingException"), 10**6), "audit", "o/r", None, lambda _: None
        )
        with pytest.raises(LedgerError, match="too busy"):
            ledger.append(entries(1))


def test_a_table_that_stays_throttled_is_not_waited_for_all_day(tmp_path: Any) -> None:
    waited: list[float] = []
    with dynamodb(tmp_path) as whole:
        failing = Failing(whole._client, answered("ThrottlingException"), 10**6)
        with pytest.raises(LedgerError, match=r"ThrottlingException\. It is too busy: try again later"):
            DynamoLedger(failing, "audit", "o/r", None, waited.append).append(entries(1))
    assert len(waited) == 5
    assert 10**6 - failing.times == 6


def test_whoever_is_overtaken_tries_on(tmp_path: Any) -> None:
    with dynamodb(tmp_path) as whole:
        failing = Failing(whole._client, answered("ConditionalCheckFailedException"), 20)
        assert DynamoLedger(failing, "audit", "o/r", None, lambda _: None).append(entries(1)).seq == 1


def test_a_table_that_is_not_there_is_told(tmp_path: Any) -> None:
    with dynamodb(tmp_path) as whole, pytest.raises(LedgerError, match="There is no such table"):
        DynamoLedger(whole._client, "nowhere", "o/r", None, lambda _: None).append(entries(1))


def test_whole_segments_are_sealed_under_lock_and_tell_of_a_cut_end(tmp_path: Any) -> None:
    with dynamodb(tmp_path) as ledger:
        ledger.append(entries(2 * SEGMENT + 10))
        assert ledger._segments is not None
        s3 = ledger._segments._client
        keys = [item["Key"] for item in s3.list_objects_v2(Bucket="sealed")["Contents"]]
        assert [key[:27] for key in keys] == ["audit/o/r/segment-00000000-", "audit/o/r/segment-00000001-"]
        stored = s3.get_object(Bucket="sealed", Key=keys[0])
        assert stored["ObjectLockMode"] == "COMPLIANCE"
        lines = stored["Body"].read().decode().splitlines()
        assert [json.loads(line)["seq"] for line in (lines[0], lines[-1])] == [1, SEGMENT]
        version = stored["VersionId"]
        with pytest.raises(ClientError, match=r"Access ?Denied"):
            s3.delete_object(Bucket="sealed", Key=keys[0], VersionId=version)
        cut(ledger, 15)
        assert "once" in verify(ledger).faults[-1].what


def cut(ledger: DynamoLedger, last: int) -> None:
    """What somebody with every right to the table could do: cut the end, and set the head back."""
    kept = [record for record in ledger.records() if record.seq <= last]
    for seq in range(last + 1, 2 * SEGMENT + 11):
        ledger._client.delete_item(TableName="audit", Key={"pk": {"S": "o/r"}, "sk": {"S": f"record#{seq:012}"}})
    ledger._client.put_item(**ledger._put("head", seq=last, hash=kept[-1].hash, batch="[]"))


@pytest.mark.parametrize("what", ["text", "hash", "gone"])
def test_what_is_done_to_the_table_is_found(what: str, tmp_path: Any) -> None:
    with dynamodb(tmp_path) as ledger:
        ledger.append(entries(20))
        ledger.append(entries(1, 20))
        key = {"pk": {"S": "o/r"}, "sk": {"S": f"record#{7:012}"}}
        if what == "gone":
            ledger._client.delete_item(TableName="audit", Key=key)
        else:
            item = ledger._client.get_item(TableName="audit", Key=key)["Item"]
            item[what] = {"S": item[what]["S"].replace("7", "8").replace("a", "b")}
            ledger._client.put_item(TableName="audit", Item=item)
        assert verify(ledger).faults


def test_a_last_record_that_was_deleted_is_still_there_in_the_head(tmp_path: Any) -> None:
    with dynamodb(tmp_path) as ledger:
        ledger.append(entries(3))
        ledger._client.delete_item(TableName="audit", Key={"pk": {"S": "o/r"}, "sk": {"S": f"record#{3:012}"}})
        assert verify(ledger) == (3, ledger.append(()), ())


def test_two_ledgers_share_a_table_and_do_not_meet(tmp_path: Any) -> None:
    with dynamodb(tmp_path) as one:
        other = DynamoLedger(one._client, "audit", "o/other", None, lambda _: None)
        assert (one.append(entries(3)).seq, other.append(entries(2)).seq) == (3, 2)
        assert [record.seq for record in other.records()] == [1, 2]


def test_a_diff_that_is_too_large_for_an_item_is_left_out_and_the_record_stays(tmp_path: Any) -> None:
    with dynamodb(tmp_path) as ledger:
        assert ledger.append((entry(1, "request", "x" * 400_000),)).seq == 1
        assert verify(ledger).records == 1
