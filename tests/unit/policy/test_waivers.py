from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remedy_gate.domain.finding import Finding
from remedy_gate.domain.match import Match, MatchState
from remedy_gate.domain.source import LineRange, Problem, Resource
from remedy_gate.errors import SettingsError
from remedy_gate.policy.dates import day_of
from remedy_gate.policy.waiver_file import expiry, read_waivers, with_waiver
from remedy_gate.policy.waivers import Standing, Waiver, waiver_notes
from remedy_gate.policy.yaml_text import parsed_yaml

TODAY = day_of("2026-11-20") or 0
WHOLE = {"control": "s3-versioning", "path": "live/**", "owner": "Ada", "reason": "cache only", "expires": "2026-12-31"}
FINDING = Finding("checkov", "CKV_AWS_21", "t", control="s3-versioning")
MATCH = Match(MatchState.MATCHED, Resource("aws_s3_bucket.b", "aws_s3_bucket", "live/main.tf", LineRange(1, 3)), 0.9)


def read(**changes: Any) -> Waiver:
    entry = {key: value for key, value in {**WHOLE, **changes}.items() if value is not None}
    return read_waivers({"version": 1, "waivers": [entry]}, TODAY)[0]


@pytest.mark.parametrize(
    ("expires", "standing", "holds"),
    [
        ("2026-11-19", Standing.LAPSED, False),
        ("2026-11-20", Standing.SOON, True),
        ("2026-12-04", Standing.SOON, True),
        ("2026-12-05", Standing.VALID, True),
        ("2027-11-21", Standing.VALID, True),
        ("2027-11-22", Standing.TOO_FAR, False),
        ("2026-13-40", Standing.MALFORMED, False),
        ("never", Standing.MALFORMED, False),
        ("2026-12-31T00:00:00Z", Standing.MALFORMED, False),
    ],
)
def test_a_waiver_holds_to_the_end_of_its_last_day_and_for_a_year_at_most(
    expires: str, standing: Standing, holds: bool
) -> None:
    waiver = read(expires=expires)
    assert (waiver.standing, waiver.holds) == (standing, holds)


FILE = ".remedy-gate/waivers.yml"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"owner": None}, f"{FILE}: waiver 1: `owner` is missing. Name who answers for it."),
        ({"reason": None}, f"{FILE}: waiver 1: `reason` is missing. Say why the risk is accepted."),
        ({"reason": " "}, f"{FILE}: waiver 1: reason: it has to be a text."),
        (
            {"expires": None},
            f"{FILE}: waiver 1: `expires` is missing. Give its last day, such as 2026-12-31, at most a year ahead.",
        ),
        ({"path": None}, f"{FILE}: waiver 1: it names neither a `resource` nor a `path`. A waiver is for one place."),
        ({"expiry": "2026-12-31"}, f"{FILE}: waiver 1: unknown key `expiry`. Did you mean `expires`?"),
        ({"control": ["a", "b"]}, f"{FILE}: waiver 1: control: it has to be a text."),
    ],
)
def test_a_waiver_that_is_not_whole_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        read(**changes)
    assert str(refusal.value) == message


def test_a_date_in_yaml_stays_a_text_even_where_there_is_no_such_day() -> None:
    text = b"version: 1\nwaivers:\n  - {control: c, path: p, owner: o, reason: r, expires: 2026-13-40}\n"
    assert read_waivers(parsed_yaml(text, FILE), TODAY)[0].standing is Standing.MALFORMED


def notes(waiver: Waiver, *, looked_at: bool = True, finding: Finding = FINDING) -> list[Problem]:
    return list(waiver_notes((waiver,), ((finding, MATCH),), lambda _: looked_at))


WHERE = f"{FILE}: waiver 1 (s3-versioning in live/**)"


@pytest.mark.parametrize(
    ("expires", "message"),
    [
        ("2026-11-19", "it lapsed after 2026-11-19; Ada has to renew or remove it"),
        ("2026-11-21", "its last day is 2026-11-21; Ada has to renew or repair"),
        ("2026-13-40", "'2026-13-40' is not a date, so it counts as lapsed"),
        ("2029-01-01", "2029-01-01 is more than a year ahead, so it does not hold"),
    ],
)
def test_what_lapsed_or_soon_will_is_said_each_run(expires: str, message: str) -> None:
    assert notes(read(expires=expires)) == [Problem(WHERE, message)]


def test_a_waiver_that_holds_and_is_used_is_not_spoken_of() -> None:
    assert notes(read()) == []


def test_a_waiver_that_matches_nothing_is_reported_where_the_run_looked() -> None:
    other = FINDING._replace(control="rds-backup", rule_id="x")
    assert notes(read(), finding=other) == [Problem(WHERE, "it matches no finding; remove it if the problem is gone")]
    assert notes(read(), finding=other, looked_at=False) == []


ENTRY = {
    "control": "c",
    "path": "p/**",
    "owner": 'Ada: "x" # é',
    "reason": "a\nb",
    "expires": "2026-12-20",
    "ticket": "",
}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "version: 1\nwaivers:\n",
        "version: 1\n\nwaivers: # all\n- control: x   # why\n  path: q\n  owner: o\n  reason: r\n  expires: 2027-01-01",
        "version: 1\nwaivers:\n    - {control: x, path: q, owner: o, reason: r, expires: 2027-01-01}\n\n# the end\n",
        "version: 1\r\nwaivers:\r\n  - {control: x, path: q, owner: o, reason: r, expires: 2027-01-01}\r\n",
    ],
)
def test_a_waiver_is_added_at_the_end_and_every_byte_before_stays(text: str) -> None:
    written = with_waiver(text, ENTRY)
    assert written.startswith(text)
    added = read_waivers(parsed_yaml(written.encode(), FILE), TODAY)[-1]
    assert (added.control, added.path, added.owner, added.reason, added.expires, added.ticket) == (
        "c",
        "p/**",
        'Ada: "x" # é',
        "a\nb",
        "2026-12-20",
        "",
    )


@pytest.mark.parametrize("text", ["waivers: []\nversion: 1\n", "version: 1\nwaivers: []\n", "version: 1\n"])
def test_a_file_that_nothing_can_be_added_to_is_left_alone(text: str) -> None:
    with pytest.raises(SettingsError, match="has to be its last key"):
        with_waiver(text, ENTRY)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip), st.integers(1, 366))
def test_whatever_the_reason_it_is_read_as_it_was_given(reason: str, days: int) -> None:
    entry = {**ENTRY, "reason": reason, "expires": expiry(TODAY, days)}
    added = read_waivers(parsed_yaml(with_waiver("", entry).encode(), FILE), TODAY)[-1]
    assert (added.reason, added.holds) == (reason, True)
