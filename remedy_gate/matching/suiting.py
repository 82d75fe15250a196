"""Whether a block can be a finding's resource at all: its type, its name, and where it is deployed must not differ."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from remedy_gate.iac.reading import Place

from .calls import Chain
from .claim import Candidate, Claim
from .identity import LOWERED, Identified
from .naming import CLOUDFORMATION_SUFFIX, Name, fitting, text_of
from .standing import NOWHERE, Standing, disagreement, environments_in, environments_of
from .tags import tags_of

if TYPE_CHECKING:
    from .index import CodeIndex

CLOUDFORMATION_MARK = "aws:cloudformation:logical-id"
_INSTANCES = ("aws_instance", "AWS::EC2::Instance")
_MADE_BY_OTHERS = (
    "aws:autoscaling:groupName",
    "eks:nodegroup-name",
    "aws:ec2:fleet-id",
    "elasticbeanstalk:environment-id",
    "aws:elasticmapreduce:job-flow-id",
)
"""Tags of instances that a service made: the block that made them is not of their type."""


def standing_of(claim: Claim, holes: tuple[str, ...] = ()) -> Standing:
    """Where the finding says that its resource is; `holes` are what stands in the open parts of its name."""
    if claim.identified is None:
        return NOWHERE
    environments = environments_of(claim.tags) or (environments_in(holes) if holes else frozenset())
    return standing_by(claim.identified)._replace(environments=environments)


def standing_by(identified: Identified) -> Standing:
    """Where the id says that the resource is.

    A bucket's name is one of its kind in all the world, and sources differ on the region that they tell of it.
    """
    return _standing(identified.account, identified.region if identified.service != "s3" else None)


@lru_cache(maxsize=1_024)
def _standing(account: str | None, region: str | None) -> Standing:
    return Standing(frozenset((account,)) if account else frozenset(), frozenset((region,)) if region else frozenset())


def of_right_type(place: Place, claim: Claim) -> bool:
    """Whether the block's type is one that the finding's resource can be of, and its language the one that made it."""
    if claim.identified is not None and place.block.type not in claim.identified.types:
        return False
    if not claim.tags:
        return True
    if CLOUDFORMATION_MARK in claim.tags and place.module.language != "cloudformation":
        return False
    return place.block.type not in _INSTANCES or not any(tag in claim.tags for tag in _MADE_BY_OTHERS)


def name_differs(place: Place, claim: Claim, code: CodeIndex) -> bool:
    """Whether the code gives the block a name of its own, and the finding's resource has another.

    A name that CloudFormation makes up may be cut short, so that it rules nothing out.
    """
    identified = claim.identified
    if identified is None or not identified.names:
        return False
    names = [named.name for named in code.names.of(place) if CLOUDFORMATION_SUFFIX not in named.name]
    return bool(names) and not any(name_fits(name, identified) is not None for name in names)


def name_fits(name: Name, identified: Identified) -> tuple[str, ...] | None:
    """What stands in the open parts of a name that one of the finding's names is; None where it is none of them."""
    text = text_of(name)
    if text is not None:
        lowered = identified.service in LOWERED
        same = any(text == one or (lowered and text.lower() == one) for one in identified.names)
        return () if same else None
    known = {"account": identified.account, "region": identified.region}
    found = (fitting(name, one, known) for one in identified.names)
    return next((holes for holes in found if holes is not None), None)


def standing_differs(candidate: Candidate, claim: Claim, code: CodeIndex, holes: tuple[str, ...] = ()) -> str | None:
    """Why the block cannot be where the finding's resource is, in words; None where one of its calls can be."""
    reason: str | None = None
    finding: Standing | None = None
    for chain in chains_of(candidate, code):
        here = code.standings.of(candidate.place, chain)
        if here is NOWHERE:
            return None
        finding = finding or standing_of(claim, holes)
        reason = disagreement(here, finding)
        if reason is None:
            return None
    return reason


def softly_differs(candidate: Candidate, claim: Claim, code: CodeIndex) -> bool:
    """Whether something speaks against the block that rules it out only where another one is as likely."""
    finding = standing_of(claim)
    standings = [code.standings.of(candidate.place, chain) for chain in chains_of(candidate, code)]
    if all(disagreement(standing, finding, firmly=False) for standing in standings):
        return True
    mine = tags_of(candidate.place)
    return any(claim.tags.get(key, value) != value for key, value in mine.items())


def chains_of(candidate: Candidate, code: CodeIndex) -> tuple[Chain, ...]:
    """The calls under which the block may be the one."""
    return code.calls.chains(candidate.place.module) if candidate.chain is None else (candidate.chain,)
