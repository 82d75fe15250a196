from __future__ import annotations

from typing import ClassVar

import pytest
from cfn_oracle import LANGUAGE, edited, read, refusal

from remedy_gate.iac.module import Block, CannotEdit, SourceError
from remedy_gate.iac.operations import AddItem, AddResource, Data, Operation, Raw, Ref, RemoveValue, SetValue, Table
from remedy_gate.iac.values import Fields

P = "Properties"

SAMPLE = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  # about the bucket
  B:
    Type: AWS::S3::Bucket
    # about its properties
    Properties:
      # its name
      Name: foo # behind
      Tags:
        - Key: a
          Value: b
        # the second
        - Key: c
          Value: d
      Flow: {a: 1, b: [x, y]}
      Text: |
        hi
        # not a comment

      Nothing:
      Long: "a
        b"
    # an end
      # a deeper end

  C:
    Type: AWS::S3::Bucket
Outputs:
  O: {Value: !Ref B}
"""


def changes(operation: Operation, text: str = SAMPLE) -> tuple[str, str]:
    """What an edit takes out of the text and what it puts in, whole lines."""
    after = edited(text, operation)
    old, new = text.splitlines(keepends=True), after.splitlines(keepends=True)
    while old and new and old[0] == new[0]:
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    return "".join(old), "".join(new)


TAGS = "        - Key: a\n          Value: b\n        # the second\n        - Key: c\n          Value: d\n"
ENCRYPTION = Table((("Rules", (Table((("Algorithm", "aws:kms"), ("Key", Ref("C", "Arn")))),)),))


def test_a_missing_key_is_made_at_the_end_with_all_that_is_missing_on_the_way() -> None:
    assert changes(SetValue("B", (P, "New", "Deep"), True)) == ("", "      New:\n        Deep: true\n")
    assert changes(SetValue("C", (P, "A"), "x")) == ("", "    Properties:\n      A: x\n")
    assert changes(SetValue("B", ("DeletionPolicy",), "Retain")) == ("", "    DeletionPolicy: Retain\n")


def test_collections_are_written_in_the_files_indentation() -> None:
    expected = """\
      Encryption:
        Rules:
          - Algorithm: aws:kms
            Key: !GetAtt C.Arn
"""
    assert changes(SetValue("B", (P, "Encryption"), ENCRYPTION)) == ("", expected)


def test_flush_lists_and_wide_indentation_are_kept() -> None:
    text = "Resources:\n    B:\n        Type: X::Y::Z\n        Properties:\n            L:\n            - a\n"
    expected = """\
            Encryption:
                Rules:
                - Algorithm: aws:kms
                  Key: !GetAtt C.Arn
"""
    assert changes(SetValue("B", (P, "Encryption"), ENCRYPTION), text) == ("", expected)
    assert changes(AddItem("B", (P, "L"), "b"), text) == ("", "            - b\n")


def test_wide_dashes_are_kept() -> None:
    text = "Resources:\n  B:\n    L:\n    -   a\n    -   K: v\n"
    assert changes(AddItem("B", ("L",), Table((("K", 1), ("V", 2)))), text) == ("", "    -   K: 1\n        V: 2\n")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("bar", "bar"),
        (True, "true"),
        (None, "null"),
        (7, "7"),
        (1.5, "1.5"),
        (Ref("C"), "!Ref C"),
        (Ref("C", "Arn"), "!GetAtt C.Arn"),
        (Ref("Parameters.P"), "!Ref P"),
        (Ref("AWS::Region"), "!Ref AWS::Region"),
        (Raw('!Sub "${C}-x"'), '!Sub "${C}-x"'),
        ((), "[]"),
        (Table(()), "{}"),
        ("yes", '"yes"'),
        ("Off", '"Off"'),
        ("null", '"null"'),
        ("~", '"~"'),
        ("", '""'),
        ("12", '"12"'),
        ("1_0", '"1_0"'),
        ("0x1F", '"0x1F"'),
        ("010", '"010"'),
        ("1e3", '"1e3"'),
        ("12:30", '"12:30"'),
        ("2012-10-17", '"2012-10-17"'),
        (".5", '".5"'),
        ("*x", '"*x"'),
        ("&x", '"&x"'),
        ("!x", '"!x"'),
        ("%x", '"%x"'),
        ("@x", '"@x"'),
        ("`x", '"`x"'),
        ("{x", '"{x"'),
        ("[x", '"[x"'),
        ("#x", '"#x"'),
        ("- x", '"- x"'),
        ("-x", "-x"),
        ("a: b", '"a: b"'),
        ("a #b", '"a #b"'),
        ("a:", '"a:"'),
        ("a:b#c", "a:b#c"),
        (" a", '" a"'),
        ("it's", "it's"),
        ('say "x": y', "'say \"x\": y'"),
        ("a\tb", '"a\\tb"'),
        ("a\x85b", '"a\\u0085b"'),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/*"),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("${A}", "${A}"),
    ],
)
def test_a_value_is_written_with_quotes_only_where_it_must(value: Data, expected: str) -> None:
    assert changes(SetValue("B", (P, "Name"), value)) == (
        "      Name: foo # behind\n",
        f"      Name: {expected} # behind\n",
    )


def test_text_takes_the_quotes_of_the_text_that_it_replaces() -> None:
    text = "Resources:\n  B:\n    A: 'x'\n    C: \"x\"\n    D: x\n"
    assert changes(SetValue("B", ("A",), "it's"), text)[1] == '    A: "it\'s"\n'
    assert changes(SetValue("B", ("A",), "y"), text)[1] == "    A: 'y'\n"
    assert changes(SetValue("B", ("C",), "y"), text)[1] == '    C: "y"\n'
    assert changes(SetValue("B", ("C",), True), text)[1] == "    C: true\n"
    assert changes(SetValue("B", ("D",), "z"), text)[1] == "    D: z\n"


def test_a_file_that_always_quotes_gets_quotes() -> None:
    text = "Resources:\n  B:\n    Type: 'a'\n    A: 'b'\n    C: 'c'\n    D: 'd'\n"
    assert changes(SetValue("B", ("E",), ("x", True, 1)), text)[1] == "    E:\n      - 'x'\n      - true\n      - 1\n"


def test_a_file_of_long_calls_gets_long_calls() -> None:
    text = "Resources:\n  B:\n    A:\n      Ref: P\n"
    expected = "    E:\n      Fn::GetAtt:\n        - C\n        - Arn\n"
    assert changes(SetValue("B", ("E",), Ref("C", "Arn")), text) == ("", expected)
    assert changes(SetValue("B", ("E",), Raw("!Sub '${C}'")), text) == ("", "    E:\n      Fn::Sub: ${C}\n")


@pytest.mark.parametrize(
    ("path", "value", "old", "new"),
    [
        ((P, "Name"), ("x",), "      Name: foo # behind\n", "      Name: # behind\n        - x\n"),
        ((P, "Nothing"), False, "      Nothing:\n", "      Nothing: false\n"),
        ((P, "Nothing"), ("x",), "", "        - x\n"),
        ((P, "Nothing", "A"), 1, "", "        A: 1\n"),
        ((P, "Text"), "x", "      Text: |\n        hi\n        # not a comment\n", "      Text: x\n"),
        ((P, "Long"), Ref("C"), '      Long: "a\n        b"\n', "      Long: !Ref C\n"),
        ((P, "Long"), (1,), '      Long: "a\n        b"\n', "      Long:\n        - 1\n"),
        ((P, "Flow"), "x", "      Flow: {a: 1, b: [x, y]}\n", "      Flow: x\n"),
        ((P, "Flow"), (1,), "      Flow: {a: 1, b: [x, y]}\n", "      Flow:\n        - 1\n"),
        ((P, "Tags", 1), "x", "        - Key: c\n          Value: d\n", "        - x\n"),
        ((P, "Tags", 0, "Key"), "x", "        - Key: a\n", "        - Key: x\n"),
        (
            (P, "Tags", 0),
            Table((("A", 1), ("B", (2,)))),
            "        - Key: a\n          Value: b\n",
            "        - A: 1\n          B:\n            - 2\n",
        ),
        (
            (P, "Tags"),
            True,
            "      Tags:\n" + TAGS,
            "      Tags: true\n",
        ),
        (
            (P, "Tags"),
            (1, 2),
            TAGS,
            "        - 1\n        - 2\n",
        ),
        ((P, "Name"), "a\nb\n", "      Name: foo # behind\n", "      Name: | # behind\n        a\n        b\n"),
    ],
)
def test_a_value_is_replaced_whatever_stands_there(
    path: tuple[str | int, ...], value: Data, old: str, new: str
) -> None:
    assert changes(SetValue("B", path, value)) == (old, new)


def test_a_value_that_is_already_so_is_left_alone() -> None:
    module = read(SAMPLE)
    assert LANGUAGE.edit(module, SetValue("B", (P, "Name"), "foo")) is module
    assert LANGUAGE.edit(module, SetValue("B", (P, "Flow"), Table((("b", ("x", "y")), ("a", 1))))) is module
    long = read("Resources:\n  B:\n    A: {'Fn::GetAtt': [C, Arn]}\n")
    assert LANGUAGE.edit(long, SetValue("B", ("A",), Ref("C", "Arn"))) is long


def test_true_and_the_text_true_are_not_the_same() -> None:
    text = "Resources:\n  B:\n    A: 'true'\n"
    assert edited(text, SetValue("B", ("A",), True)) == "Resources:\n  B:\n    A: true\n"


def test_a_name_applied_to_a_list_of_one_means_its_item() -> None:
    text = "Resources:\n  B:\n    L:\n      - A: 1\n"
    assert edited(text, SetValue("B", ("L", "A"), 2)) == text.replace("1", "2")
    assert edited(text, SetValue("B", ("L", "C"), 2)) == text + "        C: 2\n"


@pytest.mark.parametrize(
    ("path", "removed", "put"),
    [
        ((P, "Name"), "      # its name\n      Name: foo # behind\n", ""),
        ((P, "Text"), "      Text: |\n        hi\n        # not a comment\n", ""),
        ((P, "Nothing"), "      Nothing:\n", ""),
        ((P, "Tags", 1), "        # the second\n        - Key: c\n          Value: d\n", ""),
        ((P, "Tags", 0), "        - Key: a\n          Value: b\n", ""),
        ((P, "Tags", 0, "Value"), "          Value: b\n", ""),
        ((P, "Tags", 0, "Key"), "        - Key: a\n          Value: b\n", "        - Value: b\n"),
        ((P, "Flow", "a"), "      Flow: {a: 1, b: [x, y]}\n", "      Flow: {b: [x, y]}\n"),
        ((P, "Flow", "b"), "      Flow: {a: 1, b: [x, y]}\n", "      Flow: {a: 1}\n"),
        ((P, "Flow", "b", 0), "      Flow: {a: 1, b: [x, y]}\n", "      Flow: {a: 1, b: [y]}\n"),
    ],
)
def test_a_value_is_removed_with_the_comments_that_are_its_own(
    path: tuple[str | int, ...], removed: str, put: str
) -> None:
    assert changes(RemoveValue("B", path)) == (removed, put)


def test_a_comment_between_items_keys_stays() -> None:
    text = "Resources:\n  B:\n    L:\n      - A: 1 # one\n        # two\n        B: 2\n"
    assert edited(text, RemoveValue("B", ("L", 0, "A"))) == "Resources:\n  B:\n    L:\n      - # two\n        B: 2\n"


def test_a_comment_apart_from_the_key_stays() -> None:
    text = (
        "Resources:\n  B:\n    A: 1\n    # of the section\n\n    C: 1\n    # deeper or not\n      # deeper\n    D: 1\n"
    )
    assert edited(text, RemoveValue("B", ("C",))) == text.replace("    C: 1\n", "")
    assert edited(text, RemoveValue("B", ("D",))) == text.replace("    D: 1\n", "")


def test_an_emptied_mapping_goes_too_and_an_emptied_list_or_item_stays_valid() -> None:
    text = "Resources:\n  B:\n    Type: X::Y::Z\n    P:\n      A:\n        C: 1\n    L:\n      - D: 1\n"
    assert edited(text, RemoveValue("B", ("P", "A", "C"))) == text.replace("    P:\n      A:\n        C: 1\n", "")
    assert edited(text, RemoveValue("B", ("L", 0, "D"))) == text.replace("- D: 1", "- {}")
    assert edited(text, RemoveValue("B", ("L", 0))) == text.replace("L:\n      - D: 1", "L: []")


def test_an_item_is_added_in_the_lists_own_style() -> None:
    tag = Table((("Key", "k"), ("Value", "v")))
    assert changes(AddItem("B", (P, "Tags"), tag)) == ("", "        - Key: k\n          Value: v\n")
    assert changes(AddItem("B", (P, "Flow", "b"), "z"))[1] == "      Flow: {a: 1, b: [x, y, z]}\n"
    assert changes(AddItem("B", (P, "Absent"), "z")) == ("", "      Absent:\n        - z\n")
    assert changes(AddItem("B", (P, "Nothing"), "z")) == ("", "        - z\n")


def test_an_empty_list_is_filled_as_a_block() -> None:
    text = "Resources:\n  B:\n    L: [] # none\n"
    assert edited(text, AddItem("B", ("L",), "a")) == "Resources:\n  B:\n    L: # none\n      - a\n"


POLICY = Table((("Properties", Table((("Bucket", Ref("B")),))),))


def test_a_resource_is_added_behind_the_comments_of_the_one_before() -> None:
    expected = "\n  New:\n    Type: X::Y::Z\n    Properties:\n      Bucket: !Ref B\n"
    before, after = SAMPLE.split("      # a deeper end\n")
    text = edited(SAMPLE, AddResource("B", "X::Y::Z", "New", POLICY))
    assert text == f"{before}      # a deeper end\n{expected}{after}"


def test_a_resource_is_spaced_as_its_neighbours_are() -> None:
    tight = "Resources:\n  A:\n    Type: X::Y::Z\n  B:\n    Type: X::Y::Z\n"
    assert edited(tight, AddResource("A", "X::Y::Z", "New", Table(()))) == tight.replace(
        "  B", "  New:\n    Type: X::Y::Z\n  B"
    )
    alone = "Resources:\n  A:\n    Type: X::Y::Z"
    assert edited(alone, AddResource("A", "X::Y::Z", "New", Table(()))) == alone + "\n\n  New:\n    Type: X::Y::Z"


def test_a_resource_behind_something_else_goes_to_the_end_of_the_resources() -> None:
    text = edited(SAMPLE, AddResource("Outputs.O", "X::Y::Z", "New", Table(())))
    assert text == SAMPLE.replace("Outputs:", "\n  New:\n    Type: X::Y::Z\nOutputs:")


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_breaks_mark_and_a_missing_last_line_break_stay(mark: str) -> None:
    text = mark + "Resources:\r\n  B:\r\n    A: 1\r\n    C: 2"
    assert edited(text, SetValue("B", ("D", "E"), 3)) == text + "\r\n    D:\r\n      E: 3"
    assert edited(text, RemoveValue("B", ("C",))) == text.removesuffix("\r\n    C: 2")
    assert edited(text, AddResource("B", "X::Y::Z", "New", Table(()))) == text + "\r\n\r\n  New:\r\n    Type: X::Y::Z"
    assert edited(text, SetValue("B", ("C",), "a\nb\n")) == text.replace("C: 2", 'C: "a\\nb\\n"')


def test_kept_block_scalars_keep_their_blank_lines() -> None:
    text = "Resources:\n  B:\n    A: |+\n      x\n\n\n  C:\n    A: 1\n"
    assert edited(text, SetValue("B", ("D",), 1)) == text.replace("\n\n\n", "\n\n\n    D: 1\n")


def test_other_sections_can_be_edited_as_well() -> None:
    text = "Parameters:\n  P:\n    Type: String\nResources: {}\n"
    assert edited(text, SetValue("Parameters.P", ("NoEcho",), True)) == text.replace(
        "String\n", "String\n    NoEcho: true\n"
    )


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        (SetValue("Nobody", ("A",), 1), "there is no Nobody in the template"),
        (SetValue("B", (), 1), "the path is empty"),
        (SetValue("B", (P, "Name", "x"), 1), "Properties.Name is a plain value and has no x"),
        (SetValue("B", (P, "Tags", "Key"), 1), "Properties.Tags has 2 items, and Key does not say which"),
        (SetValue("B", (P, "Tags", "*", "Key"), 1), "Properties.Tags has 2 items, and * does not say which"),
        (SetValue("B", (P, "Tags", 5), 1), "Properties.Tags has no item 5"),
        (SetValue("B", (P, 0), 1), "Properties is a mapping, 0 does not name one key of it"),
        (SetValue("B", (P, "New", 0, "A"), 1), "Properties.New has no item 0: it is not there"),
        (RemoveValue("B", (P, "Gone")), "Properties.Gone is not there"),
        (AddItem("B", (P, "Name"), 1), "Properties.Name is not a list that is written out"),
        (AddResource("B", "X::Y::Z", "C", Table(())), "the template already has C"),
        (
            AddResource("B", "X::Y::Z", "not-an-id", Table(())),
            "not-an-id is not a logical id: only letters and digits are allowed",
        ),
        (SetValue("B", (P, "Name"), Raw("!Sub 'x")), "the value cannot be written: found unexpected end of stream"),
        (
            SetValue("B", (P, "Name"), float("nan")),
            "the value cannot be written: Out of range float values are not JSON compliant",
        ),
    ],
)
def test_what_cannot_be_edited_is_told(operation: Operation, reason: str) -> None:
    assert refusal(SAMPLE, operation).startswith(reason)


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("!If [C, {A: 1}, {A: 2}]", "V is given by !If"),
        ("{'Fn::If': [C, {A: 1}, {A: 2}]}", "V is given by Fn::If"),
        ("!Strange {A: 1}", "V is given by !Strange"),
        ("!Ref P", "V is given by !Ref"),
        ("*shared", "V is an alias of a value that stands elsewhere"),
    ],
)
def test_what_an_expression_gives_is_not_edited_inside_but_can_be_replaced(expression: str, reason: str) -> None:
    text = f"Resources:\n  O:\n    S: &shared {{A: 1}}\n  B:\n    V: {expression}\n"
    assert refusal(text, SetValue("B", ("V", "A"), 3)) == reason
    assert edited(text, SetValue("B", ("V",), 3)) == text.replace(expression, "3")


def test_a_value_that_an_alias_uses_elsewhere_is_left_alone() -> None:
    text = "Resources:\n  A:\n    V: &v\n      X: 1\n    W: &w {X: 1}\n  B:\n    V: *v\n"
    reason = "V is used in other places by its anchor"
    assert refusal(text, SetValue("A", ("V", "X"), 2)) == reason
    assert refusal(text, SetValue("A", ("V",), 2)) == reason
    assert refusal(text, RemoveValue("A", ("V",))) == reason
    assert edited(text, SetValue("A", ("W", "X"), 2)) == text.replace("&w {X: 1}", "&w {X: 2}")
    assert edited(text, RemoveValue("B", ("V",))).endswith("W: &w {X: 1}\n  B: {}\n")


def test_a_merged_key_is_overridden_only_as_a_whole() -> None:
    text = "Resources:\n  A:\n    V: &v {X: {Y: 1}}\n  B:\n    V:\n      <<: *v\n      Z: 1\n"
    assert edited(text, SetValue("B", ("V", "X"), 2)) == text + "      X: 2\n"
    assert refusal(text, SetValue("B", ("V", "X", "Y"), 2)) == "V has X from another mapping"


def test_a_file_with_an_error_is_not_edited() -> None:
    assert refusal("Resources: {}\n---\nResources: {}\n", SetValue("B", ("A",), 1)).startswith(
        "a template is one document"
    )


def test_an_item_that_is_empty_can_be_filled() -> None:
    text = "Resources:\n  B:\n    L:\n      -\n      - # none\n"
    assert edited(text, SetValue("B", ("L", 0), "x")) == text.replace("-\n", "- x\n", 1)
    assert edited(text, SetValue("B", ("L", 0, "A"), 1)) == text.replace("-\n", "- A: 1\n", 1)


def test_a_long_call_written_as_a_table_is_that_call() -> None:
    text = "Resources:\n  B:\n    A: !Ref X\n"
    call = Table((("Fn::GetAtt", ("C", "Arn")),))
    assert edited(text, SetValue("B", ("D",), call)) == text + "    D:\n      Fn::GetAtt:\n        - C\n        - Arn\n"
    assert edited(text, SetValue("B", ("A",), Table((("Fn::If", ("C", 1, 2)),)))).count("Fn::If") == 1


@pytest.mark.parametrize(
    ("text", "operation", "reason"),
    [
        ("    ? A\n    : 1\n", SetValue("B", ("C",), 1), "the mapping does not begin on a line of its own"),
        (
            "    ? A\n    : 1\n    ? C\n    : 1\n",
            RemoveValue("B", ("C",)),
            "the key does not begin on a line of its own",
        ),
        (
            "    L:\n      - - a\n        - b\n",
            RemoveValue("B", ("L", 0, 0)),
            "the item does not begin on the line of its dash",
        ),
        ("    L:\n      - - a\n        - b\n", SetValue("B", ("M", 0), 1), "M has no item 0: it is not there"),
        ("    L:\n", SetValue("B", ("L", 0), 1), "L has no item 0: it is not there"),
    ],
)
def test_unusual_writing_is_refused_rather_than_broken(text: str, operation: Operation, reason: str) -> None:
    assert refusal("Resources:\n  B:\n" + text, operation).startswith(reason)


def test_resources_that_are_not_written_out_get_no_sibling() -> None:
    text = "Metadata: {M: &m {A: {Type: X::Y::Z}}}\nResources: *m\n"
    reason = "the template has no resources that are written out"
    assert refusal(text, AddResource("Metadata", "X::Y::Z", "New", Table(()))) == reason


def test_a_module_of_another_language_is_refused() -> None:
    class Other:
        language = "terraform"
        files: ClassVar[dict[str, bytes]] = {}
        errors = ()
        repeated: ClassVar[dict[str, SourceError]] = {}
        blocks: ClassVar[dict[str, Block]] = {}

        def resolved(self, address: str) -> Fields:
            raise KeyError(address)

        written = resolved

        def references(self, address: str) -> frozenset[str]:
            raise KeyError(address)

    assert LANGUAGE.edit(Other(), SetValue("B", ("A",), 1)) == CannotEdit("the module is not one of this language")
