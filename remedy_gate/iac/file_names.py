"""What the name of a file says: whether it is worth opening as infrastructure code. Imports nothing, for the hook."""

from __future__ import annotations

TERRAFORM_CODE = (".tf", ".tofu", ".tf.json")
VARIABLES = (".tfvars", ".tfvars.json")
TEMPLATE = (".yaml", ".yml", ".json", ".template", ".cfn")
MAYBE_CODE = (*TERRAFORM_CODE, *VARIABLES, *TEMPLATE)
"""Endings of the files worth opening. What such a file is, its language decides by content."""


def maybe_code(path: str) -> bool:
    """Whether a file of this name may be infrastructure code."""
    return path.lower().endswith(MAYBE_CODE)


def is_terraform(path: str) -> bool:
    """Whether a file of this name is Terraform code."""
    return path.endswith(TERRAFORM_CODE)


def directory_of(path: str) -> str:
    """The directory of a path, the empty text for the root."""
    return path.rpartition("/")[0]
