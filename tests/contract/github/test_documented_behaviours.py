"""The table of `docs/github.md` names tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "github.md").read_text("utf-8")


def test_each_behaviour_names_one_test_that_exists() -> None:
    table = TEXT.partition("| behaviour | shown by |\n|---|---|\n")[2].partition("\n\n")[0].splitlines()
    assert len(table) >= 25
    known = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)\(", path.read_text("utf-8"), re.MULTILINE)
    }
    named = [re.fullmatch(r"\| [^|]+ \| `(test_\w+)` \|", row) for row in table]
    assert [row for row, found in zip(table, named, strict=True) if not found or found[1] not in known] == []


def test_every_workflow_is_in_the_table_and_every_link_leads_somewhere() -> None:
    links = set(re.findall(r"\]\(([\w./-]+)\)", TEXT))
    assert [link for link in links if not (ROOT / "docs" / link).is_file()] == []
    assert {f"workflows/{path.name}" for path in (ROOT / "docs" / "workflows").iterdir()} <= links
