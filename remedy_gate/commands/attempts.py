"""Every call of a model, for the ledger: those too whose answer was refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from remedy_gate.domain.ledger import Entry
from remedy_gate.domain.seams import Remedy
from remedy_gate.ledger.canonical import digest_of
from remedy_gate.ledger.entries import entry
from remedy_gate.remedies.bedrock_loop import Attempt
from remedy_gate.remedies.bedrock_models import model_and_profile

from .clock import new_id, now_text

ATTEMPT = "attempt"
_MILLIONTHS = 1_000_000


def attempts_of(remedies: Iterable[Remedy]) -> tuple[Entry, ...]:
    """The entries of all calls that these remedies made."""
    return attempt_entries(one for remedy in remedies for one in getattr(remedy, "attempts", ()))


def attempt_entries(attempts: Iterable[Attempt]) -> tuple[Entry, ...]:
    """An entry a call. What the model or the proof said is there by digest only: it may quote code."""
    return tuple(_entries(attempts))


def _entries(attempts: Iterable[Attempt]) -> Iterator[Entry]:
    at = now_text()
    for one in attempts:
        usage, (model, profile) = one.usage, model_and_profile(one.model)
        yield entry(
            ATTEMPT,
            at,
            new_id(),
            {
                "finding": one.subject,
                "sample": one.sample,
                "round": one.round,
                "request": one.request,
                "service_request": one.service_request,
                "model": model,
                "inference_profile": profile,
                "prompt": one.prompt,
                "origin": {"kind": "bedrock", "name": one.model, "version": one.prompt},
                "came": str(one.came),
                "detail": digest_of(one.detail),
                "patch": one.patch,
                "tokens": {"in": usage.given, "out": usage.made, "read": usage.read, "written": usage.written},
                "dollar_millionths": None if one.dollars is None else round(one.dollars * _MILLIONTHS),
                "milliseconds": one.milliseconds,
                "kept": one.kept,
            },
        )
