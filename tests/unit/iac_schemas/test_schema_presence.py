"""What the tables say of provider versions, and where they say nothing."""

from __future__ import annotations

import pytest

from remedy_gate.iac.schema import Argument
from remedy_gate.iac.schemas import TERRAFORM_VERSIONS, had_by, load

TABLES = load()
BOTH = Argument("a", "string")
NEW = Argument("a", "string", since="6.62.0")
GONE = Argument("a", "string", until="5.100.0")
REGION = Argument("region", "string", since="6.0.0")


@pytest.mark.parametrize(
    ("argument", "version", "had"),
    [
        (BOTH, "5.100.0", True),
        (BOTH, "6.10.0", True),
        (BOTH, "6.99.0", True),
        (BOTH, "5.99.9", None),
        (BOTH, "4.67.0", None),
        (BOTH, "7.0.0", None),
        (NEW, "5.100.0", False),
        (NEW, "4.0.0", False),
        (NEW, "6.10.0", None),
        (NEW, "6.62.0", True),
        (NEW, "6.63.1", True),
        (NEW, "7.0.0", None),
        (GONE, "5.100.0", True),
        (GONE, "5.100.1", True),
        (GONE, "6.0.0", False),
        (GONE, "6.62.0", False),
        (GONE, "5.0.0", None),
        (REGION, "5.100.0", False),
        (REGION, "6.0.0-beta2", True),
        (REGION, "6.1.0", True),
        (BOTH, "latest", None),
        (BOTH, "", None),
    ],
)
def test_a_version_has_an_argument_or_not_or_nobody_knows(argument: Argument, version: str, had: bool | None) -> None:
    assert had_by(argument, version) is had


@pytest.mark.parametrize(
    ("type_name", "name", "bounds"),
    [
        ("aws_s3_bucket", "bucket", ("", "")),
        ("aws_s3_bucket_versioning", "region", ("6.0.0", "")),
        ("aws_instance", "cpu_core_count", ("", "5.100.0")),
        ("aws_eip", "vpc", ("", "5.100.0")),
        ("aws_codebuild_project", "auto_retry_limit", ("6.62.0", "")),
        ("aws_simpledb_domain", "name", ("", "5.100.0")),
    ],
)
def test_what_one_version_lacks_has_a_bound(type_name: str, name: str, bounds: tuple[str, str]) -> None:
    arguments = TABLES.arguments(type_name)
    assert arguments is not None
    assert (arguments[name].since, arguments[name].until) == bounds


def test_the_versions_are_those_of_the_tables() -> None:
    meta = TABLES.meta()
    assert (meta["terraform.provider.older"], meta["terraform.provider.newer"]) == TERRAFORM_VERSIONS


def test_no_argument_has_other_bounds() -> None:
    found: set[tuple[str, str]] = set()
    for name in TABLES.names("terraform"):
        found.update((argument.since, argument.until) for argument in (TABLES.arguments(name) or {}).values())
    assert found == {("", ""), ("6.0.0", ""), ("6.62.0", ""), ("", "5.100.0")}
