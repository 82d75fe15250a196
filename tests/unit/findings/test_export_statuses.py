"""Words for findings that are not open: those that are known are left out silently, all others are named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from remedy_gate.domain.source import Problem
from remedy_gate.findings.reading import read_export
from remedy_gate.findings.statuses import MOST_NAMED

FIXTURES = Path(__file__).parents[2] / "fixtures" / "findings"
ISSUE = {"id": "1", "sourceRule": {"id": "r"}, "entitySnapshot": {"providerId": "arn:aws:s3:::b"}}


def notes_of(*statuses: str) -> tuple[Problem, ...]:
    return read_export("x", json.dumps([ISSUE | {"status": status} for status in statuses]).encode()).notes


def test_a_status_that_nobody_has_heard_of_is_named_and_its_findings_are_counted() -> None:
    assert notes_of("OPEN", "PONDERING", "PONDERING", "ODD") == (
        Problem("x", '2 findings are not counted as open: the status "PONDERING" is not known here'),
        Problem("x", '1 finding is not counted as open: the status "ODD" is not known here'),
    )


def test_what_is_known_to_be_over_is_left_out_without_a_word() -> None:
    assert notes_of("RESOLVED", "REJECTED", "IGNORED") == ()


def test_very_many_statuses_are_not_all_named() -> None:
    notes = notes_of(*(f"ODD_{number}" for number in range(50)))
    assert len(notes) == MOST_NAMED + 1
    assert notes[-1].message == "40 more statuses are not known here"


@pytest.mark.parametrize("path", sorted(FIXTURES.iterdir()), ids=lambda path: path.name)
def test_every_status_of_the_fixtures_is_known(path: Path) -> None:
    read = read_export(path.name, path.read_bytes())
    assert not [note for note in read.notes if "not known here" in note.message]
