"""What stands in a prompt, and that it is the same for the same case."""

from __future__ import annotations

import pytest
from contract.bedrock.repository_kit import SCHEMAS, VOLUME, Kit, finding, kit

from remedy_gate.domain.patch import NoPatch
from remedy_gate.remedies.prompt import Prompt, prompt_for, prompts_digest, repair_text

AROUND = (
    VOLUME
    + """
resource "aws_volume_attachment" "a" {
  device_name = "/dev/sdh"
  volume_id   = aws_ebs_volume.data.id
  instance_id = "i-0aaaabbbbccccdddd"
}

resource "aws_sqs_queue" "far" {
  name = "unrelated"
}
"""
)


def asked(code: Kit, address: str = "aws_ebs_volume.data", mark: str = "0123456789abcdef") -> Prompt:
    prompt = prompt_for(code.case(finding(), address), SCHEMAS, lambda: mark)
    assert isinstance(prompt, Prompt)
    return prompt


def test_it_shows_the_block_its_neighbours_the_schema_and_what_has_to_hold() -> None:
    prompt = asked(kit({"main.tf": AROUND}, {"owner": "data"}))
    for part in (
        '<<DATA 0123456789abcdef block>>\nresource "aws_ebs_volume" "data" {\n',
        "<<DATA 0123456789abcdef referencing aws_volume_attachment.a in main.tf>>\n",
        "encrypted (bool, a change replaces the resource)\n",
        "- `encrypted` is true (where it is not written, False is taken)\n",
        '"size": 40',
        "owner is 'data'",
        "title: the volume is not encrypted",
    ):
        assert part in prompt.user
    assert "unrelated" not in prompt.user
    assert len(prompt.shown) == 2


def test_the_mark_is_no_part_of_what_the_prompt_is_called() -> None:
    code = kit({"main.tf": AROUND})
    one, other = asked(code), asked(code, mark="fedcba9876543210")
    assert one.user != other.user
    assert one.digest == other.digest


def test_another_case_is_called_otherwise() -> None:
    assert asked(kit({"main.tf": AROUND})).digest != asked(kit({"main.tf": AROUND.replace("40", "41")})).digest


def test_a_mark_that_stands_in_the_code_is_not_taken() -> None:
    code = kit({"main.tf": VOLUME.replace("# GiB", "# 0123456789abcdef")})
    marks = iter(["0123456789abcdef", "fedcba9876543210"])
    prompt = prompt_for(code.case(finding(), "aws_ebs_volume.data"), SCHEMAS, lambda: next(marks))
    assert isinstance(prompt, Prompt)
    assert prompt.nonce == "fedcba9876543210"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            VOLUME.replace("# GiB", "#" + "x" * 16_000),
            "aws_ebs_volume.data is longer than 16,000 characters, so no model is asked",
        ),
        (VOLUME.replace("# GiB", "# \udcff"), "main.tf is not UTF-8, so no model is asked"),
    ],
)
def test_what_cannot_be_shown_whole_is_not_asked_about(text: str, reason: str) -> None:
    code = kit({"main.tf": VOLUME})
    code.sources["main.tf"] = text.encode("utf-8", "surrogateescape")
    assert prompt_for(code.case(finding(), "aws_ebs_volume.data"), SCHEMAS, lambda: "m" * 16) == NoPatch(reason)


def test_without_a_control_the_model_is_told_that_nothing_says_what_has_to_hold() -> None:
    prompt = prompt_for(kit({"main.tf": VOLUME}).case(finding(None), "aws_ebs_volume.data"), SCHEMAS, lambda: "m" * 16)
    assert isinstance(prompt, Prompt)
    assert "No control of the catalogue says what has to hold." in prompt.user


def test_evidence_is_data_too() -> None:
    prompt = asked(kit({"main.tf": VOLUME}))
    told = repair_text(prompt, "schema: there is no argument \u202efoo")
    assert told is not None
    assert "<<DATA 0123456789abcdef evidence>>\nschema: there is no argument foo\n<<END 0123456789abcdef>>" in told


def test_the_version_of_the_prompts_is_a_digest_of_their_files() -> None:
    assert len(prompts_digest()) == 64
