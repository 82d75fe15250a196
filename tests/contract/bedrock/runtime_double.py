"""A double of the Bedrock runtime on loopback, which real boto3 talks to; it holds both sides to botocore's own shapes."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any, NamedTuple
from urllib.parse import unquote

from botocore.session import Session
from botocore.validate import ParamValidator

NO_SAMPLING = ("claude-sonnet-5", "claude-opus-5", "claude-haiku-5")
NO_SCHEMA = ("claude-sonnet-4-2025", "claude-opus-5", "nova", "gpt-oss", "custom-model")
BARE = re.compile(r"anthropic\.claude-(?:sonnet|opus|haiku)-[45]")


class Answer(NamedTuple):
    """What the double sends back: a response, or an error by its type. `raw` goes out as it is."""

    response: dict[str, Any] | None = None
    error: str = ""
    status: int = 200
    message: str = "no"
    delay: float = 0.0
    raw: bytes | None = None


IDENTITY = Answer(
    raw=b"<GetCallerIdentityResponse><GetCallerIdentityResult>"
    b"<Arn>arn:aws:sts::123456789012:assumed-role/gate/jane@example.com</Arn><UserId>AROA</UserId>"
    b"<Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
)
NOBODY = Answer(
    status=403,
    raw=b"<ErrorResponse><Error><Type>Sender</Type><Code>InvalidClientTokenId</Code><Message>no</Message></Error>"
    b"</ErrorResponse>",
)


def said(text: str, stop: str = "end_turn", **usage: int) -> Answer:
    """An answer of a model."""
    counted = {"inputTokens": 1000, "outputTokens": 100, "totalTokens": 1100, **usage}
    return Answer(
        {
            "output": {"message": {"role": "assistant", "content": [{"text": text}]}},
            "stopReason": stop,
            "usage": counted,
            "metrics": {"latencyMs": 5},
        }
    )


def edits(*pairs: tuple[str, str], path: str = "main.tf", rationale: str = "It repairs it.") -> Answer:
    """An answer with edits, by the structured carrier."""
    listed = [{"path": path, "old": old, "new": new} for old, new in pairs]
    return said(json.dumps({"outcome": "edits", "edits": listed, "rationale": rationale}))


def cannot(why: str) -> Answer:
    return said(json.dumps({"outcome": "cannot", "edits": [], "rationale": why}))


def failing(error: str, status: int, message: str = "no") -> Answer:
    return Answer(error=error, status=status, message=message)


class Recorded(NamedTuple):
    """A request as it came in."""

    model: str
    body: dict[str, Any]
    text: str
    headers: dict[str, str]


Script = Callable[[str, dict[str, Any]], Answer]


class Double:
    """Answers by a script, or by a queue whose last answer is repeated. `faults` are what no real service would take."""

    def __init__(self, *answers: Answer | Script) -> None:
        self.answers = list(answers)
        self.requests: list[Recorded] = []
        self.faults: list[str] = []
        self._lock = Lock()
        service = Session().get_service_model("bedrock-runtime")
        self._operation = service.operation_model("Converse")
        self.url = ""
        self.identity = IDENTITY

    def receive(self, path: str, payload: bytes, headers: dict[str, str]) -> Answer:
        if path == "/":  # AWS STS, which is asked who we are
            return self.identity
        model = unquote(path.removeprefix("/model/").removesuffix("/converse"))
        body = json.loads(payload)
        with self._lock:
            self.requests.append(Recorded(model, body, payload.decode(), headers))
            entry = self.answers[0] if len(self.answers) == 1 else self.answers.pop(0)
        fault = self._fault({"modelId": model, **body})
        if fault:
            self.faults.append(fault)
            return failing("ValidationException", 400, fault)
        refused = refused_by_model(model, body)
        if refused:
            return failing("ValidationException", 400, refused)
        answer = entry if isinstance(entry, Answer) else entry(model, body)
        if answer.response is not None:
            self._hold(answer.response)
        return answer

    def _fault(self, request: dict[str, Any]) -> str:
        shape = self._operation.input_shape
        report = ParamValidator().validate(request, shape).generate_report()
        return report or next(beyond(request, shape, "request"), "")

    def _hold(self, response: dict[str, Any]) -> None:
        shape = self._operation.output_shape
        report = ParamValidator().validate(response, shape).generate_report()
        assert not report, report
        assert not (more := list(beyond(response, shape, "response"))), more


def refused_by_model(model: str, body: dict[str, Any]) -> str:
    """What the service refuses of a well-formed request, model by model."""
    sampling = body.get("inferenceConfig", {}).keys() & {"temperature", "topP"}
    if sampling and any(name in model for name in NO_SAMPLING):
        return "`temperature` is deprecated for this model."
    if "outputConfig" in body and any(name in model for name in NO_SCHEMA):
        return "output_config.format: Extra inputs are not permitted"
    if BARE.match(model):
        return "Invocation of model ID with on-demand throughput isn't supported."
    return ""


def beyond(value: Any, shape: Any, where: str) -> Iterator[str]:  # noqa: PLR0912 - one branch a kind of shape
    """Enums, ranges, lengths and patterns, which botocore does not look at, and members that there are not."""
    if shape.type_name == "structure" and isinstance(value, dict):
        if getattr(shape, "is_document_type", False):
            return
        for key, inner in value.items():
            if key not in shape.members:
                yield f"{where}: there is no member {key}"
            else:
                yield from beyond(inner, shape.members[key], f"{where}.{key}")
    elif shape.type_name == "list" and isinstance(value, list):
        yield from _lengths(len(value), shape, where)
        for inner in value:
            yield from beyond(inner, shape.member, f"{where}[]")
    elif shape.type_name == "map" and isinstance(value, dict):
        yield from _lengths(len(value), shape, where)
        for key, inner in value.items():
            yield from beyond(key, shape.key, f"{where} key")
            yield from beyond(inner, shape.value, f"{where}.{key}")
    elif isinstance(value, str):
        yield from _lengths(len(value), shape, where)
        if shape.enum and value not in shape.enum:
            yield f"{where}: {value} is none of {shape.enum}"
        if (pattern := shape.metadata.get("pattern")) and not re.search(pattern, value):
            yield f"{where}: {value!r} does not match {pattern}"
    elif isinstance(value, int | float):
        yield from _lengths(value, shape, where)


def _lengths(size: float, shape: Any, where: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        yield f"{where}: {size} is less than {least}"
    if most is not None and size > most:
        yield f"{where}: {size} is more than {most}"


@contextmanager
def running(double: Double) -> Iterator[Double]:
    """The double on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            payload = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            answer = double.receive(self.path, payload, dict(self.headers))
            if answer.delay:
                time.sleep(answer.delay)
            out = answer.raw
            if out is None:
                out = json.dumps({"message": answer.message} if answer.error else answer.response).encode()
            head = [f"HTTP/1.1 {answer.status} X", "Content-Type: application/json", f"Content-Length: {len(out)}"]
            if answer.error:
                head.append(f"x-amzn-errortype: {answer.error}")
            try:  # head and body in one send: apart they wait for an acknowledgement, 40 ms
                self.wfile.write("\r\n".join((*head, "", "")).encode() + out)
            except OSError:  # the client gave up waiting
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

    with on_loopback(Server(("127.0.0.1", 0), Handler)) as double.url:
        yield double


@contextmanager
def on_loopback(server: ThreadingHTTPServer) -> Iterator[str]:
    """The address of a server that ends with the block."""
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
