"""Make `openapi.json.gz`, `webhooks.json.gz`, `inputs.graphql` and `source.json` again from GitHub's own descriptions.

    python -m venv env && env/bin/pip install "graphql-core>=3.2,<4"
    env/bin/python tests/contract/github/refresh.py

Needs npm. The packages @octokit/openapi, @octokit/graphql-schema and @octokit/webhooks-examples (MIT, 400 MB unpacked) are
fetched into a temporary folder and thrown away; what stays is the description of the few operations in `OPERATIONS`, the
types that our mutation takes, the payloads in `PAYLOADS` as they are, and the digests of our GraphQL documents, each of
which is validated against GitHub's schema first.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PULL = "/repos/{owner}/{repo}/pulls/{pull_number}"
OPERATIONS = (
    (PULL, "get"),
    (f"{PULL}/files", "get"),
    (PULL, "patch"),
    ("/repos/{owner}/{repo}/pulls", "get"),
    ("/repos/{owner}/{repo}/pulls", "post"),
    ("/repos/{owner}/{repo}/git/refs", "post"),
    ("/repos/{owner}/{repo}/commits/{commit_sha}/pulls", "get"),
    (f"{PULL}/reviews", "post"),
    (f"{PULL}/reviews/{{review_id}}", "put"),
    (f"{PULL}/comments", "post"),
    ("/repos/{owner}/{repo}/pulls/comments/{comment_id}", "patch"),
    ("/repos/{owner}/{repo}/git/trees/{tree_sha}", "get"),
    ("/repos/{owner}/{repo}/git/blobs/{file_sha}", "get"),
    ("/repos/{owner}/{repo}/commits", "get"),
    ("/repos/{owner}/{repo}/issues", "post"),
    ("/repos/{owner}/{repo}/issues/{issue_number}", "patch"),
    ("/repos/{owner}/{repo}/issues/{issue_number}/comments", "post"),
    ("/repos/{owner}/{repo}/collaborators/{username}/permission", "get"),
    ("/repos/{owner}/{repo}/commits/{ref}", "get"),
    (f"{PULL}/commits", "get"),
    ("/orgs/{org}/teams/{team_slug}", "get"),
    ("/orgs/{org}/teams/{team_slug}/memberships/{username}", "get"),
    ("/repos/{owner}/{repo}/commits/{ref}/check-runs", "get"),
    ("/repos/{owner}/{repo}/check-runs", "post"),
    ("/repos/{owner}/{repo}/check-runs/{check_run_id}", "patch"),
    ("/repos/{owner}/{repo}/check-runs/{check_run_id}/annotations", "get"),
)
EXAMPLES = (
    "pull-request",
    "pull-request-simple-items",
    "diff-entry-items",
    "pull-request-review",
    "pull-request-review-comment",
    "issue",
    "issue-comment",
    "repository-collaborator-permission-response-if-user-has-admin-permissions",
    "commit",
    "commit-items",
    "team-full",
    "team-membership-response-if-user-is-a-team-maintainer",
    "git-ref",
    "check-run",
    "check-annotation-items",
)
PAYLOADS = (
    ("pull_request", "opened", 0),
    ("pull_request", "synchronize", 0),
    ("merge_group", "checks_requested", 0),
    ("push", None, 0),  # a new tag
    ("push", None, 1),  # a tag that is gone
    ("push", None, 4),  # a new branch
    ("workflow_run", "completed", 0),
    ("workflow_run", "completed", 2),
)
INPUTS = (
    "CreateCommitOnBranchInput",
    "CommittableBranch",
    "CommitMessage",
    "FileChanges",
    "FileAddition",
    "FileDeletion",
)
SCALARS = ("GitObjectID", "Base64String")
WORDS = ("description", "example", "examples", "x-github", "externalDocs", "summary", "tags")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        members = ("package/generated/api.github.com.json", "package/LICENSE")
        (openapi, licence), openapi_source = fetched("@octokit/openapi", members, folder)
        (graphql,), graphql_source = fetched("@octokit/graphql-schema", ("package/schema.graphql",), folder)
        (webhooks,), webhooks_source = fetched(
            "@octokit/webhooks-examples", ("package/api.github.com/index.json",), folder
        )
    payloads = [payload_of(json.loads(webhooks), *which) for which in PAYLOADS]
    (HERE / "webhooks.json.gz").write_bytes(gzip.compress(json.dumps(payloads, indent=0).encode(), mtime=0))
    described = slimmed(json.loads(openapi))
    text = json.dumps(described, indent=0, sort_keys=True).encode()
    (HERE / "openapi.json.gz").write_bytes(gzip.compress(text, mtime=0))
    (HERE / "inputs.graphql").write_text(inputs(graphql.decode()), "utf-8")
    (HERE / "openapi.LICENSE").write_bytes(licence)
    source = {
        "openapi": openapi_source,
        "webhooks": webhooks_source,
        "graphql": {**graphql_source, "validated": validated(graphql.decode())},
    }
    (HERE / "source.json").write_text(json.dumps(source, indent=2) + "\n", "utf-8")


def fetched(package: str, members: tuple[str, ...], folder: str) -> tuple[list[bytes], dict[str, str]]:
    packed = subprocess.run(
        ["npm", "pack", "--json", "--ignore-scripts", package], cwd=folder, check=True, capture_output=True, text=True
    )
    [made] = json.loads(packed.stdout)
    archive = Path(folder) / made["filename"]
    with tarfile.open(archive) as tar:
        contents = [file.read() for file in map(tar.extractfile, members) if file is not None]
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    return contents, {"package": package, "version": made["version"], "sha256": digest, "member": members[0]}


def payload_of(events: list[dict[str, Any]], event: str, action: str | None, number: int) -> dict[str, Any]:
    """The example of an event with an action, of those the one with this number."""
    [examples] = [it["examples"] for it in events if it["name"] == event]
    payload = [it for it in examples if it.get("action") == action][number]
    return {"event": event, "number": number, "payload": payload}


def slimmed(document: dict[str, Any]) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for path, verb in OPERATIONS:
        whole = document["paths"][path][verb]
        operation = {
            key: whole[key] for key in ("operationId", "parameters", "requestBody", "responses") if key in whole
        }
        paths.setdefault(path, {})[verb] = stripped(operation)
    kept: dict[str, Any] = {}
    missing = references(paths)
    while missing:
        for kind, name in missing:
            kept.setdefault(kind, {})[name] = stripped(document["components"][kind][name])
        missing = {
            (kind, name) for kind, name in references(kept) if kind != "examples" and name not in kept.get(kind, {})
        }
    examples = {name: document["components"]["examples"][name]["value"] for name in EXAMPLES}
    return {"openapi": document["openapi"], "paths": paths, "components": kept, "examples": examples}


def stripped(value: Any) -> Any:
    """Without the words for people. A property may be called `description`: only strings and examples are words."""
    if isinstance(value, list):
        return [stripped(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: stripped(item)
        for key, item in value.items()
        if key not in WORDS or (isinstance(item, dict) and "example" not in key and "x-" not in key)
    }


def references(value: Any) -> set[tuple[str, str]]:
    if isinstance(value, list):
        return {found for item in value for found in references(item)}
    if not isinstance(value, dict):
        return set()
    found = {found for item in value.values() for found in references(item)}
    if isinstance(value.get("$ref"), str):
        kind, _, name = value["$ref"].removeprefix("#/components/").partition("/")
        found.add((kind, name))
    return found


def inputs(schema: str) -> str:
    """What our mutation takes, as GitHub describes it, without the words for people."""
    from graphql import build_schema, print_type

    built = build_schema(schema, assume_valid=True)
    types = [print_type(built.type_map[name]) for name in (*SCALARS, *INPUTS)]
    words = re.sub(r'\n* *""".*?"""', "", "\n".join(types), flags=re.DOTALL)
    return re.sub(r"\n\n+", "\n", words).strip() + "\n"


def validated(schema: str) -> list[str]:
    from graphql import build_schema, parse, validate

    sys.path.insert(0, str(HERE.parents[2]))
    from remedy_gate.reporting.github_queries import DOCUMENTS

    built = build_schema(schema, assume_valid=True)  # GitHub deprecates fields of interfaces, and defines two twice
    for document in DOCUMENTS:
        errors = validate(built, parse(document))
        assert not errors, errors
    return [hashlib.sha256(document.encode()).hexdigest() for document in DOCUMENTS]


if __name__ == "__main__":
    main()
