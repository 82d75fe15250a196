"""The policy of a key is in the code.

Without one AWS gives the key to the account: whoever may use it, its IAM policies say. The remedy writes that policy
out, so that nothing changes but what the code shows.

- `path`: the policy of the key; `sibling` and `by`: a resource that may hold it instead.
"""

from __future__ import annotations

from remedy_gate.catalogue.companions import looked_up
from remedy_gate.catalogue.control import Sibling, Subject
from remedy_gate.catalogue.siblings import relatives
from remedy_gate.catalogue.verdict import Holds, Verdict
from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.operations import Data, Operation, Raw, Ref, SetValue, Table
from remedy_gate.iac.values import Absent, Known, select

from .place import path_in
from .rule import Arguments

TOUCHES: tuple[str, ...] = ("policy", "KeyPolicy")


def judge(subject: Subject, arguments: Arguments) -> Verdict:
    """Fail where the code surely says nothing of who may use the key."""
    (found,) = select(subject.module.resolved(subject.address), path_in(subject, str(arguments["path"])))[:1]
    if not isinstance(found.value, Absent) and found.value not in (Known(None), Known("")):
        return Verdict(Holds.YES, f"{arguments['path']} is set")
    if "sibling" in arguments:
        others = relatives(Sibling(str(arguments["sibling"]), path_in(subject, str(arguments["by"])), "", ()), subject)
        if others.certain:
            return Verdict(Holds.YES, f"{others.certain[0]} holds it")
        if others.possible:
            return Verdict(Holds.UNKNOWN, f"{others.possible[0]} may hold it: {others.doubt}")
    return Verdict(Holds.NO, f"{arguments['path']} is not set")


def repair(subject: Subject, arguments: Arguments) -> tuple[Operation, ...] | NoPatch:
    """Write out the policy that the key has without one."""
    verdict = judge(subject, arguments)
    if verdict.holds is not Holds.NO:
        return NoPatch(verdict.reason)
    path = path_in(subject, str(arguments["path"]))
    if subject.module.language != "terraform":
        return (SetValue(subject.address, path, _document(Ref("AWS::AccountId"))),)
    account = looked_up("aws_caller_identity", subject)
    return (*account.edits, SetValue(subject.address, path, Raw(_expression(f"{account.address}.account_id"))))


def _document(account: Data) -> Table:
    statement = Table(
        (
            ("Sid", "Owner"),
            ("Effect", "Allow"),
            ("Principal", Table((("AWS", account),))),
            ("Action", "kms:*"),
            ("Resource", "*"),
        )
    )
    return Table((("Version", "2012-10-17"), ("Statement", (statement,))))


def _expression(account: str) -> str:
    return f"""jsonencode({{
    Version = "2012-10-17"
    Statement = [
      {{
        Sid       = "Owner"
        Effect    = "Allow"
        Principal = {{ AWS = {account} }}
        Action    = "kms:*"
        Resource  = "*"
      }},
    ]
  }})"""
