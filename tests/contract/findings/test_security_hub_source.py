"""AWS Security Hub in both versions: its filters, its limits, its refusals. Requests are held against botocore's model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import boto3
import pytest
from aws_standin import CREDENTIALS, Account, asff, aws, error, is_page, ocsf
from live_standins import QUICK, FastClock
from loopback import Reply, Server, as_json
from moto import mock_aws

from remedy_gate.domain.finding import CloudResource, Finding, Kind, Severity
from remedy_gate.errors import FindingsError, SettingsError
from remedy_gate.findings.live.access import Access
from remedy_gate.findings.live.cache import Cache
from remedy_gate.findings.live.findings import LiveFindings
from remedy_gate.findings.live.plan import Plan
from remedy_gate.findings.live.registry import connector
from remedy_gate.policy.sources import SourceOptions

Opener = Callable[[Account], Server]
VERSIONS = pytest.mark.parametrize("kind", ["security-hub", "security-hub-v2"])


@pytest.fixture
def clock() -> FastClock:
    return FastClock()


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_ENDPOINT_URL", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Opener]:
    with ExitStack() as stack:

        def one(account: Account) -> Server:
            server = stack.enter_context(aws(account))
            monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
            return server

        yield one


def source(kind: str, clock: FastClock, directory: Path, *, mode: str = "fail", **options: Any) -> LiveFindings:
    plan = Plan(Cache(str(directory)), kind, clock.clock(), QUICK, on_unavailable=mode)
    return LiveFindings(kind, connector(SourceOptions(kind, kind, **options), Access()), plan)


def requests(server: Server) -> list[Any]:
    return [call.json() for call in server.calls if is_page(call)]


def test_a_finding_is_read_with_everything_that_matching_needs(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    serve(Account(findings=[asff(1)]))
    assert source("security-hub", clock, tmp_path).gather({}).findings == (
        Finding(
            source="security-hub",
            rule_id="S3.8",
            title="S3 buckets should block public access",
            severity=Severity.HIGH,
            status="ACTIVE/NEW/FAILED",
            resources=(CloudResource("arn:aws:s3:::bucket-1", "AwsS3Bucket", None, "111122223333", "eu-west-1"),),
            first_seen="2026-03-01T08:00:00.000Z",
        ),
    )


def test_a_finding_of_version_2_is_read_with_everything_that_matching_needs(
    serve: Opener, clock: FastClock, tmp_path: Path
) -> None:
    serve(Account(events=[ocsf(1)]))
    (finding,) = source("security-hub-v2", clock, tmp_path).gather({}).findings
    assert (finding.rule_id, finding.severity, finding.status) == ("S3.8", Severity.HIGH, "Fail/New")
    assert finding.resources[0].id == "arn:aws:s3:::bucket-1"
    assert finding.resources[0].account == "111122223333"


def test_security_hub_itself_leaves_out_what_is_not_open(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    server = serve(Account(findings=[asff(1)]))
    source("security-hub", clock, tmp_path).gather({})
    assert requests(server) == [
        {
            "MaxResults": 100,
            "Filters": {
                "RecordState": [{"Value": "ACTIVE", "Comparison": "EQUALS"}],
                "WorkflowStatus": [
                    {"Value": "NEW", "Comparison": "EQUALS"},
                    {"Value": "NOTIFIED", "Comparison": "EQUALS"},
                ],
            },
        }
    ]


def test_version_2_itself_leaves_out_what_is_not_open(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    server = serve(Account(events=[ocsf(1)]))
    source("security-hub-v2", clock, tmp_path).gather({})
    assert requests(server) == [
        {
            "MaxResults": 100,
            "Filters": {
                "CompositeFilters": [
                    {
                        "NumberFilters": [
                            {"FieldName": "status_id", "Filter": {"Eq": 1.0}},
                            {"FieldName": "status_id", "Filter": {"Eq": 2.0}},
                        ],
                        "Operator": "OR",
                    }
                ],
                "CompositeOperator": "AND",
            },
        }
    ]


def test_what_has_no_compliance_is_not_lost(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    access = asff(1, Types=["Effects/Data Exposure/External Access Granted"])
    del access["Compliance"]
    serve(Account(findings=[access]))
    assert [one.kind for one in source("security-hub", clock, tmp_path).gather({}).findings] == [Kind.MISCONFIGURATION]


def test_what_passed_is_left_out_and_counted_whatever_the_service_lets_through(
    serve: Opener, clock: FastClock, tmp_path: Path
) -> None:
    serve(Account(findings=[asff(1), asff(2, Compliance={"Status": "PASSED"})]))
    gathered = source("security-hub", clock, tmp_path).gather({})
    assert len(gathered.findings) == 1
    assert gathered.left_out == (("not open in security-hub", 1),)


@VERSIONS
def test_accounts_and_filters_of_the_policy_are_asked_for(
    kind: str, serve: Opener, clock: FastClock, tmp_path: Path
) -> None:
    account = Account(
        findings=[asff(1), asff(2, AwsAccountId="999900001111"), asff(3, Severity={"Label": "LOW"})],
        events=[ocsf(1), ocsf(2, cloud={"account": {"uid": "999900001111"}}), ocsf(3, severity="Low")],
    )
    serve(account)
    filters = (("SeverityLabel", ("HIGH", "CRITICAL")),) if kind == "security-hub" else (("severity", ("High",)),)
    gathered = source(kind, clock, tmp_path, accounts=("111122223333",), filters=filters).gather({})
    assert [finding.resources[0].id for finding in gathered.findings] == ["arn:aws:s3:::bucket-1"]


@VERSIONS
def test_every_region_that_is_named_is_asked(kind: str, serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    server = serve(Account(findings=[asff(1)], events=[ocsf(1)]))
    gathered = source(kind, clock, tmp_path, regions=("eu-west-1", "us-east-2")).gather({})
    signed = [call.headers["authorization"].split("/")[2] for call in server.calls]
    assert signed == ["eu-west-1", "us-east-2"]
    assert len(gathered.findings) == 1  # the same finding under the same id, as an aggregating region gives it


@VERSIONS
def test_a_second_region_that_fails_leaves_a_part_and_says_so(
    kind: str, serve: Opener, clock: FastClock, tmp_path: Path
) -> None:
    server = serve(Account(findings=[asff(1)], events=[ocsf(1)]))
    server.faults = {2: error("AccessDeniedException", 403, "not subscribed")}
    gathered = source(kind, clock, tmp_path, mode="warn", regions=("eu-west-1", "us-east-2")).gather({})
    assert len(gathered.findings) == 1
    assert [problem.message for problem in gathered.problems] == [
        (
            "AWS refused (AccessDeniedException): not subscribed. The role needs securityhub:GetFindings. "
            "So only the first 1 findings are here."
        )
    ]


@VERSIONS
def test_throttling_is_waited_for(kind: str, serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    server = serve(Account(findings=[asff(1)], events=[ocsf(1)]))
    server.faults = {1: error("ThrottlingException", 429)}
    assert len(source(kind, clock, tmp_path).gather({}).findings) == 1
    assert len(server.calls) == 2


@VERSIONS
def test_throttling_without_end_has_an_end(kind: str, serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    server = serve(Account(findings=[asff(1)], events=[ocsf(1)]))
    server.always = error("TooManyRequestsException", 429, "Rate exceeded")
    with pytest.raises(FindingsError, match="TooManyRequestsException"):
        source(kind, clock, tmp_path).gather({})
    assert len(server.calls) == QUICK.attempts


@VERSIONS
def test_an_answer_without_a_list_is_no_empty_list(kind: str, serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    server = serve(Account(findings=[asff(1)], events=[ocsf(1)]))
    server.always = Reply(200, b"<html>a captive portal</html>")
    with pytest.raises(FindingsError, match="without a list of findings"):
        source(kind, clock, tmp_path).gather({})


def test_an_answer_of_another_shape_is_no_empty_list(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    serve(Account()).always = as_json({"Findings": "none"})
    with pytest.raises(FindingsError, match="something that cannot be read"):
        source("security-hub", clock, tmp_path).gather({})
    gathered = source("security-hub-v2", clock, tmp_path).gather({})  # whose findings have no shape to botocore
    assert [problem.message for problem in gathered.problems] == ["is not an object"] * 4


@VERSIONS
def test_a_next_page_that_is_the_same_ends_the_reading(
    kind: str, serve: Opener, clock: FastClock, tmp_path: Path
) -> None:
    server = serve(Account())
    record = asff(1) if kind == "security-hub" else ocsf(1)
    server.always = as_json({"Findings": [record], "NextToken": "x"})
    gathered = source(kind, clock, tmp_path, mode="warn").gather({})
    assert len(gathered.findings) == 1
    assert "the next page is the same as the last one" in gathered.problems[0].message


@VERSIONS
def test_credentials_that_are_missing_are_named(
    kind: str, serve: Opener, clock: FastClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(Account())
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)
    with pytest.raises(FindingsError, match="there are no credentials for AWS"):
        source(kind, clock, tmp_path).gather({})


@VERSIONS
def test_a_region_that_is_missing_is_named(
    kind: str, clock: FastClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    with pytest.raises(FindingsError, match="Set AWS_REGION, or `region` of the source"):
        source(kind, clock, tmp_path).gather({})


@VERSIONS
@pytest.mark.parametrize("region", ["evil.example/", "eu-west-1.evil.example", "../eu-west-1", "EU-WEST-1", "eu"])
def test_a_region_cannot_lead_elsewhere(kind: str, region: str, clock: FastClock, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="not the name of an AWS region"):
        source(kind, clock, tmp_path, regions=(region,)).gather({})


@pytest.mark.parametrize(
    ("kind", "name"),
    [("security-hub", "RecordState"), ("security-hub", "WorkflowStatus"), ("security-hub-v2", "status_id")],
)
def test_a_filter_that_would_change_what_is_open_is_refused(
    kind: str, name: str, serve: Opener, clock: FastClock, tmp_path: Path
) -> None:
    serve(Account())
    with pytest.raises(SettingsError, match="set by what counts as open"):
        source(kind, clock, tmp_path, filters=((name, ("x",)),)).gather({})


def test_a_filter_that_aws_does_not_know_is_named(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    serve(Account())
    with pytest.raises(SettingsError, match="Colour"):
        source("security-hub", clock, tmp_path, filters=(("Colour", ("red",)),)).gather({})


def test_more_values_than_aws_takes_are_refused_before_it_is_asked(
    serve: Opener, clock: FastClock, tmp_path: Path
) -> None:
    server = serve(Account())
    many = tuple(f"{n:012}" for n in range(21))
    with pytest.raises(SettingsError, match="has 21 values, and AWS takes 20"):
        source("security-hub", clock, tmp_path, accounts=many).gather({})
    assert server.calls == []


def test_records_of_a_strange_shape_are_used_as_far_as_they_go(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    odd = [ocsf(1), ocsf(2, severity_id="high", resources={"uid": 7}), {"class_uid": 2003}, {"a": 1}]
    server = serve(Account())
    server.always = as_json({"Findings": odd})
    gathered = source("security-hub-v2", clock, tmp_path).gather({})
    assert len(gathered.findings) == 2
    assert [(problem.where, problem.message) for problem in gathered.problems] == [
        ("security-hub-v2 page 1, record 3", "is not a finding of a known format"),
        ("security-hub-v2 page 1, record 4", "is not a finding of a known format"),
    ]


def test_other_events_of_version_2_are_read_by_their_own_reader(
    serve: Opener, clock: FastClock, tmp_path: Path
) -> None:
    event = {
        "class_uid": 2004,
        "finding_info": {"uid": "d-1", "title": "Port scan", "types": ["Recon"]},
        "metadata": {"product": {"name": "GuardDuty"}, "uid": "d-1"},
        "status": "New",
        "status_id": 1,
        "severity_id": 3,
    }
    serve(Account(events=[event]))
    (finding,) = source("security-hub-v2", clock, tmp_path).gather({}).findings
    assert finding.kind is not Kind.MISCONFIGURATION


@mock_aws
def test_moto_gives_what_was_imported_over_several_pages(clock: FastClock, tmp_path: Path) -> None:
    hub = boto3.client("securityhub", region_name="eu-west-1")
    records = [asff(n) for n in range(1, 231)]
    records[7]["RecordState"] = "ARCHIVED"  # moto has no filters: the reader tells them apart
    for at in range(0, len(records), 100):
        hub.batch_import_findings(Findings=records[at : at + 100])
    gathered = source("security-hub", clock, tmp_path, regions=("eu-west-1",)).gather({})
    assert len(gathered.findings) == 229
    assert gathered.left_out == (("not open in security-hub", 1),)
    assert gathered.problems == ()
