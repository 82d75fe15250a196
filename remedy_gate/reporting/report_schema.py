"""Whether a text is a report at all: its size, and every key and type as `report.schema.json` has them."""

from __future__ import annotations

from remedy_gate.errors import ReportingError

from .json_reader import MAX_BYTES
from .json_value import parsed
from .untrusted import one_line

MOST_REMEDIATIONS = 10_000


def check_report(text: str) -> None:
    """Raise `ReportingError` with the first place that is not as it should be. Nothing of the text is repeated."""
    from importlib.resources import files
    from json import loads

    from jsonschema import Draft202012Validator

    value = parsed(text, MAX_BYTES)
    count = value.get("remediations") if isinstance(value, dict) else None
    if isinstance(count, list) and len(count) > MOST_REMEDIATIONS:
        raise ReportingError(f"The report has more than {MOST_REMEDIATIONS:,} remediations.", "Check less at a time.")
    schema = loads(files(__package__).joinpath("report.schema.json").read_text("utf-8"))
    fault = next(iter(Draft202012Validator(schema).iter_errors(value)), None)
    if fault is not None:
        place = one_line(fault.json_path, 200)
        raise ReportingError(f"The file is not a report: at {place} it breaks the rule {fault.validator!r}.")
