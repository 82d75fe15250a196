"""The rules of the house that no linter knows."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import remedy_gate

PACKAGE = Path(remedy_gate.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
MOST_LINES = 250
MOST_LINES_OF_A_FUNCTION = 40
HEAVY = ("boto3", "botocore", "cfnlint", "hcl2", "github", "rich", "pydantic", "jsonschema", "dataclasses", "asyncio")


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_is_one_idea_and_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_functions_are_short(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < MOST_LINES_OF_A_FUNCTION, node.name


def test_no_module_is_called_after_nothing() -> None:
    names = {path.stem for path in MODULES}
    assert not names & {"utils", "util", "helpers", "common", "misc", "types", "base"}


def loaded_by(folder: Path, *arguments: str) -> set[str]:
    """The top-level modules in memory after a command, in a process of its own."""
    code = (
        "import sys\nfrom remedy_gate.cli import main\n"
        "status = main(sys.argv[1:])\n"
        "sys.stderr.write('\\n'.join({name.partition('.')[0] for name in sys.modules}))\n"
        "sys.exit(status if status > 1 else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / "main.tf").write_text('resource "aws_s3_bucket" "b" {\n  bucket = "example"\n}\n')
    (tmp_path / "notes.md").write_text("nothing\n")
    return tmp_path


def test_the_hook_imports_nothing_heavy(repository: Path) -> None:
    subprocess.run(["git", "add", "main.tf"], cwd=repository, check=True)
    loaded = loaded_by(repository, "check", "--staged", "--fix")
    assert "tree_sitter" in loaded
    assert not loaded & {*HEAVY, "yaml", "pathlib"}


def test_the_hook_with_nothing_to_do_does_not_even_import_a_parser(repository: Path) -> None:
    subprocess.run(["git", "add", "notes.md"], cwd=repository, check=True)
    assert not loaded_by(repository, "check", "--staged") & {*HEAVY, "yaml", "tree_sitter", "sqlite3", "json"}


def test_a_template_imports_nothing_heavy_but_yaml(repository: Path) -> None:
    (repository / "t.yaml").write_text("Resources:\n  B:\n    Type: AWS::S3::Bucket\n")
    subprocess.run(["git", "add", "t.yaml"], cwd=repository, check=True)
    loaded = loaded_by(repository, "check", "--staged")
    assert "yaml" in loaded
    assert not loaded & {*HEAVY, "tree_sitter"}
