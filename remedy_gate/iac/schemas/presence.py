"""Whether a version of the provider has an argument, as far as the tables know."""

from __future__ import annotations

from remedy_gate.iac.schema import Argument

TERRAFORM_VERSIONS = ("5.100.0", "6.62.0")
"""The versions of the AWS provider that the tables were made from, older and newer. Nobody looked at any other."""


def had_by(argument: Argument, version: str) -> bool | None:
    """Whether `version` (`6.12.0`) of the provider has the argument; None where the tables do not say.

    The provider adds with any version and removes only with a major one. So what the older version lacks, those
    before it lack; what the newer one lacks, its whole major version lacks; what both have, those between have.
    Nothing is said of what came when before the older version, nor of major versions after the newer one. Ask of an
    outer block first: what is inside has no bounds of its own when it came or went with the block.
    """
    asked, since = _parts(version), _parts(argument.since)
    oldest, newest = map(_parts, TERRAFORM_VERSIONS)
    if not asked or asked[0] > newest[0]:
        return None
    if since:
        exact = since != newest
        return True if asked >= since else (False if exact or asked <= oldest else None)
    if argument.until and asked >= newest[:1]:
        return False
    return True if asked >= oldest else None


def _parts(version: str) -> tuple[int, ...]:
    """`6.0.0-beta1` is 6.0.0: bounds are not drawn inside a version. Not a version: nothing."""
    numbers = version.partition("-")[0].split(".")
    return tuple(map(int, numbers)) if all(number.isdecimal() for number in numbers) else ()
