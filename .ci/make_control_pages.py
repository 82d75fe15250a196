"""Write docs/controls: the index, and a page a service with every control, its remedy shown by its own example.

    python .ci/make_control_pages.py

A test holds the pages to the catalogue.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from remedy_gate.catalogue.compiling import declarations
from remedy_gate.catalogue.declaring import read_control
from remedy_gate.catalogue.makes import makes

FOLDER = Path(__file__).parents[1] / "docs" / "controls"
LANGUAGES = {"terraform": ("Terraform", "hcl"), "cloudformation": ("CloudFormation", "yaml")}


def pages() -> dict[str, str]:
    """The contents of every page by its file's name."""
    services = declarations()
    made = {f"{service}.md": "\n".join(page(service, items)) + "\n" for service, items in services.items()}
    return {"index.md": "\n".join(index(services)) + "\n", **made}


def index(services: Mapping[str, list[dict[str, Any]]]) -> Iterator[str]:
    """All controls in one table, and how many ids of each tool they answer to."""
    every = [item for items in services.values() for item in items]
    both = sum(all(language in item for language in LANGUAGES) for item in every)
    yield "# Controls"
    yield ""
    yield f"{len(every)} controls, {both} of them in both languages. Generated; do not edit."
    yield ""
    yield "| tool | ids |"
    yield "|---|---|"
    tools: dict[str, set[str]] = {}
    for item in every:
        for tool, ids in item.get("aliases", {}).items():
            tools.setdefault(tool, set()).update(map(str, ids))
    for tool, known in sorted(tools.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        yield f"| {tool} | {len(known)} |"
    yield ""
    yield "| control | severity | languages | what holds |"
    yield "|---|---|---|---|"
    for service, items in services.items():
        for item in items:
            spoken = ", ".join(name for key, (name, _) in LANGUAGES.items() if key in item)
            link = f"[{item['id']}]({service}.md#{item['id']})"
            yield f"| {link} | {item['severity']} | {spoken} | {cell(item['title'])} |"


def page(service: str, items: list[dict[str, Any]]) -> Iterator[str]:
    """The page of a service."""
    yield f"# Controls: {service.replace('_', ' ')}"
    yield ""
    yield "Generated from the catalogue; do not edit. All controls: [index](index.md)."
    for item in items:
        yield ""
        yield from control(item)


def control(item: Mapping[str, Any]) -> Iterator[str]:
    """A control: what it says, who else says it, and its remedy as a diff."""
    yield f"## {item['id']}"
    yield ""
    yield f"**{item['title']}.** {item['risk'].strip()}"
    yield ""
    yield f"Severity: {item['severity']}."
    for tool, ids in item.get("aliases", {}).items():
        yield f"{tool}: {', '.join(f'`{rule}`' for rule in ids)}."
    for frame, ids in item.get("compliance", {}).items():
        yield f"{frame}: {', '.join(map(str, ids))}."
    for types, words in makes(read_control(item)).items():
        yield f"Where there is none, the remedy makes one (`{types}`): {words}."
    for language, (name, syntax) in LANGUAGES.items():
        if language in item:
            yield ""
            yield f"{name}: {', '.join(f'`{type_name}`' for type_name in item[language])}"
            yield ""
            yield from remedy(item["examples"][language][0], syntax)


def remedy(example: Mapping[str, Any], syntax: str) -> Iterator[str]:
    """The first example as a diff."""
    before, after = example["before"].splitlines(), example["after"].splitlines()
    fence = "```"
    yield f"{fence}diff" if syntax else fence
    yield from (line for line in difflib.unified_diff(before, after, n=100, lineterm="") if not is_header(line))
    yield fence


def is_header(line: str) -> bool:
    """Whether a line of a diff is about files and hunks."""
    return line.startswith(("--- ", "+++ ", "@@"))


def cell(text: str) -> str:
    """A text for a cell of a table."""
    return text.replace("|", "\\|")


def main() -> None:
    """Write the pages, and take away those of services that are gone."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    made = pages()
    for stale in FOLDER.glob("*.md"):
        if stale.name not in made:
            stale.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
