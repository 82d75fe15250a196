"""The policy's `approvals`: how long a yes holds, and who may give it in GitHub. Never on a hook's path."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from .checking import Given, refuse
from .shapes import Count, Name, Table, Text, Texts, Truth

LABEL, YES_LABEL, NO_LABEL = "remedy-gate-approval", "remedy-gate-approved", "remedy-gate-rejected"
ANYWHERE, GITHUB = "anywhere", "github"
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)


class ApprovalChoice(NamedTuple):
    """Who may say yes in GitHub, and where they are asked.

    `teams` are slugs of teams of the repository's organisation; `code_owners` lets those approve who own the patched
    file. `self_approval` lets them approve patches of their own changes. `label` is on each issue of ours; the other
    two are answers that a person can put beside it. `github_alone`: a yes that was not given there is none.
    """

    teams: tuple[str, ...] = ()
    code_owners: bool = True
    self_approval: bool = False
    assignees: tuple[str, ...] = ()
    label: str = LABEL
    yes_label: str = YES_LABEL
    no_label: str = NO_LABEL
    github_alone: bool = False


APPROVALS = Table(
    {
        "days": Count(1, 365, "how long an approval holds (default 14)"),
        "self_approval": Truth("whether those who made a change may approve its patches (default false)"),
        "answers": Name(
            "place",
            (ANYWHERE, GITHUB),
            "github: a yes counts only from an issue, not from `queue approve` (default anywhere)",
        ),
        "github": Table(
            {
                "teams": Texts("teams of the repository's organisation whose members may approve; they are mentioned"),
                "code_owners": Truth("whether the owners of the patched file may approve (default true)"),
                "assignees": Texts("people to whom each issue is assigned; that alone gives no right"),
                "label": Text(f"the label of each issue that asks (default {LABEL})"),
                "approve_label": Text(f"the label that says yes (default {YES_LABEL})"),
                "reject_label": Text(f"the label that says no (default {NO_LABEL})"),
            },
            about="patches that wait are issues in GitHub (`queue publish`, `queue collect`)",
        ),
    },
    about="patches that wait for a person's yes",
)


def read_approvals(layers: Iterable[tuple[str, Given]]) -> ApprovalChoice:
    """The choice that a policy makes: of each key what the nearest file says."""
    tables = [layer.table("approvals") for _, layer in layers]
    desks = [table.table("github") for table in tables]
    teams, assignees = (_names(desks, key) for key in ("teams", "assignees"))
    labels = tuple(
        _nearest(desks, key) or usual
        for key, usual in (("label", LABEL), ("approve_label", YES_LABEL), ("reject_label", NO_LABEL))
    )
    if len({label.casefold() for label in labels}) < len(labels):
        refuse(desks[0].where, "the labels have to differ from one another")
    return ApprovalChoice(
        teams=teams,
        code_owners=_truth(desks, "code_owners", usual=True),
        self_approval=_truth(tables, "self_approval", usual=False),
        assignees=assignees,
        label=labels[0],
        yes_label=labels[1],
        no_label=labels[2],
        github_alone=_nearest(tables, "answers") == GITHUB,
    )


def _names(desks: list[Given], key: str) -> tuple[str, ...]:
    """Names of people or teams, with or without `@`."""
    desk = next((desk for desk in desks if key in desk), None)
    if desk is None:
        return ()
    names = tuple(name.strip().removeprefix("@") for name in desk.texts(key))
    for name in names:
        if not _NAME.fullmatch(name):
            kind = "the slug of a team of the repository's organisation" if key == "teams" else "the login of a person"
            refuse(f"{desk.where}: {key}", f"{name!r} is not {kind}", "Write it without organisation and `/`.")
    return names


def _nearest(desks: list[Given], key: str) -> str:
    return next((desk.text(key).strip() for desk in desks if key in desk), "")


def _truth(tables: list[Given], key: str, *, usual: bool) -> bool:
    return next((said for table in tables if (said := table.truth(key)) is not None), usual)
