"""`terraform plan -refresh=false` on copies, before and after, where the policy allows it and a local state lies there.

Nothing reaches out: the refresh is off, the copy is cut off from the network, and AWS providers get credentials that are
none. A backend elsewhere, a provider that must ask, or a variable without a value ends it, and the tables are asked instead.
"""

from __future__ import annotations

from remedy_gate.domain.seams import Sources
from remedy_gate.iac.module import Module
from remedy_gate.iac.values import Known, settled
from remedy_gate.matching.calls import home_of

from .check import Comparison
from .digests import digest_of
from .initialised import CODE, Copies
from .planned import Plans

STATE = "terraform.tfstate"
OFFLINE = """provider "aws" {{
{alias}  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}}
"""
"""Laid over the code's own providers (https://developer.hashicorp.com/terraform/language/files/override)."""
OVERRIDE = "remedy_gate_offline_override.tf"
MOST_KEPT = 8


class Planning:
    """Plans the directories of a run, each state of them once."""

    def __init__(self, copies: Copies) -> None:
        """Plan such copies."""
        self._copies = copies
        self._said: dict[str, bytes | str] = {}

    @property
    def tool(self) -> str:
        """What plans, with its version."""
        return self._copies.tool

    def plans(self, comparison: Comparison) -> Plans | str:
        """The plans of the patched module and of it as it was, in JSON; else why there are none."""
        before, after = comparison.subject.before, comparison.subject.after
        if before is None or after is None or after.language != "terraform":
            return "it is not Terraform"
        folder = home_of(after)
        if why_not := self._copies.why_not(folder):
            return why_not
        planned = self._plan(folder, after, comparison.sources_after)
        if isinstance(planned, str):
            return planned
        earlier = self._plan(folder, before, comparison.sources)
        return earlier if isinstance(earlier, str) else Plans(planned, earlier)

    def _plan(self, folder: str, module: Module, sources: Sources) -> bytes | str:
        place = f"{folder}/" if folder else ""
        state = self._copies.file(f"{place}{STATE}")
        if state is None:
            return f"no {STATE} lies in {folder or 'the root'}"
        code = {path: text for path, text in sources.items() if path.endswith(CODE)}
        files = {**code, f"{place}{STATE}": state, f"{place}{OVERRIDE}": _offline(module)}
        key = digest_of(files, folder)
        if key not in self._said:
            self._said[key] = self._asked(folder, files)
            if len(self._said) > MOST_KEPT:
                del self._said[next(iter(self._said))]
        return self._said[key]

    def _asked(self, folder: str, files: Sources) -> bytes | str:
        with self._copies.of(folder, files) as copy:
            if copy.why_not:
                return copy.why_not
            words = ("plan", "-refresh=false", "-input=false", "-lock=false", "-no-color", "-out=remedy-gate.plan")
            planned = self._copies.ask(copy.home, *words)
            if planned.status != 0:
                return f"terraform plan does not work offline here: {' '.join(planned.why.split())[:160]}"
            shown = self._copies.ask(copy.home, "show", "-json", "-no-color", "remedy-gate.plan")
        return shown.output if shown.status == 0 else "terraform cannot show its plan"


def _offline(module: Module) -> bytes:
    """What keeps the module's own AWS providers from asking anybody."""
    aliases = [
        settled(module.written(block.address).get("alias"))
        for block in module.blocks.values()
        if block.kind == "provider" and block.address.split(".")[1:2] == ["aws"]
    ]
    names = [alias.value if isinstance(alias, Known) else None for alias in aliases]
    return "".join(OFFLINE.format(alias=f'  alias = "{name}"\n' if name else "") for name in names).encode()
