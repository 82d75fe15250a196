"""Rules of an organisation's tools that mean a control of the catalogue: what the packaged map does not know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from .checking import Given, nearest, refuse

if TYPE_CHECKING:
    from remedy_gate.catalogue.lookup import Catalogue

    from .rules import Policy


def read_aliases(layers: Iterable[Given]) -> Mapping[str, tuple[str, ...]]:
    """From `tool:rule id` in lower case to the controls that a policy and all that it extends take it for."""
    found: dict[str, tuple[str, ...]] = {}
    for layer in layers:
        for control, by_tool in layer.entries():
            for tool, rules in by_tool.all_texts():
                for rule in rules:
                    alias = f"{tool}:{rule}".lower()
                    found[alias] = tuple(dict.fromkeys((*found.get(alias, ()), control)))
    return found


def refuse_unknown(policy: Policy, catalogue: Catalogue) -> None:
    """Raise `SettingsError` where the policy takes a rule for a control that there is not."""
    for alias, controls in policy.aliases.items():
        for control in controls:
            if control not in catalogue:
                hint = nearest(control, catalogue.ids, "`remedy-gate catalogue list` names them.")
                refuse(
                    f"{policy.origin}: aliases", f"{alias} is taken for {control!r}, and there is no such control", hint
                )
