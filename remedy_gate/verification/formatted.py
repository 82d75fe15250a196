"""`formatted`: a file that `terraform fmt` accepted before is accepted after."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from remedy_gate.domain.proof import CheckName, CheckResult

from .check import Comparison, Depth, failed, not_run, passed

if TYPE_CHECKING:
    from remedy_gate.domain.patch import FilePatch

SECONDS = 20


class Formatted:
    """Asks the user's own terraform or tofu, at full depth."""

    name = CheckName.FORMATTED

    def __init__(self, terraform: str | None) -> None:
        """Ask this binary; None where there is none."""
        self._terraform = terraform

    def examine(self, comparison: Comparison) -> CheckResult:
        """Pass where no file loses its form."""
        files = [file for file in comparison.patch.files if file.path.endswith((".tf", ".tofu"))]
        if not files:
            return passed(self.name, "templates have no canonical form to lose")
        if comparison.depth is Depth.QUICK or self._terraform is None:
            why = "no terraform on PATH" if comparison.depth is Depth.FULL else "asked at full depth only"
            return not_run(self.name, f"terraform fmt: {why}")
        for file in files:
            if problem := self._problem(file, self._terraform):
                return failed(self.name, problem)
        return passed(self.name, "terraform fmt has nothing to add to what it had before")

    @staticmethod
    def _problem(file: FilePatch, terraform: str) -> str:
        if _formatted(terraform, file.before) == file.before and _formatted(terraform, file.after) != file.after:
            return f"terraform fmt accepted {file.path} and no longer does"
        return ""


def _formatted(terraform: str, text: bytes) -> bytes | None:
    try:
        done = subprocess.run([terraform, "fmt", "-"], input=text, capture_output=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
