"""`aws_iam_policy_document` data blocks as the policy document that they stand for."""

from __future__ import annotations

from remedy_gate.iac.values import ABSENT, Absent, Fields, Items, Known, OneOf, Reference, Unknown, Value, settled

_LISTS = (
    ("actions", "Action"),
    ("not_actions", "NotAction"),
    ("resources", "Resource"),
    ("not_resources", "NotResource"),
)
_MERGED = ("source_policy_documents", "override_policy_documents", "source_json", "override_json")


def policy_document(body: Fields) -> Value:
    """The document. Where others are merged in, there may be more statements than these."""
    statements = body.get("statement")
    made = _each(statements, _statement)
    if any(_is_given(body.get(name)) for name in _MERGED):
        made = made._replace(complete=False)
    version = body.get("version")
    entries: list[tuple[str, Value]] = [("Version", Known("2012-10-17") if isinstance(version, Absent) else version)]
    policy_id = body.get("policy_id")
    if not isinstance(policy_id, Absent):
        entries.append(("Id", policy_id))
    return Fields((*entries, ("Statement", made)))


def _is_given(value: Value) -> bool:
    inner = settled(value)
    return not (isinstance(inner, Absent) or inner == Known(None) or (isinstance(inner, Items) and inner == Items(())))


def _each(blocks: Value, make: object) -> Items:
    if not isinstance(blocks, Items):
        return Items((), complete=isinstance(blocks, Absent))
    assert callable(make)
    return Items(tuple(make(block) for block in blocks.items if isinstance(block, Fields)), blocks.complete)


def _statement(block: Fields) -> Value:
    entries: list[tuple[str, Value]] = []
    sid = block.get("sid")
    if not isinstance(sid, Absent) and sid != Known(""):
        entries.append(("Sid", sid))
    effect = block.get("effect")
    entries.append(("Effect", Known("Allow") if _is_null(effect) else effect))
    for argument, key in _LISTS:
        value = block.get(argument)
        if not _is_null(value):
            entries.append((key, _with_variables(value)))
    for argument, key in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        principals = block.get(argument)
        if not isinstance(principals, Absent):
            entries.append((key, _principals(principals)))
    condition = block.get("condition")
    if not isinstance(condition, Absent):
        entries.append(("Condition", _conditions(condition)))
    return Fields(tuple(entries))


def _with_variables(value: Value) -> Value:
    """IAM's own `${aws:username}` is written `&{aws:username}` in these blocks."""
    match value:
        case Known(value=str() as text):
            return Known(text.replace("&{", "${"))
        case Items():
            return value._replace(items=tuple(map(_with_variables, value.items)))
        case _:
            return value


def _is_null(value: Value) -> bool:
    return isinstance(value, Absent) or (isinstance(value, Known) and value.value is None)


def _principals(blocks: Value) -> Value:
    """`{type: [identifiers]}`; the type `*` with the identifier `*` is everybody, written as `"*"`."""
    if not isinstance(blocks, Items):
        return Unknown("the principals are not known")
    groups: dict[str, Items] = {}
    complete = blocks.complete
    for block in blocks.items:
        kind = settled(block.get("type")) if isinstance(block, Fields) else ABSENT
        if not isinstance(block, Fields) or not isinstance(kind, Known) or not isinstance(kind.value, str):
            complete = False
            continue
        groups[kind.value] = _joined(groups.get(kind.value), block.get("identifiers"))
    everybody = groups.get("*")
    if everybody is not None and Known("*") in everybody.items:
        return Known("*")
    return Fields(tuple(groups.items()), complete)


def _conditions(blocks: Value) -> Value:
    """`{test: {variable: [values]}}`."""
    if not isinstance(blocks, Items):
        return Unknown("the conditions are not known")
    tests: dict[str, dict[str, Items]] = {}
    complete = blocks.complete
    for block in blocks.items:
        test = settled(block.get("test")) if isinstance(block, Fields) else ABSENT
        variable = settled(block.get("variable")) if isinstance(block, Fields) else ABSENT
        if not isinstance(block, Fields) or not isinstance(test, Known) or not isinstance(variable, Known):
            complete = False
            continue
        variables = tests.setdefault(str(test.value), {})
        variables[str(variable.value)] = _joined(variables.get(str(variable.value)), block.get("values"))
    return Fields(tuple((test, Fields(tuple(found.items()))) for test, found in tests.items()), complete)


def _joined(before: Items | None, value: Value) -> Items:
    have = before or Items(())
    match _with_variables(settled(value)):
        case Items() as more:
            return Items((*have.items, *more.items), have.complete and more.complete)
        case Known(value=None) | Absent():
            return have
        case (Known() | OneOf() | Reference()) as one:
            return Items((*have.items, one), have.complete)
        case _:
            return Items(have.items, complete=False)
