"""Address ranges and regular expressions. The expected values are those of `terraform console`."""

from __future__ import annotations

import pytest

from remedy_gate.iac.terraform import TERRAFORM
from remedy_gate.iac.values import Fields, Items, Known, Unknown, Value


def resolved(expression: str) -> Value:
    return TERRAFORM.read({"main.tf": f"locals {{\n  x = {expression}\n}}\n".encode()}).resolved("local.x").get("value")


KNOWN: dict[str, Value] = {
    'cidrsubnet("172.16.0.0/12", 4, 2)': Known("172.18.0.0/16"),
    'cidrsubnet("10.1.2.3/8", 8, 255)': Known("10.255.0.0/16"),
    'cidrsubnet("fd00:fd12:3456:7890::/56", 16, 162)': Known("fd00:fd12:3456:7800:a200::/72"),
    'try(cidrsubnet("10.0.0.0/8", 8, 256), "no such part")': Known("no such part"),
    'cidrhost("10.12.127.0/20", 16)': Known("10.12.112.16"),
    'cidrhost("10.12.127.0/20", -1)': Known("10.12.127.255"),
    'cidrhost("fd00:fd12:3456:7890::/72", 34)': Known("fd00:fd12:3456:7890::22"),
    'try(cidrhost("192.168.1.1/32", 1), "no such host")': Known("no such host"),
    'cidrnetmask("172.16.0.0/12")': Known("255.240.0.0"),
    'regex("[a-z]+", "53453453.345345aaabbbccc23454")': Known("aaabbbccc"),
    r'regex("(\\d\\d\\d\\d)-(\\d\\d)-(\\d\\d)", "2019-02-01")': Items((Known("2019"), Known("02"), Known("01"))),
    'regex("(?P<b>[a-z])(?P<a>x)?", "zy")': Fields((("a", Known(None)), ("b", Known("z")))),
    'regex("^arn:aws:iam::([0-9]+):role/(.*)$", "arn:aws:iam::1:role/a/b")': Items((Known("1"), Known("a/b"))),
    'try(regex("[a-z]+", "1"), "no match")': Known("no match"),
    'can(regex("^[a-z]+$", "abc"))': Known(True),
    'regexall("[a-z]+", "1234abcd5678efgh9")': Items((Known("abcd"), Known("efgh"))),
    'length(regexall("[a-z]+", "123456789")) > 0': Known(False),
}


@pytest.mark.parametrize("expression", KNOWN)
def test_it_comes_to_what_terraform_says(expression: str) -> None:
    assert resolved(expression) == KNOWN[expression]


UNKNOWN = {
    "leading zeros, which only Terraform takes": 'cidrhost("010.0.0.0/8", 1)',
    "an IPv4 address in IPv6": 'cidrhost("::ffff:10.0.0.0/104", 1)',
    "no range at all": 'cidrnetmask("hello")',
    "fewer bits than the range has": 'cidrsubnet("10.0.0.0/8", -1, 0)',
    "what is looked for behind the match": 'regex("a(?=b)", "ab")',
    "what RE2 does not have": r'regex("(a)\\1", "aa")',
    "flags": 'regex("(?i)AB", "ab")',
    "classes by name": 'regex("[[:alpha:]]+", "ab")',
    "what takes all and gives nothing back": 'regex("a++", "aa")',
    "a group in a loop": 'regex("(a|b)*", "ab")',
    "a count that is none to RE2": 'regex("a{,2}", "aa")',
    "letters of other scripts": 'regex(".", "\u00fc")',
    "an end of line": r'regex("a$", "a\n")',
    "matches of nothing": 'regexall("a*", "ba")',
    "matches of nothing between words": r'regexall("\\b", "a")',
    "a pattern that is no pattern": 'regex("(a", "a")',
    "a pattern that Python could take for ever": f'regex("{"a?" * 40}b", "{"a" * 40}")',
}


@pytest.mark.parametrize("expression", UNKNOWN.values(), ids=UNKNOWN.keys())
def test_what_python_and_terraform_may_take_differently_is_unknown(expression: str) -> None:
    assert isinstance(resolved(expression), Unknown)


def test_an_argument_that_is_not_known_keeps_its_reason() -> None:
    assert resolved("cidrsubnet(var.range, 4, 2)") == Unknown("var.range is declared nowhere in this module")
