"""Text to nodes, with PyYAML's C parser: its marks are exact, and it is an order of magnitude faster than the pure one.

This module and those beside it that name nodes import yaml; `language` imports them only once a template is read.
"""

from __future__ import annotations

import gc
import re
from typing import TYPE_CHECKING, Any, NoReturn, cast

from yaml._yaml import CParser
from yaml.error import MarkedYAMLError, YAMLError

from .source import Fault, Source, unprintable

if TYPE_CHECKING:
    from .node import Node

# The C composer calls itself for every level and has no limit of its own: at 50,000 levels it takes the process down.
DEEPEST = 120
TOO_DEEP = f"values are nested more than {DEEPEST} levels deep"

_HALF = "[\ud800-\udfff]"
_SURROGATES = r"\\(?:\\|u[dD][89a-fA-F][0-9a-fA-F]{2})"


# A template of 1 MB has about 100,000; one that has more of them, or by aliases seems to, is an attack or a mistake.
MOST_NODES = 250_000

# Below this many levels no stack is too small for the C composer.
_HARMLESS = 2_000


class _Composer(CParser):
    """Leaves the meaning of plain scalars to `scalars`: an untagged node has the empty tag."""

    def descend_resolver(self, parent: object, index: object) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass

    def resolve(self, kind: object, value: object, implicit: object) -> str:
        del kind, value, implicit
        return ""


class _CountingComposer(_Composer):
    """Stops at the level where the values are nested too deep. Counting costs a third more."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.depth = 0

    def descend_resolver(self, parent: Any, index: object) -> None:  # noqa: ANN401 - the stubs know no type for it
        del index
        self.depth += 1
        if self.depth > DEEPEST:
            raise Fault(parent.start_mark.index, TOO_DEEP)

    def ascend_resolver(self) -> None:
        self.depth -= 1


def _composer(text: str) -> CParser:
    # A level takes a bracket, a dash or a question mark, or a line of its own.
    most_levels = sum(map(text.count, "[{-?\n\r\x85\u2028\u2029"))
    return _Composer(text) if most_levels < _HARMLESS else _CountingComposer(text)


def is_json(source: Source) -> bool:
    """Whether a template is written in JSON: by its first character, as CloudFormation itself decides."""
    return source.text.lstrip()[:1] == "{" and not _is_flow_yaml(source)


def _is_flow_yaml(source: Source) -> bool:
    if not source.path.lower().endswith((".yaml", ".yml")):
        return False
    import json

    try:
        json.loads(source.text)
    except (ValueError, RecursionError):
        return True
    return False


def compose(source: Source, *, json_text: bool) -> Node:
    """The root node of a template; a `Fault` where the text is not well-formed."""
    text = source.text
    if json_text:
        _check_json(text)
        text = re.sub(_SURROGATES, _placeholder, text) if "\\u" in text else text
    if text.count(",") + text.count(":") + text.count("- ") > MOST_NODES:
        raise Fault(0, f"more than {MOST_NODES:,} values; CloudFormation takes no template over 1 MB")
    try:
        root = _root(text)
    except MarkedYAMLError as error:
        raise _fault(text, error) from None
    except (YAMLError, ValueError) as error:
        raise unprintable(text) or Fault(0, str(error)) from None
    if root is None:
        raise Fault(0, "the file is empty")
    if text is not source.text:
        _restore(root, source.text)
    return root


def _root(text: str) -> Node | None:
    # Nodes are many and none is garbage: the collector would look through all of them again and again.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return cast("Node | None", _composer(text).get_single_node())
    finally:
        if collecting:
            gc.enable()


def _check_json(text: str) -> None:
    import json

    try:
        json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise Fault(error.pos, f"not well-formed JSON: {error.msg}") from None
    except RecursionError:
        raise Fault(0, TOO_DEEP) from None


def _refuse_constant(name: str) -> NoReturn:
    raise Fault(0, f"not well-formed JSON: {name} is not a value")


def _placeholder(found: re.Match[str]) -> str:
    # The C parser refuses JSON's surrogate pairs; a replacement of the same length keeps every position.
    return found[0] if found[0] == "\\\\" else r"\ufffd"


def _restore(root: Node, text: str) -> None:
    """Give texts with placeholders their own characters back, but for halves of pairs, which stand for nothing."""
    import json

    stack = [root]
    while stack:
        node = stack.pop()
        if node.id == "scalar" and "\ufffd" in node.value:
            whole: str = json.loads(text[node.start_mark.index : node.end_mark.index])
            node.value = re.sub(_HALF, "\ufffd", whole)
        elif node.id == "mapping":
            stack.extend(child for pair in node.value for child in pair)
        elif node.id == "sequence":
            stack.extend(node.value)


def _fault(text: str, error: MarkedYAMLError) -> Fault:
    mark: Any = error.problem_mark or error.context_mark
    index = min(mark.index, len(text)) if mark else 0
    problem = error.problem or "not well-formed YAML"
    if "expected a single document" in (error.context or ""):
        problem = "a template is one document, and another begins here"
    elif error.context:
        problem = f"{problem} {error.context}"
    return Fault(index, problem.replace("\t", "\\t"))
