from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from remedy_gate.findings.reading import Export, read_export

FIXTURES = Path(__file__).parents[2] / "fixtures" / "findings"


@pytest.fixture
def export() -> Callable[[str], Export]:
    """Reads one of the small exports that lie beside the tests."""
    return lambda name: read_export(name, (FIXTURES / name).read_bytes())
