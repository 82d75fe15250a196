"""How often git is asked for what lies in a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from remedy_gate.changes.blobs import Blobs
from remedy_gate.changes.git import Git
from remedy_gate.changes.git_tree import GitTree
from remedy_gate.changes.raw_diff import Entry
from remedy_gate.changes.working_tree import WorkingTree


class Asked:
    """A listing of empty folders that remembers what it was asked for."""

    def __init__(self) -> None:
        self.questions: list[tuple[str, ...]] = []

    def __call__(self, directories: tuple[str, ...]) -> Iterator[tuple[str, Entry]]:
        self.questions.append(directories)
        return iter(())


def tree_of(folder: Path, asked: Asked) -> GitTree:
    return GitTree(asked, Blobs(Git(str(folder), os.environ), WorkingTree(str(folder))))


def test_the_folders_of_files_that_are_new_are_listed_in_one_question(tmp_path: Path) -> None:
    asked = Asked()
    tree = tree_of(tmp_path, asked)
    tree.expect({}, beside=("a/main.tf", "b/main.tf", "main.tf"))
    assert [tree.names(folder) for folder in ("a", "b", "")] == [(), (), ()]
    assert asked.questions == [("", "a", "b")]


def test_a_folder_that_nothing_was_said_of_is_a_question_of_its_own(tmp_path: Path) -> None:
    asked = Asked()
    tree = tree_of(tmp_path, asked)
    tree.expect({}, beside=("a/main.tf",))
    assert [tree.names(folder) for folder in ("a", "c")] == [(), ()]
    assert asked.questions == [("a",), ("c",)]
