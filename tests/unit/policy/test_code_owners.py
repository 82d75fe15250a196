"""CODEOWNERS as GitHub reads it: which lines say something, what a pattern fits, and that the last one counts."""

from __future__ import annotations

import pytest

from remedy_gate.policy.code_owners import Owners, code_owners, owners_of


@pytest.mark.parametrize(
    ("pattern", "fits", "leaves_alone"),
    [
        ("*", ["a", "a/b/c"], []),
        ("*.tf", ["x.tf", "a/b/x.tf"], ["x.tfvars", "xtf"]),
        ("/build/logs/", ["build/logs/a", "build/logs/b/c"], ["x/build/logs/a", "build/logs"]),
        ("docs/*", ["docs/a.md"], ["docs/b/a.md", "x/docs/a.md"]),
        ("apps/", ["apps/x", "a/apps/x/y"], ["apps", "myapps/x"]),
        ("**/logs", ["logs", "a/logs", "a/b/logs/x"], ["logsx", "a/mylogs"]),
        ("/apps/github", ["apps/github", "apps/github/x"], ["x/apps/github", "apps/githubs"]),
        ("apps/github", ["apps/github/x"], ["x/apps/github/x"]),
        ("a/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["a/bc", "x/a/b"]),
        ("a/**", ["a/x", "a/x/y"], ["a", "ab"]),
        ("a?.tf", ["ab.tf"], ["a.tf", "a/.tf"]),
        (r"live\*", ["live*"], ["livex"]),
        (r"my\ file.tf", ["my file.tf"], ["my", "file.tf"]),
        ("Main.tf", ["Main.tf"], ["main.tf"]),
        ("/", [], ["a"]),
    ],
)
def test_a_pattern_fits_what_it_fits_on_github(pattern: str, fits: list[str], leaves_alone: list[str]) -> None:
    lines = code_owners(f"{pattern} @ada\n")
    assert [path for path in fits if owners_of(path, lines) is None] == []
    assert [path for path in leaves_alone if owners_of(path, lines) is not None] == []


def test_the_last_line_that_fits_counts_and_one_without_owners_takes_them_away() -> None:
    lines = code_owners("* @ada\n/live/ @bob @Acme/Security\n/live/open/\n")
    assert owners_of("main.tf", lines) == Owners(1, "*", frozenset({"ada"}))
    assert owners_of("live/a.tf", lines) == Owners(2, "/live/", frozenset({"bob"}), frozenset({"acme/security"}))
    assert owners_of("live/open/a.tf", lines) == Owners(3, "/live/open/")


def test_comments_blank_lines_and_what_github_does_not_know_say_nothing() -> None:
    text = "\ufeff# all @eve\n\n  \n* @ada # and @eve\r\n!main.tf @eve\n[a-z].tf @eve\n/x*** @eve\n"
    assert code_owners(text) == (Owners(4, "*", frozenset({"ada"})),)


def test_a_mail_address_owns_nothing_here_and_does_not_spoil_its_line() -> None:
    assert code_owners("* ada@example.com @bob\n") == (Owners(1, "*", frozenset({"bob"})),)


def test_a_line_that_github_skips_owns_nothing_rather_than_what_stands_above_it() -> None:
    line = owners_of("a.tf", code_owners("* @everyone\n*.tf security\n"))
    assert line == Owners(2, "*.tf", fault="'security' is no owner")
    assert owners_of("a.txt", code_owners("* @everyone\n*.tf security\n")) == Owners(1, "*", frozenset({"everyone"}))


@pytest.mark.parametrize("slug", ["..", ".", "...", ".security"])
def test_a_team_whose_name_would_lead_elsewhere_in_an_address_is_none(slug: str) -> None:
    """`/orgs/acme/teams/../memberships/ada` asks whether Ada is in the organisation at all."""
    [line] = code_owners(f"*.tf @acme/{slug}\n")
    assert line == Owners(1, "*.tf", fault=f"'@acme/{slug}' is no owner")


def test_a_file_of_many_stars_is_read_in_no_time() -> None:
    lines = code_owners(f"{'*a' * 12}b @ada\n{'*' * 2} @bob\n")
    assert owners_of("a" * 60, lines) == Owners(2, "**", frozenset({"bob"}))
