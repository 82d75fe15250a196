"""Read a control's declaration. Every unknown word is an error that names the nearest known one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn, cast

from remedy_gate.domain.finding import Severity
from remedy_gate.errors import SettingsError
from remedy_gate.iac.operations import Raw
from remedy_gate.iac.values import Path

from .control import (
    AnyOf,
    AttributeIs,
    Body,
    Control,
    Given,
    OnlyWhen,
    Recipe,
    Requirement,
    Sibling,
    Special,
    Test,
    TestKind,
)
from .packaged import companions

TESTS = ("equals", "one_of", "none_of", "at_least", "at_most", "present", "absent", "contains", "excludes")
CONTROL_KEYS = {"id", "title", "risk", "severity", "aliases", "compliance", "terraform", "cloudformation", "also"}
COMPILED_KEYS = {"version", "examples", "leaves_alone"}
FORMS: Mapping[str, set[str]] = {
    "path": {"path", "default", "set", "create", *TESTS},
    "sibling": {"sibling", "by", "named_by", "refers_to", "require", "add"},
    "any": {"any"},
    "when": {"when", "then"},
}


def read_control(declaration: Mapping[str, Any]) -> Control:
    """The control that a declaration makes.

    :raises SettingsError: it has an unknown or missing word; the message names the control and the word.
    """
    name = str(declaration.get("id", "a control without an id"))
    _only(declaration, CONTROL_KEYS | COMPILED_KEYS, name)
    rules = {
        type_name: tuple(_requirement(item, name, language) for item in requirements)
        for language in ("terraform", "cloudformation")
        for type_name, requirements in declaration.get(language, {}).items()
    }
    if not rules:
        _refuse(name, "it has no rules: give a resource type under `terraform` or `cloudformation`")
    for word in ("title", "risk", "severity"):
        if not declaration.get(word):
            _refuse(name, f"`{word}` is missing")
    return Control(
        id=name,
        title=declaration["title"],
        risk=declaration["risk"],
        severity=_severity(declaration["severity"], name),
        aliases=tuple(f"{tool}:{rule}" for tool, ids in declaration.get("aliases", {}).items() for rule in ids),
        rules=rules,
        compliance={frame: tuple(map(str, ids)) for frame, ids in declaration.get("compliance", {}).items()},
        also=tuple(declaration.get("also", ())),
        version=declaration.get("version", ""),
    )


def _requirement(item: Any, name: str, language: str) -> Requirement:  # noqa: ANN401 - whatever the file holds
    if not isinstance(item, dict):
        _refuse(name, f"a requirement has to be a mapping, not {item!r}")
    if "special" in item:
        return Special(item["special"], {key: value for key, value in item.items() if key != "special"})
    form = next((form for form in FORMS if form in item), None)
    if form is None:
        _refuse(name, f"a requirement has to have one of {', '.join([*FORMS, 'special'])}")
    _only(item, FORMS[form], name)
    match form:
        case "path":
            return read_attribute(item, name, language)
        case "sibling":
            return _sibling(item, name, language)
        case "any":
            return AnyOf(tuple(_requirements(way, name, language) for way in item["any"]))
        case _:
            return OnlyWhen(_requirements(item["when"], name, language), _requirements(item["then"], name, language))


def _requirements(items: Any, name: str, language: str) -> tuple[Requirement, ...]:  # noqa: ANN401 - whatever the file holds
    listed = items if isinstance(items, list) else [items]
    return tuple(_requirement(item, name, language) for item in listed)


def read_attribute(item: Mapping[str, Any], name: str, language: str) -> AttributeIs:
    """The requirement on an attribute that `item` makes; `name` is the control's, for the message."""
    kinds = [kind for kind in TESTS if kind in item]
    if len(kinds) != 1:
        _refuse(name, f"{item['path']} needs exactly one of {', '.join(TESTS)}")
    kind = kinds[0]
    operand = tuple(item[kind]) if isinstance(item[kind], list) else item[kind]
    implied = {"equals": operand, "at_least": operand, "at_most": operand, "contains": operand}
    if kind == "one_of" and isinstance(operand, tuple):
        implied["one_of"] = operand[0]
    create = item.get("create")
    return AttributeIs(
        path=_path(item["path"], language),
        test=Test(cast("TestKind", kind), operand),
        default=item.get("default"),
        has_default="default" in item,
        set=_recipe(item["set"], name) if "set" in item else implied.get(kind),
        can_set="set" in item or kind in implied,
        create=read_body(create, name) if create is not None else None,
    )


def _sibling(item: Mapping[str, Any], name: str, language: str) -> Sibling:
    if "require" not in item or ("by" in item) == ("named_by" in item):
        _refuse(name, f"the sibling {item['sibling']} needs `require`, and either `by` or `named_by`")
    if "named_by" in item and "add" in item:
        _refuse(name, f"the sibling {item['sibling']} is `named_by` this resource, so that it cannot be added")
    return Sibling(
        type=item["sibling"],
        by=_path(item["by"], language) if "by" in item else (),
        refers_to=item.get("refers_to", ""),
        require=_requirements(item["require"], name, language),
        add=read_body(item["add"], name) if "add" in item else None,
        named_by=_path(item["named_by"], language) if "named_by" in item else (),
    )


def _path(text: str, language: str) -> Path:
    """`a.b.c`; for CloudFormation below `Properties`, unless it begins with `/`."""
    steps = tuple(str(text).removeprefix("/").split("."))
    return steps if language == "terraform" or str(text).startswith("/") else ("Properties", *steps)


def _recipe(value: object, name: str) -> Recipe:
    match value:
        case dict() if "ask" in value:
            return _given({str(key): str(text) for key, text in value.items()}, name)
        case {"code": str(text), **rest} if not rest:
            return Raw(text)
        case dict():
            return read_body(value, name)
        case list():
            return tuple(_recipe(item, name) for item in value)
        case str() | int() | float() | bool() | None:
            return value
        case _:
            raise _wrong(name, f"{value!r} cannot be written into code")


def _given(words: dict[str, str], name: str) -> Given:
    _only(words, {"ask", "question", "candidate", "attribute", "like", "ending", "create"}, name)
    if "question" not in words:
        _refuse(name, f"`ask: {words['ask']}` needs a `question` for the owner")
    if "create" in words and words["create"] not in companions():
        _refuse(name, f"`create: {words['create']}` is none of {', '.join(companions())}")
    return Given(words.pop("ask"), **words)


def read_body(value: object, name: str) -> Body:
    """The body that a mapping makes; `name` is the control's, for the message."""
    if not isinstance(value, dict):
        _refuse(name, f"`create` and `add` take a mapping, not {value!r}")
    return Body(tuple((str(key), _recipe(inner, name)) for key, inner in value.items()))


def _severity(text: object, name: str) -> Severity:
    try:
        return Severity(str(text))
    except ValueError:
        _refuse(name, f"severity {text!r} is not one of {', '.join(Severity)}")


def _only(given: Mapping[str, Any], known: set[str], name: str) -> None:
    for word in given:
        if word not in known:
            from difflib import get_close_matches

            near = get_close_matches(str(word), known, n=1)
            _refuse(name, f"unknown word {word!r}" + (f", perhaps {near[0]!r}" if near else ""))


def _refuse(name: str, what: str) -> NoReturn:
    raise _wrong(name, what)


def _wrong(name: str, what: str) -> SettingsError:
    return SettingsError(f"control {name}: {what}.", "See `remedy-gate catalogue show ID` for one that is right.")
