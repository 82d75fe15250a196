"""Everything that can go wrong with a model call, as a value: what happened, the way out, and whether to go on."""

from __future__ import annotations

from typing import NamedTuple

from .prompt_text import sentence


class Trouble(NamedTuple):
    """Why there is no answer. `hint` is the way out.

    `lasting`: the next call would fare no better. `repeats`: how often the same call may be made again; one that may
    have been paid for is not. `without` is what of the request the model does not take: `schema` or `cache`.
    `paid`: the service may have made an answer that we never saw, and charged for it.
    """

    reason: str
    hint: str = ""
    lasting: bool = False
    repeats: int = 0
    without: str = ""
    paid: bool = False

    @property
    def words(self) -> str:
        """Reason and hint, as the reason of a `NoPatch`."""
        return f"{self.reason}. {self.hint}" if self.hint else self.reason


GRANT = "Grant bedrock:InvokeModel on the model and its inference profile: docs/bedrock.md has the policy."
ANYWHERE = "Name the model, or another one, in the policy's `bedrock: model`."

_BY_CODE = {
    "AccessDeniedException": Trouble("Bedrock denied access to the model", GRANT, lasting=True),
    "ResourceNotFoundException": Trouble("Bedrock knows no such model in this region", ANYWHERE, lasting=True),
    "ThrottlingException": Trouble("Bedrock throttled us", "Try again later, or lower `bedrock: threads`.", repeats=3),
    "TooManyRequestsException": Trouble("Bedrock throttled us", "Try again later.", repeats=3),
    "ModelNotReadyException": Trouble("the model is not ready", "Try again in some minutes.", repeats=3),
    "ServiceUnavailableException": Trouble("Bedrock is unavailable", "Try again later.", repeats=2),
    "InternalServerException": Trouble("Bedrock failed", "Try again later.", repeats=2),
    "ModelTimeoutException": Trouble("the model took too long", "Try again later.", repeats=1, paid=True),
    "ModelErrorException": Trouble("the model failed", "Try again later.", repeats=1),
    "ServiceQuotaExceededException": Trouble(
        "the account's quota for the model is used up", "Ask for more in Service Quotas.", lasting=True
    ),
    "ValidationException": Trouble("Bedrock refused the request"),
}
_SIGN_IN = Trouble(
    "there are no valid credentials for AWS",
    "Sign in: OIDC in CI, AWS_PROFILE, AWS_BEARER_TOKEN_BEDROCK, or the instance's role.",
    lasting=True,
)
_BY_KIND = {
    "NoCredentialsError": _SIGN_IN,
    "PartialCredentialsError": _SIGN_IN,
    "CredentialRetrievalError": _SIGN_IN,
    "TokenRetrievalError": _SIGN_IN,
    "UnauthorizedSSOTokenError": _SIGN_IN,
    "SSOTokenLoadError": _SIGN_IN,
    "ProfileNotFound": _SIGN_IN,
    "NoRegionError": Trouble("no AWS region is named", "Set AWS_REGION, or `bedrock: region`.", lasting=True),
    "InvalidRegionError": Trouble("there is no such AWS region", "Set AWS_REGION, or `bedrock: region`.", lasting=True),
    "ReadTimeoutError": Trouble(
        "the model did not answer in time, and is not asked again, as that would be paid twice",
        "Raise `bedrock: timeout_seconds`.",
        paid=True,
    ),
    "ConnectionClosedError": Trouble(
        "the connection to Bedrock broke, and the call is not repeated, as it may be paid", paid=True
    ),
    **dict.fromkeys(
        ("ResponseParserError", "AttributeError", "TypeError", "LookupError", "ValueError"),
        Trouble("Bedrock answered with something that cannot be read", paid=True),
    ),
}
_EXPIRED = ("ExpiredToken", "UnrecognizedClient", "InvalidSignature", "InvalidClientToken", "MissingAuthentication")


def trouble_of(error: Exception) -> Trouble:
    """What an error of boto3 comes to. Known by its name, so that nothing has to be imported for it."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        told = response.get("Error")
        told = told if isinstance(told, dict) else {}
        return _refused(str(told.get("Code", "")), str(told.get("Message", "")))
    for kind in type(error).__mro__:
        if kind.__name__ in _BY_KIND:
            return _BY_KIND[kind.__name__]
    return Trouble(f"Bedrock could not be reached ({type(error).__name__})", "Look at network and proxy.", lasting=True)


def _refused(code: str, message: str) -> Trouble:
    if any(word in code for word in _EXPIRED):
        return _SIGN_IN
    lower = message.lower()
    if "use case details" in lower:
        return Trouble(
            "the form with the use case of Anthropic's models was not sent in",
            "Open the model in the Bedrock console once, and fill it in.",
            lasting=True,
        )
    if "on-demand throughput" in lower:
        return Trouble(
            "the model is not to be had by its bare id", "Use its inference profile: us., eu. or global.", lasting=True
        )
    trouble = _BY_CODE.get(code, Trouble(f"Bedrock refused the request ({sentence(code, 60)})"))
    if code != "ValidationException":
        return trouble
    if any(word in lower for word in ("output_config", "outputconfig", "json_schema", "textformat", "structured out")):
        return trouble._replace(without="schema")
    if any(word in lower for word in ("cachepoint", "cache_control", "prompt caching")):
        return trouble._replace(without="cache")
    if "model identifier" in lower:
        return Trouble("Bedrock knows no model of this id", ANYWHERE, lasting=True)
    return trouble._replace(reason=f"Bedrock refused the request: {sentence(message, 160).rstrip('.')}")
