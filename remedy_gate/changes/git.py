"""Runs git: without a shell, without a terminal, without the programs that its configuration may have diffs start.

`subprocess` costs 7 ms to import, a fifth of what the hook may take when it has nothing to do, so that git is started
with `posix_spawn` where there is one. `subprocess` serves elsewhere, and to find out why a command failed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import BinaryIO, TypeVar

from remedy_gate.errors import ChangesError

Result = TypeVar("Result")

INPUT_LIMIT = 4000
"""Bytes of input for one command. A pipe takes as many before anyone reads (POSIX: 4096), so that nobody waits."""

_SAFE = (
    *("-c", "core.fsmonitor=false", "-c", "diff.autoRefreshIndex=true", "-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.bigFileThreshold=20m"),  # what is larger is no code: a diff of it would only cost memory
)
_SET = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
_REMOVED = (
    "GIT_EXTERNAL_DIFF",
    "GIT_DIFF_OPTS",
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
)
_PATHS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY")


class Git:
    """git in one directory. Hooks say through the environment which repository and which index they are about."""

    __slots__ = ("_environment", "_program", "root")

    def __init__(self, root: str, environment: Mapping[str, str]) -> None:
        self.root = root
        self._environment = _environment(environment)
        self._program = _find("git", environment.get("PATH", os.defpath))

    def run(
        self, arguments: tuple[str, ...], read: Callable[[BinaryIO], Result], given: bytes = b""
    ) -> tuple[int, Result]:
        """The exit status of a command, and what `read` made of its output. No more than `INPUT_LIMIT` is `given`."""
        start = _spawn if hasattr(os, "posix_spawn") else _popen
        try:
            return start(self._command(arguments), self._environment, read, given)
        except OSError as error:
            raise ChangesError(f"git could not be run: {error.strerror}.") from error

    def answer(self, arguments: tuple[str, ...]) -> tuple[int, bytes]:
        """The exit status of a command and its whole output."""
        return self.run(arguments, _whole)

    def output(self, arguments: tuple[str, ...]) -> bytes:
        """The whole output of a command. Raises `ChangesError` with git's own reason where it fails."""
        status, output = self.answer(arguments)
        if status:
            raise self.failure(arguments)
        return output

    def failure(self, arguments: tuple[str, ...], given: bytes = b"") -> ChangesError:
        """Why a command failed, found out by running it again."""
        import subprocess

        done = subprocess.run(
            self._command(arguments), env=self._environment, input=given, capture_output=True, check=False
        )
        return _explained(done.stderr.decode("utf-8", "replace"), self.root)

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        """Names of files as git knows them, in UTF-8, whatever the locale says of the file system."""
        named = (os.fsdecode(argument.encode("utf-8", "surrogateescape")) for argument in arguments)
        return [self._program, "-C", self.root, *_SAFE, *named]


def _whole(stream: BinaryIO) -> bytes:
    return stream.read()


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    """Ours, with paths made absolute, as git runs at the root of the repository wherever we run."""
    environment = {name: value for name, value in given.items() if name not in _REMOVED}
    environment.update({name: os.path.abspath(given[name]) for name in _PATHS if given.get(name)})
    environment.update(_SET)
    return environment


def _find(program: str, path: str) -> str:
    """Where a program is. Only absolute folders are searched: never what a repository brings along."""
    names = (f"{program}.exe",) if os.name == "nt" else (program,)
    for folder in filter(os.path.isabs, path.split(os.pathsep)):
        for name in names:
            found = os.path.join(folder, name)
            if os.access(found, os.X_OK) and os.path.isfile(found):
                return found
    raise ChangesError("git was not found.", "Install it, or check every file with --all, which needs no git.")


def _spawn(
    command: list[str], environment: Mapping[str, str], read: Callable[[BinaryIO], Result], given: bytes
) -> tuple[int, Result]:
    theirs_in, ours_in = os.pipe()
    ours_out, theirs_out = os.pipe()
    with open(ours_out, "rb") as stream:
        try:
            os.write(ours_in, given)
            actions = (
                (os.POSIX_SPAWN_DUP2, theirs_in, 0),
                (os.POSIX_SPAWN_DUP2, theirs_out, 1),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            )
            process = os.posix_spawn(command[0], command, environment, file_actions=actions)
        finally:
            for end in (theirs_in, ours_in, theirs_out):
                os.close(end)
        try:
            result = read(stream)
        finally:
            stream.close()
            status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    return status, result


def _popen(
    command: list[str], environment: Mapping[str, str], read: Callable[[BinaryIO], Result], given: bytes
) -> tuple[int, Result]:
    from subprocess import DEVNULL, PIPE, Popen

    with Popen(command, env=environment, stdin=PIPE, stdout=PIPE, stderr=DEVNULL) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(given)
        process.stdin.close()
        result = read(process.stdout)  # type: ignore[arg-type]
    return process.returncode, result


def _explained(stderr: str, root: str) -> ChangesError:
    lines = stderr.strip().splitlines()
    reason = next((line for line in lines if line.startswith(("fatal: ", "error: "))), lines[-1] if lines else "")
    if "dubious ownership" in stderr or "unsafe repository" in stderr:
        return ChangesError(
            f"git does not trust {root}: the folder belongs to somebody else.",
            f"If you trust it, run: git config --global --add safe.directory {root}",
        )
    if "not a git repository" in stderr:
        return not_a_repository(root)
    if "must be run in a work tree" in stderr:
        return ChangesError(f"{root} has no working tree.", "Run inside a checkout, not in a bare repository.")
    return ChangesError(f"git failed: {reason.partition(': ')[2] or 'it gave no reason'}.")


def not_a_repository(directory: str) -> ChangesError:
    """The error for a directory that no git repository holds."""
    return ChangesError(
        f"{directory} is not in a git repository.",
        "Run inside one, or check every file with --all, which needs no git.",
    )
