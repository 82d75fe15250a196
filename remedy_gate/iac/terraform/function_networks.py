"""Functions over address ranges. What Python and Terraform may not read or write alike is unknown."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from remedy_gate.iac.values import Known, Unknown, Value

from .function_texts import text, whole

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network

    Network: TypeAlias = "IPv4Network | IPv6Network"

_RANGE = re.compile(r"[0-9a-fA-F:.]{2,45}/(?:0|[1-9][0-9]{0,2})")
_NOT_READ = Unknown("this address range is not worked out")


def _network(value: Value) -> Network | None:
    """The range of a text such as `10.1.2.3/8`; None where it is none, or written in an unusual way."""
    from ipaddress import IPv6Network, ip_network

    written = text(value)
    if not _RANGE.fullmatch(written):
        return None
    try:
        found = ip_network(written, strict=False)
    except ValueError:
        return None
    is_mapped = isinstance(found, IPv6Network) and int(found.network_address) >> 32 in (0, 0xFFFF)
    return None if is_mapped else found


def _cidrnetmask(prefix: Value) -> Value:
    found = _network(prefix)
    if found is None:
        return _NOT_READ
    if found.version != 4:  # noqa: PLR2004 - IPv4
        raise ValueError("only an IPv4 range has a netmask")
    return Known(str(found.netmask))


def _cidrhost(prefix: Value, number: Value) -> Value:
    found, wanted = _network(prefix), whole(number)
    if found is None:
        return _NOT_READ
    if not -found.num_addresses <= wanted < found.num_addresses:
        raise ValueError("the range has no such address")
    return Known(str(found[wanted]))


def _cidrsubnet(prefix: Value, bits: Value, number: Value) -> Value:
    found, more, wanted = _network(prefix), whole(bits), whole(number)
    if found is None or more < 0 or wanted < 0:
        return _NOT_READ
    length = found.prefixlen + more
    if length > found.max_prefixlen or wanted >= 1 << more:
        raise ValueError("the range has no such part")
    offset = wanted << (found.max_prefixlen - length)
    return Known(f"{type(found.network_address)(int(found.network_address) + offset)}/{length}")


NETWORK_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "cidrhost": _cidrhost,
    "cidrnetmask": _cidrnetmask,
    "cidrsubnet": _cidrsubnet,
}
"""By name."""
