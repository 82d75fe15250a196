"""A local module is judged by what its callers give it, whichever of the two a change is about."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from remedy_gate.cli import main

MODULE = """variable "encrypted" {
  type    = bool
  default = DEFAULT
}

resource "aws_ebs_volume" "this" {
  availability_zone = "eu-west-1a"
  size              = 8
  encrypted         = var.encrypted
}
"""
CALLER = 'module "disk" {\n  source    = "../modules/disk"\n  encrypted = ENCRYPTED\n}\n'


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    subprocess.run(["git", "init", "-q", "-b", "main", tmp_path], check=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def staged(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)
    subprocess.run(["git", "add", path], cwd=root, check=True)


def committed(root: Path, path: str, text: str) -> None:
    staged(root, path, text)
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    subprocess.run(["git", *identity, "commit", "-q", "-m", "x", "--", path], cwd=root, check=True)


def encryption(capsys: pytest.CaptureFixture[str], *more: str) -> list[dict[str, Any]]:
    main(["check", "--format", "json", *more])
    found = json.loads(capsys.readouterr().out)["remediations"]
    return [item for item in found if item["finding"]["control"] == "ebs-volume-encrypted"]


@pytest.mark.parametrize("where", [(), ("--all",)])
@pytest.mark.parametrize(("default", "given", "open_"), [("true", "false", 1), ("false", "true", 0)])
def test_what_the_caller_gives_decides_and_not_the_default(
    repository: Path, capsys: pytest.CaptureFixture[str], where: tuple[str, ...], default: str, given: str, open_: int
) -> None:
    committed(repository, "live/main.tf", CALLER.replace("ENCRYPTED", given))
    staged(repository, "modules/disk/main.tf", MODULE.replace("DEFAULT", default))
    assert len(encryption(capsys, *where)) == open_


def test_where_nobody_calls_it_the_default_decides(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    staged(repository, "modules/disk/main.tf", MODULE.replace("DEFAULT", "false"))
    assert len(encryption(capsys)) == 1


def test_a_person_may_repair_the_caller_and_have_it_proven(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    committed(repository, "modules/disk/main.tf", MODULE.replace("DEFAULT", "true"))
    committed(repository, "live/main.tf", CALLER.replace("ENCRYPTED", "false"))
    (repository / "live/main.tf").write_text(CALLER.replace("ENCRYPTED", "true"))
    diff = subprocess.run(["git", "diff"], check=True, capture_output=True).stdout
    subprocess.run(["git", "checkout", "-q", "--", "live/main.tf"], check=True)
    (repository / "fix.diff").write_bytes(diff)
    finding: dict[str, Any] = {
        "check_id": "CKV_AWS_3",
        "check_name": "EBS",
        "file_path": "/modules/disk/main.tf",
        "resource": "aws_ebs_volume.this",
        "file_line_range": [6, 10],
        "check_result": {"result": "FAILED"},
    }
    report = {"check_type": "terraform", "results": {"failed_checks": [finding]}}
    (repository / "found.json").write_text(json.dumps(report))
    assert main(["verify", "--findings", "found.json", "--patch", "fix.diff", "--proof", "quick"]) == 0
    assert "proven" in capsys.readouterr().out
