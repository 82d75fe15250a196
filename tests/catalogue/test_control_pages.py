from __future__ import annotations

from make_control_pages import FOLDER, pages


def test_the_pages_are_what_the_catalogue_says() -> None:
    on_disk = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    assert on_disk == pages(), "run: python .ci/make_control_pages.py"
