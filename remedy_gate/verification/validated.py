"""`terraform validate` on copies, before and after: where the root module is initialised, or a plugin directory is given."""

from __future__ import annotations

import json
import os.path
from collections import Counter
from collections.abc import Mapping
from hashlib import sha256
from typing import NamedTuple

from remedy_gate.domain.seams import Sources

from .processes import copied, run

SECONDS = 120
DATA = ".terraform"
LOCK = ".terraform.lock.hcl"
MOST_KEPT = 16


class Setup(NamedTuple):
    """What there is to validate with.

    `binary` is terraform or tofu, `root` the repository on disk, `plugins` a directory of providers that the owner named,
    each empty where there is none.
    """

    binary: str = ""
    root: str = ""
    plugins: str = ""


class Validated(NamedTuple):
    """The errors as texts, counted, or why nobody knows."""

    errors: Counter[str]
    why_not: str = ""


class Validating:
    """Validates the directories of a run, each state of them once."""

    def __init__(self, setup: Setup, environment: Mapping[str, str]) -> None:
        """Use this set-up."""
        self._setup, self._environment = setup, environment
        self._said: dict[str, Validated] = {}

    def validate(self, folder: str, sources: Sources) -> Validated:
        """The errors of the module in `folder`, with these sources around it."""
        if not self._setup.binary:
            return Validated(Counter(), "no terraform on PATH")
        data = os.path.join(self._setup.root, folder, DATA) if self._setup.root else ""
        initialised = bool(data) and os.path.isdir(data) and not self._is_committed(folder)
        if not initialised and not self._setup.plugins:
            return Validated(Counter(), f"{folder or 'the root'} is not initialised, and no plugin directory is given")
        code = {path: text for path, text in sources.items() if path.endswith((".tf", ".tofu", ".json", ".hcl"))}
        key = _digest(folder, code)
        if key not in self._said:
            self._said[key] = self._run(folder, code, data if initialised else "")
            if len(self._said) > MOST_KEPT:
                del self._said[next(iter(self._said))]
        return self._said[key]

    def _is_committed(self, folder: str) -> bool:
        """Whether the providers came with the code: then whoever wrote the change chose what would run here."""
        where = os.path.join(folder, DATA) if folder else DATA
        listed = run(
            ("git", "-C", self._setup.root, "ls-files", "--", where), self._setup.root, self._environment, SECONDS
        )
        return listed.status != 0 or bool(listed.output.strip())

    def _run(self, folder: str, code: Sources, data: str) -> Validated:
        with copied({**code, **self._lock(folder)}) as copy:
            home = os.path.join(copy, folder)
            if not os.path.isdir(home):
                return Validated(Counter(), f"there is no code in {folder or 'the root'}")
            if data:
                os.symlink(data, os.path.join(home, DATA))
            else:
                asked = (self._setup.binary, "init", "-backend=false", "-input=false", "-no-color")
                made = run((*asked, f"-plugin-dir={self._setup.plugins}"), home, self._environment, SECONDS)
                if made.status != 0:
                    return Validated(Counter(), f"terraform init does not work offline here: {made.why[-120:]}")
            done = run((self._setup.binary, "validate", "-json", "-no-color"), home, self._environment, SECONDS)
        if done.status is None:
            return Validated(Counter(), done.why)
        return _read(done.output)

    def _lock(self, folder: str) -> dict[str, bytes]:
        path = os.path.join(self._setup.root, folder, LOCK)
        if not self._setup.root or not os.path.isfile(path) or os.path.islink(path):
            return {}
        with open(path, "rb") as file:
            return {f"{folder}/{LOCK}" if folder else LOCK: file.read()}


def _read(output: bytes) -> Validated:
    """The diagnostics of `terraform validate -json` that are errors, without their places."""
    try:
        diagnostics = json.loads(output)["diagnostics"]
        found = [f"{item['summary']}: {item.get('detail', '')}" for item in diagnostics if item["severity"] == "error"]
    except (ValueError, KeyError, TypeError):
        return Validated(Counter(), "terraform validate gave no answer that can be read")
    return Validated(Counter(" ".join(text.split()) for text in found))


def _digest(folder: str, code: Sources) -> str:
    digest = sha256(folder.encode("utf-8", "surrogatepass"))
    for path in sorted(code):
        digest.update(f"\0{path}\0{len(code[path])}\0".encode("utf-8", "surrogatepass"))
        digest.update(code[path])
    return digest.hexdigest()
