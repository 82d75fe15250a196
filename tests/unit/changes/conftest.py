from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from git_sandbox import Sandbox, lines, sandbox


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = sandbox(tmp_path_factory.mktemp("made") / "repository")
    made.write("main.tf", lines(10))
    made.write("modules/a/main.tf", lines(10))
    made.write("notes.txt", "nothing to see\n")
    made.commit()
    return made.root


@pytest.fixture
def repository(made_once: Path, tmp_path: Path) -> Sandbox:
    """One commit with main.tf (10 lines) and modules/a/main.tf (10 lines)."""
    shutil.copytree(made_once, tmp_path / "repository")
    return Sandbox(tmp_path / "repository")
