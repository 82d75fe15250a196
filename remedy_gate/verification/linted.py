"""cfn-lint in this process: the errors of a template, each text linted once."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Any

REGION = "us-east-1"
MOST_KEPT = 64
MOST_BYTES = 1_000_000
"""A larger template than CloudFormation takes is not linted."""


class NotLinted(Exception):  # noqa: N818 - it is caught one call up, and says why nothing was said
    """cfn-lint did not run: it is not installed, or it broke on the template."""


@lru_cache(maxsize=MOST_KEPT)
def errors(text: bytes) -> Counter[tuple[str, str]]:
    """The errors of a template as rule and message, counted; no line numbers, as a patch moves lines.

    :raises NotLinted: nobody knows.
    """
    if len(text) > MOST_BYTES:
        raise NotLinted("the template is too large for cfn-lint")
    try:
        from cfnlint.decode.decode import decode_str
        from cfnlint.runner import run_template_by_data
    except ImportError as error:
        raise NotLinted("cfn-lint is not installed") from error
    try:
        template, found = decode_str(text.decode("utf-8-sig"))
        if not found and template is not None:
            runner = _runner()
            found = list(run_template_by_data(template, runner.config, runner.rules))
    except Exception as error:
        raise NotLinted(f"cfn-lint broke off: {type(error).__name__}") from error
    return Counter((match.rule.id, match.message) for match in found if match.rule.id.startswith("E"))


@lru_cache(maxsize=1)
def _runner() -> Any:  # noqa: ANN401 - cfn-lint carries no types
    """Its rules, read once for all templates as its own command line does: `cfnlint.api.lint` reads them anew each time."""
    from cfnlint.config import ConfigMixIn
    from cfnlint.runner import Runner

    return Runner(ConfigMixIn(regions=[REGION], ignore_checks=["W", "I"]))
