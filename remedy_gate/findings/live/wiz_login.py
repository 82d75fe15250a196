"""Signing in to Wiz with client credentials. Tokens live from a quarter of an hour to a day, and only in memory."""

from __future__ import annotations

from typing import Final
from urllib.parse import SplitResult, urlencode, urlsplit

from remedy_gate.errors import FindingsError
from remedy_gate.findings.cleaning import text_of
from remedy_gate.findings.values import table_of

from .access import Access, Secret, safe_address
from .https import Host, Request
from .service import Patience

EARLY: Final = 60.0  # seconds: a token is not used up to its very end
_SHORTEST: Final = 900.0
# Where each of Wiz's environments signs in, by the end of its API's host name.
_ENDPOINTS: Final = (
    (".wiz.us", "https://auth.app.wiz.us/oauth/token"),
    (".gov.wiz.io", "https://auth.gov.wiz.io/oauth/token"),
    (".wiz.io", "https://auth.app.wiz.io/oauth/token"),
)
_OLDER_HOSTS: Final = ("auth.wiz.io", "auth0.gov.wiz.io")  # Auth0; the others are Cognito


class Login:
    """One service account's token."""

    __slots__ = ("_access", "_address", "_host", "_patience", "_token", "_until")

    def __init__(self, api: SplitResult, access: Access, patience: Patience) -> None:
        self._address = _endpoint(api, access)
        self._access = access
        self._patience = patience
        self._host = Host(self._address, access, patience)
        self._token = Secret()
        self._until = 0.0

    def token(self) -> str:
        """A token that is good for a while. Raises `FindingsError` where there is none to be had."""
        if not self._token or self._patience.now() >= self._until:
            self._sign_in()
        return self._token

    def forget(self) -> None:
        """The token was not taken: the next one is a new one."""
        self._token = Secret()

    def close(self) -> None:
        """End the connection."""
        self._host.close()

    def _sign_in(self) -> None:
        access = self._access
        if not access.wiz_client_id or not access.wiz_client_secret:
            raise FindingsError("there are no credentials for Wiz.", "Set WIZ_CLIENT_ID and WIZ_CLIENT_SECRET.")
        form = {
            "grant_type": "client_credentials",
            "audience": "beyond-api" if self._address.hostname in _OLDER_HOSTS else "wiz-api",
            "client_id": access.wiz_client_id,
            "client_secret": str(access.wiz_client_secret),
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        answer = self._host.ask(Request("POST", self._address.path or "/", headers, urlencode(form).encode()))
        document = table_of(answer.document)
        token = document.get("access_token")
        if not answer.is_good or not isinstance(token, str) or not token.isprintable():
            why = text_of(document.get("error"))[:60]  # nothing else of the answer: it may repeat what was sent
            raise FindingsError(
                f"Wiz did not let us in (status {answer.status}{f', {why}' if why else ''}).",
                "Check WIZ_CLIENT_ID and WIZ_CLIENT_SECRET.",
            )
        self._token = Secret(token)
        lives = document.get("expires_in")
        seconds = float(lives) if isinstance(lives, int) and not isinstance(lives, bool) else _SHORTEST
        self._until = self._patience.now() + max(1.0, seconds - EARLY)


def _endpoint(api: SplitResult, access: Access) -> SplitResult:
    if access.wiz_auth:
        return safe_address(access.wiz_auth, "WIZ_AUTH_URL")
    host = api.hostname or ""
    for end, url in _ENDPOINTS:
        if host.endswith(end):
            return urlsplit(url)
    raise FindingsError(f"nothing says where to sign in for {host}.", "Set WIZ_AUTH_URL.")
