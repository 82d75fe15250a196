"""OCSF findings of any other product: vulnerabilities, compliance, detections."""

from __future__ import annotations

import re
from typing import Final

from remedy_gate.domain.finding import Finding, Kind
from remedy_gate.findings.cleaning import word_of
from remedy_gate.findings.format import Document, Reading, Readings
from remedy_gate.findings.severities import severity_of_ocsf
from remedy_gate.findings.values import list_of, table_of

from . import ocsf_event, prowler_ocsf, security_hub_v2

name: Final = "OCSF"
partial: Final = False
_KINDS: Final = {2002: Kind.VULNERABILITY, 2004: Kind.THREAT, 2006: Kind.OTHER}


def recognises(record: Document) -> bool:
    """An OCSF finding that no product's own module takes."""
    return ocsf_event.is_event(record) and not (prowler_ocsf.recognises(record) or security_hub_v2.recognises(record))


def read(record: Document) -> Readings:
    """Open: new or in progress; a compliance finding must have failed or warned besides."""
    info = ocsf_event.info_of(record)
    rule_id = _rule_id(record, info)
    outcome, status = security_hub_v2.compliance_of(record), ocsf_event.status_of(record)
    class_uid = record.get("class_uid")
    product = re.sub(r"[^a-z0-9]+", "-", ocsf_event.product_of(record)).strip("-")
    finding = Finding(
        source=f"ocsf:{product}" if product else "ocsf",
        rule_id=rule_id,
        title=word_of(info.get("title")) or word_of(record.get("message")) or rule_id,
        severity=severity_of_ocsf(record.get("severity_id"), record.get("severity") or record.get("severity_name")),
        kind=_KINDS.get(class_uid, Kind.MISCONFIGURATION) if isinstance(class_uid, int) else Kind.MISCONFIGURATION,
        status=word_of("/".join(filter(None, (outcome, status)))) or "open",
        resources=ocsf_event.resources_of(record),
        first_seen=ocsf_event.first_seen_of(record),
        url=word_of(ocsf_event.url_of(record)),
    )
    yield Reading(finding, outcome.upper() in {"FAIL", "WARNING", ""} and ocsf_event.is_open_status(status))


def _rule_id(record: Document, info: Document) -> str:
    analytic = table_of(info.get("analytic"))
    candidates = (
        table_of(record.get("compliance")).get("control"),
        table_of(record.get("metadata")).get("event_code"),
        analytic.get("uid"),
        analytic.get("name"),
        *list_of(info.get("types")),
    )
    return next(filter(None, map(word_of, candidates)), "unknown")
