"""What a wheel is made of: the texts of prompts and the table of models travel with the code."""

from __future__ import annotations

from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

from remedy_gate.remedies.prompt import TEXTS

ROOT = Path(__file__).parents[3]


def test_a_wheel_holds_the_prompts_and_the_table_of_models() -> None:
    files = {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    wanted = {"remedy_gate/remedies/bedrock_models.json", *(f"remedy_gate/remedies/prompts/{name}" for name in TEXTS)}
    assert wanted <= files
