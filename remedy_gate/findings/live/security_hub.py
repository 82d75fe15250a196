"""AWS Security Hub: `GetFindings` (ASFF) and `GetFindingsV2` (OCSF), region by region, with its own filters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from importlib import import_module
from typing import Any, Final, NamedTuple, TypeAlias, cast

from remedy_gate.errors import FindingsError, SettingsError
from remedy_gate.findings.cleaning import text_of
from remedy_gate.findings.format import Document, Format
from remedy_gate.findings.values import table_of
from remedy_gate.policy.sources import SourceOptions

from .aws import client, explained
from .records import Key, batch_of
from .service import Batches, Patience

PAGE: Final = 100  # the most that AWS gives
PERMISSION: Final = "securityhub:GetFindings"
"""For both versions: https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_GetFindingsV2.html."""
_MOST_FILTERS: Final = 20  # of one kind in a composite filter, and values of one ASFF attribute
_OPEN_STATES: Final = (1, 2)  # new, in progress


Ask: TypeAlias = Callable[..., object]
"""One of a client's methods."""


class Version(NamedTuple):
    """One of the two versions: how it is asked, and which reader understands it.

    `opens` are the filters for open findings. Both leave compliance alone: what passed is resolved in Security Hub, and
    findings without compliance (IAM Access Analyzer's) would be lost.
    """

    method: str
    format: str
    key: Key
    filters: Callable[[SourceOptions, bool], Mapping[str, object]]


class SecurityHub:
    """The seam `Service`, over one account's Security Hub."""

    def __init__(self, version: Version, options: SourceOptions, patience: Patience) -> None:
        self._version = version
        self._options = options
        self._patience = patience
        self._format = cast("Format", import_module(f"remedy_gate.findings.formats.{version.format}"))

    def batches(self, *, everything: bool) -> Batches:
        """See `Service`."""
        filters = self._version.filters(self._options, everything)
        for region in self._options.regions or ("",):
            with closing(client("securityhub", region, self._patience)) as hub:
                yield from self._region(getattr(hub, self._version.method), region, filters)

    def changes(self, since: float) -> Batches | None:  # noqa: ARG002 - findings that go leave no trace here
        """None: a filter by time would not name what was archived or deleted since."""
        return None

    def _region(self, ask: Ask, region: str, filters: Mapping[str, object]) -> Batches:
        request: dict[str, Any] = {"MaxResults": PAGE, **({"Filters": filters} if filters else {})}
        number = 0
        while True:
            number += 1
            answer = self._page(ask, request)
            where = " ".join(filter(None, (self._options.name, region, f"page {number}")))
            yield batch_of(where, answer["Findings"], self._format, self._version.key)
            token = answer.get("NextToken")
            if not token:
                return
            if token == request.get("NextToken"):
                raise FindingsError("the next page is the same as the last one.")
            request["NextToken"] = token

    def _page(self, ask: Ask, request: Mapping[str, object]) -> Document:
        """One answer. botocore takes a body that is no JSON for an answer without findings: it is asked for again."""
        for attempt in range(self._patience.limits.attempts):
            self._patience.left()
            with explained(PERMISSION):
                answer = table_of(ask(**request))
            if isinstance(answer.get("Findings"), list):
                return answer
            self._patience.wait(2.0**attempt, "AWS answered without a list of findings")
        raise FindingsError("AWS answered without a list of findings.", "Try again later.")


def _asff_filters(options: SourceOptions, everything: bool) -> Mapping[str, object]:  # noqa: FBT001 - one of two modes
    given = {"AwsAccountId": options.accounts} if options.accounts else {}
    given.update(options.filters)
    opens = {} if everything else {"RecordState": ("ACTIVE",), "WorkflowStatus": ("NEW", "NOTIFIED")}
    _refuse_own(options, ("RecordState", "WorkflowStatus"))
    return {
        name: [{"Value": value, "Comparison": "EQUALS"} for value in _few(values, options, name)]
        for name, values in {**given, **opens}.items()
    }


def _ocsf_filters(options: SourceOptions, everything: bool) -> Mapping[str, object]:  # noqa: FBT001 - one of two modes
    given = {"cloud.account.uid": options.accounts} if options.accounts else {}
    given.update(options.filters)
    _refuse_own(options, ("status", "status_id"))
    composites: list[dict[str, object]] = [
        {
            "StringFilters": [
                {"FieldName": name, "Filter": {"Value": value, "Comparison": "EQUALS"}}
                for value in _few(values, options, name)
            ],
            "Operator": "OR",
        }
        for name, values in given.items()
    ]
    if not everything:
        states = [{"FieldName": "status_id", "Filter": {"Eq": float(state)}} for state in _OPEN_STATES]
        composites.append({"NumberFilters": states, "Operator": "OR"})
    return {"CompositeFilters": composites, "CompositeOperator": "AND"} if composites else {}


def _refuse_own(options: SourceOptions, own: tuple[str, ...]) -> None:
    for name, _ in options.filters:
        if name in own:
            raise SettingsError(f"{options.name}: the filter `{name}` is set by what counts as open.", "Leave it out.")


def _few(values: tuple[str, ...], options: SourceOptions, name: str) -> tuple[str, ...]:
    if len(values) > _MOST_FILTERS:
        raise SettingsError(
            f"{options.name}: `{name}` has {len(values)} values, and AWS takes {_MOST_FILTERS}.",
            "Divide them among several sources.",
        )
    return values


def _asff_id(record: Document) -> str:
    """An id is that of one product: two may use the same."""
    own = text_of(record.get("Id"))
    return f"{text_of(record.get('ProductArn'))} {own}" if own else ""


def _ocsf_id(record: Document) -> str:
    return text_of(table_of(record.get("metadata")).get("uid"))


ASFF: Final = Version("get_findings", "security_hub", _asff_id, _asff_filters)
OCSF: Final = Version("get_findings_v2", "security_hub_v2", _ocsf_id, _ocsf_filters)
