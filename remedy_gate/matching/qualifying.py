"""Addresses in reports: from the root module where the calls are known, and back to those that a module knows."""

from __future__ import annotations

from remedy_gate.domain.match import Match

from .addresses import address_of
from .match import Matched


def qualified(matched: Matched) -> Match:
    """The match as a report tells it: `module.storage.aws_s3_bucket.logs` where one call of the module is meant."""
    match = matched.match
    if match.resource is None or not matched.called_as:
        return match
    address = f"{matched.called_as}.{match.resource.address}"
    return match._replace(resource=match.resource._replace(address=address))


def within_module(match: Match) -> Match:
    """The match as its own module knows it: `aws_s3_bucket.logs`."""
    if match.resource is None or not match.resource.address.startswith("module."):
        return match
    address = address_of(match.resource.address).block
    return match._replace(resource=match.resource._replace(address=address))
