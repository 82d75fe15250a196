"""`terraform.tfvars` and `*.auto.tfvars`: the values that Terraform takes for variables without being told."""

from __future__ import annotations

from collections.abc import Mapping
from posixpath import basename
from typing import TYPE_CHECKING

from .document import top_arguments

if TYPE_CHECKING:
    from .body import Argument
    from .document import Document


def is_variable_file(path: str) -> bool:
    """Whether Terraform reads this file for values of variables without being told."""
    name = basename(path)
    return name in {"terraform.tfvars", "terraform.tfvars.json"} or name.endswith((".auto.tfvars", ".auto.tfvars.json"))


def given_values(documents: Mapping[str, Document]) -> dict[str, Argument]:
    """The values by variable; later files win, in Terraform's order."""
    found: dict[str, Argument] = {}
    for path in sorted(filter(is_variable_file, documents), key=_precedence):
        document = documents[path]
        if path.endswith(".json"):
            from .json_document import top_arguments_of_json

            found.update(top_arguments_of_json(document))
        else:
            found.update(top_arguments(document))
    return found


def _precedence(path: str) -> tuple[int, str]:
    name = basename(path)
    return ({"terraform.tfvars": 0, "terraform.tfvars.json": 1}.get(name, 2), name)
