"""What could not be recorded yet: one file an entry, recorded before anything else as soon as the ledger takes it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress

from remedy_gate.domain.ledger import Entry

FOLDER = "waiting"
_MOST = 10_000


def keep(folder: str, entries: Iterable[Entry]) -> None:
    """Write entries into the folder, each whole or not at all. Raises `OSError`."""
    import json

    place = os.path.join(folder, FOLDER)
    os.makedirs(place, exist_ok=True)
    for entry in entries:
        final = os.path.join(place, f"{entry.id}.json")
        try:
            with open(f"{final}.part", "w", encoding="utf-8", errors="replace") as file:
                file.write(json.dumps([entry.id, entry.kind, entry.text, entry.attachment]))
            os.replace(f"{final}.part", final)
        except OSError:
            with suppress(OSError):  # half of one is of no use, and a full disk needs the room
                os.unlink(f"{final}.part")
            raise


def kept(folder: str) -> tuple[Entry, ...]:
    """The entries that wait, oldest first; what cannot be read is left where it is."""
    import json

    place = os.path.join(folder, FOLDER)
    try:
        names = sorted(name for name in os.listdir(place) if name.endswith(".json"))[:_MOST]
    except OSError:
        return ()
    found: list[Entry] = []
    for name in names:
        try:
            with open(os.path.join(place, name), encoding="utf-8") as file:
                identifier, kind, text, attachment = json.load(file)
        except (OSError, ValueError):
            continue
        if all(isinstance(part, str) for part in (identifier, kind, text)) and isinstance(attachment, str | None):
            found.append(Entry(identifier, kind, text, attachment))
    return tuple(found)


def drop(folder: str, entries: Sequence[Entry]) -> None:
    """Forget entries that are recorded now."""
    for entry in entries:
        try:
            os.unlink(os.path.join(folder, FOLDER, f"{entry.id}.json"))
        except OSError:  # it is recorded once all the same: entries have ids
            continue
