"""Reports of real checks, made of files that a test names, and the files as `check --fix` would leave them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from remedy_gate.cli import main

CONTROLS = ("sns-topic-encrypted", "sqs-queue-encrypted", "s3-versioning")
_RULES = """\
version: 1
ledger: none
rules:
  - {name: these, action: %s, when: {control: [sns-topic-encrypted, sqs-queue-encrypted, s3-versioning]}}
  - {name: the rest, action: annotate}
"""
APPLY, SUGGEST = _RULES % "apply", _RULES % "suggest"


class Checked(NamedTuple):
    """The report as JSON, and what the files become where every proven patch is written."""

    report: str
    repaired: dict[str, bytes]


def checked(folder: Path, files: dict[str, bytes], policy: str) -> Checked:
    """Check the files under a policy, and repair a copy of them."""
    report = folder / "report.json"
    for name in ("work", "copy"):
        for path, content in files.items():
            (folder / name / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / name / path).write_bytes(content)
        (folder / name / ".remedy-gate.yml").write_text(policy)
    words = ["check", "--all", "--findings", "catalogue"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder / "work")
        main([*words, "--format", "json", "--output", str(report)])
        patch.chdir(folder / "copy")
        main([*words, "--fix", "--format", "json", "--output", str(folder / "fixed.json")])
    return Checked(report.read_text(), {path: (folder / "copy" / path).read_bytes() for path in files})
