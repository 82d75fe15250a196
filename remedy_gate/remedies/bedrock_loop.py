"""Propose, prove, repair: a failed check goes back as evidence, twice at most, then one fresh beginning."""

from __future__ import annotations

from collections.abc import Callable, Generator
from enum import StrEnum
from typing import NamedTuple

from remedy_gate.domain.patch import NoPatch, Patch
from remedy_gate.domain.proof import Outcome, Proof, Status

from .bedrock_asking import Asked
from .bedrock_call import Conversation
from .bedrock_models import Usage
from .bedrock_troubles import Trouble
from .prompt import Prompt, repair_text

ROUNDS = (3, 1)
"""How often each sample is asked: once and two repairs, then once anew, without what went before."""


class Came(StrEnum):
    """What came of an attempt."""

    PROVEN = "proven"
    UNPROVEN = "unproven"
    REFUTED = "refuted"
    INAPPLICABLE = "inapplicable"
    MALFORMED = "malformed"
    CANNOT = "cannot"
    TROUBLE = "trouble"


class Judged(NamedTuple):
    """An answer, judged. `detail` is evidence for the next attempt. `settled`: asking on would tell no more."""

    came: Came
    detail: str
    patch: Patch | None = None
    settled: bool = False


class Attempt(NamedTuple):
    """One call and what came of it, for the record.

    `request` is the digest of the question, `service_request` what AWS calls the request in its own logs; empty for an
    answer of our cache or of a batch. `dollars` is None where nobody knows.
    """

    subject: str
    sample: int
    round: int
    request: str
    model: str
    prompt: str
    came: Came
    detail: str
    patch: str
    usage: Usage
    dollars: float | None
    milliseconds: int
    kept: bool
    service_request: str = ""


class Result(NamedTuple):
    """What the loop ends with, and every attempt on the way."""

    remedy: Patch | NoPatch
    attempts: tuple[Attempt, ...]


Working = Generator[Conversation, Asked, Result]


def work_out(prompt: Prompt, subject: str, judge: Callable[[str, str], Judged]) -> Working:
    """Yield what is to be asked, take what came of it, and return a patch that the proof does not refute, or none.

    `judge` takes an answer and the model that gave it. Whoever drives this decides in which thread the asking waits.
    """
    attempts: list[Attempt] = []
    second: Patch | None = None
    for sample, rounds in enumerate(ROUNDS):
        conversation, before = Conversation(prompt, subject, (), sample), None
        for number in range(rounds):
            asked = yield conversation
            if isinstance(asked.answer, Trouble):
                attempts.append(attempt_of(conversation, number, asked, Judged(Came.TROUBLE, asked.answer.words)))
                return Result(second or NoPatch(asked.answer.words), tuple(attempts))
            judged = judge(asked.answer.text, asked.model)
            attempts.append(attempt_of(conversation, number, asked, judged))
            if judged.came is Came.CANNOT:
                return Result(second or NoPatch(f"the model cannot: {judged.detail}"), tuple(attempts))
            if judged.came is Came.PROVEN or (judged.came is Came.UNPROVEN and judged.settled):
                return Result(judged.patch or NoPatch(judged.detail), tuple(attempts))
            second = second or (judged.patch if judged.came is Came.UNPROVEN else None)
            told = repair_text(prompt, judged.detail)
            if told is None or judged == before:  # the same again: more of it helps nobody
                break
            before = judged
            conversation = conversation._replace(turns=(*conversation.turns, asked.answer.text, told))
        if second is not None:
            return Result(second, tuple(attempts))
    last = attempts[-1]
    return Result(NoPatch(f"no answer of the model stood the proof in {len(attempts)} attempts; the last was "
                          f"{last.came}: {last.detail}"), tuple(attempts))  # fmt: skip


def judged_by(proof: Proof, patch: Patch, *, by_control: bool) -> Judged:
    """What a proof comes to for the loop. Without a control nobody can prove more, so there is no asking on."""
    match proof.outcome:
        case Outcome.PROVEN:
            return Judged(Came.PROVEN, "", patch)
        case Outcome.REFUTED:
            return Judged(Came.REFUTED, _evidence(proof, Status.FAIL))
        case Outcome.UNPROVEN:
            return Judged(Came.UNPROVEN, _evidence(proof, Status.NOT_RUN), patch, settled=not by_control)


def _evidence(proof: Proof, status: Status) -> str:
    return "; ".join(f"{check.name}: {check.detail}" for check in proof.checks if check.status is status)


def attempt_of(conversation: Conversation, number: int, asked: Asked, judged: Judged) -> Attempt:
    """One call, for the record."""
    reply = None if isinstance(asked.answer, Trouble) else asked.answer
    return Attempt(
        subject=conversation.subject,
        sample=conversation.sample,
        round=number,
        request=asked.request,
        model=asked.model,
        prompt=conversation.prompt.digest,
        came=judged.came,
        detail=judged.detail,
        patch=judged.patch.id if judged.patch else "",
        usage=asked.usage,
        dollars=asked.dollars,
        milliseconds=reply.milliseconds if reply else 0,
        kept=reply.kept if reply else False,
        service_request=asked.service_request,
    )
