"""`remedy-gate batch`: ask a model about a whole backlog through files, or through a Bedrock invocation job over S3."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from remedy_gate.settings import Settings


def execute(arguments: argparse.Namespace, settings: Settings) -> int:
    """Do what the verb says."""
    match arguments.verb:
        case "export":
            from .batch_export import export

            return export(arguments, settings)
        case "import":
            from .batch_import import import_

            return import_(arguments, settings)
        case _:
            from .batch_jobs import job

            return job(arguments, settings)
