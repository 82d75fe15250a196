"""The words of a pull request of ours, and the mark in it by which a later run knows it again. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from remedy_gate.domain.remediation import Remediation, Report, Verdict

from .markdown import COMMENT, detail, within
from .markdown_text import code, code_in_table, prose
from .ordering import address, order, place
from .selecting import Selection, key_of
from .untrusted import log_line
from .wording import counted

BACKLOG = 0
"""The origin of a pull request that belongs to no other one."""

_MARK = "remedy-gate:companion v1"


class CompanionMark(NamedTuple):
    """What a pull request of ours holds: digest of the files, number of the one it came of, and keys of the repairs."""

    digest: str
    origin: int
    keys: tuple[str, ...]

    @property
    def text(self) -> str:
        """As it stands at the end of the body: HTML that GitHub does not show."""
        return f"<!-- {_MARK} {self.digest} for={self.origin} {','.join(self.keys)} -->"


class Words(NamedTuple):
    """Title and body of a pull request."""

    title: str
    body: str


def mark_of(selection: Selection, origin: int) -> CompanionMark:
    """The mark of a pull request with these patches."""
    return CompanionMark(selection.digest, origin, tuple(dict.fromkeys(map(key_of, selection.items))))


def companion_mark_in(body: str) -> CompanionMark | None:
    """The mark at the end of a body. Trust it only in a pull request that we opened."""
    found = re.search(rf"<!-- {_MARK} ([0-9a-f]{{32}}) for=(\d{{1,9}}) ([0-9a-f,]*) -->\s*\Z", body)
    return CompanionMark(found[1], int(found[2]), tuple(filter(None, found[3].split(",")))) if found else None


def companion_words(shown: tuple[Remediation, ...], mark: CompanionMark) -> Words:
    """Title and body: every patch by its control, with its diff and its proof. `shown`: as far as policy lets it be."""
    what = counted(len(mark.keys), "proven repair")
    title = f"Remedy Gate: {what} beside #{mark.origin}" if mark.origin else f"Remedy Gate: {what} of the backlog"
    whose = f"of files that #{mark.origin} does not touch" if mark.origin else "of what has been open for longer"
    head = (
        f"{counted(len(mark.keys), 'repair')} {whose}. Each was proven on the base branch, and all of them together. "
        "Close this to have none of them proposed again; reopen it to have them kept up to date.\n"
    )
    groups = _by_control(shown)
    parts = (head, *_table(groups), *(part for items in groups.values() for part in _details(items)))
    text = "\n".join(map(log_line, within(parts, COMMENT - len(mark.text)).split("\n")))
    return Words(title, f"{text}\n{mark.text}")


def _by_control(items: Iterable[Remediation]) -> dict[str, list[Remediation]]:
    """The controls, that of the most severe problem first."""
    groups: dict[str, list[Remediation]] = {}
    for item in sorted(items, key=order):
        groups.setdefault(item.finding.control or item.finding.rule_id, []).append(item)
    return groups


def _table(groups: dict[str, list[Remediation]]) -> Iterator[str]:
    yield "\n| control | severity | where | who made it |\n|---|---|---|---|\n"
    for name, items in groups.items():
        for item in items:
            path, first, _ = place(item)
            where = f"{code_in_table(address(item), 120)} {code_in_table(f'{path}:{first}' if first else path, 160)}"
            origin = item.patch.origin if item.patch else None
            made = f"{origin.kind}: {code_in_table(origin.name, 120)}" if origin else ""
            yield f"| {prose(name, 120)} | {item.finding.severity} | {where} | {made} |\n"


def _details(items: list[Remediation]) -> Iterator[str]:
    yield f"\n### {code(items[0].finding.control or items[0].finding.rule_id, 120)}\n"
    yield from (detail(Report(Verdict.PASS, ()), item) for item in items)
