"""Ask scanners what they say of copies of the code, each text once."""

from __future__ import annotations

import os.path
from collections.abc import Mapping
from typing import NamedTuple

from remedy_gate.domain.seams import Sources

from .digests import digest_of
from .processes import copied, run
from .scanners import KNOWN
from .scanners.scanner import FOLDER, OUTPUT, Scan, Scanner

SECONDS = 180
MOST_KEPT = 16


class Asked(NamedTuple):
    """What a scanner said; None where it did not, with why. With a scan, `why` is a remark on how it was made."""

    scan: Scan | None
    why: str = ""


class Asking:
    """The scanners of a run: those that the policy names, else those on PATH that report findings themselves."""

    def __init__(self, environment: Mapping[str, str], named: tuple[Scanner, ...] | None = None) -> None:
        """`named` is None where the policy says nothing; then a scanner is asked about its own findings only."""
        self._environment, self._named = environment, named
        self._said: dict[tuple[str, str], Asked] = {}

    def scanners_for(self, source: str) -> tuple[Scanner, ...]:
        """The scanners that may be asked about a finding of this source."""
        from shutil import which

        wanted = self._named if self._named is not None else tuple(one for one in KNOWN if one.name == source)
        return tuple(scanner for scanner in wanted if which(scanner.program, path=self._environment.get("PATH", "")))

    def ask(self, scanner: Scanner, sources: Sources) -> Asked:
        """What the scanner says of these files."""
        key = (scanner.name, digest_of(sources))
        found = self._said.get(key)
        if found is None:
            found = self._said[key] = self._scan(scanner, sources)
            if len(self._said) > MOST_KEPT:
                del self._said[next(iter(self._said))]
        return found

    def _scan(self, scanner: Scanner, sources: Sources) -> Asked:
        from shutil import which

        program = which(scanner.program, path=self._environment.get("PATH", "")) or scanner.program
        with copied({}) as results, copied(sources) as folder:
            places = {FOLDER: folder, OUTPUT: results}
            argv = (program, *(_filled(argument, places) for argument in scanner.arguments))
            ran = run(argv, folder, self._environment, SECONDS)
            if ran.status is None:
                return Asked(None, ran.why)
            written = _written(results)
            scan = scanner.read(written if written is not None else ran.output)
        if scan is None:
            return Asked(
                None, f"{scanner.name} gave no answer that can be read (status {ran.status}) {ran.why}".rstrip()
            )
        return Asked(scan, "" if ran.offline else " (it was not cut off from the network)")


def _filled(argument: str, places: Mapping[str, str]) -> str:
    for mark, value in places.items():
        argument = argument.replace(mark, value)
    return argument


def _written(folder: str) -> bytes | None:
    """What the scanner wrote to the file or folder that it was given, if anything."""
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            with open(path, "rb") as file:
                return file.read()
    return None
