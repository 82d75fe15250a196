"""Turn the declarations that people write (YAML) into what the hook reads (JSON, an index and a file a service).

    python -m remedy_gate.catalogue.compiling

PyYAML costs a third of the hook's budget to import, and examples are of no use there. A test holds the two together.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from remedy_gate.errors import SettingsError

from .declaring import read_control
from .owned import with_version

HERE = Path(__file__).parent


def declarations(folder: Path = HERE / "controls") -> dict[str, list[dict[str, Any]]]:
    """The declarations as they are written, by service (the name of the file).

    :raises SettingsError: a file is not YAML, or not a list of controls; the message names it.
    """
    import yaml

    services: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            content = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
        except yaml.YAMLError as error:
            raise SettingsError(f"{path.name} is not YAML: {error}.") from error
        if not isinstance(content, list):
            raise SettingsError(f"{path.name} has to be a list of controls.", "Begin each with `- id: ...`.")
        services[path.stem] = content
    return services


def companions(path: Path = HERE / "companions.yaml") -> dict[str, Any]:
    """What remedies may make, by name."""
    import yaml

    declared: dict[str, Any] = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    return declared


def compiled(services: Mapping[str, list[dict[str, Any]]]) -> dict[str, str]:
    """The contents of the compiled files by name. The same declarations give the same bytes.

    :raises SettingsError: a declaration is wrong, or an id stands twice.
    """
    controls: dict[str, str] = {}
    types: dict[str, list[str]] = {}
    aliases: dict[str, list[str]] = {}
    files: dict[str, str] = {}
    for service, items in services.items():
        slim = [with_version(item) for item in items]
        for item in slim:
            control = read_control(item)
            if control.id in controls:
                raise SettingsError(f"control {control.id} stands in {controls[control.id]} and again in {service}.")
            controls[control.id] = service
            for type_name in control.rules:
                if service not in types.setdefault(type_name, []):
                    types[type_name].append(service)
            for alias in control.aliases:
                aliases.setdefault(alias.lower(), []).append(control.id)
        files[service] = _json(slim)
    files["companions"] = _json(companions())
    files["index"] = _json({"controls": controls, "types": types, "aliases": aliases})
    return files


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False) + "\n"


def main() -> None:
    """Write the compiled files beside the declarations."""
    folder = HERE / "compiled"
    folder.mkdir(exist_ok=True)
    # Controls are read against what may be made, so that comes first.
    (folder / "companions.json").write_text(_json(companions()), encoding="utf-8")
    files = compiled(declarations())
    for stale in folder.glob("*.json"):
        if stale.stem not in files:
            stale.unlink()
    for name, text in files.items():
        (folder / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
