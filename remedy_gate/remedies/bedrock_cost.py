"""What a patch took of its model: tokens, and dollars as far as anybody knows their price."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from remedy_gate.domain.patch import Cost, NoPatch, Patch, money

from .bedrock_loop import Attempt
from .bedrock_models import Usage


def with_cost(remedy: Patch | NoPatch, attempts: Sequence[Attempt], basis: str) -> Patch | NoPatch:
    """The same remedy; a patch tells what it took. `basis` says where the prices are from."""
    return remedy._replace(cost=cost_of(attempts, basis)) if isinstance(remedy, Patch) else remedy


def cost_of(attempts: Sequence[Attempt], basis: str) -> Cost:
    """All attempts together. An answer that was kept from an earlier run took nothing in this one."""
    used = Usage(*map(sum, zip(*(attempt.usage for attempt in attempts), strict=True))) if attempts else Usage()
    dollars = together(attempt.dollars for attempt in attempts)
    kept = sum(attempt.kept for attempt in attempts)
    return Cost(len(attempts), kept, used.given, used.made, used.read, used.written, dollars, basis)


def together(amounts: Iterable[float | None]) -> float | None:
    """The sum; None as soon as one amount is not known."""
    total = 0.0
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total


def counted(number: int, noun: str) -> str:
    """`1 call`, `2 calls`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def cost_line(attempts: Sequence[Attempt]) -> str:
    """What attempts took, on a line."""
    tokens = sum(attempt.usage.total for attempt in attempts)
    return f"{counted(len(attempts), 'attempt')}, {tokens:,} tokens, {money(together(one.dollars for one in attempts))}"
