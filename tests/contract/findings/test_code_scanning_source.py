"""GitHub code scanning: pages as the Link header says, on the same host, and refusals that are no empty list."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from alerts_standin import TOKEN, Repository, alert, alerts
from live_standins import QUICK, FastClock
from loopback import Reply, Server, as_json

from remedy_gate.domain.finding import Finding, Location, Severity
from remedy_gate.errors import FindingsError, SettingsError
from remedy_gate.findings.live.access import access_from
from remedy_gate.findings.live.cache import Cache
from remedy_gate.findings.live.findings import LiveFindings
from remedy_gate.findings.live.plan import Plan
from remedy_gate.findings.live.registry import connector
from remedy_gate.policy.sources import SourceOptions

Opener = Callable[[Repository], Server]


@pytest.fixture
def clock() -> FastClock:
    return FastClock()


@pytest.fixture
def serve() -> Iterator[Opener]:
    with ExitStack() as stack:
        yield lambda repository: stack.enter_context(alerts(repository))


def source(
    server: Server, clock: FastClock, directory: Path, *, mode: str = "fail", token: str = TOKEN, **options: Any
) -> LiveFindings:
    options.setdefault("repository", "acme/infra")
    access = access_from({"GITHUB_TOKEN": token, "GITHUB_API_URL": f"{server.url}/api/v3"})
    plan = Plan(Cache(str(directory)), "alerts", clock.clock(), QUICK, on_unavailable=mode)
    return LiveFindings(
        "code-scanning", connector(SourceOptions("code-scanning", "code-scanning", **options), access), plan
    )


def test_an_alert_is_read_with_everything_that_matching_needs(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    gathered = source(serve(Repository([alert(1)])), clock, tmp_path).gather({})
    assert gathered.findings == (
        Finding(
            source="code-scanning",
            rule_id="AWS-0107",
            title="Ingress from everywhere",
            severity=Severity.CRITICAL,
            location=Location("modules/m1/main.tf", 2, 2),
            first_seen="2026-05-06T07:08:09Z",
            url="https://github.com/acme/infra/security/code-scanning/1",
        ),
    )


def test_github_itself_leaves_out_what_is_not_open(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    server = serve(Repository([alert(1), alert(2, state="dismissed")]))
    assert len(source(server, clock, tmp_path).gather({}).findings) == 1
    assert server.calls[0].query == {"per_page": "100", "state": "open"}


def test_filters_stay_from_page_to_page(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    server = serve(Repository([alert(n) for n in range(5)], page=2))
    filters = (("tool_name", ("Trivy",)), ("ref", ("refs/heads/main",)))
    source(server, clock, tmp_path, filters=filters).gather({})
    assert [(call.query["tool_name"], call.query["ref"]) for call in server.calls] == [("Trivy", "refs/heads/main")] * 3


@pytest.mark.parametrize(
    "filters", [(("state", ("closed",)),), (("colour", ("red",)),), (("tool_name", ("Trivy", "KICS")),)]
)
def test_a_filter_that_github_does_not_have_is_refused(
    filters: tuple[tuple[str, tuple[str, ...]], ...], serve: Opener, clock: FastClock, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match="GitHub has no filter"):
        source(serve(Repository()), clock, tmp_path, filters=filters).gather({})


def test_the_token_does_not_follow_a_page_to_another_host(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    elsewhere = serve(Repository([alert(n) for n in range(9)]))
    server = serve(Repository([alert(n) for n in range(4)], page=2, next_host=elsewhere.url))
    gathered = source(server, clock, tmp_path, mode="warn").gather({})
    assert len(gathered.findings) == 2
    assert "where no token is carried" in gathered.problems[0].message
    assert elsewhere.calls == []


def test_a_redirect_is_not_followed(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    server, elsewhere = serve(Repository([alert(1)])), serve(Repository([alert(2)]))
    server.faults = {1: Reply(301, headers=(("Location", f"{elsewhere.url}/api/v3/repositories/1"),))}
    with pytest.raises(FindingsError, match="sends elsewhere"):
        source(server, clock, tmp_path).gather({})
    assert elsewhere.calls == []


@pytest.mark.parametrize(
    ("status", "message"),
    [(404, "no analysis found"), (403, "Code scanning is not enabled for this repository."), (401, "Bad credentials")],
)
def test_a_refusal_is_no_empty_list(status: int, message: str, serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    server = serve(Repository())
    server.always = as_json({"message": message}, status)
    with pytest.raises(FindingsError) as raised:
        source(server, clock, tmp_path).gather({})
    assert str(raised.value) == (
        f"code-scanning: GitHub gives no alerts of acme/infra: {message.rstrip('.')}. "
        "Code scanning has to be on, and the token needs the permission security-events: read."
    )


@pytest.mark.parametrize("body", [{"alerts": []}, "text", 7])
def test_an_answer_that_is_no_list_is_no_empty_list(
    body: object, serve: Opener, clock: FastClock, tmp_path: Path
) -> None:
    server = serve(Repository())
    server.always = as_json(body)
    with pytest.raises(FindingsError, match="not a list of alerts"):
        source(server, clock, tmp_path).gather({})


def test_a_secondary_limit_is_waited_for(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    server = serve(Repository([alert(1)]))
    server.faults = {1: as_json({"message": "You have exceeded a secondary rate limit."}, 403, (("Retry-After", "5"),))}
    assert len(source(server, clock, tmp_path).gather({}).findings) == 1
    assert clock.waits == [5.0]


def test_a_primary_limit_is_waited_for_until_it_is_reset(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    server = serve(Repository([alert(1)]))
    limit = (("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", str(int(time.time()) + 6)))
    server.faults = {1: as_json({"message": "API rate limit exceeded"}, 403, limit)}
    assert len(source(server, clock, tmp_path).gather({}).findings) == 1
    assert 4.0 < clock.waits[0] <= 7.0


def test_without_a_token_nobody_is_asked(serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    server = serve(Repository([alert(1)]))
    with pytest.raises(FindingsError, match="Set GITHUB_TOKEN"):
        source(server, clock, tmp_path, token="").gather({})
    assert server.calls == []


@pytest.mark.parametrize("name", ["acme", "acme/infra/../other", "acme/..", "../infra", "a b/c", "acme/infra?x=1", ""])
def test_what_is_no_repository_leads_nowhere(name: str, serve: Opener, clock: FastClock, tmp_path: Path) -> None:
    server = serve(Repository([alert(1)]))
    with pytest.raises(FindingsError, match="not the name of a repository"):
        source(server, clock, tmp_path, repository=name).gather({})
    assert server.calls == []


def test_a_token_is_not_sent_without_encryption(clock: FastClock, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="has to begin with https://"):
        source(Server("http://github.example"), clock, tmp_path).gather({})
