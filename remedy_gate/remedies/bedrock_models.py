"""What is known of models: which carrier they take, what they cost, and the cautious view of the others."""

from __future__ import annotations

import json
from functools import cache
from os.path import dirname, join
from typing import Any, NamedTuple

from remedy_gate.errors import SettingsError
from remedy_gate.policy.bedrock import Abilities, BedrockChoice, Prices


class Usage(NamedTuple):
    """Tokens of one call. `read` and `written` are those of the service's prompt cache, not counted in `given`."""

    given: int = 0
    made: int = 0
    read: int = 0
    written: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.given + self.made + self.read + self.written


GEOGRAPHIES = ("us", "eu", "apac", "jp", "au", "ca", "us-gov", "global")
"""What the id of a cross-region inference profile begins with."""


_ARN = 5  # colons before what an ARN names


class Model(NamedTuple):
    """One model. Prices are dollars for a million tokens; `priced` is false where they are a cautious guess.

    `structured`: it takes a JSON schema for its answer. `cache_tokens`: the shortest prefix that the service keeps, 0
    where it keeps none. `longest` is the longest answer in tokens. `batch` is the share of the prices that a batch costs,
    and `basis` where the prices are from, or that there are none.
    """

    id: str
    structured: bool
    cache_tokens: int
    longest: int
    prices: tuple[float, float, float, float]
    priced: bool
    batch: float = 0.5
    basis: str = ""

    def dollars(self, usage: Usage) -> float:
        """What a call costs, as an estimate; on a guess where there is no price, for the limits of a run."""
        return sum(price * count for price, count in zip(self.prices, usage, strict=True)) / 1_000_000

    def cost(self, usage: Usage) -> float | None:
        """What a call costs, for people: None where tokens were used and nobody knows their price."""
        return self.dollars(usage) if self.priced or not usage.total else None

    @property
    def in_batch(self) -> Model:
        """The same model at the prices of a batch."""
        one, two, three, four = (price * self.batch for price in self.prices)
        if not self.priced:
            return self
        half = f"{self.basis}; a batch at {self.batch:g} of them ({_batch_source()})"
        return self._replace(prices=(one, two, three, four), basis=half)


def model_for(choice: BedrockChoice, region: str) -> Model:
    """The chosen model, else the default one through the cross-region inference profile of the region's geography.

    What the policy says of it goes before the packaged table. Raises `SettingsError` where it is said to be like a model
    that the table does not have.
    """
    table = _table()
    identifier = choice.model or f"{_geography(region, table)}{table['default']}"
    named = max((one for one in choice.models if one.name in identifier), key=lambda one: len(one.name), default=None)
    said = named or Abilities("")
    like = choice.like or said.like
    known = next((row for row in table["models"] if row["match"] in (like or identifier)), None)
    if like and known is None:
        names = ", ".join(row["match"] for row in table["models"])
        raise SettingsError(f"bedrock: like: no model {like!r} is known.", f"It has to be one of {names}.")
    row = known or _cautious(table)
    given = Prices(*(one if one is not None else two for one, two in zip(choice.prices, said.prices, strict=True)))
    priced = known is not None or (given.input is not None and given.output is not None)
    return Model(
        id=identifier,
        structured=row["structured"] if said.structured is None else said.structured,
        cache_tokens=row["cache_tokens"] if said.cache_tokens is None else said.cache_tokens,
        longest=said.longest or row["longest"],
        prices=_prices(row["prices"], given),
        priced=priced,
        batch=table["batch"]["share"] if given.batch is None else given.batch,
        basis=_basis(table, row, given) if priced else f"no price is known for {identifier}",
    )


def _prices(row: dict[str, float], given: Prices) -> tuple[float, float, float, float]:
    """The table's prices with those that were given; a given price of input counts for what is cached too."""
    read, write = row["cache_read"], row["cache_write"]
    if given.input is not None:
        read, write = given.input, given.input * 1.25
    return (
        row["input"] if given.input is None else given.input,
        row["output"] if given.output is None else given.output,
        read if given.cache_read is None else given.cache_read,
        write if given.cache_write is None else given.cache_write,
    )


def _basis(table: dict[str, Any], row: dict[str, Any], given: Prices) -> str:
    if given.input is not None and given.output is not None:
        return "prices of the policy"
    source = table["sources"][row["source"]]
    packaged = f"prices of {source['as_of']}, {source['title']}"
    return f"{packaged}, but for those of the policy" if any(one is not None for one in given[:4]) else packaged


def _batch_source() -> str:
    batch = _table()["batch"]
    return f"{batch['as_of']}, {batch['title']}"


def model_and_profile(identifier: str) -> tuple[str, str]:
    """The foundation model and the inference profile that an id names; each empty where it names none."""
    resource = identifier.split(":", _ARN)[_ARN:] if identifier.startswith("arn:") else [identifier]
    kind, _, name = resource[0].rpartition("/") if resource else ("", "", "")
    if kind == "application-inference-profile":  # whoever made it chose the model
        return "", identifier
    if kind == "inference-profile" or name.partition(".")[0] in GEOGRAPHIES:
        return name.partition(".")[2], identifier
    return name, ""


def _geography(region: str, table: dict[str, Any]) -> str:
    return next(str(profile) for prefix, profile in table["profiles"] if region.startswith(prefix))


def _cautious(table: dict[str, Any]) -> dict[str, Any]:
    """The view of an unknown model: no schema, no prompt cache, and as dear as the dearest that is known."""
    dearest = max(table["models"], key=lambda row: row["prices"]["output"])
    return {**dearest, "structured": False, "cache_tokens": 0, "longest": 8_000}


@cache
def _table() -> Any:  # noqa: ANN401 - packaged JSON, read by `model_for`
    try:
        with open(join(dirname(__file__), "bedrock_models.json"), encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError) as error:
        raise SettingsError(f"the table of models cannot be read: {error}.", "Install remedy-gate again.") from error
