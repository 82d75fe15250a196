"""The report as GitHub-flavoured Markdown: for a job summary, and for the body of a review. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from remedy_gate.domain.patch import NoPatch
from remedy_gate.domain.remediation import Landed, Place, Remediation, Report
from remedy_gate.domain.source import Problem

from .comment import folded, proof_heading, proof_table
from .excerpt import excerpt
from .markdown_text import code, code_in_table, diff_fence, link, markup, prose
from .ordering import Groups, address, grouped, place
from .placement import InSummary, Placement
from .untrusted import log_line
from .wording import (
    cost_words,
    counted,
    left_out_words,
    otherwise_words,
    outcome_words,
    recurrence_words,
    verdict_words,
)

JOB_SUMMARY = 1_000_000  # bytes; GitHub drops a summary of more than 1 MiB whole
COMMENT = 65_000  # bytes; GitHub's limit is 65,536 characters, of which each is a byte or more
MOST_NAMED = 50
MOST_ROWS = 1000
MOST_DETAILED = 500  # more would not fit the largest budget
_ROOM = 300  # bytes kept for the last words


def render(report: Report, *, budget: int = JOB_SUMMARY) -> str:
    """The whole report in at most `budget` bytes of UTF-8. What does not fit is left off, and that is said."""
    groups = grouped(report)
    details = (detail(report, item) for item in groups.in_full[:MOST_DETAILED])
    text = within((*_head(report, groups), *details, *_tail(report, groups)), budget)
    return "\n".join(map(log_line, text.split("\n")))


def review_body(report: Report, placed: tuple[Placement, ...], *, budget: int = COMMENT) -> str:
    """The body of a review: everything in the table, and in full what is told in no comment of its own."""
    groups = grouped(report)
    shown_here = {id(one.item): one.reason for one in placed if isinstance(one, InSummary)}
    told_here = [item for item in groups.in_full if id(item) in shown_here][:MOST_DETAILED]
    details = (detail(report, item, shown_here[id(item)]) for item in told_here)
    return within((*_head(report, groups), *details, *_tail(report, groups)), budget)


def _head(report: Report, groups: Groups) -> Iterator[str]:
    yield f"## Remedy Gate: {report.verdict}\n\n{verdict_words(report)}\n"
    yield from _problems("Errors", report.errors)
    items = groups.in_full
    if items:
        yield "\n| severity | finding | where | patch | policy |\n|---|---|---|---|---|\n"
        yield from (_row(report, item) for item in items[:MOST_ROWS])
        if len(items) > MOST_ROWS:
            yield f"\n{len(items) - MOST_ROWS} more are in the report as JSON.\n"
        yield f"\n{otherwise_words()}\n"
    yield from (f"\n{landed_words(one)}\n" for one in report.landed)


def landed_words(landed: Landed) -> str:
    """Where patches were put, as a sentence with a link."""
    patches = counted(len(landed.patches), "patch", "patches")
    if landed.place is Place.COMMIT:
        return f"{patches} committed to {code(landed.branch, 120)}: {link(landed.name[:10], landed.url)}."
    return f"{patches} proposed in another pull request: {link(landed.name, landed.url)}."


def _row(report: Report, item: Remediation) -> str:
    finding, decision = item.finding, item.decision
    path, first, _ = place(item)
    where = code_in_table(f"{path}:{first}" if first else path, 160)
    about = code_in_table(address(item), 120)
    title = prose(finding.title, 200) or code_in_table(finding.rule_id, 100)
    patch = "none"
    if item.patch is not None:
        patch = outcome_words(item.proof.outcome) if item.proof is not None else "not proven"
    landed = report.landing(item)
    if landed is not None:
        patch += (
            f", committed in `{landed.name[:10]}`" if landed.place is Place.COMMIT else f", in {prose(landed.name)}"
        )
    policy = f"{decision.action}{', **blocks**' if decision.blocks else ''}: {prose(decision.rule, 120)}"
    return f"| {finding.severity} | {title} | {about} {where} | {patch} | {policy} |\n"


def detail(report: Report, item: Remediation, reason: str = "") -> str:
    """One remediation, folded: who says so, the patch as a diff, why it is no suggestion, and the proof."""
    finding, landed = item.finding, report.landing(item)
    heading = f"{finding.severity}: {markup(finding.title, 200)} · {markup(address(item), 120)}"
    sources = ", ".join(prose(source, 60) for source in dict.fromkeys(finding.sources or (finding.source,)))
    parts = [f"Reported by {sources} as {code(finding.rule_id, 120)}.", prose(recurrence_words(item), 160)]
    match item.remedy:
        case NoPatch(reason=why):
            parts.append(f"There is no patch: {prose(why, 600)}")
        case patch:
            offered = item.decision.action in ("suggest", "apply")
            parts.append(prose(patch.rationale, 600))
            parts.append(diff_fence(excerpt(patch)) if offered else "A patch was made and is withheld.")
            parts.append(f"Not a suggestion, as {prose(reason, 400)}." if reason and landed is None else "")
            origin = patch.origin
            cost = cost_words(patch)
            made_by = f"{origin.kind}: {code(origin.name, 120)}, version {code(origin.version, 80)}"
            parts.append(f"Patch from {made_by}{cost and '; '}{cost}.")
    if item.proof is not None:
        parts += [f"{proof_heading(item.proof)}.", proof_table(item.proof)]
    return "\n" + folded(heading, "\n\n".join(part for part in parts if part)) + "\n"


def _tail(report: Report, groups: Groups) -> Iterator[str]:
    yield from _named("right in the code already; a deployment is pending or has drifted", groups.in_code)
    yield from _named("not tied to a block of this code, so without a patch", groups.unplaced)
    left_out = left_out_words(report, groups.ignored)
    if left_out:
        yield f"\nLeft out: {prose('; '.join(left_out))}.\n"
    yield from _problems("Notes", report.notes)


def _named(words: str, items: tuple[Remediation, ...]) -> Iterator[str]:
    if items:
        lines = [_line(item) for item in items[:MOST_NAMED]]
        if len(items) > MOST_NAMED:
            lines.append(f"- and {len(items) - MOST_NAMED} more")
        yield "\n" + folded(f"{counted(len(items), 'finding')} {words}", "\n".join(lines)) + "\n"


def _line(item: Remediation) -> str:
    about = address(item)
    blocks = ", **blocks**" if item.decision.blocks else ""
    named = f" ({code(about, 160)})" if about else ""
    return f"- {item.finding.severity}{blocks}: {prose(item.finding.title, 200)}{named}"


def _problems(heading: str, problems: tuple[Problem, ...]) -> Iterator[str]:
    if problems:
        yield f"\n**{heading}**\n\n"
        yield from (f"- {code(it.where, 160)}: {prose(it.message, 400)}\n" for it in problems[:MOST_NAMED])
        if len(problems) > MOST_NAMED:
            yield f"- and {len(problems) - MOST_NAMED} more\n"


def within(parts: Iterable[str], budget: int) -> str:
    """The parts that fit into so many bytes of UTF-8, and how many did not."""
    text: list[str] = []
    left_off = 0
    room = budget - _ROOM
    for part in parts:
        size = len(part.encode("utf-8", "replace"))
        if size > room:
            left_off += 1
        else:
            room -= size
            text.append(part)
    if left_off:
        text.append(f"\n{counted(left_off, 'part')} did not fit here. The report as JSON has everything.\n")
    return "".join(text)
