"""What makes code dangerous whatever it repairs: it runs commands, reaches out, or decides what is deployed and kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from remedy_gate.iac.module import Module
from remedy_gate.iac.values import Absent, Fields, Items, Known, Value, settled

DISABLING: Mapping[str, str] = {
    "count": "how many instances there are",
    "for_each": "how many instances there are",
    "Condition": "whether the resource exists",
}
PROTECTING = ("DeletionPolicy", "UpdateReplacePolicy")
KEEPING = (Known("Retain"), Known("Snapshot"), Known("RetainExceptOnCreate"))
DANGEROUS: Mapping[str, str] = {
    "provisioner": "runs commands",
    "connection": "logs in somewhere",
    "lifecycle": "changes what Terraform does with differences or destruction",
    "provider": "moves it to another account or region",
    "providers": "moves it to another account or region",
    "Type": "makes it another resource",
    "Metadata": "is where suppressions live",
    "CreationPolicy": "changes when a deployment counts as done",
    "UpdatePolicy": "changes how instances are replaced",
    "source": "changes what code is deployed",
    "version": "changes what code is deployed",
    "user_data": "changes what runs when a machine starts",
    "user_data_base64": "changes what runs when a machine starts",
    "UserData": "changes what runs when a machine starts",
}
"""Words that stand directly in a block; what a change of one means."""
OF_THE_RESOURCE = frozenset({("aws_eks_cluster", "version")})
"""Such words that say something else in a resource of this type. A control still has to name them."""
NEVER_NEW = ("provisioner", "connection", "Metadata", "CreationPolicy", "UpdatePolicy", "user_data", "UserData")
INCLUDES = re.compile(
    rb"Fn::Transform|!Transform|AWS::Include|Fn::ForEach|Custom::|AWS::CloudFormation::(?:Stack|Macro|\w*Custom)"
)
PIPED = re.compile(
    rb"(?:curl|wget|fetch|iwr|Invoke-WebRequest)\b[^\n|;&]*(?:\|\s*(?:sudo\s+)?(?:ba|z|da|k)?sh\b|\|\s*(?:python|perl|iex)\w*)"
)
READ_FROM_DISK = re.compile(rb"\b(?:file|filebase64|templatefile|fileset)\s*\(")


def new_reach(before: bytes, after: bytes) -> str:
    """What a file would newly fetch or run, in its own words; the empty text where there is nothing."""
    for pattern in (INCLUDES, PIPED, READ_FROM_DISK):
        new = pattern.findall(after)
        old = pattern.findall(before) if new else []
        for found in new:
            if found in old:
                old.remove(found)
            else:
                return str(found.decode("utf-8", "replace"))
    return ""


def danger_of_new(body: Fields, like: Fields | None) -> str:
    """What is dangerous in a new block, in words; `like` is the body of the resource that it belongs to."""
    for name, value in body.entries:
        if name in NEVER_NEW:
            return f"have a {name}, which {DANGEROUS[name]}"
        if name == "lifecycle" and (word := _ignoring(value)):
            return f"have `{word}` in its lifecycle, so that what it says need not come true"
        if name == "provider" and (like is None or like.get("provider") != value):
            return "use another provider than the resource that it is for"
    return ""


def _ignoring(lifecycle: Value) -> str:
    for body in _bodies(lifecycle):
        for name, value in body.entries:
            if name in ("ignore_changes", "replace_triggered_by") and value != Items(()):
                return name
    return ""


def only_made_first(before: Value, after: Value) -> bool:
    """Whether a lifecycle says nothing else than before but that a new one is made before the old one goes."""
    old, new = ([entry for body in _bodies(side) for entry in body.entries] for side in (before, after))
    word = "create_before_destroy"
    rest = [entry for entry in old if entry[0] != word] == [entry for entry in new if entry[0] != word]
    return rest and [settled(value) for name, value in new if name == word] == [Known(True)]


def _bodies(value: Value) -> Iterator[Fields]:
    inner = settled(value)
    if isinstance(inner, Fields):
        yield inner
    elif isinstance(inner, Items):
        yield from (item for item in inner.items if isinstance(item, Fields))


def unprotected(name: str, before: Value, after: Value) -> bool:
    """Whether a change of DeletionPolicy or UpdateReplacePolicy keeps less than before."""
    if name not in PROTECTING:
        return False
    return settled(after) not in KEEPING or (settled(before) == KEEPING[0] and settled(after) != KEEPING[0])


def keys_differ(before: Value, after: Value) -> bool:
    """Whether the instances of `for_each` are others; values under the same keys may change."""
    return _keys(before) is None or _keys(before) != _keys(after)


def _keys(value: Value) -> set[str] | None:
    inner = settled(value)
    return {name for name, _ in inner.entries} if isinstance(inner, Fields) and inner.complete else None


def is_there(module: Module, address: str, name: str) -> bool:
    """Whether a block has an attribute or nested block of that name."""
    return not isinstance(module.written(address).get(name), Absent)
