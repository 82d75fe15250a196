"""How long the Action takes from nothing to its verdict: the steps of action.yml, as a runner takes them.

    python bench/action.py [--rounds 5] [--installer uv|pip] [--budget 6]

One round that is not counted fills the cache of wheels, as `actions/cache` or an earlier job on the same runner does.
Each counted round has a new RUNNER_TEMP and a new copy of the Action, of which nothing is compiled: the environment is
made, the locked wheels are installed, and a pull request of one changed file is checked and told to nobody (there is no
token). Wall time, the best round; beside it the ratio to `python -c pass`, which holds from machine to machine. Ends
with status 1 where the whole takes longer than the budget.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
STEPS = ("install", "check", "tell")
BASE = 'resource "aws_s3_bucket" "site" {\n  bucket = "example-site"\n}\n'
CHANGED = BASE + '\nresource "aws_s3_bucket" "data" {\n  bucket = "example-data"\n}\n'
EMPTY = {f"RG_{name}": "" for name in ("FINDINGS", "POLICY", "REMEDIES", "AWS", "REPORT", "CHECK_RUN")}


class Runner(NamedTuple):
    """A runner's folders that last, and the Python that is first on its PATH."""

    folder: Path
    base: str
    path: str

    def round(self, number: int) -> dict[str, float]:
        """Seconds of each step, on a runner that has nothing but its caches."""
        temporary = self.folder / f"temp{number}"
        temporary.mkdir()
        for part in ("hooks", "remedy_gate"):
            shutil.copytree(ROOT / part, self.action(temporary) / part, ignore=shutil.ignore_patterns("__pycache__"))
        seconds = {}
        for step in STEPS:
            start = time.perf_counter()
            self.step(step, temporary)
            seconds[step] = time.perf_counter() - start
        shutil.rmtree(temporary)
        shutil.rmtree(self.action(temporary))
        return seconds

    def action(self, temporary: Path) -> Path:
        """Where the runner has put the Action."""
        return temporary.with_suffix(".action")

    def step(self, name: str, temporary: Path) -> None:
        dropped = ("GITHUB_", "RG_", "PYTHON", "VIRTUAL_ENV")
        environment = {key: value for key, value in os.environ.items() if not key.startswith(dropped)}
        environment |= EMPTY | {
            "CI": "true",
            "PATH": self.path,
            "PIP_CACHE_DIR": str(self.folder / "pip"),
            "UV_CACHE_DIR": str(self.folder / "uv"),
            "RUNNER_TEMP": str(temporary),
            "GITHUB_ACTION_PATH": str(self.action(temporary)),
            "GITHUB_OUTPUT": str(temporary / "output"),
            "GITHUB_STEP_SUMMARY": str(temporary / "summary"),
            "RG_MODE": "all",
            "RG_BASE": self.base,
            "RG_REPORT": str(temporary / "report.json") if name == "tell" else "",
        }
        if name == "tell":
            shutil.copy(temporary / "remedy-gate.json", temporary / "report.json")
        command = ["bash", str(self.action(temporary) / "hooks" / "action.sh"), name]
        done = subprocess.run(
            command, cwd=self.folder / "work", env=environment, check=False, capture_output=True, text=True
        )
        if done.returncode:
            sys.exit(f"{name} ended with {done.returncode}:\n{done.stdout}{done.stderr}")


def runner(folder: Path, installer: str) -> Runner:
    """A checkout of a pull request with one changed file; uv is on PATH only where it is asked for."""
    work = folder / "work"
    work.mkdir()
    git(work, "init", "-q", "-b", "main")
    (work / "main.tf").write_text(BASE)
    git(work, "add", ".")
    git(work, "commit", "-qm", "base")
    base = git(work, "rev-parse", "HEAD")
    (work / "main.tf").write_text(CHANGED)
    git(work, "commit", "-qam", "change")
    return Runner(folder, base, path_of(folder, installer))


def path_of(folder: Path, installer: str) -> str:
    """A PATH on which `python3` is a plain one with pip, and `uv` is there or not."""
    tools = folder / "tools"
    tools.mkdir()
    (tools / "python3").symlink_to(Path(sys.base_prefix) / "bin" / "python3")
    found = shutil.which("uv")
    if installer == "uv":
        if found is None:
            sys.exit("uv is not installed here.")
        (tools / "uv").symlink_to(found)
        if Path(found).read_bytes()[:2] == b"#!":
            sys.exit(f"{found} only finds another uv, by what a runner has not: put that one first on PATH.")
    for name in ("bash", "git", "rm", "cat"):
        (tools / name).symlink_to(shutil.which(name) or name)
    return str(tools)


def git(folder: Path, *words: str) -> str:
    identity = {f"GIT_{who}_{what}": "a@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environment = os.environ | identity | {"GIT_CONFIG_GLOBAL": os.devnull}
    done = subprocess.run(["git", *words], cwd=folder, env=environment, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def bare(rounds: int) -> float:
    """Seconds of `python -c pass`."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-I", "-c", "pass"], check=True)
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> int:
    words = argparse.ArgumentParser()
    words.add_argument("--rounds", type=int, default=5)
    words.add_argument("--installer", choices=("uv", "pip"), default="pip")
    words.add_argument("--budget", type=float, default=6.0)
    asked = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made = runner(Path(folder), asked.installer)
        cold = made.round(0)
        rounds = [made.round(number) for number in range(1, asked.rounds + 1)]
    best, unit = min(rounds, key=lambda it: sum(it.values())), bare(10)
    print(f"{asked.installer}, an empty cache: {told(cold, unit)}")
    print(f"{asked.installer}, a warm cache:   {told(best, unit)} (budget {asked.budget:g} s)")
    print(f"python -c pass: {unit * 1000:.0f} ms")
    return int(sum(best.values()) > asked.budget)


def told(seconds: dict[str, float], unit: float) -> str:
    steps = ", ".join(f"{name} {taken:.2f} s" for name, taken in seconds.items())
    whole = sum(seconds.values())
    return f"{whole:.2f} s, {whole / unit:.0f} times a bare Python: {steps}"


if __name__ == "__main__":
    sys.exit(main())
