"""Tools that know more than our tables: cfn-lint in this process, `terraform validate` where it can run offline."""

from __future__ import annotations

from typing import NamedTuple

from remedy_gate.iac.file_names import TERRAFORM_CODE, directory_of

from .check import Comparison
from .linted import NotLinted, errors
from .tools import installed
from .validated import Validating

LONGEST = 240


class Found(NamedTuple):
    """The first new error in words, empty where there is none; what was asked, or why it was not; which tools were."""

    error: str = ""
    notes: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()


class Validators:
    """What is there to ask."""

    def __init__(self, validating: Validating) -> None:
        """Ask what is installed."""
        self._validating = validating

    def new_error(self, comparison: Comparison) -> Found:
        """The first error that the patch brings; errors that were there do not count."""
        notes: list[str] = []
        tools: list[str] = []
        folders: set[str] = set()
        for file in comparison.patch.files:
            if file.path.endswith(TERRAFORM_CODE):
                folders.add(directory_of(file.path))
                continue
            found = _linted(file.path, file.before, file.after)
            tools += found.tools
            if found.error:
                return found
            notes += found.notes
        for folder in sorted(folders):
            found = self._validated(folder, comparison)
            tools += found.tools
            if found.error:
                return found
            notes += found.notes
        return Found("", tuple(dict.fromkeys(notes)), tuple(dict.fromkeys(tools)))

    def _validated(self, folder: str, comparison: Comparison) -> Found:
        before = self._validating.validate(folder, comparison.sources)
        after = self._validating.validate(folder, comparison.sources_after) if not before.why_not else before
        if after.why_not:
            return Found("", (f"terraform validate was not asked: {after.why_not}",))
        fresh = after.errors - before.errors
        tools = (self._validating.tool,)
        if fresh:
            return Found(f"terraform validate: {next(iter(fresh))}"[:LONGEST], (), tools)
        return Found("", ("terraform validate finds nothing new",), tools)


def _linted(path: str, before: bytes, after: bytes) -> Found:
    try:
        fresh = errors(after) - errors(before)
    except NotLinted as error:
        return Found("", (str(error),))
    except UnicodeDecodeError:
        return Found("", (f"{path} is not UTF-8, so cfn-lint was not asked",))
    tools = (installed("cfn-lint"),)
    if fresh:
        rule, message = next(iter(fresh))
        return Found(f"cfn-lint {rule}: {message}"[:LONGEST], (), tools)
    return Found("", ("cfn-lint finds nothing new",), tools)
