"""`rescan`: a scanner that knows the finding says that it is gone."""

from __future__ import annotations

from remedy_gate.domain.proof import CheckName, CheckResult

from .check import Comparison, not_run


class Rescan:
    """No scanner is asked yet, and this says so."""

    name = CheckName.RESCAN

    def examine(self, comparison: Comparison) -> CheckResult:
        """Not run: asking installed scanners is not built yet."""
        return not_run(self.name, f"not built yet: {comparison.finding.source} was not asked again")
