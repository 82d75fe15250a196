"""What was deployed under which address, as state, plan and stack files record it. Of their values only ids are kept.

Such files hold secrets: nothing of them but addresses, types and ids is kept, and of those only addresses are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from remedy_gate.domain.finding import CloudResource
from remedy_gate.domain.source import Problem

if TYPE_CHECKING:
    from .identity import Identified


class Origin(NamedTuple):
    """A file of records: `state`, `plan` or `stack`, its path, and what it speaks for.

    `home` is the directory of a root module or the path of a template; None where that has to be found out.
    """

    kind: str
    path: str
    home: str | None


class Recorded(NamedTuple):
    """One resource as a file records it. `stack` is that of CloudFormation, whose `address` is the logical id."""

    address: str
    type: str
    arn: str | None
    ids: tuple[str, ...]
    stack: str = ""


class Record(NamedTuple):
    """One resource and the file that knows it."""

    origin: Origin
    resource: Recorded


class Records:
    """Every record of a run, by what a finding may call the resource."""

    def __init__(self, records: Iterable[Record] = (), problems: tuple[Problem, ...] = ()) -> None:
        """Index them; `problems` are files that could not be used, to be named in the report."""
        self.problems = problems
        self._by_id: dict[str, list[Record]] = {}
        self._by_logical_id: dict[tuple[str, str], list[Record]] = {}
        self._stacks: dict[tuple[str, str], dict[str, str]] = {}
        for record in records:
            resource = record.resource
            for key in {*resource.ids, *((resource.arn,) if resource.arn else ())}:
                self._by_id.setdefault(key, []).append(record)
            if record.origin.kind == "stack":
                self._by_logical_id.setdefault((resource.stack, resource.address), []).append(record)
                self._stacks.setdefault((record.origin.path, resource.stack), {})[resource.address] = resource.type

    def __bool__(self) -> bool:
        return bool(self._by_id)

    def of(self, resource: CloudResource, identified: Identified | None) -> tuple[Record, ...]:
        """The records of a finding's resource: of its very id, else of its type and the name in its id."""
        keys = (resource.id, resource.id.removesuffix(":*"))
        exact = [record for key in dict.fromkeys(keys) for record in self._by_id.get(key, ())]
        if identified is None:
            found = [record for record in exact if record.resource.arn in keys]
            return tuple(found) if len({record.resource.address for record in found}) == 1 else ()
        named = [record for name in identified.names for record in self._by_id.get(name, ())]
        typed = [record for record in (*exact, *named) if record.resource.type in identified.types]
        return tuple(dict.fromkeys(record for record in typed if _agrees(record.resource, resource, identified)))

    def of_logical_id(self, stack: str, logical_id: str) -> tuple[Record, ...]:
        """The records of a stack's resource."""
        return tuple(self._by_logical_id.get((stack, logical_id), ()))

    def stack(self, record: Record) -> Mapping[str, str]:
        """Every resource of a record's stack: its logical id and its type."""
        return self._stacks.get((record.origin.path, record.resource.stack), {})


NO_RECORDS = Records()


def ids_in(type_name: str, values: Mapping[str, object]) -> tuple[str | None, tuple[str, ...]]:
    """The ARN and the other ids among a resource's values; everything else is left where it is.

    Only AWS has ids that findings name: what other providers call an id may be a generated password.
    """
    if not type_name.startswith("aws_"):
        return None, ()
    from .identity import name_attribute

    arn = values.get("arn")
    keys = ("id", "url", "bucket" if type_name == "aws_s3_bucket" else "", name_attribute(type_name) or "")
    ids = (values.get(key) for key in keys if key)
    texts = tuple(dict.fromkeys(one for one in ids if isinstance(one, str) and one))
    return (arn if isinstance(arn, str) and arn else None), texts


def _agrees(recorded: Recorded, resource: CloudResource, identified: Identified) -> bool:
    """Whether a record can be of the resource: equal ARNs where both have one, else no other account or region."""
    if recorded.arn is None:
        return True
    if resource.id.startswith("arn:"):
        return recorded.arn.removesuffix(":*") == resource.id.removesuffix(":*") or _same_within(
            recorded.arn, identified
        )
    from .identity import identify

    theirs = identify(CloudResource(recorded.arn))
    pairs = ((theirs.account, identified.account), (theirs.region, identified.region)) if theirs else ()
    return all(mine is None or other is None or mine == other for mine, other in pairs)


def _same_within(arn: str, identified: Identified) -> bool:
    """Whether two different ARNs are of one resource: a version of a function, an object in a bucket."""
    from .identity import identify

    theirs = identify(CloudResource(arn))
    return theirs is not None and (theirs.names[0], theirs.account, theirs.region) == (
        identified.names[0],
        identified.account if theirs.account else None,
        identified.region if theirs.region else None,
    )
