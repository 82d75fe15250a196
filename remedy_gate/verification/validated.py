"""`terraform validate` on copies, before and after: where the root module is initialised, or a plugin directory is given."""

from __future__ import annotations

import json
from collections import Counter
from typing import NamedTuple

from remedy_gate.domain.seams import Sources

from .digests import digest_of
from .initialised import CODE, Copies

MOST_KEPT = 16


class Validated(NamedTuple):
    """The errors as texts, counted, or why nobody knows."""

    errors: Counter[str]
    why_not: str = ""


class Validating:
    """Validates the directories of a run, each state of them once."""

    def __init__(self, copies: Copies) -> None:
        """Validate such copies."""
        self._copies = copies
        self._said: dict[str, Validated] = {}

    @property
    def tool(self) -> str:
        """What validates, with its version."""
        return self._copies.tool

    def validate(self, folder: str, sources: Sources) -> Validated:
        """The errors of the module in `folder`, with these sources around it."""
        if why_not := self._copies.why_not(folder):
            return Validated(Counter(), why_not)
        code = {path: text for path, text in sources.items() if path.endswith(CODE)}
        key = digest_of(code, folder)
        if key not in self._said:
            self._said[key] = self._run(folder, code)
            if len(self._said) > MOST_KEPT:
                del self._said[next(iter(self._said))]
        return self._said[key]

    def _run(self, folder: str, code: Sources) -> Validated:
        with self._copies.of(folder, code) as copy:
            if copy.why_not:
                return Validated(Counter(), copy.why_not)
            done = self._copies.ask(copy.home, "validate", "-json", "-no-color")
        return Validated(Counter(), done.why) if done.status is None else _read(done.output)


def _read(output: bytes) -> Validated:
    """The diagnostics of `terraform validate -json` that are errors, without their places."""
    try:
        diagnostics = json.loads(output)["diagnostics"]
        found = [f"{item['summary']}: {item.get('detail', '')}" for item in diagnostics if item["severity"] == "error"]
    except (ValueError, KeyError, TypeError):
        return Validated(Counter(), "terraform validate gave no answer that can be read")
    return Validated(Counter(" ".join(text.split()) for text in found))
