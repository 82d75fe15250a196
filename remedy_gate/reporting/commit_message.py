"""The message of a commit that we make: what it repairs, who made the patch, and a mark by which we know it again. Pure.

Names of findings and blocks come from others. In a message GitHub acts on words: `[skip ci]`, `Fixes #1`, `@name`, and
any line at its end that looks like a trailer. So of such names only harmless characters are kept, and each stands
behind a word of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from remedy_gate.domain.patch import Origin, OriginKind
from remedy_gate.domain.remediation import Remediation

from .ordering import address
from .selecting import Selection, key_of
from .wording import counted

MOST_NAMED = 50
MOST_AUTHORS = 20
MOST_KEYS = 400
_HEADLINE = 72
_MARK = "Remedy-Gate"
# `.invalid` belongs to nobody (RFC 2606): an address under users.noreply.github.com would credit whoever has the name.
_DOMAIN = "remedy-gate.invalid"
_MAKERS = {
    OriginKind.CATALOGUE: "Remedy Gate catalogue",
    OriginKind.BEDROCK: "Amazon Bedrock",
    OriginKind.GIVEN: "given",
}


class Message(NamedTuple):
    """A commit's message."""

    headline: str
    body: str

    @property
    def fields(self) -> dict[str, object]:
        """As GitHub takes it."""
        return {"headline": self.headline, "body": self.body}


class Mark(NamedTuple):
    """What a commit of ours says of itself: the digest of its files, and the keys of what it and those before repair."""

    digest: str
    keys: tuple[str, ...]


def commit_message(selection: Selection, earlier: Iterable[str] = (), *, with_ids: bool = True) -> Message:
    """The message. `earlier` are the keys of commits of ours just before; `with_ids` names the findings, too."""
    items = selection.items
    names = list(dict.fromkeys(_plain(item.finding.control or item.finding.rule_id) for item in items))
    headline = f"Apply {counted(len(items), 'proven repair')}"
    while names and len(f"{headline}: {', '.join(names)}") > _HEADLINE:
        names.pop()
    headline = f"{headline}: {', '.join(names)}" if names else headline
    lines = [_line(item, with_ids=with_ids) for item in items[:MOST_NAMED]]
    if len(items) > MOST_NAMED:
        lines.append(f"- and {len(items) - MOST_NAMED} more")
    keys = list(dict.fromkeys((*map(key_of, items), *earlier)))[:MOST_KEYS]
    makers = dict.fromkeys(_co_author(item.patch.origin) for item in items if item.patch)
    trailers = [f"{_MARK}: v1 {selection.digest} {','.join(keys)}", *list(makers)[:MOST_AUTHORS]]
    return Message(headline, "\n".join((*lines, "", *trailers)))


def mark_in(message: str) -> Mark | None:
    """The mark of a commit's message. Whoever can push can write one: it keeps us from committing, and nothing else."""
    found = re.findall(rf"^{_MARK}: v1 ([0-9a-f]{{32}}) ([0-9a-f,]*)\r?$", message, re.MULTILINE)
    return Mark(found[-1][0], tuple(filter(None, found[-1][1].split(",")))) if found else None


def _line(item: Remediation, *, with_ids: bool) -> str:
    name = _plain(item.finding.control or item.finding.rule_id)
    finding = f" finding={item.finding.fingerprint}" if with_ids else ""
    return f"- control={name} block={_plain(address(item))}{finding}"


def _co_author(origin: Origin) -> str:
    version = f" {_plain(origin.version, 40)}" if origin.version else ""
    name = f"{_plain(origin.name)}{version} ({_MAKERS[origin.kind]})"
    return f"Co-authored-by: {name} <{origin.kind}@{_DOMAIN}>"


def _plain(text: str, limit: int = 120) -> str:
    return re.sub(r"[^A-Za-z0-9_.:/-]", "_", text[:limit])
