"""The page about findings is as the registries and the fixtures are."""

from __future__ import annotations

import re

import yaml
from make_findings_page import PAGE, page

from remedy_gate.errors import RemedyGateError
from remedy_gate.findings.live.registry import KINDS
from remedy_gate.policy.reading import read_policy


def test_the_tables_are_those_of_the_registries_and_the_fixtures() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python .ci/make_findings_page.py"


def test_every_live_source_is_explained() -> None:
    text = PAGE.read_text(encoding="utf-8")
    below = text[text.index("## Live sources") :]
    for kind in KINDS:
        assert f"`{kind.kind}`" in below or kind.kind == "s3"


def test_the_policy_that_is_shown_is_one() -> None:
    records, sources = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    try:
        policy, known = read_policy(yaml.safe_load(sources)), read_policy(yaml.safe_load(records))
    except RemedyGateError as error:
        raise AssertionError(str(error)) from error
    assert [source.kind for source in policy.sources] == ["wiz", "security-hub", "s3"]
    assert [len(named) for named in (known.state, known.plan, known.stacks)] == [2, 1, 2]
