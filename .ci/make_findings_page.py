"""Write the tables of docs/findings.md: every format with the figures of its fixtures, every option, and what the matching
suite comes to.

    python .ci/make_findings_page.py

What stands between the marks is made here, from the registries and the fixtures; a test holds the page to them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests" / "cases" / "matching"))  # where the suite lies, for whoever runs this alone

from matching_suite import figures  # noqa: E402 - behind the line that finds it

from remedy_gate.findings.formats.registry import ENTRIES  # noqa: E402
from remedy_gate.findings.live.registry import KINDS  # noqa: E402
from remedy_gate.findings.reading import read_export  # noqa: E402
from remedy_gate.policy.sources import OPTIONS, SOURCE  # noqa: E402

PAGE = ROOT / "docs" / "findings.md"
FIXTURES = ROOT / "tests" / "fixtures" / "findings"
TEXTS = {".json": "JSON", ".ndjson": "NDJSON", ".csv": "CSV", ".sarif": "JSON", ".js": "JavaScript"}


class Sample(NamedTuple):
    """What the reader makes of one fixture."""

    file: str
    open: int
    not_open: int


def page() -> str:
    """The page with its tables as they have to be now."""
    text = PAGE.read_text(encoding="utf-8")
    for name, lines in (("formats", formats()), ("options", options()), ("matching", figures())):
        begin, end = f"<!-- {name}: made by .ci/make_findings_page.py -->", f"<!-- end of {name} -->"
        made = "\n".join((begin, "", *lines, "", end))
        found = re.findall(f"{re.escape(begin)}.*?{re.escape(end)}", text, flags=re.DOTALL)
        assert len(found) == 1, name
        text = text.replace(found[0], made)
    return text


def formats() -> Iterator[str]:
    """A row a format: how it comes as a file and from a live source, and what its fixtures come to."""
    samples = samples_by_format()
    yield f"{len(ENTRIES)} formats. Samples are the fixtures in `tests/fixtures/findings`: findings that are open + not open."
    yield ""
    yield "| format | file | live | samples |"
    yield "|---|---|---|---|"
    for entry in sorted(ENTRIES, key=lambda entry: entry.load().name.lower()):
        name = entry.load().name
        kinds = " ".join(dict.fromkeys(TEXTS[Path(sample.file).suffix] for sample in samples[name]))
        live = ", ".join(f"`{kind.kind}`" for kind in KINDS if kind.format == entry.module)
        figures = ", ".join(f"{sample.file} {sample.open} + {sample.not_open}" for sample in samples[name])
        yield f"| {name} | {kinds} | {live or '-'} | {figures} |"


def options() -> Iterator[str]:
    """A row an option: what it means, and to which sources."""
    yield "| option | means | for |"
    yield "|---|---|---|"
    for option, shape in SOURCE.fields.items():
        kinds = [kind for kind, known in OPTIONS.items() if option in known]
        spoken = "all" if len(kinds) == len(OPTIONS) else ", ".join(f"`{kind}`" for kind in kinds)
        yield f"| `{option}` | {shape.about} | {spoken} |"


def samples_by_format() -> Mapping[str, list[Sample]]:
    """The fixtures of each format."""
    found: dict[str, list[Sample]] = {}
    for path in sorted(FIXTURES.iterdir()):
        read = read_export(path.name, path.read_bytes())
        found.setdefault(read.format, []).append(Sample(path.name, len(read.findings), len(read.not_open)))
    return found


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
