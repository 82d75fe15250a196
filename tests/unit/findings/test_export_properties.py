"""Whatever stands in a file: findings of the right types, or `FindingsError`, and never anything else."""

from __future__ import annotations

import json
from itertools import cycle
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from remedy_gate.domain.finding import CloudResource, Finding, Kind, Location, Severity
from remedy_gate.errors import FindingsError
from remedy_gate.findings.envelopes import contents_of
from remedy_gate.findings.formats.registry import ENTRIES, format_of
from remedy_gate.findings.reading import Export, read_export

FIXTURES = sorted((Path(__file__).parents[2] / "fixtures" / "findings").glob("*.*"))
KEYS = sorted({key for entry in ENTRIES for key in entry.keys} | {"Findings", "data", "nodes", "detail", "errors"})
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(KEYS)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=8), inner, max_size=5)
    ),
    max_leaves=25,
)


def read(data: bytes) -> Export | None:
    try:
        return read_export("f", data)
    except FindingsError:
        return None


def check(export: Export) -> None:
    for finding in (*export.findings, *export.not_open):
        assert isinstance(finding, Finding)
        assert isinstance(finding.severity, Severity)
        assert isinstance(finding.kind, Kind)
        hash(finding)
        for text in (finding.source, finding.rule_id, finding.title, finding.status):
            assert text
            assert text.isprintable()
        for resource in finding.resources:
            assert isinstance(resource, CloudResource)
            assert resource.id
            assert all(field is None or isinstance(field, str) for field in resource[:5])
            assert all(isinstance(part, str) for tag in resource.tags for part in tag)
        check_location(finding.location)
    json.dumps(export)
    "".join(problem.where + problem.message for problem in (*export.problems, *export.notes)).encode()


def check_location(location: Location | None) -> None:
    if location is None:
        return
    assert location.path
    assert not location.path.startswith("/")
    assert not {"", ".", ".."} & set(location.path.split("/"))
    assert "\\" not in location.path
    assert location.first_line is None or 0 < location.first_line <= (location.last_line or 0)


@settings(deadline=None, max_examples=150)
@given(VALUES)
def test_any_json_is_read_or_refused(value: object) -> None:
    if (export := read(json.dumps(value).encode())) is not None:
        check(export)


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    if (export := read(data)) is not None:
        check(export)


@settings(deadline=None, max_examples=50)
@given(st.lists(VALUES, max_size=4))
def test_any_lines_are_read_or_refused(values: list[object]) -> None:
    if (export := read("\n".join(map(json.dumps, values)).encode())) is not None:
        check(export)


def damaged(data: st.DataObject, value: Any) -> Any:
    """The value with one of its parts, at any depth, replaced by another value."""
    if isinstance(value, dict) and value and data.draw(st.integers(0, 5)):
        key = data.draw(st.sampled_from(sorted(value)))
        return {**value, key: damaged(data, value[key])}
    if isinstance(value, list) and value and data.draw(st.integers(0, 5)):
        index = data.draw(st.integers(0, len(value) - 1))
        return [*value[:index], damaged(data, value[index]), *value[index + 1 :]]
    return data.draw(VALUES)


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_an_export_with_a_wrong_type_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([path for path in FIXTURES if path.suffix in {".json", ".sarif"}]))
    value = damaged(data, json.loads(path.read_text()))
    if (export := read(json.dumps(value).encode())) is not None:
        check(export)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(FIXTURES), st.floats(0, 1))
def test_an_export_cut_anywhere_gives_a_part_of_its_findings_or_is_refused(path: Path, share: float) -> None:
    data = path.read_bytes()
    cut = read(data[: int(len(data) * share)])
    if cut is not None:
        check(cut)
        assert len(cut.findings) <= len(read_export("f", data).findings)


def records(value: object) -> list[dict[str, Any]]:
    """Every object that a format may be asked about, out of an export."""
    if isinstance(value, list):
        return [record for entry in value for record in records(entry)]
    if not isinstance(value, dict):
        return []
    return records(contents) if (contents := contents_of(value)) is not None else [value]


RECORDS = [
    record
    for path in FIXTURES
    if path.suffix in {".json", ".sarif"}
    for record in records(json.loads(path.read_text()))
]
SMALL = LEAVES | st.lists(LEAVES, max_size=2) | st.dictionaries(st.sampled_from(KEYS), LEAVES, max_size=2)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(RECORDS), st.lists(SMALL, min_size=1, max_size=6))
def test_a_format_reads_a_record_that_has_its_keys_and_nothing_else_right(record: Any, values: list[Any]) -> None:
    spoilt = dict(zip(record, cycle(values), strict=False))
    if (form := format_of(spoilt)) is not None:
        list(form.read(spoilt))
