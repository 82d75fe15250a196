"""Questions for many findings at once: one record a finding, whose id says which finding and which code it is about."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import NamedTuple

from remedy_gate.domain.asking import Order
from remedy_gate.domain.finding import Finding
from remedy_gate.domain.match import Match
from remedy_gate.domain.patch import NoPatch, Patch
from remedy_gate.domain.seams import Sources
from remedy_gate.domain.source import Problem
from remedy_gate.policy.bedrock import BedrockChoice

from .bedrock_call import Conversation, Manner, body
from .bedrock_case import Bench, case_of
from .prompt import Case, Prompt, prompt_for

ABOUT, WHOLE = 5, 11
"""How many characters of a record's id name the finding and its block; the rest names finding, code and prompt.

Bedrock's older pages ask for 11 letters and digits.
"""
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class Requested(NamedTuple):
    """One question: its record's id, the line of the file, and what it is about, in words."""

    id: str
    line: str
    about: str


def record_id(case: Case, prompt: Prompt) -> str:
    """11 letters and digits: another finding, other code, or another prompt has another id.

    The prompt is one without accepted fixes: those that came since must not make an answer stale.
    """
    subject = (case.finding.fingerprint, case.finding.rule_id, case.block.path, case.block.address)
    about = _letters("\0".join(subject), ABOUT)
    return about + _letters("\0".join((*subject, prompt.digest)), WHOLE - ABOUT)


def about(case: Case) -> str:
    """What a record is about, for people."""
    return f"{case.block.address} in {case.block.path}, {case.finding.control or case.finding.rule_id}"


class BatchExport:
    """The seams `Remedy` and `AsksAhead`: whatever nobody before it could repair becomes a question for later."""

    name = "bedrock"

    def __init__(self, bench: Bench, manner: Manner, choice: BedrockChoice, nonce: Callable[[], str]) -> None:
        """Ask in this manner; `nonce` gives texts that nobody can guess."""
        self._bench = bench
        self._manner = manner
        self._choice = choice
        self._nonce = nonce
        self._requests: dict[str, Requested] = {}
        self._refused: list[Problem] = []

    @property
    def requests(self) -> tuple[Requested, ...]:
        """The questions so far, each once."""
        return tuple(self._requests.values())

    @property
    def refused(self) -> tuple[Problem, ...]:
        """What no question was made of, and why."""
        return tuple(self._refused)

    def prefetch(self, orders: Sequence[Order], sources: Sources) -> None:
        """Make a question of each."""
        for order in orders:
            made = self._request(order, sources)
            if isinstance(made, NoPatch):
                resource = order.match.resource
                where = resource.address if resource else order.finding.rule_id
                self._refused.append(Problem(where, made.reason))
            else:
                self._requests.setdefault(made.id, made)

    def propose(self, finding: Finding, match: Match, sources: Sources) -> Patch | NoPatch:  # noqa: ARG002 - the seam's
        """No patch: the answer comes later."""
        return NoPatch("it is a question of the batch")

    def notes(self) -> tuple[Problem, ...]:
        """What could not be asked."""
        return self.refused

    def _request(self, order: Order, sources: Sources) -> Requested | NoPatch:
        case = case_of(self._bench, order.finding, order.match, sources)
        if isinstance(case, NoPatch):
            return case
        prompt = prompt_for(case, self._bench.schemas, self._nonce)
        if isinstance(prompt, NoPatch):
            return prompt
        asked = body(Conversation(prompt, case.finding.fingerprint), self._manner, self._choice)
        plain = prompt_for(case._replace(accepted=()), self._bench.schemas, self._nonce) if case.accepted else prompt
        if isinstance(plain, NoPatch):
            return plain
        identifier = record_id(case, plain)
        return Requested(identifier, json.dumps({"recordId": identifier, "modelInput": asked}), about(case))


def _letters(text: str, count: int) -> str:
    number = int.from_bytes(sha256(text.encode("utf-8", "surrogatepass")).digest()[:16])
    found = ""
    for _ in range(count):
        number, digit = divmod(number, len(_DIGITS))
        found += _DIGITS[digit]
    return found
