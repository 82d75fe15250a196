"""Wiz as it is: tokens that end, errors with status 200, limits, older tenants, and changes since the last time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from live_standins import QUICK, FastClock
from loopback import Reply, Server, as_json
from wiz_standin import CLIENT_ID, CLIENT_SECRET, Tenant, configuration_finding, is_query, issue, wiz

from remedy_gate.domain.finding import CloudResource, Finding, Kind, Severity
from remedy_gate.errors import FindingsError, SettingsError
from remedy_gate.findings.live.access import Access, Secret, access_from
from remedy_gate.findings.live.cache import Cache
from remedy_gate.findings.live.findings import LiveFindings
from remedy_gate.findings.live.plan import Plan, Reach
from remedy_gate.findings.live.registry import connector
from remedy_gate.findings.live.service import Patience
from remedy_gate.findings.live.taking import WHOLE_EVERY
from remedy_gate.findings.live.wiz import api_address
from remedy_gate.policy.sources import SourceOptions

Opener = Callable[[Tenant], Server]


@pytest.fixture
def clock() -> FastClock:
    return FastClock()


@pytest.fixture
def serve() -> Iterator[Opener]:
    with ExitStack() as stack:
        yield lambda tenant: stack.enter_context(wiz(tenant))


def source(server: Server, clock: FastClock, directory: Path, **other: Any) -> LiveFindings:
    options = SourceOptions("wiz", other.pop("kind", "wiz"), filters=other.pop("filters", ()))
    environment = {
        "WIZ_CLIENT_ID": CLIENT_ID,
        "WIZ_CLIENT_SECRET": other.pop("secret", CLIENT_SECRET),
        "WIZ_API_URL": f"{server.url}/graphql",
        "WIZ_AUTH_URL": f"{server.url}/oauth/token",
    }
    plan = Plan(Cache(str(directory)), "wiz", clock.clock(), other.pop("limits", QUICK), **other)
    return LiveFindings("wiz", connector(options, access_from(environment)), plan)


def ids(findings: Sequence[Finding]) -> list[str]:
    return [finding.resources[0].id for finding in findings]


def queries(server: Server) -> list[dict[str, Any]]:
    return [call.json() for call in server.calls if is_query(call)]


def test_an_issue_is_read_with_everything_that_matching_needs(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    gathered = source(serve(Tenant([issue(1)])), clock, tmp_path).gather({})
    assert gathered.findings == (
        Finding(
            source="wiz",
            rule_id="wc-id-1",
            title="Rule 1",
            severity=Severity.HIGH,
            status="OPEN",
            resources=(
                CloudResource(
                    "arn:aws:s3:::bucket-1", "bucket", "bucket-1", "111122223333", "eu-west-1", (("team", "fruit"),)
                ),
            ),
            first_seen="2026-08-02T10:15:30.120331Z",
        ),
    )


def test_a_configuration_finding_is_read_with_everything_that_matching_needs(
    serve: Opener, clock: FastClock, tmp_path: Path
) -> None:
    tenant = Tenant(findings=[configuration_finding(1), configuration_finding(2, result="PASS")])
    gathered = source(serve(tenant), clock, tmp_path, kind="wiz-configuration").gather({})
    assert gathered.findings == (
        Finding(
            source="wiz",
            rule_id="S3-023",
            title="Block new public ACLs",
            severity=Severity.HIGH,
            status="FAIL/OPEN",
            resources=(
                CloudResource(
                    "arn:aws:s3:::bucket-1", "bucket", "bucket-1", "111122223333", "eu-west-1", (("team", "fruit"),)
                ),
            ),
            first_seen="2026-07-07T16:43:34Z",
        ),
    )


def test_a_threat_is_told_apart_from_a_misconfiguration(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    event = issue(1, sourceRules=[{"__typename": "CloudEventRule", "id": "cer-1", "name": "Odd calls"}])
    gathered = source(serve(Tenant([event])), clock, tmp_path).gather({})
    assert [finding.kind for finding in gathered.findings] == [Kind.THREAT]


def test_a_tenant_that_knows_one_rule_an_issue_only_is_asked_for_that(
    serve: Opener, clock: FastClock, tmp_path: Path
) -> None:
    tenant = Tenant([issue(1), issue(2)], page=1, older=True)
    server = serve(tenant)
    gathered = source(server, clock, tmp_path).gather({})
    assert [finding.rule_id for finding in gathered.findings] == ["wc-id-1", "wc-id-2"]
    assert len(queries(server)) == 3  # refused once, and remembered


def test_one_sign_in_is_enough_while_the_token_is_good(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    tenant = Tenant([issue(n) for n in range(6)], page=2)
    source(serve(tenant), clock, tmp_path).gather({})
    assert tenant.logins == 1


@pytest.mark.parametrize("in_200", [False, True])
def test_a_token_that_ends_between_pages_is_followed_by_a_new_one(
    in_200: bool, serve: Opener, clock: FastClock, tmp_path: Path
) -> None:
    def revoke(tenant: Tenant, page: int) -> None:
        if page == 2:
            tenant.tokens.clear()

    tenant = Tenant([issue(n) for n in range(6)], page=2, signed_out_in_200=in_200, before_page=revoke)
    gathered = source(serve(tenant), clock, tmp_path).gather({})
    assert len(gathered.findings) == 6
    assert tenant.logins == 2


def test_a_token_is_not_used_up_to_its_very_end(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    tenant = Tenant([issue(n) for n in range(6)], page=2, lives=70)
    limits = QUICK._replace(total=1_000.0)

    def slowly(_name: str, _count: int) -> None:
        clock.ahead += 12

    gathered = source(serve(tenant), clock, tmp_path, limits=limits, progress=slowly).gather({})
    assert len(gathered.findings) == 6
    assert tenant.logins == 3


@pytest.mark.parametrize("in_200", [False, True])
def test_a_token_that_is_never_taken_is_an_error(in_200: bool, serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    tenant = Tenant([issue(1)], lives=-1, signed_out_in_200=in_200)
    with pytest.raises(FindingsError, match=r"status 401|access denied"):
        source(serve(tenant), clock, tmp_path).gather({})
    assert tenant.logins == 2


def test_credentials_that_are_refused_are_named_and_not_repeated(
    serve: Opener, clock: FastClock, tmp_path: Path
) -> None:
    with pytest.raises(FindingsError) as raised:
        source(serve(Tenant()), clock, tmp_path, secret="another-secret").gather({})
    assert str(raised.value) == (
        "wiz: Wiz did not let us in (status 401, access_denied). Check WIZ_CLIENT_ID and WIZ_CLIENT_SECRET."
    )


def test_without_credentials_it_is_said_which_are_missing(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    with pytest.raises(FindingsError, match="Set WIZ_CLIENT_ID and WIZ_CLIENT_SECRET"):
        source(serve(Tenant()), clock, tmp_path, secret="").gather({})


def test_an_error_that_comes_with_status_200_is_no_empty_list(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    server = serve(Tenant([issue(1)]))
    server.always = None
    server.faults = {1: as_json({"errors": [{"message": "Missing permission"}], "data": None})}
    with pytest.raises(FindingsError) as raised:
        source(server, clock, tmp_path).gather({})
    assert str(raised.value) == (
        "wiz: Wiz answered with an error: Missing permission. The service account needs the scope read:issues, and "
        "`filters` names that Wiz knows."
    )


@pytest.mark.parametrize("code", ["RATE_LIMIT_EXCEEDED", "INTERNAL_SERVER_ERROR"])
def test_an_error_with_status_200_that_passes_is_waited_for(
    code: str, serve: Opener, clock: FastClock, tmp_path: Path
) -> None:
    server = serve(Tenant([issue(1)]))
    server.faults = {1: as_json({"errors": [{"message": "later", "extensions": {"code": code}}]})}
    assert len(source(server, clock, tmp_path).gather({}).findings) == 1
    assert clock.waits == [1.0]


def test_data_beside_an_error_is_not_taken_for_all(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    server = serve(Tenant([issue(1)]))
    page = {"issues": {"nodes": [issue(1)], "pageInfo": {"hasNextPage": False}}}
    server.faults = {1: as_json({"errors": [{"message": "a shard is down"}], "data": page})}
    with pytest.raises(FindingsError, match="a shard is down"):
        source(server, clock, tmp_path).gather({})


@pytest.mark.parametrize("data", [None, {}, {"issues": None}, {"issues": {"pageInfo": {}}}, {"issues": {"nodes": {}}}])
def test_an_answer_without_a_list_is_no_empty_list(
    data: object, serve: Opener, clock: FastClock, tmp_path: Path
) -> None:
    server = serve(Tenant([issue(1)]))
    server.faults = {1: as_json({"data": data})}
    with pytest.raises(FindingsError, match="no list of issues"):
        source(server, clock, tmp_path).gather({})


def test_the_time_that_a_limit_names_is_waited(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    server = serve(Tenant([issue(1)]))
    server.faults = {1: Reply(429, headers=(("Retry-After", "7"),))}
    assert len(source(server, clock, tmp_path).gather({}).findings) == 1
    assert clock.waits == [7.0]


def test_the_moment_that_a_limit_names_is_waited_for(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    server = serve(Tenant([issue(1)]))
    server.faults = {1: Reply(429, headers=(("Retry-After", formatdate(time.time() + 9, usegmt=True)),))}
    assert len(source(server, clock, tmp_path).gather({}).findings) == 1
    assert 7.0 < clock.waits[0] <= 9.0


def test_a_limit_that_takes_longer_than_the_run_may_is_not_waited_for(
    serve: Opener, clock: FastClock, tmp_path: Path
) -> None:
    server = serve(Tenant([issue(1)]))
    server.faults = {1: Reply(429, headers=(("Retry-After", "3600"),))}
    with pytest.raises(FindingsError, match="would have to wait 3600 more seconds"):
        source(server, clock, tmp_path).gather({})
    assert clock.waits == []


def test_attempts_end(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    server = serve(Tenant([issue(1)]))
    server.faults = dict.fromkeys(range(1, 9), Reply(502))
    with pytest.raises(FindingsError, match=r"answered with status 502 \(attempt 4\)"):
        source(server, clock, tmp_path, limits=QUICK._replace(attempts=4)).gather({})
    assert clock.waits == [1.0, 2.0, 4.0]
    assert len(queries(server)) == 4


def test_a_redirect_is_not_followed_with_the_token(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    server, elsewhere = serve(Tenant([issue(1)])), serve(Tenant([issue(2)]))
    server.faults = {1: Reply(307, headers=(("Location", f"{elsewhere.url}/graphql"),))}
    with pytest.raises(FindingsError, match="sends elsewhere"):
        source(server, clock, tmp_path).gather({})
    assert elsewhere.calls == []


def test_a_next_page_that_begins_where_this_one_did_ends_the_reading(
    serve: Opener, clock: FastClock, tmp_path: Path
) -> None:
    server = serve(Tenant([issue(1)]))
    page = {"nodes": [issue(1)], "pageInfo": {"hasNextPage": True, "endCursor": "x"}}
    server.faults = dict.fromkeys(range(1, 9), as_json({"data": {"issues": page}}))
    gathered = source(server, clock, tmp_path, on_unavailable="warn").gather({})
    assert len(gathered.findings) == 1  # the same one twice
    assert "nothing says where it begins" in gathered.problems[0].message


def test_fewer_findings_than_wiz_says_there_are_is_said(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    tenant = Tenant([issue(n) for n in range(40)], said_total=90)
    gathered = source(serve(tenant), clock, tmp_path, on_unavailable="warn").gather({})
    assert len(gathered.findings) == 40
    assert "only 40 of 90 came" in gathered.problems[0].message


def test_a_few_findings_that_went_while_pages_were_read_are_no_matter(
    serve: Opener, clock: FastClock, tmp_path: Path
) -> None:
    tenant = Tenant([issue(n) for n in range(40)], said_total=45)
    gathered = source(serve(tenant), clock, tmp_path).gather({})
    assert (len(gathered.findings), gathered.problems) == (40, ())


def test_just_as_many_configuration_findings_as_wiz_gives_at_most_are_not_taken_for_all(
    serve: Opener, clock: FastClock, tmp_path: Path
) -> None:
    server = serve(Tenant())
    for page in range(1, 21):
        nodes = [{"id": f"{page}-{n}", "rule": {"id": "r"}, "result": "FAIL", "analyzedAt": ""} for n in range(500)]
        connection = {"nodes": nodes, "pageInfo": {"hasNextPage": page < 20, "endCursor": str(page)}}
        server.faults[page] = as_json({"data": {"configurationFindings": connection}})
    gathered = source(server, clock, tmp_path, kind="wiz-configuration", on_unavailable="warn").gather({})
    assert len(gathered.findings) == 10_000
    assert "10,000 came, which is where Wiz leaves the rest out" in gathered.problems[0].message


def test_records_that_are_none_are_named_and_the_rest_is_used(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    server = serve(Tenant([]))
    nodes = [issue(1), 7, {"id": "x"}, issue(2, severity=3, entitySnapshot=[])]
    server.faults = {1: as_json({"data": {"issues": {"nodes": nodes, "pageInfo": {"hasNextPage": False}}}})}
    gathered = source(server, clock, tmp_path).gather({})
    assert [finding.rule_id for finding in gathered.findings] == ["wc-id-1", "wc-id-2"]
    assert [(problem.where, problem.message) for problem in gathered.problems] == [
        ("wiz page 1, record 2", "is not an object"),
        ("wiz page 1, record 3", "is not a finding of a known format"),
    ]


def test_filters_of_the_policy_are_wizs_own(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    tenant = Tenant([issue(1), issue(2, severity="LOW")])
    server = serve(tenant)
    gathered = source(server, clock, tmp_path, filters=(("severity", ("LOW",)),)).gather({})
    assert ids(gathered.findings) == ["arn:aws:s3:::bucket-2"]
    assert queries(server)[0]["variables"]["filterBy"] == {"status": ["OPEN", "IN_PROGRESS"], "severity": ["LOW"]}


def test_a_filter_that_wiz_does_not_know_is_told_in_its_words(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    with pytest.raises(FindingsError, match="unknown field 'colour'"):
        source(serve(Tenant()), clock, tmp_path, filters=(("colour", ("red",)),)).gather({})


@pytest.mark.parametrize("name", ["status", "statusChangedAt"])
def test_a_filter_that_would_change_what_is_open_is_refused(
    name: str, serve: Opener, clock: FastClock, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match="set by what counts as open"):
        source(serve(Tenant()), clock, tmp_path, filters=((name, ("RESOLVED",)),)).gather({})


# Changes since the last time.


def test_a_second_reading_asks_for_what_changed_and_comes_to_the_same(
    serve: Opener, clock: FastClock, tmp_path: Path
) -> None:
    tenant = Tenant([issue(n, statusChangedAt=f"2026-11-20T0{n}:00:00Z") for n in range(1, 6)], page=2)
    server = serve(tenant)
    source(server, clock, tmp_path).gather({})
    tenant.issues[1] = issue(2, status="RESOLVED", statusChangedAt="2026-11-21T00:00:00Z")
    tenant.issues[3] = issue(4, status="IN_PROGRESS", statusChangedAt="2026-11-21T01:00:00Z")
    tenant.issues.append(issue(7, statusChangedAt="2026-11-21T02:00:00Z"))
    tenant.issues.append(issue(8, status="REJECTED", statusChangedAt="2026-11-21T03:00:00Z"))
    clock.ahead += 7_200
    asked = len(queries(server))
    again = source(server, clock, tmp_path).gather({})
    assert {(finding.resources[0].name, finding.status) for finding in again.findings} == {
        ("bucket-1", "OPEN"),
        ("bucket-3", "OPEN"),
        ("bucket-5", "OPEN"),
        ("bucket-4", "IN_PROGRESS"),
        ("bucket-7", "OPEN"),
    }
    later = queries(server)[asked:]
    # ten minutes before the last change, by Wiz's own clock
    assert later[0]["variables"]["filterBy"] == {"statusChangedAt": {"after": "2026-11-20T04:50:00Z"}}
    assert len(later) == 3  # five changed, two a page
    anew = source(server, clock, tmp_path, reach=Reach.FRESH).gather({})
    assert sorted(ids(anew.findings)) == sorted(ids(again.findings))


def test_changes_add_up_over_several_readings(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    tenant = Tenant([issue(1, statusChangedAt="2026-11-20T00:00:00Z")])
    server = serve(tenant)
    for number in range(2, 6):
        source(server, clock, tmp_path).gather({})
        tenant.issues.append(issue(number, statusChangedAt=f"2026-11-2{number}T00:00:00Z"))
        clock.ahead += 4_000
    gathered = source(server, clock, tmp_path).gather({})
    assert [finding.resources[0].name for finding in gathered.findings] == [f"bucket-{n}" for n in range(1, 6)]
    assert queries(server)[-1]["variables"]["filterBy"] == {"statusChangedAt": {"after": "2026-11-23T23:50:00Z"}}


def test_once_a_day_everything_is_read_anew_as_changes_do_not_tell_of_what_was_deleted(
    serve: Opener, clock: FastClock, tmp_path: Path
) -> None:
    tenant = Tenant([issue(1), issue(2)])
    server = serve(tenant)
    source(server, clock, tmp_path).gather({})
    del tenant.issues[0]
    clock.ahead += 4_000
    assert len(source(server, clock, tmp_path).gather({}).findings) == 2
    clock.ahead += WHOLE_EVERY
    assert ids(source(server, clock, tmp_path).gather({}).findings) == ["arn:aws:s3:::bucket-2"]


def test_when_changes_cannot_be_read_what_is_known_is_said_to_be_old(
    serve: Opener, clock: FastClock, tmp_path: Path
) -> None:
    tenant = Tenant([issue(n, statusChangedAt="2026-11-20T00:00:00Z") for n in range(3)], page=1)
    server = serve(tenant)
    source(server, clock, tmp_path).gather({})
    tenant.issues = [issue(n, status="RESOLVED", statusChangedAt="2026-11-21T00:00:00Z") for n in range(3)]
    clock.ahead += 7_200
    asked = len(queries(server))
    server.faults = dict.fromkeys(range(asked + 2, asked + 9), Reply(503))
    gathered = source(server, clock, tmp_path, on_unavailable="warn").gather({})
    assert len(gathered.findings) == 3
    assert gathered.problems[-1].message.endswith("So what is here was read 2 hours ago.")


# Where credentials may go.


@pytest.mark.parametrize(
    "url",
    [
        "https://api.us1.app.wiz.io.evil.example/graphql",
        "https://evil.example/graphql?https://api.us1.app.wiz.io",
        "https://evilwiz.io/graphql",
        "https://wiz.io@evil.example/graphql",
        "https://evil.example\\.wiz.io/graphql",
        "http://api.us1.app.wiz.io/graphql",
        "ftp://api.us1.app.wiz.io/graphql",
        "https://api.us1.app.wiz.io:port/graphql",
        "http://127.0.0.1/graphql",
    ],
)
def test_a_policy_file_cannot_send_credentials_to_anyone_but_wiz(url: str) -> None:
    with pytest.raises(SettingsError):
        api_address(SourceOptions("wiz", "wiz", api=url), Access())


def test_a_policy_file_may_name_wizs_own_addresses() -> None:
    for url in ("https://api.us17.app.wiz.io/graphql", "https://api.us2.app.wiz.us/graphql"):
        assert api_address(SourceOptions("wiz", "wiz", api=url), Access()).geturl() == url


@pytest.mark.parametrize(
    ("api", "auth"),
    [
        ("https://api.us17.app.wiz.io/graphql", "auth.app.wiz.io"),
        ("https://api.us2.app.wiz.us/graphql", "auth.app.wiz.us"),
        ("https://api.us1.gov.wiz.io/graphql", "auth.gov.wiz.io"),
    ],
)
def test_each_of_wizs_environments_signs_in_at_its_own_place(api: str, auth: str, clock: FastClock) -> None:
    connect = connector(SourceOptions("wiz", "wiz", api=api), Access())
    service: Any = connect(Patience(clock.clock(), QUICK))
    assert service._login._address.hostname == auth


def test_a_secret_does_not_show_itself() -> None:
    assert "hush" not in repr(Access(wiz_client_secret=Secret("hush"), github_token=Secret("hush")))
