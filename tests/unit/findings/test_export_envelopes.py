"""The ways in which records are wrapped, joined, encoded, cut off and spoilt."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest

from remedy_gate.domain.source import Problem
from remedy_gate.errors import FindingsError
from remedy_gate.findings import cursor
from remedy_gate.findings.cursor import Cursor
from remedy_gate.findings.reading import Export, ExportReader, read_export
from remedy_gate.findings.walk import pieces

Reader = Callable[[str], Export]


def asff(rule: str, *, status: str = "FAILED") -> dict[str, object]:
    return {
        "GeneratorId": f"security-control/{rule}",
        "Title": f"About {rule}",
        "RecordState": "ACTIVE",
        "Compliance": {"Status": status},
        "Resources": [{"Id": f"arn:aws:s3:::bucket-{rule.lower()}"}],
    }


def rules(text: str | bytes) -> list[str]:
    data = text.encode() if isinstance(text, str) else text
    return [finding.rule_id for finding in read_export("f.json", data).findings]


ONE, TWO, THREE = asff("A"), asff("B"), asff("C")
PAIR = json.dumps([ONE, TWO])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(json.dumps({"Findings": [ONE, TWO]}), id="answer"),
        pytest.param(json.dumps({"findings": [ONE, TWO]}), id="answer in lower case"),
        pytest.param(PAIR, id="list"),
        pytest.param(json.dumps([[ONE], [TWO]]), id="list of lists"),
        pytest.param(json.dumps([{"Findings": [ONE]}, {"Findings": [TWO]}]), id="list of pages"),
        pytest.param(json.dumps({"Findings": [ONE]}) + json.dumps({"Findings": [TWO]}), id="pages joined"),
        pytest.param(json.dumps([ONE]) + "\n" + json.dumps([TWO], indent=2), id="lists joined"),
        pytest.param(json.dumps(ONE, indent=1) + ",\n" + json.dumps(TWO, indent=1), id="objects joined"),
        pytest.param(json.dumps({"detail-type": "x", "detail": {"findings": [ONE, TWO]}}), id="event"),
        pytest.param(json.dumps({"data": {"anything": {"nodes": [ONE, TWO]}}}), id="GraphQL"),
        pytest.param(json.dumps(ONE) + "\n" + json.dumps(TWO) + "\n", id="an object a line"),
        pytest.param(json.dumps(ONE) + "\r\n\r\n" + json.dumps(TWO), id="an object a line, CRLF and gaps"),
        pytest.param(json.dumps({"Findings": [ONE]}) + "\n" + json.dumps({"Findings": [TWO]}), id="a page a line"),
        pytest.param('{"Findings": [\n' + json.dumps(ONE) + ",\n" + json.dumps(TWO) + "\n]}", id="a line an entry"),
        pytest.param("\n\n  " + PAIR, id="blank lines before"),
        pytest.param("\ufeff" + PAIR, id="byte order mark"),
        pytest.param(json.dumps([ONE, TWO], indent=2).replace("\n", "\r\n"), id="CRLF"),
        pytest.param(json.dumps([ONE]) + "\ufeff" + json.dumps([TWO]), id="byte order mark in the middle"),
    ],
)
def test_wrappings_make_no_difference(text: str) -> None:
    assert rules(text) == ["A", "B"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_of_windows_shells_are_read(encoding: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    assert rules(mark + PAIR.encode(encoding)) == ["A", "B"]


def test_a_compressed_export_is_unpacked() -> None:
    assert rules(gzip.compress(PAIR.encode())) == ["A", "B"]


def test_a_compressed_export_that_is_cut_off_gives_what_it_can() -> None:
    lines = b"".join(json.dumps(asff(f"R{number}")).encode() + b"\n" for number in range(4_000))
    read = read_export("f.gz", gzip.compress(lines)[:-500])
    assert len(read.findings) > 100
    assert read.problems[-1].message == "it could not be read: the compressed data is damaged or cut off"


def test_a_bare_object_is_an_export_of_one() -> None:
    assert rules(json.dumps(ONE)) == ["A"]


def test_bytes_that_are_no_text_spoil_only_themselves() -> None:
    (finding,) = read_export("f.json", json.dumps([ONE]).encode().replace(b"About A", b"About \xff")).findings
    assert finding.title == "About \ufffd"


def test_the_stream_of_the_caller_stays_open() -> None:
    stream = BytesIO(PAIR.encode())
    read_export("f.json", stream)
    assert not stream.closed


@pytest.mark.parametrize(
    "text", ["[]", "[\n  \n]", '{"Findings": []}', '{"findings": []}', '{"data": {"x": {"nodes": []}}}']
)
def test_an_empty_list_is_read_and_holds_nothing(text: str) -> None:
    assert read_export("f.json", text.encode()) == Export("an empty list", ())


def test_a_table_with_a_header_alone_is_an_empty_export() -> None:
    header = b"Issue ID,Control ID,Title,Severity,Status\n"
    assert read_export("wiz.csv", header) == Export("Wiz issues (CSV)", ())


def test_a_bad_line_is_named_and_the_others_are_used() -> None:
    text = "\n".join([json.dumps(ONE), '{"GeneratorId": "x", "Resou', json.dumps(TWO), "not json", "[1]", '{"a": 1}'])
    read = read_export("f.ndjson", text.encode())
    assert [finding.rule_id for finding in read.findings] == ["A", "B"]
    assert read.problems == (
        Problem("f.ndjson line 2", "the line breaks off in the middle"),
        Problem("f.ndjson line 4", "the line is not valid JSON"),
        Problem("f.ndjson line 5", "is not an object"),
        Problem("f.ndjson line 6", "is not a finding of a known format"),
    )


def test_the_bad_line_may_be_the_first() -> None:
    text = '{"GeneratorId": "x", "Re\n' + json.dumps(ONE) + "\n" + json.dumps(TWO) + "\n"
    read = read_export("f.ndjson", text.encode())
    assert len(read.findings) == 2
    assert read.problems == (Problem("f.ndjson line 1", "the line breaks off in the middle"),)


def test_the_last_line_may_be_cut_off() -> None:
    text = json.dumps(ONE) + "\n" + json.dumps(TWO)[:-9]
    read = read_export("f.ndjson", text.encode())
    assert [finding.rule_id for finding in read.findings] == ["A"]
    assert [problem.where for problem in read.problems] == ["f.ndjson line 2"]


@pytest.mark.parametrize("wrap", ["[{}]", '{{"Findings": [{}]}}', '{{"detail": {{"findings": [{}]}}}}'])
def test_text_that_breaks_off_gives_every_whole_entry_before(wrap: str) -> None:
    whole = wrap.format(", ".join(map(json.dumps, (ONE, TWO, THREE))))
    cut = whole[: whole.index("About C") + 3]
    read = read_export("f.json", cut.encode())
    assert [finding.rule_id for finding in read.findings] == ["A", "B"]
    (problem,) = read.problems
    assert problem.where == "f.json"
    assert problem.message.startswith("the text breaks off in the middle at character ")


def test_text_that_is_spoilt_in_the_middle_gives_every_whole_entry_before() -> None:
    read = read_export("f.json", PAIR.replace("About B", 'About" B').encode())
    assert [finding.rule_id for finding in read.findings] == ["A"]
    assert "is not valid JSON at character" in read.problems[0].message


@pytest.mark.parametrize(
    ("name", "mark", "left"),
    [
        ("sarif.sarif", "underReview", 3),
        ("trivy.json", "AVD-AWS-0104", 1),
        ("kics.json", '"n/a"', 1),
        ("tfsec.json", "GEN003", 1),
        ("snyk.json", "SNYK-CC-AWS-1", 1),
        ("checkov.json", "CKV_AWS_6", 2),
        ("wiz_cli.json", "aws_s3_bucket[site]", 1),
    ],
)
def test_a_report_that_breaks_off_keeps_its_whole_entries(name: str, mark: str, left: int) -> None:
    text = (Path(__file__).parents[2] / "fixtures" / "findings" / name).read_text()
    read = read_export(name, text[: text.rindex(mark)].encode())
    whole = read_export(name, text.encode())
    assert len(read.problems) == 1
    everything = [(finding.rule_id, finding.location) for finding in whole.findings]
    assert [(finding.rule_id, finding.location) for finding in read.findings] == everything[:left]


def test_half_a_record_is_never_taken_for_a_whole_one() -> None:
    text = json.dumps({**ONE, "Z": {"a": [1, 2, 3]}})
    with pytest.raises(FindingsError, match="breaks off in the middle"):
        read_export("f.json", text[:-6].encode())


@pytest.mark.parametrize("depth", [100, 400])
def test_a_hundred_levels_are_read(depth: int) -> None:
    assert rules(json.dumps({**ONE, "Details": 0}).replace(": 0}", ": " + "[" * depth + "]" * depth + "}")) == ["A"]


@pytest.mark.parametrize("opening", ["[", '{"a":', '{"Findings":['])
def test_a_hundred_thousand_levels_are_an_error_and_no_crash(opening: str) -> None:
    with pytest.raises(FindingsError, match="nested too deeply"):
        read_export("f.json", (opening * 100_000).encode())


def test_a_line_that_is_nested_too_deeply_spoils_only_itself() -> None:
    text = json.dumps(ONE) + "\n" + "[" * 100_000 + "]" * 100_000 + "\n" + json.dumps(TWO)
    read = read_export("f.ndjson", text.encode())
    assert len(read.findings) == 2
    assert read.problems == (Problem("f.ndjson line 2", "the line is nested too deeply to be read"),)


def test_a_number_of_five_thousand_digits_is_named() -> None:
    read = read_export("f.json", (PAIR[:-1] + f', {{"a": {"1" * 5_000}}}]').encode())
    assert len(read.findings) == 2
    assert "holds a number that is too long" in read.problems[0].message


def test_problems_are_named_up_to_a_hundred_and_counted_beyond() -> None:
    read = read_export("f.json", json.dumps([ONE, *range(250)]).encode())
    assert len(read.problems) == 101
    assert read.problems[-1] == Problem("f.json", "150 further parts could not be used either")


def test_records_of_several_formats_in_one_list_are_all_read() -> None:
    alert = {"number": 1, "state": "open", "rule": {"id": "x"}}
    read = read_export("f.json", json.dumps([ONE, alert]).encode())
    assert read.format == "AWS Security Hub (ASFF) and GitHub code scanning"
    assert [finding.source for finding in read.findings] == ["security-hub", "code-scanning"]


def test_an_export_may_be_gone_through_without_being_held() -> None:
    reader = ExportReader("f.json", BytesIO(json.dumps([ONE, asff("B", status="PASSED")]).encode()))
    assert [(reading.finding.rule_id, reading.is_open) for reading in reader] == [("A", True), ("B", False)]
    assert reader.format == "AWS Security Hub (ASFF)"


def test_rows_whose_columns_cannot_be_told_are_named() -> None:
    text = (
        "Issue ID,Control ID,Severity,Status\n1,wc-1,HIGH,OPEN\n2,wc-2,HIGH\n3,wc-3,HIGH,OPEN,more\n\n4,wc-4,LOW,OPEN\n"
    )
    read = read_export("wiz.csv", text.encode())
    assert [finding.rule_id for finding in read.findings] == ["wc-1", "wc-4"]
    assert read.problems == (
        Problem("wiz.csv row 2", "has 3 cells where the header has 4"),
        Problem("wiz.csv row 3", "has 5 cells where the header has 4"),
    )


def test_a_cell_may_be_larger_than_the_csv_module_likes() -> None:
    text = f"Issue ID,Control ID,Severity,Status,Original\n1,wc-1,HIGH,OPEN,{'x' * 300_000}\n"
    assert len(read_export("wiz.csv", text.encode()).findings) == 1


def test_a_stream_that_cannot_be_read_is_an_error_that_says_why() -> None:
    class Broken:
        def read(self, size: int, /) -> bytes:
            raise OSError(5, "Input/output error", size)

    with pytest.raises(FindingsError, match="Input/output error"):
        read_export("f.json", Broken())


@pytest.mark.parametrize("window", [1, 2, 3, 7, 64])
def test_windows_of_any_size_give_the_same_records(window: int, monkeypatch: pytest.MonkeyPatch) -> None:
    document = {
        "a": [1, 2.5, -3e2, True, None, 'x\\"é\U0001f600'],
        "Findings": [ONE, 17, "t"],
        "runs": [{"results": [1]}],
    }
    text = json.dumps(document) + " " + json.dumps([12, 345, document])
    expected = [piece.value for piece in pieces(Cursor(text, lambda _: ""))]
    monkeypatch.setattr(cursor, "WINDOW", window)
    stream = iter([text[start:end] for start, end in pairwise([*range(0, len(text), window), len(text)])])
    assert [piece.value for piece in pieces(Cursor("", lambda _: next(stream, "")))] == expected
