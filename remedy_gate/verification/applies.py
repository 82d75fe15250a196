"""`applies`: the patch fits the very contents that it was made from, and only files that it may touch."""

from __future__ import annotations

from remedy_gate.domain.patch import FilePatch
from remedy_gate.domain.proof import CheckName, CheckResult
from remedy_gate.iac.file_names import TERRAFORM_CODE, directory_of

from .check import Comparison, failed, passed

FORBIDDEN = (".git/", ".github/", ".gitlab/", ".circleci/", ".remedy-gate/")
FORBIDDEN_NAMES = (".remedy-gate.yml", ".gitlab-ci.yml", "CODEOWNERS", ".pre-commit-config.yaml", ".terraform.lock.hcl")


class Applies:
    """Base digests, paths inside the repository, no binary, no automation of the repository itself."""

    name = CheckName.APPLIES

    def examine(self, comparison: Comparison) -> CheckResult:
        """Pass where every file is the one that the patch was made from."""
        files = comparison.patch.files
        if not files:
            return failed(self.name, "the patch changes no file")
        for file in files:
            if problem := _problem(file, comparison):
                return failed(self.name, problem)
        paths = ", ".join(file.path for file in files)
        return passed(self.name, f"made from the present contents of {paths} ({files[0].base_digest[:12]})")


def _problem(file: FilePatch, comparison: Comparison) -> str:
    path = file.path
    if path.startswith("/") or "\\" in path or any(part in ("..", "", ".") for part in path.split("/")):
        return f"{path!r} is not a path inside the repository"
    if path.startswith(FORBIDDEN) or path.rpartition("/")[2] in FORBIDDEN_NAMES:
        return f"{path} governs the repository itself and is never patched"
    if path not in comparison.sources:
        return "" if _is_new_code(file, comparison) else f"{path} is not among the code that was read"
    if comparison.sources[path] != file.before:
        return f"{path} is not what the patch was made from (digest {file.base_digest[:12]})"
    if file.before == file.after:
        return f"{path} would not change"
    return f"{path} would become binary" if b"\0" in file.after else ""


def _is_new_code(file: FilePatch, comparison: Comparison) -> bool:
    """A new file of Terraform beside that of the resource: it is read and judged as all the others are."""
    resource = comparison.match.resource
    beside = resource is not None and directory_of(file.path) == directory_of(resource.path)
    return beside and not file.before and file.path.endswith(TERRAFORM_CODE) and comparison.subject.after is not None
