"""Live sources in the policy file: strict, and never a credential."""

from __future__ import annotations

from typing import Any

import pytest

from remedy_gate.errors import SettingsError
from remedy_gate.findings.live.access import access_from
from remedy_gate.findings.live.registry import KINDS, snapshot_name
from remedy_gate.policy.reading import Extension, read_policy
from remedy_gate.policy.sources import KINDS as POLICY_KINDS
from remedy_gate.policy.sources import SOURCE, SourceOptions, kind_of


def sources(document: Any) -> tuple[SourceOptions, ...]:
    return read_policy({"version": 1, "sources": document}).sources


def test_a_source_has_what_the_file_says_and_the_rest_from_the_defaults() -> None:
    given = {
        "wiz": {"api": "https://api.us17.app.wiz.io/graphql", "filters": {"severity": ["HIGH", "CRITICAL"]}},
        "hub-eu": {"kind": "security-hub", "region": ["eu-west-1", "eu-central-1"], "account": "111122223333"},
        "s3://acme/exports/": {"cache_minutes": 0, "on_unavailable": "warn", "timeout_seconds": 20},
        "code-scanning": {"repository": "acme/infra"},
    }
    assert sources(given) == (
        SourceOptions(
            "wiz", "wiz", api="https://api.us17.app.wiz.io/graphql", filters=(("severity", ("HIGH", "CRITICAL")),)
        ),
        SourceOptions("hub-eu", "security-hub", regions=("eu-west-1", "eu-central-1"), accounts=("111122223333",)),
        SourceOptions("s3://acme/exports/", "s3", on_unavailable="warn", cache_minutes=0, timeout_seconds=20),
        SourceOptions("code-scanning", "code-scanning", repository="acme/infra"),
    )


def test_a_policy_without_sources_has_none() -> None:
    assert read_policy({"version": 1}).sources == ()


def test_the_nearest_definition_of_a_source_holds() -> None:
    org = {"version": 1, "sources": {"wiz": {"cache_minutes": 5}, "security-hub": {"region": "us-east-1"}}}
    mine = {"version": 1, "extends": "./org.yml", "sources": {"wiz": {"cache_minutes": 9}}}
    policy = read_policy(mine, extensions=lambda name: Extension(name, org))
    assert policy.sources == (
        SourceOptions("wiz", "wiz", cache_minutes=9),
        SourceOptions("security-hub", "security-hub", regions=("us-east-1",)),
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"hub": {"region": "eu-west-1"}}, "`kind` is missing"),
        ({"hub": {"kind": "hub"}}, "there is no kind of source 'hub'"),
        ({"wiz": {"region": "eu-west-1"}}, "`region` means nothing to wiz"),
        ({"code-scanning": {"api": "https://x"}}, "`api` means nothing to code-scanning"),
        ({"wiz": {"on_unavailable": "ignore"}}, "there is no mode 'ignore'"),
        ({"wiz": {"cache_minutes": -1}}, "a whole number from 0"),
        ({"wiz": {"timeout_seconds": 0}}, "a whole number from 1"),
        ({"wiz": {"filters": {"severity": 3}}}, "a text or a list of texts"),
        ({"wiz": {"aip": "https://x"}}, "unknown key `aip`"),
        ({"exports": {"kind": "s3"}}, "named by its address"),
        ({"s3://a/b": {"kind": "wiz"}}, "named by its address"),
        ({"s3": {}}, "`kind` is missing"),
        (["wiz"], "it has to be a mapping"),
        ({"wiz": None}, "it has to be a mapping"),
    ],
)
def test_what_means_nothing_is_refused_with_its_place(given: Any, words: str) -> None:
    with pytest.raises(SettingsError) as raised:
        sources(given)
    assert words in str(raised.value)
    assert str(raised.value).startswith(".remedy-gate.yml: sources")


@pytest.mark.parametrize(
    "options",
    [
        {"client_secret": "hush"},
        {"client_id": "hush"},
        {"token": "hush"},
        {"password": "hush"},
        {"accessKey": "hush"},
        {"aws_secret_access_key": "hush"},
        {"api-key": "hush"},
        {"Authorization": "hush"},
        {"api": "https://me:hush@api.us1.app.wiz.io/graphql"},
        {"filters": {"x": ["AKIAIOSFODNN7EXAMPLE"]}},
        {"filters": {"x": "ghp_" + "a1" * 18}},
        {"filters": {"x": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.hush"}},
    ],
)
@pytest.mark.parametrize("name", ["wiz", "security-hub"])
def test_a_credential_is_refused_without_being_repeated(name: str, options: Any) -> None:
    with pytest.raises(SettingsError) as raised:
        sources({name: options})
    assert "a credential has no place in a policy file" in str(raised.value)
    assert "docs/findings.md" in str(raised.value)
    assert not any(word in str(raised.value) for word in ("hush", "AKIA", "ghp_", "eyJ"))


def test_a_credential_in_what_a_policy_extends_is_refused_too() -> None:
    org = {"version": 1, "sources": {"wiz": {"client_secret": "hush"}}}
    with pytest.raises(SettingsError, match=r"org\.yml: sources: wiz: client_secret: a credential"):
        read_policy({"version": 1, "extends": "org.yml"}, extensions=lambda name: Extension(name, org))


def test_a_filter_whose_name_speaks_of_keys_is_no_credential() -> None:
    filters = {"ResourceAwsIamAccessKeyStatus": "Active", "ResourceType": ["AwsSecretsManagerSecret"]}
    (source,) = sources({"security-hub": {"filters": filters}})
    assert len(source.filters) == 2


def test_a_mapping_that_holds_itself_is_refused() -> None:
    itself: dict[str, Any] = {}
    itself["wiz"] = itself
    with pytest.raises(SettingsError):
        sources(itself)


def test_every_kind_that_the_policy_knows_can_be_connected_to() -> None:
    assert tuple(kind.kind for kind in KINDS) == POLICY_KINDS


def test_every_option_is_explained() -> None:
    assert all(shape.about for shape in SOURCE.fields.values())


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("wiz", "wiz"),
        ("security-hub-v2", "security-hub-v2"),
        ("s3://a/b", "s3"),
        ("s3", ""),
        ("export.json", ""),
        ("hub-eu", ""),
        ("./wiz", ""),
    ],
)
def test_some_names_tell_their_kind(name: str, kind: str) -> None:
    assert kind_of(name) == kind


def test_another_question_is_kept_under_another_name() -> None:
    access = access_from({})
    names = {
        snapshot_name(SourceOptions("wiz", "wiz"), access),
        snapshot_name(SourceOptions("wiz", "wiz", filters=(("severity", ("HIGH",)),)), access),
        snapshot_name(SourceOptions("wiz", "wiz-configuration"), access),
        snapshot_name(SourceOptions("wiz", "wiz"), access_from({"WIZ_API_URL": "https://api.us2.app.wiz.io/graphql"})),
        snapshot_name(SourceOptions("code-scanning", "code-scanning"), access_from({"GITHUB_REPOSITORY": "a/b"})),
    }
    assert len(names) == 5
    assert all(name.replace("-", "").isalnum() for name in names)


def test_who_asks_and_how_patiently_is_no_other_question() -> None:
    one = snapshot_name(SourceOptions("wiz", "wiz"), access_from({}))
    other = SourceOptions("wiz", "wiz", on_unavailable="warn", cache_minutes=1, timeout_seconds=9)
    assert snapshot_name(other, access_from({"WIZ_CLIENT_ID": "me", "WIZ_CLIENT_SECRET": "hush"})) == one


@pytest.mark.parametrize("name", ["s3://a/../../../etc/passwd", "../x", "a/b", "漢", "x" * 200])
def test_a_name_never_leads_out_of_the_folder(name: str) -> None:
    kept = snapshot_name(SourceOptions(name, "s3"), access_from({}))
    assert "/" not in kept
    assert ".." not in kept
    assert len(kept) < 60


def test_the_environment_gives_access() -> None:
    access = access_from(
        {
            "WIZ_CLIENT_ID": "id",
            "WIZ_CLIENT_SECRET": "hush",
            "GH_TOKEN": "second",
            "GITHUB_TOKEN": "",
            "https_proxy": "http://proxy:3128",
            "NO_PROXY": ".example",
        }
    )
    assert (access.wiz_client_id, access.wiz_client_secret, access.github_token) == ("id", "hush", "second")
    assert (access.github_api, access.proxy, access.no_proxy) == (
        "https://api.github.com",
        "http://proxy:3128",
        ".example",
    )
