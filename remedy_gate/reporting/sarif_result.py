"""One remediation as a result of a SARIF log: what, where, how bad, its fix, and by what it is known again. Pure."""

from __future__ import annotations

from remedy_gate.domain.finding import Severity
from remedy_gate.domain.patch import FilePatch, NoPatch, Patch
from remedy_gate.domain.remediation import Remediation

from .edits import LineEdit, line_edits, lines_of
from .marker import fingerprint
from .ordering import address, place
from .untrusted import one_line
from .wording import decision_words, is_proven, origin_words, proof_words

LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.UNKNOWN: "warning",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}


def rule_id(item: Remediation) -> str:
    """The control, the same whichever scanner reports it; else the rule of the source."""
    return one_line(item.finding.control or item.finding.rule_id, 200) or "unnamed"


def has_place(item: Remediation) -> bool:
    """Whether there is a file to show it at."""
    return bool(place(item)[0])


def message(item: Remediation) -> str:
    """What is wrong, where, what there is against it, and what policy says."""
    parts = [f"{one_line(item.finding.title, 300) or rule_id(item)} ({one_line(address(item), 160)})."]
    if isinstance(item.remedy, NoPatch):
        parts.append(f"No patch: {one_line(item.remedy.reason, 300)}")
    elif item.proof is not None:
        parts.append(f"Patch {origin_words(item.remedy.origin)}; {proof_words(item.proof)}.")
    parts.append(f"P{decision_words(item)[1:]}.")
    return "\n".join(parts)


def result(item: Remediation, rule_index: int, seen: dict[str, int]) -> dict[str, object]:
    """The result. `seen` counts what has the same fingerprint, so that no two results of a run are taken for one."""
    path, first, last = place(item)
    known_by = fingerprint("sarif", item.finding.fingerprint, path, address(item))
    seen[known_by] = seen.get(known_by, 0) + 1
    physical: dict[str, object] = {"artifactLocation": _artifact(path)}
    if first:
        physical["region"] = {"startLine": first, "endLine": max(first, last)}
    made: dict[str, object] = {
        "ruleId": rule_id(item),
        "ruleIndex": rule_index,
        "kind": "fail",
        "level": "error" if item.decision.blocks else LEVELS[item.finding.severity],
        "message": {"text": message(item)},
        "locations": [
            {
                "physicalLocation": physical,
                "logicalLocations": [{"fullyQualifiedName": one_line(address(item), 400), "kind": "resource"}],
            }
        ],
        "partialFingerprints": {
            "primaryLocationLineHash": f"{known_by}:{seen[known_by]}",
            "remedyGateFinding/v1": item.finding.fingerprint,
        },
        "properties": {
            "severity": str(item.finding.severity),
            "action": str(item.decision.action),
            "blocks": item.decision.blocks,
            "proof": str(item.proof.outcome) if item.proof is not None else None,
        },
    }
    fix = _fix(item)
    if fix is not None:
        made["fixes"] = [fix]
    return made


def _fix(item: Remediation) -> dict[str, object] | None:
    """The patch, where it is proven, policy offers it, and SARIF's text can carry it."""
    patch = item.patch
    if patch is None or not is_proven(item) or item.decision.action not in ("suggest", "apply"):
        return None
    if not all(map(_is_text, patch.files)):
        return None
    return {"description": {"text": _rationale(patch)}, "artifactChanges": [_change(file) for file in patch.files]}


def _is_text(file: FilePatch) -> bool:
    try:
        file.before.decode()
        file.after.decode()
    except UnicodeDecodeError:
        return False
    return True


def _rationale(patch: Patch) -> str:
    return one_line(patch.rationale, 600) or f"Patch {origin_words(patch.origin)}"


def _change(file: FilePatch) -> dict[str, object]:
    before = lines_of(file.before)
    return {
        "artifactLocation": _artifact(file.path),
        "replacements": [
            {"deletedRegion": _region(edit, before), "insertedContent": {"text": "".join(edit.new)}}
            for edit in line_edits(file)
        ],
    }


def _region(edit: LineEdit, before: tuple[str, ...]) -> dict[str, int]:
    """From the first column of the first line to that of the line after the last; a region is empty to insert."""
    last = before[-1] if before else ""
    if edit.end < len(before) or last.endswith("\n") or not before:
        return {"startLine": edit.start + 1, "startColumn": 1, "endLine": edit.end + 1, "endColumn": 1}
    if edit.start == len(before):  # behind a last line that has no end
        column = len(last) + 1
        return {"startLine": edit.start, "startColumn": column, "endLine": edit.end, "endColumn": column}
    return {"startLine": edit.start + 1, "startColumn": 1, "endLine": edit.end, "endColumn": len(last) + 1}


def _artifact(path: str) -> dict[str, str]:
    from urllib.parse import quote

    return {"uri": quote(path.encode("utf-8", "surrogateescape"), safe="/"), "uriBaseId": "%SRCROOT%"}
