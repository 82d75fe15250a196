"""Which blocks stand beside a block in its prompt."""

from __future__ import annotations

from contract.bedrock.repository_kit import kit

from remedy_gate.remedies.prompt_material import neighbours

CODE = """\
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_vpc" "main2" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_subnet" "a" {
  vpc_id = aws_vpc.main.id # not aws_vpc.main2
}

# aws_vpc.main stands between blocks, and in a text that is no reference
resource "aws_subnet" "b" {
  vpc_id = aws_vpc.main2.id
  tags   = { Note = "beside aws_vpc.main" }
}
"""
TEMPLATE = """\
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties:
      CidrBlock: 10.0.0.0/16
  Subnet:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref Vpc
  Other:
    Type: AWS::SNS::Topic
"""


def beside(files: dict[str, str], address: str, path: str = "main.tf") -> list[tuple[str, str]]:
    code = kit(files)
    module = code.reader.module(path, code.sources)
    assert module is not None
    return [(one.relation, one.block.address) for one in neighbours(module, address)]


def test_who_refers_to_a_block_stands_beside_it_and_who_only_says_its_name_does_not() -> None:
    assert beside({"main.tf": CODE}, "aws_vpc.main") == [("referencing", "aws_subnet.a")]
    assert beside({"main.tf": CODE}, "aws_vpc.main2") == [("referencing", "aws_subnet.b")]


def test_what_a_block_refers_to_stands_beside_it() -> None:
    assert beside({"main.tf": CODE}, "aws_subnet.a") == [("referenced", "aws_vpc.main")]


def test_a_block_in_another_file_of_the_module_is_found() -> None:
    other = 'resource "aws_subnet" "c" {\n  vpc_id = aws_vpc.main.id\n}\n'
    assert beside({"main.tf": CODE, "other.tf": other}, "aws_vpc.main") == [
        ("referencing", "aws_subnet.a"),
        ("referencing", "aws_subnet.c"),
    ]


def test_a_template_names_its_resources_by_their_logical_names() -> None:
    assert beside({"t.yaml": TEMPLATE}, "Vpc", "t.yaml") == [("referencing", "Subnet")]
    assert beside({"t.yaml": TEMPLATE}, "Other", "t.yaml") == []
