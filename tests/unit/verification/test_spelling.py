"""Words that a service takes for an attribute, where a control only lists the wrong ones."""

from __future__ import annotations

import pytest

from remedy_gate.verification.spelling import is_misspelt


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ssl_policy", "ELBSecurityPolicy-TLS-1-2-strict-please"),
        ("SslPolicy", "modern"),
        ("viewer_protocol_policy", "redirect-to-http"),
        ("authorization_type", "SOME"),
        ("origin_ssl_protocols", "TLSv9"),
        ("runtime", "python"),
        ("security_policy", "TLS_9_9"),
    ],
)
def test_a_word_that_the_service_never_heard_of_is_misspelt(name: str, text: str) -> None:
    assert is_misspelt(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ssl_policy", "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"),
        ("ssl_policy", "ELBSecurityPolicy-FS-1-2-Res-2020-10"),
        ("SslPolicy", "ELBSecurityPolicy-TLS13-1-2-Ext2-FIPS-2023-04"),
        ("security_policy_name", "TransferSecurityPolicy-FIPS-2024-01"),
        ("runtime", "provided.al2023"),
        ("runtime", "nodejs22.x"),
        ("ca_cert_identifier", "rds-ca-rsa2048-g1"),
        ("health_check_type", "ELB"),
    ],
)
def test_words_of_the_service_are_left_alone(name: str, text: str) -> None:
    assert not is_misspelt(name, text)


def test_an_attribute_that_nobody_listed_may_say_anything() -> None:
    assert not is_misspelt("description", "ELBSecurityPolicy")
