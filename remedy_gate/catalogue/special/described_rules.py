"""Every rule of a security group, and the group itself, says what it is.

The remedy writes what the rule does: `TCP 443 from 10.0.0.0/8`. What it is for the owner may add.
"""

from __future__ import annotations

from collections.abc import Iterator

from remedy_gate.catalogue.comparing import compare
from remedy_gate.catalogue.control import Subject, Test
from remedy_gate.catalogue.verdict import Holds, Verdict, all_of
from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.operations import Operation, SetValue
from remedy_gate.iac.values import Absent, Known, Path, Unknown, Value, path_text, select, settled

from .ports import ALL, LAST, span
from .rule import Arguments
from .traffic import Rule, both_ways, ranges

TOUCHES: tuple[str, ...] = (
    "description",
    "Description",
    "ingress",
    "egress",
    "SecurityGroupIngress",
    "SecurityGroupEgress",
)
IS_WRITTEN = Test("present", True)
PROTOCOLS = {"tcp": "TCP", "6": "TCP", "udp": "UDP", "17": "UDP", "icmp": "ICMP", "1": "ICMP", "58": "ICMPv6"}
LONGEST_LIST = 2
OTHERS = (
    ("self", "the group itself"),
    ("security_groups", "other groups"),
    ("source_security_group_id", "another group"),
    ("referenced_security_group_id", "another group"),
    ("SourceSecurityGroupId", "another group"),
    ("SourceSecurityGroupName", "another group"),
    ("DestinationSecurityGroupId", "another group"),
    ("prefix_list_ids", "prefix lists"),
    ("prefix_list_id", "a prefix list"),
    ("SourcePrefixListId", "a prefix list"),
    ("DestinationPrefixListId", "a prefix list"),
)


def judge(subject: Subject, arguments: Arguments) -> Verdict:  # noqa: ARG001 - the seam has it
    """Hold if each has a description."""
    verdict = all_of(verdict for _, _, verdict in _descriptions(subject))
    return verdict if verdict.reason else Verdict(verdict.holds, "there is nothing to describe")


def repair(subject: Subject, arguments: Arguments) -> tuple[Operation, ...] | NoPatch:  # noqa: ARG001 - the seam has it
    """Describe each that has none."""
    edits: list[Operation] = []
    for path, text, verdict in _descriptions(subject):
        if verdict.holds is Holds.UNKNOWN:
            return NoPatch(f"{verdict.reason}; it has to be set where it comes from")
        if verdict.holds is Holds.NO:
            edits.append(SetValue(subject.address, path, text))
    return tuple(edits)


def _descriptions(subject: Subject) -> Iterator[tuple[Path, str, Verdict]]:
    """Where each description stands or would, what the remedy would write, and whether there is one."""
    block = subject.module.blocks[subject.address]
    attribute = "description" if subject.module.language == "terraform" else "Description"
    if block.type == "aws_security_group":
        body = subject.module.resolved(subject.address)
        yield (attribute,), _of_group(subject), _judge(body.get(attribute), (attribute,), subject)
    for direction, rule in both_ways(subject):
        if isinstance(rule, Unknown):
            yield (), "", Verdict(Holds.UNKNOWN, f"not all rules are known from the code: {rule.reason}")
        else:
            path = (*rule.place, attribute)
            yield path, _of_rule(rule, direction), _judge(rule.body.get(attribute), path, subject)


def _judge(value: Value, path: Path, subject: Subject) -> Verdict:
    name = path_text(tuple(step for step in path if step != "Properties"))
    verdict = compare(value, IS_WRITTEN, name)
    if verdict.holds is Holds.UNKNOWN:
        written = select(subject.module.written(subject.address), path)[0].value
        if isinstance(written, Unknown) and _has_words(written.reason):
            return Verdict(Holds.YES, f"{name} is {written.reason}")
    return verdict


def _has_words(expression: str) -> bool:
    """Whether a quoted text says something beside what is put in at deployment: `"Web servers of ${var.stage}"`."""
    if not expression.startswith('"'):
        return False
    fixed, depth = "", 0
    for before, character in zip(f" {expression}", expression, strict=False):
        if character == "{" and before == "$":
            depth += 1
        elif character == "}" and depth:
            depth -= 1
        elif not depth:
            fixed += character
    return any(character.isalnum() for character in fixed)


def _of_group(subject: Subject) -> str:
    for attribute in ("name", "name_prefix"):
        value = settled(select(subject.module.resolved(subject.address), (attribute,))[0].value)
        if isinstance(value, Known) and value.value:
            return f"Traffic of {value.value}"
    return f"Traffic of {subject.module.blocks[subject.address].name}"


def _of_rule(rule: Rule, direction: str) -> str:
    return f"{_traffic(rule)} {'from' if direction == 'ingress' else 'to'} {_addresses(rule)}"


def _traffic(rule: Rule) -> str:
    protocol = rule.protocol.value if isinstance(rule.protocol, Known) else None
    if protocol in ALL:
        return "All traffic"
    name = PROTOCOLS.get(str(protocol).lower(), "Traffic")
    if name.startswith("ICMP") or isinstance(rule.low, Unknown) or isinstance(rule.high, Unknown):
        return name
    low, high = span(rule)
    ports = "on all ports" if (low, high) == (0, LAST) else str(low) if low == high else f"{low}-{high}"
    return f"{name} {ports}"


def _addresses(rule: Rule) -> str:
    values = [value for source in rule.sources for value in ranges(source)]
    texts = [str(value.value) for value in values if isinstance(value, Known)]
    named = texts if len(texts) == len(values) and len(texts) <= LONGEST_LIST else ["given addresses"] if values else []
    named += [words for attribute, words in OTHERS if _is_given(rule.body.get(attribute))]
    return " and ".join(named) or "nowhere"


def _is_given(value: Value) -> bool:
    inner = settled(value)
    if isinstance(inner, Known):
        return str(inner.value).lower() not in ("", "none", "false")
    return not isinstance(inner, Absent) and getattr(inner, "items", True) != ()
