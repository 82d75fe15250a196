"""Bodies of blocks worked out: references, instances, nested and dynamic blocks, policy documents."""

from __future__ import annotations

from remedy_gate.iac.module import Module
from remedy_gate.iac.terraform import TERRAFORM
from remedy_gate.iac.values import ABSENT, Fields, Items, Known, OneOf, Reference, Unknown, Value

AFTER_APPLY = "is known only after apply"


def read(text: str) -> Module:
    module = TERRAFORM.read({"main.tf": text.encode()})
    assert module.errors == ()
    return module


def value(text: str, name: str, address: str = "aws_x.y") -> Value:
    return read(text).resolved(address).get(name)


BUCKET = 'resource "aws_s3_bucket" "b" {\n  bucket = "name"\n}\n'


def test_a_reference_names_the_block_and_says_that_the_value_comes_later() -> None:
    found = value('resource "aws_x" "y" {\n  a = aws_s3_bucket.b.arn\n}\n' + BUCKET, "a")
    assert found == Reference("aws_s3_bucket.b", ("arn",), Unknown(f"aws_s3_bucket.b.arn {AFTER_APPLY}"))


def test_a_reference_to_a_written_attribute_carries_its_value() -> None:
    found = value('resource "aws_x" "y" {\n  a = aws_s3_bucket.b.bucket\n}\n' + BUCKET, "a")
    assert found == Reference("aws_s3_bucket.b", ("bucket",), Known("name"))


def test_references_follow_references() -> None:
    text = (
        BUCKET + 'resource "aws_z" "z" {\n  n = aws_s3_bucket.b.bucket\n}\nresource "aws_x" "y" {\n  a = aws_z.z.n\n}\n'
    )
    assert value(text, "a") == Reference("aws_z.z", ("n",), Reference("aws_s3_bucket.b", ("bucket",), Known("name")))


def test_a_known_attribute_goes_into_texts() -> None:
    text = BUCKET + 'resource "aws_x" "y" {\n  a = "arn:aws:s3:::${aws_s3_bucket.b.bucket}/*"\n}\n'
    assert value(text, "a") == Known("arn:aws:s3:::name/*")


def test_every_way_to_name_one_of_several_instances_is_a_reference() -> None:
    text = """resource "aws_s3_bucket" "b" {
  count = var.n
}
variable "n" {}
resource "aws_x" "y" {
  count  = 2
  index  = aws_s3_bucket.b[0].id
  own    = aws_s3_bucket.b[count.index].id
  key    = aws_s3_bucket.b["k"].id
  one    = one(aws_s3_bucket.b[*].id)
  splat  = aws_s3_bucket.b.*.id[0]
  joined = join("", aws_s3_bucket.b[*].id)
  first  = element(concat(aws_s3_bucket.b[*].id, [""]), 0)
  tried  = try(aws_s3_bucket.b[0].id, "")
}
"""
    body = read(text).resolved("aws_x.y")
    expected = Reference("aws_s3_bucket.b", ("id",), Unknown(f"aws_s3_bucket.b.id {AFTER_APPLY}"))
    for name in ("index", "own", "key", "one", "splat", "joined", "first", "tried"):
        assert body.get(name) == expected, name


def test_a_splat_over_several_instances_may_hold_more() -> None:
    text = 'resource "aws_s3_bucket" "b" {\n  count = 2\n}\nresource "aws_x" "y" {\n  a = aws_s3_bucket.b[*].id\n}\n'
    found = value(text, "a")
    assert isinstance(found, Items)
    assert (len(found.items), found.complete) == (1, False)


def test_a_resource_that_is_declared_nowhere_is_unknown() -> None:
    text = 'resource "aws_x" "y" {\n  a = aws_kms_key.gone.arn\n}\n'
    assert value(text, "a") == Unknown("aws_kms_key.gone is declared nowhere in this module")


def test_data_sources_and_modules_are_references_with_unknown_values() -> None:
    text = """data "aws_ami" "a" {
  owners = ["self"]
}
module "m" {
  source = "./m"
}
resource "aws_x" "y" {
  ami    = data.aws_ami.a.id
  owners = data.aws_ami.a.owners
  out    = module.m.vpc_id
}
"""
    body = read(text).resolved("aws_x.y")
    assert body.get("ami") == Reference(
        "data.aws_ami.a", ("id",), Unknown("data.aws_ami.a is read only when Terraform runs")
    )
    assert body.get("owners") == Reference("data.aws_ami.a", ("owners",), Items((Known("self"),)))
    assert body.get("out") == Reference(
        "module.m", ("vpc_id",), Unknown("module.m.vpc_id is an output of another module")
    )


def test_resources_that_refer_to_each_other_are_no_endless_loop() -> None:
    text = 'resource "aws_x" "y" {\n  a = aws_x.z.a\n}\nresource "aws_x" "z" {\n  a = aws_x.y.a\n}\n'
    assert "is defined by itself" in str(value(text, "a"))


def test_each_value_is_one_of_the_values_of_the_instances() -> None:
    text = """resource "aws_x" "y" {
  for_each = { a = { acl = "private" }, b = { acl = "public-read" } }
  name     = "bucket-${each.key}"
  acl      = each.value.acl
  same     = "s"
}
"""
    body = read(text).resolved("aws_x.y")
    assert body.get("name") == OneOf((Known("bucket-a"), Known("bucket-b")))
    assert body.get("acl") == OneOf((Known("private"), Known("public-read")))
    assert body.get("same") == Known("s")


def test_instances_that_agree_have_one_value() -> None:
    text = 'resource "aws_x" "y" {\n  for_each = toset(["a", "b"])\n  a = each.value == "c"\n}\n'
    assert value(text, "a") == Known(False)


def test_instances_that_nobody_knows_differ() -> None:
    text = 'variable "m" {}\nresource "aws_x" "y" {\n  for_each = var.m\n  a = each.value.acl\n}\n'
    assert value(text, "a") == Unknown("each.value differs by instance")


def test_count_index_runs_over_a_known_count() -> None:
    text = 'resource "aws_x" "y" {\n  count = 2\n  a = ["p", "q"][count.index]\n}\n'
    assert value(text, "a") == OneOf((Known("p"), Known("q")))


def test_nested_blocks_are_always_a_list() -> None:
    text = """resource "aws_x" "y" {
  one {
    a = 1
  }
  two {
    a = 1
  }
  two {
    a = 2
  }
}
"""
    body = read(text).resolved("aws_x.y")
    assert body.get("one") == Items((Fields((("a", Known(1)),)),))
    assert body.get("two") == Items((Fields((("a", Known(1)),)), Fields((("a", Known(2)),))))
    assert body.get("three") == ABSENT


DYNAMIC = """variable "ports" {
  default = [80, 443]
}
variable "unknown" {}
resource "aws_x" "y" {
  dynamic "ingress" {
    for_each = var.ports
    content {
      port = ingress.value
      nth  = ingress.key
    }
  }
  dynamic "egress" {
    for_each = var.unknown
    content {
      port = egress.value
    }
  }
  dynamic "rule" {
    for_each = { a = 1 }
    iterator = it
    content {
      name = it.key
      inner {
        n = it.value
      }
    }
  }
  dynamic "optional" {
    for_each = var.unknown ? [1] : []
    content {}
  }
  rule {
    name = "static"
  }
}
"""


def test_a_dynamic_block_over_known_items_is_its_blocks() -> None:
    body = read(DYNAMIC).resolved("aws_x.y")
    assert body.get("ingress") == Items(
        (Fields((("port", Known(80)), ("nth", Known(0)))), Fields((("port", Known(443)), ("nth", Known(1)))))
    )


def test_a_dynamic_block_over_unknown_items_may_be_anything() -> None:
    body = read(DYNAMIC).resolved("aws_x.y")
    assert body.get("egress") == Items((), complete=False)
    assert body.get("optional") == Items((), complete=False)


def test_a_dynamic_block_joins_those_that_are_written_and_may_name_its_iterator() -> None:
    inner = Items((Fields((("n", Known(1)),)),))
    assert read(DYNAMIC).resolved("aws_x.y").get("rule") == Items(
        (Fields((("name", Known("a")), ("inner", inner))), Fields((("name", Known("static")),)))
    )


def test_names_that_terraform_takes_as_names_are_texts_or_references() -> None:
    text = """provider "aws" {
  alias = "west"
}
resource "aws_x" "y" {
  provider   = aws.west
  depends_on = [aws_x.z]
  lifecycle {
    ignore_changes = [tags, a["b"]]
  }
}
resource "aws_x" "z" {
  lifecycle {
    ignore_changes = all
  }
}
"""
    body = read(text).resolved("aws_x.y")
    assert body.get("provider") == Reference("provider.aws.west", (), Known("aws.west"))
    assert "address='aws_x.z'" in str(body.get("depends_on"))
    assert body.get("lifecycle") == Items((Fields((("ignore_changes", Items((Known("tags"), Known('a["b"]')))),)),))
    assert read(text).resolved("aws_x.z").get("lifecycle") == Items((Fields((("ignore_changes", Known("all")),)),))


def test_json_keeps_its_structure_where_a_part_is_not_known() -> None:
    text = (
        BUCKET
        + """resource "aws_x" "y" {
  known     = jsonencode({ a = aws_s3_bucket.b.bucket == "name" })
  reference = jsonencode({ a = [aws_s3_bucket.b.arn], b = 1 })
  heredoc   = <<EOT
{"a": ["${aws_s3_bucket.b.arn}", "${aws_s3_bucket.b.arn}/*", "${aws_s3_bucket.b.bucket}"], "b": 1}
EOT
}
"""
    )
    body = read(text).resolved("aws_x.y")
    arn = Reference("aws_s3_bucket.b", ("arn",), Unknown(f"aws_s3_bucket.b.arn {AFTER_APPLY}"))
    assert body.get("known") == Known('{"a":true}')
    assert body.get("reference") == Fields((("a", Items((arn,))), ("b", Known(1))))
    assert body.get("heredoc") == Fields(
        (("a", Items((arn, Unknown(f"aws_s3_bucket.b.arn {AFTER_APPLY}"), Known("name")))), ("b", Known(1)))
    )


def test_a_known_json_text_stays_a_text() -> None:
    text = 'resource "aws_x" "y" {\n  policy = <<EOT\n{"a": 1}\nEOT\n}\n'
    assert value(text, "policy") == Known('{"a": 1}\n')


POLICY = """data "aws_iam_policy_document" "d" {
  statement {
    sid       = "S"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/&{aws:username}"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
  statement {
    effect      = "Deny"
    not_actions = ["iam:*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}
resource "aws_x" "y" {
  policy = data.aws_iam_policy_document.d.json
}
"""


def test_a_policy_document_is_the_document_that_it_stands_for() -> None:
    found = value(POLICY, "policy")
    assert isinstance(found, Reference)
    assert (found.address, found.attribute) == ("data.aws_iam_policy_document.d", ("json",))
    allow = Fields(
        (
            ("Sid", Known("S")),
            ("Effect", Known("Allow")),
            ("Action", Items((Known("s3:GetObject"),))),
            ("Resource", Items((Known("arn:aws:s3:::b/${aws:username}"),))),
            ("Principal", Fields((("AWS", Items((Known("*"),))),))),
            ("Condition", Fields((("Bool", Fields((("aws:SecureTransport", Items((Known("false"),))),))),))),
        )
    )
    deny = Fields((("Effect", Known("Deny")), ("NotAction", Items((Known("iam:*"),))), ("Principal", Known("*"))))
    assert found.value == Fields((("Version", Known("2012-10-17")), ("Statement", Items((allow, deny)))))


def test_a_policy_document_that_others_are_merged_into_may_have_more_statements() -> None:
    text = 'variable "v" {}\n' + POLICY.replace(
        'document" "d" {\n', 'document" "d" {\n  source_policy_documents = [var.v]\n', 1
    )
    found = value(text, "policy")
    assert isinstance(found, Reference)
    assert isinstance(found.value, Fields)
    statements = found.value.get("Statement")
    assert isinstance(statements, Items)
    assert (len(statements.items), statements.complete) == (2, False)


def test_written_values_are_literals_or_the_source_text() -> None:
    text = """resource "aws_x" "y" {
  a = 1
  b = -2
  c = "x"
  d = [1, var.v, { e = null }]
  f = upper("x")
  g = "a-${var.v}"
  h {
    i = true
  }
}
"""
    assert read(text).written("aws_x.y") == Fields(
        (
            ("a", Known(1)),
            ("b", Known(-2)),
            ("c", Known("x")),
            ("d", Items((Known(1), Unknown("var.v"), Fields((("e", Known(None)),))))),
            ("f", Unknown('upper("x")')),
            ("g", Unknown('"a-${var.v}"')),
            ("h", Items((Fields((("i", Known(True)),)),))),
        )
    )


def test_references_are_the_addresses_that_a_block_names_anywhere_in_it() -> None:
    text = """provider "aws" {
  alias = "west"
}
variable "v" {}
locals {
  l = 1
}
data "aws_ami" "a" {}
module "m" {
  source = "./m"
}
resource "aws_x" "z" {}
resource "aws_x" "y" {
  provider = aws.west
  a        = "${var.v}-${local.l}"
  b = [for each_one in module.m.list : each_one.id if data.aws_ami.a.id != ""]
  c {
    dynamic "d" {
      for_each = aws_x.z[*].id
      content {
        e = d.value
        f = aws_x.gone.id
      }
    }
  }
}
"""
    assert read(text).references("aws_x.y") == {
        "provider.aws.west",
        "var.v",
        "local.l",
        "data.aws_ami.a",
        "module.m",
        "aws_x.z",
    }


def test_a_chain_of_resources_longer_than_the_stack_is_unknown_from_its_end_and_known_from_its_start() -> None:
    blocks = "".join(f'resource "aws_x" "r{i}" {{\n  n = aws_x.r{i + 1}.n\n}}\n' for i in range(400))
    module = read(blocks + 'resource "aws_x" "r400" {\n  n = 1\n}\n')
    assert module.resolved("aws_x.r0").get("n") == Unknown("this takes too long to work out")
    assert "Known(value=1)" in str(module.resolved("aws_x.r395").get("n"))
