"""What a model is asked about, and how its answer is judged: the same online and in a batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from remedy_gate.catalogue.control import Subject
from remedy_gate.catalogue.judging import judge
from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.catalogue.verdict import Holds
from remedy_gate.domain.finding import Finding
from remedy_gate.domain.match import Match, MatchState
from remedy_gate.domain.patch import NoPatch, Origin, OriginKind
from remedy_gate.domain.seams import Prover, Sources
from remedy_gate.iac.reading import Reader
from remedy_gate.iac.schema import Schemas
from remedy_gate.iac.values import Scalar

from .answer import Cannot, Malformed, read_answer
from .answer_edits import patch_of
from .bedrock_loop import Came, Judged, judged_by
from .prompt import Case, Prompt, prompts_digest


def _none(_finding: Finding, _match: Match) -> tuple[str, ...]:
    return ()


class Surroundings(NamedTuple):
    """What the run knows beside the code: fixes of the same control that people accepted, and the environments."""

    accepted: Callable[[Finding, Match], tuple[str, ...]] = _none
    environments: Callable[[Finding, Match], tuple[str, ...]] = _none


class Bench(NamedTuple):
    """What is worked with: the code's reader, the controls, the schemas, the owner's values, and who judges."""

    reader: Reader
    catalogue: Catalogue
    schemas: Schemas
    parameters: Mapping[str, Scalar]
    prover: Prover
    surroundings: Surroundings = Surroundings()


def case_of(bench: Bench, finding: Finding, match: Match, sources: Sources) -> Case | NoPatch:
    """What there is to ask about a finding, or why there is nothing."""
    resource = match.resource
    if match.state is not MatchState.MATCHED or resource is None:
        return NoPatch("no model is asked about what is not matched")
    module = bench.reader.module(resource.path, sources)
    if module is None or resource.address not in module.blocks:
        return NoPatch(f"{resource.address} is not in the code any more")
    block = module.blocks[resource.address]
    control = bench.catalogue.control(finding.control) if finding.control else None
    if control is not None and block.type not in control.rules:
        control = None
    if control and judge(control, Subject(module, block.address, bench.parameters)).holds is Holds.YES:
        return NoPatch("the code is right already: no model is asked")
    around = bench.surroundings
    return Case(
        finding,
        module,
        block,
        control,
        bench.parameters,
        around.environments(finding, match),
        around.accepted(finding, match),
    )


def judge_of(bench: Bench, case: Case, match: Match, prompt: Prompt, sources: Sources) -> Callable[[str, str], Judged]:
    """What tells of an answer to this prompt, and the model that gave it, what it is worth."""

    def judged(text: str, model: str) -> Judged:
        answer = read_answer(text)
        if isinstance(answer, Malformed):
            return Judged(Came.MALFORMED, answer.reason)
        if isinstance(answer, Cannot):
            return Judged(Came.CANNOT, answer.reason)
        origin = Origin(OriginKind.BEDROCK, model, prompts_digest()[:12])
        patch = patch_of(answer, case.module, prompt, origin, bench.reader)
        if isinstance(patch, NoPatch):
            return Judged(Came.INAPPLICABLE, patch.reason)
        proof = bench.prover.prove(case.finding, match, patch, sources)
        return judged_by(proof, patch, by_control=case.control is not None)

    return judged
