"""An organisation's own controls: begun, tried, and then part of the catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest

from remedy_gate.cli import main

UNTAGGED = 'resource "aws_s3_bucket" "b" {\n  bucket = "example"\n}\n'


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CI", raising=False)
    return tmp_path


def test_a_new_control_is_right_from_the_first_and_is_then_in_the_catalogue(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["catalogue", "new", "our-owner-tag"]) == 0
    assert main(["catalogue", "test"]) == 0
    assert main(["catalogue", "show", "our-owner-tag"]) == 0
    assert "our-owner-tag: right\n" in capsys.readouterr().out
    (repository / "main.tf").write_text(UNTAGGED)
    main(["check", "--all", "--findings", "catalogue", "--fix"])
    assert 'owner = "platform"' in (repository / "main.tf").read_text()


def test_without_own_controls_nothing_of_them_happens(repository: Path) -> None:
    (repository / "main.tf").write_text(UNTAGGED)
    main(["check", "--all", "--findings", "catalogue", "--fix"])
    assert 'owner = "platform"' not in (repository / "main.tf").read_text()


def test_an_example_that_is_not_so_fails_the_test_and_is_named(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["catalogue", "new", "our-owner-tag"])
    path = repository / ".remedy-gate" / "controls" / "our-owner-tag.yaml"
    path.write_text(path.read_text().replace('owner = "platform"', 'owner = "security"'))
    assert main(["catalogue", "test"]) == 1
    assert "terraform example 1: the remedy gives something else than `after`" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- id: x\n  titel: y\n", "control x: unknown word 'titel', perhaps 'title'."),
        ("hello\n", ".remedy-gate/controls/x.yaml has to hold a control, or a list of them."),
        ("- id: x\n- id: x\n", "control x stands in .remedy-gate/controls/x.yaml and in another place."),
        ("- [", ".remedy-gate/controls/x.yaml"),
    ],
)
def test_a_wrong_declaration_stops_the_run_with_2(
    text: str, message: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / ".remedy-gate" / "controls").mkdir(parents=True)
    (repository / ".remedy-gate" / "controls" / "x.yaml").write_text(text)
    (repository / "main.tf").write_text(UNTAGGED)
    assert main(["check", "--all", "--fix"]) == 2
    assert message in capsys.readouterr().err
    assert (repository / "main.tf").read_text() == UNTAGGED


@pytest.mark.parametrize("identifier", ["Our-Tag", "../x", "a b", ""])
def test_an_id_that_is_none_is_refused(identifier: str, repository: Path) -> None:
    assert main(["catalogue", "new", identifier]) == 2
    assert list(repository.iterdir()) == []


def test_a_control_that_is_there_is_not_written_over(repository: Path) -> None:
    main(["catalogue", "new", "our-owner-tag"])
    path = repository / ".remedy-gate" / "controls" / "our-owner-tag.yaml"
    path.write_text("mine")
    assert main(["catalogue", "new", "our-owner-tag"]) == 2
    assert path.read_text() == "mine"


def test_there_is_nothing_to_test_without_own_controls() -> None:
    assert main(["catalogue", "test"]) == 2
