"""The whole job on one page: what changed, what is open, what belongs to what, patches, proofs, decisions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.domain.asking import Order, asks_ahead
from remedy_gate.domain.decision import Action
from remedy_gate.domain.finding import Kind
from remedy_gate.domain.ledger import Memory
from remedy_gate.domain.match import InCode, MatchState
from remedy_gate.domain.patch import NoPatch, Patch
from remedy_gate.domain.proof import Outcome, Proof
from remedy_gate.domain.remediation import Remediation, Report, most_severe_first, summed, verdict_of
from remedy_gate.domain.seams import FindingSource, Gathered, Given, Past, Prover, Remedy, Sources, Tree, Writer
from remedy_gate.domain.source import ChangeSet, Problem
from remedy_gate.errors import FindingsError
from remedy_gate.iac.problems import code_problems, undecided
from remedy_gate.iac.reading import Reader
from remedy_gate.matching.folding import fold
from remedy_gate.matching.index import Bearings, CodeIndex
from remedy_gate.matching.introduced import Before
from remedy_gate.matching.listing import listed
from remedy_gate.matching.match import Matched, Matching
from remedy_gate.matching.qualifying import qualified, within_module
from remedy_gate.matching.recurrence import recurring
from remedy_gate.matching.sifting import sift
from remedy_gate.matching.touched import Touched
from remedy_gate.policy.deciding import Decider, approved
from remedy_gate.policy.facts import UNKNOWN_DAY, Case, Circumstances
from remedy_gate.policy.patterns import matches_path
from remedy_gate.policy.rules import Policy
from remedy_gate.policy.waivers import Waiver, waiver_notes


class Parts(NamedTuple):
    """Who does what in this run. `writer` is None without `--fix`, `past` where no rule asks what the ledger remembers.

    `whole`: the run looks at everything, so that a waiver that matches nothing has no use.
    """

    changes: ChangeSet
    head: Tree
    before: Before
    touched: Touched
    reader: Reader
    catalogue: Catalogue
    findings: tuple[FindingSource, ...]
    remedies: tuple[Remedy, ...]
    prover: Prover
    policy: Policy
    writer: Writer | None = None
    waivers: tuple[Waiver, ...] = ()
    circumstances: Circumstances = UNKNOWN_DAY
    past: Past | None = None
    whole: bool = False
    bearings: Bearings = Bearings()


def run(parts: Parts) -> Report:
    """Do the job. What could not be done stands in the report's errors, and the verdict is then `error`."""
    sources = parts.reader.sources((change.path for change in parts.changes.changes), parts.head)
    unreadable, named = code_problems(parts.reader.modules(sources), {one.path for one in parts.changes.changes})
    given = gather(parts.findings, sources)
    matches, beyond = _matches(parts, given, sources, every=parts.whole)
    shown, unshown = (matches, ()) if parts.whole else listed(matches, beyond)
    decider = Decider(parts.policy, parts.circumstances, parts.waivers)
    refused, skips = _inline_skips(parts, sources)
    _ask_ahead(shown, parts, sources, decider)
    remediations = (*(_remediate(matched, parts, sources, decider) for matched in shown), *refused)
    fixes = parts.writer and not (unreadable or given.failed)
    applied, unwritten = _fix(remediations, parts, sources) if fixes else ((), ())
    waived = _waiver_notes(parts, (*matches, *(Matched(item.finding, item.match) for item in refused)))
    return Report(
        verdict=verdict_of(remediations, failed=bool(unreadable or given.failed or unwritten)),
        remediations=most_severe_first(remediations),
        errors=(*unreadable, *given.failed, *unwritten, *given.problems, *parts.bearings.records.problems),
        notes=(
            *named,
            *parts.changes.skipped,
            *waived,
            *skips,
            *given.notes,
            *(note for remedy in parts.remedies if asks_ahead(remedy) for note in remedy.notes()),
        ),
        left_out=summed((*given.left_out, *unshown)),
        applied=applied,
    )


def cases(parts: Parts) -> tuple[tuple[Case, ...], tuple[Problem, ...]]:
    """Everything that `run` would decide on, undecided, for those who want to know why; and what could not be read."""
    sources = parts.reader.sources((change.path for change in parts.changes.changes), parts.head)
    given = gather(parts.findings, sources)
    matches, _ = _matches(parts, given, sources, every=True)
    return tuple(_case(matched, parts, sources) for matched in matches), given.failed


def gather(findings: Iterable[FindingSource], sources: Sources) -> Given:
    """What the sources give. One that cannot be read at all costs nothing of what the others give."""
    found: list[Gathered] = []
    failed: list[Problem] = []
    for source in findings:
        try:
            found.append(source.gather(sources))
        except FindingsError as error:
            failed.append(Problem(source.name, error.told_of(source.name)))
    return Given(tuple(found), tuple(failed))


def _matches(parts: Parts, given: Given, sources: Sources, *, every: bool) -> tuple[tuple[Matched, ...], int]:
    """The matches, and how many unmatched findings were not looked at, as a change has no part in them."""
    code = CodeIndex(parts.reader.modules(sources), parts.bearings)
    matching = Matching(code, parts.catalogue, parts.policy.parameters)
    sifted = sift(given.findings, matching, every=every)
    matches = fold(matching.all(sifted.findings))
    return recurring(matches, lambda matched: _touches(matched, parts, sources), sifted.problems), sifted.beyond


def _touches(matched: Matched, parts: Parts, sources: Sources) -> bool:
    """Whether the change touches the block that a finding was tied to."""
    resource = matched.match.resource
    module = parts.reader.module(resource.path, sources) if resource else None
    return resource is not None and module is not None and parts.touched.touches(module, resource.address)


def _ask_ahead(matches: Iterable[Matched], parts: Parts, sources: Sources, decider: Decider) -> None:
    """Tell remedies that wait for others all that they will be asked: what those before them leave unproven."""
    for index, remedy in enumerate(parts.remedies):
        if asks_ahead(remedy):
            earlier = parts._replace(remedies=parts.remedies[:index])
            asked = (one for one in matches if _asked(one, parts, sources, decider) is parts)
            left = (Order(one.finding, one.match) for one in asked if _is_left_open(one, earlier, sources))
            remedy.prefetch(tuple(left), sources)


def _asked(matched: Matched, parts: Parts, sources: Sources, decider: Decider) -> Parts:
    """The parts, without remedies that wait for others where policy ignores the case whatever they propose."""
    without = parts._replace(remedies=tuple(one for one in parts.remedies if not asks_ahead(one)))
    asks = len(without.remedies) < len(parts.remedies)
    return without if asks and decider.ignores_any_patch(_case(matched, without, sources)) else parts


def _is_left_open(matched: Matched, parts: Parts, sources: Sources) -> bool:
    may_be_asked = matched.finding.kind is Kind.MISCONFIGURATION and not _undecided(matched, parts, sources)
    is_ours = may_be_asked and _touches(matched, parts, sources)
    proof = _best_patch(matched, parts, sources)[1] if is_ours else None
    return is_ours and (proof is None or proof.outcome is not Outcome.PROVEN)


def _case(matched: Matched, parts: Parts, sources: Sources) -> Case:
    finding, match = matched.finding, matched.match
    touched = _touches(matched, parts, sources)
    remedy, proof = _best_patch(matched, parts, sources) if touched else (NoPatch(_why_not_tried(matched)), None)
    made_it = touched and parts.before.introduced(matched, parts.catalogue, parts.policy.parameters)
    patch = remedy if isinstance(remedy, Patch) else None
    memory = parts.past.of(finding, patch, proof) if parts.past and touched else Memory()
    return Case(finding, match, remedy, proof, touched, made_it, memory)


def _remediate(matched: Matched, parts: Parts, sources: Sources, decider: Decider) -> Remediation:
    case = _case(matched, _asked(matched, parts, sources, decider), sources)
    return Remediation(case.finding, qualified(matched), case.remedy, case.proof, decider.decide(case))


def _waiver_notes(parts: Parts, matches: Iterable[Matched]) -> tuple[Problem, ...]:
    def looked_at(waiver: Waiver) -> bool:
        changed = (change.path for change in parts.changes.changes)
        return parts.whole or (waiver.path != "" and any(matches_path(path, waiver.path) for path in changed))

    pairs = ((matched.finding, matched.match) for matched in matches)
    return tuple(waiver_notes(parts.waivers, pairs, looked_at)) if parts.waivers else ()


def _inline_skips(parts: Parts, sources: Sources) -> tuple[tuple[Remediation, ...], tuple[Problem, ...]]:
    """Marks that silence scanners, as problems that block where policy refuses them, else as notes."""
    from remedy_gate.policy.inline_skips import inline_skips, refusal, skip_notes
    from remedy_gate.verification.suppressions import marks

    if parts.policy.inline_skips == "allow":
        return (), ()
    skips = inline_skips(parts.changes.changes, sources, marks)
    if parts.policy.inline_skips == "count":
        return (), tuple(skip_notes(skips))
    return tuple(refusal(one, parts.reader.module(one.path, sources), parts.policy, parts.waivers) for one in skips), ()


def _best_patch(matched: Matched, parts: Parts, sources: Sources) -> tuple[Patch | NoPatch, Proof | None]:
    """The first proven patch of all remedies, else the first unproven one, else every reason why there is none."""
    finding, match = matched.finding, matched.match
    if finding.kind is not Kind.MISCONFIGURATION:
        return NoPatch(f"the gate repairs misconfigurations, and this is a {finding.kind}"), None
    if reason := _undecided(matched, parts, sources):
        return NoPatch(reason), None
    reasons: list[str] = []
    second: tuple[Patch, Proof] | None = None
    for remedy in parts.remedies:
        proposed = remedy.propose(finding, match, sources)
        if isinstance(proposed, NoPatch):
            reasons.append(proposed.reason)
            continue
        proof = parts.prover.prove(finding, match, proposed, sources)
        if proof.outcome is Outcome.PROVEN:
            return proposed, proof
        second = second or (proposed, proof)
    return second or (NoPatch("; ".join(reasons) or "no remedy was asked for"), None)


def _undecided(matched: Matched, parts: Parts, sources: Sources) -> str:
    resource = matched.match.resource
    return undecided(parts.reader.module(resource.path, sources), resource.address) if resource else ""


def _why_not_tried(matched: Matched) -> str:
    match = matched.match
    if match.state is not MatchState.MATCHED:
        return f"the finding is {match.state}: {'; '.join(match.evidence)}"
    if match.in_code is InCode.FIXED:
        return "the code is right already: deploy it, or look for drift"
    return "this change does not touch the resource"


def _fix(
    remediations: Iterable[Remediation], parts: Parts, sources: Sources
) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """Write every proven patch that policy does not withhold; one that meets an earlier one is made and proven anew."""
    current = dict(sources)
    for remediation in most_severe_first(remediations):
        if remediation.decision.action not in (Action.SUGGEST, Action.APPLY):
            continue
        if patch := _still_valid(remediation, parts, current):
            current.update((file.path, file.after) for file in patch.files)
    changed = sorted(path for path, text in current.items() if sources[path] != text)
    problems = [parts.writer.write(path, sources[path], current[path]) for path in changed] if parts.writer else []
    written = tuple(path for path, problem in zip(changed, problems, strict=True) if problem is None)
    return written, tuple(problem for problem in problems if problem is not None)


def _still_valid(remediation: Remediation, parts: Parts, current: Sources) -> Patch | None:
    finding, match, patch, proof = remediation.finding, remediation.match, remediation.patch, remediation.proof
    if patch is None or proof is None or proof.outcome is not Outcome.PROVEN:
        return None
    if all(current.get(file.path) == file.before for file in patch.files):
        return patch
    if approved(remediation.decision):  # a person said yes to that patch, not to one like it
        return None
    again, proof = _best_patch(Matched(finding, within_module(match)), parts, current)
    return again if isinstance(again, Patch) and proof and proof.outcome is Outcome.PROVEN else None
