"""Whether a model can be asked from here: step by step, each with its way out. No credential is ever told."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any, NamedTuple

from remedy_gate.domain.patch import money

from .bedrock_asking import Asked
from .bedrock_call import Conversation
from .bedrock_models import GEOGRAPHIES, Model
from .bedrock_troubles import GRANT, Trouble, trouble_of
from .prompt import Prompt, packaged
from .prompt_text import sentence
from .redaction import Secrets

QUESTION = "This only tries the connection, and there is nothing to repair. Say that you cannot."


class State(StrEnum):
    """What came of a step."""

    OK = "ok"
    FAILED = "failed"
    NOT_TRIED = "not tried"


class Step(NamedTuple):
    """One thing that has to be so. `hint` is the way out."""

    name: str
    state: State
    words: str
    hint: str = ""


class Caller(NamedTuple):
    """Who we are to AWS. `partition` is aws, aws-cn or aws-us-gov."""

    account: str = "ACCOUNT"
    partition: str = "aws"


def caller(region: str, user_agent: str) -> tuple[Step, Caller]:
    """Whether the credentials that boto3 finds are valid, and whose they are. Asks AWS STS, which needs no right."""
    try:
        from boto3.session import Session
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError
    except ImportError:
        return Step("credentials", State.FAILED, "boto3 is not installed", "Install remedy-gate[aws]."), Caller()
    config = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 2}, user_agent_extra=user_agent)
    try:
        session = Session()
        answer: Any = session.client("sts", region_name=region, config=config).get_caller_identity()
    except (BotoCoreError, ClientError, ResponseParserError, ValueError) as error:
        return _refused(trouble_of(error)), Caller()
    arn, account = str(answer.get("Arn", "")), str(answer.get("Account", ""))
    parts = arn.split(":")
    partition = parts[1] if len(parts) > 5 else "aws"  # noqa: PLR2004 - an ARN has six parts
    kind = parts[-1].split("/")[0] if len(parts) > 5 else "caller"  # noqa: PLR2004 - see above
    return Step("credentials", State.OK, f"valid: {sentence(kind, 40)} of account {sentence(account, 20)}"), Caller(
        account, partition
    )


def question() -> Conversation:
    """The shortest question that has everything of a real one."""
    return Conversation(Prompt(packaged("system.txt"), QUESTION, "-", "doctor", Secrets(), ()), "doctor")


def told(asked: Asked) -> tuple[Step, Step]:
    """What the answer to that question says of the model, and of our rights."""
    answer = asked.answer
    if not isinstance(answer, Trouble):
        words = f"{asked.model} answered: {asked.usage.total:,} tokens, {money(asked.dollars)}"
        return Step("model", State.OK, words), Step("permissions", State.OK, "the model may be asked")
    model = Step("model", State.FAILED, sentence(answer.reason), answer.hint)
    if answer.hint == GRANT:
        hint = "Attach the policy below to whoever runs this, and enable the model for the account."
        return model._replace(hint=hint), Step("permissions", State.FAILED, "bedrock:InvokeModel was denied", hint)
    return model, Step("permissions", State.NOT_TRIED, "the model did not answer")


def policy_for(model: Model, region: str, who: Caller, guardrail: str = "") -> str:
    """The IAM policy that asking this model takes, as JSON to paste."""
    resources = _resources(model.id, who)
    statements: list[dict[str, object]] = [{"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": resources}]
    if guardrail:
        arn = f"arn:{who.partition}:bedrock:{region}:{who.account}:guardrail/{guardrail}"
        named = guardrail if guardrail.startswith("arn:") else arn
        statements.append({"Effect": "Allow", "Action": "bedrock:ApplyGuardrail", "Resource": named})
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=2)


def _resources(identifier: str, who: Caller) -> list[str]:
    """The model's ARNs. A profile calls its model in any region of its geography, so the model needs all of them."""
    anywhere = f"arn:{who.partition}:bedrock:*"
    if identifier.startswith("arn:"):
        return [identifier] if ":foundation-model/" in identifier else [identifier, f"{anywhere}::foundation-model/*"]
    geography, _, rest = identifier.partition(".")
    if geography in GEOGRAPHIES:
        profile = f"{anywhere}:{who.account}:inference-profile/{identifier}*"
        return [profile, f"{anywhere}::foundation-model/{rest}*"]
    return [f"{anywhere}::foundation-model/{identifier}*"]


def _refused(trouble: Trouble) -> Step:
    if "credentials" in trouble.reason:
        return Step("credentials", State.FAILED, sentence(trouble.reason), trouble.hint)
    return Step("credentials", State.NOT_TRIED, f"AWS STS did not tell: {sentence(trouble.reason)}")
