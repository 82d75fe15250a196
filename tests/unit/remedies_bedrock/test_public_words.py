"""The catalogue's own words are no secrets: redaction must not take them for any."""

from __future__ import annotations

from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.iac.schemas import load
from remedy_gate.remedies.prompt_material import schema_text
from remedy_gate.remedies.prompt_words import requirement_text
from remedy_gate.remedies.redaction import found_in, public_words, survivors


def test_no_control_has_anything_in_it_that_looks_like_a_secret() -> None:
    schemas, wrong = load(), []
    for control in Catalogue():
        for type_name in control.rules:
            asked = requirement_text(control, type_name)
            public = public_words(schema_text(schemas.arguments(type_name)), asked)
            texts = [asked, *(f"title: {control.title}: {name} is not set\n" for name in public)]
            wrong += [(control.id, type_name, value) for value in found_in(texts, public).values]
    assert wrong == []


def test_a_long_name_of_the_schema_is_no_secret_but_a_short_one_may_be() -> None:
    public = public_words("iam_database_authentication_enabled (bool)\nusername (string)\nMasterUserPassword (string)")
    assert public == {"iam_database_authentication_enabled", "MasterUserPassword"}
    secrets = found_in(["a password: iam_database_authentication_enabled is not set", 'password = "username"'], public)
    assert secrets.values == ("username",)
    assert survivors("a password: iam_database_authentication_enabled is not set", secrets) == 0
    assert survivors('password = "hunter2hunter2"', secrets) == 1


def test_what_a_control_speaks_of_is_no_secret_but_a_short_word_of_it_may_be() -> None:
    public = public_words("", "`ssl_policy` is one of 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06', password: letmein")
    assert "ELBSecurityPolicy-TLS13-1-2-Res-2021-06" in public
    assert "letmein" not in public
    assert public_words("", "it contains 'AKIAIOSFODNN7EXAMPLE'") == frozenset()
