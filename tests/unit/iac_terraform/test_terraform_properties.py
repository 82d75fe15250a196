"""What holds for every edit of every file: it parses, it reads back, all else is what it was, and columns stay."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path as FilePath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from remedy_gate.iac.module import CannotEdit, Module
from remedy_gate.iac.operations import AddItem, AddResource, Data, Operation, Raw, RemoveValue, SetValue, Table
from remedy_gate.iac.schema import Argument
from remedy_gate.iac.terraform import Terraform
from remedy_gate.iac.values import ABSENT, Absent, Fields, Items, Known, Path, Unknown, Value, same

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


def walk(value: Value, path: Path = ()) -> list[tuple[Path, Value]]:
    match value:
        case Fields():
            pairs: list[tuple[str | int, Value]] = [(key, item) for key, item in value.entries if key != "dynamic"]
        case Items():
            pairs = list(enumerate(value.items))
        case _:
            pairs = []
    return [found for step, item in pairs for found in ((((*path, step)), item), *walk(item, (*path, step)))]


def at(value: Value, path: Path) -> Value:
    for step in path:
        if isinstance(value, Items) and isinstance(step, str) and len(value.items) == 1:
            value = value.items[0]
        match value, step:
            case Fields(), str():
                value = value.get(step)
            case Items(), int() if step < len(value.items):
                value = value.items[step]
            case _:
                return ABSENT
    return value


def as_written(value: Data) -> Value:
    match value:
        case Raw():
            return Unknown(value.text)
        case Table():
            return Fields(tuple((key, as_written(item)) for key, item in value.entries))
        case tuple():
            return Items(tuple(map(as_written, value)))
        case _:
            return Known(value)


def is_like(found: Value, wanted: Value) -> bool:
    """Whether a value reads back. One nested block is a list of one; an expression has its own white space."""
    match found, wanted:
        case Items(items=(one,)), Fields():
            return is_like(one, wanted)
        case Fields(), Fields():
            left, right = dict(found.entries), dict(wanted.entries)
            return left.keys() == right.keys() and all(is_like(left[key], right[key]) for key in left)
        case Items(), Items():
            return len(found.items) == len(wanted.items) and all(map(is_like, found.items, wanted.items))
        case Unknown(), Unknown():
            return found.reason.split() == wanted.reason.split()
        case Known(value=int() | float() as number), Known(value=float() as other):
            return number == other
        case _:
            return same(found, wanted)


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


def leaves(value: Value, but: Path) -> dict[Path, list[str]]:
    """Every scalar and expression that does not lie at or under a path, without its white space."""

    def is_under(path: Path) -> bool:
        if not any(isinstance(step, int) for step in but):
            path = tuple(step for step in path if isinstance(step, str))
        return path[: len(but)] == but

    return {p: str(v).split() for p, v in walk(value) if not is_under(p) and not isinstance(v, Fields | Items)}


def check(text: str, module: Module, operation: Operation, result: Module | CannotEdit) -> None:
    if isinstance(result, CannotEdit):
        assert "after the edit" not in result.reason
        assert "the edit would" not in result.reason
        return
    assert result.errors == ()
    changed = result.files["main.tf"].decode()
    before, after = module.written(ADDRESS), result.written(ADDRESS)
    block, new_block = module.blocks[ADDRESS], result.blocks[ADDRESS]
    encoded, new_encoded = text.encode(), changed.encode()
    assert new_encoded[: new_block.span.start] == encoded[: block.span.start]
    if isinstance(operation, AddResource):
        assert result.blocks["aws_x.added"].span.start > new_block.span.end
        assert new_encoded[: new_block.span.end] == encoded[: block.span.end]
        assert new_encoded.endswith(encoded[block.span.end :])
        return
    assert new_encoded[new_block.span.end :] == encoded[block.span.end :]
    path = operation.path
    if not isinstance(operation, RemoveValue) or isinstance(path[-1], str):
        assert leaves(before, path) == leaves(after, path)
    match operation:
        case SetValue():
            assert is_like(at(after, path), as_written(operation.value))
        case RemoveValue():
            old, new = at(before, path[:-1]), at(after, path[:-1])
            if isinstance(old, Items) and isinstance(new, Items):
                assert len(new.items) == len(old.items) - 1
            else:
                assert isinstance(at(after, path), Absent)
        case AddItem():
            old, new = at(before, path), at(after, path)
            assert isinstance(new, Items)
            have = old.items if isinstance(old, Items) else ()
            assert all(map(is_like, new.items, have))
            assert len(new.items) == len(have) + 1
            assert is_like(new.items[-1], as_written(operation.value))


def formatting(texts: list[str], folder: FilePath) -> str:
    """What `terraform fmt` would change, as a diff; empty where all is as it would have it."""
    folder.mkdir()
    for number, text in enumerate(texts):
        (folder / f"f{number}.tf").write_text(text, encoding="utf-8")
    command = ["terraform", "fmt", "-check", "-diff", "-recursive", str(folder)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Error" not in run.stderr, run.stderr
    return run.stdout


def is_formatted(value: Data) -> bool:
    """Whether a value has no expression of its own over lines: what is within one is written as it stands."""
    if isinstance(value, Raw):
        return "\n" not in value.text
    if isinstance(value, Table):
        return all(is_formatted(item) for _, item in value.entries)
    return all(map(is_formatted, value)) if isinstance(value, tuple) else True


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
    check(SAMPLE, module, operation, LANGUAGE.edit(module, operation))


def test_an_edit_changes_what_it_names_and_a_formatted_file_stays_formatted(tmp_path: FilePath) -> None:
    edited: list[str] = []
    sources: list[str] = []

    @QUICK
    @given(st.data(), files())
    def an_edit(draw: st.DataObject, text: str) -> None:
        module = LANGUAGE.read({"main.tf": text.encode()})
        operation = draw.draw(operations(module))
        result = LANGUAGE.edit(module, operation)
        check(text, module, operation, result)
        value = getattr(operation, "value", getattr(operation, "body", None))
        if not isinstance(result, CannotEdit) and is_formatted(value):
            edited.append(result.files["main.tf"].decode())
            sources.append(text)

    an_edit()
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on PATH: the columns were not checked")
    assert formatting(sources, tmp_path / "before") == ""
    assert formatting(edited, tmp_path / "after") == ""
