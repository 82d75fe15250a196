"""Copies of a Terraform module in which terraform can work without network: initialised there, or from a plugin directory."""

from __future__ import annotations

import os.path
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from remedy_gate.domain.seams import Sources

from .processes import Ran, copied, run
from .tools import terraform

SECONDS = 120
DATA = ".terraform"
LOCK = ".terraform.lock.hcl"
CODE = (".tf", ".tofu", ".json", ".hcl", ".tfvars")


class Setup(NamedTuple):
    """What there is to ask.

    `binary` is terraform or tofu, `root` the repository on disk, `plugins` a directory of providers that the owner named,
    each empty where there is none.
    """

    binary: str = ""
    root: str = ""
    plugins: str = ""


class Copy(NamedTuple):
    """Where the copy of the module lies, or why nothing can be asked there."""

    home: str
    why_not: str = ""


class Copies:
    """Makes copies of the directories of a run."""

    def __init__(self, setup: Setup, environment: Mapping[str, str]) -> None:
        """Use this set-up."""
        self.setup, self._environment = setup, environment

    @property
    def tool(self) -> str:
        """What is asked, with its version."""
        return terraform(self.setup.binary, self._environment)

    def why_not(self, folder: str) -> str:
        """Why terraform cannot be asked about the module in `folder`; the empty text where it can."""
        if not self.setup.binary:
            return "no terraform on PATH"
        if not self._data(folder) and not self.setup.plugins:
            return f"{folder or 'the root'} is not initialised, and no plugin directory is given"
        return ""

    @contextmanager
    def of(self, folder: str, code: Sources) -> Iterator[Copy]:
        """The module in `folder`, with this code around it, initialised."""
        with copied({**code, **self._lock(folder)}) as copy:
            home = os.path.join(copy, folder)
            yield Copy(home, self._initialise(folder, home))

    def ask(self, home: str, *words: str) -> Ran:
        """What terraform says there."""
        return run((self.setup.binary, *words), home, self._environment, SECONDS)

    def file(self, path: str) -> bytes | None:
        """A file that lies on disk beside the code, None where it is no plain file."""
        whole = os.path.join(self.setup.root, path)
        if not self.setup.root or not os.path.isfile(whole) or os.path.islink(whole):
            return None
        with open(whole, "rb") as file:
            return file.read()

    def _initialise(self, folder: str, home: str) -> str:
        if not os.path.isdir(home):
            return f"there is no code in {folder or 'the root'}"
        if data := self._data(folder):
            os.symlink(data, os.path.join(home, DATA))
            return ""
        made = self.ask(
            home, "init", "-backend=false", "-input=false", "-no-color", f"-plugin-dir={self.setup.plugins}"
        )
        return "" if made.status == 0 else f"terraform init does not work offline here: {made.why[-120:]}"

    def _data(self, folder: str) -> str:
        """The folder with the providers that the owner has initialised; empty where there is none to be trusted."""
        data = os.path.join(self.setup.root, folder, DATA) if self.setup.root else ""
        return data if data and os.path.isdir(data) and not self._is_committed(folder) else ""

    def _is_committed(self, folder: str) -> bool:
        """Whether the providers came with the code: then whoever wrote the change chose what would run here."""
        where, root = os.path.join(folder, DATA) if folder else DATA, self.setup.root
        listed = run(("git", "-C", root, "ls-files", "--", where), root, self._environment, SECONDS)
        return listed.status != 0 or bool(listed.output.strip())

    def _lock(self, folder: str) -> dict[str, bytes]:
        path = f"{folder}/{LOCK}" if folder else LOCK
        content = self.file(path)
        return {} if content is None else {path: content}
