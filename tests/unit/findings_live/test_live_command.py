"""Live sources by name on the command line: what is read, what is said, what the process ends with."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from remedy_gate.cli import main
from remedy_gate.domain.finding import CloudResource, Finding, Severity
from remedy_gate.findings.live.access import access_from
from remedy_gate.findings.live.cache import Cache
from remedy_gate.findings.live.registry import snapshot_name
from remedy_gate.findings.live.snapshot import Snapshot
from remedy_gate.policy.sources import SourceOptions

VULNERABLE = 'resource "aws_s3_bucket" "b" {\n  bucket = "example"\n}\n'
FINDING = Finding(
    "wiz", "wc-1", "Public bucket", Severity.HIGH, resources=(CloudResource("arn:aws:s3:::example", "bucket"),)
)


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CI", "GITHUB_BASE_REF", "GIT_DIR", "GITHUB_REPOSITORY", "GITHUB_API_URL", "GITHUB_TOKEN", "GH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("WIZ_CLIENT_ID", "WIZ_CLIENT_SECRET", "WIZ_API_URL", "WIZ_AUTH_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    subprocess.run(["git", "init", "-q", "-b", "main", tmp_path], check=True)
    (tmp_path / "main.tf").write_text(VULNERABLE)
    subprocess.run(["git", "add", "main.tf"], cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path)


def keep(folder: Path, minutes_ago: float, options: SourceOptions = SourceOptions("wiz", "wiz")) -> None:  # noqa: B008 - a value
    """Put a snapshot where a run before this one would have left it."""
    taken = time.time() - minutes_ago * 60
    assert (
        Cache(str(folder / ".git")).save(
            snapshot_name(options, access_from({})), Snapshot(taken, taken, (FINDING,), ("i-1",))
        )
        == ""
    )


def test_findings_prints_what_the_cache_holds_while_it_is_new(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(tmp_path, minutes_ago=10.1)
    assert main(["findings", "wiz", "--format", "json"]) == 0
    out, err = capsys.readouterr()
    assert [json.loads(line)["rule_id"] for line in out.splitlines()] == ["wc-1"]
    assert err == "remedy-gate: wiz: read 10 minutes ago, from the cache\n"


def test_findings_ends_with_3_where_a_source_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["findings", "wiz"]) == 3
    out, err = capsys.readouterr()
    assert out.endswith("0 findings\n")
    assert err == (
        "remedy-gate: wiz: nothing says where wiz is. Set WIZ_API_URL, or `api` of the source in the policy file. "
        "There is nothing in the cache, either; `on_unavailable: warn` goes on without.\n"
    )


def test_findings_uses_an_old_cache_where_the_source_is_down_and_still_ends_with_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(tmp_path, minutes_ago=200)
    assert main(["findings", "wiz", "--format", "json"]) == 3
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 1
    assert err.endswith("Used instead is what was read 3 hours ago.\n")


def test_what_is_asked_for_anew_does_not_come_from_the_cache(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".remedy-gate.yml").write_text("version: 1\nsources: {wiz: {on_unavailable: fail}}\n")
    keep(tmp_path, minutes_ago=1)
    assert main(["findings", "wiz", "--fresh"]) == 3
    assert capsys.readouterr().out.endswith("0 findings\n")


def test_a_hook_reads_the_cache_of_a_source_that_the_policy_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".remedy-gate.yml").write_text("version: 1\nsources: {wiz: {}}\n")
    subprocess.run(["git", "add", ".remedy-gate.yml"], cwd=tmp_path, check=True)
    keep(tmp_path, minutes_ago=3 * 24 * 60 + 5)
    main(["check", "--staged", "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    assert "wiz" in {source for item in report["remediations"] for source in item["finding"]["sources"]}
    assert "catalogue" in {source for item in report["remediations"] for source in item["finding"]["sources"]}
    assert {"where": "wiz", "message": "read 3 days ago, from the cache; `remedy-gate findings wiz` reads anew"} in (
        report["summary"]["notes"]
    )


def test_a_hook_without_a_cache_goes_on_and_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--staged", "--findings", "wiz", "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [error["where"] for error in report["errors"]] == ["wiz"]
    assert "there is nothing in the cache, and the network is not asked here" in report["errors"][0]["message"]


def test_in_ci_a_source_that_cannot_be_read_ends_with_3(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    assert main(["check", "--all", "--findings", "wiz", "--format", "json"]) == 3
    out, err = capsys.readouterr()
    said = "nothing says where wiz is. Set WIZ_API_URL, or `api` of the source in the policy file."
    assert json.loads(out)["errors"] == [{"where": "wiz", "message": said}]
    assert f"remedy-gate: wiz: {said}\n" in err


def test_in_ci_a_source_that_cannot_be_read_costs_nothing_of_the_others_and_no_file_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    code = (tmp_path / "main.tf").read_bytes()
    words = ["check", "--all", "--findings", "wiz", "--findings", "catalogue", "--fix", "--format", "json"]
    assert main(words) == 3
    report = json.loads(capsys.readouterr().out)
    assert report["verdict"] == "error"
    assert {item["finding"]["source"] for item in report["remediations"]} == {"catalogue"}
    assert any(item["proof"]["outcome"] == "proven" for item in report["remediations"] if item["proof"])
    assert (tmp_path / "main.tf").read_bytes() == code


def test_a_name_of_the_policy_means_its_source_and_never_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = SourceOptions("hub", "code-scanning", repository="acme/infra")
    text = "version: 1\nsources: {hub: {kind: code-scanning, repository: acme/infra}}\n"
    (tmp_path / ".remedy-gate.yml").write_text(text)
    for name in ("hub", "wiz"):  # files that a change brings along to be read instead
        (tmp_path / name).write_text('{"Findings": []}')
    keep(tmp_path, 1.1, options)
    keep(tmp_path, 1.1)
    assert main(["findings", "hub", "wiz", "--format", "json"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert main(["findings", "./hub"]) == 0
    assert capsys.readouterr().out.endswith("\n0 findings\n")


def test_a_name_that_nobody_knows_is_misuse(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["findings", "wizz"]) == 2
    assert "no source of that name" in capsys.readouterr().err


def test_a_credential_in_the_policy_is_misuse_and_is_not_repeated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".remedy-gate.yml").write_text("version: 1\nsources: {wiz: {client_secret: hush-hush}}\n")
    assert main(["findings", "wiz"]) == 2
    err = capsys.readouterr().err
    assert "a credential has no place in a policy file" in err
    assert "hush-hush" not in err


def test_a_policy_cannot_send_credentials_elsewhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIZ_CLIENT_ID", "me")
    monkeypatch.setenv("WIZ_CLIENT_SECRET", "hush-hush")
    (tmp_path / ".remedy-gate.yml").write_text("version: 1\nsources: {wiz: {api: 'https://evil.example/graphql'}}\n")
    assert main(["findings", "wiz"]) == 2
    assert "is not one of Wiz's" in capsys.readouterr().err


def test_files_need_no_policy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".remedy-gate.yml").write_text("not: [a, policy")
    (tmp_path / "export.json").write_text('{"Findings": []}')
    assert main(["findings", "export.json"]) == 0
    out, err = capsys.readouterr()
    assert out == "severity  source  rule  resource or place  title\n0 findings\n"
    assert err.startswith("remedy-gate: .remedy-gate.yml")
    assert err.endswith("What it says of rules is not used here.\n")


def test_findings_are_printed_while_they_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = {"GeneratorId": "g/1", "ProductArn": "p", "Id": "1", "Resources": [{"Id": "arn:aws:s3:::a"}]}
    text = "".join(f"{json.dumps(good)}\n" for _ in range(3)) + "{broken\n"
    (tmp_path / "export.ndjson").write_text(text)
    assert main(["findings", "export.ndjson", "--format", "json"]) == 3
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 3
    assert "line 4" in err


def test_a_table_is_as_wide_as_its_rows_need(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = {"GeneratorId": "g/1", "ProductArn": "p", "Title": "Public", "Resources": [{"Id": "arn:aws:s3:::a"}]}
    (tmp_path / "export.json").write_text(json.dumps([record]))
    assert main(["findings", "export.json"]) == 0
    assert capsys.readouterr().out == (
        "severity  source        rule  resource or place  title\n"
        "unknown   security-hub  1     arn:aws:s3:::a     Public\n"
        "1 finding\n"
    )


def loaded_by(folder: Path, *arguments: str) -> set[str]:
    """The modules in memory after a command, in a process of its own."""
    code = (
        "import sys\nfrom remedy_gate.cli import main\n"
        "status = main(sys.argv[1:])\n"
        "sys.stderr.write('\\n'.join(sys.modules))\n"
        "sys.exit(status if status > 1 else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


@pytest.mark.parametrize("source", ["wiz: {}", "security-hub: {}", "code-scanning: {}", "'s3://a/b': {}"])
def test_a_hook_with_a_live_source_imports_nothing_that_could_ask_it(source: str, tmp_path: Path) -> None:
    (tmp_path / ".remedy-gate.yml").write_text(f"version: 1\nsources: {{{source}}}\n")
    subprocess.run(["git", "add", ".remedy-gate.yml"], cwd=tmp_path, check=True)
    keep(tmp_path, minutes_ago=1)
    loaded = loaded_by(tmp_path, "check", "--staged")
    assert "remedy_gate.findings.live.cache" in loaded
    assert not loaded & {"boto3", "botocore", "ssl", "socket", "http", "urllib.request", "urllib.parse", "email"}
    assert not any(name.startswith("remedy_gate.findings.formats") for name in loaded)


CHECKS = """{"Findings": [
  {"GeneratorId": "g/1", "ProductArn": "p", "Id": "1", "Resources": [{"Id": "arn:aws:s3:::a"}], "Title": "One",
   "Severity": {"Label": "HIGH"}, "Compliance": {"Status": "FAILED"}},
  {"GeneratorId": "g/2", "ProductArn": "p", "Id": "2", "Resources": [{"Id": "arn:aws:s3:::a"}], "Title": "Two",
   "Severity": {"Label": "HIGH"}, "Compliance": {"Status": "PASSED"}, "RecordState": "ACTIVE"}
]}"""


def test_any_status_shows_what_was_left_out_and_in_the_sources_own_word_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "export.json").write_text(CHECKS)
    assert main(["findings", "export.json", "--any-status"]) == 0
    assert [line.split("  ")[0] for line in capsys.readouterr().out.splitlines()] == [
        "status",
        "open",
        "not open: ACTIVE/PASSED",
        "2 findings, 1 of them not open",
    ]
    assert main(["findings", "export.json", "--any-status", "--format", "json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["title"], line["open"]) for line in lines] == [("One", True), ("Two", False)]


def test_what_is_not_open_is_left_out_otherwise(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "export.json").write_text(CHECKS)
    assert main(["findings", "export.json"]) == 0
    assert capsys.readouterr().out.splitlines()[0].startswith("severity")
    assert main(["findings", "export.json", "--format", "json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert "open" not in json.loads(line)


def test_a_bucket_that_repeats_a_mistake_of_many_others_says_of_how_many(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both where the others are few enough to be listed, and where a cache holds more than a run looks at."""
    (tmp_path / ".remedy-gate.yml").write_text("version: 1\nsources: {hub: {kind: security-hub}}\n")
    subprocess.run(["git", "add", ".remedy-gate.yml"], cwd=tmp_path, check=True)
    for count in (41, 4_100):
        others = tuple(
            Finding(
                "security-hub", "S3.8", "t", Severity.HIGH, resources=(CloudResource(f"arn:aws:s3:::old-{number}"),)
            )
            for number in range(count)
        )
        name = snapshot_name(SourceOptions("hub", "security-hub"), access_from({}))
        snapshot = Snapshot(time.time(), time.time(), others, tuple(map(str, range(count))))
        assert Cache(str(tmp_path / ".git")).save(name, snapshot) == ""
        main(["check", "--staged"])
        out = " ".join(capsys.readouterr().out.split())
        assert f"The same problem is open on {count} other resources." in out
        assert out.count("same problem") == 1
        main(["check", "--staged", "--format", "json"])
        report = json.loads(capsys.readouterr().out)
        (again,) = [item for item in report["remediations"] if "same problem" in str(item["match"]["evidence"])]
        assert again["finding"]["control"] == "s3-public-access-block"
        assert [one["count"] for one in report["summary"]["left_out"]] == ([] if count == 41 else [3_900])
