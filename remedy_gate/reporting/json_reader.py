"""A report read back from JSON, to be published. The text may come from a fork: everything in it is checked."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from remedy_gate.domain.decision import Action, Decision
from remedy_gate.domain.finding import CloudResource, Finding, Kind, Location, Severity
from remedy_gate.domain.match import InCode, Match, MatchState
from remedy_gate.domain.patch import Cost, FilePatch, NoPatch, Origin, OriginKind, Patch
from remedy_gate.domain.proof import CheckName, CheckResult, Outcome, Proof, Status
from remedy_gate.domain.remediation import Remediation, Report, Verdict
from remedy_gate.domain.source import LineRange, Problem, Resource
from remedy_gate.errors import PatchError, ReportingError
from remedy_gate.iac.unified import hunks, patched

from .json_report import SCHEMA
from .json_value import Reader, parsed

Contents = Callable[[str], bytes | None]
"""The file at a path of the commit that the report is about, byte for byte; `None` where there is none."""

MAX_BYTES = 32 << 20
_COUNTS = ("remediations", "blocking", "patches", "actions", "proofs", "matches", "severities")  # counted again
_Name = TypeVar("_Name", bound=StrEnum)


def report_from(text: str, contents: Contents) -> Report:
    """The report that `text` holds, with every patch made again from the files as they are now.

    A JSON report carries diffs, never files. Each diff is applied to what `contents` gives, and the outcome must have
    the patch's id, which covers path, old and new contents: so a patch is exactly the proven one, or it is dropped and
    becomes a `NoPatch` that says why. Raises `ReportingError` where the text is not a report.
    """
    report = Reader(parsed(text, MAX_BYTES), "report")
    keys = ("schema", "verdict", "remediations", "errors", "summary")
    report.only(*keys)
    if report.text("schema") != SCHEMA:
        raise ReportingError(f"The report is not of the kind {SCHEMA}.", "Make it again with this version.")
    summary = report.entry("summary")
    summary.only(*_COUNTS, "left_out", "applied", "notes")
    return Report(
        _name(report, "verdict", Verdict),
        tuple(_remediation(item, contents) for item in report.entries("remediations")),
        tuple(map(_problem, report.entries("errors"))),
        tuple(map(_problem, summary.entries("notes"))),
        tuple(map(_left_out, summary.entries("left_out"))),
        summary.texts("applied"),
    )


def patched_paths(text: str) -> tuple[str, ...]:
    """The files that the patches of the report name, as far as they are paths of a repository."""
    report = Reader(parsed(text, MAX_BYTES), "report")
    patches = (item.maybe_entry("patch") for item in report.entries("remediations"))
    paths = (path for patch in patches if patch is not None for path in patch.texts("files"))
    return tuple(dict.fromkeys(filter(_is_inside, paths)))


def _remediation(item: Reader, contents: Contents) -> Remediation:
    item.only("finding", "match", "patch", "no_patch", "proof", "decision")
    decision = item.entry("decision")
    decision.only("action", "blocks", "rule")
    remedy = _remedy(item, contents)
    proof = None if item.maybe_entry("proof") is None else _proof(item.entry("proof"))
    if proof is not None and item.maybe_entry("patch") is None:
        raise item.wrong("has a proof only with a patch")
    return Remediation(
        _finding(item.entry("finding")),
        _match(item.entry("match")),
        remedy,
        proof if isinstance(remedy, Patch) else None,
        Decision(_name(decision, "action", Action), decision.flag("blocks"), decision.text("rule")),
    )


def _remedy(item: Reader, contents: Contents) -> Patch | NoPatch:
    patch, reason = item.maybe_entry("patch"), item.maybe_text("no_patch")
    if (patch is None) == (reason is None):
        raise item.wrong("has a patch or the reason why there is none")
    if patch is None:
        return NoPatch(reason or "")
    patch.only("id", "origin", "rationale", "files", "diff", "cost")
    origin = patch.entry("origin")
    origin.only("kind", "name", "version")
    made_by = Origin(_name(origin, "kind", OriginKind), origin.text("name"), origin.text("version"))
    try:
        files = _files(patch.texts("files"), patch.text("diff"), contents)
    except PatchError as error:
        return NoPatch(f"The patch of the report does not fit the pull request: {error.message}")
    cost = _cost(patch.entry("cost")) if patch.has("cost") else None  # reports of earlier versions have none
    again = Patch(made_by, files, patch.text("rationale"), cost)
    if again.id != patch.text("id"):
        return NoPatch("The patch of the report was made from other contents: the files have changed since the check.")
    return again


def _cost(item: Reader) -> Cost:
    item.only("attempts", "kept", "tokens", "dollars", "basis")
    tokens = item.entry("tokens")
    names = ("in", "out", "cache_read", "cache_written")
    tokens.only(*names)
    given, made, read, written = map(tokens.count, names)
    dollars = item.maybe_amount("dollars")
    return Cost(item.count("attempts"), item.count("kept"), given, made, read, written, dollars, item.text("basis"))


def _files(paths: tuple[str, ...], diff: str, contents: Contents) -> tuple[FilePatch, ...]:
    files: list[FilePatch] = []
    for position, path in enumerate(paths):
        header = f"--- a/{path}\n+++ b/{path}\n"
        if not diff.startswith(header) or not _is_inside(path) or path in paths[:position]:
            raise PatchError(f"the diff does not name the files that it says, {path[:200]!r} among them.")
        following = f"--- a/{paths[position + 1]}\n+++ b/{paths[position + 1]}\n" if position + 1 < len(paths) else ""
        end = diff.find("\n" + following, len(header)) + 1 if following else len(diff)
        part, diff = diff[len(header) : end], diff[end:]
        edits = hunks(part)
        before = contents(path)
        if before is None:
            if any(hunk.old for hunk in edits):
                raise PatchError(f"{path} is not there any more.")
            before = b""
        files.append(FilePatch(path, before, patched(before, edits)))
    if diff or not files:
        raise PatchError("the diff names other files than it says.")
    return tuple(files)


def _is_inside(path: str) -> bool:
    steps = path.split("/")
    return path.replace(" ", "").isprintable() and "\\" not in path and not {"", ".", "..", ".git"}.intersection(steps)


def _finding(item: Reader) -> Finding:
    keys = ("fingerprint", "source", "rule_id", "control", "title", "kind", "severity", "resources", "location")
    item.only(*keys, "status", "first_seen", "due", "url", "sources", "rules")
    location = item.maybe_entry("location")
    finding = Finding(
        source=item.text("source"),
        rule_id=item.text("rule_id"),
        title=item.text("title"),
        severity=_name(item, "severity", Severity),
        kind=_name(item, "kind", Kind),
        status=item.text("status"),
        control=item.maybe_text("control"),
        resources=tuple(map(_resource, item.entries("resources"))),
        location=None if location is None else _location(location),
        first_seen=item.maybe_text("first_seen"),
        due=item.maybe_text("due"),
        url=item.maybe_text("url"),
        sources=item.texts("sources"),
        rules=_rules(item),
    )
    if finding.fingerprint != item.text("fingerprint"):
        raise item.wrong("has the fingerprint of another finding")
    return finding


def _rules(item: Reader) -> tuple[str, ...]:
    """The rules, where they are several; a report of an earlier version has none."""
    rules = item.texts("rules") if item.has("rules") else ()
    return rules if len(rules) > 1 else ()


def _resource(item: Reader) -> CloudResource:
    item.only("id", "type", "name", "account", "region", "tags")
    kind, name, account, region = (item.maybe_text(key) for key in ("type", "name", "account", "region"))
    return CloudResource(item.text("id"), kind, name, account, region, item.entry("tags").all_texts())


def _location(item: Reader) -> Location:
    item.only("path", "first_line", "last_line", "address")
    first, last = item.maybe_line("first_line"), item.maybe_line("last_line")
    return Location(item.text("path"), first, last, item.maybe_text("address"))


def _match(item: Reader) -> Match:
    item.only("state", "address", "type", "path", "first_line", "last_line", "confidence", "evidence", "in_code")
    state = _name(item, "state", MatchState)
    resource = None
    if item.maybe_text("address") is not None:
        first, last = item.maybe_line("first_line"), item.maybe_line("last_line")
        if first is None or last is None or last < first:
            raise item.wrong("has no lines, or lines that end before they begin")
        resource = Resource(item.text("address"), item.text("type"), item.text("path"), LineRange(first, last))
    if (state is MatchState.MATCHED) != (resource is not None):
        raise item.wrong("is matched exactly if it names an address")
    evidence, in_code = item.texts("evidence"), _name(item, "in_code", InCode)
    return Match(state, resource, item.fraction("confidence"), evidence, in_code)


def _proof(item: Reader) -> Proof:
    item.only("outcome", "checks")
    checks = []
    for check in item.entries("checks"):
        check.only("name", "status", "detail")
        checks.append(
            CheckResult(_name(check, "name", CheckName), _name(check, "status", Status), check.text("detail"))
        )
    if [check.name for check in checks] != list(CheckName):
        raise item.wrong("names all ten checks, in their order")
    proof = Proof(tuple(checks))
    if proof.outcome is not _name(item, "outcome", Outcome):
        raise item.wrong("has another outcome than its checks come to")
    return proof


def _problem(item: Reader) -> Problem:
    item.only("where", "message")
    return Problem(item.text("where"), item.text("message"))


def _left_out(item: Reader) -> tuple[str, int]:
    item.only("reason", "count")
    return item.text("reason"), item.count("count")


def _name(item: Reader, key: str, names: type[_Name]) -> _Name:
    text = item.text(key)
    for name in names:
        if name == text:
            return name
    raise item.wrong(f"has at {key} one of {', '.join(names)}")
