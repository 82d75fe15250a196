"""A runner that publishes: its variables, its event, and somebody's artifact."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from github_standin import HEAD, TOKEN

from remedy_gate.cli import main


class Desk:
    """A runner of the workflow on `workflow_run`: no checkout, a token, an event, and somebody's artifact."""

    def __init__(self, folder: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._environment = monkeypatch
        monkeypatch.chdir(folder)
        self.set(CI="true", GITHUB_TOKEN=TOKEN, GITHUB_REPOSITORY="acme/infra", GITHUB_API_URL=address)
        self.set(GITHUB_REF="refs/heads/main", GITHUB_STEP_SUMMARY=str(folder / "summary.md"))
        run = {"head_sha": HEAD, "head_branch": "feature", "event": "pull_request"}
        self.event("workflow_run", {"workflow_run": {**run, "head_repository": {"full_name": "eve/infra"}}})

    def set(self, **variables: str) -> None:
        for name, value in variables.items():
            self._environment.setenv(name, value)

    def event(self, name: str, payload: Any) -> None:
        path = self.folder / "event.json"
        path.write_text(json.dumps(payload))
        self.set(GITHUB_EVENT_NAME=name, GITHUB_EVENT_PATH=str(path))

    def policy(self, text: str) -> None:
        (self.folder / ".remedy-gate.yml").write_text(text)

    def publish(
        self,
        report: str,
        change: Callable[[Any], object] = lambda _: None,
        *,
        check_run: str | None = None,
        policy: str | None = None,
    ) -> int:
        whole = json.loads(report)
        change(whole)
        path = self.folder / "artifact.json"
        path.write_text(json.dumps(whole))
        options = {"--check-run": check_run, "--policy": policy}
        words = [f"{name}={value}" for name, value in options.items() if value is not None]
        return main(["publish", *words, str(path)])
