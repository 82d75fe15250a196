"""`formatted`: a file that `terraform fmt` accepted before is accepted after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from remedy_gate.domain.proof import CheckName, CheckResult

from .check import Comparison, Depth, failed, not_run, passed

if TYPE_CHECKING:
    from remedy_gate.domain.patch import FilePatch

SECONDS = 20
FORMATTED = (".tf", ".tofu")
CLEAN, UNFORMATTED = 0, 3
"""What `terraform fmt -check` ends with."""


class Formatted:
    """Asks the user's own terraform or tofu, at full depth."""

    name = CheckName.FORMATTED

    def __init__(self, terraform: str | None, environment: Mapping[str, str]) -> None:
        """Ask this binary; None where there is none."""
        self._terraform, self._environment = terraform, environment

    def examine(self, comparison: Comparison) -> CheckResult:
        """Pass where no file loses its form."""
        files = [file for file in comparison.patch.files if file.path.endswith(FORMATTED)]
        if not files:
            return passed(self.name, "templates have no canonical form to lose")
        if comparison.depth is Depth.QUICK or self._terraform is None:
            why = "no terraform on PATH" if comparison.depth is Depth.FULL else "asked at full depth only"
            return not_run(self.name, f"terraform fmt: {why}")
        for file in files:
            before, after = self._is_clean(file, file.before), self._is_clean(file, file.after)
            if before is None or after is None:
                return not_run(self.name, f"terraform fmt gave no answer about {file.path}")
            if before and not after:
                return self._said(failed(self.name, f"terraform fmt accepted {file.path} and no longer does"))
        return self._said(passed(self.name, "terraform fmt has nothing to add to what it had before"))

    def _said(self, result: CheckResult) -> CheckResult:
        from .tools import terraform

        assert self._terraform is not None
        return result._replace(tools=(terraform(self._terraform, self._environment),))

    def _is_clean(self, file: FilePatch, text: bytes) -> bool | None:
        from .processes import copied, run

        assert self._terraform is not None
        name = f"code.{file.path.rpartition('.')[2]}"
        with copied({name: text}) as folder:
            ran = run((self._terraform, "fmt", "-check", "-list=false", name), folder, self._environment, SECONDS)
        return ran.status == CLEAN if ran.status in (CLEAN, UNFORMATTED) else None
