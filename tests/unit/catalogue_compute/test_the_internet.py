"""Which address ranges are the internet."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remedy_gate.catalogue.special.internet import PRIVATE, PRIVATE_V6, is_private, is_wide, of_the_internet


@pytest.mark.parametrize("text", ["0.0.0.0/0", "::/0", "2000::/3", "64.0.0.0/2", "198.162.1.0/0"])
def test_one_range_so_wide_is_the_internet(text: str) -> None:
    assert of_the_internet([text]) == {text}


@pytest.mark.parametrize(
    "text", ["10.0.0.0/8", "192.0.2.0/24", "203.0.113.7/32", "2001:db8::/32", "fc00::/7", "pl-1", ""]
)
def test_a_range_that_somebody_can_own_is_not(text: str) -> None:
    assert of_the_internet([text]) == frozenset()


def test_two_halves_are_the_internet() -> None:
    assert of_the_internet(["0.0.0.0/1", "10.1.0.0/16", "128.0.0.0/1"]) == {"0.0.0.0/1", "128.0.0.0/1"}


def test_many_public_parts_are_the_internet_and_many_private_ones_are_not() -> None:
    parts = [f"{first}.0.0.0/8" for first in range(20, 40)]
    assert of_the_internet([*parts, "10.0.0.0/8"]) == set(parts)
    assert of_the_internet([f"10.{second}.0.0/16" for second in range(256)]) == frozenset()


def test_what_is_written_instead_is_not_the_internet() -> None:
    assert of_the_internet([*PRIVATE, *PRIVATE_V6]) == frozenset()


@given(st.ip_addresses(v=4), st.integers(8, 32))
def test_private_means_what_the_standard_library_means_where_both_know(address: object, size: int) -> None:
    network = ipaddress.ip_network(f"{address}/{size}", strict=False)
    known = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16")
    expected = any(network.subnet_of(ipaddress.ip_network(text)) for text in known)  # type: ignore[arg-type]
    assert is_private(str(network)) is expected


@given(st.text())
def test_any_text_can_be_asked_about(text: str) -> None:
    assert is_wide(text) in (True, False)
    assert is_private(text) in (True, False)
