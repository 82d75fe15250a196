"""Find the rule that decides, among hundreds, for thousands of cases.

Each fact has few values in a run: for each value it is worked out once which rules it leaves standing, as the bits of a
whole number. The rules that all the facts leave standing are then the numbers taken together, and the lowest bit is the
first of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from typing import Any

from .dimensions import DIMENSIONS, Dimension
from .facts import Facts
from .patterns import matches_path, needed_names
from .rules import Rule


class _Asked:
    """One dimension, and the rules that ask for something in it."""

    __slots__ = ("_asking", "_free", "_known", "dimension")

    def __init__(self, dimension: Dimension, rules: tuple[Rule, ...]) -> None:
        self.dimension = dimension
        wanted = [dimension.wanted(rule.when) for rule in rules]
        self._free = sum(1 << bit for bit, value in enumerate(wanted) if value is None)
        self._asking: list[tuple[int, Any, Rule]] = [
            (1 << bit, value, rules[bit]) for bit, value in enumerate(wanted) if value is not None
        ]
        self._known: dict[Hashable, int] = {}

    @property
    def is_asked(self) -> bool:
        return bool(self._asking)

    def standing(self, facts: Facts, still: int) -> int:
        """Which of the rules that are `still` standing the fact leaves so."""
        fact = self.dimension.fact(facts)
        known = self._known.get(fact)
        if known is None:
            fits = self.dimension.fits
            known = self._free
            for bit, wanted, rule in self._asking:
                if fits(wanted, fact, rule):
                    known |= bit
            self._known[fact] = known
        return known & still


class _Paths:
    """The rules that ask for a path, found by the rarest folder or file name that has to be in it."""

    __slots__ = ("_anywhere", "_by_name", "_free", "_known")

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._free = sum(1 << bit for bit, rule in enumerate(rules) if not rule.when.paths)
        self._by_name: dict[str, list[tuple[int, str]]] = {}
        self._anywhere: list[tuple[int, str]] = []
        asking = [(1 << bit, pattern) for bit, rule in enumerate(rules) for pattern in rule.when.paths]
        often = Counter(name for _, pattern in asking for name in needed_names(pattern))
        for bit, pattern in asking:
            name = min(needed_names(pattern), key=lambda one: often[one], default=None)
            same = self._anywhere if name is None else self._by_name.setdefault(name, [])
            same.append((bit, pattern))
        self._known: dict[str, int] = {}

    @property
    def is_asked(self) -> bool:
        return bool(self._by_name or self._anywhere)

    def standing(self, facts: Facts, still: int) -> int:
        """Which of the rules that are `still` standing the path leaves so."""
        path = facts.path
        known = self._known.get(path)
        if known is None:
            known = self._free
            for name in path.split("/"):
                for bit, pattern in self._by_name.get(name, ()):
                    if not known & bit and matches_path(path, pattern):
                        known |= bit
            for bit, pattern in self._anywhere:
                if not known & bit and matches_path(path, pattern):
                    known |= bit
            self._known[path] = known
        return known & still


class Ruling:
    """The rules of one policy, made ready to be asked many times."""

    __slots__ = ("_all", "_asked", "_rules")

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._rules = rules
        self._all = (1 << len(rules)) - 1
        asked: list[_Asked | _Paths] = [_Asked(dimension, rules) for dimension in DIMENSIONS if dimension.key != "path"]
        self._asked = tuple(one for one in (*asked, _Paths(rules)) if one.is_asked)

    def first(self, facts: Facts) -> Rule | None:
        """The first rule that fits these facts."""
        still = self._all
        for one in self._asked:
            still = one.standing(facts, still)
            if not still:
                break
        return None if not still else self._rules[(still & -still).bit_length() - 1]
