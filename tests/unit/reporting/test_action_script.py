"""The door of the Action, run for real with a stand-in for the installed Python."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "hooks" / "action.sh"
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
NOTHING = {"RG_FINDINGS": "", "RG_POLICY": "", "RG_REMEDIES": "", "RG_BASE": "", "RG_REPORT": ""}


class Runner:
    """A runner's folders, and a Python that writes down what it is asked and ends as it is told."""

    def __init__(self, folder: Path, status: int) -> None:
        self.folder = folder
        self.status = status
        python = folder / "remedy-gate" / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{folder}/asked"\nexit {status}\n')
        python.chmod(0o755)
        (folder / "output").touch()

    def run(self, verb: str, **environment: str) -> subprocess.CompletedProcess[str]:
        surroundings = {
            "PATH": os.environ["PATH"],
            "RUNNER_TEMP": str(self.folder),
            "GITHUB_OUTPUT": str(self.folder / "output"),
            "GITHUB_ACTION_PATH": str(ROOT),
            **environment,
        }
        command = ["bash", str(SCRIPT), verb]
        return subprocess.run(command, env=surroundings, cwd=self.folder, check=False, capture_output=True, text=True)

    @property
    def asked(self) -> list[str]:
        return (self.folder / "asked").read_text().splitlines()

    @property
    def output(self) -> str:
        return (self.folder / "output").read_text()


def test_every_word_of_a_user_reaches_check_as_one_argument(tmp_path: Path) -> None:
    runner = Runner(tmp_path, 0)
    words = {
        "RG_FINDINGS": "scans/*.json\n\na b; touch x",
        "RG_POLICY": "$(touch x)",
        "RG_REMEDIES": "",
        "RG_BASE": "abc123",
    }
    assert runner.run("check", **words, RG_REPORT="").returncode == 0
    assert runner.asked == [
        "-I",
        "-m",
        "remedy_gate",
        "check",
        "--format",
        "json",
        f"--output={tmp_path}/remedy-gate.json",
        "--base=abc123",
        "--policy=$(touch x)",
        "--findings=scans/*.json",
        "--findings=a b; touch x",
    ]
    assert not (tmp_path / "x").exists()


def test_without_a_base_check_is_left_to_read_the_event(tmp_path: Path) -> None:
    runner = Runner(tmp_path, 0)
    runner.run("check", **NOTHING)
    assert runner.asked[-1] == f"--output={tmp_path}/remedy-gate.json"


@pytest.mark.parametrize("status", [0, 1, 2, 3])
def test_the_status_of_check_is_handed_on_and_does_not_end_the_step(status: int, tmp_path: Path) -> None:
    runner = Runner(tmp_path, status)
    assert runner.run("check", **NOTHING).returncode == 0
    assert runner.output == f"status={status}\nreport={tmp_path}/remedy-gate.json\n"


def test_a_report_that_was_checked_out_is_never_taken_for_ours(tmp_path: Path) -> None:
    runner = Runner(tmp_path, 3)
    (tmp_path / "remedy-gate" / "bin" / "python").write_text("#!/bin/sh\nexit 3\n")
    secret, planted = tmp_path / "secret", tmp_path / "report.json"
    secret.write_text("kept")
    planted.symlink_to(secret)
    runner.run("check", **(NOTHING | {"RG_REPORT": str(planted)}))
    assert not planted.is_symlink()
    assert secret.read_text() == "kept"


def test_what_comes_of_telling_never_fails_the_step(tmp_path: Path) -> None:
    runner = Runner(tmp_path, 3)
    report = tmp_path / "report.json"
    report.write_text("{}")
    told = runner.run("tell", RG_REPORT=str(report))
    assert (told.returncode, told.stdout) == (0, "::warning::The report was not posted everywhere.\n")
    assert runner.asked == ["-I", "-m", "remedy_gate", "publish", str(report)]


def test_the_name_of_a_check_run_reaches_publish_as_one_argument(tmp_path: Path) -> None:
    runner = Runner(tmp_path, 0)
    report = tmp_path / "report.json"
    report.write_text("{}")
    assert runner.run("tell", RG_REPORT=str(report), RG_CHECK_RUN="Cloud posture; touch x").returncode == 0
    assert runner.asked == ["-I", "-m", "remedy_gate", "publish", "--check-run=Cloud posture; touch x", str(report)]


def test_the_policy_that_check_had_reaches_publish_too(tmp_path: Path) -> None:
    """It says what may be shown: a report would be told under another policy than it was made."""
    runner = Runner(tmp_path, 0)
    report = tmp_path / "report.json"
    report.write_text("{}")
    assert runner.run("tell", RG_REPORT=str(report), RG_POLICY="a b; touch x").returncode == 0
    assert runner.asked == ["-I", "-m", "remedy_gate", "publish", "--policy=a b; touch x", str(report)]
    steps = {step.get("id"): step.get("env") for step in ACTION["runs"]["steps"]}
    assert steps["tell"]["RG_POLICY"] == steps["check"]["RG_POLICY"] == "${{ inputs.policy }}"


def test_without_a_report_there_is_nothing_to_tell(tmp_path: Path) -> None:
    runner = Runner(tmp_path, 0)
    assert runner.run("tell", RG_REPORT=str(tmp_path / "none.json")).returncode == 0
    assert not (tmp_path / "asked").exists()


def test_the_script_is_a_thin_shell() -> None:
    assert len(SCRIPT.read_text("utf-8").splitlines()) <= 30
    assert os.access(SCRIPT, os.X_OK)


def test_no_expression_stands_in_a_command_and_no_token_where_code_is_read() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step["run"]
        assert "uses" not in step
        if step.get("id") not in ("tell", "approvals"):
            tokens = {name: value for name, value in step.get("env", {}).items() if "token" in value.lower()}
            assert tokens in ({}, {"GITHUB_TOKEN": "${{ inputs.findings-token }}"}), (
                "one to read with, empty unless given"
            )


def test_the_token_that_posts_is_kept_from_a_run_that_only_checks() -> None:
    [tell] = [step for step in ACTION["runs"]["steps"] if step.get("id") == "tell"]
    assert tell["env"]["GITHUB_TOKEN"] == "${{ inputs.mode != 'check' && inputs.token || '' }}"


def test_a_run_that_only_publishes_or_asks_for_approvals_checks_nothing_and_has_no_verdict() -> None:
    conditions = {step["name"]: step.get("if") for step in ACTION["runs"]["steps"]}
    assert conditions == {
        "Install from locked wheels": None,
        "Check what changed": "inputs.mode == 'all' || inputs.mode == 'check'",
        "Tell the pull request": "inputs.mode != 'approvals'",
        "Take answers, and ask for what waits": "inputs.mode == 'approvals'",
        "The verdict": "inputs.mode == 'all' || inputs.mode == 'check'",
    }


def test_answers_are_taken_before_anything_is_asked_and_a_failure_ends_it(tmp_path: Path) -> None:
    runner = Runner(tmp_path, 0)
    python = tmp_path / "remedy-gate" / "bin" / "python"
    python.write_text(f'#!/bin/sh\necho "$@" >> "{tmp_path}/asked"\nexit ${{FAILS:-0}}\n')
    assert runner.run("approvals", RG_POLICY="a b; touch x").returncode == 0
    assert runner.asked == [f"-I -m remedy_gate queue {verb} --policy=a b; touch x" for verb in ("collect", "publish")]
    (tmp_path / "asked").unlink()
    assert runner.run("approvals", RG_POLICY="", FAILS="3").returncode == 3
    assert runner.asked == ["-I -m remedy_gate queue collect"]


@pytest.mark.parametrize("mode", ["", "both", "check; touch x"])
def test_an_unknown_mode_ends_before_anything_is_installed(mode: str, tmp_path: Path) -> None:
    runner = Runner(tmp_path, 0)
    done = runner.run("install", RG_MODE=mode)
    assert (done.returncode, done.stdout) == (2, "::error::mode has to be all, check, publish or approvals.\n")


def installed(tmp_path: Path, **installers: str) -> list[str]:
    """What `install` asks of whom, one line a command, with stand-ins on PATH that end with these statuses."""
    runner, asked, tools = Runner(tmp_path, 0), tmp_path / "calls", tmp_path / "tools"
    tools.mkdir()
    (tmp_path / "remedy-gate" / "bin" / "python").write_text(f"#!/bin/sh\necho {tmp_path}\n")
    for name, status in {"python3": "0", **installers}.items():
        (tools / name).write_text(f'#!/bin/sh\necho {name} "$@" >> "{asked}"\nexit {status}\n')
        (tools / name).chmod(0o755)
    for name in ("bash", "sh"):
        (tools / name).symlink_to(shutil.which(name) or name)
    runner.run("install", RG_MODE="all", PATH=str(tools))
    assert (tmp_path / "remedy_gate.pth").read_text() == f"{ROOT}\n"
    lines = asked.read_text().replace(str(tmp_path), "TEMP").replace(str(ROOT), "ACTION").splitlines()
    return [line for line in lines if " install " in line]


WHEELS = "--quiet --no-deps --only-binary :all: --require-hashes -r ACTION/hooks/requirements.lock"
PIP = f"python3 -I -m pip --python TEMP/remedy-gate/bin/python install --no-input --disable-pip-version-check --no-compile {WHEELS}"
UV = f"uv pip install --no-config --python TEMP/remedy-gate/bin/python {WHEELS}"


def test_pip_installs_wheels_of_known_digests_and_nothing_else(tmp_path: Path) -> None:
    assert installed(tmp_path) == [PIP]


def test_uv_installs_the_same_where_it_is_there(tmp_path: Path) -> None:
    assert installed(tmp_path, uv="0") == [UV]


def test_where_uv_cannot_pip_does(tmp_path: Path) -> None:
    assert installed(tmp_path, uv="2") == [UV, PIP]


def test_the_action_has_the_inputs_and_outputs_that_it_promises() -> None:
    assert set(ACTION["inputs"]) == {
        *("findings", "policy", "remedies", "mode", "aws-region", "findings-token", "base", "report"),
        *("working-directory", "check-run", "token", "members-token"),
    }
    assert set(ACTION["outputs"]) == {"verdict", "report", "counts"}


def test_every_input_is_described_and_used() -> None:
    text = (ROOT / "action.yml").read_text("utf-8")
    for name, declared in ACTION["inputs"].items():
        assert declared["description"]
        assert f"inputs.{name}" in text


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-aws.lock"])
def test_every_wheel_is_locked_to_a_version_and_its_digests(name: str) -> None:
    for entry in re.split(r"\n(?=\w)", (ROOT / "hooks" / name).read_text("utf-8")):
        assert re.match(r"[\w.-]+==[\w.]+(?: ; [^\n]+)? \\\n", entry)
        assert "--hash=sha256:" in entry


def test_no_package_is_in_both_locks() -> None:
    first, second = (
        set(re.findall(r"^([\w.-]+)==", (ROOT / "hooks" / name).read_text("utf-8"), re.MULTILINE))
        for name in ("requirements.lock", "requirements-aws.lock")
    )
    assert first & second == set()
    assert "boto3" in second
