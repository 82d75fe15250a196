"""KICS: `kics scan --report-formats json`; it speaks of what fails only (https://docs.kics.io/latest/results/)."""

from __future__ import annotations

import json

from .scanner import FOLDER, OUTPUT, Said, Scan, Scanner


def read(output: bytes) -> Scan | None:
    """KICS' JSON: queries, each with the files and lines that it found."""
    try:
        document = json.loads(output)
    except (ValueError, RecursionError):
        return None
    queries = document.get("queries") if isinstance(document, dict) else None
    if not isinstance(queries, list):
        return None
    found = set()
    for query in queries:
        for file in query.get("files") or () if isinstance(query, dict) else ():
            if isinstance(file, dict):
                line = file.get("line")
                name = str(file.get("search_key", "")).partition("]")[0].replace("[", ".")
                path = str(file.get("file_name", "")).rpartition("remedy-gate-")[2].partition("/")[2]
                found.add(Said(str(query.get("query_id", "")), path, name, line if isinstance(line, int) else 0))
    return Scan(frozenset(found), version=str(document.get("kics_version") or ""))


SCANNER = Scanner(
    "kics",
    "kics",
    (
        *("scan", "--path", FOLDER, "--output-path", OUTPUT, "--output-name", "results", "--report-formats", "json"),
        *("--ci", "--no-progress", "--disable-secrets", "--ignore-on-exit", "all"),
    ),
    read,
)
