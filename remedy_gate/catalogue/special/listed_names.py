"""A list of small objects has one for each of certain names: `EnabledTypes: [{Type: api}, {Type: audit}]`.

- `list`: the path to it; `key_name`: where an object has its name; `names`: the names, with `|` between them.
"""

from __future__ import annotations

from remedy_gate.catalogue.control import Subject
from remedy_gate.catalogue.verdict import Holds, Verdict
from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.operations import AddItem, Operation, Table
from remedy_gate.iac.values import Fields, Known, Path, Unknown, path_text, select, settled

from .place import path_in
from .rule import Arguments

TOUCHES: tuple[str, ...] = ("Logging.ClusterLogging.EnabledTypes",)


def judge(subject: Subject, arguments: Arguments) -> Verdict:
    """Hold if no name is missing."""
    missing, doubt = _missing(subject, arguments)
    if not missing:
        return Verdict(Holds.YES, f"{arguments['list']} has all of them")
    if doubt:
        return Verdict(Holds.UNKNOWN, doubt)
    return Verdict(Holds.NO, f"{arguments['list']} lacks {', '.join(missing)}")


def repair(subject: Subject, arguments: Arguments) -> tuple[Operation, ...] | NoPatch:
    """Add what is missing."""
    missing, doubt = _missing(subject, arguments)
    if doubt:
        return NoPatch(f"{doubt}; it has to be set where it comes from")
    key = str(arguments["key_name"])
    return tuple(AddItem(subject.address, _path(subject, arguments), Table(((key, name),))) for name in missing)


def _missing(subject: Subject, arguments: Arguments) -> tuple[tuple[str, ...], str]:
    there: set[object] = set()
    doubt = ""
    for item in select(subject.module.resolved(subject.address), (*_path(subject, arguments), "*")):
        value = settled(item.value)
        name = settled(value.get(str(arguments["key_name"]))) if isinstance(value, Fields) else value
        if isinstance(name, Known):
            there.add(name.value)
        elif isinstance(name, Unknown):
            doubt = f"{path_text(item.path)} is not known from the code: {name.reason}"
    return tuple(name for name in str(arguments["names"]).split("|") if name not in there), doubt


def _path(subject: Subject, arguments: Arguments) -> Path:
    return path_in(subject, str(arguments["list"]))
