"""`remedy-gate verify`: judge anyone's patch against a finding. The working tree is never touched."""

from __future__ import annotations

import argparse
import sys
from itertools import chain

from remedy_gate.changes.repository import root_for_all
from remedy_gate.changes.whole_tree import WholeTree
from remedy_gate.domain.decision import Action, Decision
from remedy_gate.domain.match import MatchState
from remedy_gate.domain.patch import NoPatch, Patch
from remedy_gate.domain.proof import Outcome
from remedy_gate.domain.remediation import Remediation, Report, Verdict
from remedy_gate.domain.seams import Prover, Sources
from remedy_gate.domain.source import Problem
from remedy_gate.errors import BLOCKED, FAILED, PASSED, PatchError, UsageError
from remedy_gate.gate import gather
from remedy_gate.iac.file_names import MAYBE_CODE
from remedy_gate.matching.around import Listed
from remedy_gate.matching.claim import OWN
from remedy_gate.matching.folding import fold
from remedy_gate.matching.index import Bearings, CodeIndex
from remedy_gate.matching.match import Matched, match_all
from remedy_gate.matching.qualifying import qualified
from remedy_gate.remedies.given import apply_given, read_given
from remedy_gate.settings import Settings
from remedy_gate.verification.check import Depth

from .assembly import Home, prover, tools
from .events import policy_of_run
from .output import emit
from .recording import record_run
from .records import read_records
from .specs import Place, sources_of

JUDGED = "verify: judged, not decided"


def execute(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the proof; pass only if the patch is proven for every finding."""
    if not arguments.findings:
        raise UsageError("verify needs the finding that the patch is for.", "Name it with --findings SPEC.")
    if OWN in arguments.findings:
        raise UsageError(
            f"verify judges a patch for what somebody reported, and `{OWN}` is everything that we find.",
            "Name an export with the finding, or a live source.",
        )
    paths = tuple(arguments.paths)
    root = root_for_all(settings.directory, paths)
    tree = WholeTree(root, paths or (settings.directory,), MAYBE_CODE)
    policy = policy_of_run(arguments.policy, root, settings)
    diffs, kit = read_given(_content(arguments.patch), arguments.patch), tools(policy=policy)
    place = Place(root, settings, policy.sources, fresh=arguments.fresh)
    given = gather(sources_of(arguments.findings, place), {})
    wanted = (*(diff.path for diff in diffs), *(change.path for change in tree.changes().changes))
    sources = kit.reader.sources(wanted, tree.head)
    patch = apply_given(diffs, sources, arguments.patch)
    around = kit.around(tree.head, Listed(wanted))
    bearings = Bearings(around=around, records=read_records(policy, root, place.remote))
    code = CodeIndex(kit.reader.modules(sources), bearings)
    matches = fold(match_all(chain.from_iterable(given.findings), code, kit.catalogue, policy.parameters))
    judge = prover(kit, policy, Depth(arguments.proof or "full"), Home(root, settings, asks=True), tree.head)
    remediations = tuple(_judged(matched, patch, judge, sources) for matched in matches)
    report = _report(remediations, given.failed, (*given.problems, *bearings.records.problems))
    emit(report, arguments, settings)
    record_run(report, "verify", policy, root, settings)
    if given.failed:
        return FAILED
    return PASSED if _all_proven(remediations) else BLOCKED


def _judged(matched: Matched, patch: Patch, prover: Prover, sources: Sources) -> Remediation:
    finding, match = matched.finding, matched.match
    if match.state is not MatchState.MATCHED:
        reason = NoPatch(f"the finding is {match.state}, so no patch can be proven for it: {'; '.join(match.evidence)}")
        return Remediation(finding, match, reason, None, Decision(Action.WITHHOLD, blocks=True, rule=JUDGED))
    proof = prover.prove(finding, match, patch, sources)
    proven = proof.outcome is Outcome.PROVEN
    decision = Decision(Action.SUGGEST if proven else Action.WITHHOLD, blocks=not proven, rule=JUDGED)
    return Remediation(finding, qualified(matched), patch, proof, decision)


def _report(
    remediations: tuple[Remediation, ...], failed: tuple[Problem, ...], unusable: tuple[Problem, ...]
) -> Report:
    """Of a source that could not be read nobody knows what it would have asked the patch to repair."""
    judged = Verdict.PASS if _all_proven(remediations) else Verdict.BLOCK
    return Report(Verdict.ERROR if failed else judged, remediations, (*failed, *unusable))


def _all_proven(remediations: tuple[Remediation, ...]) -> bool:
    """Nothing to judge is not a proof."""
    return bool(remediations) and not any(item.decision.blocks for item in remediations)


def _content(path: str) -> bytes:
    if path == "-":
        return sys.stdin.buffer.read()
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise PatchError(f"{path}: {error.strerror or error}.", "Name a unified diff with --patch.") from error
