from __future__ import annotations

from pathlib import Path

import pytest

from remedy_gate.catalogue import special
from remedy_gate.catalogue.special import SPECIALS


@pytest.mark.parametrize("name", SPECIALS)
def test_every_listed_rule_is_there_whole(name: str) -> None:
    rule = SPECIALS[name]
    assert callable(rule.judge)
    assert callable(rule.repair)
    assert isinstance(rule.TOUCHES, tuple)


def test_every_module_that_is_a_rule_is_listed() -> None:
    folder = Path(special.__file__).parent
    rules = {path.stem for path in folder.glob("*.py") if "def judge(" in path.read_text(encoding="utf-8")}
    assert rules - {"rule"} == set(SPECIALS)


def test_a_rule_that_is_not_listed_is_no_rule() -> None:
    with pytest.raises(KeyError):
        SPECIALS["rule"]
