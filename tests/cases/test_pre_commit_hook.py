"""The two doors before a commit, as a developer meets them: the pre-commit hook and the plain git hook."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from remedy_gate.iac.file_names import MAYBE_CODE

PROJECT = Path(__file__).parents[2]
PARTS = ("remedy_gate", "pyproject.toml", "README.md", "LICENSE", "NOTICE", "CHANGELOG.md", ".pre-commit-hooks.yaml")

OPEN = """\
resource "aws_s3_bucket_public_access_block" "logs" {
  bucket                  = "example-logs"
  block_public_acls       = true
  block_public_policy     = false # one of four
  ignore_public_acls      = true
  restrict_public_buckets = true
}
"""
FIXED = OPEN.replace("= false #", "= true #")
POLICY = "version: 1\nfindings: [catalogue]\n"


class Checkout:
    """A repository of some user of ours."""

    def __init__(self, root: Path, environment: Mapping[str, str]) -> None:
        root.mkdir()
        self.root = root
        self.environment = {
            **environment,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            **{
                f"GIT_{who}_{what}": f"{who}@example.com"
                for who in ("AUTHOR", "COMMITTER")
                for what in ("NAME", "EMAIL")
            },
        }
        self.git("init", "--quiet", "--initial-branch=main")

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.root, env=self.environment, capture_output=True, text=True, encoding="utf-8", check=False
        )

    def git(self, *arguments: str) -> str:
        done = self.run("git", *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def commit(self) -> subprocess.CompletedProcess[str]:
        return self.run("git", "commit", "--quiet", "--message", "change")

    def main_tf(self) -> str:
        return (self.root / "main.tf").read_text(encoding="utf-8")


def manifest_hooks() -> dict[str, dict[str, object]]:
    import yaml

    hooks = yaml.safe_load((PROJECT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    return {hook["id"]: hook for hook in hooks}


@pytest.mark.parametrize("name", ["remedy-gate", "remedy-gate-check", "remedy-gate-all"])
def test_the_pre_commit_hook_starts_for_exactly_the_files_that_may_be_code(name: str) -> None:
    pattern = re.compile(str(manifest_hooks()[name]["files"]))
    assert all(pattern.search(f"modules/a/main{suffix}") for suffix in MAYBE_CODE)
    assert pattern.search("Stack.YAML")
    assert not any(pattern.search(path) for path in ("main.py", "tf", "main.tf.off", "yaml/readme.md", "a.tfstate"))


def test_only_the_hook_that_says_so_fixes() -> None:
    entries = {name: hook["entry"] for name, hook in manifest_hooks().items()}
    assert entries == {
        "remedy-gate": "remedy-gate check --staged --fix",
        "remedy-gate-check": "remedy-gate check --staged",
        "remedy-gate-all": "remedy-gate check --all",
    }


@pytest.mark.slow
def test_a_commit_through_pre_commit_is_fixed_first_and_passes_once_the_fix_is_staged(tmp_path: Path) -> None:
    hook = published(tmp_path / "published")
    user = Checkout(tmp_path / "user", {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "home")})
    config = f"repos:\n- repo: {hook.root}\n  rev: {hook.git('rev-parse', 'HEAD')}\n  hooks:\n  - id: remedy-gate\n"
    (user.root / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")
    (user.root / "notes.txt").write_text("no code\n", encoding="utf-8")
    installed = user.run(sys.executable, "-m", "pre_commit", "install", "--install-hooks")
    assert installed.returncode == 0, installed.stdout + installed.stderr
    user.git("add", "notes.txt")
    nothing = user.commit()
    assert nothing.returncode == 0, nothing.stdout + nothing.stderr
    assert "Skipped" in nothing.stdout + nothing.stderr
    commits_only_what_is_fixed(user)


@pytest.mark.slow
def test_a_commit_through_the_plain_hook_is_fixed_first_and_passes_once_the_fix_is_staged(tmp_path: Path) -> None:
    command = tmp_path / "bin" / "remedy-gate"
    command.parent.mkdir()
    start = f"import sys; sys.path.insert(0, {str(PROJECT)!r}); from remedy_gate.cli import run; run()"
    command.write_text(f"#!{sys.executable}\n{start}\n", encoding="utf-8")
    command.chmod(0o755)
    user = Checkout(tmp_path / "user", {**os.environ, "PATH": f"{command.parent}:{os.environ['PATH']}"})
    shutil.copy(PROJECT / "hooks/pre-commit", user.root / ".git/hooks/pre-commit")
    commits_only_what_is_fixed(user)


def test_the_plain_hook_stops_a_commit_that_nobody_checked(tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("git", "sh"):
        found = shutil.which(name)
        assert found is not None
        (tools / name).symlink_to(found)
    user = Checkout(tmp_path / "user", {"PATH": str(tools)})
    (user.root / "main.tf").write_text(OPEN, encoding="utf-8")
    user.git("add", "main.tf")
    shutil.copy(PROJECT / "hooks/pre-commit", user.root / ".git/hooks/pre-commit")
    stopped = user.commit()
    assert stopped.returncode != 0
    assert stopped.stderr == (
        "remedy-gate is not on PATH, so this commit was not checked: pip install remedy-gate\n"
        "To commit without the check: git commit --no-verify\n"
    )
    assert user.run("git", "rev-parse", "--verify", "--quiet", "HEAD").returncode == 1


def commits_only_what_is_fixed(user: Checkout) -> None:
    (user.root / ".remedy-gate.yml").write_text(POLICY, encoding="utf-8")
    (user.root / "main.tf").write_text(OPEN, encoding="utf-8")
    user.git("add", "main.tf", ".remedy-gate.yml")
    stopped = user.commit()
    assert stopped.returncode == 1, stopped.stdout + stopped.stderr
    assert user.main_tf() == FIXED, stopped.stdout + stopped.stderr
    assert user.git("show", ":main.tf") + "\n" == OPEN
    user.git("add", "main.tf")
    passed = user.commit()
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert user.git("show", "HEAD:main.tf") + "\n" == FIXED


def published(root: Path) -> Checkout:
    """A repository with what is in the working tree now, as if it had been released."""
    made = Checkout(root, os.environ)
    for part in filter(lambda part: (PROJECT / part).exists(), PARTS):
        if (PROJECT / part).is_dir():
            shutil.copytree(PROJECT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(PROJECT / part, root / part)
    made.git("add", "--all", "--force")
    made.git("commit", "--quiet", "--message", "release")
    return made
