"""`rescan`: a scanner that knows the finding says that it is gone, and nothing new stands where something stood."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from remedy_gate.domain.proof import CheckName, CheckResult
from remedy_gate.domain.seams import Sources

from .check import Comparison, Depth, failed, not_run, passed
from .consequences import affected

if TYPE_CHECKING:
    from .asking import Asked, Asking
    from .scanners.scanner import Scan, Scanner

MOST_NAMED = 3


class Key(NamedTuple):
    """A rule and the address that it speaks of."""

    rule: str
    address: str


class Rescan:
    """Full scans of copies before and after, at full depth."""

    name = CheckName.RESCAN

    def __init__(self, asking: Asking | None) -> None:
        """Ask these scanners; None at quick depth, where nobody is asked."""
        self._asking = asking

    def examine(self, comparison: Comparison) -> CheckResult:
        """Pass where a scanner that reported it passes it now. A scanner that crashes or does not know it says nothing."""
        if comparison.depth is Depth.QUICK or self._asking is None:
            return not_run(self.name, "scanners are asked at full depth only")
        return self._by_scanners(comparison, self._asking)

    def _by_scanners(self, comparison: Comparison, asking: Asking) -> CheckResult:
        notes: list[str] = []
        said: list[str] = []
        tools: tuple[str, ...] = ()
        for scanner in asking.scanners_for(comparison.finding.source):
            rules = _rules(comparison, scanner)
            if not rules:
                notes.append(f"{scanner.name} has no rule for this")
                continue
            result = self._ask(comparison, asking, scanner, rules)
            tools += result.tools
            if result.status == "fail":
                return result._replace(tools=tools)
            (said if result.status == "pass" else notes).append(result.detail)
        if said:
            return passed(self.name, "; ".join((*said, *notes)))._replace(tools=tools)
        why = "; ".join(notes) or f"no scanner that knows {comparison.finding.source} is installed"
        return not_run(self.name, why)._replace(tools=tools)

    def _ask(self, comparison: Comparison, asking: Asking, scanner: Scanner, rules: frozenset[str]) -> CheckResult:
        from .tools import named

        files = _files(comparison)
        before = asking.ask(scanner, files)
        after = asking.ask(scanner, {path: comparison.sources_after[path] for path in _after(files, comparison)})
        for asked in (before, after):
            if asked.scan is None:
                return not_run(self.name, asked.why)
        assert before.scan is not None
        assert after.scan is not None
        found = self._compared(comparison, scanner, rules, (before.scan, after))
        return found._replace(tools=(named(scanner.name, after.scan.version),))

    def _compared(
        self, comparison: Comparison, scanner: Scanner, rules: frozenset[str], scans: tuple[Scan, Asked]
    ) -> CheckResult:
        before, asked = scans
        after = asked.scan
        assert after is not None
        near = affected(comparison.subject) | comparison.subject.touched | {comparison.address}
        old, new = _keys(before, comparison, after=False), _keys(after, comparison, after=True)
        targets = {key for key in old["failed"] if key.rule.lower() in rules and key.address in near}
        fresh = sorted(
            key
            for key in (new["failed"] - old["failed"]) | (new["skipped"] - old["skipped"])
            if key.address in _old_addresses(comparison)
        )
        if fresh:
            listed = ", ".join(f"{key.rule} on {key.address}" for key in fresh[:MOST_NAMED])
            return failed(self.name, f"{scanner.name} reports what it did not before: {listed}")
        if not targets:
            return not_run(
                self.name, f"{scanner.name} did not report it before the patch, so it cannot say that it is gone"
            )
        if still := sorted(targets & new["failed"]):
            own = comparison.finding.source == scanner.name and still[0].rule == comparison.finding.rule_id
            said = failed if own else not_run
            return said(self.name, f"{scanner.name} still reports {still[0].rule} on {still[0].address}")
        if after.passed is not None and (silent := sorted(targets - new["passed"])):
            return not_run(self.name, f"{scanner.name} no longer speaks of {silent[0].rule} on {silent[0].address}")
        rule = min(targets)
        how = "passes" if after.passed is not None else "no longer reports"
        return passed(
            self.name, f"{scanner.name} {how} {rule.rule} on {rule.address}, and reports nothing new{asked.why}"
        )


def _rules(comparison: Comparison, scanner: Scanner) -> frozenset[str]:
    """The scanner's ids for what was found: the finding's own, and those by which the control knows it."""
    own = {comparison.finding.rule_id} if comparison.finding.source == scanner.name else set()
    aliases = comparison.control.aliases if comparison.control is not None else ()
    named = {alias.partition(":")[2] for alias in aliases if alias.partition(":")[0] == scanner.name}
    return frozenset(rule.lower() for rule in (*own, *named))


def _files(comparison: Comparison) -> Sources:
    """The files of the modules that the patch is about; others cannot change what a scanner says of them."""
    modules = [sides.before for sides in (comparison.subject, *comparison.others) if sides.before is not None]
    return {path: text for module in modules for path, text in module.files.items()}


def _after(files: Sources, comparison: Comparison) -> list[str]:
    return [*files, *(file.path for file in comparison.patch.files if file.path not in files)]


def _keys(scan: Scan, comparison: Comparison, *, after: bool) -> dict[str, set[Key]]:
    lists = {"failed": scan.failed, "passed": scan.passed or (), "skipped": scan.skipped}
    return {
        name: {Key(said.rule, _address(said.address, said.path, said.line, comparison, after=after)) for said in found}
        for name, found in lists.items()
    }


def _address(named: str, path: str, line: int, comparison: Comparison, *, after: bool) -> str:
    """The address of the block that a result speaks of: the one it names, else the one at its line."""
    for sides in (comparison.subject, *comparison.others):
        module = sides.after if after else sides.before
        if module is None:
            continue
        bare = named.partition("[")[0]
        for candidate in (named, bare, named.rpartition(".")[2], ".".join(bare.rsplit(".", 2)[-2:])):
            if candidate in module.blocks:
                return candidate
        for address, block in module.blocks.items():
            if line and block.path == path and block.lines.first <= line <= block.lines.last:
                return address
    return named or f"{path}:{line}"


def _old_addresses(comparison: Comparison) -> set[str]:
    modules = [sides.before for sides in (comparison.subject, *comparison.others) if sides.before is not None]
    return {address for module in modules for address in module.blocks}
