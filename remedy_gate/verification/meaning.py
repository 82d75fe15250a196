"""What a control's predicate takes for granted: that what is switched on is on, that a denial denies, that a name names."""

from __future__ import annotations

from collections.abc import Iterator

from remedy_gate.catalogue.control import Control, Subject
from remedy_gate.catalogue.reach import reach
from remedy_gate.iac.values import Fields, Known, Value, select, settled

from .grants import lets_everybody_in
from .objections import Objection
from .statements import Statement, policies
from .symbolic import symbols
from .vocabulary import Vocabulary

SWITCHED = (("rule",), ("lifecycle_rule",), ("Properties", "LifecycleConfiguration", "Rules"))
"""Lists of rules each of which says of itself whether it is on."""
ON = ("enabled", "true")
EVERYTHING = frozenset(("*", "s3:*"))


def objections(control: Control, subject: Subject, words: Vocabulary) -> Iterator[Objection]:
    """What is wrong with the meaning of the resource and of the siblings that refer to it."""
    for address in _speaking(control, subject):
        yield from _switched_off(subject, address)
        body = symbols(subject.module).body(address)
        statements = [statement for _, found in policies(body) for statement in found]
        if "own_account" in words.specials:
            for statement in statements:
                if lets_everybody_in(statement):
                    yield Objection(certain=True, why=f"a statement of {address} still lets everybody in")
        denials = [one for one in statements if _is_about_tls(one)] if "denies_plain_http" in words.specials else []
        if denials and not any(map(_denies_everybody_everything, denials)):
            yield Objection(certain=False, why=f"{address} denies plain HTTP to some or for some only")


def _speaking(control: Control, subject: Subject) -> Iterator[str]:
    """The resource itself, and the siblings that the control may mean."""
    module = subject.module
    yield subject.address
    siblings = {
        *reach(control, module.blocks[subject.address].type).siblings,
        "aws_s3_bucket_policy",
        "AWS::S3::BucketPolicy",
    }
    for address, block in module.blocks.items():
        if address != subject.address and block.type in siblings and subject.address in module.references(address):
            yield address


def _switched_off(subject: Subject, address: str) -> Iterator[Objection]:
    for path in SWITCHED:
        for found in select(subject.module.resolved(address), path):
            states = [_state(item) for item in getattr(settled(found.value), "items", ())]
            if states and not any(states):
                name = path[-1] if len(path) == 1 else "rule"
                certain = all(state is False for state in states)
                yield Objection(certain, f"no {name} of {address} is {'' if certain else 'surely '}enabled")


def _state(item: Value) -> bool | None:
    """Whether a rule is on; None where nobody knows. One that does not say is on."""
    body = settled(item)
    if not isinstance(body, Fields):
        return None
    said = [settled(value) for name, value in body.entries if name.lower() in ("status", "enabled")]
    if not said:
        return True
    return str(said[0].value).lower() in ON if isinstance(said[0], Known) else None


def _is_about_tls(statement: Statement) -> bool:
    return not statement.allows and any(test.key == "aws:securetransport" for test in statement.conditions)


def _denies_everybody_everything(statement: Statement) -> bool:
    resources = statement.resources or frozenset()
    return (
        statement.principals is not None
        and "*" in statement.principals
        and bool(EVERYTHING & (statement.actions or frozenset()))
        and any(text.endswith("*") for text in resources)
        and len(statement.conditions) == 1
    )
