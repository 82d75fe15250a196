"""A decision: what policy does with a remediation, and which rule said so."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Action(StrEnum):
    """What is done with a patch or, where there is none, with the finding."""

    SUGGEST = "suggest"
    APPLY = "apply"
    WITHHOLD = "withhold"
    ANNOTATE = "annotate"
    IGNORE = "ignore"


class Decision(NamedTuple):
    """`blocks` fails the pipeline. `rule` names the policy rule, in words a developer can look up."""

    action: Action
    blocks: bool
    rule: str
