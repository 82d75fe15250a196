"""Run a program of others on copies: with no credentials of ours, without network where that can be, and not for ever."""

from __future__ import annotations

import os.path
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import NamedTuple

from remedy_gate.domain.seams import Sources

KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "SystemRoot", "COMSPEC", "PATHEXT")
"""What of the surroundings a program gets to see. Tokens and keys are not among it, nor is the home of the user."""
NOWHERE = "http://127.0.0.1:9"
"""A proxy that nobody runs: a program that tries the network all the same gets an answer at once."""
CUT_OFF = ("unshare", "--user", "--map-root-user", "--net")
PROBE_SECONDS = 5
MOST_OUTPUT = 64_000_000


class Ran(NamedTuple):
    """How a program ended. `status` is None where it did not run to its end; `why` says so in words."""

    status: int | None
    output: bytes = b""
    why: str = ""
    offline: bool = False


def run(argv: tuple[str, ...], folder: str, environment: Mapping[str, str], seconds: int) -> Ran:
    """Run it in a folder, which is also its home. Never raises."""
    import subprocess

    kept = {name: value for name, value in environment.items() if name in KEPT}
    proxies = dict.fromkeys(
        ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"), NOWHERE
    )
    given = {**kept, **proxies, "HOME": folder, "NO_COLOR": "1", "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
    offline = _can_cut_off(kept.get("PATH", ""))
    try:
        done = subprocess.run(
            [*(CUT_OFF if offline else ()), *argv],
            cwd=folder,
            env=given,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Ran(None, b"", f"{os.path.basename(argv[0])} took longer than {seconds} s", offline)
    except OSError as error:
        return Ran(None, b"", f"{os.path.basename(argv[0])} cannot be run: {error.strerror}", offline)
    if len(done.stdout) > MOST_OUTPUT:
        return Ran(None, b"", f"{os.path.basename(argv[0])} said too much", offline)
    return Ran(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace").strip()[-200:], offline)


@lru_cache(maxsize=4)
def _can_cut_off(path: str) -> bool:
    """Whether a program can be given a network of its own with nothing in it (Linux user namespaces)."""
    import subprocess
    from shutil import which

    if not which(CUT_OFF[0], path=path):
        return False
    try:
        return not subprocess.run(
            [*CUT_OFF, "true"], capture_output=True, timeout=PROBE_SECONDS, check=False
        ).returncode
    except (OSError, subprocess.TimeoutExpired):
        return False


@contextmanager
def copied(sources: Sources) -> Iterator[str]:
    """A temporary folder with these files, and nothing else of the repository: no configuration of any scanner."""
    from tempfile import TemporaryDirectory  # like the other two, not on a hook's path: it asks no tools

    with TemporaryDirectory(prefix="remedy-gate-") as folder:
        root = os.path.realpath(folder)
        for path, text in sources.items():
            target = os.path.normpath(os.path.join(root, path))
            if not target.startswith(root + os.sep):
                continue
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "wb") as file:
                file.write(text)
        yield root
