"""The one way to GitHub's API: PyGithub carries the requests; when to wait, repeat or give up is decided here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from remedy_gate.errors import ReportingError, UsageError

PATIENCE = 180.0  # seconds of waiting for rate limits, in all
_SECONDARY_WAIT = 60.0  # what GitHub asks for where it names no time
_ATTEMPTS = 3
_PER_PAGE = 100
_MOST_PAGES = 40
_OK, _MULTIPLE = 200, 300
_UNKNOWN, _FORBIDDEN, _NOT_FOUND, _CONFLICT, _UNPROCESSABLE, _TOO_MANY, _SERVER = 401, 403, 404, 409, 422, 429, 500
_GRAPHQL = {"FORBIDDEN": _FORBIDDEN, "NOT_FOUND": _NOT_FOUND, "STALE_DATA": _CONFLICT}
_LOCAL = ("127.0.0.1", "::1", "localhost")


class Target(NamedTuple):
    """A pull request, and the right to write to it. `repository` is `owner/name`.

    `api_url` is GitHub's REST address (`GITHUB_API_URL` in Actions; GitHub Enterprise Server has its own). `pause` is
    the time in seconds between two writes, which GitHub asks for.
    """

    token: str
    repository: str
    number: int
    api_url: str = "https://api.github.com"
    pause: float = 1.0


class Clock(NamedTuple):
    """The time in seconds since 1970, and how to wait some seconds: `Clock(time.time, time.sleep)`."""

    now: Callable[[], float]
    sleep: Callable[[float], None]


class Answer(NamedTuple):
    """What came back. Status 0: nothing did, so nobody knows whether a write was made."""

    status: int
    data: object
    message: str

    @property
    def is_good(self) -> bool:
        """Whether it was done."""
        return _OK <= self.status < _MULTIPLE

    @property
    def is_denied(self) -> bool:
        """Whether the token may not: GitHub says 404 where 403 would give away that something is there."""
        return self.status in (_UNKNOWN, _FORBIDDEN, _NOT_FOUND)

    @property
    def is_refused(self) -> bool:
        """Whether what was asked for is not possible."""
        return self.status == _UNPROCESSABLE

    @property
    def is_stale(self) -> bool:
        """Whether what was to be changed is not any more as it was said to be."""
        return self.status == _CONFLICT

    @property
    def is_open(self) -> bool:
        """Whether nobody knows if it was done."""
        return self.status == 0 or self.status >= _SERVER


class Api:
    """GitHub's API, for one repository."""

    __slots__ = ("_clock", "_patience", "_requester", "target")

    def __init__(self, target: Target, clock: Clock) -> None:
        _checked(target)
        from github import Auth, Github

        # PyGithub would repeat a POST after a 5xx, and so post a review twice: it must not repeat anything itself.
        client = Github(
            auth=Auth.Token(target.token),
            base_url=target.api_url,
            retry=None,
            seconds_between_requests=0,
            seconds_between_writes=target.pause,
            lazy=True,
        )
        self._requester = client.requester
        self._clock = clock
        self._patience = PATIENCE
        self.target = target

    def read(self, path: str, parameters: Mapping[str, object] | None = None) -> object:
        """What is at a path of the repository, such as `/pulls/1`. Raises `ReportingError` where there is no answer."""
        answer = self.look(path, parameters)
        if not answer.is_good:
            raise failure(f"{path} of {self.target.repository} could not be read", answer)
        return answer.data

    def look(self, path: str, parameters: Mapping[str, object] | None = None) -> Answer:
        """What is at a path of the repository, or how GitHub says that it is not to be had."""
        return self.ask(self._url(path), parameters)

    def ask(self, address: str, parameters: Mapping[str, object] | None = None) -> Answer:
        """What is at an address that need not be the repository's, `/orgs/acme/teams/a`; the rest is the caller's matter."""
        return self._sent("GET", address, parameters, None, repeat=True)

    def pages(self, path: str) -> Iterator[object]:
        """Every item of a list, over as many pages as it has (4,000 items at most)."""
        for page in range(1, _MOST_PAGES + 1):
            items = self.read(path, {"per_page": _PER_PAGE, "page": page})
            if not isinstance(items, list):
                raise ReportingError(f"GitHub's answer for {path} is not a list.")
            yield from items
            if len(items) < _PER_PAGE:
                return

    def write(self, verb: str, path: str, body: Mapping[str, object]) -> Answer:
        """One write, repeated only where GitHub surely did not make it. Whatever comes back is the caller's matter."""
        return self._sent(verb, self._url(path), None, body, repeat=False)

    def query(self, document: str, variables: Mapping[str, object], *, repeat: bool = True) -> Answer:
        """A GraphQL document. Its errors come with status 200; here what is forbidden has status 403 as elsewhere."""
        body = {"query": document, "variables": dict(variables)}
        answer = self._sent("POST", self._requester.graphql_url, None, body, repeat=repeat)
        errors = answer.data.get("errors") if answer.is_good and isinstance(answer.data, dict) else None
        if not errors:
            data = answer.data.get("data") if isinstance(answer.data, dict) else None
            return answer._replace(data=data) if answer.is_good else answer
        first = errors[0] if isinstance(errors, list) and isinstance(errors[0], dict) else {}
        status = _GRAPHQL.get(str(first.get("type")), _UNPROCESSABLE)
        return Answer(status, None, str(first.get("message", "the query failed")))

    def _url(self, path: str) -> str:
        return f"/repos/{self.target.repository}{path}"

    def _sent(
        self,
        verb: str,
        url: str,
        parameters: Mapping[str, object] | None,
        body: Mapping[str, object] | None,
        *,
        repeat: bool,
    ) -> Answer:
        attempt = 0
        while True:
            attempt += 1
            answer, headers = self._once(verb, url, parameters, body)
            if _is_limited(answer, headers):
                wait = self._wait(headers, attempt)
                if wait > self._patience:
                    message = f"{answer.message or 'too many requests'} (to be tried again in {wait:.0f} seconds)"
                    return answer._replace(status=_TOO_MANY, message=message)
                self._patience -= wait
            elif answer.is_open and repeat and attempt < _ATTEMPTS:
                wait = 2.0**attempt
            else:
                return answer
            self._clock.sleep(wait)

    def _once(
        self, verb: str, url: str, parameters: Mapping[str, object] | None, body: Mapping[str, object] | None
    ) -> tuple[Answer, Mapping[str, str]]:
        import json

        from requests import RequestException

        try:
            status, headers, text = self._requester.requestJson(
                verb, url, None if parameters is None else dict(parameters), None, None if body is None else dict(body)
            )
        except (RequestException, RuntimeError) as error:  # PyGithub raises RuntimeError for a redirect to elsewhere
            return Answer(0, None, f"{type(error).__name__}: no answer"), {}
        try:
            data: object = json.loads(text) if text else None
        except (ValueError, RecursionError):
            data = None
        return Answer(status, data, _message(data)), headers

    def _wait(self, headers: Mapping[str, str], attempt: int) -> float:
        after = headers.get("retry-after", "")
        if after.isdecimal():
            return float(after)
        reset = headers.get("x-ratelimit-reset", "")
        if headers.get("x-ratelimit-remaining") == "0" and reset.isdecimal():
            return max(0.0, float(reset) - self._clock.now()) + 1
        return _SECONDARY_WAIT * 2.0 ** (attempt - 1)


def _is_limited(answer: Answer, headers: Mapping[str, str]) -> bool:
    """Whether GitHub turned the request away unread because there were too many."""
    words = answer.message.lower()
    if answer.status == _FORBIDDEN:
        return "rate limit" in words or "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0"
    abused = isinstance(answer.data, dict) and "'code': 'abuse'" in str(answer.data.get("errors"))
    return answer.status == _TOO_MANY or (
        answer.status == _UNPROCESSABLE and (abused or "submitted too quickly" in words)
    )


def _message(data: object) -> str:
    if not isinstance(data, dict):
        return ""
    errors = data.get("errors")
    parts = [data.get("message"), *(errors if isinstance(errors, list) else ())]
    return "; ".join(str(part.get("message", part)) if isinstance(part, dict) else str(part) for part in parts if part)


def failure(
    what: str, answer: Answer, right: str = "Check the token's rights and GITHUB_REPOSITORY."
) -> ReportingError:
    """The error that says what could not be done, why, and the way out: `right` where the token may not."""
    hint = right if answer.is_denied else "Try again later."
    if answer.status == _UNKNOWN:
        hint = "Check the token: it has expired or was revoked, or is not one of this GitHub."
    return ReportingError(f"{what}: {answer.message or f'status {answer.status}'}.", hint)


def _checked(target: Target) -> None:
    import re
    from urllib.parse import urlsplit

    if not re.fullmatch(r"(?!\.+/)[\w.-]+/(?!\.+\Z)[\w.-]+", target.repository, re.ASCII):
        raise UsageError(f"{target.repository!r} does not name a repository.", "Use owner/name.")
    address = urlsplit(target.api_url)
    if address.scheme != "https" and not (address.scheme == "http" and address.hostname in _LOCAL):
        raise UsageError(f"The token is not sent to {target.api_url}: only https is safe.")
    if not target.token:
        raise UsageError("There is no token to post with.", "Set GITHUB_TOKEN.")
