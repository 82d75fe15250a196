"""Something is encrypted with a KMS key of the owner's, not with one that AWS manages.

A declaration cannot say it: a reference to a key of the module is right although its value is known only after the
deployment, an alias that begins with `alias/aws/` is not, and neither is a data source that looks one up.

`path` is where the key stands. The remedy takes it from the parameter `kms_key`, else from the only key of the module,
and where the module has none it makes one: the companion `kms_key`, or the one that `create` names (empty: none).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from remedy_gate.catalogue.control import Given, Subject
from remedy_gate.catalogue.given import answer
from remedy_gate.catalogue.verdict import Holds, Verdict, all_of
from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.operations import Operation, SetValue
from remedy_gate.iac.values import Absent, Found, Known, OneOf, Reference, Unknown, Value, path_text, select

from .place import path_in
from .rule import Arguments

TOUCHES: tuple[str, ...] = (
    "kms_key_id",
    "kms_key_arn",
    "kms_key",
    "key_id",
    "kms_arn",
    "kms_master_key_id",
    "KmsKeyId",
    "KMSKeyId",
    "KMSKeyID",
    "KmsKeyArn",
    "KMSKeyArn",
    "KMSArn",
    "KmsMasterKeyId",
    "encryption_key",
    "EncryptionKey",
    "kms_key_details",
    "customer_encryption_key_arn",
    "CustomerEncryptionKeyArn",
    "encryption_config",
    "EncryptionConfig",
    "encryption_configuration",
    "EncryptionConfiguration",
    "encryption_options",
    "EncryptionOptions",
    "artifact_store",
    "ArtifactStore",
    "configuration",
    "Configuration",
    "SecurityConfiguration",
    "content",
    "Content",
    "storage_config",
    "StorageConfig",
    "server_side_encryption_configuration",
    "ServerSideEncryptionConfiguration",
    "distribution",
    "Distributions",
    "data_quality_job_output_config",
    "DataQualityJobOutputConfig",
    "job_resources",
    "JobResources",
    "output_config",
    "OutputConfig",
    "customer_managed_key_identifier",
    "volume_kms_key_id",
    "model_kms_key_id",
)
OF_AWS = ("alias/aws/", "aws/")
QUESTION = "Which KMS key encrypts it? Give its ARN."


def judge(subject: Subject, arguments: Arguments) -> Verdict:
    """Hold if a key is named, and it is not one that AWS manages."""
    return all_of(_judge_value(found.value, _name(found), subject) for found in _places(subject, arguments))


def repair(subject: Subject, arguments: Arguments) -> tuple[Operation, ...] | NoPatch:
    """Name the owner's key wherever none of his is named."""
    edits: list[Operation] = []
    for found in _places(subject, arguments):
        verdict = _judge_value(found.value, _name(found), subject)
        if verdict.holds is Holds.UNKNOWN:
            return NoPatch(f"{verdict.reason}; it has to be set where it comes from")
        if verdict.holds is Holds.NO:
            key = answer(_asked(subject, str(arguments.get("create", "kms_key"))), subject)
            if isinstance(key, NoPatch):
                return key
            edits += (addition for addition in key.additions if addition not in edits)
            edits.append(SetValue(subject.address, (*found.path, *found.rest), key.data))
    return tuple(edits)


def _asked(subject: Subject, create: str) -> Given:
    if subject.module.language == "terraform":
        return Given("kms_key", QUESTION, "aws_kms_key", "arn", create=create)
    return Given("kms_key", QUESTION, "AWS::KMS::Key", "Arn", create=create)


def _places(subject: Subject, arguments: Arguments) -> tuple[Found, ...]:
    return select(subject.module.resolved(subject.address), path_in(subject, str(arguments["path"])))


def _judge_value(value: Value, name: str, subject: Subject) -> Verdict:
    match value:
        case Absent() | Known(value=None) | Known(value=""):
            return Verdict(Holds.NO, f"{name} is not set")
        case Known():
            managed = str(value.value).startswith(OF_AWS) or ":alias/aws/" in str(value.value)
            return Verdict(Holds.NO if managed else Holds.YES, f"{name} is {value.value}")
        case Reference():
            return _judge_reference(value, name, subject)
        case OneOf():
            verdicts = [_judge_value(option, name, subject) for option in value.options]
            if len({verdict.holds for verdict in verdicts}) == 1:
                return all_of(verdicts)
            return Verdict(Holds.UNKNOWN, f"{name} is a key of the owner's in some deployments only")
        case Unknown():
            if re.match(r"aws_kms_(replica_)?key\.\S+ is declared nowhere", value.reason):
                return Verdict(
                    Holds.YES, f"{name} is {value.reason.split()[0]}"
                )  # only keys of the owner's are declared
            return Verdict(Holds.UNKNOWN, f"{name} is not known from the code: {value.reason}")
        case _:
            return Verdict(Holds.UNKNOWN, f"{name} is no single value")


def _judge_reference(value: Reference, name: str, subject: Subject) -> Verdict:
    block = subject.module.blocks.get(value.address)
    target = ".".join((value.address, *value.attribute))
    if isinstance(value.value, Known):
        return _judge_value(value.value, name, subject)
    if block is not None and block.kind == "resource":
        return Verdict(Holds.YES, f"{name} is {target}")
    if block is not None and block.kind == "data":
        return _judge_data(tuple(_aliases(subject, value.address)), name, target)
    return Verdict(Holds.UNKNOWN, f"{name} is {target}, which the code does not show")


def _aliases(subject: Subject, address: str) -> Iterator[Value]:
    """By what a data source finds its key: an alias, or an id."""
    for attribute in ("name", "key_id"):
        yield from (found.value for found in select(subject.module.resolved(address), (attribute,)))


def _judge_data(aliases: tuple[Value, ...], name: str, target: str) -> Verdict:
    texts = [str(alias.value) for alias in aliases if isinstance(alias, Known)]
    if any(text.startswith(OF_AWS) for text in texts):
        return Verdict(Holds.NO, f"{name} is {target}, a key that AWS manages")
    if texts:
        return Verdict(Holds.YES, f"{name} is {target}")
    return Verdict(Holds.UNKNOWN, f"{name} is {target}, and the code does not show which key that is")


def _name(found: Found) -> str:
    return path_text(tuple(step for step in (*found.path, *found.rest) if step != "Properties"))
