"""No secret reaches the service, and no prose of a model reaches a reader unescaped."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from contract.bedrock.model_kit import remedy_of
from contract.bedrock.repository_kit import finding, kit
from contract.bedrock.runtime_double import Answer, Double, cannot, edits, running

from remedy_gate.cli import main
from remedy_gate.domain.patch import NoPatch, Patch

KEY_LINES = "MIIEpAIBAAKCAQEA7bq1xJ2o0Zq\nw8Yk3v9QmT4uL6sPz1nHc5rXe2dBgKf0\n"
SECRETS = {
    "access key": "AKIAQX4BIPW3AHOV29GN",
    "secret key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKE",
    "github": "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "fine-grained": "github_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz0123456789",
    "gitlab": "glpat-Xy7_kQ2mPz9vT4wLs8Rb",
    "slack": "xoxb-2345678901-abcdefGHIJKL",
    "stripe": "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
    "google": "AIzaSyD3x_9kQ2mPz7vT4wLs8RbN1cJ5hF6gYtE",
    "sendgrid": "SG.ngeVfQFYQlKU0ufo8x5d1A.TwL2iGABf9DHoTf09kqeF8tAmbihYzrn",
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N",
    "npm": "npm_a8Kd72mQx0Vb5Lr9TzPw3Yc6Hn1JfGsE4uXo",
    "hex": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
}
NAMED = {
    'password = "{}"': "hunter2hunter2",
    'master_password    = "{}"': "correct horse battery",
    '"db_password" = "{}"': "p@ssw0rd!",
    "# password: {}": "swordfish99",
    "secret_key: {}": "abcd-efgh-1",
    'token="{}"': "tok-123-abc",
    "# postgres://admin:{}@db.example.com/x": "s3cr3tpw",
    "# Server=tcp:x;Password={};": "Zx9-k2-Pq",
    "# mongodb+srv://u:{}@c.example.net": "m0ngo-pw",
    "api_key = '{}'": "k-88-zz-11",
    'value = "{{\\"client_secret\\": \\"{}\\"}}"': "cl1ent-s3c",
    '# name = "DB_PASSWORD", value = "{}"': "env-pw-123",
}
TEMPLATE = """\
resource "aws_ebs_volume" "data" {{
  availability_zone = "eu-west-1a"
  size              = 40 # GiB
  tags = {{
{lines}
  }}
}}

variable "db_password" {{
  default = "var-default-pw"
}}

output "x" {{
  value = "${{aws_ebs_volume.data.id}}${{var.db_password}}"
}}
"""


def lines() -> str:
    written = [f'    T{number} = "{value}"' for number, value in enumerate(SECRETS.values())]
    named = [f"    # {form.format(value)}" for form, value in NAMED.items()]
    key = f"-----BEGIN RSA PRIVATE KEY-----\n{KEY_LINES}-----END RSA PRIVATE KEY-----"
    return "\n".join((*written, *named, *(f"    # {line}" for line in key.splitlines())))


ALL = (*SECRETS.values(), *NAMED.values(), "var-default-pw", *KEY_LINES.split())


def test_no_secret_is_in_any_request(monkeypatch: pytest.MonkeyPatch) -> None:
    code = kit({"main.tf": TEMPLATE.format(lines=lines())})
    wrong = edits(("  size              = 40 # GiB\n", "  size              = 41 # GiB\n"))
    right = edits(("  size              = 40 # GiB\n", "  size              = 40 # GiB\n  encrypted         = true\n"))
    double = Double(wrong, right)
    said = finding(title=f"key {SECRETS['access key']} and password=hunter3hunter3 in the logs")
    with running(double):
        remedy = remedy_of(code, double, monkeypatch).propose(said, code.match("aws_ebs_volume.data"), code.sources)
    assert isinstance(remedy, Patch)
    assert len(double.requests) == 2
    for request in double.requests:
        text = json.dumps(request.body, ensure_ascii=False)
        assert [secret for secret in (*ALL, "hunter3hunter3") if secret in text] == []
        assert "__RG_SECRET_1__" in text
    assert remedy.files[0].after.decode() == TEMPLATE.format(lines=lines()).replace(
        "  size              = 40 # GiB\n", "  size              = 40 # GiB\n  encrypted         = true\n"
    )


TWO = """\
resource "aws_ebs_volume" "data" {
  availability_zone = "eu-west-1a"
  size              = 40
  tags = {
    password = "hunter2hunter2"
    Owner    = "data"
  }
}
"""
LINE = '    password = "__RG_SECRET_1__"\n'
RIGHT = ("  size              = 40\n", "  size              = 40\n  encrypted         = true\n")


def test_an_edit_across_a_secret_puts_it_back(monkeypatch: pytest.MonkeyPatch) -> None:
    old = f"  size              = 40\n  tags = {{\n{LINE}"
    new = f"  size              = 40\n  encrypted         = true\n  tags = {{\n{LINE}"
    code, double = kit({"main.tf": TWO}), Double(edits((old, new)))
    with running(double):
        remedy = remedy_of(code, double, monkeypatch).propose(
            finding(), code.match("aws_ebs_volume.data"), code.sources
        )
    assert isinstance(remedy, Patch)
    assert remedy.files[0].after.decode() == TWO.replace(*RIGHT)


@pytest.mark.parametrize(
    "edit",
    [
        (LINE, ""),
        (LINE, LINE + LINE),
        (LINE, '    secret = "__RG_SECRET_1__"\n'),
        (LINE, '    password = "__RG_SECRET_2__"\n'),
        (LINE, LINE + '    Copy = "__RG_SECRET_1__"\n'),
        (LINE + '    Owner    = "data"\n  }\n', '    Owner    = "data"\n  }\n' + LINE),
        ('    Owner    = "data"\n', '    Owner    = "__RG_SECRET_1__"\n'),
        ("__RG_SECRET_1__", "gone"),
    ],
)
def test_an_edit_that_touches_a_secret_is_refused(edit: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    code, double = kit({"main.tf": TWO}), Double(edits(RIGHT, edit))
    with running(double):
        remedy = remedy_of(code, double, monkeypatch)
        answer = remedy.propose(finding(), code.match("aws_ebs_volume.data"), code.sources)
    assert isinstance(answer, NoPatch)
    assert {attempt.came for attempt in remedy.attempts} == {"inapplicable"}
    assert "hunter2" not in answer.reason


def test_what_cannot_be_taken_out_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    code, double = kit({"main.tf": TWO.replace("hunter2hunter2", "abc")}), Double(edits(RIGHT))
    with running(double):
        remedy = remedy_of(code, double, monkeypatch)
        answer = remedy.propose(finding(), code.match("aws_ebs_volume.data"), code.sources)
    assert answer == NoPatch(
        "something that looks like a secret could not be taken out of the prompt, so nothing was sent"
    )
    assert double.requests == []


OWNER = ('    Owner    = "data"\n', '    Owner    = "team"\n')
HOSTILE = (
    "[approve](https://evil.example) ![x](https://evil.example/p.png) @security-team <script>alert(1)</script>"
    " \x1b[31mred \u202eesrever\n::add-mask::x ##[error]y ```\n</details> #1 `code`"
)
SARIF = {
    "version": "2.1.0",
    "runs": [
        {
            "tool": {"driver": {"name": "own", "rules": [{"id": "ORG-7"}]}},
            "results": [
                {
                    "ruleId": "ORG-7",
                    "message": {"text": "no owner"},
                    "locations": [
                        {"physicalLocation": {"artifactLocation": {"uri": "main.tf"}, "region": {"startLine": 1}}}
                    ],
                }
            ],
        }
    ],
}


@pytest.mark.parametrize("style", ["terminal", "markdown"])
@pytest.mark.parametrize(
    "answer", [edits(OWNER, rationale=HOSTILE), cannot(HOSTILE)], ids=["in a rationale", "in a refusal"]
)
def test_a_models_prose_is_escaped_wherever_it_is_shown(
    answer: Answer, style: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.delenv("CI", raising=False)
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / "main.tf").write_text(TWO.replace("password", "color"))
    (tmp_path / "f.sarif").write_text(json.dumps(SARIF))
    with running(Double(answer)) as double:
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", double.url)
        main(["check", "--all", "--findings", "f.sarif", "--remedies", "bedrock", "--format", style])
    shown = capsys.readouterr().out
    assert "approve" in shown  # it is shown, and that is safe:
    assert "\x1b[31m" not in shown
    assert "\u202e" not in shown
    assert not any(line.lstrip().startswith("::") or "##[" in line for line in shown.splitlines())
    if style == "markdown":
        assert re.search(r"(?<!\\)\]\(", shown) is None
        assert "<script>" not in shown
        assert " @security-team" not in shown
