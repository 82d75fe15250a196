"""What holds for every edit of every file: it parses, it reads back, all else is what it was, and columns stay."""

from __future__ import annotations

import shutil
from pathlib import Path as FilePath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tf_oracle import check, formatting, is_formatted, walk

from remedy_gate.iac.module import CannotEdit, Module
from remedy_gate.iac.operations import AddItem, AddResource, Data, Operation, Raw, RemoveValue, SetValue, Table
from remedy_gate.iac.schema import Argument
from remedy_gate.iac.terraform import Terraform
from remedy_gate.iac.values import Fields, Items

NAMES = ("a", "id", "name", "enabled", "kms_key_id", "a_rather_long_name")
BLOCKS = ("rule", "versioning")


class Schemas:
    """Every resource may have the nested blocks `rule` and `versioning`, within each other too."""

    def arguments(self, type_name: str) -> dict[str, Argument] | None:
        del type_name
        inner = {name: Argument(name, "any") for name in NAMES}
        middle = {**inner, **{name: Argument(name, "block", arguments=inner) for name in BLOCKS}}
        return {**inner, **{name: Argument(name, "block", arguments=middle) for name in BLOCKS}}


LANGUAGE = Terraform(Schemas())
ADDRESS = "aws_x.y"

SAMPLE = """# A bucket with a bit of everything.
resource "aws_x" "y" {
  # the name
  name       = "logs-${var.env}" # not secret
  enabled    = var.enabled ? true : false
  kms_key_id = aws_kms_key.main.arn

  a = {
    one  = 1
    "b.c" = [1, 2, { d = null }]
    (var.k) = "computed"
  }
  id = <<-EOT
    {"text": "${local.x}"}
  EOT

  /* a block */
  rule {
    a = [
      "x", # first
      "y"
    ]

    versioning { enabled = false }
  }

  dynamic "versioning" {
    for_each = var.list
    content {
      enabled = versioning.value
    }
  }

  rule {} # empty

  lifecycle {
    ignore_changes = [a]
  }
}

resource "aws_x" "z" {}
"""

scalars = st.one_of(
    st.booleans(),
    st.none(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.text(max_size=12),
)
data: st.SearchStrategy[Data] = st.recursive(
    st.one_of(scalars, st.sampled_from([Raw("var.x"), Raw("merge(a, { b = 1 })"), Raw("x ? [\n  1\n] : null")])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(tuple),
        st.lists(
            st.tuples(st.sampled_from([*NAMES, "b.c", "${x}"]), inner), max_size=3, unique_by=lambda pair: pair[0]
        ).map(lambda pairs: Table(tuple(pairs))),
    ),
    max_leaves=5,
)
literals = st.sampled_from(
    [
        "1",
        '"x"',
        "true",
        "null",
        "[]",
        "{}",
        '["a", "b"]',
        "{ a = 1, b = 2 }",
        "upper(var.x)",
        '"${a}-b"',
        "-1.5",
        "x.y[0].z",
    ]
)
long_literals = st.sampled_from(
    [
        "[\n{m}  1,\n{m}  2,\n{m}]",
        "{{\n{m}  a  = 1\n{m}  bc = 2 # c\n{m}}}",
        "<<EOT\n{{}} = [\nEOT",
        "f(\n{m}  1,\n{m})",
    ]
)


@st.composite
def groups(draw: st.DrawFn, names: list[str], margin: str) -> str:
    """Neighbouring arguments in columns, as `terraform fmt` has them."""
    width = max(map(len, names))
    lines = [f"{margin}{name.ljust(width)} = {draw(literals)}" for name in names]
    if draw(st.booleans()):
        longest = max(map(len, lines))
        lines = [f"{line.ljust(longest)} # {name}" for line, name in zip(lines, names, strict=True)]
    if draw(st.booleans()):
        lines.insert(0, f"{margin}# about {names[0]}")
    return "\n".join(lines) + "\n"


@st.composite
def bodies(draw: st.DrawFn, depth: int = 1) -> str:
    """The body of a block: groups of arguments and long ones, then nested blocks, blank lines between."""
    margin = "  " * depth
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=len(NAMES)))
    parts: list[str] = []
    while names:
        size = draw(st.integers(1, len(names)))
        group, names = names[:size], names[size:]
        if size == 1 and draw(st.booleans()):
            parts.append(f"{margin}{group[0]} = {draw(long_literals).format(m=margin)}\n")
        else:
            parts.append(draw(groups(group, margin)))
    for name in draw(st.lists(st.sampled_from(BLOCKS), max_size=3)) if depth < 3 else ():
        inner = draw(bodies(depth + 1))
        comment = f"{margin}// a {name}\n" if draw(st.booleans()) else ""
        one_line = f"{name} {{}}\n" if draw(st.booleans()) else f"{name} {{ a = 1 }}\n"
        parts.append(comment + margin + (f"{name} {{\n{inner}{margin}}}\n" if inner else one_line))
    return "\n".join(parts)


@st.composite
def files(draw: st.DrawFn) -> str:
    """A file with the resource that is edited between others."""
    before = draw(st.sampled_from(["", "# head\n\n", 'locals {\n  x = "é"\n}\n\n']))
    after = draw(st.sampled_from(["", "\n# tail\n", '\nresource "aws_x" "z" {\n  a = 1\n}\n']))
    return f'{before}resource "aws_x" "y" {{\n{draw(bodies())}}}\n{after}'


@st.composite
def operations(draw: st.DrawFn, module: Module) -> Operation:
    paths = walk(module.written(ADDRESS))
    bodies_there = [(), *(path for path, value in paths if isinstance(value, Fields))]
    kind = draw(st.sampled_from(["set", "new", "deep", "remove", "add", "resource"]))
    if kind == "new" or (kind in {"set", "remove", "add"} and not paths):
        name = draw(st.sampled_from([*NAMES, *BLOCKS, "a-new.key"]))
        return SetValue(ADDRESS, (*draw(st.sampled_from(bodies_there)), name), draw(data))
    match kind:
        case "set":
            return SetValue(ADDRESS, draw(st.sampled_from(paths))[0], draw(data))
        case "deep":
            path = draw(st.lists(st.sampled_from([*BLOCKS, *NAMES]), min_size=2, max_size=3))
            return SetValue(ADDRESS, tuple(path), draw(scalars))
        case "remove":
            return RemoveValue(ADDRESS, draw(st.sampled_from(paths))[0])
        case "add":
            lists = [path for path, value in paths if isinstance(value, Items)] or [("rule",)]
            return AddItem(ADDRESS, draw(st.sampled_from(lists)), draw(data))
        case _:
            body = draw(st.lists(st.tuples(st.sampled_from(NAMES), data), max_size=3, unique_by=lambda pair: pair[0]))
            return AddResource(ADDRESS, "aws_x", "added", Table(tuple(body)))


QUICK = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@QUICK
@given(files())
def test_reading_changes_nothing(text: str) -> None:
    module = LANGUAGE.read({"main.tf": text.encode()})
    assert module.errors == ()
    assert module.files == {"main.tf": text.encode()}
    module.resolved(ADDRESS)


@QUICK
@given(st.data())
def test_an_edit_of_the_sample_changes_what_it_names_and_nothing_else(draw: st.DataObject) -> None:
    module = LANGUAGE.read({"main.tf": SAMPLE.encode()})
    operation = draw.draw(operations(module))
    check(module, operation, LANGUAGE.edit(module, operation))


def test_an_edit_changes_what_it_names_and_a_formatted_file_stays_formatted(tmp_path: FilePath) -> None:
    edited: list[bytes] = []
    sources: list[bytes] = []

    @QUICK
    @given(st.data(), files())
    def an_edit(draw: st.DataObject, text: str) -> None:
        module = LANGUAGE.read({"main.tf": text.encode()})
        operation = draw.draw(operations(module))
        result = LANGUAGE.edit(module, operation)
        check(module, operation, result)
        value = getattr(operation, "value", getattr(operation, "body", None))
        if not isinstance(result, CannotEdit) and is_formatted(value):
            edited.append(result.files["main.tf"])
            sources.append(text.encode())

    an_edit()
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on PATH: the columns were not checked")
    assert formatting(sources, tmp_path / "before") == ""
    assert formatting(edited, tmp_path / "after") == ""
