"""The demo is the first thing that anybody sees: it has to show the whole job."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from remedy_gate.cli import main


@pytest.fixture
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("CI", "GIT_DIR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_the_demo_shows_proven_patches_in_both_languages_and_what_is_withheld(
    surroundings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert list(surroundings.iterdir()) == []
    assert main(["demo"]) == 0
    output = capsys.readouterr().out
    found = re.search(r"(\d+) patches \((\d+) proven\)", output)
    assert found
    assert int(found[2]) >= 6
    assert "infra/main.tf:" in output
    assert "stacks/events.yaml:" in output
    assert "policy: withhold, by rule" in output
    assert "var.log_encryption has no default" in " ".join(output.split())
    assert "Not tied to a block of this code" in output
    assert "```suggestion" in output
    assert "\nblock: " in output


def test_the_kept_repository_can_be_fixed_and_is_then_as_good_as_its_patches(
    surroundings: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["demo", "--keep", "kept"]) == 0
    folder = surroundings / "kept"
    monkeypatch.chdir(folder)
    capsys.readouterr()
    assert main(["check", "--base", "main", "--fix", "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert set(report["summary"]["applied"]) == {"infra/main.tf", "stacks/events.yaml"}
    changed = subprocess.run(["git", "diff", "--stat"], cwd=folder, check=True, capture_output=True, text=True).stdout
    assert "2 files changed" in changed
    assert main(["check", "--base", "main", "--fix"]) == 1  # a key that was made is a candidate for what had none
    capsys.readouterr()
    assert main(["check", "--base", "main", "--format", "json"]) == 1
    again = json.loads(capsys.readouterr().out)
    proven = [item for item in again["remediations"] if item["proof"] and item["decision"]["action"] == "suggest"]
    assert proven == []


def test_the_demo_does_not_write_into_a_folder_that_is_in_use(
    surroundings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (surroundings / "mine").mkdir()
    (surroundings / "mine" / "file").write_text("x")
    assert main(["demo", "--keep", "mine"]) == 2
    assert [path.name for path in (surroundings / "mine").iterdir()] == ["file"]
    assert "mine is there already" in capsys.readouterr().err
