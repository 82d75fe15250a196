"""An export of findings in any format, read record by record: what is open, what is not, and what could not be used."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple

from remedy_gate.domain.finding import Finding
from remedy_gate.domain.source import Problem
from remedy_gate.errors import FindingsError

from .content import Header, Part, parts_of
from .cursor import BrokenTextError
from .envelopes import contents_of, remarks_of
from .format import Document, Format, Mistaken, Reading, Remark, Unusable
from .formats.registry import format_of
from .opening import ByteStream, text_stream
from .statuses import Unheard

_MOST_PROBLEMS = 100
_DEEPEST_LIST = 5
_KNOWN = (
    "Recognised are Checkov, Trivy, SARIF, Wiz, AWS Security Hub, Prowler, KICS, Snyk and others (docs/findings.md)."
)


class Export(NamedTuple):
    """One export. `not_open` are findings that their source no longer counts, with its word for that as `status`.

    `problems` name records and parts that could not be used; `notes` are what the source says of its own work, such as
    files that it could not scan.
    """

    format: str
    findings: tuple[Finding, ...]
    not_open: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()


def read_export(name: str, source: bytes | ByteStream) -> Export:
    """Everything in an export. `name` is what messages call it.

    Raises `FindingsError` where nothing in it is findings of a known format.
    """
    reader = ExportReader(name, BytesIO(source) if isinstance(source, bytes) else source)
    findings: list[Finding] = []
    not_open: list[Finding] = []
    for reading in reader:
        (findings if reading.is_open else not_open).append(reading.finding)
    return Export(reader.format, tuple(findings), tuple(not_open), reader.problems, reader.notes)


class ExportReader:
    """An export to go through once, in memory that does not grow with it.

    `format`, `problems` and `notes` are complete when the iteration has ended.
    """

    def __init__(self, name: str, stream: ByteStream) -> None:
        self._name = name
        self._stream = stream
        self._names: list[str] = []
        self._problems: list[Problem] = []
        self._unnamed_problems = 0
        self._notes: list[Problem] = []
        self._mistaken: Mistaken | None = None
        self._had_envelope = False
        self._current: Format | None = None
        self._unheard = Unheard()

    @property
    def format(self) -> str:
        """The name of the format, or of all of them."""
        return " and ".join(self._names) or "an empty list"

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What could not be used: the first hundred by name, the rest by number."""
        if not self._unnamed_problems:
            return tuple(self._problems)
        rest = Problem(self._name, f"{self._unnamed_problems} further parts could not be used either")
        return (*self._problems, rest)

    @property
    def notes(self) -> tuple[Problem, ...]:
        """What the source says of its own work."""
        return (*self._notes, *(Problem(self._name, text) for text in self._unheard.words()))

    def __iter__(self) -> Iterator[Reading]:
        """Every finding. Raises `FindingsError` at the end where nothing was recognised."""
        try:
            for part in parts_of(text_stream(self._stream)):
                yield from self._part(part)
        except BrokenTextError as broken:
            self._problem(self._name, f"the text {broken.reason} at character {broken.offset}; the rest was not read")
        except OSError as error:
            self._problem(self._name, f"it could not be read: {error.strerror or error}")
        if not self._names and not self._had_envelope:
            raise self._error()

    def _part(self, part: Part) -> Iterator[Reading]:
        where = f"{self._name} {part.place}"
        match part.content:
            case Header(columns):
                self._header(dict.fromkeys(columns, ""))
            case Unusable(reason):
                self._problem(where, reason)
            case Mistaken():
                self._mistaken = self._mistaken or part.content
                self._problem(where, f"is {part.content.what}")
            case _:
                yield from self._value(part.content, where, whole=part.whole)

    def _value(self, value: object, where: str, *, whole: bool = True, depth: int = 0) -> Iterator[Reading]:
        if isinstance(value, dict):
            form = self._form_of(value)
            if form is not None:
                yield from self._record(form, value, where, whole=whole)
            else:
                yield from self._envelope(value, where, whole=whole, depth=depth)
        elif isinstance(value, list) and depth < _DEEPEST_LIST:
            self._had_envelope = self._had_envelope or not value
            for entry in value:
                yield from self._value(entry, where, depth=depth + 1)
        else:
            self._problem(where, "is not an object")

    def _header(self, columns: Document) -> None:
        """A table of no known format ends here; one of a known format may have no rows."""
        form = self._form_of(columns)
        if form is None:
            raise FindingsError(
                f"{self._name} is a table whose columns are not those of any format known here.", _KNOWN
            )
        self._names.append(form.name)

    def _form_of(self, record: Document) -> Format | None:
        """The format of the record before, most likely."""
        if self._current is not None and self._current.recognises(record):
            return self._current
        form = format_of(record)
        self._current = form or self._current
        return form

    def _record(self, form: Format, record: Document, where: str, *, whole: bool) -> Iterator[Reading]:
        if not whole and not form.partial:
            return  # the break is named once, for the whole text
        if form.name not in self._names:
            self._names.append(form.name)
        try:
            for reading in form.read(record):
                match reading:
                    case Reading(finding, is_open):
                        if not is_open:
                            self._unheard.look_at(finding.status)
                        yield reading
                    case Unusable(reason):
                        self._problem(where, reason)
                    case Remark(text):
                        self._notes.append(Problem(self._name, text))
        except RecursionError:
            self._problem(where, "is nested too deeply to be read")

    def _envelope(self, document: Document, where: str, *, whole: bool, depth: int) -> Iterator[Reading]:
        contents = contents_of(document) if depth < _DEEPEST_LIST else None
        if contents is not None:
            self._had_envelope = self._had_envelope or whole
            self._notes.extend(Problem(self._name, text) for text in remarks_of(document))
            for entry in contents:
                yield from self._value(entry, where, depth=depth + 1)
        elif whole:
            mistaken = _mistaken(document)
            self._mistaken = self._mistaken or mistaken
            self._problem(where, f"is {mistaken.what}" if mistaken else "is not a finding of a known format")

    def _problem(self, where: str, message: str) -> None:
        if len(self._problems) < _MOST_PROBLEMS:
            self._problems.append(Problem(where, message))
        else:
            self._unnamed_problems += 1

    def _error(self) -> FindingsError:
        if self._mistaken is not None:
            return FindingsError(
                f"{self._name} is {self._mistaken.what}, not an export of findings.", self._mistaken.hint
            )
        if not self._problems:
            return FindingsError(
                f"{self._name} is empty.", "A scan that found nothing still writes a report: run it again."
            )
        first = self._problems[0]
        if first.message == "is not a finding of a known format":
            return FindingsError(f"{self._name} is not in a format of findings that is known here.", _KNOWN)
        return FindingsError(
            f"{self._name} holds no findings that can be read: {first.where}: {first.message}.", _KNOWN
        )


def _mistaken(document: Document) -> Mistaken | None:
    from .not_findings import mistaken_object

    return mistaken_object(document)
