"""Read `.remedy-gate.yml`: strict, so that a misspelt rule is an error and never a rule that is silently not there."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from remedy_gate.domain.finding import Severity
from remedy_gate.domain.ledger import TrackRecord
from remedy_gate.iac.values import Scalar

from .aliases import read_aliases
from .approving import read_approvals
from .bedrock import read_bedrock
from .check_run import read_check_run
from .checking import Given, checked, nearest, refuse
from .proof import read_proof
from .rules import (
    ALWAYS,
    APPROVAL_DAYS,
    COMPANION_PATCHES,
    DEFAULT_RULES,
    Condition,
    Environment,
    LedgerChoice,
    Policy,
    RecordFile,
    Rule,
)
from .sources import read_sources, refuse_credentials
from .tables import POLICY, USUAL_REMEDIES

POLICY_FILE = ".remedy-gate.yml"
PRESETS = ("developer", "team", "enterprise")
MOST_LAYERS = 20


class Extension(NamedTuple):
    """A parsed file that a policy extends, and what it is called in messages."""

    name: str
    document: object


Extensions = Callable[[str], Extension | None]
"""From what `extends` names to the file; None where there is none."""


def no_extensions(_named: str) -> None:
    """There is nothing to extend from."""


def read_policy(document: object, name: str = POLICY_FILE, extensions: Extensions = no_extensions) -> Policy:
    """The policy that a parsed file states, with all that it extends behind it and the defaults last.

    :raises SettingsError: an unknown key, a wrong type or version, a circle of files that extend one another; the
        message names the place and the way out.
    """
    layers = _layers(Extension(name, document), extensions, ())
    if len(layers) > MOST_LAYERS:
        refuse(name, f"it extends more than {MOST_LAYERS} files")
    environments = _environments(layers)
    known = tuple(environment.name for environment in environments)
    rules = (_rule(given, name, known) for name, layer in layers for given in layer.tables("rules"))
    days = next((count for _, layer in layers if (count := layer.table("approvals").count("days")) is not None), None)
    return Policy(
        rules=(*rules, *DEFAULT_RULES),
        findings=next((layer.texts("findings") for _, layer in layers if "findings" in layer), ()),
        remedies=next((layer.texts("remedies") for _, layer in layers if "remedies" in layer), USUAL_REMEDIES),
        parameters=_parameters(layers),
        origin=name,
        environments=environments,
        levels=_levels(layers),
        inline_skips=_word(layers, "inline_skips", "count"),
        disclosure=_word(layers, "disclosure", "full"),
        pull_request_target=_word(layers, "pull_request_target", "refuse"),
        check_run=read_check_run(_first(layers, "check_run")),
        approval_days=APPROVAL_DAYS if days is None else days,
        approvals=read_approvals(layers),
        ledger=_ledger(_first(layers, "ledger")),
        bedrock=read_bedrock(_first(layers, "bedrock")),
        proof=read_proof(_first(layers, "proof")),
        sources=read_sources(layer.table("sources") for _, layer in layers),
        state=_record_files(layers, "state"),
        plan=_record_files(layers, "plan"),
        stacks=_record_files(layers, "stacks"),
        aliases=read_aliases(layer.table("aliases") for _, layer in layers),
        companion=_companion(_first(layers, "companion_pull_request")),
    )


Layers = tuple[tuple[str, Given], ...]


def _layers(file: Extension, extensions: Extensions, above: tuple[str, ...]) -> Layers:
    """The file and then everything that it extends, what is nearest to it first."""
    if file.name in above:
        refuse(above[0], f"`extends` goes in a circle: {' -> '.join((*above, file.name))}")
    refuse_credentials(file.document, file.name)
    given = checked(file.document, POLICY, file.name)
    layers = [(file.name, given)]
    for named in given.texts("extends"):
        extension = extensions(named)
        if extension is None:
            known = f"Presets: {', '.join(PRESETS)}. A file is named from the root, such as `./org.yml`."
            refuse(file.name, f"extends: there is no {named!r}", nearest(named, PRESETS, known))
        layers += _layers(extension, extensions, (*above, file.name))
    return tuple(layers)


def _first(layers: Layers, key: str) -> Given | None:
    return next((layer for _, layer in layers if key in layer), None)


def _word(layers: Layers, key: str, usual: str) -> str:
    """The word at a key of the nearest file that says one."""
    layer = _first(layers, key)
    return usual if layer is None else layer.text(key) or usual


def _rule(given: Given, file: str, environments: tuple[str, ...]) -> Rule:
    when = given.table("when")
    for name in when.texts("environment"):
        if name not in environments:
            known = f"Known: {', '.join(environments) or 'none'}."
            refuse(
                f"{when.where}: environment", f"there is no environment {name!r}", nearest(name, environments, known)
            )
    name = given.text("name") or f"rule {given.where.rpartition(' ')[2]}"
    return Rule(f"{file}: {name}", given.text("action"), _condition(when), _until(given))


def _condition(when: Given) -> Condition:
    return Condition(
        severities=tuple(map(Severity, when.texts("severity"))),
        controls=when.texts("control"),
        sources=when.texts("source"),
        paths=when.texts("path"),
        types=when.texts("type"),
        introduced=when.truth("introduced"),
        proven=when.truth("proven"),
        environments=when.texts("environment"),
        accounts=when.texts("account"),
        tags=when.table("tag").all_texts(),
        age=when.count("age"),
        due=when.count("due"),
        recurrent=when.truth("recurrence"),
        origins=when.texts("origin"),
        proofs=when.texts("proof"),
        disruptions=when.texts("disruption"),
    )


def _until(given: Given) -> TrackRecord | None:
    if given.truth("require_approval") is not None:
        return ALWAYS if given.truth("require_approval") else None
    until = given.table("require_approval")
    approved = until.count("approved")
    return None if approved is None else TrackRecord(approved, until.count("reverted") or 0)


def _companion(layer: Given | None) -> int:
    """How many patches a companion pull request may hold; 0 where there is to be none."""
    key = "companion_pull_request"
    if layer is None or layer.truth(key) is False:
        return 0
    return COMPANION_PATCHES if layer.truth(key) else layer.table(key).count("patches") or COMPANION_PATCHES


def _environments(layers: Layers) -> tuple[Environment, ...]:
    """The nearest definition of each name, in the order in which they are met."""
    found: dict[str, Environment] = {}
    for _, layer in layers:
        for name, given in layer.table("environments").entries():
            places = (given.texts("path"), given.texts("workspace"), given.texts("account"))
            found.setdefault(name, Environment(name, *places, given.table("tag").all_texts()))
    return tuple(found.values())


def _record_files(layers: Layers, key: str) -> tuple[RecordFile, ...]:
    given = _first(layers, key)
    if given is None:
        return ()
    mapped = given.table(key).all_texts()
    listed = tuple(RecordFile(path.removeprefix("./")) for path in given.texts(key))
    return listed or tuple(RecordFile(path.removeprefix("./"), _plain(homes[0])) for path, homes in mapped)


def _plain(path: str) -> str:
    """A path from the root, whichever way it is written; the root itself is the empty text."""
    return "" if path in {".", "./"} else path.removeprefix("./").rstrip("/")


def _parameters(layers: Layers) -> dict[str, Scalar]:
    parameters: dict[str, Scalar] = {}
    for _, layer in reversed(layers):
        parameters.update(layer.table("parameters").plain())
    return parameters


def _levels(layers: Layers) -> dict[str, int]:
    levels: dict[str, int] = {}
    for _, layer in reversed(layers):
        given = layer.table("service_levels")
        levels.update((severity, days) for severity in Severity if (days := given.count(severity)) is not None)
    return levels


def _ledger(layer: Given | None) -> LedgerChoice:
    if layer is None:
        return LedgerChoice()
    if layer.text("ledger"):
        return LedgerChoice(kind=layer.text("ledger"))
    given, usual = layer.table("ledger"), LedgerChoice()
    kind = given.text("kind") or ("dynamodb" if "table" in given else usual.kind)
    if kind == "dynamodb" and "table" not in given:
        refuse(given.where, "a ledger in DynamoDB needs its `table`")
    return LedgerChoice(
        kind=kind,
        table=given.text("table"),
        name=given.text("name"),
        region=given.text("region"),
        bucket=given.text("bucket"),
        prefix=given.text("prefix"),
        retention_days=given.count("retention_days") or usual.retention_days,
        mode=given.text("mode") or usual.mode,
        required=given.truth("required") is True,
    )
