"""A batch as a Bedrock model invocation job: questions up to S3, a job over them, answers down again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from remedy_gate.errors import PatchError, UsageError

from .bedrock_troubles import Trouble, trouble_of
from .prompt_text import sentence

DONE = ("Completed", "PartiallyCompleted")
OVER = ("Failed", "Stopped", "Expired")
MOST_BYTES = 1_000_000_000
_PLACE = re.compile(r"s3://([a-z0-9][-.a-z0-9]{1,61}[a-z0-9])(?:/(.*?))?/?")
_HINT = "docs/bedrock.md says what the caller and the job's role have to be granted."


class Services(NamedTuple):
    """Clients of S3 and of Bedrock's control plane, and what they raise."""

    s3: Any
    bedrock: Any
    errors: tuple[type[Exception], ...]


class Job(NamedTuple):
    """What is asked for: the questions, their digest, where they are kept, who may read there, and the model."""

    questions: bytes
    digest: str
    place: str
    role: str
    model: str
    hours: int = 24


class Status(NamedTuple):
    """How far a job is. `counts` are records: all, processed, answered, failed; None where Bedrock does not tell."""

    word: str
    message: str
    counts: tuple[int | None, ...]
    output: str


def connected(region: str | None, user_agent: str) -> Services:
    """The clients, through boto3, which is imported only here. Raises `PatchError`."""
    try:
        from boto3.session import Session
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError as error:
        raise PatchError("A batch job needs boto3.", "Install remedy-gate[aws].") from error
    config = Config(
        connect_timeout=10,
        read_timeout=120,
        retries={"mode": "standard", "total_max_attempts": 4},
        user_agent_extra=user_agent,
    )
    errors = (BotoCoreError, ClientError)
    session = Session()
    with _explained("Amazon Bedrock cannot be asked", errors):
        s3 = session.client("s3", region_name=region, config=config)
        return Services(s3, session.client("bedrock", region_name=region, config=config), errors)


def submit(services: Services, job: Job) -> str:
    """Upload the questions and start the job; its ARN. The same questions to the same place start no second job."""
    bucket, prefix = _place(job.place)
    name = f"remedy-gate-{job.digest[:16]}"
    key = f"{prefix}{name}/requests.jsonl"
    with _explained(f"The questions could not be uploaded to s3://{bucket}/{key}", services.errors):
        services.s3.put_object(Bucket=bucket, Key=key, Body=job.questions)
    with _explained("The job could not be started", services.errors):
        answer = services.bedrock.create_model_invocation_job(
            jobName=name,
            clientRequestToken=job.digest,
            roleArn=job.role,
            modelId=job.model,
            modelInvocationType="Converse",
            inputDataConfig={"s3InputDataConfig": {"s3InputFormat": "JSONL", "s3Uri": f"s3://{bucket}/{key}"}},
            outputDataConfig={"s3OutputDataConfig": {"s3Uri": f"s3://{bucket}/{prefix}{name}/answers/"}},
            timeoutDurationInHours=job.hours,
        )
    return str(answer["jobArn"])


def status(services: Services, arn: str) -> Status:
    """How far a job is."""
    with _explained("The job could not be asked about", services.errors):
        found = services.bedrock.get_model_invocation_job(jobIdentifier=arn)
    names = ("totalRecordCount", "processedRecordCount", "successRecordCount", "errorRecordCount")
    output = found["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"]
    return Status(
        str(found.get("status", "unknown")),
        sentence(str(found.get("message", ""))),
        tuple(found.get(name) for name in names),
        str(output),
    )


def fetch(services: Services, arn: str, write: Callable[[bytes], object]) -> int:
    """Hand on the answers of a job that is done, file by file; how many files there were."""
    found = status(services, arn)
    if found.word not in DONE:
        hint = "Its answers will never come." if found.word in OVER else "Come back later."
        raise PatchError(f"The job is {found.word}. {found.message}".strip(), hint)
    bucket, prefix = _place(found.output)
    folder = f"{prefix}{arn.rpartition('/')[2]}/"
    with _explained(f"The answers in s3://{bucket}/{folder} could not be read", services.errors):
        pages = services.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=folder)
        keys = [item["Key"] for page in pages for item in page.get("Contents", ())]
        files = sorted(key for key in keys if key.endswith(".jsonl.out"))
        for key in files:
            body = services.s3.get_object(Bucket=bucket, Key=key)["Body"].read(MOST_BYTES)
            write(body if body.endswith(b"\n") or not body else body + b"\n")
    if not files:
        raise PatchError(f"There are no answers in s3://{bucket}/{folder}.", "Look whether somebody moved them.")
    return len(files)


def _place(uri: str) -> tuple[str, str]:
    """Bucket and prefix, the prefix ended by a slash unless it is empty."""
    found = _PLACE.fullmatch(uri)
    if found is None:
        raise UsageError(f"{sentence(uri, 120)} is no place in S3.", "It looks like s3://BUCKET/PREFIX.")
    return found[1], f"{found[2]}/" if found[2] else ""


@contextmanager
def _explained(what: str, errors: tuple[type[Exception], ...]) -> Iterator[None]:
    try:
        yield
    except errors as error:
        response = getattr(error, "response", None)
        if type(error).__name__ == "ParamValidationError":
            raise UsageError(f"{what}: {sentence(str(error), 300)}.") from error
        if isinstance(response, dict):
            told = response.get("Error", {})
            trouble = Trouble(f"{told.get('Code', '')}: {told.get('Message', '')}".strip(": "), _HINT)
            expired = trouble_of(error)
            trouble = expired if expired.lasting and "credentials" in expired.reason else trouble
        else:
            trouble = trouble_of(error)
        raise PatchError(f"{what}: {sentence(trouble.reason).rstrip('.')}.", trouble.hint) from error
