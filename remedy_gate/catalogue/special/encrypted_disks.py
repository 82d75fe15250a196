"""Every disk that a list of block devices makes is encrypted.

A declaration cannot say it, as devices of several kinds stand in one list: one from a snapshot is encrypted as its
snapshot is and refuses to be told, and one that is left out or is part of the host has no setting.
"""

from __future__ import annotations

from collections.abc import Iterator

from remedy_gate.catalogue.comparing import compare
from remedy_gate.catalogue.control import Subject, Test
from remedy_gate.catalogue.verdict import Holds, Verdict, all_of
from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.operations import Operation, SetValue
from remedy_gate.iac.values import Absent, Fields, Found, Items, Known, Path, Unknown, Value, path_text, select, settled

from .rule import Arguments

TOUCHES = ("ebs_block_device", "block_device_mappings", "BlockDeviceMappings", "LaunchTemplateData.BlockDeviceMappings")
IS_TRUE = Test("equals", True)


def judge(subject: Subject, arguments: Arguments) -> Verdict:
    """Hold if each disk of the list that can say so is encrypted; a list without any holds."""
    return all_of(verdict for _, verdict in _disks(subject, arguments))


def repair(subject: Subject, arguments: Arguments) -> tuple[Operation, ...] | NoPatch:
    """Encrypt each disk that is not."""
    edits: list[Operation] = []
    for path, verdict in _disks(subject, arguments):
        if verdict.holds is Holds.UNKNOWN:
            return NoPatch(f"{verdict.reason}; it has to be set where it comes from")
        if verdict.holds is Holds.NO:
            edits.append(SetValue(subject.address, path, True))
    return tuple(edits)


def _disks(subject: Subject, arguments: Arguments) -> Iterator[tuple[Path, Verdict]]:
    """The path to the setting of each disk, and what it says."""
    terraform = subject.module.language == "terraform"
    steps = tuple(str(arguments["list"]).split("."))
    path: Path = steps if terraform else ("Properties", *steps)
    inner, setting, snapshot = ("ebs", "encrypted", "snapshot_id") if terraform else ("Ebs", "Encrypted", "SnapshotId")
    for found in select(subject.module.resolved(subject.address), (*path, "*")):
        if isinstance(settled(found.value), Unknown):
            yield found.path, compare(found.value, IS_TRUE, _name(found.path))
            continue
        for where, disk in _bodies(found, () if steps[-1] == "ebs_block_device" else (inner,)):
            if not _is_written(disk.get(snapshot)):
                place = (*where, setting)
                yield place, compare(disk.get(setting), IS_TRUE, _name(place))


def _bodies(device: Found, inner: Path) -> Iterator[tuple[Path, Fields]]:
    """The body in which a device says whether it is encrypted: itself, or one nested block; none for other kinds."""
    for found in select(device.value, inner, device.path):
        value = settled(found.value)
        if isinstance(value, Fields):
            yield found.path, value
        elif isinstance(value, Items):
            yield from (
                ((*found.path, index), body) for index, body in enumerate(value.items) if isinstance(body, Fields)
            )


def _name(path: Path) -> str:
    return path_text(tuple(step for step in path if step not in ("Properties", "*")))


def _is_written(value: Value) -> bool:
    return not isinstance(value, Absent) and value not in (Known(None), Known(""))
