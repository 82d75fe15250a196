"""Make `remedy_gate/matching/identities.tsv`: what an ARN or an id means in code. The same sources give the same bytes.

    python .ci/make_identities.py [--output FILE]

A row is a CloudFormation type, the Terraform types of the same thing, its ARNs, and the attributes and properties that hold its
name. Lists are separated by spaces. In an ARN (`service:resource`) `*` is the name, `**` the name behind a path, `#` an id that AWS
makes up, `?` any other part.

Sources, all facts:

- `arnmatch` (PyPI, Apache-2.0): ARN patterns and their CloudFormation types;
- `cfn-lint` (PyPI, MIT-0): which properties identify a resource, from CloudFormation's resource provider schemas;
- `remedy_gate/iac/schemas/schemas.sqlite`, made by `.ci/make_schemas.py`: which types and arguments there are;
- `.ci/identities_by_hand.tsv`: what those leave open or say wrongly.

Needed beside this repository: `pip install arnmatch==2026.5.1 cfn-lint==1.58.0`, no network.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from remedy_gate.iac.schemas import SchemaTables, load  # noqa: E402 - the package is importable only now

OUTPUT = ROOT / "remedy_gate" / "matching" / "identities.tsv"
BY_HAND = Path(__file__).resolve().parent / "identities_by_hand.tsv"
GROUP = re.compile(r"\(\?P<(\w+)>[^)]*\)")
NAME_ATTRIBUTES = ("name", "identifier")


class Row(NamedTuple):
    """One kind of cloud resource; every field but the first is a list, separated by spaces."""

    cloudformation: str
    terraform: str
    arns: str
    attributes: str
    properties: str


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="Make the table of identities.")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    given = parser.parse_args(arguments)
    rows = sorted(read_rows(load()))
    heading = (
        f"# Made by .ci/make_identities.py from arnmatch {version('arnmatch')} and cfn-lint {version('cfn-lint')}.\n"
    )
    given.output.write_text(heading + "".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    print(f"{given.output}: {len(rows)} types, {given.output.stat().st_size} bytes")
    return 0


def read_rows(tables: SchemaTables) -> Iterator[Row]:
    """A row for every type that Terraform has too and that an ARN tells apart."""
    by_hand = {row.cloudformation: row for row in hand_rows(BY_HAND)}
    documents, patterns = cloudformation_documents(), arn_patterns()
    terraform = {bare(name): name for name in tables.names("terraform") if name.startswith("aws_")}
    for name in sorted({*documents, *by_hand}):
        known = by_hand.get(name, Row(name, "", "", "", ""))
        types = known.terraform or terraform.get(bare(name), "")
        if not types:
            continue
        arns = known.arns or " ".join(patterns.get(name, ()))
        properties = known.properties or name_property(name, documents.get(name, {}))
        attributes = known.attributes or name_attribute(types.split()[0], properties, tables)
        if not known.attributes and any("?" in re.split(r"[*#]", arn)[0] for arn in arns.split()):
            attributes = properties = "-"  # another parent may have a child of the same name
        row = Row(name, *(("" if field == "-" else field) for field in (types, arns, attributes, properties)))
        if row.arns or name in by_hand:
            yield row


def hand_rows(path: Path) -> Iterator[Row]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            fields = line.split("\t")
            if len(fields) != len(Row._fields):
                raise SystemExit(f"{path}: {line!r} has {len(fields)} fields")
            yield Row(*fields)


def arn_patterns() -> dict[str, tuple[str, ...]]:
    """The ARNs of every CloudFormation type, in our notation."""
    from arnmatch.arn_patterns import ARN_PATTERNS

    found: dict[str, tuple[str, ...]] = {}
    for service, entries in sorted(ARN_PATTERNS.items()):
        for entry in entries:
            pattern = notation(service, entry["regex"].pattern)
            if entry["cfn"] and pattern and pattern not in found.get(entry["cfn"], ()):
                found[entry["cfn"]] = (*found.get(entry["cfn"], ()), pattern)
    return found


def notation(service: str, expression: str) -> str | None:
    """`rds:db:*` for `^arn:(?P<Partition>...):rds:...:db:(?P<DbInstanceName>.+?)$`."""
    whole = expression.removeprefix("^").removesuffix("$").replace("\\", "")
    resource = whole.split(":", 2)[2] if "(?P<Partition>" in whole else ""
    parts = re.match(r"[\w-]+:(?:\(\?P<Region>[^)]*\)|[\w-]*):(?:\(\?P<Account>[^)]*\)|[\w-]*):(.+)", resource)
    if parts is None:
        return None
    names = GROUP.findall(parts[1])
    if not names:
        return None
    name = next((one for one in reversed(names) if one.endswith("Name")), names[-1])
    mark = "#" if name.lower().endswith(("id", "uuid")) else "*"
    text = GROUP.sub(lambda found: mark if found[1] == name else "?", parts[1])
    return f"{service}:{text}" if re.fullmatch(r"[\w:/*#?.-]+", text) and text.count(mark) == 1 else None


def cloudformation_documents() -> dict[str, Mapping[str, Any]]:
    """The resource provider schema of every type of us-east-1, which has the most."""
    schemas = package("cfnlint") / "data" / "schemas"
    names = json.loads((schemas / "providers" / "us-east-1.json").read_text(encoding="utf-8"))
    return {
        name: json.loads((schemas / "resources" / f"{digest}.json").read_text(encoding="utf-8"))
        for name, digest in sorted(names.items())
    }


def name_property(name: str, document: Mapping[str, Any]) -> str:
    """The property that holds the name: the one that identifies the resource, else the one that is called a name."""
    read_only = {path.removeprefix("/properties/") for path in document.get("readOnlyProperties", ())}
    texts = {
        one
        for one, schema in document.get("properties", {}).items()
        if schema.get("type") == "string" and one not in read_only
    }
    identifiers = [path.removeprefix("/properties/") for path in document.get("primaryIdentifier", ())]
    if len(identifiers) == 1 and identifiers[0] in texts:
        return str(identifiers[0])
    last = name.rpartition("::")[2]
    return next((one for one in (f"{last}Name", f"{last}Identifier", "Name") if one in texts), "-")


def name_attribute(type_name: str, name_of: str, tables: SchemaTables) -> str:
    """The argument of the Terraform type that corresponds to the property."""
    arguments = tables.arguments(type_name) or {}
    writable = {name for name, argument in arguments.items() if argument.type == "string" and not argument.readable}
    wanted = (
        () if name_of == "-" else (snake(name_of), snake(name_of).partition("_")[2], snake(name_of).rpartition("_")[2])
    )
    return next((name for name in (*wanted, *NAME_ATTRIBUTES) if name in writable), "-") if wanted else "-"


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{name} is not installed")
    return Path(spec.origin).parent


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
