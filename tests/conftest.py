"""What every test may rely on: it runs as on a developer's machine, wherever the suite itself runs."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

# `CI` alone changes the default depth of the proof; the rest names the pull request that the suite may be running for.
OF_THE_RUNNER = ("CI", "GITHUB_")


@pytest.fixture(scope="session", autouse=True)
def no_ci_around_the_suite() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        for name in [name for name in os.environ if name.startswith(OF_THE_RUNNER)]:
            environment.delenv(name)
        yield
