from __future__ import annotations

import subprocess
import sys
import time

import pytest
from cfn_oracle import LANGUAGE, read

from remedy_gate.domain.source import LineRange
from remedy_gate.iac.module import SourceError
from remedy_gate.iac.values import Fields, Known

SAMPLE = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  P: {Type: String}
Resources:
  # about A
  A:
    Type: AWS::S3::Bucket
    Properties:
      Text: |
        one

        # not a comment

  # about B
  B: {Type: AWS::SNS::Topic} # behind
  C:
    Type: Custom::Thing
    List:
      - x
      -
Outputs:
  O:
    Value: é
"""


def test_blocks_have_their_addresses_kinds_and_types_in_order() -> None:
    found = [(block.address, block.kind, block.type, block.name) for block in read(SAMPLE).blocks.values()]
    assert found == [
        ("Transform", "transform", "", "Transform"),
        ("Parameters.P", "parameter", "", "P"),
        ("A", "resource", "AWS::S3::Bucket", "A"),
        ("B", "resource", "AWS::SNS::Topic", "B"),
        ("C", "resource", "Custom::Thing", "C"),
        ("Outputs.O", "output", "", "O"),
    ]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_spans_are_exact_bytes_without_what_follows(mark: bytes, newline: str) -> None:
    data = mark + SAMPLE.replace("\n", newline).encode()
    found = {
        address: data[block.span.start : block.span.end].decode().replace("\r\n", "\n")
        for address, block in read(data).blocks.items()
    }
    assert found["A"].startswith("A:\n")
    assert found["A"].endswith("# not a comment")
    assert found["B"] == "B: {Type: AWS::SNS::Topic}"
    assert found["C"].endswith("      - x\n      -")
    assert found["Outputs.O"] == "O:\n    Value: é"


def test_lines_are_those_of_the_block_alone() -> None:
    lines = {address: block.lines for address, block in read(SAMPLE).blocks.items()}
    assert lines["A"] == LineRange(6, 12)
    assert lines["B"] == LineRange(15, 15)
    assert lines["C"] == LineRange(16, 20)


def test_spans_count_bytes_behind_wide_characters() -> None:
    text = 'Resources:\n  A: {D: "é😀"}\n  B: {D: "→"}\n'
    block = read(text).blocks["B"]
    assert text.encode()[block.span.start : block.span.end].decode() == 'B: {D: "→"}'


def test_a_block_that_is_an_alias_spans_its_alias() -> None:
    text = "Resources:\n  A: &a {Type: X::Y::Z}\n  B: *a\n  C: {Type: X::Y::Z}\n"
    found = {address: text[block.span.start : block.span.end] for address, block in read(text).blocks.items()}
    assert found == {"A": "A: &a {Type: X::Y::Z}", "B": "B: *a", "C": "C: {Type: X::Y::Z}"}


def test_a_block_ending_in_an_alias_spans_it() -> None:
    text = "Resources:\n  A:\n    T: &t [x]\n    L:\n    - *t\n    - # odd\n      *t\n  B:\n    M: *t\n"
    found = {address: text[block.span.start : block.span.end] for address, block in read(text).blocks.items()}
    assert found["A"].endswith("# odd\n      *t")
    assert found["B"] == "B:\n    M: *t"


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("Resources:\n  A: 1\n  B: 2\n  A: 3\n", 4, 3, "duplicate key 'A', first given on line 2"),
        ('{"Resources": {"A": {"Type": "x",\n "Type": "y"}}}', 2, 2, "duplicate key 'Type', first given on line 1"),
        ("Resources: {}\n---\nResources: {}\n", 2, 1, "a template is one document, and another begins here"),
        ("- a\n", 1, 1, "a template is a mapping of sections"),
        ("", 1, 1, "the file is empty"),
        ("Resources:\n  ? [a]\n  : 1\n", 2, 5, "a key must be text"),
        ("Resources: [a]\n", 1, 12, "Resources must be a mapping"),
        ("Resources: &r [*r]\n", 1, 12, "an alias inside its own anchor"),
        ("A: &a b\nResources:\n  *a : {}\n", 3, 3, "an alias as a key"),
        ("Resources:\n  A: \x00\n", 2, 6, "the control character U+0000 is not allowed"),
    ],
)
def test_what_is_refused_is_told_with_line_and_column(text: str, line: int, column: int, message: str) -> None:
    module = read(text)
    assert module.errors == (SourceError("t.yaml", line, column, message),)
    assert module.blocks == {}


@pytest.mark.parametrize(
    "text", ["Resources:\n\tA: 1\n", "Resources:\n  A: [1\n", "Resources:\n  A: *nobody\n", "a: b: c\n"]
)
def test_what_yaml_refuses_is_an_error(text: str) -> None:
    assert len(read(text).errors) == 1


@pytest.mark.parametrize(
    "text",
    [
        '{"Resources": {"A": 1,}}',
        '{"Resources": NaN}',
        '{"Resources": {}} x',
        "{'Resources': {}}",
        '{"Resources": {"A": 01}}',
    ],
)
def test_what_json_refuses_is_an_error(text: str) -> None:
    assert "not well-formed JSON" in read(text, "t.json").errors[0].message


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("t.json", '{\n\t"Resources": {\n\t\t"A":\t{"Type": "X::Y::Z"}}}'),
        ("t.json", '{"Resources": {"A": {"D": "\\ud83d\\ude00 \\/ \\\\ud83d"}}}'),
        ("t.yaml", "{Resources: {A: {Type: X::Y::Z}}}"),
        ("t.yaml", "%YAML 1.1\n---\nResources: {A: {}}\n...\n"),
        ("t.yaml", "Resources:\n  A: {T: &x 1, U: *x}\n"),
        ("t.yaml", "Resources:\n"),
        ("t.template", '\n {"Resources": {}}'),
    ],
)
def test_unusual_but_valid_templates_are_read(path: str, text: str) -> None:
    assert read(text, path).errors == ()


def _laughs() -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    return "\n".join(lines)


def _chained_depth() -> str:
    lines = ["a0: &a0 " + "[" * 90 + "]" * 90]
    lines += [f"a{n}: &a{n} {'[' * 90}*a{n - 1}{']' * 90}" for n in range(1, 60)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "data",
    [
        b"Resources: " + b"[" * 10_000,
        b"Resources: " + b"[" * 100_000 + b"]" * 100_000,
        b"Resources:\n " + b"- " * 50_000,
        b"? " * 50_000,
        "\n".join(" " * depth + "a:" for depth in range(1_500)).encode(),
        b'{"Resources":' * 10_000,
        _laughs().encode(),
        _chained_depth().encode(),
        b'Resources: {A: "' + b"x" * 20_000_000,
        b"Resources: {" + b"a: {}, " * 250_000 + b"}",
        "Resources: {}".encode("utf-16"),
        "Resources: {}".encode("utf-32"),
        b"Resources:\n  A: \xe9",
        b"\0" * 1000,
        b"Resources: " + b'"' * 1_000_000,
    ],
    ids=lambda data: data[:12].hex(),
)
def test_hostile_files_get_a_reason_within_a_second(data: bytes) -> None:
    started = time.process_time()
    module = read(data)
    LANGUAGE.claims("t.yaml", data)
    assert len(module.errors) == 1
    assert module.blocks == {}
    assert time.process_time() - started < 1


def test_a_second_file_is_named_and_not_read() -> None:
    module = LANGUAGE.read({"a.yaml": b"Resources: {A: {}}", "b.yaml": b"Resources: {B: {}}"})
    assert list(module.blocks) == ["A"]
    assert module.errors == (SourceError("b.yaml", 1, 1, "a template is a module of its own"),)


def test_yaml_is_imported_with_the_first_template_and_not_before() -> None:
    program = (
        "import sys\n"
        "from remedy_gate.iac.cloudformation import CloudFormation\n"
        "language = CloudFormation(None)\n"
        "language.claims('a.yaml', b'Resources:\\n  A: {Type: AWS::S3::Bucket}')\n"
        "print('yaml' in sys.modules)\n"
        "language.read({'a.yaml': b'Resources: {}'})\n"
        "print('yaml' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


def test_surrogate_pairs_of_json_are_the_characters_they_stand_for() -> None:
    module = read('{"Resources": {"A": {"D": "\\ud83d\\ude00 \\u00e9 \\ud83d \\\\ud83d"}}}', "t.json")
    assert module.resolved("A").get("D") == Known("😀 é \ufffd \\ud83d")


def test_a_resource_may_be_named_as_a_section_is() -> None:
    module = read("Transform: Mine\nResources:\n  A: {Type: X::Y::Z}\n  Transform: {Type: X::Y::Macro}\n")
    assert [(block.address, block.kind) for block in module.blocks.values()] == [
        ("A", "resource"),
        ("Transform", "resource"),
    ]
    assert module.resolved("Transform") == Fields((("Type", Known("X::Y::Macro")),), complete=False)
