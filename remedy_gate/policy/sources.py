"""The policy's `sources`: live services that findings are read from, by name. Never a credential."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from .checking import Given, refuse
from .shapes import Count, Entries, Name, Table, Text, Texts

S3 = "s3"
S3_SCHEME = "s3://"
MODES = ("fail", "warn", "use-cache")
_DEEPEST = 4

_ALWAYS = ("kind", "on_unavailable", "cache_minutes", "timeout_seconds")
OPTIONS: Mapping[str, tuple[str, ...]] = {
    "wiz": (*_ALWAYS, "api", "filters"),
    "wiz-configuration": (*_ALWAYS, "api", "filters"),
    "security-hub": (*_ALWAYS, "region", "account", "filters"),
    "security-hub-v2": (*_ALWAYS, "region", "account", "filters"),
    "code-scanning": (*_ALWAYS, "repository", "filters"),
    S3: (*_ALWAYS, "region"),
}
"""Every kind of source, with the options that mean something to it."""

KINDS = tuple(OPTIONS)

# Words that a key would have in it if its value let anybody in, and values that look as if they did.
_CREDENTIAL_KEY = (
    r"(?i)secret|passw(?:or)?d|token|credential|bearer|authorization|client[-_]?id|(?:api|access|private)[-_]?key"
)
_CREDENTIAL_VALUE = (
    r"(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_\w{20,}|github_pat_\w{20,}|eyJ[\w-]{10,}\.[\w-]{10,}|://[^/\s]*@"
)


class SourceOptions(NamedTuple):
    """One live source. An empty text or tuple and None leave it to the source.

    `filters` are the service's own, each with the values that it may have. `on_unavailable` is fail, warn or use-cache.
    A source of kind `s3` is named by its address.
    """

    name: str
    kind: str
    api: str = ""
    regions: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    repository: str = ""
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    on_unavailable: str = ""
    cache_minutes: int = 60
    timeout_seconds: int = 300


SOURCE = Table(
    {
        "kind": Name("kind of source", KINDS, "what the source is, where its name does not say so"),
        "api": Text("the address of the service's interface"),
        "region": Texts("AWS regions to ask, in turn"),
        "account": Texts("AWS accounts whose findings are wanted"),
        "repository": Text("owner/name on GitHub"),
        "filters": Entries(Texts(), "the service's own filters, each with a value or several"),
        "on_unavailable": Name("mode", MODES, "when the source cannot be read (default: fail in CI, else use-cache)"),
        "cache_minutes": Count(0, 10_080, "how long what was read counts as new (default 60)"),
        "timeout_seconds": Count(1, 3_600, "how long reading may take in all (default 300)"),
    },
    about="a live source of findings; credentials come from the environment alone",
)
SOURCES = Entries(SOURCE, "live sources of findings by name, or by address for s3://")


def kind_of(name: str) -> str:
    """The kind that a source's name stands for by itself; the empty text where it stands for none."""
    if name.startswith(S3_SCHEME):
        return S3
    return name if name in KINDS and name != S3 else ""


def read_sources(layers: Iterable[Given]) -> tuple[SourceOptions, ...]:
    """The sources of all layers of a policy; the nearest definition of a name holds.

    :raises SettingsError: an option that means nothing to its kind, or a name that does not tell the kind.
    """
    found: dict[str, SourceOptions] = {}
    for layer in layers:
        for name, given in layer.entries():
            found.setdefault(name, _source(name, given))
    return tuple(found.values())


def refuse_credentials(document: object, where: str) -> None:
    """Refuse a parsed policy file whose sources hold what lets anybody in, by the name of an option or by its looks.

    :raises SettingsError: with the place, never with the value.
    """
    sources = document.get("sources") if isinstance(document, dict) else None
    for name, options in sources.items() if isinstance(sources, dict) else ():
        for key, value in options.items() if isinstance(options, dict) else ():
            looks = any(re.search(_CREDENTIAL_VALUE, text) for text in _texts_in(value))
            if looks or re.search(_CREDENTIAL_KEY, str(key)):
                refuse(
                    f"{where}: sources: {name}: {key}",
                    "a credential has no place in a policy file, which everyone reads",
                    "Take it out, revoke it, and give its successor in the environment (docs/findings.md says where).",
                )


def _source(name: str, given: Given) -> SourceOptions:
    kind = given.text("kind") or kind_of(name)
    if not kind:
        refuse(given.where, "`kind` is missing", f"It has to be one of {', '.join(KINDS)}.")
    if (kind == S3) != name.startswith(S3_SCHEME):
        refuse(given.where, "a source of kind s3 is named by its address", "Name it such as `s3://bucket/key`.")
    for key in SOURCE.fields:
        if key in given and key not in OPTIONS[kind]:
            refuse(given.where, f"`{key}` means nothing to {kind}", f"Known: {', '.join(OPTIONS[kind])}.")
    usual = SourceOptions(name, kind)
    minutes, seconds = given.count("cache_minutes"), given.count("timeout_seconds")
    return SourceOptions(
        name=name,
        kind=kind,
        api=given.text("api"),
        regions=given.texts("region"),
        accounts=given.texts("account"),
        repository=given.text("repository"),
        filters=given.table("filters").all_texts(),
        on_unavailable=given.text("on_unavailable"),
        cache_minutes=usual.cache_minutes if minutes is None else minutes,
        timeout_seconds=usual.timeout_seconds if seconds is None else seconds,
    )


def _texts_in(value: object, depth: int = 0) -> Iterator[str]:
    """Every text in a value, at most as deep as options go: YAML can make a mapping hold itself."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list) and depth < _DEEPEST:
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(inner, depth + 1)
