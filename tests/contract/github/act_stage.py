"""A repository with a pull request, and nektos/act as its runner: workflows run whole, in host mode and without Docker."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[3]
WORKFLOWS = ROOT / "docs" / "workflows"
IDENTITY = {f"GIT_{who}_{what}": "a@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
ACT = shutil.which("act")


class Stage:
    """A checkout of a pull request of acme/infra. Its workflows come from `docs/workflows`, as users copy them."""

    def __init__(self, folder: Path, base: dict[str, str], head: dict[str, str]) -> None:
        self.folder, self.work = folder, folder / "work"
        self.work.mkdir(parents=True)
        self.git("init", "-q", "-b", "main")
        self.git("remote", "add", "origin", "https://github.com/acme/infra")
        self.base = self._commit(base)
        self.git("checkout", "-q", "-b", "feature")
        self.head = self._commit(head)
        self.artifacts = folder / "artifacts"
        self.artifacts.mkdir()
        self.log = ""

    def git(self, *words: str) -> str:
        environment = os.environ | IDENTITY | {"GIT_CONFIG_GLOBAL": os.devnull}
        done = subprocess.run(
            ["git", *words], cwd=self.work, env=environment, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def _commit(self, files: dict[str, str]) -> str:
        for name, text in files.items():
            (self.work / name).parent.mkdir(parents=True, exist_ok=True)
            (self.work / name).write_text(text)
        self.git("add", "-A")
        self.git("commit", "-qm", "x", "--allow-empty")
        return self.git("rev-parse", "HEAD")

    def pull_request(self, repository: str = "acme/infra") -> dict[str, Any]:
        head = {"sha": self.head, "ref": "feature", "repo": {"full_name": repository}}
        base = {"sha": self.base, "ref": "main", "repo": {"full_name": "acme/infra"}}
        return {"action": "synchronize", "number": 7, "pull_request": {"number": 7, "head": head, "base": base}}

    def run(self, workflow: str, event: dict[str, Any], token: str, inputs: dict[str, str], **env: str) -> int:
        """The status of act. The log of all steps, as act prints it, is kept."""
        written = yaml.safe_load((WORKFLOWS / workflow).read_text("utf-8"))
        written["on"] = written.pop(True)  # as YAML 1.1 reads `on`
        steps = [step for job in written["jobs"].values() for step in job["steps"] if "uses" in step]
        ours = next(step for step in steps if step["uses"].startswith("remedy-gate/"))
        ours["with"] = ours.get("with", {}) | inputs
        local = {step["uses"]: self._stand_in(step["uses"].partition("@")[0]) for step in steps if step is not ours}
        path, event_path = self.folder / workflow, self.folder / "event.json"
        path.write_text(yaml.safe_dump(written, sort_keys=False))
        event_path.write_text(json.dumps(event))
        command = [str(ACT), next(iter(written["on"])), "--workflows", str(path), "--eventpath", str(event_path)]
        command += ["--platform", "ubuntu-latest=-self-hosted", "--no-cache-server", "--action-offline-mode"]
        for uses, place in (local | {ours["uses"]: self._action()}).items():
            command += ["--local-repository", f"{uses}={place}"]
        command += [word for name, value in env.items() for word in ("--env", f"{name}={value}")]
        done = subprocess.run(
            [*command, "--secret", "GITHUB_TOKEN"],
            cwd=self.work,
            env=self._surroundings(token),
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )
        self.log = f"$ act {' '.join(command[1:])}\n{done.stdout}{done.stderr}"
        return done.returncode

    def _action(self) -> Path:
        """The Action as a runner downloads it: what is committed, and nothing that was compiled."""
        copy = self.folder / "action"
        if not copy.exists():
            copy.mkdir()
            for part in ("hooks", "remedy_gate"):
                shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
            shutil.copy(ROOT / "action.yml", copy)
        return copy

    def _stand_in(self, name: str) -> Path:
        """An action that would come from the network. act itself does what actions/checkout would."""
        copy = self.folder / name
        copy.mkdir(parents=True, exist_ok=True)
        script = f'cp "$WHAT" "{self.artifacts}"' if name == "actions/upload-artifact" else "true"
        step = {"shell": "bash", "run": script, "env": {"WHAT": "${{ inputs.path }}"}}
        names = ("path", "name", "retention-days", "fetch-depth", "persist-credentials")
        inputs = {it: {"description": it, "default": ""} for it in names}
        action = {"name": name, "description": name, "inputs": inputs}
        (copy / "action.yml").write_text(yaml.safe_dump({**action, "runs": {"using": "composite", "steps": [step]}}))
        return copy

    def _tools(self) -> Path:
        """A `gh` that downloads what was uploaded."""
        tools = self.folder / "tools"
        tools.mkdir(exist_ok=True)
        (tools / "gh").write_text(
            f'#!/bin/sh\nfor last; do :; done\nmkdir -p "$last" && cp {self.artifacts}/* "$last"\n'
        )
        (tools / "gh").chmod(0o755)
        return tools

    def _surroundings(self, token: str) -> dict[str, str]:
        """What act itself sees: a home of its own, so that it asks nobody and leaves nothing, and a plain Python."""
        home = self.folder / "home"
        (home / ".config" / "act").mkdir(parents=True, exist_ok=True)
        (home / ".config" / "act" / "actrc").touch()
        dropped = ("GITHUB_", "RG_", "PYTHON", "VIRTUAL_ENV", "AWS_", "XDG_")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(dropped)}
        path = os.pathsep.join((str(self._tools()), str(Path(sys.base_prefix) / "bin"), kept["PATH"]))
        caches = {f"{name.upper()}_CACHE_DIR": str(Path.home() / ".cache" / name) for name in ("pip", "uv")}
        return kept | caches | {"HOME": str(home), "PATH": path, "GITHUB_TOKEN": token}
