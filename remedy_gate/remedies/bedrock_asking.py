"""Ask a model once: from the cache if it was asked before, within the budget, repeated only where that is free."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import NamedTuple

from remedy_gate.policy.bedrock import BedrockChoice

from .bedrock_budget import Budget
from .bedrock_cache import AnswerCache
from .bedrock_call import (
    Conversation,
    Manner,
    Reply,
    body,
    estimate,
    key_of,
    metadata,
    read_response,
    service_request_of,
)
from .bedrock_models import Usage, model_for
from .bedrock_troubles import Trouble, trouble_of

LONGEST_WAIT = 20.0


class Connection(NamedTuple):
    """A way to the service: `converse` takes a request and raises one of `errors`; `region` is where it leads."""

    converse: Callable[[dict[str, object]], object]
    region: str
    errors: tuple[type[Exception], ...]


class Times(NamedTuple):
    """Seconds that only go up, and how to let some pass."""

    clock: Callable[[], float]
    sleep: Callable[[float], None]


class Asked(NamedTuple):
    """What came of asking, and what it took.

    `request` is the digest of the question, `service_request` the id that the service gave to the last request; `model`
    the id that was asked. `dollars` is None where nobody knows: the model has no price, or the service may have charged
    for what never came.
    """

    answer: Reply | Trouble
    usage: Usage = Usage()
    dollars: float | None = 0.0
    request: str = ""
    model: str = ""
    service_request: str = ""


class Asking:
    """Asks for a whole run, from any number of threads."""

    def __init__(
        self, connect: Callable[[], Connection | Trouble], choice: BedrockChoice, cache: AnswerCache, times: Times
    ) -> None:
        """Connect when the first question comes, and not before."""
        self._connect = connect
        self._choice = choice
        self._cache = cache
        self._times = times
        self.budget = Budget(choice, times.clock)
        self._lock = Lock()
        self._way: Connection | Trouble | None = None
        self._lasting: Trouble | None = None
        self._without: frozenset[str] = frozenset()

    def ask(self, conversation: Conversation) -> Asked:
        """The answer, or why there is none. Never raises what the service or the network can cause."""
        with self._lock:
            if self._way is None:
                self._way = self._connect()
        if isinstance(self._way, Trouble):
            return Asked(self._way)
        manner = self._manner(self._way)
        key = key_of(conversation, manner, self._choice)
        kept = self._cache.get(key)
        if kept is not None:
            return Asked(kept, Usage(), 0.0, key, manner.model.id)
        asked = self._patiently(conversation, self._way)
        if isinstance(asked.answer, Reply):
            self._cache.put(asked.request, asked.answer)
        return asked

    @property
    def basis(self) -> str:
        """Where the prices of the model are from, or that there are none."""
        return self._manner(self._way).model.basis if isinstance(self._way, Connection) else "nothing was asked"

    def _manner(self, way: Connection) -> Manner:
        model = model_for(self._choice, way.region)
        schema = model.structured and "schema" not in self._without
        return Manner(model, schema, model.cache_tokens > 0 and "cache" not in self._without)

    def _patiently(self, conversation: Conversation, way: Connection) -> Asked:
        total, repeats = Usage(), 0
        dollars: float | None = 0.0
        while True:
            manner = self._manner(way)
            if self._lasting is not None:
                return Asked(self._lasting, total, dollars, key_of(conversation, manner, self._choice), manner.model.id)
            asked = self._once(conversation, way, manner)
            total = Usage(*map(sum, zip(total, asked.usage, strict=True)))
            dollars = None if dollars is None or asked.dollars is None else dollars + asked.dollars
            trouble = asked.answer
            if not isinstance(trouble, Trouble):
                return asked._replace(usage=total, dollars=dollars)
            if trouble.without and trouble.without not in self._without:
                self._without |= {trouble.without}
                continue
            if trouble.lasting:
                self._lasting = trouble
            wait = min(LONGEST_WAIT, 2.0**repeats)
            if repeats >= trouble.repeats or self.budget.seconds_left() <= wait:
                return asked._replace(usage=total, dollars=dollars)
            repeats += 1
            self._times.sleep(wait)

    def _once(self, conversation: Conversation, way: Connection, manner: Manner) -> Asked:
        expected = estimate(conversation, manner)
        aside = (expected, manner.model.dollars(expected))
        key = key_of(conversation, manner, self._choice)
        if refused := self.budget.take(*aside):
            return Asked(Trouble(f"not tried: {refused}", "Raise `bedrock: limits` in the policy."), request=key)
        request = {
            "modelId": manner.model.id,
            **body(conversation, manner, self._choice),
            "requestMetadata": metadata(conversation),
        }
        begun, usage, unseen = self._times.clock(), Usage(), True
        answer: Reply | Trouble
        response: object = None
        try:
            response = way.converse(request)
        except way.errors as error:
            answer, response = trouble_of(error), getattr(error, "response", None)
            unseen = answer.paid
        else:
            answer, usage = read_response(response, int((self._times.clock() - begun) * 1000))
            unseen = not usage.total
        finally:  # what may have been charged and was not told counts as it was estimated
            self.budget.settle(aside, aside if unseen else (usage, manner.model.dollars(usage)))
        dollars = None if unseen else manner.model.cost(usage)
        return Asked(answer, usage, dollars, key, manner.model.id, service_request_of(response))
