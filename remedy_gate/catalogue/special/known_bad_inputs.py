"""A web ACL stops what AWS's managed rules for known bad inputs find, Log4Shell among it.

The remedy adds the rule group behind the rules that are there, or takes away what makes it count only. Names and
numbers: AWS WAF Developer Guide, "Baseline rule groups".
"""

from __future__ import annotations

from typing import NamedTuple

from remedy_gate.catalogue.control import Subject
from remedy_gate.catalogue.verdict import Holds, Verdict
from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.operations import AddItem, Operation, RemoveValue, SetValue, Table
from remedy_gate.iac.values import Fields, Found, Known, Path, Unknown, Value, select, settled

from .place import path_in
from .rule import Arguments

TOUCHES: tuple[str, ...] = ("rule", "Rules")
GROUP = "AWSManagedRulesKnownBadInputsRuleSet"
LOG4SHELL = "Log4JRCE"
NAME = "known-bad-inputs"


class Words(NamedTuple):
    """What a language calls the parts of a rule."""

    rules: str
    name: str
    priority: str
    override: str
    nothing: str
    counting: str
    statement: str
    group: str
    vendor: str
    excluded: str
    visibility: str
    metrics: str
    metric: str
    samples: str


TERRAFORM = Words(
    "rule",
    "name",
    "priority",
    "override_action",
    "none",
    "count",
    "statement",
    "managed_rule_group_statement",
    "vendor_name",
    "excluded_rule",
    "visibility_config",
    "cloudwatch_metrics_enabled",
    "metric_name",
    "sampled_requests_enabled",
)
TEMPLATE = Words(
    "Rules",
    "Name",
    "Priority",
    "OverrideAction",
    "None",
    "Count",
    "Statement",
    "ManagedRuleGroupStatement",
    "VendorName",
    "ExcludedRules",
    "VisibilityConfig",
    "CloudWatchMetricsEnabled",
    "MetricName",
    "SampledRequestsEnabled",
)


def judge(subject: Subject, arguments: Arguments) -> Verdict:  # noqa: ARG001 - the seam has it
    """Hold if a rule with the group stops requests; unknown where not every rule is known from the code."""
    words = _words(subject)
    found, doubt = _group(subject, words)
    if found is None:
        return Verdict(Holds.UNKNOWN, doubt) if doubt else Verdict(Holds.NO, f"no rule has {GROUP}")
    if _counts(found.value, words):
        return Verdict(Holds.NO, f"{GROUP} counts only")
    if _exclusions(found, words):
        return Verdict(Holds.NO, f"{GROUP} leaves out {LOG4SHELL}")
    return Verdict(Holds.YES, f"{GROUP} is in use")


def repair(subject: Subject, arguments: Arguments) -> tuple[Operation, ...] | NoPatch:  # noqa: ARG001 - the seam has it
    """Add the group, or let it stop what it finds."""
    words = _words(subject)
    found, doubt = _group(subject, words)
    if found is None:
        if doubt:
            return NoPatch(doubt)
        return (AddItem(subject.address, path_in(subject, words.rules), _rule(_free_priority(subject, words), words)),)
    edits: list[Operation] = []
    if _counts(found.value, words):
        action = Table(((words.nothing, Table(())),))
        edits.append(SetValue(subject.address, (*found.path, words.override), action))
    edits += [RemoveValue(subject.address, path) for path in reversed(_exclusions(found, words))]
    return tuple(edits)


def _rules(subject: Subject, words: Words) -> tuple[Found, ...]:
    return select(subject.module.resolved(subject.address), path_in(subject, f"{words.rules}.*"))


def _group(subject: Subject, words: Words) -> tuple[Found | None, str]:
    doubt = ""
    for rule in _rules(subject, words):
        if isinstance(settled(rule.value), Unknown):
            doubt = "not every rule is known from the code"
        for name in select(rule.value, (words.statement, words.group, words.name)):
            value = settled(name.value)
            if value == Known(GROUP):
                return rule, ""
            if isinstance(value, Unknown):
                doubt = f"which rule group is in use is not known from the code: {value.reason}"
    return None, doubt


def _counts(rule: Value, words: Words) -> bool:
    body = settled(rule)
    override = settled(body.get(words.override)) if isinstance(body, Fields) else body
    bodies = getattr(override, "items", (override,))
    return any(isinstance(body, Fields) and any(name == words.counting for name, _ in body.entries) for body in bodies)


def _exclusions(rule: Found, words: Words) -> list[Path]:
    path = (words.statement, words.group, words.excluded, "*")
    found = select(rule.value, path, rule.path)
    return [item.path for item in found if settled(select(item.value, (words.name,))[0].value) == Known(LOG4SHELL)]


def _free_priority(subject: Subject, words: Words) -> int:
    values = (settled(select(rule.value, (words.priority,))[0].value) for rule in _rules(subject, words))
    numbers = [value.value for value in values if isinstance(value, Known) and isinstance(value.value, int)]
    return max(numbers, default=0) + 1


def _rule(priority: int, words: Words) -> Table:
    group = Table(((words.name, GROUP), (words.vendor, "AWS")))
    visibility = Table(((words.metrics, True), (words.metric, NAME), (words.samples, True)))
    return Table(
        (
            (words.name, NAME),
            (words.priority, priority),
            (words.override, Table(((words.nothing, Table(())),))),
            (words.statement, Table(((words.group, group),))),
            (words.visibility, visibility),
        )
    )


def _words(subject: Subject) -> Words:
    return TERRAFORM if subject.module.language == "terraform" else TEMPLATE
