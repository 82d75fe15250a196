"""Readers that we did not write: python-hcl2 for Terraform, cfn-lint's decoder for templates."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from remedy_gate.iac.module import Module

LABELLED = {"resource": "", "data": "data."}
NAMED = {"module": "module.", "variable": "var.", "output": "output."}
KINDS = frozenset((*LABELLED, *NAMED))


def reader_of(language: str) -> str:
    """The independent reader of a language, with its version."""
    from .tools import installed

    return installed("python-hcl2" if language == "terraform" else "cfn-lint")


def disagreement(module: Module, paths: set[str]) -> str | None:
    """Where an independent reader refuses a file or finds other blocks in it; the empty text where all agree.

    None: the reader for this language is not installed.
    """
    for path in sorted(paths & module.files.keys()):
        try:
            theirs = _addresses(module.language, path, module.files[path])
        except ImportError:
            return None
        except Exception as error:  # noqa: BLE001 - whatever a foreign parser raises is a refusal
            return f"an independent reader refuses {path}: {type(error).__name__}"
        ours = {
            block.address.partition("#")[0]
            for block in module.blocks.values()
            if block.path == path and block.kind in (KINDS if module.language == "terraform" else ("resource",))
        }
        if theirs is not None and theirs != ours:
            odd = ", ".join(sorted(theirs ^ ours)[:3])
            return f"an independent reader finds other blocks in {path}: {odd}"
    return ""


def _addresses(language: str, path: str, text: bytes) -> set[str] | None:
    if language != "terraform":
        return _of_template(text)
    if path.endswith(".json"):
        return set(_of_document(json.loads(text.decode("utf-8-sig"))))
    if not path.endswith((".tf", ".tofu")):
        return None
    import hcl2

    return set(_of_document(hcl2.loads(text.decode("utf-8-sig"))))


def _of_document(document: Mapping[str, Any]) -> Iterator[str]:
    """The addresses of a file as python-hcl2 and Terraform's JSON give it: kinds, then types and names."""
    for kind, prefix in LABELLED.items():
        for entry in _listed(document.get(kind)):
            for type_name, named in entry.items():
                for name in _names(named):
                    yield f"{prefix}{_unquoted(type_name)}.{name}"
    for kind, prefix in NAMED.items():
        for entry in _listed(document.get(kind)):
            yield from (f"{prefix}{name}" for name in _names(entry))


def _listed(entries: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - whatever stands in the file
    return [entry for entry in (entries if isinstance(entries, list) else [entries]) if isinstance(entry, dict)]


def _names(named: Any) -> Iterator[str]:  # noqa: ANN401 - whatever stands in the file
    for entry in _listed(named):
        yield from (_unquoted(name) for name in entry if not name.startswith("__") and name != "//")


def _unquoted(label: str) -> str:
    return label[1:-1] if label.startswith('"') else label


def _of_template(text: bytes) -> set[str]:
    from cfnlint.decode import cfn_yaml

    document = cfn_yaml.loads(text.decode("utf-8-sig"))
    resources = document.get("Resources") if isinstance(document, dict) else None
    return {str(name) for name in resources} if isinstance(resources, dict) else set()
