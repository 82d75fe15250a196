"""Where the ledger of this machine lies: under the repository's git directory, which no `git status` ever shows."""

from __future__ import annotations

import os

FOLDER = "remedy-gate"
DATABASE = "ledger.sqlite"


def git_folder(root: str, named: str = "") -> str | None:
    """The git directory that all worktrees of a repository share; None where there is none.

    `named` is what GIT_DIR says. In a worktree or submodule `.git` is a file that names a folder, and `commondir` in
    that one names the shared one (gitrepository-layout(5)).
    """
    folder = named or os.path.join(root, ".git")
    if os.path.isfile(folder):
        target = _first_line(folder)
        if not target.startswith("gitdir: "):
            return None
        folder = os.path.join(root, target.removeprefix("gitdir: "))
    if not os.path.isfile(os.path.join(folder, "HEAD")):
        return None
    common = os.path.join(folder, "commondir")
    return os.path.normpath(os.path.join(folder, _first_line(common)) if os.path.isfile(common) else folder)


def ledger_folder(git: str) -> str:
    """The folder of the ledger in a git directory."""
    return os.path.join(git, FOLDER)


def _first_line(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.readline(4096).strip()
    except OSError:
        return ""
