"""Every case of the matching suite, and how many there are and have to be."""

from __future__ import annotations

from typing import Any

import pytest
from matching_suite import answered, cases, tied

CASES = [pytest.param(case, id=f"{rung}: {case['name']}") for rung, case in cases()]


@pytest.mark.parametrize("case", CASES)
def test_the_finding_belongs_where_the_case_says(case: dict[str, Any]) -> None:
    match, expected = tied(case), case["expect"]
    wanted = (expected.get("state", "matched"), expected.get("address"), expected.get("path"))
    resource = match.resource
    assert (match.state, resource and resource.address, resource and resource.path) == wanted, match.evidence
    for text in expected.get("says", ()):
        assert any(text in line for line in match.evidence), match.evidence
    assert match.evidence
    assert 0 <= match.confidence <= 1
    assert (match.confidence > 0) is (resource is not None)


def test_there_are_cases_enough_and_every_one_is_named_once() -> None:
    names = [case.id for case in CASES]
    assert len(names) >= 100
    assert len(set(names)) == len(names)


def test_a_block_that_is_not_the_one_is_wrong_and_none_where_there_is_one_is_only_not_right() -> None:
    code = {"main.tf": 'resource "aws_s3_bucket" "b" {\n  bucket = "acme-data"\n}\n'}
    known, strange = {"id": "arn:aws:s3:::acme-data"}, {"id": "arn:aws:s3:::nobody"}
    block = {"address": "aws_s3_bucket.b", "path": "main.tf"}
    other = {"address": "aws_s3_bucket.other", "path": "main.tf"}
    asked = [(known, block), (known, other), (known, {"state": "unmatched"}), (strange, block)]
    found = [answered("names", {"code": code, "finding": finding, "expect": expect}) for finding, expect in asked]
    assert [(answer.right, answer.wrong) for answer in found] == [
        (True, False),
        (False, True),
        (False, True),
        (False, False),
    ]
