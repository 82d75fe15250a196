"""Files found by git without reading them."""

from __future__ import annotations

import pytest
from git_sandbox import Sandbox

from remedy_gate.changes.searching import GitSearch
from remedy_gate.errors import ChangesError

CALL = 'module "a" {\n  source = "./modules/a"\n}\n'


def search(repository: Sandbox, *, staged: bool) -> GitSearch:
    code, called = (".tf", ".tfvars", ".yaml"), (".tf", ".tf.json")
    return GitSearch(str(repository.root), repository.environment, code, called, staged=staged)


def test_the_index_is_listed_and_searched(repository: Sandbox) -> None:
    repository.write("live/main.tf", CALL)
    repository.write("live/notes.txt", CALL)
    repository.write("prod.TFVARS", "x = 1\n")
    repository.stage()
    repository.write("new.tf", CALL)
    found = search(repository, staged=True)
    assert sorted(found.paths()) == ["live/main.tf", "main.tf", "modules/a/main.tf", "prod.TFVARS"]
    assert found.holding(('/a"',)) == ("live/main.tf",)


def test_the_working_tree_is_listed_and_searched_with_its_new_files(repository: Sandbox) -> None:
    repository.write(".gitignore", "ignored/\n")
    repository.write("ignored/main.tf", CALL)
    repository.write("new.tf", CALL)
    found = search(repository, staged=False)
    assert sorted(found.paths()) == ["main.tf", "modules/a/main.tf", "new.tf"]
    assert found.holding(('/a"', "nothing")) == ("new.tf",)


def test_vendored_folders_are_left_out(repository: Sandbox) -> None:
    repository.write(".terraform/modules/x/main.tf", CALL)
    repository.write("live/.terragrunt-cache/x/main.tf", CALL)
    found = search(repository, staged=False)
    assert sorted(found.paths()) == ["main.tf", "modules/a/main.tf"]
    assert found.holding(('/a"',)) == ()


def test_a_text_is_no_pattern(repository: Sandbox) -> None:
    repository.write("new.tf", 'source = "../xb"\n')
    found = search(repository, staged=False)
    assert found.holding(('../.b"',)) == ()
    assert found.holding(("-e",)) == ()


def test_names_that_are_not_ascii_come_whole(repository: Sandbox) -> None:
    repository.write("größe/main.tf", CALL)
    assert search(repository, staged=False).holding(('/a"',)) == ("größe/main.tf",)


def test_a_search_that_fails_is_an_error_and_not_an_empty_answer(repository: Sandbox) -> None:
    (repository.root / ".git" / "index").write_bytes(b"not an index")
    with pytest.raises(ChangesError):
        search(repository, staged=True).holding(("x",))
