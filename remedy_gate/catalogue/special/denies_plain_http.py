"""A bucket's policy refuses requests that come without TLS.

For the policy itself, and for the bucket: then it is the policy that points at the bucket, and where there is none the
remedy adds one that says this and nothing else. It takes no arguments.
"""

from __future__ import annotations

from remedy_gate.catalogue.control import Sibling, Subject
from remedy_gate.catalogue.siblings import Relatives, relatives
from remedy_gate.catalogue.verdict import Holds, Verdict, any_of
from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.json_values import opened
from remedy_gate.iac.operations import AddItem, AddResource, Data, Operation, Raw, Ref, Table
from remedy_gate.iac.values import Absent, Fields, Items, Known, Reference, Unknown, Value, select, settled

from .rule import Arguments

TOUCHES: tuple[str, ...] = ("policy", "PolicyDocument")
POLICIES = {
    "aws_s3_bucket_policy": ("policy",),
    "AWS::S3::BucketPolicy": ("Properties", "PolicyDocument"),
}
STATEMENT: tuple[tuple[str, Data], ...] = (
    ("Sid", "DenyPlainHttp"),
    ("Effect", "Deny"),
    ("Principal", "*"),
    ("Action", "s3:*"),
)
CONDITION: tuple[str, Data] = ("Condition", Table((("Bool", Table((("aws:SecureTransport", "false"),))),)))
TERRAFORM_POLICY = """\
jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Sid       = "DenyPlainHttp"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [{bucket}.arn, "${{{bucket}.arn}}/*"]
      Condition = {{ Bool = {{ "aws:SecureTransport" = "false" }} }}
    }}]
  }})"""


def judge(subject: Subject, arguments: Arguments) -> Verdict:
    """Whether a statement surely denies them."""
    block_type = subject.module.blocks[subject.address].type
    if block_type in POLICIES:
        found = select(subject.module.resolved(subject.address), POLICIES[block_type])
        return any_of(_judge_document(place.value) for place in found)
    policies = _policies(subject)
    if policies.certain:
        return any_of(judge(_other(subject, address), arguments) for address in policies.certain)
    if policies.possible:
        return Verdict(Holds.UNKNOWN, f"{policies.possible[0]} may be its policy: {policies.doubt}")
    inline = subject.module.resolved(subject.address).get("policy")
    if not isinstance(settled(inline), Absent):
        return _judge_document(inline)
    return Verdict(Holds.NO, "no policy denies requests without TLS")


def repair(subject: Subject, arguments: Arguments) -> tuple[Operation, ...] | NoPatch:
    """Add the statement to the policy, or a policy with it to the bucket."""
    if subject.module.blocks[subject.address].type in POLICIES:
        return _amended(subject)
    policies = _policies(subject)
    if policies.certain:
        return repair(_other(subject, policies.certain[0]), arguments)
    verdict = judge(subject, arguments)
    inline = settled(subject.module.resolved(subject.address).get("policy"))
    if verdict.holds is Holds.UNKNOWN or not isinstance(inline, Absent):
        return NoPatch(verdict.reason)
    return _added(subject)


def _judge_document(document: Value) -> Verdict:
    value = settled(document)
    if isinstance(value, Known) and isinstance(value.value, str):
        value = opened(value.value) or value
    if not isinstance(value, Fields):
        return Verdict(Holds.UNKNOWN, "the policy is not known from the code")
    statements = settled(value.get("Statement"))
    listed = statements.items if isinstance(statements, Items) else (statements,)
    if any(_denies(settled(statement)) for statement in listed):
        return Verdict(Holds.YES, "a statement denies requests without TLS")
    known = value.complete and not (isinstance(statements, Items) and not statements.complete)
    if not known or any(isinstance(settled(statement), Unknown) for statement in listed):
        return Verdict(Holds.UNKNOWN, "not every statement of the policy is known from the code")
    return Verdict(Holds.NO, "no statement of the policy denies requests without TLS")


def _denies(statement: Value) -> bool:
    secure = select(statement, ("Condition", "Bool", "aws:SecureTransport"))
    effect = select(statement, ("Effect",))
    if [found.value for found in effect] != [Known("Deny")]:
        return False
    values = [settled(found.value) for found in secure]
    items = [item for value in values for item in (value.items if isinstance(value, Items) else (value,))]
    return bool(items) and all(isinstance(item, Known) and str(item.value).lower() == "false" for item in items)


def _policies(subject: Subject) -> Relatives:
    if subject.module.language == "terraform":
        return relatives(Sibling("aws_s3_bucket_policy", ("bucket",), "", ()), subject)
    return relatives(Sibling("AWS::S3::BucketPolicy", ("Properties", "Bucket"), "", ()), subject)


def _other(subject: Subject, address: str) -> Subject:
    return Subject(subject.module, address, subject.parameters)


def _amended(subject: Subject) -> tuple[Operation, ...] | NoPatch:
    path = POLICIES[subject.module.blocks[subject.address].type]
    names = ("bucket",) if subject.module.language == "terraform" else ("Properties", "Bucket")
    name = select(subject.module.resolved(subject.address), names)[0].value
    if not isinstance(name, Reference):
        return NoPatch("the policy is for a bucket that this code does not hold")
    statement = Table((*STATEMENT, ("Resource", _arns(name.address, subject.module.language)), CONDITION))
    return (AddItem(subject.address, (*path, "Statement"), statement),)


def _added(subject: Subject) -> tuple[Operation, ...] | NoPatch:
    block = subject.module.blocks[subject.address]
    if subject.module.language != "terraform":
        document = Table(
            (
                ("Version", "2012-10-17"),
                ("Statement", (Table((*STATEMENT, ("Resource", _arns(subject.address, "")), CONDITION)),)),
            )
        )
        properties = Table((("Bucket", Ref(subject.address)), ("PolicyDocument", document)))
        name = f"{block.name}Policy"
        if name in subject.module.blocks:
            return NoPatch(f"{name} is another resource already")
        return (AddResource(subject.address, "AWS::S3::BucketPolicy", name, Table((("Properties", properties),))),)
    written = {name for name, _ in subject.module.written(subject.address).entries}
    if written & {"count", "for_each", "provider"} or f"aws_s3_bucket_policy.{block.name}" in subject.module.blocks:
        return NoPatch("there are several of it, or it has a provider of its own: the policy has to be written by hand")
    text = TERRAFORM_POLICY.format(bucket=subject.address)
    if b"\r\n" in subject.module.files[block.path]:
        text = text.replace("\n", "\r\n")
    body = Table((("bucket", Ref(subject.address, "id")), ("policy", Raw(text))))
    return (AddResource(subject.address, "aws_s3_bucket_policy", block.name, body),)


def _arns(bucket: str, language: str) -> Data:
    if language == "terraform":
        return (Ref(bucket, "arn"), Raw(f'"${{{bucket}.arn}}/*"'))
    return (Ref(bucket, "Arn"), Table((("Fn::Sub", f"${{{bucket}.Arn}}/*"),)))
