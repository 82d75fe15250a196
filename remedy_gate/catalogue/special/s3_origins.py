"""CloudFront signs what it asks of a bucket, so that the bucket need not be open to everybody.

Of the origins it is about those whose `domain_name` is a bucket of the module. One with `custom_origin_config` is a
website, which CloudFront cannot sign for. The remedy writes `set` as the access control of the origin: a bucket that is
public answers as before, and one that is not can now let CloudFront in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, cast

from remedy_gate.catalogue.control import Given, Subject
from remedy_gate.catalogue.given import answer
from remedy_gate.catalogue.verdict import Holds, Verdict, all_of
from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.operations import Operation, SetValue
from remedy_gate.iac.values import Absent, Fields, Known, Path, Reference, Value, path_text, select, settled

from .place import path_in
from .rule import Arguments

TOUCHES: tuple[str, ...] = ("origin", "DistributionConfig.Origins")


class Words(NamedTuple):
    """What a language calls the parts of an origin."""

    origins: str
    domain: str
    control: str
    identity: str
    website: str
    bucket: str


TERRAFORM = Words(
    "origin.*", "domain_name", "origin_access_control_id", "s3_origin_config", "custom_origin_config", "aws_s3_bucket"
)
TEMPLATE = Words(
    "DistributionConfig.Origins.*",
    "DomainName",
    "OriginAccessControlId",
    "S3OriginConfig.OriginAccessIdentity",
    "CustomOriginConfig",
    "AWS::S3::Bucket",
)


def judge(subject: Subject, arguments: Arguments) -> Verdict:  # noqa: ARG001 - the seam has it
    """Fail where CloudFront asks a bucket as anybody would."""
    verdict = all_of(
        Verdict(Holds.NO, f"{path_text(tuple(step for step in place if step != 'Properties'))} is not signed")
        for place in _unsigned(subject)
    )
    return verdict if verdict.reason else Verdict(verdict.holds, "no bucket of the module is asked without a signature")


def repair(subject: Subject, arguments: Arguments) -> tuple[Operation, ...] | NoPatch:
    """Have it signed by the access control of the module, or by one that is made for it."""
    words = _words(subject)
    asked = dict(cast("Mapping[str, str]", arguments["set"]))
    control = answer(Given(asked.pop("ask"), **asked), subject)
    if isinstance(control, NoPatch):
        return control
    edits = [SetValue(subject.address, (*place, words.control), control.data) for place in _unsigned(subject)]
    return (*control.additions, *edits)


def _unsigned(subject: Subject) -> Iterator[Path]:
    words = _words(subject)
    for found in select(subject.module.resolved(subject.address), path_in(subject, words.origins)):
        origin = settled(found.value)
        if not isinstance(origin, Fields) or not _is_bucket(origin.get(words.domain), subject, words):
            continue
        ways = (words.control, words.identity, words.website)
        written = (one.value for way in ways for one in select(origin, tuple(way.split("."))))
        if all(isinstance(value, Absent) or value in (Known(None), Known("")) for value in written):
            yield found.path


def _is_bucket(value: Value, subject: Subject, words: Words) -> bool:
    block = subject.module.blocks.get(value.address) if isinstance(value, Reference) else None
    return block is not None and block.type == words.bucket


def _words(subject: Subject) -> Words:
    return TERRAFORM if subject.module.language == "terraform" else TEMPLATE
