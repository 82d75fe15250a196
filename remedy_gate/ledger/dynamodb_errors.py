"""What AWS answers when it does not do what it is asked, in words; and its clients, with timeouts that end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from remedy_gate.errors import LedgerError

_AGAIN = frozenset(
    (
        "ConditionalCheckFailedException",
        "ThrottlingError",
        "ThrottlingException",
        "Throttling",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "InternalServerError",
        "ServiceUnavailable",
    )
)
_BUSY = "It is too busy: try again later, or give the table more capacity."
_HINTS = {
    **dict.fromkeys(_AGAIN - {"ConditionalCheckFailedException"}, _BUSY),
    "ExpiredTokenException": "The credentials have expired: get new ones.",
    "ExpiredToken": "The credentials have expired: get new ones.",
    "UnrecognizedClientException": "The credentials are not valid.",
    "AccessDeniedException": "The role lacks a right; docs/ledger.md lists them.",
    "AccessDenied": "The role lacks a right; docs/ledger.md lists them.",
    "ResourceNotFoundException": "There is no such table in this region; docs/ledger.md says how to make it.",
    "NoSuchBucket": "There is no such bucket.",
}


def client(service: str, region: str) -> Any:  # noqa: ANN401 - boto3's clients have no types
    """A client of an AWS service. Raises `LedgerError` where the SDK is not installed."""
    try:
        import boto3
        from botocore.config import Config
    except ImportError as error:
        raise LedgerError("A shared ledger needs boto3.", "Install remedy-gate[aws].") from error
    config = Config(connect_timeout=5, read_timeout=10, retries={"mode": "standard", "max_attempts": 4})
    try:
        return boto3.client(service, region_name=region or None, config=config)
    except aws_errors() as error:
        raise LedgerError(f"AWS cannot be asked: {error}") from error


def aws_errors() -> tuple[type[Exception], ...]:
    """Everything that botocore raises of its own."""
    from botocore.exceptions import BotoCoreError, ClientError

    return (BotoCoreError, ClientError)


def is_worth_repeating(error: Exception) -> bool:
    """Whether somebody else was quicker, AWS is busy, or nobody knows if it was done: entries have ids."""
    answer = getattr(error, "response", None)
    if not isinstance(answer, dict):
        return type(error).__name__ in ("ReadTimeoutError", "ConnectionClosedError", "ConnectTimeoutError")
    return answer.get("Error", {}).get("Code", "") in _AGAIN


def is_overtaken(error: Exception) -> bool:
    """Whether another run was quicker, which means that somebody gets on."""
    answer = getattr(error, "response", None)
    return isinstance(answer, dict) and answer.get("Error", {}).get("Code") == "ConditionalCheckFailedException"


@contextmanager
def explained(what: str) -> Iterator[None]:
    """Turn what botocore raises into words."""
    try:
        yield
    except aws_errors() as error:
        answer = getattr(error, "response", None)
        code = answer.get("Error", {}).get("Code", "") if isinstance(answer, dict) else ""
        hint = _HINTS.get(code, "Check the network and the credentials.")
        raise LedgerError(f"The ledger {what} could not be reached: {code or type(error).__name__}.", hint) from error
