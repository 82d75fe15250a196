"""Redaction by span: what is a secret, what is none, and that it comes back to the byte."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remedy_gate.remedies.redaction import Secrets, found_in, keeps_secrets, redacted, restored, survivors

PGP = "-----BEGIN PGP PRIVATE KEY BLOCK-----"
LONG = b64encode(b"".join(sha256(bytes([number])).digest() for number in range(9))).decode()
SECRET = [
    ('password = "hunter2"', "hunter2"),
    ("password: hunter2hunter2", "hunter2hunter2"),
    ('"MasterUserPassword": "x-y-z-1"', "x-y-z-1"),
    ("MasterUserPassword: plain1234", "plain1234"),
    ("DBPassword:\n    Type: String\n    Default: hunter2\n", "hunter2"),
    ('variable "api_token" {\n  type    = string\n  default = "abcd1234"\n}', "abcd1234"),
    ('{ name = "DB_PASSWORD", value = "letmein1" }', "letmein1"),
    ("- Name: API_TOKEN\n  Value: letmein2\n", "letmein2"),
    ("url = https://user:pa55word@example.com/x", "pa55word"),
    ("id AKIAQX4BIPW3AHOV29GN there", "AKIAQX4BIPW3AHOV29GN"),
    ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKE"),
    ("x = 0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef"),
    (
        "-----BEGIN PRIVATE KEY-----\nMIIabc\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nMIIabc\n-----END PRIVATE KEY-----",
    ),
    ("-----BEGIN PRIVATE KEY-----\nMIIabcdef", "-----BEGIN PRIVATE KEY-----\nMIIabcdef"),
    (r'"{\"password\": \"hunter2\"}"', "hunter2"),
    (f"{PGP}\n\nlQOYBF8abc=\n{PGP.replace('BEGIN', 'END')}", f"{PGP}\n\nlQOYBF8abc=\n{PGP.replace('BEGIN', 'END')}"),
    (f'x = "{LONG}"', LONG),
    ("Authorization: Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"),
    ("DB_PASS=hunter2abc", "hunter2abc"),
    ('db_pass = "hunter2abc"', "hunter2abc"),
    ('passcode = "8842-11"', "8842-11"),
    ('pin_code = "8842"', "8842"),
    ("x SK0123456789abcdef0123456789abcdef", "SK0123456789abcdef0123456789abcdef"),
    ("https://x.blob.core.windows.net/c?sv=2020&sig=abc%2Fdef%2Bghi", "abc%2Fdef%2Bghi"),
    ("hf_aBcDeFgHiJaBcDeFgHiJaBcD", "hf_aBcDeFgHiJaBcDeFgHiJaBcD"),
    ("dapi0123456789abcdef0123456789abcdef", "dapi0123456789abcdef0123456789abcdef"),
    ("https://discord.com/api/webhooks/1234567890/aB3-xY9_aB3-xY9", "1234567890/aB3-xY9_aB3-xY9"),
    ('passwords = ["hunter2abc"]', "hunter2abc"),
    ('credentials = {\n  "admin" = "hunter2abc"\n}', "hunter2abc"),
    ("mysql -u root -phunter2abc", "hunter2abc"),
    ("curl -u admin:hunter2abc https://x", "hunter2abc"),
    ("password = <<EOT\nhunter2abc\nEOT", "hunter2abc"),
    ('secret_string = "hunter2abc"', "hunter2abc"),
    ('resource "aws_ssm_parameter" "x" {\n  type = "SecureString"\n  value = "hunter2"\n}', "hunter2"),
    ("# the password is hunter2abc", "hunter2abc"),
]
PLAIN = [
    "password = var.db_password",
    'password = "${var.db_password}"',
    "password = random_password.db.result",
    "manage_master_user_password = true",
    "MasterUserPassword: !Ref DBPassword",
    'MasterUserPassword: "{{resolve:secretsmanager:db:SecretString:password}}"',
    'kms_key_id = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"',
    'policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"',
    "minimum_password_length = 14",
    "secret_arn = aws_secretsmanager_secret.x.arn",
    'ami = "ami-0abcdef1234567890"',
    "image: nginx@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    'resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {',
    "AmazonEC2ContainerRegistryReadOnly",
    '"master_password": "(unknown: var.x has no default)"',
    'resource "aws_ssm_parameter" "x" {\n  type = "String"\n  value = "eu-west-1"\n}',
    "actions = ['iam:PassRole']",
    "bypass = 3",
    "# the password is rotated",
    "secrets = [{ name = local.name, valueFrom = aws_ssm_parameter.x.arn }]",
    "passwords = [var.one, var.two]",
    "mysql -u root -p",
    "https://x.example/?signed=no",
]


@pytest.mark.parametrize(("text", "secret"), SECRET)
def test_a_secret_is_found_taken_out_and_put_back(text: str, secret: str) -> None:
    secrets = found_in([text])
    assert secrets.values == (secret,)
    sent = redacted(text, secrets)
    assert sent == text.replace(secret, "__RG_SECRET_1__")
    assert survivors(sent, secrets) == 0
    assert restored(sent, secrets) == text


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_no_secret_stays(text: str) -> None:
    assert found_in([text]) == Secrets()


def test_a_secret_goes_wherever_it_stands_also_where_nothing_says_that_it_is_one() -> None:
    secrets = found_in(['password = "hunter2hunter2"'])
    assert redacted("# it is hunter2hunter2, really", secrets) == "# it is __RG_SECRET_1__, really"


def test_a_short_secret_is_no_part_of_a_word() -> None:
    secrets = found_in(['password = "admin"'])
    assert redacted("admin of administration", secrets) == "__RG_SECRET_1__ of administration"


def test_a_secret_too_short_to_be_taken_out_survives_and_is_seen() -> None:
    secrets = found_in(['password = "abc"'])
    assert survivors(redacted('password = "abc"', secrets), secrets) > 0


def test_a_placeholder_that_there_is_not_restores_nothing() -> None:
    assert restored("__RG_SECRET_2__", Secrets(("only one",))) is None


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        ("a\n  x = __RG_SECRET_1__\n", "b\n  x = __RG_SECRET_1__\n", True),
        ("x = __RG_SECRET_1__", "", False),
        ("x = __RG_SECRET_1__", "y = __RG_SECRET_1__", False),
        ("x = __RG_SECRET_1__", "x = __RG_SECRET_1__\nx = __RG_SECRET_1__", False),
        ("a = __RG_SECRET_1__\nb = __RG_SECRET_2__", "b = __RG_SECRET_2__\na = __RG_SECRET_1__", False),
        ("", "x = __RG_SECRET_1__", False),
    ],
)
def test_an_edit_keeps_every_line_with_a_secret(old: str, new: str, *, kept: bool) -> None:
    assert keeps_secrets(old, new) is kept


@given(st.lists(st.sampled_from([text for text, _ in SECRET] + PLAIN), max_size=6), st.text(max_size=40))
def test_nothing_survives_and_everything_comes_back(texts: list[str], noise: str) -> None:
    whole = "\n\n".join((*texts, noise.replace("__RG_SECRET_", "")))
    secrets = found_in([whole])
    sent = redacted(whole, secrets)
    if all(len(value) >= 4 for value in secrets.values):
        assert restored(sent, secrets) == whole
