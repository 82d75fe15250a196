"""A stand-in for GitHub's list of code scanning alerts, with its Link headers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from loopback import Call, Reply, Server, as_json, serving

TOKEN = "a-secret-that-must-not-be-kept"
PATH = "/api/v3/repos/acme/infra/code-scanning/alerts"


def alert(number: int, **other: Any) -> dict[str, Any]:
    return {
        "number": number,
        "created_at": "2026-05-06T07:08:09Z",
        "html_url": f"https://github.com/acme/infra/security/code-scanning/{number}",
        "state": "open",
        "dismissed_reason": None,
        "rule": {
            "id": "AWS-0107",
            "severity": "error",
            "security_severity_level": "critical",
            "description": "Ingress from everywhere",
            "tags": ["misconfiguration"],
        },
        "tool": {"name": "Trivy", "version": "0.60"},
        "most_recent_instance": {
            "ref": "refs/heads/main",
            "state": "open",
            "location": {"path": f"modules/m{number}/main.tf", "start_line": number + 1, "end_line": number + 1},
        },
        **other,
    }


@dataclass
class Repository:
    """Everything that the stand-in knows. `page`: the most alerts of one page. `next_host`: where Link headers lead."""

    alerts: list[dict[str, Any]] = field(default_factory=list)
    page: int = 100
    next_host: str | None = None


def is_list(call: Call) -> bool:
    return call.path == PATH


@contextmanager
def alerts(repository: Repository) -> Iterator[Server]:
    """Serve a repository's alerts below /api/v3, as GitHub Enterprise Server does."""

    def answer(call: Call) -> Reply:
        if call.headers.get("authorization") != f"Bearer {TOKEN}":
            return as_json({"message": "Bad credentials"}, 401)
        if not is_list(call) or call.verb != "GET":
            return as_json({"message": "Not Found"}, 404)
        asked = {"state": "", "page": "1", "per_page": "30", **call.query}
        fitting = [one for one in repository.alerts if asked["state"] in ("", one["state"])]
        size = min(int(asked["per_page"]), repository.page)
        start = (int(asked["page"]) - 1) * size
        links = []
        if start + size < len(fitting):
            host = repository.next_host or server.url
            following = urlencode({**call.query, "page": int(asked["page"]) + 1})
            last = urlencode({**call.query, "page": -(-len(fitting) // size)})
            links = [f'<{host}{PATH}?{following}>; rel="next"', f'<{host}{PATH}?{last}>; rel="last"']
        return as_json(fitting[start : start + size], headers=(("Link", ", ".join(links)),) if links else ())

    with serving(answer, is_list) as server:
        yield server
