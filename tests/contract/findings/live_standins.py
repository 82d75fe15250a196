"""Every live source with its stand-in, all alike: what the contract is held against."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from alerts_standin import TOKEN, Repository, alert, alerts
from aws_standin import CREDENTIALS, Account, asff, aws, ocsf
from loopback import Server
from wiz_standin import CLIENT_ID, CLIENT_SECRET, Tenant, configuration_finding, issue, wiz

from remedy_gate.findings.live.access import access_from
from remedy_gate.findings.live.cache import Cache
from remedy_gate.findings.live.findings import LiveFindings
from remedy_gate.findings.live.plan import Plan
from remedy_gate.findings.live.registry import connector, snapshot_name
from remedy_gate.findings.live.service import Clock, Limits
from remedy_gate.policy.sources import SourceOptions, kind_of

SECRET = "a-secret-that-must-not-be-kept"
PAGE = 3
NAMES = ("wiz", "wiz-configuration", "security-hub", "security-hub-v2", "code-scanning", "s3://acme-findings/exports/")
QUICK = Limits(total=20.0, request=8.0, attempts=2)


class FastClock:
    """A clock on which waiting takes no time, and which goes on like every other."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self.waits: list[float] = []

    def now(self) -> float:
        return time.time() + self.ahead

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.ahead += seconds

    def clock(self) -> Clock:
        return Clock(self.now, self.sleep)


class Standin(NamedTuple):
    """A source and its stand-in. `environment` is what a run would find set."""

    name: str
    server: Server
    environment: Mapping[str, str]

    def live(self, directory: Path, clock: FastClock, **plan: Any) -> LiveFindings:
        options = SourceOptions(self.name, kind_of(self.name))
        access = access_from(self.environment)
        given = {"limits": QUICK, **plan}
        return LiveFindings(
            self.name,
            connector(options, access),
            Plan(Cache(str(directory)), snapshot_name(options, access), clock.clock(), **given),
        )

    def url(self) -> str:
        return self.server.url


@contextmanager
def standin(name: str, count: int, closed: int = 0) -> Iterator[Standin]:
    """A stand-in with so many open findings, in pages of three, the closed ones after them."""
    total = range(1, count + closed + 1)
    if name.startswith("wiz"):
        tenant = Tenant(page=PAGE)
        tenant.issues = [issue(n, **({} if n <= count else {"status": "RESOLVED"})) for n in total]
        tenant.findings = [configuration_finding(n, **({} if n <= count else {"result": "PASS"})) for n in total]
        with wiz(tenant) as server:
            credentials = {"WIZ_CLIENT_ID": CLIENT_ID, "WIZ_CLIENT_SECRET": CLIENT_SECRET}
            where = {"WIZ_API_URL": f"{server.url}/graphql", "WIZ_AUTH_URL": f"{server.url}/oauth/token"}
            yield Standin(name, server, {**credentials, **where})
    elif name == "code-scanning":
        repository = Repository([alert(n, state="open" if n <= count else "fixed") for n in total], page=PAGE)
        with alerts(repository) as server:
            given = {"GITHUB_TOKEN": TOKEN, "GITHUB_REPOSITORY": "acme/infra", "GITHUB_API_URL": f"{server.url}/api/v3"}
            yield Standin(name, server, given)
    else:
        account = Account(page=PAGE)
        account.findings = [asff(n, **({} if n <= count else {"RecordState": "ARCHIVED"})) for n in total]
        account.events = [ocsf(n, **({} if n <= count else {"status_id": 4, "status": "Resolved"})) for n in total]
        pages = [account.findings[at : at + PAGE] for at in range(0, len(total), PAGE)] or [[]]
        for number, page in enumerate(pages, 1):
            text = json.dumps({"Findings": page}).encode()
            account.objects[f"acme-findings/exports/part-{number:02}.json"] = text
        with aws(account) as server:
            yield Standin(name, server, {**CREDENTIALS, "AWS_ENDPOINT_URL": server.url})
