"""Make `.ci/replacements.tsv`: which arguments of Terraform resource types force a replacement.

    python .ci/make_replacements.py --plugins DIR [--terraform BINARY] [--types REGEX] [--output FILE]

No published file carries that fact. The provider in DIR is asked what it plans for a resource in which one argument
changed, as `terraform plan` would ask (see `replacements_protocol.py`), a few changes for each argument: between
two values there and back, from nothing, and in resources where nothing else or much else is set.

- All answers say that it is replaced: it replaces. All say that it is not: it does not. They differ, or there is none
  (some resources refuse values that make no sense together): nobody knows.
- A nested body comes and goes whole. It replaces where everything in it does, and does not where coming and going
  with all its plain arguments set does not.

One line a type: its name, then the arguments that replace, then those that nobody knows; all others do not replace. The
lines of types that REGEX leaves out stay as they are. Needs `grpcio` and `msgpack` from PyPI; no network is used.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import replacements_probes as probing  # noqa: E402 - the package is importable only now
from replacements_probes import Block, Probe, Steps, arguments  # noqa: E402
from replacements_protocol import Planned, Provider, Refused  # noqa: E402
from schemas_provider import CONFIGURATION, Terraform  # noqa: E402

OUTPUT = Path(__file__).resolve().parent / "replacements.tsv"
PATIENCE = 9
# Values without which a resource makes no sense to its provider, which then plans nothing at all, or on which its
# answers depend: versions in a form of their own.
SENSE: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "aws_dynamodb_table": ({"billing_mode": "PAY_PER_REQUEST", "hash_key": None, "range_key": None},),
    "aws_elasticache_replication_group": ({"num_cache_clusters": 2, "multi_az_enabled": False},),
    "aws_elasticsearch_domain": ({"elasticsearch_version": "5.1"}, {"elasticsearch_version": "7.10"}),
    "aws_kinesis_firehose_delivery_stream": (
        {"destination": "extended_s3", "extended_s3_configuration.bucket_arn": "a"},
        {"destination": "http_endpoint", "http_endpoint_configuration.url": "a"},
    ),
    "aws_rds_cluster": ({}, {"engine": "aurora-mysql"}),
    "aws_opensearch_domain": ({"engine_version": "Elasticsearch_5.1"}, {"engine_version": "OpenSearch_2.11"}),
}
CONFIGURED = {
    "region": "us-east-1",
    "access_key": "mock",
    "secret_key": "mock",
    "max_retries": 0,
    "skip_credentials_validation": True,
    "skip_requesting_account_id": True,
    "skip_metadata_api_check": "true",
    "skip_region_validation": True,
}


def main(given: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="Ask the provider which arguments force a replacement.")
    parser.add_argument("--plugins", type=Path, required=True, help="a directory for terraform init -plugin-dir")
    parser.add_argument("--terraform", default="terraform", help="the terraform binary")
    parser.add_argument("--types", default="", help="ask about the types that this matches")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args(given)
    schema = _schema(Terraform(options.terraform, options.plugins, os.environ))
    binary = next(path for path in sorted(options.plugins.rglob("terraform-provider-aws_*")) if path.is_file())
    lines = _known(options.output)
    configuration = {**probing.empty(schema["provider"]["block"]), **CONFIGURED}
    with Provider(binary, configuration) as provider:
        for name, resource in sorted(schema["resource_schemas"].items()):
            if re.search(options.types, name):
                lines[name] = "\t".join((name, *_answers(provider, name, resource["block"])))
                print(lines[name][:150], flush=True)
                options.output.write_text("".join(f"{lines[key]}\n" for key in sorted(lines)), encoding="utf-8")
    return 0


def _schema(terraform: Terraform) -> Mapping[str, Any]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "main.tf").write_text(CONFIGURATION, encoding="utf-8")
        terraform.prepare(folder)
        document = json.loads(terraform.run(folder, "providers", "schema", "-json"))
    (provider,) = document["provider_schemas"].values()
    schema: Mapping[str, Any] = provider
    return schema


def _known(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {line.partition("\t")[0]: line for line in lines}


class Answer(NamedTuple):
    """What the provider plans for one change: is it for this change's sake that it replaces, and what else it names."""

    kind: int
    own: bool
    others: frozenset[Steps]


def _answers(provider: Provider, name: str, block: Block) -> tuple[str, str]:
    """The arguments that replace and those that nobody knows, as the file has them."""
    nested = dict(arguments(block))
    heard = _heard(provider, name, block)
    noisy = _noisy(heard)
    found: dict[Steps, bool | None] = {}
    for steps in reversed(nested):
        answer = _agreed(heard[steps], noisy, in_set=probing.in_set(block, steps))
        if nested[steps]:
            inside = [value for other, value in found.items() if other[:-1] == steps]
            # That a body replaces is for all of its contents to say, not for what happened to be set in it.
            answer = True if inside and all(inside) else False if answer is False else None
        found[steps] = answer
    replaces = sorted(".".join(steps) for steps, answer in found.items() if answer)
    unknown = sorted(".".join(steps) for steps, answer in found.items() if answer is None)
    return " ".join(replaces), " ".join(unknown)


def _heard(provider: Provider, name: str, block: Block) -> dict[Steps, list[Answer]]:
    """The answers about every argument, asked of several kinds of resources."""
    bases = (probing.empty(block), probing.filled(block), probing.lived(block))
    kinds = (_sensible(block, base, sense) for base in bases for sense in SENSE.get(name, ({},)))
    heard: dict[Steps, list[Answer]] = {steps: [] for steps, _ in arguments(block)}
    for kind, base in enumerate(kinds):
        asked = _Asked(provider, name, block, base)
        for steps, nested in arguments(block):
            for change in probing.presence(block, steps) if nested else probing.probes(block, steps):
                planned = asked.plan(change)
                if planned is not None:
                    own = frozenset(path for path in planned.replaces if _touches(path, steps))
                    heard[steps].append(Answer(kind, bool(own), planned.replaces - own))
    return heard


def _sensible(block: Block, base: Mapping[str, Any], sense: Mapping[str, Any]) -> Mapping[str, Any]:
    for path, value in sense.items():
        base = probing.placed(block, tuple(path.split(".")), value, base)
    return base


def _noisy(heard: Mapping[Steps, list[Answer]]) -> frozenset[int]:
    """The kinds of resources that are replaced whatever changes: their made-up state lacks what is expected."""
    answers = [answer for each in heard.values() for answer in each]
    asked = Counter(answer.kind for answer in answers)
    named = Counter(answer.kind for answer in answers if answer.others)
    return frozenset(kind for kind in asked if named[kind] * 2 > asked[kind])


def _agreed(answers: Iterable[Answer], noisy: frozenset[int], *, in_set: bool) -> bool | None:
    """What all answers say. One that names only other arguments says nothing clear, unless it is the noise.

    A change in an item of a set is another item, with other values for whatever is computed: through noise that says
    nothing at all.
    """
    clear = {
        None if answer.others and not answer.own and answer.kind not in noisy else answer.own
        for answer in answers
        if not (in_set and answer.kind in noisy)
    }
    return clear.pop() if len(clear) == 1 else None


def _touches(path: Steps, steps: Steps) -> bool:
    """Whether one leads to the other: an item of a set has no path of its own, so the set is named for it."""
    return path == steps[: len(path)] or path[: len(steps)] == steps


class _Asked:
    """One resource that is asked about, until the provider falls silent too often: some want the network."""

    __slots__ = ("_base", "_block", "_name", "_provider", "_silent", "_unwritten")

    def __init__(self, provider: Provider, name: str, block: Block, base: Mapping[str, Any]) -> None:
        self._provider, self._name, self._block, self._base = provider, name, block, base
        self._unwritten = dict.fromkeys(probing.computed(block))
        self._silent = 0

    def plan(self, change: Probe) -> Planned | None:
        """What is planned for this change; None where the provider refuses, or plans no change of it."""
        if self._silent >= PATIENCE:
            return None
        before = probing.placed(self._block, change.steps, change.before, self._base)
        after = probing.placed(self._block, change.steps, change.after, self._base)
        known = {"id": "i"} if "id" in before else {}
        written = {**after, **self._unwritten}
        planned = self._provider.plan(self._name, {**before, **known}, {**after, **known}, written)
        if isinstance(planned, Refused):
            self._silent += planned.silent
            return None
        first = change.steps[0]
        return None if planned.state.get(first) == before[first] else planned


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
