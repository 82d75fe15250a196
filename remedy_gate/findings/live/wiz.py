"""Wiz over GraphQL: client credentials, pages, changes since a moment, and errors that come with status 200."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final, cast
from urllib.parse import SplitResult

from remedy_gate.errors import FindingsError, SettingsError
from remedy_gate.findings.cleaning import text_of
from remedy_gate.findings.format import Document, Format
from remedy_gate.findings.values import list_of, table_of, tables_of
from remedy_gate.policy.sources import SourceOptions

from .access import Access, safe_address
from .https import Answer, Host, Request
from .records import batch_of
from .service import Batch, Batches, Patience
from .wiz_login import Login
from .wiz_queries import Query

PAGE: Final = 500  # the most that Wiz gives
OVERLAP: Final = 600.0  # seconds: what changed while the last page was read comes again rather than never
_DOMAINS: Final = (".wiz.io", ".wiz.us")
_UNAUTHORIZED: Final = 401
_SLACK: Final = 10


class Wiz:
    """The seam `Service`, over one query of one tenant."""

    def __init__(self, query: Query, options: SourceOptions, access: Access, patience: Patience) -> None:
        self._name = options.name
        self._query = query
        self._filters = _filters(options, query)
        self._address = api_address(options, access)
        self._patience = patience
        self._host = Host(self._address, access, patience)
        self._login = Login(self._address, access, patience)
        self._documents = query.documents
        self._format = cast("Format", import_module(f"remedy_gate.findings.formats.{query.format}"))

    def batches(self, *, everything: bool) -> Batches:
        """See `Service`."""
        return self._pages({**({} if everything else self._query.opens), **self._filters})

    def changes(self, since: float) -> Batches | None:
        """See `Service`. Whatever its status is now: what was closed has to go."""
        if not self._query.moment:
            return None
        moment = {"after": _moment_text(since - OVERLAP)}
        return self._pages({**self._filters, self._query.moment: moment})

    def _pages(self, filters: Mapping[str, object]) -> Batches:
        after, total, taken, number = "", 0, 0, 0
        try:
            while True:
                number += 1
                connection = self._page(filters, after, counted=number == 1)
                nodes = list_of(connection.get("nodes"))
                total = total or _count(connection.get("totalCount"))
                taken += len(nodes)
                yield self._batch(f"{self._name} page {number}", nodes)
                after = _next(connection, after)
                if not after:
                    break
        finally:
            self._host.close()
            self._login.close()
        self._complete(taken, total)

    def _batch(self, where: str, nodes: list[Any]) -> Batch:
        batch = batch_of(where, nodes, self._format, _id_of)
        changed = (_epoch(node.get("statusChangedAt")) for node in tables_of(nodes))
        return batch._replace(watermark=max(changed, default=0.0))

    def _complete(self, taken: int, total: int) -> None:
        """Hold what came against what Wiz says there is: it may go on changing while it is read, but not by much."""
        if taken and taken == self._query.most:
            raise FindingsError(
                f"{taken:,} came, which is where Wiz leaves the rest out without a word.",
                "Ask for less with `filters`, in several sources of their own.",
            )
        if taken + max(_SLACK, total // 100) < total:
            raise FindingsError(f"only {taken:,} of {total:,} came.", "Try again later.")

    def _page(self, filters: Mapping[str, object], after: str, *, counted: bool) -> Document:
        variables = {"filterBy": filters, "first": PAGE, "after": after or None, "counted": counted}
        while True:
            answer = self._asked(self._documents[0], variables)
            document = answer.document
            errors = tables_of(table_of(document).get("errors"))
            if not errors:
                connection = table_of(table_of(document).get("data")).get(self._query.connection)
                if not isinstance(connection, dict) or not isinstance(connection.get("nodes"), list):
                    raise FindingsError(f"the answer has no list of {self._query.connection}.")
                return connection
            if len(self._documents) > 1 and _knows_not("sourceRules", errors):
                self._documents = self._documents[1:]  # an older tenant: it has `sourceRule`
                continue
            raise FindingsError(
                f"Wiz answered with an error: {_said(errors)}.",
                f"The service account needs the scope {self._query.scope}, and `filters` names that Wiz knows.",
            )

    def _asked(self, document: str, variables: Mapping[str, object]) -> Answer:
        """The answer, signed in anew once where the token is no longer taken."""
        for attempt in (1, 2):
            body = json.dumps({"query": document, "variables": variables}).encode()
            headers = {**_JSON, "Authorization": f"Bearer {self._login.token()}"}
            answer = self._host.ask(Request("POST", self._address.path or "/", headers, body), _fault)
            if not _is_signed_out(answer):
                break
            if attempt == 1:
                self._login.forget()
        if answer.is_good:
            return answer
        raise FindingsError(
            f"Wiz answered with status {answer.status}.",
            "Check WIZ_CLIENT_ID, WIZ_CLIENT_SECRET and the service account's scopes.",
        )


_JSON: Final = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "remedy-gate"}


def api_address(options: SourceOptions, access: Access) -> SplitResult:
    """Where Wiz answers. A policy file may only name hosts of Wiz itself, as credentials are sent there.

    :raises SettingsError: there is none, or it is not safe.
    """
    where = f"the address of {options.name}"
    if options.api:
        address = safe_address(options.api, where)
        if not (address.hostname or "").endswith(_DOMAINS):
            raise SettingsError(
                f"{where} is not one of Wiz's.", "A policy file names https://api.<region>.app.wiz.io/graphql."
            )
        return address
    if not access.wiz_api:
        raise FindingsError(
            f"nothing says where {options.name} is.", "Set WIZ_API_URL, or `api` of the source in the policy file."
        )
    return safe_address(access.wiz_api, "WIZ_API_URL")


def _filters(options: SourceOptions, query: Query) -> dict[str, object]:
    for name, _ in options.filters:
        if name in query.opens or name == query.moment:
            raise SettingsError(f"{options.name}: the filter `{name}` is set by what counts as open.", "Leave it out.")
    return {name: list(values) for name, values in options.filters}


def _fault(answer: Answer) -> str:
    """Why a good answer has to be asked for again: no JSON, or an error that passes."""
    if not answer.is_good:
        return ""
    document = answer.document
    if not isinstance(document, dict):
        return "answered with something that is not JSON"
    for error in tables_of(document.get("errors")):
        code = text_of(table_of(error.get("extensions")).get("code")).upper()
        if "RATE_LIMIT" in code or "TOO_MANY" in code or code in ("INTERNAL", "INTERNAL_SERVER_ERROR", "TIMEOUT"):
            return f"answered with an error: {_said([error])}"
    return ""


def _is_signed_out(answer: Answer) -> bool:
    if answer.status == _UNAUTHORIZED:
        return True
    errors = tables_of(table_of(answer.document).get("errors")) if answer.is_good else []
    return any(text_of(table_of(error.get("extensions")).get("code")).upper() == "UNAUTHENTICATED" for error in errors)


def _said(errors: list[Document]) -> str:
    return "; ".join(text_of(error.get("message"))[:200] for error in errors[:3]).rstrip(".") or "it gave no reason"


def _knows_not(field: str, errors: list[Document]) -> bool:
    return any(re.search(rf"['\"]{field}['\"]", str(error.get("message"))) for error in errors)


def _next(connection: Document, before: str) -> str:
    """Where the next page begins; the empty text at the end."""
    page = table_of(connection.get("pageInfo"))
    if page.get("hasNextPage") is not True:
        return ""
    cursor = page.get("endCursor")
    if not isinstance(cursor, str) or not cursor or cursor == before:
        raise FindingsError("there is a further page, and nothing says where it begins.")
    return cursor


def _id_of(record: Document) -> str:
    return text_of(record.get("id"))


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _epoch(value: object) -> float:
    from datetime import datetime

    try:
        return datetime.fromisoformat(value).timestamp() if isinstance(value, str) else 0.0
    except (ValueError, OverflowError):
        return 0.0


def _moment_text(seconds: float) -> str:
    from time import gmtime, strftime

    return strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(max(0.0, seconds)))
