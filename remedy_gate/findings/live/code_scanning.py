"""GitHub code scanning alerts over REST, page by page as the Link header says.

https://docs.github.com/en/rest/code-scanning/code-scanning#list-code-scanning-alerts-for-a-repository
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import SplitResult, urlencode, urljoin, urlsplit

from remedy_gate.errors import FindingsError, SettingsError
from remedy_gate.findings.cleaning import text_of
from remedy_gate.findings.format import Document
from remedy_gate.findings.formats import code_scanning
from remedy_gate.findings.values import table_of
from remedy_gate.policy.sources import SourceOptions

from .access import Access, safe_address
from .https import Answer, Host, Request
from .records import batch_of
from .service import Batches, Patience

PAGE: Final = 100  # the most that GitHub gives
_REPOSITORY: Final = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
_NEXT: Final = re.compile(r'<([^<>]*)>\s*;[^,<]*\brel="?next"?')
_FILTERS: Final = ("tool_name", "tool_guid", "ref", "severity")
_LIMITED: Final = (403, 429)


class CodeScanning:
    """The seam `Service`, over one repository's alerts."""

    def __init__(self, options: SourceOptions, access: Access, patience: Patience) -> None:
        self._name = options.name
        self._repository = options.repository or access.github_repository
        if not _REPOSITORY.fullmatch(self._repository) or ".." in self._repository.split("/"):
            raise FindingsError(
                f"{self._repository[:80]!r} is not the name of a repository.",
                "Set `repository: owner/name` of the source in the policy file, or GITHUB_REPOSITORY.",
            )
        for name, values in options.filters:
            if name not in _FILTERS or len(values) != 1:
                raise SettingsError(
                    f"{options.name}: GitHub has no filter `{name}` with {len(values)} values.",
                    f"It takes one value each of {', '.join(_FILTERS)}.",
                )
        self._filters = {name: values[0] for name, values in options.filters}
        self._address = safe_address(access.github_api, "GITHUB_API_URL")
        self._token = access.github_token
        self._host = Host(self._address, access, patience)

    def batches(self, *, everything: bool) -> Batches:
        """See `Service`."""
        if not self._token:
            raise FindingsError("there is no token for GitHub.", "Set GITHUB_TOKEN.")
        query = {"per_page": PAGE, **({} if everything else {"state": "open"}), **self._filters}
        path = f"{self._address.path.rstrip('/')}/repos/{self._repository}/code-scanning/alerts?{urlencode(query)}"
        number = 0
        try:
            while path:
                number += 1
                answer = self._host.ask(Request("GET", path, self._headers()), _fault)
                if not answer.is_good:
                    raise _refused(self._repository, answer)
                if not isinstance(answer.document, list):
                    raise FindingsError("the answer is not a list of alerts.")
                yield batch_of(f"{self._name} page {number}", answer.document, code_scanning, _id_of)
                path = _next(self._address, path, answer.headers.get("link", ""))
        finally:
            self._host.close()

    def changes(self, since: float) -> Batches | None:  # noqa: ARG002 - alerts have no filter by time
        """None: the interface has no filter by time."""
        return None

    def _headers(self) -> dict[str, str]:
        return {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self._token!s}",
            "User-Agent": "remedy-gate",
            "X-GitHub-Api-Version": "2022-11-28",
        }


def _fault(answer: Answer) -> str:
    """Why an answer is not the last word: no JSON, or a limit that passes."""
    if answer.is_good:
        return "" if answer.document is not None else "answered with something that is not JSON"
    limited = answer.headers.get("x-ratelimit-remaining") == "0" or "retry-after" in answer.headers
    return "allows no more requests for now" if answer.status in _LIMITED and limited else ""


def _refused(repository: str, answer: Answer) -> FindingsError:
    message = text_of(table_of(answer.document).get("message"))[:200].rstrip(".") or f"status {answer.status}"
    return FindingsError(
        f"GitHub gives no alerts of {repository}: {message}.",
        "Code scanning has to be on, and the token needs the permission security-events: read.",
    )


def _next(address: SplitResult, path: str, link: str) -> str:
    """The path of the next page, the empty text at the end. The token goes nowhere else than the first page did.

    :raises FindingsError: the next page is on another host, or the same as this one.
    """
    found = _NEXT.search(link)
    if found is None:
        return ""
    following = urlsplit(urljoin(f"{address.scheme}://{address.netloc}{path}", found[1]))
    if (following.scheme, following.netloc) != (address.scheme, address.netloc):
        raise FindingsError(f"the next page is said to be on {following.netloc}, where no token is carried.")
    after = f"{following.path}?{following.query}"
    if after == path:
        raise FindingsError("the next page is the same as the last one.")
    return after


def _id_of(record: Document) -> str:
    return text_of(record.get("number"))
