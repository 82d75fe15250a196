"""The policy's `bedrock`: which model is asked, and how much a run may spend on it. Never a credential."""

from __future__ import annotations

from typing import NamedTuple

from .checking import Given, refuse
from .shapes import Count, Plain, Table, Text


class BedrockChoice(NamedTuple):
    """How models are asked. An empty text leaves it to the defaults.

    `like` names a model that this one behaves like, where its id (an ARN) does not tell. `dollars`, `calls`, `tokens`
    and `seconds` bound a whole run; prices are in dollars for a million tokens, None where the table's count.
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
    input_price: float | None = None
    output_price: float | None = None


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
        "prices": Table(
            {"input": Plain("dollars for a million tokens"), "output": Plain("dollars for a million tokens")},
            about="where the packaged table does not know the model, or is out of date",
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
    limits, prices = given.table("limits"), given.table("prices")
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
        input_price=_amount(prices, "input"),
        output_price=_amount(prices, "output"),
    )


def _or(given: int | None, usual: int) -> int:
    return usual if given is None else given


def _amount(given: Given, key: str) -> float | None:
    value = given.plain().get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1_000_000:  # noqa: PLR2004 - a million, in dollars
        refuse(f"{given.where}: {key}", "it has to be an amount of dollars")
    return float(value)
