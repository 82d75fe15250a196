"""Patches from a model on Amazon Bedrock: asked without tools, judged by proof."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from remedy_gate.domain.asking import Order
from remedy_gate.domain.finding import Finding
from remedy_gate.domain.match import Match
from remedy_gate.domain.patch import NoPatch, Patch, money
from remedy_gate.domain.seams import Sources
from remedy_gate.domain.source import Problem
from remedy_gate.policy.bedrock import BedrockChoice

from .bedrock_asking import Asked, Asking, Connection
from .bedrock_call import Conversation
from .bedrock_case import Bench, case_of, judge_of
from .bedrock_cost import cost_line, cost_of, counted, with_cost
from .bedrock_loop import Attempt, Result, Working, work_out
from .bedrock_troubles import Trouble, trouble_of
from .prompt import prompt_for

NAME = "bedrock"


class Work(NamedTuple):
    """One finding being worked out: what names it, where its block is, the loop, and what is to be asked next."""

    key: object
    address: str
    loop: Working
    question: Conversation


class BedrockRemedy:
    """The seams `Remedy` and `AsksAhead`, over a model. Only the asking is left to threads."""

    name = NAME

    def __init__(
        self, bench: Bench, asking: Asking, nonce: Callable[[], str], tell: Callable[[str], None], threads: int = 1
    ) -> None:
        """Ask through `asking`. `nonce` gives texts that nobody can guess; `tell` is told of each finding's end."""
        self._bench = bench
        self._asking = asking
        self._nonce = nonce
        self._tell = tell
        self._threads = threads
        self._known: dict[object, Result] = {}

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """Every call of this run, for the ledger."""
        return tuple(attempt for result in self._known.values() for attempt in result.attempts)

    def propose(self, finding: Finding, match: Match, sources: Sources) -> Patch | NoPatch:
        """A patch that the proof does not refute, or why there is none. Trouble is a reason, never more."""
        work = self._begin(finding, match, sources)
        while isinstance(work, Work):
            work = self._advance(work, self._asking.ask(work.question))
        return work

    def prefetch(self, orders: Sequence[Order], sources: Sources) -> None:
        """Work out many at once: several threads wait for the network, and what came is judged here, in turn."""
        if self._threads < 2 or len(orders) < 2:  # noqa: PLR2004 - one alone has nobody to wait beside
            return
        from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

        pool = ThreadPoolExecutor(min(self._threads, len(orders)))
        waiting: dict[Future[Asked], Work] = {}
        try:
            for order in orders:
                work = self._begin(order.finding, order.match, sources)
                if isinstance(work, Work):
                    waiting[pool.submit(self._asking.ask, work.question)] = work
            while waiting:
                for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                    work = self._advance(waiting.pop(future), future.result())
                    if isinstance(work, Work):
                        waiting[pool.submit(self._asking.ask, work.question)] = work
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _begin(self, finding: Finding, match: Match, sources: Sources) -> Work | Patch | NoPatch:
        case = case_of(self._bench, finding, match, sources)
        if isinstance(case, NoPatch):
            return case
        key = (finding, case.block.address, tuple(case.module.files.items()))
        if key in self._known:
            return self._known[key].remedy
        prompt = prompt_for(case, self._bench.schemas, self._nonce)
        if isinstance(prompt, NoPatch):
            return prompt
        loop = work_out(prompt, finding.fingerprint, judge_of(self._bench, case, match, prompt, sources))
        return Work(key, case.block.address, loop, next(loop))

    def _advance(self, work: Work, asked: Asked) -> Work | Patch | NoPatch:
        try:
            return work._replace(question=work.loop.send(asked))
        except StopIteration as end:
            result: Result = end.value
        result = result._replace(remedy=with_cost(result.remedy, result.attempts, self._asking.basis))
        self._known[work.key] = result
        self._tell(_line(work.address, result))
        return result.remedy

    def notes(self) -> tuple[Problem, ...]:
        """What the run has to say of its models: what they cost, and what was not tried."""
        attempts = self.attempts
        if not attempts:
            return ()
        spent, cost = self._asking.budget.spent, cost_of(attempts, self._asking.basis)
        known = f"{money(cost.dollars)} ({cost.basis})"
        if cost.dollars is None:
            known += f", counted as ${spent.dollars:.4f} against the run's limit"
        kept = f"; {counted(cost.kept, 'answer')} kept from earlier runs" if cost.kept else ""
        notes = [Problem(NAME, f"{counted(spent.calls, 'call')}, {spent.tokens:,} tokens, {known}{kept}")]
        if untried := sum(attempt.detail.startswith("not tried") for attempt in attempts):
            notes.append(
                Problem(NAME, f"{counted(untried, 'finding')} not tried, or not to the end, for lack of budget")
            )
        return tuple(notes)


def connector(choice: BedrockChoice, region: str | None, user_agent: str) -> Callable[[], Connection | Trouble]:
    """How to connect: through boto3, which is imported only then. Credentials come from its own chain."""

    def connect() -> Connection | Trouble:
        try:
            from boto3.session import Session
            from botocore.config import Config
            from botocore.exceptions import BotoCoreError, ClientError
            from botocore.parsers import ResponseParserError
        except ImportError:
            return Trouble("boto3 is not installed", "Install remedy-gate[aws].", lasting=True)
        # One attempt: botocore repeats a call whose answer did not come in time, and that is paid twice.
        config = Config(
            connect_timeout=10,
            read_timeout=min(choice.timeout_seconds, max(1, choice.seconds)),
            retries={"mode": "standard", "total_max_attempts": 1},
            max_pool_connections=choice.threads,
            user_agent_extra=user_agent,
        )
        # The last four are what botocore's parsers stumble with over an answer that is no answer of the service.
        errors = (BotoCoreError, ClientError, ResponseParserError, ValueError, TypeError, AttributeError, LookupError)
        try:
            client: Any = Session().client("bedrock-runtime", region_name=choice.region or region, config=config)
        except errors as error:
            return trouble_of(error)
        return Connection(lambda request: client.converse(**request), str(client.meta.region_name), errors)

    return connect


def _line(address: str, result: Result) -> str:
    end = result.attempts[-1].came if result.attempts else "nothing"
    return f"bedrock: {address}: {end}, {cost_line(result.attempts)}"
