"""What comes along with a repair, and what stands beside it: the reasons, one idea each."""

from __future__ import annotations

import pytest
from sides_of import module_of

from remedy_gate.iac.json_values import opened
from remedy_gate.iac.module import Module
from remedy_gate.iac.values import Fields, Items, Known
from remedy_gate.verification.attached import attached
from remedy_gate.verification.fronts import of_redirections, of_rules
from remedy_gate.verification.grants import excess, locked
from remedy_gate.verification.standing import Standing
from remedy_gate.verification.statements import policies
from remedy_gate.verification.usable import useless

NOBODY = Standing(())
OURS = Standing((b'account = "111122223333"',))
OWNER = '{"Effect": "Allow", "Principal": {"AWS": "${AWS::AccountId}"}, "Action": "kms:*", "Resource": "*"}'


def objected(statement: str, known: Standing = NOBODY, *, of_key: bool = False) -> list[str]:
    [(_, statements)] = policies(Known(f'{{"Statement": [{statement}]}}'))
    return [one.why for one in excess(statements, known=known, of_key=of_key)]


def shut(*statements: str) -> list[str]:
    [(_, found)] = policies(Known(f'{{"Statement": [{", ".join(statements)}]}}'))
    return [one.why for one in locked(found)]


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        (
            '{"Effect": "Allow", "Principal": {"Service": "*"}, "Action": "kms:Decrypt", "Resource": "*"}',
            "a new policy lets in *, which is no service",
        ),
        (
            '{"Effect": "Allow", "Principal": {"Federated": "*"}, "Action": "sts:AssumeRoleWithSAML"}',
            "a new policy lets everybody in whom * knows",
        ),
        (
            '{"Effect": "Allow", "Principal": {"CanonicalUser": "79a59df9"}, "Action": "s3:GetObject", "Resource": "a/*"}',
            "a new policy lets in 79a59df9, whom the code names nowhere else",
        ),
        (
            (
                '{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*",'
                ' "Condition": {"StringEquals": {"kms:CallerAccount": "999988887777"}}}'
            ),
            "a new policy is for 999988887777, whom the code names nowhere else",
        ),
        (
            '{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "kms:PutKeyPolicy", "Resource": "*"}',
            "a new policy lets a service do kms:putkeypolicy, which no service needs",
        ),
        (
            (
                '{"Effect": "Allow", "Action": "secretsmanager:GetSecretValue",'
                ' "Resource": "arn:${AWS::Partition}:secretsmanager:*:*:secret:*"}'
            ),
            "a new policy allows secretsmanager:getsecretvalue on every resource",
        ),
        (
            '{"effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sqs:SendMessage", "Resource": "*"}',
            "a new policy has parts that the code does not show",
        ),
    ],
)
def test_a_new_policy_is_told_by_whom_it_means_however_that_is_written(statement: str, why: str) -> None:
    assert objected(statement, of_key=True) == [why]


@pytest.mark.parametrize(
    "statement",
    [
        OWNER,
        (
            '{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*",'
            ' "Condition": {"StringEquals": {"kms:CallerAccount": "111122223333"}}}'
        ),
        (
            '{"Effect": "Allow", "Principal": {"Service": "logs.${data.aws_region.r.id}.amazonaws.com"}, "Action": "kms:Decrypt",'
            ' "Resource": "*"}'
        ),
        (
            '{"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/g"},'
            ' "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEquals": {"g:sub": "repo:acme/shop:ref:main"}}}'
        ),
        '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::assets/*"}',
    ],
)
def test_a_new_policy_for_the_code_s_own_account_and_for_one_thing_is_left_alone(statement: str) -> None:
    assert objected(statement, OURS, of_key=True) == []


def test_a_key_that_denies_everybody_or_that_nobody_manages_is_locked_and_one_with_an_owner_is_not() -> None:
    denial = '{"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*"}'
    service = (
        '{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "kms:Decrypt", "Resource": "*"}'
    )
    assert shut(denial, OWNER) == ["a new policy of a key denies everybody"]
    assert shut(service) == ["with its new policy nobody in the account can manage the key"]
    assert shut(OWNER, service) == []


def test_what_a_policy_of_the_module_allows_counts_where_it_is_attached() -> None:
    module = module_of(
        'resource "aws_iam_policy" "all" {\n'
        '  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })\n}\n'
        'resource "aws_iam_role_policy_attachment" "a" {\n  role       = "a"\n  policy_arn = aws_iam_policy.all.arn\n}\n'
    )
    body = module.resolved("aws_iam_role_policy_attachment.a")
    assert [one.why for one in attached(module, body, NOBODY)] == [
        "aws_iam_policy.all would be attached to a new role: a new policy allows *"
    ]


def test_a_managed_policy_that_nobody_knows_is_a_doubt_and_one_made_for_a_service_is_not() -> None:
    module, arn = module_of('resource "aws_iam_role" "a" {}\n'), "arn:aws:iam::aws:policy/{}"
    odd = Fields((("policy_arn", Known(arn.format("job-function/Billing"))),))
    made = Fields(
        (("managed_policy_arns", Items((Known(arn.format("service-role/AmazonRDSEnhancedMonitoringRole")),))),)
    )
    [doubt] = attached(module, odd, NOBODY)
    assert not doubt.certain
    assert doubt.why == "Billing would be attached to a new role: what it allows is not in the code"
    assert list(attached(module, made, NOBODY)) == []


@pytest.mark.parametrize(
    ("block", "why"),
    [
        ('resource "aws_kms_key" "a" {\n  is_enabled = false\n}\n', "it is new and is switched off"),
        ('resource "aws_kms_key" "a" {\n  key_usage = "SIGN_VERIFY"\n}\n', "it is new and is not for encryption"),
        ('resource "aws_kms_alias" "a" {\n  name = "alias/aws/sns"\n}\n', "it is new, and alias/aws/ belongs to AWS"),
        ('resource "aws_iam_instance_profile" "a" {\n  name = "a"\n}\n', "it is new and has no role"),
        (
            'resource "aws_cloudfront_origin_access_control" "a" {\n  signing_behavior = "never"\n}\n',
            "it is new and never signs",
        ),
        (
            'resource "aws_s3_bucket_lifecycle_configuration" "a" {\n  rule {\n    expiration {\n      days = 1\n    }\n  }\n}\n',
            "it is new and deletes what it holds after 1 days",
        ),
    ],
)
def test_a_new_resource_that_does_not_do_what_it_is_made_for_is_of_no_use(block: str, why: str) -> None:
    module = module_of(block)
    assert [one.why for one in useless(module, next(iter(module.blocks)), "")] == [why]


def test_a_new_resource_that_does_is_left_alone() -> None:
    module = module_of('resource "aws_kms_key" "a" {\n  is_enabled = true\n  key_usage  = "ENCRYPT_DECRYPT"\n}\n')
    assert list(useless(module, "aws_kms_key.a", "")) == []


def test_a_text_with_a_key_that_stands_twice_is_not_read_since_readers_take_different_ones() -> None:
    assert opened('{"Principal": "*", "Principal": "111122223333"}') is None
    assert opened('{"Principal": "111122223333"}') == Fields((("Principal", Known("111122223333")),))


def test_what_a_rule_of_a_web_acl_is_about_is_no_policy() -> None:
    rule = Fields((("Statement", Fields((("ManagedRuleGroupStatement", Fields(())),))),))
    assert list(policies(rule)) == []


def rule(name: str, group: str, extra: str = "") -> str:
    return (
        f'  rule {{\n    name = "{name}"\n    statement {{\n      managed_rule_group_statement {{\n'
        f'        name = "{group}"\n{extra}      }}\n    }}\n  }}\n'
    )


def walls(before: str, after: str) -> list[str]:
    address = "aws_wafv2_web_acl.a"
    old, new = (
        module_of(f'resource "aws_wafv2_web_acl" "a" {{\n{one}}}\n').resolved(address) for one in (before, after)
    )
    return [one.why for one in of_rules(address, old, new)]


def test_a_rule_that_goes_comes_along_or_looks_at_less_is_named_and_the_one_in_question_is_left_alone() -> None:
    known, other = rule("k", "AWSManagedRulesKnownBadInputsRuleSet"), rule("o", "AWSManagedRulesCommonRuleSet")
    narrow = rule("k", "AWSManagedRulesKnownBadInputsRuleSet", "        scope_down_statement {\n        }\n")
    assert walls(other, known) == ["a rule of aws_wafv2_web_acl.a that is not about this would change or go"]
    assert walls("", known + other) == ["aws_wafv2_web_acl.a would have a rule that is not about this"]
    assert walls("", narrow) == [
        "the rule with AWSManagedRulesKnownBadInputsRuleSet of aws_wafv2_web_acl.a would not stop everything"
    ]
    assert walls(other, other + known) == []


def listener(redirect: str) -> Module:
    return module_of(
        'resource "aws_lb_listener" "a" {\n  port     = 80\n  protocol = "HTTP"\n  default_action {\n    type = "redirect"\n'
        f"    redirect {{\n{redirect}    }}\n  }}\n}}\n"
    )


@pytest.mark.parametrize(
    ("redirect", "why"),
    [
        ('host = "b.example"\n', ["aws_lb_listener.a would send callers to another host"]),
        ('port = "4443"\n', ["aws_lb_listener.a would send callers to a port on which nobody listens"]),
        ('host = "#{host}"\n      port = "443"\n', []),
    ],
)
def test_a_redirection_sends_callers_to_where_they_wanted_to_go(redirect: str, why: list[str]) -> None:
    module = listener(redirect)
    body = module.resolved("aws_lb_listener.a")
    assert [one.why for one in of_redirections(module, "aws_lb_listener.a", Fields(()), body)] == why
