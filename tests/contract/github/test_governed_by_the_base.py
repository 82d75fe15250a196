"""Commands in CI: whatever a pull request says about policy, the base's is what governs."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from github_standin import TOKEN, PullRequestState, serving

from remedy_gate.cli import main
from remedy_gate.commands import landing
from remedy_gate.verification.prover import FullProver, Ground

BASE = 'resource "aws_s3_bucket" "site" {\n  bucket = "example-site"\n}\n'
CHANGED = BASE + '\nresource "aws_s3_bucket" "data" {\n  bucket = "example-data"\n}\n'
HERS = "version: 1\napprovals: {days: 3}\nparameters: {allowed_cidrs: 10.0.0.0/8}\n"
HIS = "version: 1\napprovals: {days: 300}\nparameters: {allowed_cidrs: 0.0.0.0/0}\nledger: none\n"
PERSON = "rules: [{action: suggest, require_approval: true}]\n"
IDENTITY = {f"GIT_{who}_{what}": "a@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


class Checkout:
    """A pull request that changes the policy, as the runner has it: the base is HERS, the head is HIS."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self._event = folder / "work", folder / "event.json"
        self.monkeypatch = monkeypatch
        self.root.mkdir()
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        monkeypatch.chdir(self.root)
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.name", "Ada")
        self.write("main.tf", BASE)
        self.base = self.commit(HERS + PERSON)
        self.write("main.tf", CHANGED)
        self.head = self.commit(HIS + PERSON)

    def git(self, *words: str) -> str:
        environment = os.environ | IDENTITY
        done = subprocess.run(["git", *words], cwd=self.root, env=environment, check=True, capture_output=True)
        return done.stdout.decode().strip()

    def write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text)

    def commit(self, policy: str) -> str:
        self.write(".remedy-gate.yml", policy)
        self.git("add", "-A")
        self.git("commit", "-qm", "x")
        return self.git("rev-parse", "HEAD")

    def in_ci(self, event: str = "pull_request", base: str | None = None) -> None:
        sides = {"base": {"ref": "main", "sha": base or self.base}, "head": {"ref": "x", "sha": self.head}}
        self._event.write_text(json.dumps({"pull_request": {"number": 7, **sides}} if "pull" in event else {}))
        for name, value in (("CI", "true"), ("GITHUB_EVENT_NAME", event), ("GITHUB_EVENT_PATH", str(self._event))):
            self.monkeypatch.setenv(name, value)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    return Checkout(tmp_path, monkeypatch)


def said(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    capsys.readouterr()
    assert main(words) == status
    captured = capsys.readouterr()
    return captured.out + captured.err


def test_locally_the_ledger_is_the_one_of_the_working_trees_policy(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "There is no ledger here." in said(capsys, "ledger", "verify", status=3)


def test_in_ci_the_ledger_is_the_one_of_the_bases_policy(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.in_ci()
    assert said(capsys, "ledger", "verify").startswith("The ledger holds")


def expiries(capsys: pytest.CaptureFixture[str], checkout: Checkout) -> int:
    """For how many days an approval holds that is given now."""
    patch = said(capsys, "queue", "list").split()[0]
    said(capsys, "queue", "approve", patch)
    text = said(capsys, "ledger", "export")
    bodies = [json.loads(line)["entry"] for line in text.splitlines()]
    from remedy_gate.commands.clock import today

    [given] = [body["expires_day"] for body in bodies if body["kind"] == "approval"]
    return int(given) - today()


def test_locally_an_approval_holds_as_long_as_the_working_trees_policy_says(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.write(".remedy-gate.yml", HIS.replace("ledger: none\n", "") + PERSON)
    said(capsys, "check", "--base", checkout.base)
    assert expiries(capsys, checkout) == 300


def test_in_ci_an_approval_holds_as_long_as_the_bases_policy_says(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.in_ci()
    said(capsys, "check")
    assert expiries(capsys, checkout) == 3


@pytest.mark.parametrize("event", ["pull_request_review", "pull_request_review_comment"])
def test_a_review_of_a_pull_request_is_governed_by_its_base_too(
    event: str, checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    """GitHub checks out the head for these, and sets no GITHUB_BASE_REF."""
    checkout.in_ci(event)
    assert said(capsys, "ledger", "verify").startswith("The ledger holds")


def test_a_tag_with_the_name_of_the_base_does_not_govern(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    """Git prefers refs/tags/origin/main to the branch, and whoever may push can push a tag."""
    checkout.git("update-ref", "refs/remotes/origin/main", checkout.base)
    checkout.git("tag", "origin/main", checkout.head)
    checkout.in_ci()
    checkout.monkeypatch.setenv("GITHUB_BASE_REF", "main")
    assert said(capsys, "ledger", "verify").startswith("The ledger holds")


@pytest.mark.parametrize("words", [("queue", "list"), ("ledger", "verify"), ("ledger", "export")])
def test_a_base_that_was_not_fetched_is_an_error_and_not_the_heads_policy(
    words: tuple[str, ...], checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.in_ci(base="d" * 40)
    assert said(capsys, *words, status=3) == (
        f"remedy-gate: In CI the policy comes from the base branch. {'d' * 40} is not a branch or commit of this "
        f"repository. Fetch it first: git fetch origin {'d' * 40}.\n"
    )


@pytest.mark.parametrize("event", ["", "merge_group"])
def test_a_ci_that_names_no_base_gets_no_policy(
    event: str, checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.in_ci(event)
    assert said(capsys, "ledger", "verify", status=3) == (
        "remedy-gate: In CI the policy comes from the base branch, and nothing says which one that is. Set "
        "GITHUB_BASE_REF to the branch whose policy governs, such as main, and fetch it as origin/main.\n"
    )
    checkout.git("update-ref", "refs/remotes/origin/main", checkout.base)
    checkout.monkeypatch.setenv("GITHUB_BASE_REF", "main")
    assert said(capsys, "ledger", "verify").startswith("The ledger holds")


def test_on_a_schedule_which_is_of_the_default_branch_the_policy_is_the_one_that_lies_there(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.in_ci("schedule")
    assert "There is no ledger here." in said(capsys, "ledger", "verify", status=3)


@pytest.mark.parametrize("what", ["--all", "--staged"])
def test_check_in_ci_is_judged_by_the_base_whatever_it_looks_at(
    what: str, checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.write("main.tf", CHANGED + "\n")
    checkout.git("add", "-A")
    checkout.in_ci()
    out = " ".join(said(capsys, "check", what).split())
    assert "this change alters the policy, and is judged by the one of its base" in out
    assert "ledger head" in out


@pytest.mark.parametrize("what", ["--all", "--staged"])
def test_check_on_a_developers_machine_is_judged_by_the_policy_that_lies_there(
    what: str, checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.write("main.tf", CHANGED + "\n")
    checkout.git("add", "-A")
    assert "alters the policy" not in " ".join(said(capsys, "check", what).split())
    assert not (checkout.root / ".git" / "remedy-gate").exists()


def test_verify_in_ci_does_not_read_the_heads_policy(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.write(".remedy-gate.yml", "version: 9\n")
    checkout.write("fix.diff", "--- a/main.tf\n+++ b/main.tf\n@@ -3,1 +3,1 @@\n-}\n+}  \n")
    words = ("verify", "--findings", "not-there.json", "--patch", "fix.diff")
    assert "version" in said(capsys, *words, status=2)
    checkout.in_ci()
    assert ".remedy-gate.yml" not in said(capsys, *words, status=2)


class Seen:
    """A prover that remembers which parameters it was made with."""

    def __init__(self) -> None:
        self.parameters: list[Any] = []

    def __call__(self, ground: Ground) -> FullProver:
        self.parameters.append(dict(ground.parameters))
        return FullProver(ground)


@pytest.mark.parametrize(("event", "range_"), [("pull_request", "10.0.0.0/8"), ("", "0.0.0.0/0")])
def test_publish_proves_patches_alone_and_together_with_the_parameters_of_the_base(
    event: str, range_: str, checkout: Checkout, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where there is no event, as on a developer's machine, with those of the working tree."""
    report = str(tmp_path / "report.json")
    said(capsys, "check", "--base", checkout.base, "--format", "json", "--output", report)
    if event:
        checkout.in_ci(event)
    state = PullRequestState({"main.tf": CHANGED.encode()}, {"main.tf": BASE.encode()}, head=checkout.head)
    seen = Seen()
    checkout.monkeypatch.setattr(landing, "FullProver", seen)
    with serving(state) as address:
        for name, value in (("TOKEN", TOKEN), ("REPOSITORY", "acme/infra"), ("API_URL", address)):
            checkout.monkeypatch.setenv(f"GITHUB_{name}", value)
        checkout.monkeypatch.setenv("GITHUB_REF", "refs/pull/7/merge")
        said(capsys, "publish", report)
    assert state.broken == []
    assert seen.parameters == [{"allowed_cidrs": range_}]
    assert state.reviews


def absolute(checkout: Checkout) -> str:
    return str(checkout.root / ".remedy-gate.yml")


def from_a_folder(checkout: Checkout) -> str:
    (checkout.root / "live").mkdir()
    checkout.monkeypatch.chdir(checkout.root / "live")
    return "../.remedy-gate.yml"


def roundabout(checkout: Checkout) -> str:
    (checkout.root / "live").mkdir()
    return "live/../.remedy-gate.yml"


def a_link(checkout: Checkout) -> str:
    """The pull request puts a link in the place of the file that the workflow names."""
    (checkout.root / "his.yml").write_text(HIS)
    (checkout.root / ".remedy-gate.yml").unlink()
    (checkout.root / ".remedy-gate.yml").symlink_to("his.yml")
    return ".remedy-gate.yml"


def behind_a_link(checkout: Checkout) -> str:
    """The pull request puts a link in the place of the folder that the workflow names."""
    (checkout.root / "his").mkdir()
    (checkout.root / "his" / ".remedy-gate.yml").write_text(HIS)
    (checkout.root / "ci").symlink_to("his")
    return "ci/.remedy-gate.yml"


@pytest.mark.parametrize("way", [absolute, from_a_folder, roundabout, a_link], ids=lambda it: it.__name__)
def test_a_named_policy_of_the_repository_is_the_bases_however_it_is_named(
    way: Any, checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    named = way(checkout)
    assert "There is no ledger here." in said(capsys, "ledger", "verify", "--policy", named, status=3)
    checkout.in_ci()
    assert said(capsys, "ledger", "verify", "--policy", named).startswith("The ledger holds")


LINKED = (
    "remedy-gate: {}: a symbolic link, or behind one: what governs is never read through a link. "
    "Put the file itself there.\n"
)


def test_a_named_policy_behind_a_link_that_a_change_brings_is_refused(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    named = behind_a_link(checkout)
    assert "There is no ledger here." in said(capsys, "ledger", "verify", "--policy", named, status=3)
    checkout.in_ci()
    assert said(capsys, "ledger", "verify", "--policy", named, status=2) == LINKED.format(named)


@pytest.mark.parametrize("words", [("check",), ("ledger", "verify"), ("queue", "list"), ("doctor", "--no-call")])
@pytest.mark.parametrize("named", [(), ("--policy", ".remedy-gate.yml")])
def test_a_policy_of_the_base_that_is_a_link_governs_nothing_and_is_no_absence_either(
    words: tuple[str, ...], named: tuple[str, ...], checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.base = linked_policy(checkout)
    checkout.write("main.tf", CHANGED + "\n")
    checkout.in_ci()
    assert said(capsys, *words, *named, status=2) == LINKED.format(".remedy-gate.yml")


def linked_policy(checkout: Checkout) -> str:
    checkout.write("lax.yml", HIS)
    (checkout.root / ".remedy-gate.yml").unlink()
    (checkout.root / ".remedy-gate.yml").symlink_to("lax.yml")
    checkout.git("add", "-A")
    checkout.git("commit", "-qm", "link")
    return checkout.git("rev-parse", "HEAD")


@pytest.mark.parametrize("event", ["schedule", ""])
def test_a_policy_that_is_a_link_is_refused_where_there_is_no_base_too(
    event: str, checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    linked_policy(checkout)
    if event:
        checkout.in_ci(event)
    assert said(capsys, "check", "--all", status=2) == LINKED.format(".remedy-gate.yml")


@pytest.mark.parametrize("what", ["waivers.yml", "controls"])
def test_waivers_and_controls_behind_a_link_are_refused_as_the_policy_is(
    what: str, checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout.root / ".remedy-gate").mkdir()
    (checkout.root / ".remedy-gate" / what).symlink_to("../main.tf" if "." in what else "..")
    checkout.git("add", "-A")
    checkout.git("commit", "-qm", "link")
    checkout.base = checkout.git("rev-parse", "HEAD")
    checkout.in_ci()
    assert said(capsys, "check", "--all", status=2) == LINKED.format(f".remedy-gate/{what}")


@pytest.mark.parametrize("words", [("doctor", "--no-call"), ("batch", "status", "arn:aws:bedrock:x:1:job/2")])
def test_whoever_asks_a_model_in_ci_asks_by_the_policy_of_the_base(
    words: tuple[str, ...], checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.write(".remedy-gate.yml", "version: 9\n")
    checkout.monkeypatch.delenv("AWS_REGION", raising=False)
    checkout.monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    assert "version" in said(capsys, *words, status=2)
    checkout.in_ci()
    assert ".remedy-gate.yml" not in said(capsys, *words, status=3)
    checkout.in_ci(base="d" * 40)
    assert f"{'d' * 40} is not a branch or commit of this repository" in said(capsys, *words, status=3)


def test_a_named_policy_from_outside_of_the_repository_is_the_workflows_own(
    checkout: Checkout, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "organisation.yml").write_text("version: 1\nledger: none\n")
    checkout.in_ci()
    assert "There is no ledger here." in said(
        capsys, "ledger", "verify", "--policy", str(tmp_path / "organisation.yml"), status=3
    )


def notes(checkout: Checkout, tmp_path: Path, *words: str) -> list[str]:
    main(["check", "--proof", "quick", "--format", "json", "--output", str(tmp_path / "r.json"), *words])
    told = json.loads((tmp_path / "r.json").read_text())["summary"]["notes"]
    return [note["where"] for note in told if note["message"] == "this change alters findings that it is judged by"]


@pytest.mark.parametrize(
    ("folder", "words"),
    [(".remedy-gate/findings", ()), ("scans", ("--findings", "scans/*", "--findings", "catalogue"))],
)
def test_a_change_that_alters_the_findings_it_is_judged_by_is_told(
    folder: str, words: tuple[str, ...], checkout: Checkout, tmp_path: Path
) -> None:
    """Whoever could take an export away unseen would take its findings along."""
    export = Path(folder)
    export.mkdir(parents=True)
    for name in ("kept.json", "gone.json"):
        (export / name).write_text("[]")
    checkout.base = checkout.commit(HERS)
    (export / "gone.json").unlink()
    (export / "new.json").write_text("[]")
    checkout.write("main.tf", CHANGED + "\n")
    checkout.head = checkout.commit(HERS)
    (export / "kept.json").write_text("[ ]")  # as a step of the workflow brings it up to date
    assert notes(checkout, tmp_path, "--base", checkout.base, *words) == []
    checkout.in_ci()
    assert notes(checkout, tmp_path, *words) == [f"{folder}/gone.json", f"{folder}/new.json"]
