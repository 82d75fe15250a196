"""One host, asked over strict HTTPS: no redirects, bounded answers, bounded repetition."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, IncompleteRead
from typing import NamedTuple
from urllib.parse import SplitResult

from remedy_gate.errors import FindingsError

from .access import LOCAL, Access
from .service import Patience

_CHUNK = 1 << 16
_LONGEST_WAIT = 60.0  # between two attempts, where the server names no time
_AGAIN = frozenset((429, 500, 502, 503, 504))
_OK = 200
_REDIRECTS = range(300, 400)


class Request(NamedTuple):
    """One request that does nothing when it is repeated."""

    verb: str
    path: str
    headers: Mapping[str, str]
    body: bytes | None = None


class Answer(NamedTuple):
    """What came back. Names of headers are in lower case; `document` is the body as JSON, None where it is none."""

    status: int
    headers: Mapping[str, str]
    document: object

    @property
    def is_good(self) -> bool:
        """Whether it is what was asked for."""
        return self.status == _OK


def no_fault(_answer: Answer) -> str:
    """Nothing to say against an answer."""
    return ""


class Host:
    """A connection that is kept, to one host. Close it."""

    __slots__ = ("_access", "_address", "_connection", "_patience")

    def __init__(self, address: SplitResult, access: Access, patience: Patience) -> None:
        self._address = address
        self._access = access
        self._patience = patience
        self._connection: HTTPConnection | None = None

    def ask(self, request: Request, fault: Callable[[Answer], str] = no_fault) -> Answer:
        """The answer, after as many attempts as that takes and the limits allow.

            `fault` says why an answer is not the last word; the empty text where it is.
        :raises FindingsError: there was no answer, or only one that says to come back later.
        """
        attempt = 1
        while True:
            answer, why = self._attempt(request, fault)
            if answer is not None and not why:
                return answer
            if attempt >= self._patience.limits.attempts:
                raise FindingsError(f"{self._name} {why} (attempt {attempt}).", "Try again later.")
            self._patience.wait(_pause(answer, attempt, self._patience.now()), f"{self._name} {why}")
            attempt += 1

    def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @property
    def _name(self) -> str:
        return self._address.hostname or ""

    def _attempt(self, request: Request, fault: Callable[[Answer], str]) -> tuple[Answer | None, str]:
        import ssl

        try:
            answer = self._once(request)
        except ssl.SSLCertVerificationError as error:
            raise FindingsError(
                f"the certificate of {self._name} is not trusted: {error.verify_message}.",
                "SSL_CERT_FILE names the authorities to trust.",
            ) from error
        except TimeoutError:
            self.close()
            return None, f"gave no answer in {self._patience.limits.request:g} seconds"
        except (OSError, HTTPException) as error:
            self.close()
            return None, f"could not be asked: {getattr(error, 'strerror', None) or type(error).__name__}"
        if answer.status in _AGAIN:
            return answer, f"answered with status {answer.status}"
        if answer.status in _REDIRECTS:
            raise FindingsError(f"{self._name} sends elsewhere (status {answer.status}), where no token is carried.")
        return answer, fault(answer)

    def _once(self, request: Request) -> Answer:
        timeout = min(self._patience.limits.request, self._patience.left())
        end = self._patience.now() + timeout
        if self._connection is None:
            self._connection = self._connected(timeout)
        elif self._connection.sock is not None:
            self._connection.sock.settimeout(timeout)
        self._connection.request(request.verb, request.path, request.body, dict(request.headers))
        with self._connection.getresponse() as response:
            body = self._body(response, end)
            headers = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, headers, _document(body))

    def _body(self, response: HTTPResponse, end: float) -> bytes:
        """The whole body, but not one that never ends: by size, or by trickling in."""
        chunks, size = [], 0
        while chunk := response.read1(_CHUNK):  # unlike `read`, gives what is there
            chunks.append(chunk)
            size += len(chunk)
            if size > self._patience.limits.body:
                self.close()
                raise FindingsError(f"{self._name} gave an answer of more than {self._patience.limits.body:,} bytes.")
            if self._patience.now() > end:
                raise TimeoutError
        if response.length:  # `read1` says nothing of an answer that was cut off
            raise IncompleteRead(b"", response.length)
        return b"".join(chunks)

    def _connected(self, timeout: float) -> HTTPConnection:
        host, port = self._name, self._address.port
        if self._address.scheme != "https":
            return HTTPConnection(host, port, timeout=timeout)
        import ssl

        context = ssl.create_default_context()
        proxy = self._proxy()
        if proxy is None:
            return HTTPSConnection(host, port, timeout=timeout, context=context)
        connection = HTTPSConnection(proxy.hostname or "", proxy.port or 80, timeout=timeout, context=context)
        connection.set_tunnel(host, port or 443, _proxy_headers(proxy))
        return connection

    def _proxy(self) -> SplitResult | None:
        from urllib.parse import urlsplit
        from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]  # typeshed does not know it

        name = self._name
        if not self._access.proxy or name in LOCAL or proxy_bypass_environment(name, {"no": self._access.no_proxy}):
            return None
        return urlsplit(self._access.proxy if "://" in self._access.proxy else f"http://{self._access.proxy}")


def _document(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _pause(answer: Answer | None, attempt: int, now: float) -> float:
    """What the server asks for in seconds or as a date, else ever longer."""
    after = answer.headers.get("retry-after", "") if answer is not None else ""
    if after.isdecimal():
        return float(after)
    if after:
        from email.utils import parsedate_to_datetime

        try:
            return max(0.0, parsedate_to_datetime(after).timestamp() - now)
        except (ValueError, OverflowError):
            pass
    reset = answer.headers.get("x-ratelimit-reset", "") if answer is not None else ""
    if answer is not None and answer.headers.get("x-ratelimit-remaining") == "0" and reset.isdecimal():
        return max(0.0, float(reset) - now) + 1
    return min(2.0 ** (attempt - 1), _LONGEST_WAIT)


def _proxy_headers(proxy: SplitResult) -> dict[str, str]:
    if proxy.username is None:
        return {}
    from base64 import b64encode
    from urllib.parse import unquote

    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {b64encode(pair.encode()).decode('ascii')}"}
