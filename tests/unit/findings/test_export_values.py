"""Text, paths, times, severities, tags and addresses, from whatever sources write."""

from __future__ import annotations

import pytest

from remedy_gate.domain.finding import CloudResource, Location, Severity
from remedy_gate.findings.addresses import address_in_key, address_in_quotes, is_address, logical_id
from remedy_gate.findings.cleaning import LIMIT, text_of, word_of
from remedy_gate.findings.moments import moment_of
from remedy_gate.findings.paths import line_of, location_of, path_of, path_of_uri
from remedy_gate.findings.resources import resource_of, tags_of
from remedy_gate.findings.severities import severity_of, severity_of_normalized, severity_of_ocsf, severity_of_score
from remedy_gate.findings.values import tables_of, truth_of


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Bucket `x` is **public** [here](y)", "Bucket `x` is **public** [here](y)"),
        ("\x1b[31mred\x1b[0m and \x1b]8;;http://evil\x07link\x1b]8;;\x07", "red and link"),
        ("\x1b]0;title\x1b\\seen", "seen"),
        ("\x9b2Jcleared", "cleared"),
        ("\x1bPdevice\x1b\\seen", "seen"),
        ("open \x1b]0;never closed", "open"),
        ("a\r\nb\tc\x00d\x07", "a b cd"),
        ("left\u202eright\u2066x", "leftrightx"),
        ("no\u00a0break", "no break"),
        ("half \ud83d pair", "half \ufffd pair"),
        ("Ünïcode 漢字 😀", "Ünïcode 漢字 😀"),
        ("  wide  ", "wide"),
        (7, "7"),
        (2.5, "2.5"),
        (True, ""),
        (None, ""),
        (["a"], ""),
        ({"a": 1}, ""),
        ("x" * (LIMIT + 5), "x" * (LIMIT - 1) + "…"),
    ],
)
def test_text_is_one_printable_line(value: object, text: str) -> None:
    assert text_of(value) == text
    assert word_of(value) == (text or None)


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("infra/main.tf", "infra/main.tf"),
        ("/main.tf", "main.tf"),
        ("./a/./b//c.tf", "a/b/c.tf"),
        ("a/../b.tf", "b.tf"),
        ("../../etc/passwd", "etc/passwd"),
        ("/../x.tf", "x.tf"),
        ("C:\\work\\infra\\main.tf", "work/infra/main.tf"),
        ("C:main.tf", "C:main.tf"),
        ("\\\\server\\share\\main.tf", "server/share/main.tf"),
        ("file:///code/main.tf", "code/main.tf"),
        ("100%25.tf", "100%25.tf"),
        ("https://example.com/main.tf", None),
        ("git::https://example.com/x//modules/y/main.tf", None),
        ("", None),
        (".", None),
        ("..", None),
        ("/", None),
        (None, None),
        (["main.tf"], None),
        ("a\x1b[2J/b\n.tf", "a/b .tf"),
    ],
)
def test_a_path_is_relative_and_cannot_lead_out(value: object, path: str | None) -> None:
    assert path_of(value) == path


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("infra/main%20one.tf", "infra/main one.tf"),
        ("file:///C:/code/file1.c", "code/file1.c"),
        ("file://build.example.com/code/main.tf", "code/main.tf"),
        ("file:/code/main.tf", "code/main.tf"),
        ("%2e%2e/%2e%2e/etc/passwd", "etc/passwd"),
        ("a%1b%5b2Jb.tf", "ab.tf"),
        ("a%00b.tf", "ab.tf"),
        ("a%5cb.tf", "a/b.tf"),
        ("a%ffb.tf", "a\ufffdb.tf"),
        ("http://example.com/a.tf", None),
        (7, "7"),
    ],
)
def test_a_uri_is_decoded_before_it_is_made_safe(uri: object, path: str | None) -> None:
    assert path_of_uri(uri) == path


@pytest.mark.parametrize(
    ("value", "line"),
    [
        (3, 3),
        ("3", 3),
        (3.0, 3),
        (0, None),
        (-1, None),
        ("-1", None),
        (True, None),
        (None, None),
        (3.5, None),
        (1 << 40, None),
        ("9" * 5_000, None),
        ("²", None),
        (float("inf"), None),
    ],
)
def test_a_line_is_1_or_more(value: object, line: int | None) -> None:
    assert line_of(value) == line


@pytest.mark.parametrize(
    ("first", "last", "lines"),
    [(3, 5, (3, 5)), (3, None, (3, 3)), (3, -1, (3, 3)), (5, 3, (5, 5)), (0, 0, (None, None)), (0, 9, (None, None))],
)
def test_lines_of_a_place_are_in_order(first: object, last: object, lines: tuple[int | None, int | None]) -> None:
    assert location_of("a.tf", first, last) == Location("a.tf", *lines)


def test_there_is_no_place_without_a_path() -> None:
    assert location_of(None, 3, 5, "aws_s3_bucket.b") is None


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-08-02T10:15:30.120331Z", "2026-08-02T10:15:30.120331Z"),
        ("2026-08-02T10:15:30+01:00", "2026-08-02T10:15:30+01:00"),
        ("2026-08-02 10:15:30", "2026-08-02T10:15:30"),
        ("2021-05-19 13:13:06.083208 +0000 UTC", "2021-05-19T13:13:06.083208+00:00"),
        ("2026-08-02", "2026-08-02"),
        (1763600011, "2025-11-20T00:53:31Z"),
        (1763600011.5, "2025-11-20T00:53:31.500Z"),
        (1763600011500, "2025-11-20T00:53:31.500Z"),
        (1763600011500000, "2025-11-20T00:53:31.500Z"),
        ("1763600011", "2025-11-20T00:53:31Z"),
        ("0001-01-01T00:00:00Z", None),
        ("28/02/2026", None),
        ("2026-08-02; rm -rf", None),
        ("soon", None),
        ("", None),
        (0, None),
        (-5, None),
        (float("nan"), None),
        (10**40, None),
        (True, None),
        (None, None),
        ([2026], None),
    ],
)
def test_a_moment_is_iso_8601_or_nothing(value: object, moment: str | None) -> None:
    assert moment_of(value) == moment


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        ("CRITICAL", Severity.CRITICAL),
        ("Fatal", Severity.CRITICAL),
        ("high", Severity.HIGH),
        ("error", Severity.HIGH),
        ("FAIL", Severity.HIGH),
        ("danger", Severity.HIGH),
        ("Medium", Severity.MEDIUM),
        ("WARN", Severity.MEDIUM),
        ("warning", Severity.MEDIUM),
        ("Low ", Severity.LOW),
        ("Informational", Severity.INFO),
        ("note", Severity.INFO),
        ("none", Severity.INFO),
        ("TRACE", Severity.INFO),
        ("UNTRIAGED", Severity.UNKNOWN),
        ("Other", Severity.UNKNOWN),
        ("", Severity.UNKNOWN),
        (None, Severity.UNKNOWN),
        (4, Severity.UNKNOWN),
        (["HIGH"], Severity.UNKNOWN),
    ],
)
def test_every_word_for_a_severity_has_one_meaning(word: object, severity: Severity) -> None:
    assert severity_of(word) is severity


@pytest.mark.parametrize(
    ("score", "severity"),
    [
        (10, Severity.CRITICAL),
        ("9.0", Severity.CRITICAL),
        (8.9, Severity.HIGH),
        (7, Severity.HIGH),
        (4.0, Severity.MEDIUM),
        (0.1, Severity.LOW),
        (0, Severity.INFO),
        (-1, Severity.UNKNOWN),
        ("high", Severity.UNKNOWN),
        (float("nan"), Severity.UNKNOWN),
        (True, Severity.UNKNOWN),
        (None, Severity.UNKNOWN),
    ],
)
def test_a_score_of_ten_becomes_a_severity(score: object, severity: Severity) -> None:
    assert severity_of_score(score) is severity


@pytest.mark.parametrize(
    ("score", "severity"),
    [
        (90, Severity.CRITICAL),
        (70, Severity.HIGH),
        (40, Severity.MEDIUM),
        (1, Severity.LOW),
        (0, Severity.INFO),
        ("x", Severity.UNKNOWN),
    ],
)
def test_a_score_of_a_hundred_becomes_a_severity(score: object, severity: Severity) -> None:
    assert severity_of_normalized(score) is severity


@pytest.mark.parametrize(
    ("severity_id", "word", "severity"),
    [
        (5, "Low", Severity.CRITICAL),
        (6, None, Severity.CRITICAL),
        (1, None, Severity.INFO),
        (0, "High", Severity.HIGH),
        (99, "Medium", Severity.MEDIUM),
        (None, None, Severity.UNKNOWN),
        ("4", None, Severity.HIGH),
        (2.5, "Low", Severity.LOW),
    ],
)
def test_an_ocsf_severity_is_its_number_else_its_word(severity_id: object, word: object, severity: Severity) -> None:
    assert severity_of_ocsf(severity_id, word) is severity


@pytest.mark.parametrize(
    ("value", "tags"),
    [
        ({"team": "fruit", "n": 1}, (("team", "fruit"), ("n", "1"))),
        ([{"key": "team", "value": "fruit"}], (("team", "fruit"),)),
        ([{"Key": "team", "Value": "fruit"}], (("team", "fruit"),)),
        ([{"name": "team", "value": None}], (("team", ""),)),
        (["team=fruit", "env:prod", "alone"], (("team", "fruit"), ("env", "prod"), ("alone", ""))),
        (["url:https://a.example/?b=c"], (("url", "https://a.example/?b=c"),)),
        (["aws:cloudformation:stack-name:web"], (("aws:cloudformation:stack-name", "web"),)),
        (["aws:cloudformation:stack-name=web"], (("aws:cloudformation:stack-name", "web"),)),
        ('{"team": "fruit"}', (("team", "fruit"),)),
        ("team=fruit | env=prod", (("team", "fruit"), ("env", "prod"))),
        ("{broken", ()),
        ("", ()),
        (None, ()),
        (7, ()),
        ([None, 3, {}], (("3", ""),)),
    ],
)
def test_tags_are_read_in_every_notation(value: object, tags: tuple[tuple[str, str], ...]) -> None:
    assert tags_of(value) == tags


@pytest.mark.parametrize(
    ("identity", "fields", "resource"),
    [
        ("arn:aws:s3:::b", {}, CloudResource("arn:aws:s3:::b")),
        (
            "arn:aws:sqs:eu-west-1:111122223333:q",
            {},
            CloudResource("arn:aws:sqs:eu-west-1:111122223333:q", None, None, "111122223333", "eu-west-1"),
        ),
        (
            "arn:aws:sqs:eu-west-1:111122223333:q",
            {"account": "222233334444", "region": "us-east-1"},
            CloudResource("arn:aws:sqs:eu-west-1:111122223333:q", None, None, "222233334444", "us-east-1"),
        ),
        ("arn:aws:iam::aws:policy/x", {}, CloudResource("arn:aws:iam::aws:policy/x")),
        ("AWS::::Account:111122223333", {}, CloudResource("AWS::::Account:111122223333", account="111122223333")),
        ("111122223333", {}, CloudResource("111122223333", account="111122223333")),
        ("sg-0a", {"account": 1122223333}, CloudResource("sg-0a", account="001122223333")),
        ("", {"name": "x"}, None),
        ({"a": 1}, {}, None),
    ],
)
def test_account_and_region_come_from_the_arn_where_nobody_says_them(
    identity: object, fields: dict[str, object], resource: CloudResource | None
) -> None:
    assert resource_of(identity, fields) == resource


@pytest.mark.parametrize(
    ("key", "address"),
    [
        ("aws_s3_bucket[logs].acl", "aws_s3_bucket.logs"),
        ("resource.aws_s3_bucket[logs]", "aws_s3_bucket.logs"),
        ("input.resource.aws_s3_bucket[logs].tags", "aws_s3_bucket.logs"),
        ("data.aws_iam_policy_document[x]", "data.aws_iam_policy_document.x"),
        ("aws_s3_bucket[{{a.b}}]", "aws_s3_bucket.a.b"),
        ("module[db]", "module.db"),
        ("Resources.Pears.Properties.X", "Pears"),
        ("Resources[Pears].Properties", "Pears"),
        ("resource", None),
        ("", None),
    ],
)
def test_search_keys_are_addresses_in_disguise(key: str, address: str | None) -> None:
    assert address_in_key(key) == address


@pytest.mark.parametrize(
    "text",
    ["aws_s3_bucket.b", 'module.a["x"].module.b.aws_s3_bucket.b[0]', "data.aws_ami.x", 'aws_sqs_queue.q["a b"]'],
)
def test_an_address_looks_like_one(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize("text", ["main.tf", "a.b", "collections::list::add", "", "aws_s3_bucket", "x.y.z"])
def test_other_text_does_not(text: str) -> None:
    assert not is_address(text)


def test_the_first_quoted_address_counts() -> None:
    assert address_in_quotes("The 'ingress' of 'aws_security_group.web' and 'aws_vpc.x'") == "aws_security_group.web"
    assert address_in_quotes("nothing 'here'") is None


@pytest.mark.parametrize(
    ("resource", "address"),
    [
        ("AWS::S3::Bucket.LogsBucket", "LogsBucket"),
        ("aws_s3_bucket.logs", "aws_s3_bucket.logs"),
        ("AWS::S3::Bucket", "AWS::S3::Bucket"),
        ("", ""),
    ],
)
def test_a_template_resource_loses_its_type(resource: str, address: str) -> None:
    assert logical_id(resource) == address


@pytest.mark.parametrize("value", [True, "True", "TRUE", " yes ", "1", 1])
def test_yes_is_said_in_many_ways(value: object) -> None:
    assert truth_of(value)


@pytest.mark.parametrize("value", [False, "False", "no", "", None, 0, [], {"a": 1}])
def test_everything_else_is_no(value: object) -> None:
    assert not truth_of(value)


def test_a_single_object_counts_as_a_list_of_one() -> None:
    assert tables_of({"a": 1}) == [{"a": 1}]
    assert tables_of([{"a": 1}, 2, None]) == [{"a": 1}]
    assert tables_of("x") == []
