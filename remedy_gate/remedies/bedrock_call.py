"""One Converse request as a value, and one response read: the same bodies online and in a batch. Pure."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import NamedTuple

from remedy_gate.policy.bedrock import BedrockChoice

from .bedrock_models import Model, Usage
from .bedrock_troubles import Trouble
from .prompt import Prompt, packaged

CHARACTERS_A_TOKEN = 3.0
"""Low on purpose: the tokenizers of newer models make more tokens of the same text."""
USUAL_ANSWER = 1_500
"""Tokens of an answer, for the estimate before a call."""


class Conversation(NamedTuple):
    """What is asked. `turns` are the model's answers and our replies so far; `sample` numbers fresh beginnings."""

    prompt: Prompt
    subject: str
    turns: tuple[str, ...] = ()
    sample: int = 0


class Manner(NamedTuple):
    """How a model is asked: with a schema for its answer or without, with a point for its prompt cache or without."""

    model: Model
    schema: bool
    cache: bool


class Reply(NamedTuple):
    """A whole answer. `kept`: it came from our own cache, and cost nothing."""

    text: str
    usage: Usage
    milliseconds: int = 0
    kept: bool = False


def body(conversation: Conversation, manner: Manner, choice: BedrockChoice) -> dict[str, object]:
    """The body of a Converse request, without the model's id. No tools, and no sampling parameters."""
    prompt = conversation.prompt
    carrier = packaged("structured.txt" if manner.schema else "tagged.txt")
    system: list[object] = [{"text": f"{prompt.system}\n{carrier}"}]
    if manner.cache and len(prompt.system) + len(carrier) >= manner.model.cache_tokens * 4:
        system.append({"cachePoint": {"type": "default"}})
    messages: list[object] = [{"role": "user", "content": _content(prompt.user, prompt.nonce, choice)}]
    for number, turn in enumerate(conversation.turns):
        role = "user" if number % 2 else "assistant"
        content = _content(turn, prompt.nonce, choice) if number % 2 else [{"text": turn}]
        messages.append({"role": role, "content": content})
    request: dict[str, object] = {
        "system": system,
        "messages": messages,
        "inferenceConfig": {"maxTokens": min(choice.max_tokens, manner.model.longest)},
    }
    if manner.schema:
        structure = {"jsonSchema": {"name": "repair", "schema": packaged("answer_schema.json")}}
        request["outputConfig"] = {"textFormat": {"type": "json_schema", "structure": structure}}
    if choice.guardrail:
        request["guardrailConfig"] = {
            "guardrailIdentifier": choice.guardrail,
            "guardrailVersion": choice.guardrail_version or "DRAFT",
        }
    return request


def metadata(conversation: Conversation) -> dict[str, str]:
    """What the invocation log is to know of a call: who asked, and about which problem. No code, no names."""
    return {"tool": "remedy-gate", "prompt": conversation.prompt.digest[:32], "finding": conversation.subject}


def _content(text: str, nonce: str, choice: BedrockChoice) -> list[object]:
    """The text as one piece; with a guardrail, what others wrote apart, so that our words do not count against us."""
    if not choice.guardrail:
        return [{"text": text}]
    mark = re.escape(nonce)
    pieces = re.split(rf"(?ms)(^<<DATA {mark} .*?^<<END {mark}>>$)", text)
    return [
        {"guardContent": {"text": {"text": piece}}} if piece.startswith("<<DATA") else {"text": piece}
        for piece in pieces
        if piece.strip()
    ]


def key_of(conversation: Conversation, manner: Manner, choice: BedrockChoice) -> str:
    """64 hex digits: the same for the same finding, code, prompt, model and manner, whatever the random mark was."""
    prompt = conversation.prompt
    parts = (
        manner.model.id,
        prompt.digest,
        str(conversation.sample),
        str((manner.schema, min(choice.max_tokens, manner.model.longest), choice.guardrail, choice.guardrail_version)),
        *(turn.replace(prompt.nonce, "-") for turn in conversation.turns),
    )
    return sha256(json.dumps(parts).encode()).hexdigest()


def estimate(conversation: Conversation, manner: Manner) -> Usage:
    """About how many tokens a call takes."""
    prompt = conversation.prompt
    characters = len(prompt.system) + len(prompt.user) + sum(map(len, conversation.turns))
    return Usage(int(characters / CHARACTERS_A_TOKEN), min(USUAL_ANSWER, manner.model.longest))


_STOPS = {
    "max_tokens": Trouble("the model's answer was cut off", "Raise `bedrock: max_tokens`."),
    "model_context_window_exceeded": Trouble("the code is too long for the model"),
    "guardrail_intervened": Trouble("a guardrail stopped it", "Look at the guardrail's trace in the invocation log."),
    "content_filtered": Trouble("the service filtered the model's answer"),
    "malformed_model_output": Trouble("the model's answer was malformed"),
    "malformed_tool_use": Trouble("the model's answer was malformed"),
    "tool_use": Trouble("the model asked for a tool, and it has none"),
}


def read_response(response: object, milliseconds: int = 0) -> tuple[Reply | Trouble, Usage]:
    """The answer in a response, and what it used; one that was stopped is no answer, and was paid all the same."""
    if not isinstance(response, dict):
        return Trouble("Bedrock answered with something that cannot be read"), Usage()
    usage = _usage(response.get("usage"))
    stop = response.get("stopReason")
    if stop is None:
        return Trouble("Bedrock answered with something that cannot be read"), usage
    if stop not in ("end_turn", "stop_sequence"):
        return _STOPS.get(str(stop), Trouble("the model stopped for a reason that is not known")), usage
    message = _entry(_entry(response, "output"), "message")
    content = message.get("content")
    texts = [part.get("text") for part in content if isinstance(part, dict)] if isinstance(content, list) else []
    text = "".join(part for part in texts if isinstance(part, str))
    return Reply(text, usage, milliseconds), usage


def service_request_of(response: object) -> str:
    """What AWS calls the request, as CloudTrail and the invocation log do; empty where it does not say."""
    identifier = _entry(response, "ResponseMetadata").get("RequestId")
    is_one = isinstance(identifier, str) and re.fullmatch(r"[\w-]{1,64}", identifier, re.ASCII)
    return str(identifier) if is_one else ""


def _entry(value: object, key: str) -> dict[str, object]:
    inner = value.get(key) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else {}


def _usage(value: object) -> Usage:
    counts = value if isinstance(value, dict) else {}
    names = ("inputTokens", "outputTokens", "cacheReadInputTokens", "cacheWriteInputTokens")
    numbers = [counts.get(name) for name in names]
    return Usage(*(max(0, number) if isinstance(number, int) else 0 for number in numbers))
