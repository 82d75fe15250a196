"""A remedy that asks the double, with time that passes only when it is told to."""

from __future__ import annotations

import secrets
import time
from pathlib import Path

import pytest
from contract.bedrock.repository_kit import CATALOGUE, SCHEMAS, Kit
from contract.bedrock.runtime_double import Double

from remedy_gate.policy.bedrock import BedrockChoice
from remedy_gate.remedies.bedrock import BedrockRemedy, connector
from remedy_gate.remedies.bedrock_asking import Asking, Times
from remedy_gate.remedies.bedrock_cache import AnswerCache
from remedy_gate.remedies.bedrock_case import Bench

QUICK = BedrockChoice(region="eu-west-1", timeout_seconds=5)


def asking_of(
    double: Double, monkeypatch: pytest.MonkeyPatch, choice: BedrockChoice = QUICK, folder: Path | None = None
) -> Asking:
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", double.url)
    times = Times(time.monotonic, lambda _seconds: None)
    return Asking(connector(choice, None, "test"), choice, AnswerCache(str(folder) if folder else None), times)


def asked_by(asking: Asking, kit: Kit) -> BedrockRemedy:
    bench = Bench(kit.reader, CATALOGUE, SCHEMAS, kit.parameters, kit.prover)
    return BedrockRemedy(bench, asking, lambda: secrets.token_hex(8), lambda _line: None)


def remedy_of(
    kit: Kit, double: Double, monkeypatch: pytest.MonkeyPatch, choice: BedrockChoice = QUICK, folder: Path | None = None
) -> BedrockRemedy:
    bench = Bench(kit.reader, CATALOGUE, SCHEMAS, kit.parameters, kit.prover)
    asking = asking_of(double, monkeypatch, choice, folder)
    return BedrockRemedy(bench, asking, lambda: secrets.token_hex(8), lambda _line: None, choice.threads)
