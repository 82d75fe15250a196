"""The sentences that the terminal, the job summary and the comments share, so that they never differ."""

from __future__ import annotations

from typing import assert_never

from remedy_gate.domain.patch import Origin, OriginKind, Patch, money
from remedy_gate.domain.proof import Outcome, Proof, Status
from remedy_gate.domain.remediation import Landed, Place, Remediation, Report, Verdict

from .ordering import grouped
from .untrusted import one_line

_FILES_NAMED = 5


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 finding`, `2 findings`; a plural that is not regular is given."""
    return f"{number} {noun}" if number == 1 else f"{number} {plural or noun + 's'}"


def proof_words(proof: Proof) -> str:
    """`proven: applies parses ... | not run: rescan, disruption`; a failed check comes first, with what it said."""
    failed = [
        f"{check.name} failed ({one_line(check.detail, 200)})" for check in proof.checks if check.status is Status.FAIL
    ]
    passed = " ".join(check.name for check in proof.checks if check.status is Status.PASS)
    not_run = ", ".join(check.name for check in proof.checks if check.status is Status.NOT_RUN)
    parts = [*failed, f"passed: {passed}" if failed and passed else passed, f"not run: {not_run}" if not_run else ""]
    return f"{outcome_words(proof.outcome)}: {' | '.join(part for part in parts if part)}"


def outcome_words(outcome: Outcome) -> str:
    """The outcome as people say it: `unproven` is no more than not proven."""
    match outcome:
        case Outcome.PROVEN:
            return "proven"
        case Outcome.UNPROVEN:
            return "not proven"
        case Outcome.REFUTED:
            return "refuted"
    assert_never(outcome)


def decision_words(item: Remediation) -> str:
    """What policy does and by which rule, and whether that stops the change."""
    decision = item.decision
    blocks = ", blocks" if decision.blocks else ""
    return f'policy: {decision.action}{blocks}, by rule "{one_line(decision.rule, 200)}"'


def origin_words(origin: Origin) -> str:
    """Who made the patch: the control, the model, or somebody else."""
    name, version = one_line(origin.name, 120), one_line(origin.version, 80)
    match origin.kind:
        case OriginKind.CATALOGUE:
            return f"from the catalogue: {name}, version {version}"
        case OriginKind.BEDROCK:
            return f"from a model on Amazon Bedrock: {name}, prompt {version}"
        case OriginKind.GIVEN:
            return f"given: {name}, {version}" if version else f"given: {name}"
    assert_never(origin.kind)


def cost_words(patch: Patch | None) -> str:
    """What asking a model for the patch took, on a line; the empty text where none was asked."""
    cost = patch.cost if patch is not None else None
    if cost is None:
        return ""
    kept = f" ({cost.kept} kept from earlier runs)" if cost.kept else ""
    tokens = cost.given + cost.made + cost.read + cost.written
    return f"{counted(cost.attempts, 'attempt')}{kept}, {tokens:,} tokens, {money(cost.dollars)}"


def sources_words(item: Remediation) -> str:
    """Who says so, under which rule: `CKV_AWS_24 (checkov, security-hub)`."""
    finding = item.finding
    sources = dict.fromkeys(finding.sources or (finding.source,))
    return f"{one_line(finding.rule_id, 120)} ({', '.join(one_line(source, 60) for source in sources)})"


def recurrence_words(item: Remediation) -> str:
    """That a mistake is made again which is open elsewhere, and how often; the empty text where it is not."""
    said = one_line(item.match.recurrence, 120)
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def left_out_words(report: Report, ignored: tuple[Remediation, ...]) -> tuple[str, ...]:
    """What was read and not acted on: each reason or rule with its count."""
    counts = [(reason, count) for reason, count in report.left_out if count]
    rules: dict[str, int] = {}
    for item in ignored:
        rules[item.decision.rule] = rules.get(item.decision.rule, 0) + 1
    named = [f"{count} {one_line(reason, 160)}" for reason, count in counts]
    return (*named, *(f"{count} ignored ({one_line(rule, 160)})" for rule, count in rules.items()))


def otherwise_words() -> str:
    """How to make policy decide otherwise."""
    return "To have it decided otherwise, change the rule in `.remedy-gate.yml` on the base branch."


def landed_text(landed: Landed) -> str:
    """Where patches were put, as a line of a log."""
    patches = counted(len(landed.patches), "patch", "patches")
    if landed.place is Place.COMMIT:
        return f"{patches} committed to {one_line(landed.branch, 120)}: {one_line(landed.url, 300)}"
    return f"{patches} proposed in {landed.name}: {one_line(landed.url, 300)}"


def waive_words(item: Remediation) -> str:
    """How to accept the problem for a time, as a command to fill in."""
    from shlex import quote

    finding, resource = item.finding, item.match.resource
    what = quote(one_line(finding.control or finding.rule_id, 120))
    where = f" --resource {quote(one_line(resource.address, 160))}" if resource is not None else ""
    command = f"remedy-gate waive --control {what}{where} --reason TEXT --days 30"
    ticks = "``" if "`" in command else "`"
    return f"To accept it until a date: {ticks}{command}{ticks}, merged into the base branch."


def verdict_words(report: Report) -> str:
    """The verdict in a sentence, with the numbers that explain it."""
    groups = grouped(report)
    found = f"{counted(len(report.remediations), 'finding')}, {counted(len(groups.offered), 'patch', 'patches')}"
    found += f" ({sum(map(is_proven, groups.offered))} proven)" if groups.offered else ""
    blocking = sum(item.decision.blocks for item in report.remediations)
    match report.verdict:
        case Verdict.PASS if report.remediations:
            return f"pass: {found}; nothing blocks."
        case Verdict.PASS:
            return "pass: no open findings in what was looked at."
        case Verdict.BLOCK:
            return f"block: {found}; {blocking} {'blocks' if blocking == 1 else 'block'} this change."
        case Verdict.ERROR:
            return f"error: the job could not be done, so this is not a pass. {found}."
    assert_never(report.verdict)


def is_proven(item: Remediation) -> bool:
    """Whether there is a patch and the proof of it holds."""
    return item.patch is not None and item.proof is not None and item.proof.outcome is Outcome.PROVEN


def next_steps(report: Report) -> tuple[str, ...]:
    """What to do now, as commands where there is one."""
    groups = grouped(report)
    steps = []
    if report.applied:
        files = ", ".join(one_line(path, 120) for path in report.applied[:_FILES_NAMED])
        more = len(report.applied) - _FILES_NAMED
        files += f" and {more} more" if more > 0 else ""
        steps.append(f"Repaired: {files}. Look at them with `git diff`, then `git add` them and commit again.")
    elif any(is_proven(item) and _is_ours(item) for item in groups.offered):
        steps.append("To write the proven patches into your files: `remedy-gate check --fix`.")
    by_hand = (*groups.withheld, *groups.without_patch, *groups.in_code, *groups.unplaced)
    if report.verdict is Verdict.BLOCK and any(item.decision.blocks for item in by_hand):
        steps.append("What blocks and has no patch needs a change by hand, or another rule in `.remedy-gate.yml`.")
    if report.errors:
        steps.append("Mend the errors named above and run the same command again.")
    return tuple(steps)


def _is_ours(item: Remediation) -> bool:
    """Whether a run of `check` would make the patch again; a given one (`verify`) it would not."""
    return item.patch is not None and item.patch.origin.kind is not OriginKind.GIVEN
