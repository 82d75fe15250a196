"""What a remedy makes where the owner has none to point at, and when it makes nothing."""

from __future__ import annotations

import pytest
from compute_samples import CLOUDFORMATION, SCHEMAS, TERRAFORM, repaired, template, terraform

from remedy_gate.catalogue.control import Subject
from remedy_gate.catalogue.declaring import read_control
from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.catalogue.repairing import repair
from remedy_gate.commands.trials import FILES
from remedy_gate.domain.finding import Finding
from remedy_gate.domain.match import Match, MatchState
from remedy_gate.domain.patch import FilePatch, NoPatch, Patch
from remedy_gate.domain.proof import Outcome
from remedy_gate.domain.source import Resource
from remedy_gate.errors import SettingsError
from remedy_gate.iac.operations import AddResource
from remedy_gate.iac.reading import Reader
from remedy_gate.remedies.catalogue import CatalogueRemedy
from remedy_gate.reporting.combining import Clash, combined
from remedy_gate.verification.check import Depth
from remedy_gate.verification.prover import FullProver, Ground

KEY = {"path": "kms_key_id"}
LOGS = {"path": "kms_key_id", "create": "logs_key"}
SECRET = 'resource "aws_secretsmanager_secret" "s" {\n  name = "s"\n}\n'
SECRET_AFTER = """\
resource "aws_secretsmanager_secret" "s" {
  name       = "s"
  kms_key_id = aws_kms_key.s_encryption.arn
}

resource "aws_kms_key" "s_encryption" {
  description         = "Encrypts aws_secretsmanager_secret s"
  enable_key_rotation = true
}
"""
GROUP = 'resource "aws_cloudwatch_log_group" "g" {\n  name = "g"\n}\n'


def secret(more: str = "", /, **parameters: str | bool) -> str:
    return repaired("own_key", terraform(SECRET + more, "aws_secretsmanager_secret.s", parameters), KEY)


def group(more: str) -> str:
    return repaired("own_key", terraform(GROUP + more, "aws_cloudwatch_log_group.g"), LOGS)


def test_where_the_module_has_no_key_one_with_rotation_is_made_and_referred_to() -> None:
    assert secret() == SECRET_AFTER


def test_the_second_finding_on_the_same_resource_takes_the_key_that_the_first_one_made() -> None:
    two_keys = SECRET_AFTER.replace("kms_key_id = aws_kms_key.s_encryption.arn", 'kms_key_id = ""')
    two_keys += 'resource "aws_kms_key" "other" {}\n'
    again = repaired("own_key", terraform(two_keys, "aws_secretsmanager_secret.s"), KEY)
    assert "kms_key_id = aws_kms_key.s_encryption.arn" in again
    assert again.count('resource "aws_kms_key"') == 2


def test_another_resource_takes_the_only_key_too() -> None:
    code = SECRET_AFTER + 'resource "aws_secretsmanager_secret" "t" {\n}\n'
    again = repaired("own_key", terraform(code, "aws_secretsmanager_secret.t"), KEY)
    assert again.count("kms_key_id = aws_kms_key.s_encryption.arn") == 1 + 1
    assert again.count('resource "aws_kms_key"') == 1


def test_of_two_keys_of_the_owners_none_is_taken_and_none_is_made() -> None:
    answer = secret('resource "aws_kms_key" "a" {}\nresource "aws_kms_key" "b" {}\n')
    assert answer.startswith("no patch: Which KMS key encrypts it? Give its ARN. (in this module: aws_kms_key.a,")


def test_a_key_that_may_have_several_instances_is_asked_about() -> None:
    assert secret('resource "aws_kms_key" "a" {\n  count = 2\n}\n').startswith("no patch: Which KMS key")


def test_the_owners_key_comes_before_one_that_would_be_made() -> None:
    assert "aws_kms_key" not in secret(kms_key="alias/mine")


@pytest.mark.parametrize("switch", ["create", "create_kms_key"])
@pytest.mark.parametrize("off", [False, "false"])
def test_a_policy_can_forbid_what_is_made(switch: str, off: str | bool) -> None:
    assert secret(**{switch: off}).startswith("no patch: Which KMS key encrypts it?")


def test_forbidding_another_companion_forbids_nothing_here() -> None:
    assert secret(create_logs_key=False) == SECRET_AFTER


def test_a_name_that_is_taken_is_counted_up() -> None:
    taken = 'resource "aws_kms_key" "s_encryption" {\n  count = 2\n}\n'
    answer = repaired("own_key", terraform(SECRET + taken, "aws_secretsmanager_secret.s", {}), {**KEY, "create": ""})
    assert answer.startswith("no patch")
    stack = "Parameters:\n  SKey:\n    Type: String\nResources:\n  S:\n    Type: AWS::SecretsManager::Secret\n"
    assert "KmsKeyId: !GetAtt SKey2.Arn" in repaired("own_key", template(stack, "S"), {"path": "KmsKeyId"})


def test_what_is_made_has_the_provider_of_the_resource() -> None:
    code = 'resource "aws_secretsmanager_secret" "s" {\n  provider = aws.west\n}\n'
    assert "  provider            = aws.west\n  description " in repaired("own_key", terraform(code), KEY)


def test_a_template_gets_a_key_that_its_account_owns_and_that_outlives_the_stack() -> None:
    stack = "Resources:\n  S:\n    Type: AWS::SecretsManager::Secret\n    Properties:\n      Name: s\n"
    assert (
        repaired("own_key", template(stack, "S"), {"path": "KmsKeyId"})
        == stack
        + """\
      KmsKeyId: !GetAtt SKey.Arn

  SKey:
    Type: AWS::KMS::Key
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      Description: Encrypts AWS::SecretsManager::Secret S
      EnableKeyRotation: true
      KeyPolicy:
        Version: "2012-10-17"
        Statement:
          - Sid: Owner
            Effect: Allow
            Principal:
              AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"
            Action: kms:*
            Resource: "*"
"""
    )


def test_data_sources_that_the_module_has_are_used_and_those_of_another_region_are_not() -> None:
    there = 'data "aws_region" "here" {}\ndata "aws_caller_identity" "west" {\n  provider = aws.west\n}\n'
    code = group(there)
    assert "logs.${data.aws_region.here.id}.amazonaws.com" in code
    assert code.count('data "aws_region"') == 1
    assert 'data "aws_caller_identity" "g" {}' in code


@pytest.mark.parametrize(
    ("policy", "taken"),
    [
        ("", False),
        ("  policy = null\n", False),
        ('  policy = jsonencode({ Statement = [{ Principal = { AWS = "arn:aws:iam::1:root" } }] })\n', False),
        ('  policy = jsonencode({ Statement = { Principal = { Service = "sns.amazonaws.com" } } })\n', False),
        ('  policy = jsonencode({ Statement = [{ Principal = { Service = "logs.amazonaws.com" } }] })\n', True),
        ('  policy = jsonencode({ Statement = [{ Principal = { AWS = "*" } }] })\n', True),
        ("  policy = var.policy\n", True),
    ],
)
def test_a_key_that_surely_shuts_the_service_out_is_not_pointed_at(policy: str, taken: bool) -> None:
    code = group(f'variable "policy" {{}}\nresource "aws_kms_key" "k" {{\n{policy}}}\n')
    assert ("kms_key_id = aws_kms_key.k.arn" in code) is taken
    assert ("kms_key_id = aws_kms_key.g_encryption.arn" in code) is not taken


def test_a_key_that_was_made_for_logs_is_not_taken_for_a_trail() -> None:
    code = group('resource "aws_cloudtrail" "t" {\n}\n')
    trail = {"path": "kms_key_id", "create": "trail_key"}
    after = repaired("own_key", terraform(code, "aws_cloudtrail.t"), trail)
    assert "kms_key_id = aws_kms_key.g_encryption.arn" in after
    assert "kms_key_id = aws_kms_key.t_encryption.arn" in after


def test_a_key_whose_policy_stands_beside_it_may_let_the_service_in() -> None:
    beside = 'resource "aws_kms_key_policy" "k" {\n  key_id = aws_kms_key.k.id\n  policy = var.p\n}\nvariable "p" {}\n'
    assert "kms_key_id = aws_kms_key.k.arn" in group('resource "aws_kms_key" "k" {}\n' + beside)


def test_a_key_of_a_template_that_lets_in_its_account_alone_is_not_taken_for_logs() -> None:
    key = "{Type: AWS::KMS::Key, Properties: {KeyPolicy: {Statement: [{Principal: {%s: %s}}]}}}"
    stack = "Resources:\n  G: {Type: AWS::Logs::LogGroup, Properties: {}}\n  K: "
    arguments = {"path": "KmsKeyId", "create": "logs_key"}
    alone = repaired("own_key", template(stack + key % ("AWS", "!Ref AWS::AccountId"), "G"), arguments)
    assert "KmsKeyId: !GetAtt GKey.Arn" in alone
    let_in = repaired("own_key", template(stack + key % ("Service", "logs.amazonaws.com"), "G"), arguments)
    assert "KmsKeyId: !GetAtt K.Arn" in let_in


def test_several_places_of_one_resource_share_one_new_key() -> None:
    words = {"ask": "k", "question": "Which?", "candidate": "aws_kms_key", "attribute": "arn", "create": "kms_key"}
    rules = [{"path": name, "present": True, "set": words} for name in ("kms_key_id", "other_key_id")]
    control = read_control({**DECLARED, "terraform": {"aws_secretsmanager_secret": rules}})
    edits = repair(control, terraform(SECRET))
    assert not isinstance(edits, NoPatch)
    assert [type(edit).__name__ for edit in edits] == ["AddResource", "SetValue", "SetValue"]


def test_a_sibling_that_is_added_may_need_a_companion_too() -> None:
    words = {"ask": "k", "question": "Which?", "candidate": "aws_kms_key", "attribute": "arn", "create": "kms_key"}
    rule = {"sibling": "aws_lock", "by": "thing", "refers_to": "id", "require": [], "add": {"key": words}}
    control = read_control({**DECLARED, "terraform": {"aws_secretsmanager_secret": [rule]}})
    edits = repair(control, terraform(SECRET))
    assert not isinstance(edits, NoPatch)
    assert [edit.address for edit in edits if isinstance(edit, AddResource)] == [
        "aws_kms_key.s_encryption",
        "aws_lock.s",
    ]


DECLARED = {"id": "c", "title": "t", "risk": "r", "severity": "low"}


def test_a_companion_that_nobody_declared_is_refused() -> None:
    words = {"ask": "k", "question": "Which?", "create": "kms_keys"}
    with pytest.raises(SettingsError, match="`create: kms_keys` is none of kms_key, "):
        read_control({**DECLARED, "terraform": {"aws_thing": [{"path": "key", "present": True, "set": words}]}})


CONTROL = "log-group-customer-key"
READER = Reader((TERRAFORM, CLOUDFORMATION))
CODE = {"terraform": GROUP, "cloudformation": "Resources:\n  G:\n    Type: AWS::Logs::LogGroup\n    Properties: {}\n"}
ADDRESS = {"terraform": "aws_cloudwatch_log_group.g", "cloudformation": "G"}


def proposed(language: str) -> tuple[Finding, Match, Patch]:
    module = READER.module(FILES[language], {FILES[language]: CODE[language].encode()})
    assert module is not None
    block = module.blocks[ADDRESS[language]]
    finding = Finding("somebody", CONTROL, "t", control=CONTROL)
    match = Match(MatchState.MATCHED, Resource(block.address, block.type, block.path, block.lines), 1.0)
    patch = CatalogueRemedy(Catalogue(), READER, {}).propose(finding, match, {block.path: CODE[language].encode()})
    assert isinstance(patch, Patch)
    return finding, match, patch


def outcome(language: str, old: str = "", new: str = "") -> Outcome:
    finding, match, patch = proposed(language)
    file = patch.files[0]
    assert old.encode() in file.after
    changed = FilePatch(file.path, file.before, file.after.replace(old.encode(), new.encode()))
    ground = Ground(READER, Catalogue(), SCHEMAS, {}, Depth.QUICK)
    return FullProver(ground).prove(finding, match, patch._replace(files=(changed,)), {file.path: file.before}).outcome


def test_people_are_told_what_is_made_and_what_it_costs() -> None:
    told = "Makes aws_kms_key.g_encryption: a key costs about 1 USD a month"
    assert told in proposed("terraform")[2].rationale


@pytest.mark.parametrize("language", FILES)
def test_a_patch_with_a_new_key_is_proven(language: str) -> None:
    assert outcome(language) is Outcome.PROVEN


@pytest.mark.parametrize(
    ("language", "old", "new"),
    [
        ("terraform", "arn:${data.aws_partition.g.partition}:iam::${data.aws_caller_identity.g.account_id}:root", "*"),
        ("terraform", "${data.aws_caller_identity.g.account_id}:root", "210987654321:root"),
        ("terraform", '{ Service = "logs.${data.aws_region.g.id}.amazonaws.com" }', '{ AWS = "*" }'),
        ("terraform", "policy = jsonencode(", "policy = file("),
        ("cloudformation", 'AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"', 'AWS: "*"'),
        ("cloudformation", "${AWS::AccountId}:root", "210987654321:root"),
        ("cloudformation", "!GetAtt GKey.Arn", "!GetAtt Key.Arn"),
    ],
)  # fmt: skip
def test_a_new_key_that_lets_in_others_or_is_not_there_is_not_proven(language: str, old: str, new: str) -> None:
    assert outcome(language, old, new) is not Outcome.PROVEN


def test_a_module_in_json_gets_its_data_sources_under_data() -> None:
    text = b'{\n  "resource": {\n    "aws_cloudwatch_log_group": {\n      "g": {"name": "g"}\n    }\n  }\n}\n'
    module = TERRAFORM.read({"main.tf.json": text})
    code = repaired("own_key", Subject(module, "aws_cloudwatch_log_group.g", {}), LOGS)
    assert set(TERRAFORM.read({"main.tf.json": code.encode()}).blocks) == {
        "aws_cloudwatch_log_group.g",
        "aws_kms_key.g_encryption",
        "data.aws_caller_identity.g",
        "data.aws_partition.g",
        "data.aws_region.g",
    }


def test_two_patches_of_a_module_each_made_without_the_other_can_both_be_had() -> None:
    code = (GROUP + "\n" + GROUP.replace('"g"', '"h"')).encode()
    module = READER.module("main.tf", {"main.tf": code})
    assert module is not None
    patches = []
    for block in module.blocks.values():
        match = Match(MatchState.MATCHED, Resource(block.address, block.type, block.path, block.lines), 1.0)
        finding = Finding("somebody", CONTROL, "t", control=CONTROL)
        patch = CatalogueRemedy(Catalogue(), READER, {}).propose(finding, match, {"main.tf": code})
        assert isinstance(patch, Patch)
        patches.append(patch)
    both = combined(patches)
    assert not isinstance(both, Clash)
    after = READER.module("main.tf", {"main.tf": both[0].after})
    assert after is not None
    assert not after.repeated
    assert {"aws_kms_key.g_encryption", "aws_kms_key.h_encryption"} < set(after.blocks)
