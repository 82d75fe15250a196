from __future__ import annotations

from pathlib import Path

import pytest
from git_sandbox import Sandbox, lines, sandbox


@pytest.fixture
def repository(tmp_path: Path) -> Sandbox:
    """One commit with main.tf (10 lines) and modules/a/main.tf (10 lines)."""
    made = sandbox(tmp_path / "repository")
    made.write("main.tf", lines(10))
    made.write("modules/a/main.tf", lines(10))
    made.write("notes.txt", "nothing to see\n")
    made.commit()
    return made
