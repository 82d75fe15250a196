from __future__ import annotations

import pytest
from cfn_oracle import edited, refusal

from remedy_gate.iac.operations import AddItem, AddResource, Data, Raw, Ref, RemoveValue, SetValue, Table

P = "Properties"

PRETTY = """\
{
    "Resources": {
        "B": {
            "Type": "AWS::S3::Bucket",
            "Properties": {
                "Name": "x",
                "Tags": [
                    {"Key": "a", "Value": "b"}
                ],
                "Acl": {"Ref": "P"},
                "Empty": {},
                "None": []
            }
        },
        "C": {
            "Type": "AWS::S3::Bucket"
        }
    }
}
"""

COMPACT = '{"Resources":{"B":{"Type":"X::Y::Z","Properties":{"Name":"x","Tags":[{"Key":"a"}],"Empty":{}}}}}'
SPACED = '{ "Resources" : { "B" : { "Type" : "X::Y::Z", "Properties" : { "Name" : "x" } } } }'


def test_a_key_is_added_on_lines_of_its_own_with_the_files_indentation() -> None:
    value = Table((("Rules", (Table((("Algorithm", "aws:kms"), ("Key", Ref("C", "Arn")))),)),))
    after = """\
                "None": [],
                "Encryption": {
                    "Rules": [
                        {
                            "Algorithm": "aws:kms",
                            "Key": {"Fn::GetAtt": ["C", "Arn"]}
                        }
                    ]
                }
"""
    expected = PRETTY.replace('                "None": []\n', after)
    assert edited(PRETTY, SetValue("B", (P, "Encryption"), value), "t.json") == expected


@pytest.mark.parametrize(("old", "new"), [("    ", "  "), ("    ", "\t")])
def test_tabs_and_any_width_are_followed(old: str, new: str) -> None:
    text = PRETTY.replace(old, new)
    after = edited(text, SetValue("C", (P, "A", "D"), False), "t.json")
    expected = """\
            "Type": "AWS::S3::Bucket",
            "Properties": {
                "A": {
                    "D": false
                }
            }
        }
    }
}
""".replace(old, new)
    assert after == text.removesuffix(f'{new * 3}"Type": "AWS::S3::Bucket"\n{new * 2}}}\n{new}}}\n}}\n') + expected


def test_compact_and_spaced_files_stay_on_their_line() -> None:
    value = Table((("L", ("a", Ref("C"))),))
    assert edited(COMPACT, SetValue("B", (P, "E"), value), "t.json") == COMPACT.replace(
        '"Empty":{}', '"Empty":{},"E":{"L":["a",{"Ref":"C"}]}'
    )
    assert edited(SPACED, SetValue("B", (P, "E"), value), "t.json") == SPACED.replace(
        '"Name" : "x"', '"Name" : "x", "E" : { "L" : [ "a", { "Ref" : "C" } ] }'
    )


@pytest.mark.parametrize(
    ("path", "value", "old", "new"),
    [
        ((P, "Name"), True, '"Name": "x"', '"Name": true'),
        ((P, "Name"), "yes", '"Name": "x"', '"Name": "yes"'),
        ((P, "Name"), 'a"b\\c\n', '"Name": "x"', '"Name": "a\\"b\\\\c\\n"'),
        ((P, "Name"), None, '"Name": "x"', '"Name": null'),
        ((P, "Name"), Ref("C"), '"Name": "x"', '"Name": {"Ref": "C"}'),
        ((P, "Name"), Raw("!Sub '${C}-x'"), '"Name": "x"', '"Name": {"Fn::Sub": "${C}-x"}'),
        ((P, "Name"), Raw('{"Fn::Sub": "x"}'), '"Name": "x"', '"Name": {"Fn::Sub": "x"}'),
        ((P, "Name"), Raw("!GetAtt A.B.C"), '"Name": "x"', '"Name": {"Fn::GetAtt": ["A", "B.C"]}'),
        ((P, "Name"), Raw("!If [P, !Ref A, 'b']"), '"Name": "x"', '"Name": {"Fn::If": ["P", {"Ref": "A"}, "b"]}'),
        ((P, "Tags", 0, "Key"), "z", '"Key": "a"', '"Key": "z"'),
        ((P, "Tags", 0, "New"), 1, '"Value": "b"', '"Value": "b", "New": 1'),
        ((P, "Acl"), "Private", '{"Ref": "P"}', '"Private"'),
        ((P, "Empty", "A"), 1, '"Empty": {}', '"Empty": {\n                    "A": 1\n                }'),
    ],
)
def test_a_value_is_replaced_in_place(path: tuple[str | int, ...], value: Data, old: str, new: str) -> None:
    assert edited(PRETTY, SetValue("B", path, value), "t.json") == PRETTY.replace(old, new)


def test_items_are_added_as_the_others_are_written() -> None:
    tag = Table((("Key", "k"), ("Value", "v")))
    row = '{"Key": "a", "Value": "b"}'
    assert edited(PRETTY, AddItem("B", (P, "Tags"), tag), "t.json") == PRETTY.replace(
        row, f'{row},\n                    {{"Key": "k", "Value": "v"}}'
    )
    assert edited(PRETTY, AddItem("B", (P, "None"), "z"), "t.json") == PRETTY.replace(
        '"None": []', '"None": [\n                    "z"\n                ]'
    )
    assert edited(COMPACT, AddItem("B", (P, "Tags"), tag), "t.json") == COMPACT.replace(
        '[{"Key":"a"}', '[{"Key":"a"},{"Key":"k","Value":"v"}'
    )


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ((P, "Name"), '"Name": "x",\n                ', ""),
        ((P, "None"), ',\n                "None": []', ""),
        ((P, "Tags", 0, "Key"), '"Key": "a", ', ""),
        ((P, "Tags", 0, "Value"), ', "Value": "b"', ""),
        ((P, "Tags", 0), '[\n                    {"Key": "a", "Value": "b"}\n                ]', "[]"),
    ],
)
def test_a_value_is_removed_with_one_comma(path: tuple[str | int, ...], old: str, new: str) -> None:
    assert edited(PRETTY, RemoveValue("B", path), "t.json") == PRETTY.replace(old, new)


def test_a_resource_is_added_between_and_behind() -> None:
    block = '"N": {\n            "Type": "X::Y::Z",\n            "DeletionPolicy": "Retain"\n        }'
    body = Table((("DeletionPolicy", "Retain"),))
    behind_b = edited(PRETTY, AddResource("B", "X::Y::Z", "N", body), "t.json")
    assert behind_b == PRETTY.replace('        "C": {', f'        {block},\n        "C": {{')
    behind_c = edited(PRETTY, AddResource("C", "X::Y::Z", "N", body), "t.json")
    assert behind_c == PRETTY.replace("        }\n    }\n}\n", f"        }},\n        {block}\n    }}\n}}\n")


def test_json_with_windows_line_breaks_keeps_them() -> None:
    text = PRETTY.replace("\n", "\r\n")
    after = edited(text, SetValue("C", (P, "A"), (1, 2)), "t.json")
    assert after.count("\n") == after.count("\r\n") == text.count("\n") + 6


YAML = """\
Resources:
  B: {Type: X::Y::Z, Properties: { A: 1, L: [a, 'b'] }}
  C:
    Policy: {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow"},
      ]
    }
  D:
    M: {
      A: 1, # about A
      B: 2 # about B
    }
"""


def test_yaml_brackets_follow_yaml() -> None:
    after = edited(YAML, SetValue("B", (P, "New"), ("a, b", "c", Ref("C", "Arn"))))
    assert after == YAML.replace("[a, 'b']", "[a, 'b'], New: [\"a, b\", c, !GetAtt C.Arn]")


def test_an_empty_place_in_brackets_can_be_filled() -> None:
    text = "Resources:\n  B: {A: , D: 1}\n"
    assert edited(text, SetValue("B", ("A",), "x")) == text.replace("A: ,", "A: x,")


def test_json_inside_yaml_stays_json() -> None:
    after = edited(YAML, SetValue("C", ("Policy", "Id"), "x"))
    assert after == YAML.replace("      ]\n    }", '      ],\n      "Id": "x"\n    }', 1)


def test_a_comma_behind_the_last_item_stays_the_last() -> None:
    after = edited(YAML, AddItem("C", ("Policy", "Statement"), Table((("Effect", "Deny"),))))
    assert after == YAML.replace('{"Effect": "Allow"},', '{"Effect": "Allow"},\n        {"Effect": "Deny"},')


def test_the_comment_of_the_entry_before_stays() -> None:
    assert edited(YAML, RemoveValue("D", ("M", "B"))) == YAML.replace(
        "A: 1, # about A\n      B: 2 # about B", "A: 1 # about A"
    )


def test_an_expression_that_json_cannot_hold_is_refused() -> None:
    assert "cannot be written" in refusal(PRETTY, SetValue("B", (P, "Name"), Raw("!Sub 'x")), "t.json")
    assert "more of B than it names" in refusal(PRETTY, SetValue("B", (P, "Name"), "\ud800"), "t.json")
