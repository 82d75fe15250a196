"""A real git repository in a temporary folder, untouched by whatever this machine has configured."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from remedy_gate.changes.merge_base import BaseChanges
from remedy_gate.changes.staged import StagedChanges
from remedy_gate.changes.whole_tree import WholeTree
from remedy_gate.domain.source import ALL_LINES, Change, LineRange

SUFFIXES = (".tf", ".tf.json", ".yaml", ".json")
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
}


class Sandbox:
    def __init__(self, root: Path, **environment: str) -> None:
        self.root = root
        self.environment = {**ENVIRONMENT, **environment}

    def git(self, *arguments: str, ok: bool = True) -> str:
        command = ["git", "-C", str(self.root), *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, check=False)
        assert not ok or done.returncode == 0, done.stderr.decode()
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    def write(self, path: str, contents: str | bytes) -> None:
        file = Path(os.fsdecode(os.fsencode(self.root) + b"/" + path.encode("utf-8", "surrogateescape")))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(contents if isinstance(contents, bytes) else contents.encode())

    def touch(self, path: str) -> None:
        """Make git look into a file again. It may have been built to keep dates by the second only."""
        os.utime(self.root / path, (1_000_000_000, 1_000_000_000))

    def stage(self) -> None:
        self.git("add", "--all", ".")

    def commit(self, message: str = "change") -> str:
        self.stage()
        self.git("commit", "--quiet", "--no-verify", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")

    def staged(self, *paths: str) -> StagedChanges:
        return StagedChanges(str(self.root), paths, SUFFIXES, self.environment)

    def since(self, ref: str, *paths: str) -> BaseChanges:
        return BaseChanges(str(self.root), ref, paths, SUFFIXES, self.environment)

    def whole(self, *paths: str) -> WholeTree:
        return WholeTree(str(self.root), paths, SUFFIXES)


def sandbox(root: Path, **files: str | bytes) -> Sandbox:
    root.mkdir(parents=True, exist_ok=True)
    made = Sandbox(root)
    made.git("init", "--quiet", "--template=", "--initial-branch=main")
    for path, contents in files.items():
        made.write(path, contents)
    return made


def lines(count: int) -> str:
    return "".join(f"line {number}\n" for number in range(1, count + 1))


def changed(path: str, *ranges: tuple[int, int], previous: str | None = None) -> Change:
    return Change(path, tuple(LineRange(*one) for one in ranges), previous)


def whole_file(path: str) -> Change:
    return Change(path, (ALL_LINES,))
