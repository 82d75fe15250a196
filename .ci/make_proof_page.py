"""Write docs/proof.md: what each check does and does not do, what the suite comes to, and what escapes without each check.

    python .ci/make_proof_page.py

Everything but the prose is made here from the code and from tests/cases/proof; a test holds the page to them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "proof.md"
sys.path.append(str(ROOT / "tests" / "cases" / "proof"))  # where the suite lies, for whoever runs this alone

from proof_suite import CATALOGUE, SCHEMAS, Case, cases, trial  # noqa: E402 - behind the line that finds it

from remedy_gate.domain.proof import REQUIRED, CheckName, Outcome, Proof, Status  # noqa: E402
from remedy_gate.iac.reading import Reader  # noqa: E402
from remedy_gate.policy.proof import PROOF  # noqa: E402
from remedy_gate.policy.shapes import Names  # noqa: E402
from remedy_gate.verification.check import Depth  # noqa: E402
from remedy_gate.verification.prover import FullProver, Ground, all_checks  # noqa: E402

LIMITS = {
    CheckName.APPLIES: "Only infrastructure code; what governs the repository (`.github/`, policies, lock files) is never patched.",
    CheckName.PARSES: "An independent reader (python-hcl2, cfn-lint) at full depth only, where installed.",
    CheckName.SCOPE: "Refuses what the control does not name, however useful: two repairs are two patches.",
    CheckName.SCHEMA: (
        "Shape, not sense, for the provider's version that the tables hold. `terraform validate` and cfn-lint at full "
        "depth, where installed and initialised."
    ),
    CheckName.INTENT: (
        "Only as good as the control. What the code does not say is unknown, and then nothing is proven; without a "
        "control it is not run."
    ),
    CheckName.NO_WEAKENING: "Sees what the catalogue, IAM policies and security groups say; not what an application needs.",
    CheckName.RESCAN: "At full depth, where a scanner is installed that knows the finding; a crash is not run.",
    CheckName.DISRUPTION: "From a plan where one is given or may be asked for, else from tables; a type not in these is not run.",
    CheckName.FORMATTED: "Terraform only, at full depth, where `terraform` or `tofu` is installed.",
    CheckName.IDEMPOTENT: "What the catalogue itself would write; not run where it has nothing to write.",
}
TEMPLATES = (".yaml", ".json")


class Judged(NamedTuple):
    """A case of the suite, and what the checks say of it at quick depth."""

    case: Case
    proof: Proof

    @property
    def withheld(self) -> frozenset[CheckName]:
        """The checks that keep it from being proven: those that fail, and the required ones that do not pass."""
        return frozenset(
            check.name
            for check in self.proof.checks
            if check.status is Status.FAIL or (check.name in REQUIRED and check.status is not Status.PASS)
        )


@cache
def judged(folder: str) -> tuple[Judged, ...]:
    """Every case of `deceptive` or `good`, proven at quick depth."""
    return tuple(Judged(case, _prove(case)) for case in cases(folder))


def page() -> str:
    """The whole page."""
    parts = (_head(), _checks(), _asked(), _deceptive(), _good(), _ablation(), _foot())
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _prove(case: Case) -> Proof:
    made = trial(case)
    ground = Ground(made.reader, CATALOGUE, SCHEMAS, {}, Depth.QUICK)
    return FullProver(ground).prove(made.finding, made.match, made.patch, made.sources)


def _head() -> Iterator[str]:
    bad, good = judged("deceptive"), judged("good")
    yield "# The proof"
    yield ""
    yield "<!-- Made by .ci/make_proof_page.py: change that, not this. -->"
    yield ""
    yield "A patch is *proven* when the first six checks pass and none fails, *refuted* when any fails, else *unproven*."
    yield "Whoever wrote it: the catalogue, a model, or a colleague (`remedy-gate verify --findings F --patch P`)."
    yield ""
    yield (
        f"The suite in `tests/cases/proof` has {len(bad)} patches that only seem to repair, or do harm, and {len(good)} "
        f"good ones, written by hand. At quick depth, which asks no tools, {_refused(bad)} of the {len(bad)} are not "
        f"proven, and {_proven(good)} of the {len(good)} are. Both are known to those who wrote the checks; a patch of a "
        "kind that nobody thought of is not in them."
    )


def _checks() -> Iterator[str]:
    ground = Ground(Reader(()), CATALOGUE, SCHEMAS, {}, Depth.QUICK)
    yield "## What each check does, and where it ends"
    yield ""
    yield "| check | says | limits |"
    yield "|---|---|---|"
    for check in all_checks(ground):
        said = (sys.modules[type(check).__module__].__doc__ or "").splitlines()[0].partition(": ")[2].rstrip(".")
        required = "**" if check.name in REQUIRED else ""
        yield f"| {required}`{check.name}`{required} | {said} | {LIMITS[check.name]} |"
    yield ""
    yield "Bold: without it nothing is proven. The others refute, and are named where they could not run."


def _asked() -> Iterator[str]:
    yield "## Tools that are asked, too"
    yield ""
    yield f"Under `proof` in `.remedy-gate.yml`: {PROOF.about}."
    yield "Each works on a copy, and one that crashes or does not answer has said nothing."
    yield ""
    yield "| key | what it is |"
    yield "|---|---|"
    for name, field in PROOF.fields.items():
        known = f": {', '.join(f'`{one}`' for one in field.known)}" if isinstance(field, Names) else ""
        yield f"| `{name}` | {field.about}{known} |"
    yield ""
    yield "`terraform_plan` works where the state is local and the provider asks nobody; elsewhere, give `verify` your own plans."


def _deceptive() -> Iterator[str]:
    names = [name for name in CheckName if any(name in one.withheld for one in judged("deceptive"))]
    yield "## Deceptive and unsafe patches"
    yield ""
    yield "How many of each class are not proven, and how many each check holds back; most are held back by several."
    yield ""
    yield f"| class | patches | not proven | {' | '.join(f'`{name}`' for name in names)} |"
    yield "|---|---|---|" + "---|" * len(names)
    for kind, found in _by_class(judged("deceptive")):
        yield _row(kind, found, names)
    yield _row("all", judged("deceptive"), names)


def _row(kind: str, found: Iterable[Judged], names: Iterable[CheckName]) -> str:
    found = tuple(found)
    counts = [sum(name in one.withheld for one in found) for name in names]
    figures = " | ".join(str(count) if count else "" for count in counts)
    return f"| {kind.replace('_', ' ')} | {len(found)} | {_refused(found)} | {figures} |"


def _good() -> Iterator[str]:
    yield "## Good patches"
    yield ""
    yield "| style | Terraform | CloudFormation | proven |"
    yield "|---|---|---|---|"
    for kind, found in (*_by_class(judged("good")), ("all", judged("good"))):
        templates = [one for one in found if one.case.base.endswith(TEMPLATES)]
        yield f"| {kind.replace('_', ' ')} | {len(found) - len(templates)} | {len(templates)} | {_proven(found)} |"


def _ablation() -> Iterator[str]:
    bad = judged("deceptive")
    yield "## What escapes without each check"
    yield ""
    yield f"Of the {len(bad)} deceptive patches, those that would be proven with one check switched off, or with one check only."
    yield ""
    yield "| check | escape without it | escape where it is the only one |"
    yield "|---|---|---|"
    for name in CheckName:
        without = sum(one.withheld <= {name} for one in bad)
        alone = sum(name not in one.withheld for one in bad)
        yield f"| `{name}` | {without} | {alone} |"
    yield ""
    yield "`rescan` and `formatted` ask tools, at full depth only: here they hold nothing back."


def _foot() -> Iterator[str]:
    yield "## Run it"
    yield ""
    yield "`python -m pytest tests/cases/proof` tries each patch, `python bench/proof.py` measures what one costs."


def _by_class(found: Iterable[Judged]) -> list[tuple[str, tuple[Judged, ...]]]:
    classes: dict[str, list[Judged]] = {}
    for one in found:
        classes.setdefault(one.case.kind, []).append(one)
    return [(kind, tuple(members)) for kind, members in classes.items()]


def _refused(found: Iterable[Judged]) -> int:
    return sum(one.proof.outcome is not Outcome.PROVEN for one in found)


def _proven(found: Iterable[Judged]) -> int:
    return sum(one.proof.outcome is Outcome.PROVEN for one in found)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
