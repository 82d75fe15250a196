from __future__ import annotations

import pytest
from cfn_oracle import read

from remedy_gate.iac.values import (
    ABSENT,
    Fields,
    Found,
    Items,
    Known,
    OneOf,
    Reference,
    Unknown,
    Value,
    select,
)

HEAD = """\
Parameters:
  Env: {Type: String, Default: dev}
  Bare: {Type: String}
  Kind: {Type: String, AllowedValues: [a, b]}
  Size: {Type: Number, Default: "10"}
  Nets: {Type: CommaDelimitedList, Default: "10.0.0.0/8, 0.0.0.0/0"}
  Stored: {Type: "AWS::SSM::Parameter::Value<String>", Default: /x}
Conditions:
  Prod: !Equals [!Ref Env, prod]
  NotProd: !Not [!Condition Prod]
  Never: !Equals [a, b]
  Both: !And [!Condition Prod, {Condition: Never}]
  Either: {"Fn::Or": [{Condition: Never}, "Fn::Not": [{Condition: Never}]]}
  Here: !Equals [!Ref AWS::Region, eu-west-1]
  Open: !Equals [!Ref Bare, x]
  SameLists: !Equals [[a, 1], [a, "1"]]
  OtherLists: !Equals [[a, b], [a, c]]
  ShorterList: !Equals [[a], [a, c]]
  ListAndText: !Equals [[a], a]
  Renamed: !Condition Never
  Loop: !Not [!Condition Loop]
Mappings:
  Regions: {eu: {Ami: ami-1, Same: s}, us: {Ami: ami-2, Same: s}}
Resources:
  Bucket: {Type: "AWS::S3::Bucket", Properties: {BucketName: !Sub "${Env}-data"}}
  Key: {Type: "AWS::KMS::Key"}
  Subject:
    Type: AWS::X::Y
    Properties:
      Value: """

UNKNOWN_KEY = Unknown("the physical id of Key is known only after deployment")
KEY_ARN = Reference("Key", ("Arn",), Unknown("Key.Arn is known only after deployment"))


def value_of(expression: str) -> Value:
    module = read(HEAD + expression + "\n")
    assert module.errors == ()
    (found,) = select(module.resolved("Subject"), ("Properties", "Value"))
    return found.value


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("true", True),
        ("Yes", True),
        ("on", True),
        ("OFF", False),
        ('"true"', "true"),
        ("'no'", "no"),
        ("12", 12),
        ("-1", -1),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("010", "010"),
        ("012345678901", "012345678901"),
        ("1_000", "1_000"),
        ("22:30", "22:30"),
        ("0x1F", "0x1F"),
        ("2012-10-17", "2012-10-17"),
        ('"2012-10-17"', "2012-10-17"),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("~", None),
        ("", None),
        ("null", None),
        ("!!str 12", "12"),
        ("!!int '12'", 12),
        ("y", "y"),
        ("|\n        a\n        b\n", "a\nb\n"),
        (">-\n        a\n        b\n", "a b"),
    ],
)
def test_scalars_mean_what_cloudformation_takes_them_for(written: str, expected: object) -> None:
    value = value_of(written)
    assert value == Known(expected)  # type: ignore[arg-type]
    assert isinstance(value, Known)
    assert type(value.value) is type(expected)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("!Ref Env", Known("dev")),
        ("{Ref: Env}", Known("dev")),
        ("!Ref Size", Known(10)),
        ("!Ref Bare", Unknown("the parameter Bare has no default")),
        ("!Ref Kind", OneOf((Known("a"), Known("b")))),
        ("!Ref Nets", Items((Known("10.0.0.0/8"), Known("0.0.0.0/0")))),
        ("!Ref Stored", Unknown("the parameter Stored is read from the parameter store at deployment")),
        ("!Ref AWS::Region", Unknown("AWS::Region is known only at deployment")),
        ("!Ref Nobody", Unknown("Nobody is not declared in this template")),
        ("!Ref Key", Reference("Key", (), UNKNOWN_KEY)),
        ("!Ref Bucket", Reference("Bucket", (), Known("dev-data"))),
        ("!GetAtt Key.Arn", KEY_ARN),
        ("!GetAtt [Key, Arn]", KEY_ARN),
        ('{"Fn::GetAtt": [Key, Arn]}', KEY_ARN),
        ('{"Fn::GetAtt": Key.Arn}', KEY_ARN),
        ("!GetAtt Key.A.B", Reference("Key", ("A", "B"), Unknown("Key.A.B is known only after deployment"))),
        ("!GetAtt Nobody.Arn", Unknown("Nobody.Arn is not declared in this template")),
    ],
)
def test_references_are_followed_as_far_as_the_template_goes(expression: str, expected: Value) -> None:
    assert value_of(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('!Sub "${Env}-${Size}-${!Literal}"', Known("dev-10-${Literal}")),
        ('!Sub ["${a}-${Env}", {a: !Ref Size}]', Known("10-dev")),
        ('{"Fn::Sub": "x"}', Known("x")),
        ('!Sub "${Bare}-logs"', Unknown("the parameter Bare has no default")),
        ('!Sub "${Key.Arn}"', KEY_ARN),
        ('!Sub "${Kind}!"', OneOf((Known("a!"), Known("b!")))),
        ('!Join ["-", [a, !Ref Env, !Ref AWS::NoValue, 1]]', Known("a-dev-1")),
        ('!Join [",", !Ref Nets]', Known("10.0.0.0/8,0.0.0.0/0")),
        ('{"Fn::Join": ["", [a, !Ref Bare]]}', Unknown("the parameter Bare has no default")),
        ("!Select [1, !Ref Nets]", Known("0.0.0.0/0")),
        ('!Select ["0", [a, b]]', Known("a")),
        ("!Select [5, [a]]", Unknown("the list has no item 5")),
        ('!Select [0, !GetAZs ""]', Unknown("Fn::GetAZs depends on the account and region")),
        ('!Split [",", "a,b"]', Items((Known("a"), Known("b")))),
        ('!Select [1, !Split ["-", !Sub "${Env}-x"]]', Known("x")),
        ("!Base64 hi", Known("aGk=")),
        ('!Base64 {"Fn::Sub": "${Env}"}', Known("ZGV2")),
        ("!FindInMap [Regions, eu, Ami]", Known("ami-1")),
        ("!FindInMap [Regions, !Ref AWS::Region, Ami]", OneOf((Known("ami-1"), Known("ami-2")))),
        ("!FindInMap [Regions, !Ref AWS::Region, Same]", Known("s")),
        ("!FindInMap [Regions, ap, Ami]", Unknown("the mapping has no key ap")),
        ("!ImportValue x", Unknown("Fn::ImportValue is exported by another stack")),
        ("!Strange x", Unknown("the function Strange is not worked out")),
        ("!!binary aGk=", Unknown("the tag !!binary is not one of CloudFormation's")),
        ("'{{resolve:ssm:/a}}'", Unknown("{{resolve:ssm:/a}} is looked up at deployment")),
        ("{Fn::Transform: {Name: AWS::Include}}", Fields((), complete=False)),
        ("{Fn::Transform: {Name: AWS::Include}, A: 1}", Fields((("A", Known(1)),), complete=False)),
        ("!Sub {a: b}", Unknown("Fn::Sub is not called as it must be")),
        ("!Length [a, b]", Known(2)),
        ("{'Fn::Length': !Ref Nets}", Known(2)),
        ("!Join ['', [true, 1.5, ~]]", Known("true1.5")),
        (
            "!GetAtt [Key, !Ref Bare]",
            Reference("Key", (), Unknown("which attribute of Key is known only at deployment")),
        ),
        ("!GetAtt []", Unknown(". is not declared in this template")),
        ("!Select [!Ref Bare, [a]]", Unknown("the parameter Bare has no default")),
        ("!Select [x, [a]]", Unknown("Fn::Select is not called as it must be")),
        ("!Select [1]", Unknown("Fn::Select is not called as it must be")),
        ("!Split ['', a]", Unknown("Fn::Split is not called as it must be")),
        ("!FindInMap [Regions, eu]", Unknown("Fn::FindInMap is not called as it must be")),
        ("!FindInMap [Nowhere, eu, Ami]", Unknown("there is no mapping Nowhere")),
        ("!Join [!Ref Bare, [a]]", Unknown("Fn::Join is not called as it must be")),
        ("!Join [x]", Unknown("Fn::Join is not called as it must be")),
        ("!If [Prod]", Unknown("Fn::If is not called as it must be")),
    ],
)
def test_functions_are_worked_out(expression: str, expected: Value) -> None:
    assert value_of(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("!If [Prod, a, b]", OneOf((Known("b"), Known("a")))),
        ("!If [NotProd, a, b]", OneOf((Known("a"), Known("b")))),
        ("!If [Never, a, b]", Known("b")),
        ("!If [Either, a, b]", Known("a")),
        ("!If [Both, a, b]", OneOf((Known("b"), Known("a")))),
        ("!If [Here, a, b]", OneOf((Known("a"), Known("b")))),
        ("!If [Open, a, b]", OneOf((Known("a"), Known("b")))),
        ("!If [Loop, a, b]", OneOf((Known("a"), Known("b")))),
        ("!If [Nobody, a, b]", OneOf((Known("a"), Known("b")))),
        ("!If [SameLists, a, b]", Known("a")),
        ("!If [OtherLists, a, b]", Known("b")),
        ("!If [ShorterList, a, b]", Known("b")),
        ("!If [ListAndText, a, b]", Known("b")),
        ("!If [Renamed, a, b]", Known("b")),
        ("!If [Prod, same, same]", Known("same")),
        ("!If [Prod, !If [Open, a, b], b]", OneOf((Known("b"), Known("a")))),
        ("!If [Prod, a, !Ref AWS::NoValue]", OneOf((ABSENT, Known("a")))),
        ("[!If [Never, a, !Ref AWS::NoValue], b]", Items((Known("b"),))),
    ],
)
def test_a_conditional_is_decided_only_where_no_deployment_can_change_it(expression: str, expected: Value) -> None:
    assert value_of(expression) == expected


def test_no_value_leaves_the_key_out() -> None:
    assert value_of("!Ref AWS::NoValue") == ABSENT
    assert value_of("{A: !Ref AWS::NoValue, B: 1}") == Fields((("B", Known(1)),))


def test_the_whole_resource_is_resolved() -> None:
    module = read("Resources:\n  B:\n    Type: AWS::S3::Bucket\n    DeletionPolicy: Retain\n    DependsOn: C\n")
    assert module.resolved("B") == Fields(
        (("Type", Known("AWS::S3::Bucket")), ("DeletionPolicy", Known("Retain")), ("DependsOn", Known("C")))
    )


def test_a_condition_is_resolved_to_what_it_decides() -> None:
    module = read(HEAD + "x\n")
    assert module.resolved("Conditions.Never") == Fields((("Never", Known(False)),))
    assert module.resolved("Conditions.Renamed") == Fields((("Renamed", Known(False)),))
    assert module.resolved("Conditions.Prod") == Fields((("Prod", OneOf((Known(False), Known(True)))),))
    assert module.resolved("Conditions.Open") == Fields(
        (("Open", Unknown("the condition Fn::Equals is decided at deployment")),)
    )


SAM = """\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Timeout: 3
    Layers: [global]
    Environment: {Variables: {A: 1, B: 2}}
  Api:
    TracingEnabled: true
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Timeout: 9
      Layers: [own]
      Environment: {Variables: {B: 3}}
  G: {Type: AWS::Serverless::Function}
  T: {Type: AWS::Serverless::SimpleTable}
  L: {Type: AWS::Lambda::Function, Properties: {Handler: h}}
"""


def test_globals_are_merged_under_what_the_resource_says() -> None:
    (found,) = select(read(SAM).resolved("F"), ("Properties",))
    assert found.value == Fields(
        (
            ("Timeout", Known(9)),
            ("Layers", Items((Known("global"), Known("own")))),
            ("Environment", Fields((("Variables", Fields((("A", Known(1)), ("B", Known(3))))),))),
        )
    )


def test_globals_stand_in_for_missing_properties() -> None:
    assert select(read(SAM).resolved("G"), ("Properties", "Timeout")) == (Found(("Properties", "Timeout"), Known(3)),)


def test_globals_of_one_type_leave_the_others_alone() -> None:
    module = read(SAM)
    assert module.resolved("T") == Fields((("Type", Known("AWS::Serverless::SimpleTable")),))
    assert select(module.resolved("L"), ("Properties",))[0].value == Fields((("Handler", Known("h")),))


def test_a_macro_of_ones_own_may_add_to_any_resource() -> None:
    body = "Resources:\n  B: {Type: AWS::S3::Bucket, Properties: {A: 1}}\n"
    mine = read("Transform: [AWS::Serverless-2016-10-31, Mine]\n" + body).resolved("B")
    theirs = read("Transform: AWS::Serverless-2016-10-31\n" + body).resolved("B")
    assert not mine.complete
    assert select(mine, ("Properties", "B"))[0].value == Unknown("not all keys are known, B may be among them")
    assert select(theirs, ("Properties", "B"))[0].value == ABSENT


def test_anchors_aliases_and_merges_have_the_values_that_they_name() -> None:
    text = "Resources:\n  A:\n    Base: &b {X: 1, Y: 2}\n    Same: *b\n    More: {<<: *b, Y: 3, Z: 4}\n"
    resolved = read(text).resolved("A")
    base = Fields((("X", Known(1)), ("Y", Known(2))))
    assert resolved.get("Same") == base
    assert resolved.get("More") == Fields((("X", Known(1)), ("Y", Known(3)), ("Z", Known(4))))
    assert read(text).written("A") == resolved


def test_names_that_lead_in_a_circle_end() -> None:
    text = (
        "Resources:\n"
        "  A: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub 'x${B}'}}\n"
        "  B: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub 'y${A}'}}\n"
    )
    (found,) = select(read(text).resolved("A"), ("Properties", "BucketName"))
    assert isinstance(found.value, Unknown)


def test_text_that_doubles_at_every_step_ends() -> None:
    lines = ["  A0: {Type: AWS::S3::Bucket, Properties: {BucketName: xxxxxxxx}}"]
    lines += [
        f"  A{n}: {{Type: AWS::S3::Bucket, Properties: {{BucketName: !Sub '${{A{n - 1}}}${{A{n - 1}}}'}}}}"
        for n in range(1, 60)
    ]
    (found,) = select(read("Resources:\n" + "\n".join(lines)).resolved("A59"), ("Properties", "BucketName"))
    assert found.value == Unknown("a very long text")


def test_choices_that_multiply_end() -> None:
    choices = "[" + ", ".join(["!Ref Kind"] * 12) + "]"
    assert value_of(f'!Join ["", {choices}]') == Unknown("one of more than 32 possibilities")
