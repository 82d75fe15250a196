"""Every format, by an example of it: recognised by exactly one module, with the right findings open."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from remedy_gate.findings.content import Header, parts_of
from remedy_gate.findings.envelopes import contents_of
from remedy_gate.findings.format import Document, Format
from remedy_gate.findings.formats import (
    access_analyzer,
    aws_config,
    cfn_guard,
    cfn_lint,
    cfn_nag,
    checkov,
    cloudsploit,
    code_scanning,
    defectdojo,
    gitlab_sast,
    inspector,
    kics,
    ocsf,
    orca,
    prowler_csv,
    prowler_ocsf,
    prowler_v2,
    prowler_v3,
    sarif,
    scout_suite,
    security_hub,
    security_hub_v2,
    snyk,
    terrascan,
    tfsec,
    trivy,
    wiz_cli,
    wiz_configuration,
    wiz_csv,
    wiz_issues,
    wiz_webhook,
)
from remedy_gate.findings.formats.registry import ENTRIES, Entry, format_of
from remedy_gate.findings.opening import text_stream
from remedy_gate.findings.reading import read_export

FIXTURES = Path(__file__).parents[2] / "fixtures" / "findings"
EXPECTED = {
    "access_analyzer.json": ("IAM Access Analyzer", 1, 1),
    "aws_config.json": ("AWS Config", 1, 1),
    "cfn_guard.json": ("cfn-guard", 3, 0),
    "cfn_lint.json": ("cfn-lint", 2, 0),
    "cfn_nag.json": ("cfn-nag", 3, 0),
    "checkov.json": ("Checkov", 4, 1),
    "checkov_nothing_scanned.json": ("Checkov", 0, 0),
    "cloudsploit.json": ("CloudSploit", 2, 1),
    "code_scanning.json": ("GitHub code scanning", 1, 1),
    "code_scanning_webhook.json": ("GitHub code scanning", 1, 0),
    "defectdojo.csv": ("DefectDojo generic findings", 1, 2),
    "defectdojo.json": ("DefectDojo generic findings", 2, 1),
    "gitlab.json": ("GitLab security report", 2, 0),
    "inspector.json": ("Amazon Inspector", 1, 1),
    "kics.json": ("KICS", 3, 0),
    "ocsf.json": ("OCSF", 1, 0),
    "orca.csv": ("Orca", 1, 0),
    "orca.json": ("Orca", 1, 1),
    "prowler.csv": ("Prowler (CSV)", 1, 2),
    "prowler_ocsf.json": ("Prowler (OCSF)", 1, 2),
    "prowler_v2.csv": ("Prowler 2", 1, 1),
    "prowler_v2.ndjson": ("Prowler 2", 1, 1),
    "prowler_v3.json": ("Prowler 3", 1, 1),
    "sarif.sarif": ("SARIF", 4, 3),
    "scout_suite.js": ("Scout Suite", 3, 0),
    "security_hub.json": ("AWS Security Hub (ASFF)", 2, 1),
    "security_hub_v2.json": ("AWS Security Hub v2 (OCSF)", 1, 1),
    "snyk.json": ("Snyk IaC", 2, 1),
    "terrascan.json": ("Terrascan", 1, 1),
    "tfsec.json": ("tfsec", 1, 1),
    "trivy.json": ("Trivy", 4, 1),
    "wiz.csv": ("Wiz issues (CSV)", 1, 1),
    "wiz_cli.json": ("wizcli iac", 3, 0),
    "wiz_configuration.json": ("Wiz configuration findings", 2, 1),
    "wiz_issues.json": ("Wiz issues", 2, 1),
    "wiz_issues_older.json": ("Wiz issues", 1, 0),
    "wiz_webhook.json": ("Wiz webhook", 1, 0),
}
MODULES = sorted(
    path.stem
    for path in Path(import_module("remedy_gate.findings.formats").__file__ or "").parent.glob("*.py")
    if path.stem not in {"__init__", "registry", "ocsf_event", "sarif_run"}
)


def leaves(value: object) -> list[Document]:
    if isinstance(value, list):
        return [leaf for entry in value for leaf in leaves(entry)]
    if not isinstance(value, dict):
        return []
    if format_of(value) is None and (contents := contents_of(value)) is not None:
        return leaves(contents)
    return [value]


def records_of(path: Path) -> list[Document]:
    with path.open("rb") as stream:
        contents = [part.content for part in parts_of(text_stream(stream))]
    return [leaf for content in contents if not isinstance(content, Header) for leaf in leaves(content)]


def claimants(record: Document) -> list[str]:
    return [entry.module for entry in ENTRIES if entry.load().recognises(record)]


def test_there_is_an_example_of_every_fixture() -> None:
    assert sorted(EXPECTED) == sorted(path.name for path in FIXTURES.iterdir())


@pytest.mark.parametrize("name", EXPECTED)
def test_an_export_is_recognised_by_its_content_and_its_open_findings_are_told_apart(name: str) -> None:
    read = read_export("export", (FIXTURES / name).read_bytes())
    assert (read.format, len(read.findings), len(read.not_open)) == EXPECTED[name]
    assert read.problems == ()


@pytest.mark.parametrize("name", EXPECTED)
def test_every_record_is_recognised_by_exactly_one_format(name: str) -> None:
    records = records_of(FIXTURES / name)
    assert records
    for record in records:
        assert len(claimants(record)) == 1, claimants(record)


def test_every_module_of_a_format_is_registered_and_has_an_example() -> None:
    seen = {module for name in EXPECTED for record in records_of(FIXTURES / name) for module in claimants(record)}
    assert sorted(entry.module for entry in ENTRIES) == MODULES
    assert sorted(seen) == MODULES


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.module)
def test_what_a_format_recognises_has_one_of_its_keys(entry: Entry) -> None:
    records = [record for name in EXPECTED for record in records_of(FIXTURES / name)]
    own = [record for record in records if entry.load().recognises(record)]
    assert own
    assert not any(entry.keys.isdisjoint(record) for record in own)


# The registry loads modules by name, which the type checker cannot follow: here it sees each of them against the seam.
SEAM: tuple[Format, ...] = (
    access_analyzer,
    aws_config,
    cfn_guard,
    cfn_lint,
    cfn_nag,
    checkov,
    cloudsploit,
    code_scanning,
    defectdojo,
    gitlab_sast,
    inspector,
    kics,
    ocsf,
    orca,
    prowler_csv,
    prowler_ocsf,
    prowler_v2,
    prowler_v3,
    sarif,
    scout_suite,
    security_hub,
    security_hub_v2,
    snyk,
    terrascan,
    tfsec,
    trivy,
    wiz_cli,
    wiz_configuration,
    wiz_csv,
    wiz_issues,
    wiz_webhook,
)


def test_every_registered_module_was_checked_against_the_seam() -> None:
    assert {form.name for form in SEAM} == {entry.load().name for entry in ENTRIES}
    assert len({form.name for form in SEAM}) == len(ENTRIES)


def test_loading_the_registry_loads_no_format() -> None:
    code = "import sys, remedy_gate.findings.reading; print(sorted(m for m in sys.modules if '.formats.' in m))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['remedy_gate.findings.formats.registry']"
