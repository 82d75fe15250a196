"""Read the state, plan and stack files that the policy names. They lie on disk and are never committed, as a rule."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from glob import glob, has_magic
from typing import TYPE_CHECKING

from remedy_gate.domain.source import Problem
from remedy_gate.errors import CodeError
from remedy_gate.matching.plan import read_plan
from remedy_gate.matching.records import NO_RECORDS, Origin, Record, Recorded, Records
from remedy_gate.matching.stacks import read_stack
from remedy_gate.matching.state import read_state
from remedy_gate.policy.rules import Policy, RecordFile

if TYPE_CHECKING:
    from .remote_records import Remote

MOST_BYTES = 64 << 20
MOST_FILES = 1_000
_READERS: Mapping[str, Callable[[object], tuple[Recorded, ...]]] = {
    "state": read_state,
    "plan": read_plan,
    "stack": read_stack,
}


def read_records(policy: Policy, root: str, remote: Callable[[], Remote] | None = None) -> Records:
    """Everything that the named files record. A file that cannot be used is named among the records' problems.

    `remote` makes what asks AWS, where the policy names something that is there.
    """
    if not (policy.state or policy.plan or policy.stacks):
        return NO_RECORDS
    records: list[Record] = []
    problems: list[Problem] = []
    asked: list[Remote] = []
    for kind, named in (("state", policy.state), ("plan", policy.plan), ("stack", policy.stacks)):
        for path, home in _files(named, root, problems):
            try:
                origin = Origin(kind, path, home if home is not None else home_of(kind, path))
                if is_remote(path):
                    asked = asked or [_made(remote)]
                    found, said = asked[0].records(kind, path)
                    problems += [Problem(path, said)] if said else []
                else:
                    found = _READERS[kind](_document(os.path.join(root, path)))
                records.extend(Record(origin, one) for one in found)
            except CodeError as error:
                problems.append(Problem(path, str(error)))
    return Records(records, tuple(problems))


def is_remote(path: str) -> bool:
    """Whether it is an address that AWS is asked for, and no file."""
    return path.startswith(("s3://", "cloudformation://"))


def _made(remote: Callable[[], Remote] | None) -> Remote:
    if remote is None:
        raise CodeError("AWS is not asked here.")
    return remote()


def _files(named: tuple[RecordFile, ...], root: str, problems: list[Problem]) -> Iterator[tuple[str, str | None]]:
    for file in named:
        found = [file.path]
        if has_magic(file.path) and not is_remote(file.path):
            found = sorted(glob(file.path, root_dir=root, recursive=True))[:MOST_FILES]
            if not found:
                problems.append(Problem(file.path, "no file is called like that"))
        for path in found:
            yield path if is_remote(path) else path.replace(os.sep, "/"), file.home


def home_of(kind: str, path: str) -> str | None:
    """The root module that a state or plan lies in; None for a stack, and for what is outside of the repository."""
    if kind == "stack" or os.path.isabs(path) or ".." in path.split("/") or is_remote(path):
        return None
    steps = [step for step in path.split("/")[:-1] if step != "."]
    for folder in (".terraform", "terraform.tfstate.d"):  # where Terraform keeps the states of workspaces
        if folder in steps:
            steps = steps[: steps.index(folder)]
    return "/".join(steps)


def _document(path: str) -> object:
    """The parsed file. Its contents are never told: a state holds secrets."""
    import json

    if not os.path.isfile(path):
        raise CodeError("There is no such file.")
    try:
        with open(path, "rb") as file:
            text = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise CodeError(f"It cannot be read: {error.strerror or 'no reason is given'}.") from error
    if len(text) > MOST_BYTES:
        raise CodeError(f"It is larger than {MOST_BYTES >> 20} MB.")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise CodeError("It is not JSON.") from None  # the error carries the text along
