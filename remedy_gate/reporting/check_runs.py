"""Tell a commit: one check run of a name, made once, and brought up to date by every later run."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from remedy_gate.errors import ReportingError

from .check_run import Annotation, CheckRun
from .github_api import Answer, Api
from .json_value import Reader
from .untrusted import one_line
from .wording import counted

A_REQUEST = 50  # annotations; GitHub's limit
_ATTEMPTS = 3
_PER_PAGE, _MOST_PAGES = 100, 20
_OURS = "remedy-gate:v1:"
"""What `external_id` begins with; the digest of what it says follows once all of it is there."""


class Checked(NamedTuple):
    """The check run is there and says what is so. `added`: annotations that this run brought."""

    url: str
    conclusion: str
    added: int = 0
    is_unchanged: bool = False

    @property
    def words(self) -> str:
        """What happened, in a sentence."""
        where = f": {self.url}" if self.url else ""
        if self.is_unchanged:
            return f"The check run says so already ({self.conclusion}){where}."
        return f"Told a check run ({self.conclusion}, {counted(self.added, 'annotation')} new){where}."


class NotChecked(NamedTuple):
    """There is no check run, and this is why."""

    reason: str


CheckOutcome: TypeAlias = Checked | NotChecked


class _Known(NamedTuple):
    """A check run that is there. Another App may have made it: GitHub says so only when it is to be changed."""

    number: int
    external_id: str
    url: str
    conclusion: str


def tell_check_run(run: CheckRun, api: Api, head: str, name: str) -> CheckOutcome:
    """Make the check run, or bring it up to date. Raises `ReportingError` where GitHub gives no answer.

    Each attempt starts from what GitHub has, so that an answer that was lost costs nothing and doubles nothing.
    """
    for _ in range(_ATTEMPTS):
        outcome = _Teller(run, api, head, name).tell()
        if outcome is not None:
            return outcome
    raise ReportingError(
        "GitHub did not take the check run: it gave no answer.", "The report is kept; publish it again later."
    )


class _Teller:
    """One attempt. Its steps give None where nobody knows what came of a request."""

    __slots__ = ("_api", "_head", "_name", "_run")

    def __init__(self, run: CheckRun, api: Api, head: str, name: str) -> None:
        self._run = run
        self._api = api
        self._head = head
        self._name = name

    def tell(self) -> CheckOutcome | None:
        listed = self._api.look(f"/commits/{self._head}/check-runs", {"check_name": self._name, "per_page": _PER_PAGE})
        if listed.is_denied or listed.is_refused:
            return _denied(listed)
        if not listed.is_good:
            return None
        known = _latest(listed)
        if known is None:
            return self._made()
        if (known.external_id, known.conclusion) == (_OURS + self._run.digest, self._run.conclusion):
            return Checked(known.url, self._run.conclusion, is_unchanged=True)
        standing = self._standing(known)
        if standing is None:
            return None
        if standing - set(self._run.annotations):
            return self._made()  # an annotation cannot be taken back: GitHub shows the newest of a name instead
        missing = tuple(one for one in self._run.annotations if one not in standing)
        answer = self._added(known, missing)
        if answer.is_open:
            return None
        return Checked(known.url, self._run.conclusion, len(missing)) if answer.is_good else self._made()

    def _made(self) -> CheckOutcome | None:
        first, rest = self._run.annotations[:A_REQUEST], self._run.annotations[A_REQUEST:]
        fields = {"name": self._name, "head_sha": self._head, **self._fields(first, is_last=not rest)}
        answer = self._api.write("POST", "/check-runs", fields)
        if answer.is_open:
            return None
        if not answer.is_good:
            return _denied(answer)
        made = _known(Reader(answer.data, "GitHub's answer"))
        added = self._added(made, rest) if rest else answer
        if added.is_open:
            return None
        if not added.is_good:
            return _denied(added)
        return Checked(made.url, self._run.conclusion, len(self._run.annotations))

    def _added(self, known: _Known, annotations: tuple[Annotation, ...]) -> Answer:
        """Add annotations, as many requests as that takes: the last answer, or the first that is not good."""
        more = annotations
        while True:
            now, more = more[:A_REQUEST], more[A_REQUEST:]
            answer = self._api.write("PATCH", f"/check-runs/{known.number}", self._fields(now, is_last=not more))
            if not more or not answer.is_good:
                return answer

    def _fields(self, annotations: tuple[Annotation, ...], *, is_last: bool) -> dict[str, object]:
        """The conclusion is said at once: a run that ends half-way leaves no check that waits for ever."""
        return {
            "external_id": _OURS + (self._run.digest if is_last else ""),
            "status": "completed",
            "conclusion": self._run.conclusion,
            "output": self._run.output(annotations),
        }

    def _standing(self, known: _Known) -> set[Annotation] | None:
        found: set[Annotation] = set()
        for page in range(1, _MOST_PAGES + 1):
            answer = self._api.look(f"/check-runs/{known.number}/annotations", {"per_page": _PER_PAGE, "page": page})
            items = answer.data if answer.is_good and isinstance(answer.data, list) else None
            if items is None:
                return None
            found.update(_annotation(Reader(item, "GitHub's answer")) for item in items)
            if len(items) < _PER_PAGE:
                break
        return found


def _latest(answer: Answer) -> _Known | None:
    """The newest check run that bears our mark. The marks of others cost a request at most, and are never shown."""
    found = (_known(one) for one in Reader(answer.data, "GitHub's answer").entries("check_runs"))
    return max((one for one in found if one.external_id.startswith(_OURS)), default=None)


def _known(run: Reader) -> _Known:
    external_id, url, conclusion = (run.maybe_text(key) or "" for key in ("external_id", "html_url", "conclusion"))
    return _Known(run.identity("id"), external_id, one_line(url, 500), conclusion)


def _annotation(given: Reader) -> Annotation:
    first, last = given.count("start_line"), given.count("end_line")
    words = (given.maybe_text(key) or "" for key in ("annotation_level", "title", "message"))
    return Annotation(given.text("path"), first, last, *words)


def _denied(answer: Answer) -> NotChecked:
    why = f"{answer.status}: {one_line(answer.message, 300) or 'no reason given'}"
    if answer.is_denied:
        return NotChecked(f"The token may not make a check run ({why}). Give the job `checks: write`.")
    return NotChecked(f"GitHub refused the check run ({why}).")
