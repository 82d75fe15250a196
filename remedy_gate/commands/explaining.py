"""`remedy-gate policy explain`: which rule decides a finding, and what the rules before it asked for in vain."""

from __future__ import annotations

import argparse
import sys

from remedy_gate.changes.repository import root_for_all
from remedy_gate.changes.working_tree import WorkingTree
from remedy_gate.domain.patch import Patch
from remedy_gate.domain.remediation import Remediation
from remedy_gate.domain.source import Problem
from remedy_gate.errors import FAILED, PASSED, ReportingError, UsageError
from remedy_gate.policy.deciding import Decider
from remedy_gate.policy.explaining import explain, explanation_lines
from remedy_gate.policy.facts import Case, Circumstances
from remedy_gate.policy.rules import Policy
from remedy_gate.policy.waivers import Waiver
from remedy_gate.reporting.untrusted import code_line, log_line, one_line
from remedy_gate.settings import Settings, choose_policy, choose_waivers, run_facts

from .assembly import assemble
from .clock import today
from .looking import change_source

_PREFIX = 6


def explain_findings(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print an explanation of every finding that was asked about."""
    failed: tuple[Problem, ...] = ()
    if arguments.report is not None:
        policy, circumstances, waivers, cases = _of_report(arguments, settings)
    else:
        from remedy_gate.gate import cases as cases_of

        source, root = change_source(arguments, settings)
        parts = assemble(arguments, settings, source, source.changes(), root)
        policy, circumstances, waivers = parts.policy, parts.circumstances, parts.waivers
        cases, failed = cases_of(parts)
    for problem in failed:
        sys.stderr.write(f"remedy-gate: {one_line(problem.where)}: {one_line(problem.message)}\n")
    asked = [case for case in cases if not arguments.ids or any(_is(case, name) for name in arguments.ids)]
    if not asked and not failed:
        raise UsageError("No finding is called that.", "Name a fingerprint, a control, a rule id or an address.")
    for case in asked:
        sys.stdout.write(f"{one_line(_heading(case))}\n")
        lines = explanation_lines(explain(case, policy, circumstances, waivers))
        sys.stdout.writelines(f"  {log_line(code_line(line))}\n" for line in lines)
    return FAILED if failed else PASSED


def _of_report(
    arguments: argparse.Namespace, settings: Settings
) -> tuple[Policy, Circumstances, tuple[Waiver, ...], tuple[Case, ...]]:
    """The findings of a report, under the policy as it is now.

    A report does not say whether the change made a problem: that follows from which of both leads to its decision.
    """
    from remedy_gate.reporting.json_reader import report_from

    tree = WorkingTree(root_for_all(settings.directory, ()))
    policy = choose_policy(arguments.policy, tree, None, in_ci=False).policy
    waivers = choose_waivers(tree, None, today(), in_ci=False).waivers
    circumstances = Circumstances(today(), run_facts(settings).workspace)
    try:
        with open(arguments.report, encoding="utf-8") as file:
            report = report_from(file.read(), tree.read)
    except (OSError, UnicodeDecodeError) as error:
        raise ReportingError(
            f"{arguments.report} could not be read.", "Name what `check --format json` wrote."
        ) from error
    decider = Decider(policy, circumstances, waivers)
    return policy, circumstances, waivers, tuple(_case(item, decider) for item in report.remediations)


def _case(item: Remediation, decider: Decider) -> Case:
    touched = "does not touch the resource" not in item.decision.rule
    cases = [Case(item.finding, item.match, item.remedy, item.proof, touched, made) for made in (True, False)]
    return next((case for case in cases if decider.decide(case) == item.decision), cases[1])


def _is(case: Case, name: str) -> bool:
    finding, resource = case.finding, case.match.resource
    patch = case.remedy.id if isinstance(case.remedy, Patch) else ""
    names = (*finding.names, *((resource.address,) if resource else ()))
    return name in names or (len(name) >= _PREFIX and (finding.fingerprint.startswith(name) or patch.startswith(name)))


def _heading(case: Case) -> str:
    finding, resource = case.finding, case.match.resource
    place = f"{resource.address} ({resource.path}:{resource.lines.first})" if resource else "no block of this code"
    made = {True: "introduced by this change", False: "not new", None: "whether it is new is not known"}[
        case.introduced
    ]
    return f"{finding.control or finding.rule_id} on {place}, {finding.severity}, {made} [{finding.fingerprint[:12]}]"
