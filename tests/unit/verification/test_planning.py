"""A plan of copies, where the policy allows it: what it says counts, and where there is none the tables speak."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sides_of import comparison_of

from remedy_gate.domain.proof import CheckResult, Status
from remedy_gate.iac.schemas import load
from remedy_gate.verification.disruption import Disruption
from remedy_gate.verification.initialised import Copies, Setup
from remedy_gate.verification.planning import Planning

PLUGINS = os.environ.get("REMEDY_GATE_TEST_PLUGINS", "")
BEFORE = """provider "aws" {
  region = "eu-west-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-1"
}

resource "aws_ebs_volume" "v" {
  availability_zone = "eu-west-1a"
  size              = 20
}
"""
ENCRYPTED = BEFORE.replace("= 20\n", "= 20\n  encrypted         = true\n")
LARGER = BEFORE.replace("= 20\n", "= 30\n")
BY_TABLES = "REPLACES aws_ebs_volume.v (encrypted): the control asks for it; before it is applied, "
PLANS = """import json, os, sys
open(SEEN, "a").write(json.dumps([sys.argv[1:], sorted(os.listdir(".")), sorted(os.environ)]) + "\\n")
if sys.argv[1] == "plan" and PLAN_FAILS:
    sys.exit("Error: No value for required variable")
if sys.argv[1] == "show":
    actions = ["delete", "create"] if ("encrypted" in open("main.tf").read()) is REPLACES else ["update"]
    print(json.dumps({"resource_changes": [{"address": ADDRESS, "change": {"actions": actions}}]}))
"""


class Machine:
    """A repository with a state and a stand-in for terraform."""

    def __init__(self, folder: Path, **script: Any) -> None:
        self.seen, program, self.root = folder / "seen", folder / "terraform", folder / "repository"
        self.root.mkdir()
        (self.root / "terraform.tfstate").write_text("{}")
        values = {
            "PLAN_FAILS": False,
            "REPLACES": True,
            "ADDRESS": "aws_ebs_volume.v",
            **script,
            "SEEN": str(self.seen),
        }
        lines = "".join(f"{name} = {value!r}\n" for name, value in values.items())
        program.write_text(f"#!{sys.executable} -I\n{lines}{PLANS}")
        program.chmod(0o755)
        self.copies = Copies(
            Setup(str(program), str(self.root), "/plugins"),
            {"PATH": "/usr/bin:/bin", "AWS_SECRET_ACCESS_KEY": "of ours"},
        )

    def disruption(self, after: str) -> CheckResult:
        comparison = comparison_of(BEFORE, after, "aws_ebs_volume.v", "ebs-volume-encrypted")
        return Disruption(load(), None, Planning(self.copies)).examine(comparison)

    def calls(self) -> list[list[Any]]:
        return [json.loads(line) for line in self.seen.read_text().splitlines()]


def test_a_plan_that_agrees_with_the_tables_is_named(tmp_path: Path) -> None:
    result = Machine(tmp_path).disruption(ENCRYPTED)
    assert (result.status, result.detail.endswith("; the plan says the same")) == (Status.PASS, True)


def test_a_plan_that_replaces_what_the_tables_take_to_stay_refutes(tmp_path: Path) -> None:
    result = Machine(tmp_path, ADDRESS="aws_ebs_volume.other").disruption(ENCRYPTED)
    detail = "the plan replaces aws_ebs_volume.other, and no control asks for that"
    assert result == CheckResult(result.name, Status.FAIL, detail, ("terraform",))


def test_what_the_code_would_replace_without_the_patch_does_not_count(tmp_path: Path) -> None:
    result = Machine(tmp_path, REPLACES=False).disruption(LARGER)
    assert (result.status, result.detail) == (
        Status.PASS,
        "the plan replaces and deletes nothing more than before (aws_ebs_volume.v)",
    )


def test_terraform_sees_a_copy_with_the_state_and_none_of_our_credentials(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.disruption(ENCRYPTED)
    words, files, surroundings = machine.calls()[1]
    assert words[:4] == ["plan", "-refresh=false", "-input=false", "-lock=false"]
    assert files == ["main.tf", "remedy_gate_offline_override.tf", "terraform.tfstate"]
    assert "AWS_SECRET_ACCESS_KEY" not in surroundings
    assert os.listdir(machine.root) == ["terraform.tfstate"]


@pytest.mark.parametrize("state", [True, False])
def test_where_there_is_no_plan_the_tables_speak_and_the_reason_is_told(tmp_path: Path, state: bool) -> None:
    machine = Machine(tmp_path, PLAN_FAILS=True)
    if not state:
        (machine.root / "terraform.tfstate").unlink()
    result = machine.disruption(ENCRYPTED)
    why = (
        "terraform plan does not work offline here: Error: No value for required variable"
        if state
        else "no terraform.tfstate lies in the root"
    )
    assert result.status is Status.PASS
    assert result.detail.startswith(BY_TABLES)
    assert result.detail.endswith(f" (by tables, as {why})")


def test_a_state_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    (machine.root / "terraform.tfstate").unlink()
    (machine.root / "terraform.tfstate").symlink_to("/etc/hostname")
    assert machine.disruption(ENCRYPTED).detail.endswith("no terraform.tfstate lies in the root)")


@pytest.mark.skipif(not PLUGINS or shutil.which("terraform") is None, reason="needs REMEDY_GATE_TEST_PLUGINS")
@pytest.mark.parametrize(
    ("after", "said"),
    [(ENCRYPTED, "; the plan says the same"), (LARGER, "nothing more than before (aws_ebs_volume.v)")],
)
def test_the_real_provider_is_asked_without_network(tmp_path: Path, after: str, said: str) -> None:
    attributes = {"id": "vol-1", "availability_zone": "eu-west-1a", "encrypted": False, "size": 20, "type": "gp2"}
    resource = {
        "mode": "managed",
        "type": "aws_ebs_volume",
        "name": "v",
        "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
        "instances": [{"schema_version": 0, "attributes": attributes}],
    }
    state = {"version": 4, "terraform_version": "1.5.0", "serial": 1, "lineage": "a", "resources": [resource]}
    (tmp_path / "terraform.tfstate").write_text(json.dumps(state))
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    copies = Copies(Setup(shutil.which("terraform") or "", str(tmp_path), PLUGINS), {"PATH": os.environ["PATH"]})
    comparison = comparison_of(BEFORE, after, "aws_ebs_volume.v", "ebs-volume-encrypted")
    assert Disruption(load(), None, Planning(copies)).examine(comparison).detail.endswith(said)
