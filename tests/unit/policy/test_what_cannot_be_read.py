"""A policy that lies there and cannot be read is an error: the defaults are for those who have none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from remedy_gate.changes.working_tree import WorkingTree
from remedy_gate.errors import SettingsError
from remedy_gate.policy.rules import DEFAULT_POLICY
from remedy_gate.settings import POLICY_FILE, choose_policy


def chosen(root: Path) -> object:
    return choose_policy(None, WorkingTree(str(root)), None, in_ci=False).policy


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    assert chosen(tmp_path) == DEFAULT_POLICY


def test_a_folder_of_that_name_is_an_error(tmp_path: Path) -> None:
    (tmp_path / POLICY_FILE).mkdir()
    with pytest.raises(SettingsError, match=r"\.remedy-gate\.yml: it is there, and it is not a regular file\."):
        chosen(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / POLICY_FILE).write_text("version: 1\n")
    (tmp_path / POLICY_FILE).chmod(0)
    with pytest.raises(SettingsError, match="it cannot be read: Permission denied"):
        chosen(tmp_path)


def test_a_file_that_is_too_large_is_an_error(tmp_path: Path) -> None:
    (tmp_path / POLICY_FILE).write_bytes(b"# x\n" * 5_000_001)
    with pytest.raises(SettingsError, match="it is there, and it is larger than 20 MB"):
        chosen(tmp_path)
