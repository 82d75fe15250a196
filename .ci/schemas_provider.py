"""Read what a Terraform provider has out of `terraform providers schema -json`: the provider's own word, exact.

Format: https://developer.hashicorp.com/terraform/cli/commands/providers/schema#providers-schema-representation
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from remedy_gate.iac.schema import Argument

Kind = str | list[Any]
"""A type constraint: `"string"`, `["list", "string"]`, `["set", ["object", {...}]]`, `"dynamic"`."""

CONFIGURATION = """\
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}
"""


class Provider(NamedTuple):
    """A provider's version and each type's arguments by its name in our tables."""

    version: str
    types: Mapping[str, Mapping[str, Argument]]


class Terraform(NamedTuple):
    """A terraform binary, the directory its providers come from, and the environment to run it in."""

    binary: str
    plugins: Path
    environment: Mapping[str, str]

    def run(self, folder: Path, *arguments: str) -> str:
        """What one command prints. A failure raises `CalledProcessError`, its own words in `stderr`."""
        environment = {name: value for name, value in self.environment.items() if name != "TF_CLI_CONFIG_FILE"}
        done = subprocess.run(
            [self.binary, f"-chdir={folder}", *arguments], env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    def prepare(self, folder: Path) -> str:
        """Initialise `folder`, whose code names the provider, and say which version of it was found."""
        self.run(folder, "init", "-backend=false", "-input=false", f"-plugin-dir={self.plugins}")
        lock = (folder / ".terraform.lock.hcl").read_text(encoding="utf-8")
        found = re.search(r'hashicorp/aws" \{\s+version\s+= "([^"]+)"', lock)
        if found is None:
            raise ValueError("the lock file names no AWS provider")
        return found[1]


def read_provider(terraform: Terraform) -> Provider:
    """Everything in the AWS provider of the plugin directory."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "main.tf").write_text(CONFIGURATION, encoding="utf-8")
        version = terraform.prepare(folder)
        document = json.loads(terraform.run(folder, "providers", "schema", "-json"))
    (provider,) = document["provider_schemas"].values()
    return Provider(version, provider_types(provider))


def provider_types(provider: Mapping[str, Any]) -> dict[str, dict[str, Argument]]:
    """The resources and data sources of one provider's schema."""
    resources = {name: _body(schema["block"]) for name, schema in provider["resource_schemas"].items()}
    sources = {f"data.{name}": _body(schema["block"]) for name, schema in provider["data_source_schemas"].items()}
    return {**resources, **sources}


def _body(block: Mapping[str, Any]) -> dict[str, Argument]:
    attributes = {name: _attribute(name, schema) for name, schema in block.get("attributes", {}).items()}
    return {**attributes, **{name: _block(name, schema) for name, schema in block.get("block_types", {}).items()}}


def _block(name: str, schema: Mapping[str, Any]) -> Argument:
    single = schema.get("max_items") == 1 or schema["nesting_mode"] in {"single", "group"}
    required = schema.get("min_items", 0) > 0
    return Argument(name, "block", required=required, arguments=_body(schema["block"]), single=single)


def _attribute(name: str, schema: Mapping[str, Any]) -> Argument:
    readable = bool(schema.get("computed")) and not schema.get("optional") and not schema.get("required")
    required = bool(schema.get("required"))
    if "nested_type" in schema:
        nested = schema["nested_type"]
        kind = "object" if nested["nesting_mode"] == "single" else nested["nesting_mode"]
        return Argument(name, kind, required=required, item="object", arguments=_body(nested), readable=readable)
    argument = _typed(name, schema["type"])._replace(required=required, readable=readable)
    if readable and argument.arguments is not None:
        return argument._replace(arguments=_only_readable(argument.arguments))
    if not readable and argument.type in {"list", "set"} and argument.arguments is not None:
        # Terraform takes such an attribute written as blocks too, and that is how people write it:
        # https://developer.hashicorp.com/terraform/language/attr-as-blocks
        return argument._replace(type="block")
    return argument


def _typed(name: str, kind: Kind) -> Argument:
    """An argument of one type constraint."""
    if isinstance(kind, str):
        return Argument(name, "any" if kind == "dynamic" else kind)
    if kind[0] == "object":
        return Argument(name, "object", item="object", arguments=_object(kind[1]))
    inner = kind[1]
    if isinstance(inner, list) and inner[0] == "object":
        return Argument(name, kind[0], item="object", arguments=_object(inner[1]))
    return Argument(name, kind[0], item=inner if isinstance(inner, str) else inner[0])


def _object(kinds: Mapping[str, Kind]) -> dict[str, Argument]:
    return {name: _typed(name, kind) for name, kind in kinds.items()}


def _only_readable(body: Mapping[str, Argument]) -> dict[str, Argument]:
    return {
        name: argument._replace(
            readable=True, arguments=None if argument.arguments is None else _only_readable(argument.arguments)
        )
        for name, argument in body.items()
    }
