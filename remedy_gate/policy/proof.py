"""The policy's `proof`: which tools beside our own checks are asked about a patch. Never on a hook's path."""

from __future__ import annotations

from typing import NamedTuple

from .checking import Given
from .shapes import Entries, Names, Table, Text, Texts, Truth

SCANNERS = ("checkov", "trivy", "kics", "cfn-lint")


class ProofChoice(NamedTuple):
    """What the owner wants asked.

    `scanners` are known ones by name, None where the policy says nothing; `commands` are others that write SARIF, each
    with its words. `plugins` is a directory of Terraform providers; the plans are files of `terraform show -json`, and
    `asks_plan` lets terraform make them. `guard_rules` are rules of cfn-guard, which is asked where there are some.
    """

    scanners: tuple[str, ...] | None = None
    commands: tuple[tuple[str, tuple[str, ...]], ...] = ()
    plugins: str = ""
    plan_after: str = ""
    plan_before: str = ""
    asks_plan: bool = False
    guard_rules: str = ""


PROOF = Table(
    {
        "scanners": Names("scanner", SCANNERS, "scanners that are asked again, of a copy, before and after a patch"),
        "commands": Entries(
            Texts(),
            "others that write SARIF: name to the words of the command; {folder} is what to scan, {output} a folder",
        ),
        "cfn_guard_rules": Text(
            "a file or folder of cfn-guard's rules, below the repository: then cfn-guard is asked, too"
        ),
        "terraform_plugins": Text("a directory of Terraform providers, for `terraform validate` without network"),
        "terraform_plan": Truth(
            "whether terraform may be asked for a plan, with the state that lies beside the code and without network"
        ),
        "plan_after": Text("for `verify`: the plan of the patched code, as `terraform show -json` prints it"),
        "plan_before": Text("for `verify`: the same of the code as it is"),
    },
    about="tools that are asked at full depth, without network and without credentials, as far as they are installed",
)


def read_proof(layer: Given | None) -> ProofChoice:
    """The choice that a policy makes."""
    if layer is None:
        return ProofChoice()
    given = layer.table("proof")
    named = any(name in given for name in ("scanners", "commands", "cfn_guard_rules"))
    return ProofChoice(
        scanners=given.texts("scanners") if named else None,
        commands=tuple((name, words) for name, words in given.table("commands").all_texts() if words),
        plugins=given.text("terraform_plugins"),
        plan_after=given.text("plan_after"),
        plan_before=given.text("plan_before"),
        asks_plan=given.truth("terraform_plan") or False,
        guard_rules=given.text("cfn_guard_rules"),
    )
