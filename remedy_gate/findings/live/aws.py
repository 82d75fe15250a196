"""AWS for reading only: clients with bounded repetition, and their errors in words. The one place that asks for boto3.

Credentials come from boto3's own chain: the environment, OIDC (a web identity token), a profile, or the instance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from remedy_gate.errors import FindingsError, SettingsError
from remedy_gate.findings.cleaning import text_of

from .service import Patience

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

_REGION = re.compile(r"[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}")


def client(service: str, region: str, patience: Patience) -> Any:  # noqa: ANN401 - boto3 makes its classes at run time
    """A client of a service. An empty region is the environment's.

    :raises FindingsError: boto3 is not installed, or no region is named anywhere.
    """
    if region and not _REGION.fullmatch(region):
        raise SettingsError(f"{region[:40]!r} is not the name of an AWS region.", "They look like eu-west-1.")
    try:
        from boto3.session import Session
        from botocore.config import Config
        from botocore.session import get_session
    except ImportError as error:
        raise FindingsError("boto3 is not installed.", "Install remedy-gate[aws].") from error
    limits = patience.limits
    config = Config(
        retries={"mode": "standard", "total_max_attempts": limits.attempts},
        connect_timeout=min(10.0, limits.request),
        read_timeout=limits.request,
        user_agent_extra="remedy-gate",
    )
    with explained(""):
        session = get_session()
        session.register_component("data_loader", _models())
        return Session(botocore_session=session).client(service, region_name=region or None, config=config)


@lru_cache(maxsize=1)
def _models() -> Any:  # noqa: ANN401 - see above
    """The descriptions of services, read once for all regions: a tenth of a second each."""
    from botocore.loaders import create_loader

    return create_loader()


@contextmanager
def explained(action: str) -> Iterator[None]:
    """Turn what botocore raises into `FindingsError`. `action` is the permission that is needed, if any."""
    from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

    try:
        yield
    except ClientError as error:
        raise _refused(error, action) from error
    except ParamValidationError as error:
        raise SettingsError(f"AWS does not know such a filter: {_line(error)}.") from error
    except BotoCoreError as error:
        raise _unasked(error) from error
    except Exception as error:  # its parsers trust the shape of an answer, and raise whatever another leads to
        raise FindingsError("AWS answered with something that cannot be read.", "Try again later.") from error


def _refused(error: ClientError, action: str) -> FindingsError:
    told = error.response.get("Error", {})
    code, message = text_of(told.get("Code")), text_of(told.get("Message"))[:300].rstrip(".")
    hint = f"The role needs {action}." if "AccessDenied" in code and action else ""
    return FindingsError(f"AWS refused ({code}): {message or 'it gave no reason'}.", hint)


def _unasked(error: Exception) -> FindingsError:
    kind = type(error).__name__
    if kind in ("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError", "ProfileNotFound"):
        return FindingsError(
            "there are no credentials for AWS.",
            "Sign in: OIDC, AWS_PROFILE or the instance's role gives them to boto3.",
        )
    if kind == "NoRegionError":
        return FindingsError("no AWS region is named.", "Set AWS_REGION, or `region` of the source in the policy file.")
    return FindingsError(f"AWS could not be asked: {_line(error)}.", "Try again later.")


def _line(error: Exception) -> str:
    return text_of(str(error))[:300].rstrip(".")
