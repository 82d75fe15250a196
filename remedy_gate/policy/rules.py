"""What a policy says: rules over the finding, the place, the patch and its proof; the first that fits decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from remedy_gate.domain.finding import Severity
from remedy_gate.domain.ledger import TrackRecord
from remedy_gate.iac.values import Scalar

if TYPE_CHECKING:
    from .approving import ApprovalChoice
    from .bedrock import BedrockChoice
    from .check_run import CheckRunChoice
    from .proof import ProofChoice
    from .sources import SourceOptions

APPROVAL_DAYS = 14
COMPANION_PATCHES = 20
PERMISSIVE = ("apply", "ignore")
"""Actions that let something through; one that is meant for a place may not leak into another."""

Tags = tuple[tuple[str, tuple[str, ...]], ...]
"""Keys of cloud tags, each with the patterns of the values that fit."""


class Condition(NamedTuple):
    """What a rule asks for; an empty tuple and None ask for nothing. Patterns are shell-style, `**` crosses folders.

    `age`: open for more than so many days. `due`: due in so many days or fewer. `recurrent`: repaired before, and back.
    """

    severities: tuple[Severity, ...] = ()
    controls: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    introduced: bool | None = None
    proven: bool | None = None
    environments: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    tags: Tags = ()
    age: int | None = None
    due: int | None = None
    recurrent: bool | None = None
    origins: tuple[str, ...] = ()
    proofs: tuple[str, ...] = ()
    disruptions: tuple[str, ...] = ()

    @property
    def looks_at_patch(self) -> bool:
        """Whether it asks for anything that is not known before somebody proposed a patch."""
        return self.proven is not None or bool(self.origins or self.proofs or self.disruptions)


class Rule(NamedTuple):
    """`action` is block, suggest, apply, annotate, withhold or ignore; `name` is what a decision calls the rule by.

    `until` asks for a person's yes until the control or model has such a track record; None asks for nobody, and
    `ALWAYS` for a person every time.
    """

    name: str
    action: str
    when: Condition
    until: TrackRecord | None = None


ALWAYS = TrackRecord(-1, -1)


class Environment(NamedTuple):
    """A name for a place. A resource is in it if any of these says so."""

    name: str
    paths: tuple[str, ...] = ()
    workspaces: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    tags: Tags = ()


class LedgerChoice(NamedTuple):
    """Where runs are recorded. `kind` is local, dynamodb or none; `required` makes a run fail that is not recorded."""

    kind: str = "local"
    table: str = ""
    name: str = ""
    region: str = ""
    bucket: str = ""
    prefix: str = ""
    retention_days: int = 400
    mode: str = "compliance"
    required: bool = False


class RecordFile(NamedTuple):
    """A state, plan or stack file, by path or pattern; `home` is the module or template that it speaks for, if said."""

    path: str
    home: str | None = None


class Policy(NamedTuple):
    """One policy. `findings` are sources to read where none is named; `parameters` are the owner's values.

    `levels` are service levels: the days that a problem of a severity may be open. `digest` is the SHA-256 of the files
    that the policy was read from, the empty text for the defaults. `sources` are live ones, by name. `bedrock` is how a
    model is asked, `proof` what is asked about a patch, `approvals` who may say yes, each None for the usual way.
    `aliases` leads from rules of tools (`tool:rule id`, in lower case) to the controls that the owner takes them for.
    `disclosure` is full or minimal; `pull_request_target` is refuse or allow. `check_run`: None makes no check run.
    `companion` is how many patches a pull request of ours may hold, 0 for none.
    """

    rules: tuple[Rule, ...]
    findings: tuple[str, ...] = ()
    remedies: tuple[str, ...] = ("catalogue",)
    parameters: Mapping[str, Scalar] = {}
    origin: str = "the defaults"
    environments: tuple[Environment, ...] = ()
    levels: Mapping[str, int] = {}
    inline_skips: str = "count"
    disclosure: str = "full"
    pull_request_target: str = "refuse"
    approval_days: int = APPROVAL_DAYS
    approvals: ApprovalChoice | None = None
    ledger: LedgerChoice = LedgerChoice()
    digest: str = ""
    sources: tuple[SourceOptions, ...] = ()
    state: tuple[RecordFile, ...] = ()
    plan: tuple[RecordFile, ...] = ()
    stacks: tuple[RecordFile, ...] = ()
    bedrock: BedrockChoice | None = None
    proof: ProofChoice | None = None
    aliases: Mapping[str, tuple[str, ...]] = {}
    check_run: CheckRunChoice | None = None
    companion: int = 0

    @property
    def github_alone(self) -> bool:
        """Whether a yes counts only where it was given in an issue on GitHub."""
        return self.approvals is not None and self.approvals.github_alone

    @property
    def asks_of_the_past(self) -> bool:
        """Whether any rule needs to know what the ledger remembers."""
        return any(rule.until is not None or rule.when.recurrent is not None for rule in self.rules)


DEFAULT_RULES = (
    Rule(
        "default: critical and high introduced by this change block",
        "block",
        Condition(severities=(Severity.CRITICAL, Severity.HIGH), introduced=True),
    ),
    Rule("default: the rest is suggested", "suggest", Condition()),
)

DEFAULT_POLICY = Policy(DEFAULT_RULES)
