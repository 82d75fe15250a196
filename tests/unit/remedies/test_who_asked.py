"""Whether a repair may make what it needs depends on who asked for it."""

from __future__ import annotations

import pytest

from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.domain.finding import Finding
from remedy_gate.domain.match import Match, MatchState
from remedy_gate.domain.patch import NoPatch, Patch
from remedy_gate.domain.source import LineRange, Resource
from remedy_gate.iac.reading import Reader
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform
from remedy_gate.iac.values import Scalar
from remedy_gate.remedies.catalogue import CatalogueRemedy

CODE = b'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n'


def proposed(sources: tuple[str, ...], **parameters: Scalar) -> Patch | NoPatch:
    remedy = CatalogueRemedy(Catalogue(), Reader((Terraform(load()),)), parameters)
    finding = Finding(sources[0], "R", "t", control="sns-topic-customer-key", sources=sources)
    resource = Resource("aws_sns_topic.t", "aws_sns_topic", "main.tf", LineRange(1, 3))
    return remedy.propose(finding, Match(MatchState.MATCHED, resource, 1.0), {"main.tf": CODE})


@pytest.mark.parametrize("sources", [("checkov",), ("catalogue", "wiz")])
def test_for_what_somebody_reported_a_key_is_made(sources: tuple[str, ...]) -> None:
    patch = proposed(sources)
    assert isinstance(patch, Patch)
    assert b'resource "aws_kms_key"' in patch.files[0].after


def test_for_our_own_advice_the_owner_is_asked_and_told_how_to_have_one_made() -> None:
    answer = proposed(("catalogue",))
    assert isinstance(answer, NoPatch)
    assert answer.reason.endswith(" in .remedy-gate.yml. To have one made, `{create: true}`.")


def test_for_our_own_advice_a_key_is_made_where_the_policy_says_so() -> None:
    assert isinstance(proposed(("catalogue",), create=True), Patch)


def test_for_what_somebody_reported_none_is_made_where_the_policy_forbids_it() -> None:
    assert isinstance(proposed(("checkov",), create=False), NoPatch)
