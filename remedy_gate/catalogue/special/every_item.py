"""In every item of a list that has a certain part, a setting of that part has a certain value.

A declaration cannot say it where a list holds items of several kinds and the default is unsafe: of the disks of a
launch template one is made here and has to be encrypted, one is part of the host and has no such setting.

- `list`: the path to the list; `within`: the part of an item that has the setting (left out: the item itself).
- `setting`, `equals`: what it has to be; `default`: what AWS takes where nothing is written; `set`: what to write, if
  not `equals`.
- `unless`: an attribute of the part that makes the setting meaningless where it is written.
- `only_if`: an attribute that has to be `having` (left out: true), or the setting does not matter.
- `owners`: a value that is wrong, but that only the owner can change: what stands at the other end is not in the code.
- `except_from`, `like`: an attribute of the item, and texts with `|` between them, one of which in it excuses the item.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from remedy_gate.catalogue.comparing import compare, plain
from remedy_gate.catalogue.control import Subject, Test
from remedy_gate.catalogue.verdict import Holds, Verdict, all_of
from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.operations import Operation, SetValue
from remedy_gate.iac.values import (
    ABSENT,
    Absent,
    Fields,
    Found,
    Items,
    Known,
    Path,
    Reference,
    Unknown,
    Value,
    path_text,
    select,
    settled,
)

from .place import path_in
from .rule import Arguments

TOUCHES: tuple[str, ...] = (
    "ebs_block_device",
    "block_device_mappings",
    "block_device_mapping",
    "BlockDeviceMappings",
    "LaunchTemplateData.BlockDeviceMappings",
    "volume",
    "Volumes",
    "MethodSettings",
    "origin",
    "DistributionConfig.Origins",
)


class Setting(NamedTuple):
    """One place where the setting stands or would, and what it says."""

    path: Path
    verdict: Verdict


def judge(subject: Subject, arguments: Arguments) -> Verdict:
    """Hold if the setting is right in each item that has it; an empty list holds."""
    verdict = all_of(setting.verdict for setting in _settings(subject, arguments))
    return verdict if verdict.reason else Verdict(verdict.holds, f"nothing in {arguments['list']} has that setting")


def repair(subject: Subject, arguments: Arguments) -> tuple[Operation, ...] | NoPatch:
    """Write it where it is wrong."""
    edits: list[Operation] = []
    for setting in _settings(subject, arguments):
        if setting.verdict.holds is Holds.UNKNOWN:
            return NoPatch(f"{setting.verdict.reason}; it has to be set where it comes from")
        if setting.verdict.holds is Holds.NO:
            if "owners" in arguments and setting.verdict.reason.endswith(f'"{arguments["owners"]}"'):
                return NoPatch(f"{setting.verdict.reason}; whether the other side can do better only its owner knows")
            edits.append(SetValue(subject.address, setting.path, arguments.get("set", arguments["equals"])))
    return tuple(edits)


def _settings(subject: Subject, arguments: Arguments) -> Iterator[Setting]:
    path = path_in(subject, str(arguments["list"]))
    for item in select(subject.module.resolved(subject.address), (*path, "*")):
        if isinstance(item.value, Unknown):
            yield Setting(item.path, _compared(item.value, item.path, arguments))
        elif not _is_excused(item.value, arguments):
            for part in _parts(item, arguments):
                place = (*part.path, str(arguments["setting"]))
                if _applies(part.value, arguments):
                    yield Setting(place, _compared(_of(part.value, str(arguments["setting"])), place, arguments))


def _compared(value: Value, path: Path, arguments: Arguments) -> Verdict:
    test = Test("equals", arguments["equals"])
    name = path_text(tuple(step for step in path if step not in ("Properties", "*")))
    if value in (ABSENT, Known(None)) and "default" in arguments:
        return compare(Known(arguments["default"]), test, name)
    return compare(value, test, name)


def _parts(item: Found, arguments: Arguments) -> Iterator[Found]:
    """The part of an item that has the setting: itself, a nested block or an object; none for items of other kinds."""
    inner: Path = (str(arguments["within"]),) if "within" in arguments else ()
    for found in select(item.value, inner, item.path):
        value = settled(found.value)
        if isinstance(value, Fields):
            yield Found(found.path, value)
        elif isinstance(value, Items):
            bodies = enumerate(value.items)
            yield from (Found((*found.path, index), body) for index, body in bodies if isinstance(body, Fields))


def _applies(part: Value, arguments: Arguments) -> bool:
    if "unless" in arguments and _is_written(_of(part, str(arguments["unless"]))):
        return False
    if "only_if" not in arguments:
        return True
    value = settled(_of(part, str(arguments["only_if"])))
    return isinstance(value, Known) and plain(value.value) == plain(arguments.get("having", True))


def _is_excused(item: Value, arguments: Arguments) -> bool:
    if "except_from" not in arguments:
        return False
    value = _of(item, str(arguments["except_from"]))
    words = [str(step) for step in value.attribute] if isinstance(value, Reference) else []
    inner = settled(value)
    words.append(str(inner.value) if isinstance(inner, Known) else getattr(inner, "reason", ""))
    text = " ".join(words).replace("_", "-").lower()
    return any(like in text for like in str(arguments["like"]).split("|"))


def _of(body: Value, name: str) -> Value:
    inner = settled(body)
    return inner.get(name) if isinstance(inner, Fields) else ABSENT


def _is_written(value: Value) -> bool:
    return not isinstance(value, Absent) and value not in (Known(None), Known(""))
