"""The Action's own script from end to end: a real repository, the real command line, a stand-in for GitHub."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from github_reports import APPLY, SUGGEST
from github_standin import HEAD, TOKEN, PullRequestState, serving

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "hooks" / "action.sh"
BASE = b'resource "aws_s3_bucket" "site" {\n  bucket = "example-site"\n}\n'
CHANGED = BASE + b'\nresource "aws_s3_bucket" "data" {\n  bucket = "example-data"\n}\n'
IDENTITY = {f"GIT_{who}_{what}": "a@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


class Runner:
    """A GitHub runner: its folders, its variables, and the installed gate."""

    def __init__(self, folder: Path, base_policy: str = "", head_policy: str = "") -> None:
        self.workspace, self.temporary = folder / "work", folder / "temp"
        self.summary, self.output = folder / "summary.md", folder / "output"
        for place in (self.workspace, self.temporary):
            place.mkdir()
        self._install()
        self._commit(base_policy, head_policy)

    def _install(self) -> None:
        """What `action.sh install` does, from what is installed here instead of from the registry."""
        home = self.temporary / "remedy-gate"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
        packages = next((home / "lib").glob("python*")) / "site-packages"
        (packages / "remedy_gate.pth").write_text(f"{ROOT}\n{sysconfig.get_path('purelib')}\n")

    def _commit(self, base_policy: str, head_policy: str) -> None:
        self.git("init", "-q", "-b", "main")
        (self.workspace / "main.tf").write_bytes(BASE)
        if base_policy:
            (self.workspace / ".remedy-gate.yml").write_text(base_policy)
        self.git("add", ".")
        self.git("commit", "-qm", "base")
        self.base = self.git("rev-parse", "HEAD")
        (self.workspace / "main.tf").write_bytes(CHANGED)
        if head_policy:
            (self.workspace / ".remedy-gate.yml").write_text(head_policy)
        self.git("commit", "-qam", "change")

    def git(self, *words: str) -> str:
        environment = os.environ | IDENTITY | {"GIT_CONFIG_GLOBAL": os.devnull}
        done = subprocess.run(
            ["git", *words], cwd=self.workspace, env=environment, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def step(self, name: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "RG_"))}
        environment |= {
            "CI": "true",
            "RUNNER_TEMP": str(self.temporary),
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(self.output),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "RG_FINDINGS": "",
            "RG_POLICY": "",
            "RG_REMEDIES": "",
            "RG_REPORT": "",
            "RG_BASE": self.base,
        }
        return subprocess.run(
            ["bash", SCRIPT, name],
            cwd=self.workspace,
            env=environment | variables,
            check=False,
            capture_output=True,
            text=True,
        )

    def outputs(self) -> dict[str, str]:
        lines = self.output.read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line and "<<" not in line)


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    made = Runner(tmp_path_factory.mktemp("runner"))
    done = made.step("check")
    assert done.returncode == 0, done.stderr
    return made


def tell(runner: Runner, url: str, **variables: str) -> subprocess.CompletedProcess[str]:
    usual = {
        "RG_REPORT": runner.outputs()["report"],
        "GITHUB_TOKEN": TOKEN,
        "GITHUB_REPOSITORY": "acme/infra",
        "GITHUB_REF": "refs/pull/7/merge",
        "GITHUB_API_URL": url,
    }
    return runner.step("tell", **(usual | variables))


def test_the_check_step_hands_on_its_status_and_a_whole_report(runner: Runner) -> None:
    outputs = runner.outputs()
    report = json.loads(Path(outputs["report"]).read_text())
    assert outputs["status"] == "1"
    assert report["verdict"] == "block"
    assert {item["match"]["address"] for item in report["remediations"]} == {"aws_s3_bucket.data"}


def test_the_tell_step_posts_one_review_with_suggestions_and_a_second_run_posts_nothing(runner: Runner) -> None:
    state = PullRequestState(base_files={"main.tf": BASE}, head_files={"main.tf": CHANGED})
    with serving(state) as url:
        first = tell(runner, url)
        assert first.returncode == 0
        assert "ledger head" in first.stderr
        assert len(state.reviews) == 1
        posted = len(state.comments)
        assert any("```suggestion" in comment.body for comment in state.comments)
        writes = len(state.writes)
        assert tell(runner, url).returncode == 0
        assert (len(state.reviews), len(state.comments)) == (1, posted)
        assert len(state.writes) == writes
    assert "aws_s3_bucket.data" in runner.summary.read_text()


@pytest.mark.parametrize(
    ("base", "head", "commits"), [(APPLY, SUGGEST, 1), (SUGGEST, APPLY, 0)], ids=["applies", "suggests"]
)
def test_the_policy_of_the_base_says_what_is_committed(base: str, head: str, commits: int, tmp_path: Path) -> None:
    runner = Runner(tmp_path, base, head)
    runner.step("check")
    event = tmp_path / "event.json"
    sides = {"base": {"ref": "main", "sha": runner.base}, "head": {"ref": "feature", "sha": HEAD}}
    event.write_text(json.dumps({"pull_request": {"number": 7, **sides}}))
    policy = (runner.workspace / ".remedy-gate.yml").read_bytes()
    state = PullRequestState(
        base_files={"main.tf": BASE, ".remedy-gate.yml": base.encode()},
        head_files={"main.tf": CHANGED, ".remedy-gate.yml": policy},
    )
    with serving(state) as url:
        done = tell(runner, url, GITHUB_EVENT_NAME="pull_request", GITHUB_EVENT_PATH=str(event))
    assert done.returncode == 0, done.stderr
    assert len(state.made) == commits
    assert (b"aws_s3_bucket_versioning" in state.head_files["main.tf"]) == bool(commits)
    assert state.head_files["main.tf"].startswith(CHANGED)
    assert state.broken == []


def test_without_a_token_the_findings_become_annotations_and_the_step_does_not_fail(runner: Runner) -> None:
    done = tell(runner, "http://127.0.0.1:9", GITHUB_TOKEN="")
    assert done.returncode == 0
    assert "::error endLine=7,file=main.tf,line=5," in done.stdout


def test_an_outage_of_github_does_not_fail_the_step_and_the_findings_are_annotated(runner: Runner) -> None:
    done = tell(runner, "http://127.0.0.1:9")
    assert done.returncode == 0
    assert "::error endLine=7,file=main.tf,line=5," in done.stdout
    assert "::warning::The report was not posted everywhere.\n" in done.stdout
    assert Path(runner.outputs()["report"]).exists()


def test_a_report_that_came_with_the_checkout_is_not_taken_for_ours(tmp_path: Path) -> None:
    runner = Runner(tmp_path)
    planted = runner.temporary / "remedy-gate.json"
    planted.write_text('{"verdict": "pass"}')
    runner.step("check", RG_POLICY="nowhere.yml")
    assert not planted.exists()
    assert runner.outputs()["status"] == "2"
