"""The policy's word on models before the packaged table, and the cautious view of what neither knows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from remedy_gate.errors import SettingsError
from remedy_gate.policy.bedrock import BedrockChoice
from remedy_gate.policy.reading import read_policy
from remedy_gate.remedies.bedrock_models import Model, Usage, model_for

ARN = "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/abc123"
PACKAGED = "prices of 2026-11, price file of litellm 1.109.1, unverified"


def chosen(**bedrock: Any) -> BedrockChoice:
    choice = read_policy({"version": 1, "bedrock": bedrock}).bedrock
    assert choice is not None
    return choice


def model(**bedrock: Any) -> Model:
    return model_for(chosen(**bedrock), "eu-west-1")


def test_a_model_that_nobody_knows_gets_the_cautious_path_and_no_price() -> None:
    unknown = model(model=ARN)
    assert (unknown.structured, unknown.cache_tokens, unknown.longest) == (False, 0, 8_000)
    assert unknown.basis == f"no price is known for {ARN}"
    assert unknown.cost(Usage(1_000, 100)) is None
    assert unknown.cost(Usage()) == 0.0
    assert unknown.dollars(Usage(1_000, 100)) == pytest.approx(0.0066)  # as the dearest: for the limits of a run alone


def test_the_policy_says_what_a_model_behind_an_arn_can_do() -> None:
    said = {"structured": True, "cache_tokens": 2048, "longest": 32_000, "prices": {"input": 1, "output": 5}}
    known = model(model=ARN, models={"abc123": said})
    assert known == Model(ARN, True, 2048, 32_000, (1.0, 5.0, 1.0, 1.25), True, 0.5, "prices of the policy")


def test_what_is_said_of_another_model_leaves_this_one_alone() -> None:
    assert model(model=ARN, models={"xyz789": {"structured": True, "cache_tokens": 512}}) == model(model=ARN)


def test_a_known_model_is_corrected_piece_by_piece() -> None:
    usual = model()
    assert model(models={"claude-sonnet-5-5": {"structured": False}}) == usual._replace(structured=False)
    assert model(models={"claude-sonnet-5-5": {"cache_tokens": 0}}) == usual._replace(cache_tokens=0)
    dearer = model(models={"claude-sonnet-5-5": {"prices": {"cache_read": 0.5}}})
    assert dearer.prices == (2.2, 11, 0.5, 2.75)
    assert dearer.basis == f"{PACKAGED}, but for those of the policy"


def test_the_longest_name_counts_and_the_choice_goes_before_it() -> None:
    models = {"claude": {"longest": 1_000}, "claude-sonnet": {"longest": 2_000}, "sonnet": {"longest": 3_000}}
    assert model(models=models).longest == 2_000
    prices = {"abc123": {"prices": {"input": 1, "output": 5}}}
    assert model(model=ARN, models=prices, prices={"output": 7}).prices == (1.0, 7.0, 1.0, 1.25)


def test_a_model_is_like_another_one_by_the_choice_or_by_its_name() -> None:
    like = model(model=ARN, models={"abc123": {"like": "claude-haiku-5-5"}})
    assert like == model(model=ARN, like="claude-haiku-5-5")
    assert (like.structured, like.cache_tokens, like.basis) == (True, 512, PACKAGED)


def test_a_model_that_is_like_none_is_misuse() -> None:
    with pytest.raises(SettingsError, match="bedrock: like: no model 'claude-sonet' is known"):
        model(model=ARN, like="claude-sonet")


@pytest.mark.parametrize(
    ("bedrock", "message"),
    [
        ({"models": {"abc": {"structred": True}}}, "bedrock: models: abc: unknown key `structred`. Did you mean"),
        ({"models": {"abc": {"structured": "yes"}}}, "bedrock: models: abc: structured: it has to be true or false."),
        ({"models": {"abc": {"cache_tokens": -1}}}, "bedrock: models: abc: cache_tokens: it has to be a whole number"),
        ({"models": {"abc": {"prices": {"input": "1"}}}}, "models: abc: prices: input: it has to be an amount"),
        ({"models": {"abc": {"prices": {"in": 1}}}}, "bedrock: models: abc: prices: unknown key `in`."),
        ({"models": {" ": {"longest": 1_000}}}, "bedrock: models: a model is named by a part of its id."),
        ({"models": ["abc"]}, "bedrock: models: it has to be a mapping of names to values."),
        ({"prices": {"batch": 2}}, "bedrock: prices: batch: it has to be a share from 0 to 1."),
    ],
)
def test_what_is_misspelt_or_out_of_range_is_refused(bedrock: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError) as refused:
        chosen(**bedrock)
    assert message in str(refused.value)


def test_a_batch_costs_half_unless_the_policy_says_otherwise() -> None:
    usage = Usage(1_000_000, 1_000_000)
    assert model().cost(usage) == pytest.approx(13.2)
    assert model().in_batch.cost(usage) == pytest.approx(6.6)
    assert model(prices={"batch": 1}).in_batch.cost(usage) == pytest.approx(13.2)
    assert model().in_batch.basis == (
        f"{PACKAGED}; a batch at 0.5 of them (2026-11, AWS: a batch costs half, where a model has batches; unverified)"
    )


def test_a_batch_of_a_model_without_a_price_has_no_cost_either() -> None:
    assert model(model=ARN).in_batch.cost(Usage(1_000, 100)) is None


def test_every_packaged_price_says_of_when_it_is_and_where_from() -> None:
    text = (Path(__file__).parents[3] / "remedy_gate" / "remedies" / "bedrock_models.json").read_text("utf-8")
    table = json.loads(text)
    for row in table["models"]:
        source = table["sources"][row["source"]]
        assert source["as_of"], row["match"]
        assert source["title"], row["match"]
        assert set(row["prices"]) == {"input", "output", "cache_read", "cache_write"}
    assert table["batch"]["as_of"] == "2026-11"
