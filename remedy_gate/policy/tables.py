"""Every key of `.remedy-gate.yml` and of `.remedy-gate/waivers.yml`, with the shape of its value and what it means."""

from __future__ import annotations

from remedy_gate.domain.decision import Action
from remedy_gate.domain.finding import Severity
from remedy_gate.domain.patch import OriginKind
from remedy_gate.domain.proof import Outcome

from .approving import APPROVALS
from .bedrock import BEDROCK
from .check_run import CHECK_RUN
from .proof import PROOF
from .shapes import Count, Entries, Items, Name, NameOr, Names, Paths, Plain, Table, Text, Texts, TrueOr, Truth
from .sources import SOURCES

VERSION = 1
ACTIONS = ("block", *Action)
REMEDIES = ("catalogue", "bedrock")
USUAL_REMEDIES = ("catalogue",)
NOTHING = "none"
"""How a rule speaks of a finding without a patch, or without a proof."""

IN_PLACE, REPLACES, UNKNOWN = "in-place", "replaces", "unknown"
DISRUPTIONS = (IN_PLACE, REPLACES, UNKNOWN)
INLINE_SKIPS = ("count", "refuse", "allow")
DISCLOSURES = ("full", "minimal")
TARGETS = ("refuse", "allow")
LEDGERS = ("local", "dynamodb", NOTHING)
LOCK_MODES = ("compliance", "governance")

_TAGS = Entries(Texts(), "cloud tags: key to one value or several, shell-style; every key given has to fit")

CONDITION = Table(
    {
        "severity": Names("severity", tuple(Severity), "the finding's severity"),
        "control": Texts("the control's id, or a scanner's rule id; shell-style"),
        "source": Texts("who reports it"),
        "type": Texts("the resource type; shell-style"),
        "path": Texts("the file; `*` within a folder, `**` across folders, a folder means all in it"),
        "environment": Texts("names from `environments`; to apply or ignore, all of the resource's have to be named"),
        "account": Texts("the cloud account; shell-style"),
        "tag": _TAGS,
        "age": Count(0, about="open for more than so many days"),
        "due": Count(0, about="due in so many days or fewer, or overdue"),
        "recurrence": Truth("whether it was repaired before and came back, as the ledger remembers"),
        "origin": Names("origin", (*OriginKind, NOTHING), "who made the patch; `none` for no patch"),
        "proof": Names("outcome", (*Outcome, NOTHING), "what the proof comes to; `none` for no proof"),
        "disruption": Names("disruption", DISRUPTIONS, "what the patch does to the resource"),
        "introduced": Truth("true: this change made the problem; false: it only touched it"),
        "proven": Truth("short for `proof: proven`"),
    },
    about="all that is given has to fit; several values of one key are alternatives",
)

TRACK_RECORD = Table(
    {
        "approved": Count(1, about="so many approved patches of this control or model end the need for a person"),
        "reverted": Count(0, about="unless more than so many were reverted (default 0)"),
    },
    required=("approved",),
)

RULE = Table(
    {
        "name": Text("what a decision calls the rule by"),
        "action": Name("action", ACTIONS, "what is done with the patch or, without one, with the finding"),
        "when": CONDITION,
        "require_approval": TrueOr(TRACK_RECORD, "withhold the patch until a person has approved this very one"),
    },
    required=("action",),
)

ENVIRONMENT = Table(
    {
        "path": Texts("files of this environment"),
        "workspace": Texts("Terraform workspaces of this environment"),
        "account": Texts("cloud accounts of this environment"),
        "tag": _TAGS,
    },
    about="a resource is in the environment if any of these says so",
)

SERVICE_LEVELS = Table(
    {str(severity): Count(0, about="days") for severity in Severity},
    about="a problem that is open for more days than this blocks, whichever rule decides, unless one ignores it",
)

LEDGER = Table(
    {
        "kind": Name("ledger", LEDGERS, "where records go; `local` is the repository's git directory"),
        "table": Text("the DynamoDB table"),
        "name": Text("the ledger's name in the table (default: the repository's)"),
        "region": Text("the AWS region"),
        "bucket": Text("the S3 bucket, with Object Lock, for sealed segments"),
        "prefix": Text("what the keys of segments begin with"),
        "retention_days": Count(1, about="how long a segment cannot be deleted (default 400)"),
        "mode": Name("mode", LOCK_MODES, "of Object Lock (default compliance)"),
        "required": Truth("end with status 3 where a run could not be recorded"),
    }
)

COMPANION = Table(
    {"patches": Count(1, 50, "at most so many patches, the most severe (default 20)")},
)

POLICY = Table(
    {
        "version": Count(VERSION, VERSION, "Begin the file with `version: 1`."),
        "extends": Texts("presets (developer, team, enterprise) or files of this repository (`./org.yml`)"),
        "findings": Texts("what to read where --findings names nothing"),
        "sources": SOURCES,
        "aliases": Entries(
            Entries(Texts("rule ids")),
            "for a control, by tool, the rules of that tool that mean the same, beside those known",
        ),
        "state": Paths(
            "Terraform states, files or s3://bucket/key; each speaks for the module it lies in or is mapped to"
        ),
        "plan": Paths("plans as `terraform show -json` prints them; as for `state`"),
        "stacks": Paths(
            "what CloudFormation lists of stacks, files or cloudformation://REGION/STACK; may be mapped to templates"
        ),
        "remedies": Names("remedy", REMEDIES, "who proposes patches, in this order"),
        "bedrock": BEDROCK,
        "proof": PROOF,
        "parameters": Entries(Plain(), "values that remedies need and only the owner knows"),
        "environments": Entries(ENVIRONMENT, "names for places"),
        "service_levels": SERVICE_LEVELS,
        "rules": Items("rule", RULE, "the first that fits decides"),
        "inline_skips": Name("treatment", INLINE_SKIPS, "marks in code that tell scanners to look away"),
        "disclosure": Name("disclosure", DISCLOSURES, "minimal: comments name no findings, sources, dates or accounts"),
        "pull_request_target": Name(
            "treatment", TARGETS, "whether to work in a workflow on this event (default refuse)"
        ),
        "check_run": CHECK_RUN,
        "companion_pull_request": TrueOr(
            COMPANION,
            "propose patches of files that a change does not touch in a pull request beside it (default false)",
        ),
        "approvals": APPROVALS,
        "ledger": NameOr("ledger", LEDGERS, LEDGER, "where runs are recorded (default: the git directory)"),
    },
    required=("version",),
)

WAIVER = Table(
    {
        "control": Text("A control's id or a scanner's rule id; shell-style."),
        "resource": Text("The resource's address; shell-style."),
        "path": Text("The file; shell-style."),
        "owner": Text("Name who answers for it."),
        "reason": Text("Say why the risk is accepted."),
        "expires": Text("Give its last day, such as 2026-12-31, at most a year ahead."),
        "ticket": Text("Where it was agreed."),
    },
    required=("control", "owner", "reason", "expires"),
)

WAIVERS = Table(
    {"version": Count(VERSION, VERSION, "Begin the file with `version: 1`."), "waivers": Items("waiver", WAIVER)},
    required=("version",),
)
