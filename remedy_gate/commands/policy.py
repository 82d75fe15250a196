"""`remedy-gate policy check`: say whether the policy file is right, and what it comes to."""

from __future__ import annotations

import argparse
import sys

from remedy_gate.changes.repository import enclosing_repository
from remedy_gate.changes.working_tree import WorkingTree
from remedy_gate.errors import PASSED
from remedy_gate.settings import Settings, choose_policy


def execute(arguments: argparse.Namespace, settings: Settings) -> int:
    """Read the policy as a run would, and print its rules in the order in which they are asked."""
    root = enclosing_repository(settings.directory) or settings.directory
    policy = choose_policy(arguments.policy, WorkingTree(root), None, in_ci=False).policy
    lines = [f"{policy.origin}: right. The first rule that fits decides:"]
    lines += [f"  {number}. {rule.name} -> {rule.action}" for number, rule in enumerate(policy.rules, 1)]
    lines += [f"  parameter {name} = {value}" for name, value in policy.parameters.items()]
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return PASSED
