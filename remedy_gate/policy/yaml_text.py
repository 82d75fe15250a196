"""YAML text to plain values, for files that govern: no key twice, no text made a date, nothing grown by aliases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from remedy_gate.errors import SettingsError

if TYPE_CHECKING:
    import yaml

MOST_BYTES = 1_000_000
MOST_VALUES = 200_000
_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_MERGE = "tag:yaml.org,2002:merge"


def parsed_yaml(text: bytes, name: str) -> object:
    """The value that the text holds; None for an empty one.

    :raises SettingsError: it is too large, or is not YAML, or states a key twice.
    """
    import yaml

    if len(text) > MOST_BYTES:
        raise SettingsError(f"{name} is larger than {MOST_BYTES:,} bytes.")
    loader = _loader()(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        _count(node, name, {})
        value: object = loader.construct_document(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark is not None else ""
        raise SettingsError(f"{name} is not YAML{where}: {getattr(error, 'problem', None) or error}.") from error
    except (RecursionError, ValueError) as error:
        raise SettingsError(f"{name} cannot be read: {error}.") from error
    return value


def _loader() -> type[yaml.CSafeLoader]:
    """YAML's safe types but for dates: 2026-13-40 has to come through as the text that it is, to be named."""
    import yaml

    class Loader(yaml.CSafeLoader):
        yaml_implicit_resolvers = {  # noqa: RUF012 - the name and the place are PyYAML's
            first: [(tag, expression) for tag, expression in resolvers if tag != _TIMESTAMP]
            for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
        }

    return Loader


def _count(node: yaml.Node, name: str, known: dict[int, int]) -> int:
    """How many values a node comes to with every alias written out."""
    if id(node) in known:
        return known[id(node)]
    known[id(node)] = MOST_VALUES + 1  # what holds itself never ends
    children = _children(node, name)
    count = 1 + sum(_count(child, name, known) for child in children)
    if count > MOST_VALUES:
        raise SettingsError(f"{name} comes to more than {MOST_VALUES:,} values.", "Use fewer aliases.")
    known[id(node)] = count
    return count


def _children(node: yaml.Node, name: str) -> list[Any]:
    import yaml

    if isinstance(node, yaml.SequenceNode):
        return list(node.value)
    if not isinstance(node, yaml.MappingNode):
        return []
    seen: set[str] = set()
    for key, _ in node.value:
        if key.tag != _MERGE and isinstance(key, yaml.ScalarNode):
            if key.value in seen:
                raise SettingsError(f"{name}: line {key.start_mark.line + 1}: the key `{key.value}` stands twice.")
            seen.add(key.value)
    return [child for pair in node.value for child in pair]
