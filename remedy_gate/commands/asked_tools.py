"""The tools of the user that the full proof asks: terraform, and the scanners that the policy names."""

from __future__ import annotations

import os.path
from shutil import which
from typing import TYPE_CHECKING

from remedy_gate.domain.seams import Tree
from remedy_gate.errors import PatchError
from remedy_gate.policy.proof import ProofChoice
from remedy_gate.policy.rules import Policy
from remedy_gate.verification.planned import Plans
from remedy_gate.verification.prover import Ground
from remedy_gate.verification.scanners import KNOWN
from remedy_gate.verification.scanners.cfn_guard import scanner as guard
from remedy_gate.verification.scanners.sarif import scanner
from remedy_gate.verification.scanners.scanner import Scanner

if TYPE_CHECKING:
    from .assembly import Home


def with_tools(ground: Ground, policy: Policy, home: Home | None, tree: Tree | None) -> Ground:
    """The ground with everything on it that can be asked here."""
    choice = policy.proof or ProofChoice()
    environment = home.settings.environment if home is not None else {}
    path = environment.get("PATH", "")
    return ground._replace(
        terraform=which("terraform", path=path or None) or which("tofu", path=path or None),
        tree=tree,
        environment=environment,
        scanners=_scanners(choice, home),
        plans=_plans(choice, home),
        root=home.root if home is not None else "",
        plugins=choice.plugins,
        asks_plan=choice.asks_plan,
    )


def _scanners(choice: ProofChoice, home: Home | None) -> tuple[Scanner, ...] | None:
    """Those that the policy names; None leaves it to each finding's own source."""
    if choice.scanners is None:
        return None if home is not None and home.asks else ()
    known = tuple(one for one in KNOWN if one.name in choice.scanners)
    if choice.guard_rules:
        known = (*known, guard(os.path.join(home.root if home is not None else "", choice.guard_rules)))
    return (*known, *(scanner(name, words) for name, words in choice.commands))


def _plans(choice: ProofChoice, home: Home | None) -> Plans | None:
    """The plans of before and after that the policy names; for a patch that was given, not for those that we make."""
    if home is None or not home.asks or not choice.plan_after:
        return None
    before = _content(home.root, choice.plan_before) if choice.plan_before else b""
    return Plans(_content(home.root, choice.plan_after), before)


def _content(root: str, path: str) -> bytes:
    try:
        with open(os.path.join(root, path), "rb") as file:
            return file.read()
    except OSError as error:
        raise PatchError(
            f"{path}: {error.strerror or error}.", "Name plans that exist under `proof`, or none."
        ) from error
