"""Put the parts of a run together: which sources, which remedies, which checks."""

from __future__ import annotations

import argparse
from typing import NamedTuple

from remedy_gate.catalogue.control import Control
from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.changes.writing import WorkingTreeWriter
from remedy_gate.domain.seams import ChangeSource, FindingSource, Prover, Remedy, Tree
from remedy_gate.domain.source import ChangeSet, Problem
from remedy_gate.errors import UsageError
from remedy_gate.findings.catalogue import CatalogueFindings
from remedy_gate.gate import Parts
from remedy_gate.iac.file_names import MAYBE_CODE, TEMPLATE, TERRAFORM_CODE
from remedy_gate.iac.lazily import LazyLanguage
from remedy_gate.iac.module import IacLanguage
from remedy_gate.iac.reading import Reader
from remedy_gate.iac.schema import Schemas
from remedy_gate.iac.schemas import load
from remedy_gate.matching.arguments import CallersArguments
from remedy_gate.matching.around import Around, Listed, Search
from remedy_gate.matching.calls import Calls
from remedy_gate.matching.index import Bearings
from remedy_gate.matching.introduced import Before
from remedy_gate.matching.records import NO_RECORDS, Records
from remedy_gate.matching.touched import Touched
from remedy_gate.policy.facts import Circumstances
from remedy_gate.policy.rules import DEFAULT_POLICY, Policy
from remedy_gate.remedies.catalogue import CatalogueRemedy
from remedy_gate.settings import (
    Settings,
    choose_policy,
    run_facts,
)
from remedy_gate.verification.check import Depth
from remedy_gate.verification.prover import FullProver, Ground

from .clock import today
from .events import judge
from .governing import altered_findings, own_controls, waivers_of_run
from .proofs import RememberingProver
from .recording import recall
from .specs import Place, default_sources, sources_of

REMEDIES = ("catalogue", "bedrock")


class Tools(NamedTuple):
    """What reading, proposing and proving all stand on."""

    schemas: Schemas
    reader: Reader
    catalogue: Catalogue
    callers: CallersArguments

    def around(self, tree: Tree, search: Search) -> Around:
        """The code around what is read; from now on, variables of local modules have what their callers give them."""
        around = Around(tree, self.reader, search)
        self.callers.look_into(lambda: Calls(self.reader.modules_read(), around))
        return around


class Home(NamedTuple):
    """Where a run is at home: the repository's root, and the surroundings.

    `asks`: scanners that are on PATH are asked about their own findings although no policy names them.
    """

    root: str
    settings: Settings
    asks: bool = False


def tools(own: tuple[Control, ...] = (), policy: Policy = DEFAULT_POLICY) -> Tools:
    """The tables, the languages and the catalogue, none of them read yet. `own` are the organisation's controls.

    :raises SettingsError: the policy takes a rule for a control that there is not.
    """
    schemas, callers = load(), CallersArguments()

    def terraform() -> IacLanguage:
        from remedy_gate.iac.terraform import Terraform

        return Terraform(schemas, callers)

    def cloudformation() -> IacLanguage:
        from remedy_gate.iac.cloudformation import CloudFormation

        return CloudFormation(schemas)

    languages = (
        LazyLanguage("terraform", TERRAFORM_CODE, terraform),
        LazyLanguage("cloudformation", TEMPLATE, cloudformation),
    )
    reader = Reader(languages)
    callers.look_into(lambda: Calls(reader.modules_read(), None))
    return Tools(schemas, reader, _catalogue(own, policy), callers)


def _catalogue(own: tuple[Control, ...], policy: Policy) -> Catalogue:
    catalogue = Catalogue(own, policy.aliases)
    if policy.aliases:
        from remedy_gate.policy.aliases import refuse_unknown

        refuse_unknown(policy, catalogue)
    return catalogue


def assemble(
    arguments: argparse.Namespace, settings: Settings, source: ChangeSource, changes: ChangeSet, root: str
) -> Parts:
    """The parts of a `check`."""
    base = judge(arguments, settings, source, root)
    chosen = choose_policy(arguments.policy, source.head, base, in_ci=settings.in_ci)
    waived = waivers_of_run(settings, source.head, base, root)
    policy, touched = chosen.policy, Touched(changes.changes)
    kit = tools(own_controls(settings, source.head, base, root), policy)
    past, trouble = recall(policy, root, settings)
    altered = altered_findings(arguments.findings or policy.findings, settings, root)
    notes = (*chosen.notes, *waived.notes, *altered, *((Problem("the ledger", trouble),) if trouble else ()))
    depth, home = Depth(arguments.proof or ("full" if settings.in_ci else "quick")), Home(root, settings)
    before = Before(source.base, kit.reader, touched)
    proves = RememberingProver(prover(kit, policy, depth, home, source.head))
    own = CatalogueFindings(kit.catalogue, kit.reader, touched, policy.parameters)
    place = _place(arguments, policy, home)
    return Parts(
        changes=changes._replace(skipped=(*notes, *changes.skipped)),
        head=source.head,
        before=before,
        touched=touched,
        reader=kit.reader,
        catalogue=kit.catalogue,
        findings=_findings(arguments.findings, policy, own, place),
        remedies=_remedies(arguments, policy, kit, proves, home),
        prover=proves,
        policy=policy,
        writer=WorkingTreeWriter(root) if arguments.fix else None,
        waivers=waived.waivers,
        circumstances=Circumstances(today(), run_facts(settings).workspace),
        past=past,
        whole=arguments.all,
        bearings=Bearings.of(
            changes,
            before.module if source.base is not None else None,
            kit.around(source.head, _search(arguments, settings, changes, root)),
            _records(policy, place),
        ),
    )


def _place(arguments: argparse.Namespace, policy: Policy, home: Home) -> Place:
    """What names of sources mean. A hook reads caches alone, unless it is asked for what is new."""
    fresh = getattr(arguments, "fresh", False)
    return Place(home.root, home.settings, policy.sources, only_cache=arguments.staged and not fresh, fresh=fresh)


def _search(arguments: argparse.Namespace, settings: Settings, changes: ChangeSet, root: str) -> Search:
    """What finds files around the change; where every file is taken as changed, there are no others."""
    if arguments.all:
        return Listed(tuple(change.path for change in changes.changes))
    from remedy_gate.changes.searching import GitSearch

    by_index = arguments.staged or not (arguments.base or (settings.in_ci and settings.base_ref))
    return GitSearch(root, settings.environment, MAYBE_CODE, TERRAFORM_CODE, staged=by_index)


def _records(policy: Policy, place: Place) -> Records:
    """What the policy's state, plan and stack files record, and what AWS is asked for."""
    if not (policy.state or policy.plan or policy.stacks):
        return NO_RECORDS
    from .records import read_records

    return read_records(policy, place.root, place.remote)


def prover(kit: Tools, policy: Policy, depth: Depth, home: Home | None = None, tree: Tree | None = None) -> FullProver:
    """The proof at this depth. Only the full depth asks the tools that the user has installed or the policy names."""
    ground = Ground(kit.reader, kit.catalogue, kit.schemas, policy.parameters, depth)
    if depth is Depth.FULL:
        from .asked_tools import with_tools

        ground = with_tools(ground, policy, home, tree)
    return FullProver(ground)


def _findings(
    specs: list[str] | None, policy: Policy, own: CatalogueFindings, place: Place
) -> tuple[FindingSource, ...]:
    """The named sources, else the policy's, else what lies in `.remedy-gate/findings` and the catalogue's own."""
    live = (*(options.name for options in policy.sources), own.name) if policy.sources else ()
    wanted = tuple(specs or policy.findings or live)
    if not wanted:
        return (*default_sources(place.root), own)
    sources = sources_of((spec for spec in wanted if spec != own.name), place)
    return (*sources, own) if own.name in wanted else sources


def _remedies(
    arguments: argparse.Namespace, policy: Policy, kit: Tools, proves: Prover, home: Home
) -> tuple[Remedy, ...]:
    named = arguments.remedies
    names = tuple(dict.fromkeys(named.split(","))) if named is not None else policy.remedies
    for name in names:
        if name not in REMEDIES:
            raise UsageError(f"there is no remedy {name!r}.", f"Known: {', '.join(REMEDIES)}.")
    remedies: list[Remedy] = []
    for name in names:
        if name == "catalogue":
            remedies.append(CatalogueRemedy(kit.catalogue, kit.reader, policy.parameters))
        else:
            remedies += _models(arguments, policy, kit, proves, home)
    return tuple(remedies)


def _models(
    arguments: argparse.Namespace, policy: Policy, kit: Tools, proves: Prover, home: Home
) -> tuple[Remedy, ...]:
    """The remedy that asks a model, where one may be asked: a hook never does, unless it is told to by name."""
    from .models import may_ask, model_remedy

    if not may_ask(arguments):
        return ()
    from remedy_gate.remedies.bedrock_case import Bench

    from .surroundings import surroundings

    around = surroundings(policy, home.root, home.settings)
    bench = Bench(kit.reader, kit.catalogue, kit.schemas, policy.parameters, proves, around)
    return (model_remedy(bench, policy.bedrock, home.root, home.settings),)
