from __future__ import annotations

from cfn_oracle import read

from remedy_gate.iac.values import Fields, Items, Known, Unknown

TEXT = """\
Parameters:
  P: {Type: String, Default: d}
Mappings:
  M: {a: {b: 1}}
Conditions:
  C: !Equals [!Ref P, x]
Resources:
  A:
    Type: AWS::S3::Bucket
    Condition: C
    DependsOn: [B, Gone]
    Properties:
      Name: !Sub
        - "${P}-${x}-${Q.Arn}"
        - x: !GetAtt [R, Arn]
      Map: !FindInMap [M, a, b]
      If:
        Fn::If:
          - D
          - one
          - two
      Plain: {Version: 2012-10-17, L: [1, "1"]}
  B: {Type: X::Y::Z, Condition: 'C'}
  Q: {Type: X::Y::Z}
  R: {Type: X::Y::Z, Properties: {Condition: {StringEquals: {a: b}}, N: Ref}}
Outputs:
  O: {Value: !Ref A, Condition: C}
"""


def test_expressions_are_unknown_with_their_own_text() -> None:
    assert read(TEXT).written("A") == Fields(
        (
            ("Type", Known("AWS::S3::Bucket")),
            ("Condition", Known("C")),
            ("DependsOn", Items((Known("B"), Known("Gone")))),
            (
                "Properties",
                Fields(
                    (
                        ("Name", Unknown('!Sub - "${P}-${x}-${Q.Arn}" - x: !GetAtt [R, Arn]')),
                        ("Map", Unknown("!FindInMap [M, a, b]")),
                        ("If", Unknown("Fn::If: - D - one - two")),
                        ("Plain", Fields((("Version", Known("2012-10-17")), ("L", Items((Known(1), Known("1"))))))),
                    )
                ),
            ),
        )
    )


def test_a_condition_is_written_as_its_text() -> None:
    assert read(TEXT).written("Conditions.C") == Fields((("C", Unknown("!Equals [!Ref P, x]")),))


def test_references_are_the_declared_names_of_a_block() -> None:
    module = read(TEXT)
    assert module.references("A") == {"B", "Conditions.C", "Mappings.M", "Parameters.P", "Q", "R"}
    assert module.references("B") == {"Conditions.C"}
    assert module.references("Conditions.C") == {"Parameters.P"}
    assert module.references("Outputs.O") == {"A", "Conditions.C"}


def test_text_that_only_looks_like_a_name_is_no_reference() -> None:
    assert read(TEXT).references("R") == frozenset()


def test_json_is_written_and_named_alike() -> None:
    text = '{"Resources": {"A": {"Type": "X::Y::Z", "V": {"Fn::GetAtt":\n ["B", "Arn"]}}, "B": {"DependsOn": "A"}}}'
    module = read(text, "t.json")
    assert module.written("A").get("V") == Unknown('{"Fn::GetAtt": ["B", "Arn"]}')
    assert module.references("A") == {"B"}
    assert module.references("B") == {"A"}
