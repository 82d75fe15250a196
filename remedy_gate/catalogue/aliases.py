"""Rule ids as tools write them, brought to the form in which the catalogue keeps them: `tool:rule id`, lower case.

A rule keeps its id wherever it travels: a SARIF log, a code scanning alert or Security Hub tell Checkov's, Trivy's or
Prowler's findings under their own names. So an id whose form only one tool has is that tool's, whoever tells it. Ids of
two or three characters, as cfn-nag has them, are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Avoids `re.compile` on the hook's path: a pattern that is used is compiled, and kept by `re`.
_FORMS = (
    ("checkov", r"ckv2?_[a-z]+_\d+"),
    ("trivy", r"aws-\d{4}"),
    ("kics", r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    ("tfsec", r"aws-[a-z0-9]+(?:-[a-z0-9]+)+"),
    ("security-hub", r"[a-z][a-z0-9]*\.\d+"),
    ("prowler", r"[a-z0-9]+(?:_[a-z0-9]+){2,}"),
    ("cfn-guard", r"[a-z0-9]+(?:_[a-z0-9]+){2,}"),
)


def aliases_of(tool: str, rule_id: str) -> Iterator[str]:
    """The names under which the catalogue may know a tool's rule, the likeliest first."""
    rule = rule_id.lower().strip()
    yield f"{tool.lower()}:{rule}"
    if tool == "aws-config":
        yield from _managed(rule)
    rule = rule.rpartition("/")[2].removeprefix("prowler-")
    rule = rule.removeprefix("avd-") if rule.startswith("avd-aws-") else rule
    for owner, form in _FORMS:
        if re.fullmatch(form, rule):
            yield f"{owner}:{rule}"


def _managed(rule: str) -> Iterator[str]:
    """A managed rule of AWS Config under its identifier, by which AWS's rules for cfn-guard are called too.

    Security Hub and conformance packs make rules of their own out of managed ones, with a random end.
    https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_use-managed-rules.html
    """
    bare = rule.removeprefix("securityhub-").removeprefix("orgconfigrule-")
    for name in (bare, re.sub(r"-conformance-pack-[a-z0-9]+$|-[a-z0-9]{6,8}$", "", bare)):
        yield f"cfn-guard:{name.replace('-', '_')}"
