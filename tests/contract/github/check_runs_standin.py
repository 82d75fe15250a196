"""Check runs of the stand-in for GitHub: annotations are only ever added, and an App changes nothing but its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from github_contract import example

HEAD_OF_LINES = 255
MOST_BYTES = 64 * 1024
Answer = tuple[int, Any]
Route = tuple[str, str, Callable[..., Answer]]


@dataclass
class CheckRunState:
    """One check run as GitHub keeps it. `app`: who made it; ours is 1."""

    fields: dict[str, Any]
    annotations: list[dict[str, Any]] = field(default_factory=list)
    app: int = 1


@dataclass
class CheckRuns:
    """All check runs of the repository. `denied`: the token has no rights to checks, as without `checks: write`."""

    commits: set[str]
    runs: list[CheckRunState] = field(default_factory=list)
    denied: bool = False
    first_id: int = 64_000_000_000

    @property
    def routes(self) -> tuple[Route, ...]:
        return (
            ("GET", r"/commits/(\w+)/check-runs", self._listed),
            ("POST", r"/check-runs", self._made),
            ("PATCH", r"/check-runs/(\d+)", self._changed),
            ("GET", r"/check-runs/(\d+)/annotations", self._annotations),
        )

    def _listed(self, sha: str, query: dict[str, list[str]]) -> Answer:
        """Of each App and name the newest, as `filter` is `latest` unless said otherwise."""
        if self.denied:
            return _denied()
        newest: dict[object, dict[str, Any]] = {}
        for index, run in enumerate(self.runs):
            if run.fields["head_sha"] == sha and run.fields["name"] == query["check_name"][0]:
                newest[run.app if query.get("filter") != ["all"] else index] = self._told(index)
        return 200, {"total_count": len(newest), "check_runs": list(newest.values())}

    def _made(self, body: dict[str, Any]) -> Answer:
        if self.denied:
            return _denied()
        if body["head_sha"] not in self.commits:
            return 422, _message(f"No commit found for SHA: {body['head_sha']}")
        if "conclusion" not in body and body.get("status") == "completed":
            return 422, _message("conclusion is required if the status is completed")
        self.runs.append(CheckRunState({key: value for key, value in body.items() if key != "output"}))
        return self._add(len(self.runs) - 1, body, 201)

    def _changed(self, number: str, body: dict[str, Any]) -> Answer:
        index = int(number) - self.first_id
        if self.denied:
            return _denied()
        if self.runs[index].app != 1:
            return 403, _message(
                "Invalid app_id `1` - check run can only be modified by the GitHub App that created it."
            )
        self.runs[index].fields.update((key, value) for key, value in body.items() if key != "output")
        return self._add(index, body, 200)

    def _add(self, index: int, body: dict[str, Any], status: int) -> Answer:
        output = body.get("output", {})
        faults = [fault for it in output.get("annotations", ()) for fault in _faults(it)]
        if faults:
            return 422, _message("; ".join(faults))
        run = self.runs[index]
        run.annotations += output.get("annotations", ())
        run.fields["output"] = {"title": output.get("title"), "summary": output.get("summary")}
        return status, self._told(index)

    def _annotations(self, number: str, query: dict[str, list[str]]) -> Answer:
        run, [usual] = self.runs[int(number) - self.first_id], example("check-annotation-items")
        size, page = int(query.get("per_page", ["30"])[0]), int(query.get("page", ["1"])[0])
        whole = [
            {**usual, "start_column": None, "end_column": None, "raw_details": None, **it} for it in run.annotations
        ]
        return 200, whole[(page - 1) * size : page * size]

    def _told(self, index: int) -> dict[str, Any]:
        run, whole = self.runs[index], dict(example("check-run"))
        number = self.first_id + index
        output = {**whole["output"], **run.fields.get("output", {}), "annotations_count": len(run.annotations)}
        kept = {key: value for key, value in run.fields.items() if key != "output"}
        return {**whole, **kept, "id": number, "html_url": f"https://x.example/runs/{number}", "output": output}


def _faults(annotation: dict[str, Any]) -> list[str]:
    faults = []
    if not 1 <= annotation["start_line"] <= annotation["end_line"]:
        faults.append("end_line must not be before start_line, which is at least 1")
    if len(annotation.get("title", "")) > HEAD_OF_LINES:
        faults.append("title is too long (maximum is 255 characters)")
    if len(annotation["message"].encode()) > MOST_BYTES:
        faults.append("message is too long (maximum is 64 KB)")
    if annotation["path"].startswith("/"):
        faults.append("path must be relative")
    return faults


def _denied() -> Answer:
    return 403, _message("Resource not accessible by integration")


def _message(text: str) -> dict[str, str]:
    return {"message": text, "documentation_url": "https://docs.github.com/rest"}
