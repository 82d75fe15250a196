"""How one live source is read: from where, how long, and what is done when it is down."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple, TypeAlias

from .cache import Cache
from .service import Clock, Limits, Patience, Service

Connect: TypeAlias = Callable[[Patience], Service]
"""Makes a service. Raises `FindingsError` where something that it needs is missing, such as credentials."""


class Reach(Enum):
    """How far a run goes for findings."""

    CACHE = "only the cache: a hook does not wait for the network"
    NORMAL = "the cache while it is new, else the service"
    FRESH = "the service, whatever the cache holds"


def silently(_name: str, _count: int) -> None:
    """Tell nobody how far reading has come."""


class Plan(NamedTuple):
    """How one source is read. `cached_as` is the name of its snapshot, `seconds` the time for which that is new.

    `on_unavailable` is fail, warn or use-cache. `progress` is told how many findings there are so far.
    """

    cache: Cache
    cached_as: str
    clock: Clock
    limits: Limits = Limits()
    reach: Reach = Reach.NORMAL
    on_unavailable: str = "fail"
    seconds: float = 3600.0
    progress: Callable[[str, int], None] = silently
