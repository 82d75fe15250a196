"""Snapshots: what goes in comes out, or nothing does."""

from __future__ import annotations

import os
from array import array
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remedy_gate.domain.finding import CloudResource, Finding, Kind, Location, Severity
from remedy_gate.domain.source import Problem
from remedy_gate.findings.live import cache as cache_module
from remedy_gate.findings.live import layout
from remedy_gate.findings.live.cache import MOST_FILES, Cache
from remedy_gate.findings.live.layout import DamagedError, packed, unpacked
from remedy_gate.findings.live.snapshot import Snapshot
from remedy_gate.matching.columns import Columns, Table

TEXTS = st.text(max_size=12)
MAYBE = st.none() | TEXTS
RESOURCES = st.builds(
    CloudResource,
    TEXTS,
    MAYBE,
    MAYBE,
    MAYBE,
    MAYBE,
    st.lists(st.tuples(TEXTS, TEXTS), max_size=2).map(tuple),
)
PLACES = st.builds(Location, TEXTS, st.none() | st.integers(1, 9), st.none() | st.integers(1, 9), MAYBE)
FINDINGS = st.builds(
    Finding,
    source=TEXTS,
    rule_id=TEXTS,
    title=TEXTS,
    severity=st.sampled_from(Severity),
    kind=st.sampled_from(Kind),
    status=TEXTS,
    control=MAYBE,
    resources=st.lists(RESOURCES, max_size=2).map(tuple),
    location=st.none() | PLACES,
    first_seen=MAYBE,
    due=MAYBE,
    url=MAYBE,
    sources=st.just(()),
    rules=st.just(()),
)
PROBLEMS = st.lists(st.builds(Problem, TEXTS, TEXTS), max_size=2).map(tuple)
MOMENTS = st.floats(0, 4e9)
SNAPSHOTS = st.builds(
    lambda findings, taken, whole, watermark, left_out, problems, notes: Snapshot(
        taken, whole, findings, tuple(f"id-{n}" for n in range(len(findings))), watermark, left_out, problems, notes
    ),
    st.lists(FINDINGS, max_size=6).map(tuple),
    MOMENTS,
    MOMENTS,
    MOMENTS,
    st.integers(0, 9),
    PROBLEMS,
    PROBLEMS,
)
BUCKET = CloudResource("arn:aws:s3:::b", "AwsS3Bucket", "b", "111122223333", "eu-west-1", (("team", "fruit"),))
ONE = Finding("security-hub", "S3.8", "Block it \ud83d 漢", Severity.HIGH, resources=(BUCKET,), first_seen="2026-01-01")
SAMPLE = Snapshot(100.0, 50.0, (ONE, ONE._replace(rule_id="S3.1")), ("a", "b"), 75.5, 3, (Problem("p", "q"),))


@given(SNAPSHOTS)
def test_a_snapshot_comes_out_as_it_went_in(snapshot: Snapshot) -> None:
    again = unpacked(packed(snapshot))
    assert again == snapshot
    for before, after in zip(snapshot.findings, again.findings, strict=True):
        assert type(after.severity) is Severity
        assert type(after.kind) is Kind
        assert all(type(resource) is CloudResource for resource in after.resources)
        assert after.location is None or type(after.location) is Location
        assert after.fingerprint == before.fingerprint


def test_the_same_resource_is_one_in_memory() -> None:
    first, second = unpacked(packed(SAMPLE)).findings
    assert first.resources[0] is second.resources[0]


def test_to_look_at_findings_their_ids_are_not_needed() -> None:
    assert unpacked(packed(SAMPLE), with_keys=False) == SAMPLE._replace(keys=())


@settings(max_examples=300)
@given(st.data())
def test_whatever_a_file_holds_it_is_a_snapshot_or_nothing(data: st.DataObject) -> None:
    good = packed(SAMPLE)
    at = data.draw(st.integers(0, len(good) - 1))
    how = data.draw(st.sampled_from(["cut", "flip", "insert"]))
    bad = {
        "cut": good[:at],
        "flip": good[:at] + bytes((good[at] ^ data.draw(st.integers(1, 255)),)) + good[at + 1 :],
        "insert": good[:at] + data.draw(st.binary(min_size=1, max_size=3)) + good[at:],
    }[how]
    try:
        result = unpacked(bad)
    except DamagedError:
        return
    assert result.findings == SAMPLE.findings


@pytest.mark.parametrize("data", [b"", b"\n", b"{}\n", b"[]\n", b"null\n", b'{"snapshot": 2}\n', b"[" * 5_000 + b"\n"])
def test_what_is_no_snapshot_is_damaged(data: bytes) -> None:
    with pytest.raises(DamagedError):
        unpacked(data)


@pytest.mark.parametrize("column", ["saying", "group", "place", "first_seen", "due", "url"])
def test_a_number_that_nothing_has_is_damage_and_found_before_any_finding_is_made(column: str) -> None:
    kept = unpacked(packed(SAMPLE)).findings
    assert isinstance(kept, Table)
    layout._check(kept.columns)
    with pytest.raises(DamagedError):
        layout._check(Columns(**{**kept.columns._asdict(), column: array("I", (1, 99))}))


def test_what_was_kept_looks_like_any_other_findings() -> None:
    kept = unpacked(packed(SAMPLE)).findings
    first, second = SAMPLE.findings
    assert (kept[0], kept[-1], kept[1:], len(kept)) == (first, second, (second,), 2)
    assert (kept == SAMPLE.findings, kept == (first,)) == (True, False)
    with pytest.raises(IndexError):
        kept[2]


def test_what_is_kept_is_found_under_its_name_only(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path))
    assert cache.load("wiz") is None
    assert cache.save("wiz", SAMPLE) == ""
    assert cache.load("wiz", with_keys=True) == SAMPLE
    assert cache.load("hub") is None


def test_without_a_git_directory_nothing_is_kept_and_that_is_said() -> None:
    cache = Cache(None)
    assert cache.save("wiz", SAMPLE) == "there is no repository to keep it in"
    assert cache.load("wiz") is None


def test_a_file_is_for_its_owner_alone_and_no_part_of_one_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "remedy-gate" / "cache"
    Cache(str(tmp_path)).save("wiz", SAMPLE)
    Cache(str(tmp_path)).save("wiz", SAMPLE._replace(taken=200.0))
    assert [path.name for path in folder.iterdir()] == ["wiz"]
    assert (folder / "wiz").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_what_somebody_else_could_have_written_is_not_believed(mode: int, tmp_path: Path) -> None:
    cache = Cache(str(tmp_path))
    cache.save("wiz", SAMPLE)
    (tmp_path / "remedy-gate" / "cache" / "wiz").chmod(mode)
    assert cache.load("wiz") is None


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path))
    cache.save("other", SAMPLE)
    folder = tmp_path / "remedy-gate" / "cache"
    (folder / "wiz").symlink_to("other")
    assert cache.load("wiz") is None
    assert cache.save("wiz", SAMPLE) == ""  # the link is replaced, not written through
    assert not (folder / "wiz").is_symlink()


def test_a_damaged_file_is_none_and_is_replaced(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path))
    cache.save("wiz", SAMPLE)
    path = tmp_path / "remedy-gate" / "cache" / "wiz"
    path.write_bytes(path.read_bytes()[:-3])
    assert cache.load("wiz") is None
    assert cache.save("wiz", SAMPLE) == ""
    assert cache.load("wiz", with_keys=True) == SAMPLE


def test_a_folder_in_the_place_of_a_file_is_none(tmp_path: Path) -> None:
    (tmp_path / "remedy-gate" / "cache" / "wiz").mkdir(parents=True)
    cache = Cache(str(tmp_path))
    assert cache.load("wiz") is None
    assert cache.save("wiz", SAMPLE) != ""


def test_where_nothing_can_be_written_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "remedy-gate").write_text("a file in the place of the folder")
    assert Cache(str(tmp_path)).save("wiz", SAMPLE) == "Not a directory"


def test_there_are_never_more_than_a_few_files(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path))
    folder = tmp_path / "remedy-gate" / "cache"
    for number in range(MOST_FILES + 5):
        cache.save(f"source-{number}", SAMPLE)
        os.utime(folder / f"source-{number}", (number, number))
    cache.save("source-last", SAMPLE)
    names = {path.name for path in folder.iterdir()}
    assert len(names) == MOST_FILES
    assert {"source-last", f"source-{MOST_FILES + 4}"} <= names
    assert "source-0" not in names


def test_more_than_there_is_room_for_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "MOST_BYTES", 100)
    assert Cache(str(tmp_path)).save("wiz", SAMPLE) == "it takes more than 0 MB"
    assert not (tmp_path / "remedy-gate").exists()
