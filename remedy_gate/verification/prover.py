"""Run all ten checks on a patch: the whole proof, in the order of their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.domain.finding import Finding
from remedy_gate.domain.match import Match
from remedy_gate.domain.patch import Patch
from remedy_gate.domain.proof import Proof
from remedy_gate.domain.seams import Sources, Tree
from remedy_gate.iac.file_names import VARIABLES, directory_of, is_terraform
from remedy_gate.iac.module import Module
from remedy_gate.iac.reading import Reader
from remedy_gate.iac.schema import Schemas
from remedy_gate.iac.values import Scalar

from .applies import Applies
from .changed import compared
from .check import Check, Comparison, Depth, Sides
from .disruption import Disruption
from .formatted import Formatted
from .idempotent import Idempotent
from .intent import Intent
from .no_weakening import NoWeakening
from .parses import Parses
from .passing import as_called
from .planned import Plans
from .rescan import Rescan
from .schema import Schema
from .scope import Scope

if TYPE_CHECKING:
    from .asking import Asking
    from .planning import Planning
    from .scanners.scanner import Scanner
    from .validators import Validators


class Ground(NamedTuple):
    """What the proof stands on.

    `terraform` is the user's own binary, None where there is none. `tree` is the state of the repository that the sources
    are from, `root` where it lies on disk, `plugins` a directory of Terraform providers; each may be missing. `scanners`
    are those that the policy names, None where it says nothing. `asks_plan`: terraform may be asked for a plan.
    """

    reader: Reader
    catalogue: Catalogue
    schemas: Schemas
    parameters: Mapping[str, Scalar]
    depth: Depth
    terraform: str | None = None
    tree: Tree | None = None
    environment: Mapping[str, str] = {}
    scanners: tuple[Scanner, ...] | None = None
    plans: Plans | None = None
    root: str = ""
    plugins: str = ""
    asks_plan: bool = False


def all_checks(ground: Ground) -> tuple[Check, ...]:
    """The ten checks in the order of their names."""
    tools = _tools(ground) if ground.depth is Depth.FULL else Tools()
    return (
        Applies(),
        Parses(),
        Scope(),
        Schema(ground.schemas, lambda path: ground.tree.read(path) if ground.tree else None, tools.validators),
        Intent(ground.reader, ground.schemas, ground.tree),
        NoWeakening(ground.catalogue),
        Rescan(tools.asking),
        Disruption(ground.schemas, ground.plans, tools.planning),
        Formatted(ground.terraform, ground.environment),
        Idempotent(),
    )


class Tools(NamedTuple):
    """Programs and libraries of others; none of them at quick depth, where their modules are not even imported."""

    validators: Validators | None = None
    asking: Asking | None = None
    planning: Planning | None = None


def _tools(ground: Ground) -> Tools:
    from .asking import Asking
    from .initialised import Copies, Setup
    from .planning import Planning
    from .validated import Validating
    from .validators import Validators

    copies = Copies(Setup(ground.terraform or "", ground.root, ground.plugins), ground.environment)
    return Tools(
        Validators(Validating(copies)),
        Asking(ground.environment, ground.scanners),
        Planning(copies) if ground.asks_plan else None,
    )


class FullProver:
    """The seam `Prover`, over all checks."""

    def __init__(self, ground: Ground) -> None:
        """Prove on this ground."""
        self._ground = ground
        self._checks = all_checks(ground)

    def prove(self, finding: Finding, match: Match, patch: Patch, sources: Sources) -> Proof:
        """All ten results. What a check cannot tell is `not_run`."""
        comparison = self._compare(finding, match, patch, sources)
        return Proof(tuple(check.examine(comparison) for check in self._checks))

    def _compare(self, finding: Finding, match: Match, patch: Patch, sources: Sources) -> Comparison:
        reader = self._ground.reader
        after = {**sources, **{file.path: file.after for file in patch.files}}
        home = match.resource.path if match.resource else ""
        subject = compared(reader.module(home, sources), reader.module(home, after))
        covered = {
            *(subject.before.files if subject.before else ()),
            *(subject.after.files if subject.after else ()),
            home,
        }
        others: list[Sides] = []
        for file in patch.files:
            if file.path not in covered:
                sides = compared(_module_with(reader, file.path, sources), _module_with(reader, file.path, after))
                covered.update((sides.before.files if sides.before else ()), (file.path,))
                others.append(sides)
        subject = as_called(subject, others)
        control = self._ground.catalogue.control(finding.control) if finding.control else None
        return Comparison(
            finding, match, patch, sources, control, subject, tuple(others), self._ground.parameters, self._ground.depth
        )


def _module_with(reader: Reader, path: str, sources: Sources) -> Module | None:
    """The module that a file belongs to. A variable file belongs to the code beside it, where Terraform reads it by itself."""
    if not path.endswith(VARIABLES):
        return reader.module(path, sources)
    beside = (name for name in sources if is_terraform(name) and directory_of(name) == directory_of(path))
    module = reader.module(next(beside, path), sources)
    return module if module is not None and (path in module.files or path not in sources) else None
