from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remedy_gate.policy.dates import day_of, day_text

EPOCH = date(1970, 1, 1)


@given(st.dates())
def test_days_are_counted_as_the_calendar_counts_them(day: date) -> None:
    number = (day - EPOCH).days
    assert day_of(day.isoformat()) == number
    assert day_text(number) == day.isoformat()
    assert EPOCH + timedelta(days=number) == day


@pytest.mark.parametrize("text", ["2026-11-20T23:59:59Z", "2026-11-20t00:00:00+02:00", "2026-11-20 08:00"])
def test_a_moment_is_on_its_day(text: str) -> None:
    assert day_of(text) == day_of("2026-11-20")


@pytest.mark.parametrize(
    "text",
    ["", "2026-13-40", "2026-02-29", "2026-00-10", "2026-1-1", "tomorrow", "20261120", "2026-11-20x", "٢٠٢٦-11-20"],
)
def test_what_is_not_a_date_has_no_day(text: str) -> None:
    assert day_of(text) is None
