"""The words of one comment in a pull request: what is wrong, the repair, and why to believe it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from remedy_gate.domain.patch import NoPatch, Patch
from remedy_gate.domain.proof import CheckName, Proof, Status
from remedy_gate.domain.remediation import Remediation

from .excerpt import excerpt
from .markdown_text import code, diff_fence, fence, prose
from .marker import Marker, fingerprint
from .ordering import address
from .placement import Noted, OnFile, Suggested
from .suggestion import Suggestion
from .wording import otherwise_words, outcome_words, recurrence_words, waive_words

MOST_NAMED = 10  # findings that one suggestion repairs, told in full
_STATUS = {Status.PASS: "pass", Status.FAIL: "**fail**", Status.NOT_RUN: "not run"}

Environments: TypeAlias = Callable[[Remediation], tuple[str, ...]]
"""The environments of the policy that a remediation reaches."""


def nowhere(_: Remediation) -> tuple[str, ...]:
    """No environment is known, or none is to be told."""
    return ()


def suggestion_comments(
    placed: Suggested, head: str, environments: Environments = nowhere
) -> tuple[tuple[Suggestion, Marker, str], ...]:
    """For each suggestion of a patch its mark and the whole body of its comment."""
    found = []
    problem = placed.items[0].finding.fingerprint
    for one in placed.suggestions:
        mark = Marker(fingerprint("suggestion", problem, one.path, f"{one.part}/{one.parts}", one.text), head)
        headlines = [_headline(item, environments(item)) for item in placed.items[:MOST_NAMED]]
        parts = [*headlines, _rationale(placed.patch), fence(one.text, "suggestion")]
        if one.parts > 1:
            parts.append(_parts(placed.suggestions, one))
        parts += [*_backing(placed.items, placed.proof), mark.text]
        found.append((one, mark, _body(parts)))
    return tuple(found)


def file_comment(placed: OnFile, head: str, environments: Environments = nowhere) -> tuple[Marker, str]:
    """The mark and the body of a comment on a file: the patch as a diff, and why it cannot be accepted by a click."""
    item = placed.item
    patch = item.patch
    lines = excerpt(patch) if patch else ()
    mark = Marker(fingerprint("file", item.finding.fingerprint, placed.path, *_changed(lines)), head)
    why = f"This cannot be accepted by a click: {prose(placed.reason, 400)}. `remedy-gate check --fix` writes it."
    parts = [
        _headline(item, environments(item)),
        _rationale(patch),
        diff_fence(lines),
        why,
        *_backing((item,), item.proof),
        mark.text,
    ]
    return mark, _body(parts)


def note_comment(placed: Noted, head: str, environments: Environments = nowhere) -> tuple[Marker, str]:
    """The mark and the body of a comment on a line for a finding that has no patch to show."""
    item = placed.item
    reason = item.remedy.reason if isinstance(item.remedy, NoPatch) else "policy keeps it back"
    mark = Marker(fingerprint("note", item.finding.fingerprint, placed.path, address(item)), head)
    parts = [
        _headline(item, environments(item)),
        f"There is no patch: {prose(reason, 600)}",
        *_backing((item,), None),
        mark.text,
    ]
    return mark, _body(parts)


def proof_table(proof: Proof) -> str:
    """The ten checks as a table: what ran, what it saw, and what could not be run."""
    rows = (f"| `{check.name}` | {_STATUS[check.status]} | {prose(check.detail, 300)} |" for check in proof.checks)
    return "\n".join(("| check | result | what it saw |", "|---|---|---|", *rows))


def folded(heading: str, content: str) -> str:
    """Content behind a heading that opens by a click. The heading is HTML: ours, or gone through `markup`."""
    return f"<details><summary>{heading}</summary>\n\n{content}\n\n</details>"


def proof_heading(proof: Proof) -> str:
    """The outcome, and how many checks stand behind it."""
    counts = {status: sum(check.status is status for check in proof.checks) for status in Status}
    words = f"{counts[Status.PASS]} checks passed, {counts[Status.FAIL]} failed, {counts[Status.NOT_RUN]} could not run"
    return f"{outcome_words(proof.outcome).capitalize()}: {words}"


def _headline(item: Remediation, environments: tuple[str, ...]) -> str:
    finding = item.finding
    blocks = " · **blocks this change**" if item.decision.blocks else ""
    about = code(address(item), 160)
    reached = f" · {prose(', '.join(environments), 160)}" if environments else ""
    since = f" · open since {_day(finding.first_seen)}" if finding.first_seen else ""
    due = f" · due {_day(finding.due)}" if finding.due else ""
    title = prose(finding.title, 300) or code(finding.rule_id, 100)
    again = prose(recurrence_words(item), 160)
    told = f"**{str(finding.severity).capitalize()}: {title}**\n\n{about}{reached}{since}{due}{blocks}"
    return f"{told}\n\n{again}" if again else told


def _day(moment: str) -> str:
    """The day of an ISO 8601 moment; any other text as it is."""
    return prose(moment.partition("T")[0] if moment[4:5] == "-" else moment, 40)


def _rationale(patch: Patch | None) -> str:
    return prose(patch.rationale, 600) if patch else ""


def _parts(every: tuple[Suggestion, ...], one: Suggestion) -> str:
    others = ", ".join(f"{code(other.path, 160)} line {other.first_line}" for other in every if other is not one)
    return f"This is part {one.part} of {one.parts} of one patch, proven as a whole: accept all of them ({others})."


def _backing(items: tuple[Remediation, ...], proof: Proof | None) -> Iterable[str]:
    """Folded: the proof; then, small, who says so, who made the patch, and which rule decided."""
    if proof is not None:
        yield _disruption(proof)
        yield folded(proof_heading(proof), proof_table(proof))
    lines = []
    for item in items[:MOST_NAMED]:
        finding = item.finding
        sources = ", ".join(prose(source, 60) for source in dict.fromkeys(finding.sources or (finding.source,)))
        rule = f"policy: {item.decision.action}, by rule {code(item.decision.rule, 160)}"
        lines.append(f"Reported by {sources} as {code(finding.rule_id, 120)}; {rule}.")
    origins = dict.fromkeys(item.patch.origin for item in items[:MOST_NAMED] if item.patch)
    lines += (f"Patch from {it.kind}: {code(it.name, 120)}, version {code(it.version, 80)}." for it in origins)
    yield folded(
        "Where this comes from, and what decided", "\n".join((*lines, "", otherwise_words(), waive_words(items[0])))
    )


def _disruption(proof: Proof) -> str:
    """What applying the patch does to what runs, as far as the proof could tell."""
    check = next((it for it in proof.checks if it.name is CheckName.DISRUPTION), None)
    if check is None or check.status is Status.NOT_RUN:
        return "Disruption: not known."
    replaces = check.status is Status.FAIL or check.detail.startswith("REPLACES")
    return (
        f"Disruption: {'**may replace or interrupt**' if replaces else 'none expected'} ({prose(check.detail, 200)})."
    )


def _changed(lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line for line in lines if line[:1] in ("+", "-"))


def _body(parts: Iterable[str]) -> str:
    return "\n\n".join(part for part in parts if part)
