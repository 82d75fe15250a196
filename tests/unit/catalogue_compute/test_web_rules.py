"""Listeners that send callers to HTTPS, and web ACLs that stop known attacks."""

from __future__ import annotations

from compute_samples import holds, repaired, template, terraform

from remedy_gate.catalogue.verdict import Holds

PLAIN = (
    'resource "aws_lb_listener" "plain" {\n  load_balancer_arn = aws_lb.a.arn\n  protocol = "HTTP"\n'
    '  default_action {\n    type = "forward"\n  }\n}\n'
)
SECURE = (
    'resource "aws_lb_listener" "secure" {\n  load_balancer_arn = aws_lb.a.arn\n  protocol = "HTTPS"\n  port = 443\n}\n'
)
BALANCERS = 'resource "aws_lb" "a" {}\nresource "aws_lb" "b" {}\n'
ACL = (
    "Resources:\n  A:\n    Type: AWS::WAFv2::WebACL\n    Properties:\n      Rules:\n        - Name: r\n"
    "          Priority: 7\n          OverrideAction: {ACTION: {}}\n          Statement:\n"
    "            ManagedRuleGroupStatement: {VendorName: AWS, Name: GROUP}\n"
)
BAD_INPUTS = "AWSManagedRulesKnownBadInputsRuleSet"


def test_callers_are_sent_to_a_listener_that_is_there() -> None:
    after = repaired("https_listener", terraform(PLAIN + SECURE + BALANCERS), {})
    assert 'type = "redirect"' in after
    assert 'port        = "443"' in after


def test_callers_are_not_sent_to_another_load_balancer_or_to_nothing() -> None:
    other = SECURE.replace("aws_lb.a.arn", "aws_lb.b.arn")
    assert "certificate" in repaired("https_listener", terraform(PLAIN + other + BALANCERS), {})
    assert "certificate" in repaired("https_listener", terraform(PLAIN + BALANCERS), {})


def test_a_redirect_to_plain_http_is_none() -> None:
    redirect = PLAIN.replace('type = "forward"', 'type = "redirect"\n    redirect {\n      protocol = "HTTPS"\n    }')
    assert holds("https_listener", terraform(redirect + BALANCERS), {}) is Holds.YES
    assert holds("https_listener", terraform(redirect.replace('"HTTPS"', '"HTTP"') + BALANCERS), {}) is Holds.NO
    assert holds("https_listener", terraform(redirect.replace('"HTTP"\n', "var.p\n") + 'variable "p" {}'), {}) is (
        Holds.UNKNOWN
    )


def test_the_rule_group_has_to_stop_what_it_finds() -> None:
    acl = ACL.replace("GROUP", BAD_INPUTS)
    assert holds("known_bad_inputs", template(acl.replace("ACTION", "None"), "A"), {}) is Holds.YES
    assert holds("known_bad_inputs", template(acl.replace("ACTION", "Count"), "A"), {}) is Holds.NO
    after = repaired("known_bad_inputs", template(acl.replace("ACTION", "Count"), "A"), {})
    assert "Count" not in after
    assert "None: {}" in after


def test_an_exception_for_log4shell_is_taken_away_and_others_stay() -> None:
    rule = "{VendorName: AWS, Name: GROUP, ExcludedRules: [{Name: Host_localhost_HEADER}, {Name: Log4JRCE}]}"
    acl = ACL.replace("{VendorName: AWS, Name: GROUP}", rule).replace("GROUP", BAD_INPUTS).replace("ACTION", "None")
    assert holds("known_bad_inputs", template(acl, "A"), {}) is Holds.NO
    assert "ExcludedRules: [{Name: Host_localhost_HEADER}]" in repaired("known_bad_inputs", template(acl, "A"), {})


def test_the_group_comes_behind_the_rules_that_are_there() -> None:
    acl = ACL.replace("GROUP", "Other").replace("ACTION", "None")
    assert "Priority: 8" in repaired("known_bad_inputs", template(acl, "A"), {})


def test_a_group_that_the_deployer_names_is_unknown() -> None:
    acl = "Parameters:\n  G: {Type: String}\n" + ACL.replace("GROUP", "!Ref G").replace("ACTION", "None")
    assert holds("known_bad_inputs", template(acl, "A"), {}) is Holds.UNKNOWN
