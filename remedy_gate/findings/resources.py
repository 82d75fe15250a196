"""Cloud resources as findings name them: by ARN, by native id, with tags in many notations."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from remedy_gate.domain.finding import CloudResource

from .cleaning import text_of, word_of
from .format import Document

# `k=v`, the reserved `aws:service:key:v`, `k:v`. A key with `://` in it is a `k:v` whose value is an address.
_TAG: Final = r"(?:((?:(?!://)[^=])+)=|(aws:[\w-]+:[\w-]+):|([^:]+):)\s*(.*)$"
_ARN_PARTS: Final = 6
_ACCOUNT_DIGITS: Final = 12
_MAX_TAGS: Final = 200  # AWS allows 50


def resource_of(identity: object, fields: Document) -> CloudResource | None:
    """A resource under its id, with `type`, `name`, `account`, `region` and `tags` of `fields` as the source gave them.

    Account and region come from the ARN where the source does not name them. `None` without an id.
    """
    ident = text_of(identity)
    if not ident:
        return None
    account, region = account_of(fields.get("account")), word_of(fields.get("region"))
    if not (account and region):
        arn_account, arn_region = _parts_of(ident)
        account, region = account or arn_account, region or arn_region
    tags = fields.get("tags")
    return CloudResource(
        id=ident,
        type=word_of(fields.get("type")),
        name=text_of(fields.get("name")) or None,
        account=account,
        region=region,
        tags=tags_of(tags) if tags else (),
    )


def account_of(value: object) -> str | None:
    """An account as text. A number has lost its leading zeros: they are put back."""
    if isinstance(value, int) and not isinstance(value, bool):
        return word_of(text_of(value).zfill(_ACCOUNT_DIGITS))
    return word_of(value)


def is_arn(text: str) -> bool:
    """Whether the text has the outer shape of an Amazon Resource Name."""
    return text.startswith("arn:") and text.count(":") >= _ARN_PARTS - 1


def _parts_of(ident: str) -> tuple[str | None, str | None]:
    """Account and region that an id itself names."""
    if is_arn(ident):
        _, _, _, region, account, _ = ident.split(":", _ARN_PARTS - 1)
        return (word_of(account) if _is_account(account) else None), word_of(region)
    if ident.startswith("AWS::::Account:") or _is_account(ident):
        return word_of(ident.rpartition(":")[2]), None
    return None, None


def _is_account(text: str) -> bool:
    return len(text) == _ACCOUNT_DIGITS and text.isascii() and text.isdigit()


def tags_of(value: object) -> tuple[tuple[str, str], ...]:
    """Tags out of a map, a list of key and value objects, a list of `k=v` or `k:v` texts, or JSON text of these."""
    if isinstance(value, str):
        value = _tags_in_text(value)
    if isinstance(value, dict):
        return tuple((word_of(key) or "", text_of(item)) for key, item in islice(value.items(), _MAX_TAGS))
    if isinstance(value, list):
        return tuple(pair for item in value[:_MAX_TAGS] if (pair := _tag(item)) is not None)
    return ()


def _tag(item: object) -> tuple[str, str] | None:
    if isinstance(item, dict):
        for key_name, value_name in (("key", "value"), ("Key", "Value"), ("name", "value"), ("Name", "Value")):
            if key_name in item and (key := word_of(item[key_name])):
                return key, text_of(item.get(value_name))
        return None
    text = text_of(item)
    found = re.match(_TAG, text)
    if found:
        return found[1] or found[2] or found[3], found[4]
    return (text, "") if text else None


def _tags_in_text(text: str) -> object:
    if text.lstrip().startswith(("{", "[")):
        from json import loads

        try:
            return loads(text)
        except (ValueError, RecursionError):
            return None
    return [part for part in re.split(r"\s*[|\n]\s*", text) if part]
