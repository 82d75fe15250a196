"""A double of Bedrock's batch inference and the bucket beside it, over HTTP: a job answers what lies in the bucket."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from botocore.session import Session
from botocore.validate import ParamValidator
from contract.bedrock.runtime_double import Answer, beyond, on_loopback

ARN = "arn:aws:bedrock:eu-west-1:123456789012:model-invocation-job/abcdef123456"
Asked = Callable[[dict[str, Any]], Answer]


class BatchDouble:
    """One bucket and one job. `answer` takes a record's `modelInput`; `faults` are what the services would not take."""

    def __init__(self, answer: Asked) -> None:
        self.objects: dict[str, bytes] = {}
        self.faults: list[str] = []
        self.asked = 0
        self.url = ""
        self._answer = answer
        self._job: dict[str, Any] | None = None
        self._control = Session().get_service_model("bedrock").operation_model("CreateModelInvocationJob").input_shape
        self._converse = Session().get_service_model("bedrock-runtime").operation_model("Converse").input_shape

    def create(self, body: dict[str, Any]) -> dict[str, Any]:
        self._hold(body, self._control)
        if self._job is None or self._job["clientRequestToken"] != body["clientRequestToken"]:
            self._job = {**body, "status": "InProgress", "counts": [0, 0, 0]}
        return {"jobArn": ARN}

    def status(self) -> dict[str, Any]:
        """Where the job is; it is done when it is asked about for the second time."""
        assert self._job is not None
        self.asked += 1
        if self.asked > 1 and self._job["status"] == "InProgress":
            self._work(self._job)
        names = ("totalRecordCount", "successRecordCount", "errorRecordCount")
        kept = {key: self._job[key] for key in ("modelId", "roleArn", "inputDataConfig", "outputDataConfig", "status")}
        return {
            "jobArn": ARN,
            "submitTime": "2026-11-24T12:00:00Z",
            **kept,
            **dict(zip(names, self._job["counts"], strict=True)),
        }

    def _work(self, job: dict[str, Any]) -> None:
        given = job["inputDataConfig"]["s3InputDataConfig"]["s3Uri"].removeprefix("s3://")
        folder = job["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"].removeprefix("s3://")
        lines = []
        for line in self.objects[given].decode().splitlines():
            record = json.loads(line)
            self._hold({"modelId": job["modelId"], **record["modelInput"]}, self._converse)
            answer = self._answer(record["modelInput"])
            if answer.error:
                output: dict[str, Any] = {"error": {"errorCode": answer.status, "errorMessage": answer.message}}
            else:
                output = {"modelOutput": answer.response}
            lines.append(json.dumps({**record, **output}))
            job["counts"][2 if answer.error else 1] += 1
        job["counts"][0] = len(lines)
        lines.reverse()  # Bedrock keeps no order
        self.objects[f"{folder}{ARN.rpartition('/')[2]}/requests.jsonl.out"] = "\n".join(lines).encode()
        self.objects[f"{folder}{ARN.rpartition('/')[2]}/manifest.json.out"] = b"{}"
        job["status"] = "Completed"

    def _hold(self, body: dict[str, Any], shape: Any) -> None:
        report = ParamValidator().validate(body, shape).generate_report()
        self.faults += [report] if report else list(beyond(body, shape, "request"))


@contextmanager
def serving_batches(double: BatchDouble) -> Iterator[BatchDouble]:
    """The double on a port of its own: paths of the control plane, else a bucket's by its path."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _body(self) -> bytes:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            if "aws-chunked" not in self.headers.get("Content-Encoding", ""):
                return body
            size, _, rest = body.partition(b"\r\n")
            return rest[: int(size.split(b";")[0], 16)]

        def _send(self, out: bytes, status: int = 200) -> None:
            self.wfile.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(out)}\r\n\r\n".encode() + out)

        def do_PUT(self) -> None:
            double.objects[unquote(urlsplit(self.path).path[1:])] = self._body()
            self._send(b"")

        def do_POST(self) -> None:
            self._send(json.dumps(double.create(json.loads(self._body()))).encode())

        def do_GET(self) -> None:
            path, query = unquote(urlsplit(self.path).path[1:]), parse_qs(urlsplit(self.path).query)
            if path.startswith("model-invocation-job/"):
                self._send(json.dumps(double.status()).encode())
            elif "list-type" in query:
                bucket, prefix = path.rstrip("/"), query["prefix"][0]
                keys = [
                    key.removeprefix(f"{bucket}/") for key in double.objects if key.startswith(f"{bucket}/{prefix}")
                ]
                found = "".join(f"<Contents><Key>{key}</Key></Contents>" for key in keys)
                self._send(f"<ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>".encode())
            else:
                self._send(double.objects.get(path, b""), 200 if path in double.objects else 404)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    with on_loopback(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as double.url:
        yield double
