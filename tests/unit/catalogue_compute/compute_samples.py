"""Small modules to hold special rules against."""

from __future__ import annotations

from collections.abc import Mapping

from remedy_gate.catalogue.control import Subject
from remedy_gate.catalogue.special import SPECIALS
from remedy_gate.catalogue.special.rule import Arguments
from remedy_gate.catalogue.verdict import Holds
from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.cloudformation import CloudFormation
from remedy_gate.iac.module import CannotEdit
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform
from remedy_gate.iac.values import Scalar

SCHEMAS = load()
TERRAFORM = Terraform(SCHEMAS)
CLOUDFORMATION = CloudFormation(SCHEMAS)
NOTHING: Mapping[str, Scalar] = {}


def terraform(code: str, address: str = "", parameters: Mapping[str, Scalar] = NOTHING) -> Subject:
    """The first block of the code, or the one at `address`."""
    module = TERRAFORM.read({"main.tf": code.encode()})
    assert not module.errors
    return Subject(module, address or next(iter(module.blocks)), parameters)


def template(code: str, address: str, parameters: Mapping[str, Scalar] = NOTHING) -> Subject:
    """One resource of a template."""
    module = CLOUDFORMATION.read({"template.yaml": code.encode()})
    assert not module.errors
    return Subject(module, address, parameters)


def holds(rule: str, subject: Subject, arguments: Arguments) -> Holds:
    """What the rule says of the subject."""
    return SPECIALS[rule].judge(subject, arguments).holds


def repaired(rule: str, subject: Subject, arguments: Arguments) -> str:
    """The code after the rule's repair, or why there is none."""
    operations = SPECIALS[rule].repair(subject, arguments)
    if isinstance(operations, NoPatch):
        return f"no patch: {operations.reason}"
    language = TERRAFORM if subject.module.language == "terraform" else CLOUDFORMATION
    module = subject.module
    for operation in operations:
        edited = language.edit(module, operation)
        assert not isinstance(edited, CannotEdit), edited.reason
        module = edited
    return next(iter(module.files.values())).decode()
