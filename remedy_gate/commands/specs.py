"""Which files a SPEC means."""

from __future__ import annotations

import os.path
from glob import glob, has_magic

from remedy_gate.errors import UsageError
from remedy_gate.findings.exports import STANDARD_INPUT, ExportFindings

DEFAULT_FOLDER = os.path.join(".remedy-gate", "findings")


def export_sources(specs: tuple[str, ...], root: str, *, named: bool = False) -> tuple[ExportFindings, ...]:
    """A source for every file that the specs mean; without specs, for every file of `.remedy-gate/findings`.

    :raises UsageError: a named spec means no file at all, which is never taken for "no findings".
    """
    if not named:
        return tuple(map(ExportFindings, _files_in(os.path.join(root, DEFAULT_FOLDER))))
    return tuple(ExportFindings(path) for spec in specs for path in paths_of(spec))


def paths_of(spec: str) -> tuple[str, ...]:
    """The files that one spec means: itself, the files of a folder, or what a glob finds."""
    if spec == STANDARD_INPUT or os.path.isfile(spec):
        return (spec,)
    found = _files_in(spec) if os.path.isdir(spec) else tuple(sorted(filter(os.path.isfile, _expanded(spec))))
    if not found:
        raise UsageError(
            f"{spec}: there is no such file, and no source of that name.",
            "A SPEC is a path, a glob, `-` for standard input, or `catalogue`.",
        )
    return found


def _expanded(spec: str) -> list[str]:
    return glob(spec, recursive=True) if has_magic(spec) else []


def _files_in(folder: str) -> tuple[str, ...]:
    if not os.path.isdir(folder):
        return ()
    return tuple(sorted(filter(os.path.isfile, glob(os.path.join(folder, "*")))))
