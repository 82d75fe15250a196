"""What a service may be asked with: credentials and addresses, as the environment gives them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from remedy_gate.errors import SettingsError

if TYPE_CHECKING:
    from urllib.parse import SplitResult

LOCAL = ("127.0.0.1", "::1", "localhost")


class Secret(str):
    """A text that does not show itself in a representation, such as that of a tuple around it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'...'"


class Access(NamedTuple):
    """Credentials and addresses of the environment, empty where it names none. AWS's own are read by boto3.

    `proxy` is for https, `no_proxy` the hosts that it is not for, divided by commas.
    """

    wiz_client_id: str = ""
    wiz_client_secret: Secret = Secret()
    wiz_api: str = ""
    wiz_auth: str = ""
    github_token: Secret = Secret()
    github_repository: str = ""
    github_api: str = "https://api.github.com"
    proxy: Secret = Secret()
    no_proxy: str = ""


def access_from(environment: Mapping[str, str]) -> Access:
    """What the variables of an environment allow."""

    def first(*names: str) -> str:
        return next((environment[name] for name in names if environment.get(name)), "")

    return Access(
        wiz_client_id=first("WIZ_CLIENT_ID"),
        wiz_client_secret=Secret(first("WIZ_CLIENT_SECRET")),
        wiz_api=first("WIZ_API_URL"),
        wiz_auth=first("WIZ_AUTH_URL"),
        github_token=Secret(first("GITHUB_TOKEN", "GH_TOKEN")),
        github_repository=first("GITHUB_REPOSITORY"),
        github_api=first("GITHUB_API_URL") or "https://api.github.com",
        proxy=Secret(first("HTTPS_PROXY", "https_proxy")),
        no_proxy=first("NO_PROXY", "no_proxy"),
    )


def safe_address(url: str, what: str) -> SplitResult:
    """An address that a credential may be sent to: https, or this very machine.

    :raises SettingsError: it is none.
    """
    from urllib.parse import urlsplit

    try:
        address = urlsplit(url)
        _ = address.port
    except ValueError as error:
        raise SettingsError(f"{what} is not an address: {error}.") from error
    is_safe = address.scheme == "https" or (address.scheme == "http" and address.hostname in LOCAL)
    if not is_safe or not address.hostname or re.search(r"[\s\x00-\x1f\\]", url):
        raise SettingsError(f"{what} has to begin with https://: a credential is sent there.")
    if address.username is not None or address.password is not None:
        raise SettingsError(f"{what} holds a user name or a password.", "Credentials have variables of their own.")
    return address
