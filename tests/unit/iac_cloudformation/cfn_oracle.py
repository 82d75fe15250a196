"""An independent reader of templates and of what operations mean: PyYAML's loader and plain dictionaries."""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Mapping
from typing import Any

import yaml

from remedy_gate.iac.cloudformation import CloudFormation
from remedy_gate.iac.cloudformation.module import Template
from remedy_gate.iac.module import CannotEdit
from remedy_gate.iac.operations import AddItem, AddResource, Data, Operation, Raw, Ref, RemoveValue, SetValue, Table
from remedy_gate.iac.schema import Argument


class NoSchemas:
    def arguments(self, type_name: str) -> Mapping[str, Argument] | None:
        del type_name
        return None


LANGUAGE = CloudFormation(NoSchemas())


def read(text: str | bytes, path: str = "t.yaml") -> Template:
    module = LANGUAGE.read({path: text.encode() if isinstance(text, str) else text})
    assert isinstance(module, Template)
    return module


def edited(text: str, operation: Operation, path: str = "t.yaml") -> str:
    """The text after an edit that must succeed."""
    before = read(text, path)
    assert before.errors == ()
    after = LANGUAGE.edit(before, operation)
    assert not isinstance(after, CannotEdit), after.reason
    return after.files[path].decode()


def refusal(text: str, operation: Operation, path: str = "t.yaml") -> str:
    """The reason for which an edit must be refused."""
    outcome = LANGUAGE.edit(read(text, path), operation)
    assert isinstance(outcome, CannotEdit)
    return outcome.reason


class _Loader(yaml.CSafeLoader):
    pass


_Loader.yaml_implicit_resolvers = {
    first: [resolver for resolver in resolvers if not resolver[0].endswith((":timestamp", ":int", ":float"))]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def _tagged(loader: Any, suffix: str, node: Any) -> Any:
    if node.id == "scalar":
        value: Any = node.value
    elif node.id == "sequence":
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _tagged)


def load(data: bytes) -> Any:
    """What a template says; numbers stay text, which is enough to tell whether they changed."""
    text = data.decode("utf-8-sig")
    if text.startswith("{"):
        with contextlib.suppress(ValueError):
            return _normal(json.loads(text, parse_int=str, parse_float=str))
    return _normal(yaml.load(text, _Loader))  # noqa: S506 - a safe loader


def _normal(data: Any) -> Any:
    if isinstance(data, dict):
        if list(data) == ["Fn::GetAtt"] and isinstance(data["Fn::GetAtt"], list):
            return {"Fn::GetAtt": ".".join(map(str, data["Fn::GetAtt"]))}
        return {key if isinstance(key, str) else f"<{key}>": _normal(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_normal(item) for item in data]
    return data


def plain(data: Data) -> Any:
    match data:
        case Ref(address, attribute):
            return {"Fn::GetAtt": f"{address}.{attribute}"} if attribute else {"Ref": address}
        case Raw(text):
            return load(text.encode())
        case Table(entries):
            return {key: plain(value) for key, value in entries}
        case tuple(items):
            return [plain(item) for item in items]
        case bool() | None | str():
            return data
        case number:
            return json.dumps(number)


def is_call(data: Any) -> bool:
    return isinstance(data, dict) and len(data) == 1 and next(iter(data)).startswith(("Ref", "Fn::"))


def paths(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[tuple[Any, ...], Any]]:
    """Every path in the data with what stands there, the whole included."""
    found = [(path, data)]
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in pairs:
        found += paths(value, (*path, key))
    return found


def _at(data: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


def applied(before: Any, operation: Operation) -> Any:
    """What a template must say after an operation."""
    after = copy.deepcopy(before)
    match operation:
        case AddResource(_, type_name, name, body):
            after["Resources"][name] = {"Type": type_name, **plain(body)}
        case RemoveValue(address, path):
            _remove(after["Resources"][address], path)
        case SetValue(address, path, value) | AddItem(address, path, value):
            holder, last = _holder(after["Resources"][address], path)
            old = holder.get(last) if isinstance(holder, dict) else holder[last]
            if isinstance(operation, SetValue):
                holder[last] = plain(value)
            elif old is None:
                holder[last] = [plain(value)]
            else:
                old.append(plain(value))
    return after


def _remove(body: Any, path: tuple[Any, ...]) -> None:
    while len(path) > 1 and len(_at(body, path[:-1])) == 1 and isinstance(path[-1], str) and isinstance(path[-2], str):
        path = path[:-1]
    del _at(body, path[:-1])[path[-1]]


def _holder(body: Any, path: tuple[Any, ...]) -> tuple[Any, Any]:
    """What the last step of a path is a key or an index of; mappings on the way are made."""
    *way, last = path
    for step in way:
        if isinstance(body, list) and isinstance(step, str):
            (body,) = body
        if isinstance(step, str) and body.get(step) is None:
            body[step] = {}
        body = body[step]
    if isinstance(body, list) and isinstance(last, str):
        (body,) = body
    return body, last
