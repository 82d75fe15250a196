"""What is known of models: which carrier they take, what they cost, and the cautious view of the others."""

from __future__ import annotations

import json
from functools import cache
from os.path import dirname, join
from typing import Any, NamedTuple

from remedy_gate.errors import SettingsError
from remedy_gate.policy.bedrock import BedrockChoice


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


class Model(NamedTuple):
    """One model. Prices are dollars for a million tokens; `priced` is false where they are a cautious guess.

    `structured`: it takes a JSON schema for its answer. `cache_tokens`: the shortest prefix that the service keeps, 0
    where it keeps none. `longest` is the longest answer in tokens.
    """

    id: str
    structured: bool
    cache_tokens: int
    longest: int
    prices: tuple[float, float, float, float]
    priced: bool

    def dollars(self, usage: Usage) -> float:
        """What a call costs, as an estimate."""
        return sum(price * count for price, count in zip(self.prices, usage, strict=True)) / 1_000_000


def model_for(choice: BedrockChoice, region: str) -> Model:
    """The chosen model, else the default one through the cross-region inference profile of the region's geography."""
    table = _table()
    identifier = choice.model or f"{_geography(region, table)}{table['default']}"
    looked_up = choice.like or identifier
    known = next((row for row in table["models"] if row["match"] in looked_up), None)
    row = known or _cautious(table)
    prices = [row["input"], row["output"], row["cache_read"], row["cache_write"]]
    if choice.input_price is not None:
        prices = [choice.input_price, prices[1], choice.input_price, choice.input_price * 1.25]
    if choice.output_price is not None:
        prices[1] = choice.output_price
    return Model(
        id=identifier,
        structured=row["structured"],
        cache_tokens=row["cache_tokens"],
        longest=row["longest"],
        prices=(prices[0], prices[1], prices[2], prices[3]),
        priced=known is not None or (choice.input_price is not None and choice.output_price is not None),
    )


def _geography(region: str, table: dict[str, Any]) -> str:
    return next(str(profile) for prefix, profile in table["profiles"] if region.startswith(prefix))


def _cautious(table: dict[str, Any]) -> dict[str, Any]:
    """The view of an unknown model: no schema, no prompt cache, and as dear as the dearest that is known."""
    dearest = max(table["models"], key=lambda row: row["output"])
    return {**dearest, "structured": False, "cache_tokens": 0, "longest": 8_000}


@cache
def _table() -> Any:  # noqa: ANN401 - packaged JSON, read by `model_for`
    try:
        with open(join(dirname(__file__), "bedrock_models.json"), encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError) as error:
        raise SettingsError(f"the table of models cannot be read: {error}.", "Install remedy-gate again.") from error
