"""Patches that touch the same lines, joined into one that is proven step by step."""

from __future__ import annotations

from remedy_gate.domain.patch import FilePatch, Patch
from remedy_gate.domain.proof import CheckName, CheckResult, Outcome, Proof, Status
from remedy_gate.domain.remediation import Remediation
from remedy_gate.domain.seams import Prover, Sources

from .combining import Clash, combined
from .placement import Joint, Together


def proven_together(prover: Prover, sources: Sources) -> Together:
    """A `Together` that has each patch proven on the code that the ones before it leave behind.

    `sources` is all code that the proof of one patch needs: the modules of every patched file, as they are.
    """

    def together(items: tuple[Remediation, ...]) -> Joint | None:
        return _joined(items, prover, sources)

    return together


def _joined(items: tuple[Remediation, ...], prover: Prover, sources: Sources) -> Joint | None:
    patches = tuple(item.patch for item in items if item.patch is not None)
    current = dict(sources)
    files: tuple[FilePatch, ...] = ()
    proofs: list[Proof] = []
    for index, item in enumerate(items, 1):
        so_far = combined(patches[:index])
        if isinstance(so_far, Clash) or any(sources.get(file.path) != file.before for file in so_far):
            return None
        files = so_far
        step = tuple(FilePatch(it.path, current[it.path], it.after) for it in files if current[it.path] != it.after)
        if step:
            proof = prover.prove(item.finding, item.match, Patch(patches[index - 1].origin, step), current)
            if proof.outcome is not Outcome.PROVEN:
                return None
            proofs.append(proof)
            current.update((file.path, file.after) for file in step)
    rationale = "; ".join(dict.fromkeys(patch.rationale for patch in patches if patch.rationale))
    return Joint(Patch(patches[0].origin, files, rationale), _weakest(proofs))


def _weakest(proofs: list[Proof]) -> Proof:
    """One proof of all steps: a check has passed only if it passed at each of them."""
    return Proof(tuple(_weakest_of(name, proofs) for name in CheckName))


def _weakest_of(name: CheckName, proofs: list[Proof]) -> CheckResult:
    found = [check for proof in proofs for check in proof.checks if check.name is name]
    worst = next(
        (it for it in (Status.FAIL, Status.NOT_RUN) if any(check.status is it for check in found)), Status.PASS
    )
    details = dict.fromkeys(check.detail for check in found if check.status is worst)
    tools = dict.fromkeys(tool for check in found for tool in check.tools)
    return CheckResult(name, worst, "; ".join(details), tuple(tools))
