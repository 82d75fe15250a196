"""Random edits of generated templates, judged by an independent reader."""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from typing import Any

import yaml
from cfn_oracle import LANGUAGE, applied, is_call, load, paths, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from remedy_gate.iac.module import CannotEdit
from remedy_gate.iac.operations import AddItem, AddResource, Data, Operation, Ref, RemoveValue, SetValue, Table

EXAMPLES = int(os.environ.get("REMEDY_GATE_TEST_EDITS", "120"))

TRAPS = (
    *("yes", "No", "null", "~", "y", "true", "<<", "=", "010", "1e5", "12", "1_0", "0x1F", ".5", "1:30", "2012-10-17"),
    *("*", "*x", "&a", "!x", "%a", "@a", "`a", "{a}", "[a", "-", "?", "-a", ":a", "a:", "::", "a:b", "---", "it's"),
    *("x", "${A}-b", "AWS::X", "s3:*", "é😀"),
)
TEXTS = st.sampled_from(
    [*TRAPS, "", " lead", "trail ", "a: b", "a #b", "#x", "- a", 'say "hi"', "back\\slash", "tab\tx"]
)
ANY_TEXT = (
    TEXTS
    | st.sampled_from(["a\nb\n", "a\nb", "\n", " a\nb\n", "a\n\n", "\u2028", "\x7f", "\x85"])
    | st.text(max_size=8)
)
KEYS = st.sampled_from(["Key", "Value", "k y", "yes", "a:b", "aws:SecureTransport", "123", "Ünï", "a: b", "#k"])
SCALARS = st.booleans() | st.none() | st.integers(-5, 10**12)


def tables(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Table]:
    entries = st.dictionaries(KEYS, values, max_size=3).map(lambda made: tuple(made.items()))
    return entries.map(Table)


DATA: st.SearchStrategy[Data] = st.recursive(
    ANY_TEXT.filter(lambda text: text.isprintable() or len(text) < 6)
    | SCALARS
    | st.builds(Ref, st.just("Beta"), st.sampled_from(["", "Arn"])),
    lambda values: tables(values) | st.lists(values, max_size=3).map(tuple),
    max_leaves=6,
)
CONTENT: st.SearchStrategy[Any] = st.recursive(
    TEXTS | SCALARS,
    lambda values: st.dictionaries(KEYS, values, max_size=3) | st.lists(values, max_size=3),
    max_leaves=8,
)
BODIES = st.fixed_dictionaries(
    {"Type": st.just("X::Y::Z")},
    optional={"Properties": st.dictionaries(KEYS, CONTENT, max_size=4), "Metadata": CONTENT},
)
TEMPLATES = st.fixed_dictionaries(
    {"Resources": st.fixed_dictionaries({"Alpha": BODIES, "Beta": BODIES, "Gamma": BODIES})}
)


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, str]:
    """A path and a template's text in one of many styles."""
    template = draw(TEMPLATES)
    if draw(st.booleans()):
        indent = draw(st.sampled_from([None, 1, 2, 4, "\t"]))
        separators = (
            draw(st.sampled_from([(",", ":"), (", ", ": ")]))
            if indent is None
            else (",", draw(st.sampled_from([": ", " : "])))
        )
        text = json.dumps(template, indent=indent, separators=separators, ensure_ascii=draw(st.booleans())) + "\n"
        return "t.json", text
    text = yaml.dump(
        template,
        Dumper=_indented(draw(st.booleans())),
        sort_keys=False,
        allow_unicode=True,
        width=10_000,
        indent=draw(st.sampled_from([2, 3, 4])),
        default_flow_style=draw(st.sampled_from([False, False, None, True])),
        default_style=draw(st.sampled_from([None, None, "'", '"'])),
    )
    chances = random.Random(draw(st.integers(0, 1 << 32)))  # noqa: S311 - drawn by hypothesis
    return "t.yaml", "".join(_commented(line, chances.randrange(6)) for line in text.splitlines(keepends=True))


def _indented(lists: bool) -> type[yaml.SafeDumper]:
    class Dumper(yaml.SafeDumper):
        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT002 - PyYAML's
            super().increase_indent(flow, indentless and not lists)

        def ignore_aliases(self, data: Any) -> bool:
            del data
            return True

    return Dumper


def _commented(line: str, chance: int) -> str:
    margin = line[: len(line) - len(line.lstrip(" "))]
    if chance == 0 and not line.startswith(("{", "}")):
        return f"{margin}# above {line.strip()[:3]}\n{line}"
    return line.rstrip("\n") + " # behind\n" if chance == 1 else line


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, bytes, Operation]:
    path, text = draw(texts())
    newline, mark, ending = (
        draw(st.sampled_from(["\n", "\r\n"])),
        draw(st.sampled_from(["", "\ufeff"])),
        draw(st.booleans()),
    )
    data = (mark + (text if ending else text.rstrip("\n")).replace("\n", newline)).encode()
    body = load(data)["Resources"]["Beta"]
    places = [(where, what) for where, what in paths(body) if not _inside_call(body, where)]
    open_maps = [where for where, what in places if isinstance(what, dict) and not is_call(what)]
    lists = [where for where, what in places if isinstance(what, list)]
    anywhere = [where for where, _ in places if where]
    operations: list[st.SearchStrategy[Operation]] = [
        st.builds(SetValue, st.just("Beta"), st.sampled_from(anywhere), DATA),
        st.builds(
            SetValue, st.just("Beta"), st.sampled_from(open_maps).map(lambda where: (*where, "New", "Deep")), DATA
        ),
        st.builds(RemoveValue, st.just("Beta"), st.sampled_from(anywhere)),
        st.builds(AddItem, st.just("Beta"), st.sampled_from([*lists, ("Properties", "New")]), DATA),
        st.builds(
            AddResource, st.sampled_from(["Alpha", "Beta", "Gamma"]), st.just("X::Y::Z"), st.just("Delta"), tables(DATA)
        ),
    ]
    return path, data, draw(st.one_of(operations))


def _inside_call(body: Any, where: tuple[Any, ...]) -> bool:
    for step in where:
        if is_call(body):
            return True
        body = body[step]
    return False


def _comments(data: bytes) -> Counter[bytes]:
    return Counter(line.strip() for line in data.splitlines() if line.strip().startswith(b"# "))


@settings(deadline=None, max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_an_edit_changes_what_it_names_and_nothing_else(case: tuple[str, bytes, Operation]) -> None:
    path, data, operation = case
    before = read(data, path)
    assert before.errors == ()
    after = LANGUAGE.edit(before, operation)
    assert not isinstance(after, CannotEdit), after.reason
    result = after.files[path]
    assert load(result) == applied(load(data), operation)
    if path.endswith(".json"):
        json.loads(result.decode("utf-8-sig"))
    assert data.startswith(b"\xef\xbb\xbf") == result.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\n") == result.endswith(b"\n")
    if b"\r\n" in data:
        assert result.count(b"\n") == result.count(b"\r\n")
    for address, block in before.blocks.items():
        if address != getattr(operation, "address", ""):
            twin = after.blocks[address]
            assert data[block.span.start : block.span.end] == result[twin.span.start : twin.span.end]
    if isinstance(operation, (AddItem, AddResource)):
        assert not _comments(data) - _comments(result)


@settings(deadline=None, max_examples=EXAMPLES // 4, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_setting_a_value_twice_changes_nothing_the_second_time(case: tuple[str, bytes, Operation]) -> None:
    path, data, operation = case
    if not isinstance(operation, SetValue):
        return
    once = LANGUAGE.edit(read(data, path), operation)
    assert not isinstance(once, CannotEdit), once.reason
    assert LANGUAGE.edit(once, operation) is once


@settings(deadline=None, max_examples=EXAMPLES)
@given(st.binary(max_size=200) | st.text(alphabet="aR: \n-[]{}'\"|>&*!?#,\t\r%\x00é", max_size=80).map(str.encode))
def test_no_bytes_whatever_raise(data: bytes) -> None:
    for path in ("t.yaml", "t.json"):
        LANGUAGE.claims(path, data)
        module = LANGUAGE.read({path: data})
        assert bool(module.errors) or module.blocks is not None
        for address, block in module.blocks.items():
            module.resolved(address)
            module.written(address)
            module.references(address)
            assert 0 <= block.span.start < block.span.end <= len(data)
