"""Answers that came back from a batch, a line each: read strictly, judged as any other answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from remedy_gate.domain.asking import Order
from remedy_gate.domain.finding import Finding
from remedy_gate.domain.match import Match
from remedy_gate.domain.patch import NoPatch, Patch, money
from remedy_gate.domain.seams import Sources
from remedy_gate.domain.source import Problem

from .bedrock_asking import Asked
from .bedrock_batch import ABOUT, about, record_id
from .bedrock_call import Conversation, Reply, read_response
from .bedrock_case import Bench, case_of, judge_of
from .bedrock_cost import counted, together, with_cost
from .bedrock_loop import Attempt, Came, Judged, attempt_of
from .bedrock_models import Model, Usage
from .bedrock_troubles import Trouble
from .prompt import prompt_for
from .prompt_text import sentence

MOST_LINE = 4_000_000


class Responses(NamedTuple):
    """Answers by the id of their record, and the lines that are none. `places` says where each answer stands."""

    answers: Mapping[str, tuple[Reply | Trouble, Usage]]
    places: Mapping[str, str]
    problems: tuple[Problem, ...]


def read_responses(lines: Iterable[tuple[str, bytes]]) -> Responses:
    """The answers of lines, each told where it stands. Of two answers to one question neither counts."""
    answers: dict[str, tuple[Reply | Trouble, Usage]] = {}
    places: dict[str, str] = {}
    problems: list[Problem] = []
    for where, line in lines:
        if not line.strip():
            continue
        found = _response(line)
        if isinstance(found, str):
            problems.append(Problem(where, found))
            continue
        identifier, answer, usage = found
        if identifier in places:
            problems.append(Problem(where, f"{identifier} was answered before, at {places[identifier]}: none counts"))
            answers[identifier] = Trouble("the batch answers this question twice"), Usage()
            continue
        answers[identifier], places[identifier] = (answer, usage), where
    return Responses(answers, places, tuple(problems))


def _response(line: bytes) -> tuple[str, Reply | Trouble, Usage] | str:
    if len(line) > MOST_LINE:
        return f"the line is longer than {MOST_LINE:,} bytes"
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return "the line is not JSON"
    identifier = record.get("recordId") if isinstance(record, dict) else None
    if not isinstance(identifier, str) or not identifier:
        return "the line is not an object with a recordId"
    output, error = record.get("modelOutput"), record.get("error")
    if output is None:
        told = error if isinstance(error, dict) else {}
        words = f"{told.get('errorCode', '')} {told.get('errorMessage', '')}".strip() or "there is no modelOutput"
        return identifier, Trouble(f"the batch has no answer: {sentence(words, 160)}"), Usage()
    if isinstance(output, str):  # another way of asking: the text alone
        return identifier, Reply(output, Usage()), Usage()
    if isinstance(output, dict) and "stopReason" not in output:
        output = {**output, "stopReason": "end_turn"}
    answer, usage = read_response(output)
    return identifier, answer, usage


class BatchAnswers:
    """The seams `Remedy` and `AsksAhead`, over answers that are there already. One answer, one judgement."""

    name = "bedrock"

    def __init__(self, bench: Bench, responses: Responses, model: Model, nonce: Callable[[], str]) -> None:
        """Judge these answers of this model, which cost what a batch of it costs."""
        self._bench = bench
        self._responses = responses
        self._model = model.in_batch
        self._nonce = nonce
        self._now: dict[str, str] = {}
        self._attempts: dict[str, Attempt] = {}

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """Every answer that was judged, for the ledger."""
        return tuple(self._attempts.values())

    def prefetch(self, orders: Sequence[Order], sources: Sources) -> None:
        """Nothing: the answers are there."""

    def propose(self, finding: Finding, match: Match, sources: Sources) -> Patch | NoPatch:
        """The patch of the answer to this question, unless the proof refutes it."""
        case = case_of(self._bench, finding, match, sources)
        if isinstance(case, NoPatch):
            return case
        case = case._replace(accepted=())
        prompt = prompt_for(case, self._bench.schemas, self._nonce)
        if isinstance(prompt, NoPatch):
            return prompt
        identifier = record_id(case, prompt)
        self._now.setdefault(identifier, about(case))
        if identifier not in self._responses.answers:
            return NoPatch(self._missing(identifier))
        answer, usage = self._responses.answers[identifier]
        asked = Asked(answer, usage, self._cost(answer, usage), identifier, self._model.id)
        if isinstance(answer, Trouble):
            judged = Judged(Came.TROUBLE, answer.words)
        else:
            judged = judge_of(self._bench, case, match, prompt, sources)(answer.text, self._model.id)
        attempt = attempt_of(Conversation(prompt, finding.fingerprint), 0, asked, judged)
        self._attempts.setdefault(identifier, attempt)
        return with_cost(_remedy(judged), (attempt,), self._basis(usage))

    def notes(self) -> tuple[Problem, ...]:
        """What the answers took."""
        attempts = self.attempts
        used = Usage(*map(sum, zip(*(one.usage for one in attempts), strict=True))) if attempts else Usage()
        dollars = together(one.dollars for one in attempts)
        words = f"{counted(len(attempts), 'answer')} of a batch, {used.total:,} tokens, {money(dollars)} ({self._basis(used)})"
        return (Problem(self.name, words),)

    def _cost(self, answer: Reply | Trouble, usage: Usage) -> float | None:
        """What an answer cost; an error of the batch costs nothing, and of a text alone nobody knows."""
        return None if isinstance(answer, Reply) and not usage.total else self._model.cost(usage)

    def _basis(self, usage: Usage) -> str:
        return self._model.basis if usage.total else "the answers tell no tokens"

    def left_over(self, known: Mapping[str, str]) -> tuple[Problem, ...]:
        """Answers to which there is no question now. `known` are words for questions of earlier exports."""
        now = {identifier[:ABOUT]: words for identifier, words in self._now.items()}
        problems: list[Problem] = []
        for identifier, place in self._responses.places.items():
            if identifier in self._now:
                continue
            name = (
                f"{sentence(identifier, 40)} ({known[identifier]})" if identifier in known else sentence(identifier, 40)
            )
            if words := now.get(identifier[:ABOUT]):
                reason = f"{words} is not as it was when this was asked: export it again"
            elif identifier in known:
                reason = "its finding is not open any more, is ignored, or is repaired without a model"
            else:
                reason = "nothing of this id was asked"
            problems.append(Problem(place, f"{name} is not used: {reason}"))
        return tuple(problems)

    def _missing(self, identifier: str) -> str:
        stale = any(other[:ABOUT] == identifier[:ABOUT] for other in self._responses.answers)
        if stale:
            return "the code, the finding or the prompt changed after this was asked, so the answer is not used"
        return f"the batch has no answer for it ({identifier})"


def _remedy(judged: Judged) -> Patch | NoPatch:
    match judged.came:
        case Came.PROVEN | Came.UNPROVEN:
            return judged.patch or NoPatch(judged.detail)
        case Came.CANNOT:
            return NoPatch(f"the model cannot: {judged.detail}")
        case Came.TROUBLE:
            return NoPatch(judged.detail)
        case Came.REFUTED | Came.INAPPLICABLE | Came.MALFORMED:
            return NoPatch(f"the model's answer did not stand: {judged.came}: {judged.detail}")
