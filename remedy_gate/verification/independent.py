"""Readers that we did not write: python-hcl2 for Terraform, cfn-lint's decoder for templates."""

from __future__ import annotations

from remedy_gate.iac.module import Module


def disagreement(module: Module, paths: set[str]) -> str | None:
    """Where an independent reader refuses a file or finds other resources in it; the empty text where all agree.

    None: the reader for this language is not installed.
    """
    for path in sorted(paths & module.files.keys()):
        ours = {block.address for block in module.blocks.values() if block.path == path and block.kind == "resource"}
        try:
            theirs = _terraform(module.files[path]) if module.language == "terraform" else _template(module.files[path])
        except ImportError:
            return None
        except Exception as error:  # noqa: BLE001 - whatever a foreign parser raises is a refusal
            return f"an independent reader refuses {path}: {type(error).__name__}"
        if theirs is not None and theirs != ours:
            odd = ", ".join(sorted(theirs ^ ours)[:3])
            return f"an independent reader finds other resources in {path}: {odd}"
    return ""


def _terraform(text: bytes) -> set[str] | None:
    import hcl2

    if text.lstrip().startswith(b"{"):
        return None
    document = hcl2.loads(text.decode("utf-8-sig"))
    found: set[str] = set()
    for entry in document.get("resource", ()):
        for type_name, named in entry.items():
            found |= {f"{_unquoted(type_name)}.{_unquoted(name)}" for name in named if not name.startswith("__")}
    return found


def _unquoted(label: str) -> str:
    return label[1:-1] if label.startswith('"') else label


def _template(text: bytes) -> set[str] | None:
    from cfnlint.decode import cfn_yaml

    document = cfn_yaml.loads(text.decode("utf-8-sig"))
    resources = document.get("Resources") if isinstance(document, dict) else None
    return {str(name) for name in resources} if isinstance(resources, dict) else set()
