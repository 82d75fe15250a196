"""Patterns with `*` and `?`, as policies have them: whether one takes in everything that another one does."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=4096)
def contains(wide: str, narrow: str) -> bool:
    """Whether every text that fits `narrow` fits `wide` too."""
    if wide in ("*", narrow):
        return True
    reached = _closed({0}, wide)
    for letter in narrow:
        reached = _closed({then for position in reached for then in _steps(position, letter, wide)}, wide)
        if not reached:
            return False
    return len(wide) in reached


def _steps(position: int, letter: str, wide: str) -> tuple[int, ...]:
    """Where `wide` stands after a letter of `narrow`; a wildcard there is only taken in by one that is as wide."""
    if position == len(wide):
        return ()
    if wide[position] == "*":
        return (position,)
    if letter == "*":
        return ()
    return (position + 1,) if wide[position] in ("?", letter) else ()


def _closed(positions: set[int], wide: str) -> set[int]:
    """With the positions that are reached because a `*` may stand for nothing."""
    for position in tuple(positions):
        following = position
        while following < len(wide) and wide[following] == "*":
            following += 1
            positions.add(following)
    return positions


def overlap(one: str, other: str) -> bool:
    """Whether some text may fit both: the parts before the first wildcards agree, as do those behind the last."""
    if not any(mark in pattern for pattern in (one, other) for mark in "*?"):
        return one == other
    heads = [_until_wildcard(pattern) for pattern in (one, other)]
    tails = [_until_wildcard(pattern[::-1]) for pattern in (one, other)]
    return all(left.startswith(right) or right.startswith(left) for left, right in (heads, tails))


def _until_wildcard(pattern: str) -> str:
    return pattern.split("*", 1)[0].split("?", 1)[0]
