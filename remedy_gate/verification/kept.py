"""What stands beside what a repair changes, in the same policy or the same list, and has to stay as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from remedy_gate.catalogue.control import AnyOf, Control, OnlyWhen, Requirement, Sibling, Special
from remedy_gate.iac.module import Module
from remedy_gate.iac.values import Fields, Items, Known, Path, Value, same, select, settled

from .check import Comparison, Sides
from .consequences import affected
from .fronts import of_redirections, of_rules
from .grants import guests, lets_everybody_in, strangers
from .loose import LISTS, of_loose
from .objections import Objection
from .standing import Standing
from .statements import EVERYBODY, Statement, policies
from .symbolic import symbols

OF_POLICIES = ("own_account", "denies_plain_http")
OF_FRONTS = ("known_bad_inputs", "https_listener")
OF_LISTS = ("some_item", "entry")
NAMES = ("name", "id", "Id", "ParameterName", "parameter_key", "ParameterKey")
"""Fields by which an item of a list is known."""
KEYED = ("parameter", "Parameters", "config_parameter", "ConfigParameters", "rule", "Rules")
"""Lists whose items have nothing to do with each other."""
OF_A_RULE = frozenset(("id", "status", "filter", "prefix", "enabled", "Id", "Status", "Filter", "Prefix"))


def objections(comparison: Comparison, control: Control, type_name: str) -> Iterator[Objection]:
    """What is lost or changed beside the repair."""
    sides = comparison.subject
    before, after = sides.before, sides.after
    if before is None or after is None:
        return
    specials = tuple(_specials(control.rules.get(type_name, ())))
    names = {special.name for special in specials}
    listed = _asked(special for special in specials if special.name in OF_LISTS)
    for address in sorted(_both(sides)) if names & {*OF_POLICIES, *OF_LISTS, *LISTS, *OF_FRONTS} else ():
        old, new = symbols(before).body(address), symbols(after).body(address)
        if names & {*OF_POLICIES}:
            known = Standing(before.files.values(), comparison.parameters.values())
            yield from _of_policy(address, old, new, known, opens="own_account" in names)
        for name in sorted(names & LISTS.keys()):
            for loose in LISTS[name]:
                yield from of_loose(address, loose, old, new)
        if "known_bad_inputs" in names:
            yield from of_rules(address, old, new)
        if "https_listener" in names:
            yield from of_redirections(after, address, old, new)
        for path, words, fields in listed:
            yield from _of_list(address, path, (words, fields), (old, new))


def _both(sides: Sides) -> set[str]:
    before, after = sides.before, sides.after
    assert before is not None
    assert after is not None
    return {
        address
        for address in affected(sides) | sides.touched
        if _is_resource(before, address) and _is_resource(after, address)
    }


def _is_resource(module: Module, address: str) -> bool:
    return address in module.blocks and module.blocks[address].kind == "resource"


def _specials(requirements: tuple[Requirement, ...]) -> Iterator[Special]:
    for requirement in requirements:
        match requirement:
            case Special():
                yield requirement
            case Sibling():
                yield from _specials(requirement.require)
            case AnyOf():
                for way in requirement.ways:
                    yield from _specials(way)
            case OnlyWhen():
                yield from (one for one in _specials(requirement.condition) if one.name == "no_sibling")
                yield from _specials(requirement.then)
            case _:
                continue


def _of_policy(address: str, old: Fields, new: Fields, known: Standing, *, opens: bool) -> Iterator[Objection]:
    """Statements that are not about the finding stay; those that are do not turn into a gift or a lock."""
    before = {statement for _, found in policies(old) for statement in found}
    after = {statement for _, found in policies(new) for statement in found}
    if not before or before == after:
        return
    if any(not (opens and lets_everybody_in(statement)) for statement in before - after):
        yield Objection(certain=False, why=f"a statement of {address} that is not about this would change or go")
    for statement in sorted(after - before, key=repr):
        yield from (one._replace(why=f"{address}: {one.why}") for one in _of_new(statement, known, opens=opens))


def _of_new(statement: Statement, known: Standing, *, opens: bool) -> Iterator[Objection]:
    if not statement.is_sure:
        yield Objection(certain=False, why="a statement has parts that the code does not show")
    if not statement.allows and EVERYBODY in (statement.principals or ()) and not statement.conditions:
        yield Objection(certain=False, why="a statement would deny everybody")
    if statement.allows:
        yield from guests(statement, known) if opens else strangers(statement, known)


def _asked(specials: Iterable[Special]) -> list[tuple[str, set[str], set[str]]]:
    """For each list the words of all rules about it, and the fields that they ask for."""
    found: dict[str, tuple[set[str], set[str]]] = {}
    for special in specials:
        if str(special.arguments["path"]).rpartition(".")[2] not in KEYED:
            continue
        words, fields = found.setdefault(str(special.arguments["path"]), (set(), set()))
        words.update(_texts(special.arguments))
        fields.update(_fields(special))
    return [(path, words, fields) for path, (words, fields) in found.items()]


def _of_list(
    address: str, named: str, asked: tuple[set[str], set[str]], sides: tuple[Fields, Fields]
) -> Iterator[Objection]:
    """Only the item in question changes, or comes, and of a rule only what the control asks for."""
    (old, new), (words, fields), path = sides, asked, tuple(named.split("."))
    path = path if not isinstance(old.get("Properties"), Fields) else ("Properties", *path)
    before, after = _by_name(old, path), _by_name(new, path)
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key, []), after.get(key, [])
        where = f"{path[-1]} {key} of {address}"
        if len(now) > max(len(was), 1):
            yield Objection(certain=True, why=f"{where} would stand twice")
        elif key.lower() in words or _all_same(was, now):
            continue
        elif path[-1] in ("rule", "Rules"):
            yield from _of_rule(where, was, now, fields)
        else:
            yield Objection(certain=True, why=f"{where} is not about this, and would change")


def _of_rule(where: str, was: list[Value], now: list[Value], fields: set[str]) -> Iterator[Objection]:
    """A rule keeps what it says, and gains only what the control asks for."""
    if was and not now:
        yield Objection(certain=False, why=f"{where} would go")
    old = was[0] if was and isinstance(was[0], Fields) else Fields(())
    for item in now:
        if isinstance(item, Fields):
            named = {name for name, _ in (*item.entries, *old.entries)} - fields
            other = sorted(name for name in named if not same(old.get(name), item.get(name)))
            if was or not set(other) <= OF_A_RULE:
                for name in other:
                    yield Objection(certain=False, why=f"{where}: {name} is not about this, and would change")


def _by_name(body: Fields, path: Path) -> dict[str, list[Value]]:
    """The items of a list by their names, or by their places; the entries of a map by their keys."""
    found: dict[str, list[Value]] = {}
    for place in select(body, path):
        value = settled(place.value)
        if isinstance(value, Fields) and path[-1] in ("Parameters", "ConfigParameters"):
            for name, item in value.entries:
                found.setdefault(name, []).append(item)
        items = value.items if isinstance(value, Items) else ()
        for index, item in enumerate(items):
            body_of = settled(item)
            names = [settled(body_of.get(name)) for name in NAMES] if isinstance(body_of, Fields) else []
            key = next((str(one.value) for one in names if isinstance(one, Known)), f"[{index}]")
            found.setdefault(key, []).append(body_of)
    return found


def _fields(special: Special) -> Iterator[str]:
    wanted: object = special.arguments.get("some", ())
    for item in wanted if isinstance(wanted, list | tuple) else ():
        if isinstance(item, Mapping):
            yield str(item.get("path", "")).partition(".")[0]


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value.lower()


def _all_same(one: list[Value], other: list[Value]) -> bool:
    return len(one) == len(other) and all(map(same, one, other))
