"""HTTP stand-ins on the loopback interface: what they all share. A stand-in ends with the block that it was made for."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit


class Call(NamedTuple):
    """One request."""

    verb: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Reply(NamedTuple):
    """An answer. `pause`: seconds before it. `cut`: the connection ends after so many bytes of more that were promised."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    pause: float = 0.0
    cut: int | None = None


def as_json(value: object, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    return Reply(status, json.dumps(value).encode(), (("Content-Type", "application/json"), *headers))


@dataclass
class Server:
    """A stand-in at work. `faults` are given instead of the right answers: to the nth call that `counts`, from 1."""

    url: str
    calls: list[Call] = field(default_factory=list)
    faults: dict[int, Reply] = field(default_factory=dict)
    always: Reply | None = None

    def counted(self, counts: Callable[[Call], bool]) -> int:
        return sum(map(counts, self.calls))


@contextmanager
def serving(answer: Callable[[Call], Reply], counts: Callable[[Call], bool] = lambda _: True) -> Iterator[Server]:
    """Serve until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # headers and body leave as one: in two they would wait 40 ms for one another

        def _answer(self) -> None:
            address = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            call = Call(self.command, address.path, dict(parse_qsl(address.query)), headers, body)
            state.calls.append(call)
            fault = state.always or (state.faults.get(state.counted(counts)) if counts(call) else None)
            self._send(fault or answer(call))

        def _send(self, reply: Reply) -> None:
            time.sleep(reply.pause)
            self.send_response(reply.status)
            for name, value in reply.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body if reply.cut is None else reply.body[: reply.cut])
            self.close_connection = self.close_connection or reply.cut is not None

        do_GET = _answer  # noqa: N815 - the names that http.server looks for
        do_POST = _answer  # noqa: N815

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except ConnectionError:  # whoever asked has given up
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the overridden method's
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state = Server(f"http://127.0.0.1:{server.server_address[1]}")
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
