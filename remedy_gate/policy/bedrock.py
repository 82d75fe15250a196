"""The policy's `bedrock`: which model is asked, and how much a run may spend on it. Never a credential."""

from __future__ import annotations

from typing import NamedTuple

from .checking import Given, refuse
from .shapes import Count, Entries, Plain, Table, Text, Truth


class Prices(NamedTuple):
    """Dollars for a million tokens, None where nothing is said. `batch` is the share of them that a batch costs."""

    input: float | None = None
    output: float | None = None
    cache_read: float | None = None
    cache_write: float | None = None
    batch: float | None = None


class Abilities(NamedTuple):
    """What the policy says of every model whose id contains `name`; None and the empty text say nothing.

    `like` names a model of the packaged table that it behaves like. `structured`: it takes a JSON schema for its answer.
    `cache_tokens`: the shortest prefix that the service keeps, 0 for none. `longest`: its longest answer, in tokens.
    """

    name: str
    like: str = ""
    structured: bool | None = None
    cache_tokens: int | None = None
    longest: int | None = None
    prices: Prices = Prices()


class BedrockChoice(NamedTuple):
    """How models are asked. An empty text leaves it to the defaults.

    `like` names a model that this one behaves like, where its id (an ARN) does not tell. `dollars`, `calls`, `tokens`
    and `seconds` bound a whole run. `models` says what models can do, `prices` what the chosen one costs.
    """

    model: str = ""
    like: str = ""
    region: str = ""
    guardrail: str = ""
    guardrail_version: str = ""
    threads: int = 8
    timeout_seconds: int = 300
    max_tokens: int = 12_000
    calls: int = 100
    tokens: int = 1_000_000
    dollars: float = 5.0
    seconds: int = 900
    prices: Prices = Prices()
    models: tuple[Abilities, ...] = ()


_PRICES = {
    "input": Plain("dollars for a million tokens"),
    "output": Plain("dollars for a million tokens"),
    "cache_read": Plain("dollars for a million tokens read from the prompt cache (default: as for input)"),
    "cache_write": Plain(
        "dollars for a million tokens written to the prompt cache (default: a quarter more than input)"
    ),
    "batch": Plain("the share of these prices that a batch costs, from 0 to 1 (default 0.5)"),
}
_MODEL = Table(
    {
        "like": Text("a model of the packaged table that it behaves like"),
        "structured": Truth("whether it takes a JSON schema for its answer; if not, it is asked for tagged text"),
        "cache_tokens": Count(
            0, 1_000_000, "the shortest prefix that the service's prompt cache keeps; 0 for no cache"
        ),
        "longest": Count(500, 1_000_000, "its longest answer in tokens, thinking included"),
        "prices": Table(_PRICES, about="what it costs"),
    },
)

BEDROCK = Table(
    {
        "model": Text("a model id, an inference profile's id, or an ARN (default: a current model, for the region)"),
        "like": Text("a known model that this one behaves like, where its ARN does not say"),
        "region": Text("the AWS region (default: the environment's)"),
        "guardrail": Text("the id or ARN of a Bedrock guardrail to pass everything through"),
        "guardrail_version": Text("its version (default DRAFT)"),
        "threads": Count(1, 64, "how many findings are asked about at once (default 8)"),
        "timeout_seconds": Count(5, 3_600, "how long one answer may take (default 300)"),
        "max_tokens": Count(500, 128_000, "how long one answer may be, thinking included (default 12000)"),
        "limits": Table(
            {
                "calls": Count(0, 1_000_000, "(default 100)"),
                "tokens": Count(0, 2_000_000_000, "in and out together (default 1000000)"),
                "dollars": Plain("(default 5)"),
                "seconds": Count(0, 86_400, "(default 900)"),
            },
            about="what a whole run may spend on models; what was not tried for that reason is said",
        ),
        "prices": Table(_PRICES, about="where the packaged table does not know the model, or is out of date"),
        "models": Entries(
            _MODEL,
            "what models can do, by a part of their id or ARN: goes before the packaged table, piece by piece",
        ),
    },
    about="the model that is asked where `remedies` has `bedrock`; credentials come from the environment alone",
)


def read_bedrock(layer: Given | None) -> BedrockChoice:
    """The choice that a layer of the policy states. Raises `SettingsError` where an amount is no amount."""
    usual = BedrockChoice()
    if layer is None:
        return usual
    given = layer.table("bedrock")
    limits = given.table("limits")
    dollars = _amount(limits, "dollars")
    return BedrockChoice(
        model=given.text("model"),
        like=given.text("like"),
        region=given.text("region"),
        guardrail=given.text("guardrail"),
        guardrail_version=given.text("guardrail_version"),
        threads=_or(given.count("threads"), usual.threads),
        timeout_seconds=_or(given.count("timeout_seconds"), usual.timeout_seconds),
        max_tokens=_or(given.count("max_tokens"), usual.max_tokens),
        calls=_or(limits.count("calls"), usual.calls),
        tokens=_or(limits.count("tokens"), usual.tokens),
        dollars=usual.dollars if dollars is None else dollars,
        seconds=_or(limits.count("seconds"), usual.seconds),
        prices=_prices(given.table("prices")),
        models=_models(given.table("models")),
    )


def _models(given: Given) -> tuple[Abilities, ...]:
    if not all(name.strip() for name, _ in given.entries()):
        refuse(given.where, "a model is named by a part of its id", "An empty name would stand for all models.")
    return tuple(_abilities(name, table) for name, table in given.entries())


def _abilities(name: str, given: Given) -> Abilities:
    return Abilities(
        name,
        given.text("like"),
        given.truth("structured"),
        given.count("cache_tokens"),
        given.count("longest"),
        _prices(given.table("prices")),
    )


def _prices(given: Given) -> Prices:
    batch = _amount(given, "batch")
    if batch is not None and batch > 1:
        refuse(f"{given.where}: batch", "it has to be a share from 0 to 1", "A batch at half the price has 0.5.")
    one, two, three, four = (_amount(given, key) for key in ("input", "output", "cache_read", "cache_write"))
    return Prices(one, two, three, four, batch)


def _or(given: int | None, usual: int) -> int:
    return usual if given is None else given


def _amount(given: Given, key: str) -> float | None:
    value = given.plain().get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1_000_000:  # noqa: PLR2004 - a million, in dollars
        refuse(f"{given.where}: {key}", "it has to be an amount of dollars")
    return float(value)
