"""Which files govern a run: a change is judged by the ones of its base, and is told where it alters them."""

from __future__ import annotations

from collections.abc import Callable

from remedy_gate.domain.seams import Explaining, Linked, Tree
from remedy_gate.domain.source import Problem

from .rules import Policy


def governed(path: str, head: Tree, governing: Tree, notes: list[Problem]) -> bytes | None:
    """A file of the tree that governs; where the change alters it, that is added to `notes`.

    :raises SettingsError: it is a link, or lies there and cannot be read: that is not the same as having none.
    """
    text = governing.read(path)
    if text is None:
        refuse_link(path, governing)
        _refuse_unread(path, governing)
    if governing is not head and head.read(path) != text:
        what = "the policy" if path == ".remedy-gate.yml" else "what governs it"
        notes.append(Problem(path, f"this change alters {what}, and is judged by the one of its base"))
    return text


def refuse_link(path: str, tree: Tree) -> None:
    """Refuse what governs through a link: whoever may write what it leads to would govern, and none is not the same.

    :raises SettingsError: the path is a link, or leads through one.
    """
    if isinstance(tree, Linked) and tree.is_link(path):
        from .checking import refuse

        refuse(
            path,
            "a symbolic link, or behind one: what governs is never read through a link",
            "Put the file itself there.",
        )


def _refuse_unread(path: str, tree: Tree) -> None:
    if isinstance(tree, Explaining) and (why := tree.why_unread(path)):
        from .checking import refuse

        refuse(path, f"it is there, and {why}", "Make it a file that can be read, or take it away.")


def policy_from(text: bytes, name: str, read: Callable[[str], bytes | None]) -> Policy:
    """The policy of a file's text, with the presets and, by `read`, the files of the repository that it extends.

    :raises SettingsError: one of them says something that is not allowed.
    """
    from hashlib import sha256

    from .reading import Extension, read_policy
    from .yaml_text import parsed_yaml

    digest = sha256(text)

    def extension(named: str) -> Extension | None:
        preset = preset_text(named)
        path = named.removeprefix("./")
        more = preset or read(path)
        if more is None:
            return None
        digest.update(sha256(more).digest())
        full_name = f"preset {named}" if preset else path
        return Extension(full_name, parsed_yaml(more, full_name))

    policy = read_policy(parsed_yaml(text, name), name, extension)
    return policy._replace(digest=digest.hexdigest())


def preset_text(name: str) -> bytes | None:
    """The text of a preset; None where there is none of that name."""
    from os.path import dirname, join

    from .reading import PRESETS

    if name not in PRESETS:
        return None
    with open(join(dirname(__file__), "presets", f"{name}.yml"), "rb") as file:
        return file.read()
