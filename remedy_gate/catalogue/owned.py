"""An organisation's own controls: the same declarations, in files of its repository."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from remedy_gate.errors import SettingsError

from .control import Control
from .declaring import read_control

FOLDER = ".remedy-gate/controls"
ENDINGS = (".yaml", ".yml")
EXAMPLES = ("examples", "leaves_alone")


def declarations_of(documents: Iterable[tuple[str, object]]) -> dict[str, Mapping[str, Any]]:
    """The declarations of parsed files, by id. A file holds one control or a list of them.

    :raises SettingsError: something in a file is no control, or an id stands twice; the message names the file.
    """
    found: dict[str, Mapping[str, Any]] = {}
    for path, document in documents:
        for item in document if isinstance(document, list) else [document]:
            if not isinstance(item, dict) or not isinstance(item.get("id"), str):
                raise SettingsError(f"{path} has to hold a control, or a list of them.", "Begin each with `- id: ...`.")
            if item["id"] in found:
                raise SettingsError(f"control {item['id']} stands in {path} and in another place.")
            found[item["id"]] = item
    return found


def control_of(declaration: Mapping[str, Any]) -> Control:
    """The control of a declaration, with its version.

    :raises SettingsError: the declaration is wrong; the message names the control and the word.
    """
    return read_control(with_version(declaration))


def with_version(declaration: Mapping[str, Any]) -> dict[str, Any]:
    """The declaration without its examples, and with a digest of itself: the same version makes the same patch."""
    slim = {word: value for word, value in declaration.items() if word not in EXAMPLES}
    text = json.dumps(slim, sort_keys=True, default=str)
    return {**slim, "version": sha256(text.encode()).hexdigest()[:12]}


SKELETON = """\
- id: {id}
  title: What is right, in one line
  risk: >-
    What can go wrong, and why it matters to us.
  severity: medium
  aliases:
    checkov: []
  terraform:
    aws_s3_bucket:
      - {{path: tags.owner, present: true, set: platform}}
  examples:
    terraform:
      - before: |
          resource "aws_s3_bucket" "logs" {{
            bucket = "example-logs"

            tags = {{
              owner = ""
            }}
          }}
        after: |
          resource "aws_s3_bucket" "logs" {{
            bucket = "example-logs"

            tags = {{
              owner = "platform"
            }}
          }}
  leaves_alone:
    terraform:
      - because: it has an owner already
        code: |
          resource "aws_s3_bucket" "logs" {{
            tags = {{
              owner = "web"
            }}
          }}
"""


def skeleton(identifier: str) -> str:
    """A whole declaration to begin with; `remedy-gate catalogue test` says whether what becomes of it is right."""
    return SKELETON.format(id=identifier)
