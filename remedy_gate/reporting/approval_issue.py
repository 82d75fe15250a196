"""The words of an issue that asks for a person's yes: what is wrong, the patch, its proof, and how to answer. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

from remedy_gate.domain.patch import OriginKind
from remedy_gate.domain.proof import CheckName, CheckResult, Proof, Status
from remedy_gate.errors import ReportingError

from .comment import folded, proof_heading, proof_table
from .disclosure import TITLE, WITHHELD
from .json_value import MAX_TEXT, Reader, parsed
from .markdown_text import code, diff_fence, fence, prose
from .untrusted import one_line

MOST = 60_000  # characters; GitHub takes 65,536
_DIFFS = (40_000, 10_000, 2_000)  # what is tried for the diff, until the whole fits
_MARK = re.compile(
    r"<!-- remedy-gate:approval:v1 patch=([0-9a-f]{32,64}) base=([0-9a-f]{64}) proof=([0-9a-f]{64}) -->\s*\Z"
)
_REPLY = re.compile(r"<!-- remedy-gate:answer:v1 (closed|reopened) ([0-9a-f]{32}) -->\s*\Z")

Key = tuple[str, str, str]
"""The digests of patch, base and proof: what an approval is bound to."""


class Desk(NamedTuple):
    """How answers are given here. `teams` are `organisation/team`; `days` is how long a yes holds."""

    days: int
    teams: tuple[str, ...]
    code_owners: bool
    self_approval: bool
    yes_label: str
    no_label: str
    minimal: bool = False


class Case(NamedTuple):
    """A patch that waits. `seen` is what a person has to see, as JSON; `pull_request` is 0 where none asked for it."""

    key: Key
    address: str
    path: str
    places: tuple[str, ...]
    pull_request: int
    seen: str


class Words(NamedTuple):
    """Title and body of an issue."""

    title: str
    body: str


def issue_words(case: Case, desk: Desk) -> Words:
    """The whole issue. Raises `ReportingError` where what was kept is not about this patch."""
    item = Reader(parsed(case.seen, MAX_TEXT), "What is kept of the patch")
    patch = item.entry("patch")
    if patch.text("id") != case.key[0]:
        raise ReportingError("What is kept of the patch is about another patch.", "Run `check` again.")
    address = one_line(case.address or case.path, 120).replace("@", "@\u200b").replace("`", "'")
    lines = tuple(patch.text("diff").splitlines())
    for longest in _DIFFS:
        body = _body(case, desk, item, _diff(lines, longest, case.key[0]))
        if len(body) <= MOST:
            break
    else:
        body = _body(case, desk, item, f"The diff does not fit into an issue. {_show(case.key[0])}")
    return Words(f"Approve a repair of {address} ({case.key[0][:12]})", body)


def patched_files(seen: str) -> tuple[str, ...]:
    """The files that the patch changes."""
    return Reader(parsed(seen, MAX_TEXT), "What is kept of the patch").entry("patch").texts("files")


def key_in(body: str) -> Key | None:
    """What an issue is about: the mark at its end. Trust it only in an issue that we wrote."""
    found = _MARK.search(body[-400:])
    return (found[1], found[2], found[3]) if found else None


class Mark(NamedTuple):
    """What a comment of ours did (`closed` or `reopened`), and the digest of why."""

    did: str
    digest: str

    @property
    def text(self) -> str:
        """As it stands in the comment: HTML that GitHub does not show."""
        return f"<!-- remedy-gate:answer:v1 {self.did} {self.digest} -->"


def mark_in(body: str) -> Mark | None:
    """The mark of a comment. Trust it only in a comment that we wrote."""
    found = _REPLY.search(body[-120:])
    return Mark(found[1], found[2]) if found else None


def _body(case: Case, desk: Desk, item: Reader, diff: str) -> str:
    patch, base, proof = case.key
    parts = (
        *_problem(case, desk, item),
        diff,
        *_proof(item.entry("proof"), minimal=desk.minimal),
        *_how(case.key, desk),
        "An answer is about these three together; change any of them, and a new one is needed:",
        f"- patch `{patch}`\n- code that it was made from `{base}`\n- proof `{proof}`",
        f"<!-- remedy-gate:approval:v1 patch={patch} base={base} proof={proof} -->",
    )
    return "\n\n".join(filter(None, parts))


def _problem(case: Case, desk: Desk, item: Reader) -> tuple[str, ...]:
    finding, patch = item.entry("finding"), item.entry("patch")
    origin = patch.entry("origin")
    from_catalogue = origin.text("kind") == OriginKind.CATALOGUE
    severity = prose(finding.text("severity"), 20).capitalize()
    title = prose(TITLE if desk.minimal else finding.text("title") or finding.text("rule_id"), 300)
    where = f"{code(case.address, 160)} in {code(case.path, 160)}"
    places = f" · {prose(', '.join(case.places), 160)}" if case.places and not desk.minimal else ""
    change = f" · asked for by #{case.pull_request}" if case.pull_request else ""
    said = "" if desk.minimal and not from_catalogue else prose(patch.text("rationale"), 600)
    by = "" if desk.minimal else f"Reported as {code(finding.text('rule_id'), 120)}. "
    made = f"{prose(origin.text('kind'), 20)}: {code(origin.text('name'), 120)}, version {code(origin.text('version'), 80)}"
    return (
        "A patch waits for a person's yes, as the policy says.",
        f"**{severity}: {title}**",
        f"{where}{places}{change}",
        said,
        f"{by}Patch from {made}.",
    )


def _diff(lines: tuple[str, ...], longest: int, patch: str) -> str:
    shown = diff_fence(lines, longest)
    is_cut = not shown.endswith("`")
    return f"{shown} {_show(patch)}" if is_cut else shown


def _show(patch: str) -> str:
    return f"Read all of it before you say yes: `remedy-gate queue show {patch}`."


def _proof(given: Reader, *, minimal: bool) -> tuple[str, str]:
    try:
        checks = tuple(
            CheckResult(
                CheckName(check.text("name")),
                Status(check.text("status")),
                WITHHELD if minimal else check.text("detail"),
            )
            for check in given.entries("checks")
        )
    except ValueError as error:
        raise ReportingError("The proof that is kept has a check that nobody knows.", "Run `check` again.") from error
    proof = Proof(checks)
    return f"**{proof_heading(proof)}**", proof_table(proof)


def _how(key: Key, desk: Desk) -> tuple[str, ...]:
    patch = key[0]
    teams = " or ".join(f"@{team}" for team in desk.teams)
    owners = "whoever owns every file of the patch by CODEOWNERS of the base branch" if desk.code_owners else ""
    who = ", or ".join(filter(None, (f"members of {teams}" if teams else "", owners))) or "nobody, as the policy stands"
    own = "" if desk.self_approval else ", and not for a change of their own"
    counts = (
        "A comment counts only if it is the answer alone and was never edited; a label, if whoever put it on may answer. "
        f"A yes holds for {desk.days} days from the day on which it was said (UTC)."
    )
    return (
        "To say yes, write a comment that is this line and nothing else:",
        fence(f"remedy-gate approve {patch}", ""),
        "To say no, write this, with your reason at the end:",
        fence(f"remedy-gate reject {patch} because", ""),
        f"Or put the label {code(desk.yes_label)} or {code(desk.no_label)} on this issue.",
        f"Who may answer: {who}; only with the right to write to this repository{own}.",
        folded("What counts, and for how long", counts),
    )
