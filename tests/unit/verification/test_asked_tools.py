"""Scanners and terraform as stand-in executables: what they say, and what it means when they say nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from sides_of import comparison_of

from remedy_gate.domain.proof import Status
from remedy_gate.verification.asking import Asking
from remedy_gate.verification.check import Depth
from remedy_gate.verification.formatted import Formatted
from remedy_gate.verification.initialised import Copies, Setup
from remedy_gate.verification.rescan import Rescan
from remedy_gate.verification.scanners import cfn_guard, cfn_lint, checkov, kics, sarif, trivy
from remedy_gate.verification.scanners.scanner import FOLDER, OUTPUT, Reading, Said, Scan
from remedy_gate.verification.validated import Validating

BEFORE = 'resource "aws_ebs_volume" "v" {\n  availability_zone = "eu-west-1a"\n  size              = 20\n}\n'
AFTER = BEFORE.replace("= 20\n", "= 20\n  encrypted         = true\n")
ADDRESS, CONTROL = "aws_ebs_volume.v", "ebs-volume-encrypted"
CHECKOV = """import json, os, sys
text = "".join(open(os.path.join(root, name)).read() for root, _, names in os.walk(".") for name in names)
said = {"check_id": "CKV_AWS_3", "file_path": "/main.tf", "resource": "aws_ebs_volume.v", "file_line_range": [1, 4]}
other = dict(said, check_id="CKV_AWS_189")
good = "encrypted         = true" in text
EXTRA
print(json.dumps({"check_type": "terraform", "results": {
    "failed_checks": ([] if good else [said]) + extra, "passed_checks": [said] if good else [], "skipped_checks": []}}))
"""


def install(folder: Path, name: str, script: str) -> Mapping[str, str]:
    """A program of this name, alone on the PATH with what the system has."""
    program = folder / name
    program.write_text(f"#!{sys.executable} -I\n{script}")
    program.chmod(0o755)
    return {"PATH": f"{folder}:/usr/bin:/bin", "AWS_SECRET_ACCESS_KEY": "of ours", "HOME": "/home/somebody"}


def rescanned(environment: Mapping[str, str], after: str = AFTER, depth: Depth = Depth.FULL) -> tuple[Status, str]:
    comparison = comparison_of(BEFORE, after, ADDRESS, CONTROL, depth=depth)
    result = Rescan(Asking(environment)).examine(comparison)
    return result.status, result.detail.partition(" (it was not cut off")[0]


def test_a_scanner_that_passes_it_now_says_so(tmp_path: Path) -> None:
    environment = install(tmp_path, "checkov", CHECKOV.replace("EXTRA", "extra = []"))
    assert rescanned(environment) == (
        Status.PASS,
        "checkov passes CKV_AWS_3 on aws_ebs_volume.v, and reports nothing new",
    )


def test_a_scanner_that_still_reports_it_refutes(tmp_path: Path) -> None:
    environment = install(tmp_path, "checkov", CHECKOV.replace("EXTRA", "extra = []"))
    assert rescanned(environment, BEFORE.replace("= 20", "= 30")) == (
        Status.FAIL,
        "checkov still reports CKV_AWS_3 on aws_ebs_volume.v",
    )


def test_a_scanner_that_reports_something_new_refutes(tmp_path: Path) -> None:
    environment = install(tmp_path, "checkov", CHECKOV.replace("EXTRA", "extra = [other] if good else []"))
    assert rescanned(environment) == (
        Status.FAIL,
        "checkov reports what it did not before: CKV_AWS_189 on aws_ebs_volume.v",
    )


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("import sys; sys.exit(7)", "checkov gave no answer that can be read (status 7)"),
        ("print('not json')", "checkov gave no answer that can be read (status 0)"),
        (
            'print(\'{"results": {"failed_checks": []}}\')',
            "checkov did not report it before the patch, so it cannot say that it is gone",
        ),
    ],
)
def test_a_scanner_that_crashes_or_does_not_know_it_is_not_run(tmp_path: Path, script: str, why: str) -> None:
    assert rescanned(install(tmp_path, "checkov", script)) == (Status.NOT_RUN, why)


def test_no_scanner_and_quick_depth_are_not_run(tmp_path: Path) -> None:
    nothing = {"PATH": str(tmp_path)}
    assert rescanned(nothing) == (Status.NOT_RUN, "no scanner that knows checkov is installed")
    assert rescanned(nothing, depth=Depth.QUICK) == (Status.NOT_RUN, "scanners are asked at full depth only")


def test_a_scanner_sees_a_copy_and_none_of_our_credentials(tmp_path: Path) -> None:
    seen = tmp_path / "seen.json"
    spy = f"import json, os\nopen({str(seen)!r}, 'w').write(json.dumps([dict(os.environ), os.listdir('.')]))\n"
    environment = install(tmp_path, "checkov", spy + CHECKOV.replace("EXTRA", "extra = []"))
    rescanned(environment)
    surroundings, files = json.loads(seen.read_text())
    assert "AWS_SECRET_ACCESS_KEY" not in surroundings
    assert surroundings["HOME"] != "/home/somebody"
    assert files == ["main.tf"]


def test_a_command_of_the_policy_that_writes_sarif_is_asked(tmp_path: Path) -> None:
    script = (
        "import json, sys\n"
        "bad = 'true' not in open(sys.argv[1] + '/main.tf').read()\n"
        "found = {'ruleId': 'CKV_AWS_3', 'locations': [{'physicalLocation': {\n"
        "    'artifactLocation': {'uri': 'main.tf'}, 'region': {'startLine': 2}}}]}\n"
        "open(sys.argv[2] + '/out.sarif', 'w').write(json.dumps({'runs': [{'results': [found] if bad else []}]}))\n"
    )
    environment = install(tmp_path, "ours", script)
    named = sarif.scanner("checkov", ("ours", FOLDER, OUTPUT))
    comparison = comparison_of(BEFORE, AFTER, ADDRESS, CONTROL)
    result = Rescan(Asking(environment, (named,))).examine(comparison)
    assert (result.status, result.detail.partition(" (")[0]) == (
        Status.PASS,
        "checkov no longer reports CKV_AWS_3 on aws_ebs_volume.v, and reports nothing new",
    )


@pytest.mark.parametrize("read", [cfn_guard.read, cfn_lint.read, checkov.read, kics.read, sarif.read, trivy.read])
@pytest.mark.parametrize("output", [b"", b"[", b"null", b"7", b'"x"', b"{}", b"[[]]", b"\xff", b"[" * 100_000])
def test_what_no_scanner_writes_is_no_answer(read: Reading, output: bytes) -> None:
    assert read(output) is None


def test_trivy_goes_by_both_names_of_a_check() -> None:
    item = {"ID": "AVD-AWS-0026", "Status": "FAIL", "CauseMetadata": {"Resource": ADDRESS, "StartLine": 1}}
    output = {"Results": [{"Target": "main.tf", "Misconfigurations": [item, {**item, "Status": "PASS", "ID": "X"}, 7]}]}
    said = Said("AWS-0026", "main.tf", ADDRESS, 1)
    assert trivy.read(json.dumps(output).encode()) == Scan(
        frozenset((said, said._replace(rule="AVD-AWS-0026"))), frozenset((said._replace(rule="X"),))
    )


def test_kics_speaks_of_what_fails_only() -> None:
    file = {"file_name": "../remedy-gate-ab12/main.tf", "line": 1, "search_key": "aws_ebs_volume[v]"}
    output = {"queries": [{"query_id": "q", "files": [file]}]}
    assert kics.read(json.dumps(output).encode()) == Scan(frozenset((Said("q", "main.tf", ADDRESS, 1),)))


def test_cfn_lint_names_the_resource_of_a_match() -> None:
    place = {"Path": ["Resources", "Disk", "Properties", "Size"], "Start": {"LineNumber": 5}}
    match = {"Rule": {"Id": "E3012"}, "Location": place, "Filename": "../remedy-gate-ab12/t.yaml"}
    assert cfn_lint.read(json.dumps([match]).encode()) == Scan(frozenset((Said("E3012", "t.yaml", "Disk", 5),)))
    assert cfn_lint.read(b"[]") == Scan(frozenset())


FMT = "import sys\nsys.exit(3 if 'odd' in open(sys.argv[-1]).read() else 0)\n"


def formatted(folder: Path, before: str, after: str, script: str = FMT) -> tuple[Status, str]:
    environment = install(folder, "terraform", script)
    comparison = comparison_of(before, after, ADDRESS, CONTROL)
    result = Formatted(str(folder / "terraform"), environment).examine(comparison)
    return result.status, result.detail


def test_a_file_that_loses_its_form_refutes_and_one_that_had_none_is_left_alone(tmp_path: Path) -> None:
    odd = f"{AFTER}# odd\n"
    assert formatted(tmp_path, BEFORE, odd) == (Status.FAIL, "terraform fmt accepted main.tf and no longer does")
    assert formatted(tmp_path, f"{BEFORE}# odd\n", odd)[0] is Status.PASS
    assert formatted(tmp_path, BEFORE, AFTER)[0] is Status.PASS


def test_a_formatter_that_breaks_off_or_is_not_there_is_not_run(tmp_path: Path) -> None:
    assert formatted(tmp_path, BEFORE, AFTER, "import sys; sys.exit(1)") == (
        Status.NOT_RUN,
        "terraform fmt gave no answer about main.tf",
    )
    comparison = comparison_of(BEFORE, AFTER, ADDRESS, CONTROL)
    assert Formatted(None, {}).examine(comparison).detail == "terraform fmt: no terraform on PATH"


VALIDATE = (
    "import json, sys\n"
    "bad = 'broken' in open('main.tf').read()\n"
    "errors = [{'severity': 'error', 'summary': 'Unsupported  argument', 'detail': 'x'},\n"
    "          {'severity': 'warning', 'summary': 'w'}]\n"
    "print(json.dumps({'diagnostics': errors if bad else []}) if sys.argv[1] == 'validate' else '')\n"
)


def test_validate_counts_errors_and_no_warnings_where_plugins_are_given(tmp_path: Path) -> None:
    environment = install(tmp_path, "terraform", VALIDATE)
    validating = Validating(Copies(Setup(str(tmp_path / "terraform"), "", "/plugins"), environment))
    assert validating.validate("", {"main.tf": b"broken"}).errors == {"Unsupported argument: x": 1}
    assert validating.validate("", {"main.tf": b"fine"}) == ({}, "")


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("import sys; sys.exit('no plugins')", "terraform init does not work offline here: no plugins"),
        ("print('what')", "terraform validate gave no answer that can be read"),
    ],
)
def test_validate_that_cannot_run_says_why(tmp_path: Path, script: str, why: str) -> None:
    environment = install(tmp_path, "terraform", script)
    validating = Validating(Copies(Setup(str(tmp_path / "terraform"), "", "/plugins"), environment))
    assert validating.validate("", {"main.tf": b""}) == ({}, why)


def test_validate_without_terraform_or_an_initialised_root_is_not_run(tmp_path: Path) -> None:
    assert Validating(Copies(Setup(), {})).validate("", {}).why_not == "no terraform on PATH"
    plain = Validating(Copies(Setup("terraform", str(tmp_path)), {})).validate("infra", {})
    assert plain.why_not == "infra is not initialised, and no plugin directory is given"


GUARD = """import json, sys
folder = sys.argv[sys.argv.index("--data") + 1]
bad = "Encrypted: true" not in open(folder + "/t.yaml").read()
place = {"artifactLocation": {"uri": folder.lstrip("/") + "/t.yaml"}, "region": {"startLine": 4}}
found = {"ruleId": "EBS_ENCRYPTED", "locations": [{"physicalLocation": place}]}
print(json.dumps({"runs": [{"results": [found] if bad else []}]}))
sys.exit(19 if bad else 0)
"""
VOLUME = "Resources:\n  V:\n    Type: AWS::EC2::Volume\n    Properties:\n      Size: 20\n      AvailabilityZone: a\n"


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (f"{VOLUME}      Encrypted: true\n", (Status.PASS, "cfn-guard no longer reports EBS_ENCRYPTED on V")),
        (VOLUME.replace("20", "30"), (Status.FAIL, "cfn-guard still reports EBS_ENCRYPTED on V")),
    ],
)
def test_cfn_guard_is_asked_with_the_rules_of_the_policy(tmp_path: Path, after: str, said: tuple[Status, str]) -> None:
    environment = install(tmp_path, "cfn-guard", GUARD)
    comparison = comparison_of(VOLUME, after, "V", "ebs-volume-encrypted", path="t.yaml")
    finding = comparison.finding._replace(source="cfn-guard", rule_id="EBS_ENCRYPTED")
    asking = Asking(environment, (cfn_guard.scanner("rules.guard"),))
    result = Rescan(asking).examine(comparison._replace(finding=finding))
    assert (result.status, result.detail.partition(", and")[0]) == said
