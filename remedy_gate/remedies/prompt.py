"""From a finding, its match and the code to the words that a model is asked with. Pure, but for the packaged texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from os.path import dirname, join
from typing import NamedTuple

from remedy_gate.catalogue.control import Control
from remedy_gate.domain.finding import Finding
from remedy_gate.domain.patch import NoPatch
from remedy_gate.errors import SettingsError
from remedy_gate.iac.module import Block, Module, Span
from remedy_gate.iac.schema import Schemas
from remedy_gate.iac.values import Scalar

from .prompt_material import MOST_BLOCK, Neighbour, code_of, finding_text, neighbours, schema_text, values_text
from .prompt_text import data, sentence, visible
from .prompt_words import requirement_text
from .redaction import Secrets, found_in, public_words, redacted, survivors

TEXTS = ("system.txt", "structured.txt", "tagged.txt", "request.txt", "repair.txt", "answer_schema.json")
NO_CONTROL = (
    "No control of the catalogue says what has to hold. Repair what the finding's title says, in the narrowest way,\n"
    "by changing the resource itself. If the title does not say what to change, say that you cannot."
)
ENVIRONMENTS = "Where it is deployed, by the names of the organisation's environments:"
ACCEPTED = (
    "Fixes of the same problem elsewhere that people of this organisation accepted. They show the manner that is liked;\n"
    "what they name belongs to other code:"
)
MOST_EVIDENCE = 2_000


class Case(NamedTuple):
    """What is to be repaired: a finding on a block of a module. `control` is None where the catalogue has none.

    `environments` are where the block is deployed; `accepted` are diffs for the same control that people said yes to.
    """

    finding: Finding
    module: Module
    block: Block
    control: Control | None
    parameters: Mapping[str, Scalar]
    environments: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()


class Shown(NamedTuple):
    """A block that the prompt shows, and that an edit may therefore lie in."""

    path: str
    span: Span


class Prompt(NamedTuple):
    """A request in words. `digest` names its contents without the random mark: equal for equal requests.

    `user` holds placeholders where `secrets` stood. `shown` are the places that may be edited.
    """

    system: str
    user: str
    nonce: str
    digest: str
    secrets: Secrets
    shown: tuple[Shown, ...]


def prompt_for(case: Case, schemas: Schemas, nonce: Callable[[], str]) -> Prompt | NoPatch:
    """The prompt, or why none can be sent. `nonce` gives a text that nobody can guess, another one each time."""
    code = code_of(case.module, case.block)
    if code is None:
        return NoPatch(f"{case.block.path} is not UTF-8, so no model is asked")
    if len(code) > MOST_BLOCK:
        return NoPatch(f"{case.block.address} is longer than {MOST_BLOCK:,} characters, so no model is asked")
    around = tuple(near for near in neighbours(case.module, case.block.address) if code_of(case.module, near.block))
    pieces = {visible(name): visible(text) for name, text in _pieces(case, code, around).items() if text}
    schema = schema_text(schemas.arguments(case.block.type))
    secrets = found_in(pieces.values(), public_words(schema, pieces.get("requirement", "")))
    pieces = {redacted(name, secrets): redacted(text, secrets) for name, text in pieces.items()}
    mark = _unguessed(nonce, pieces)
    user, neutral = (_request(case, pieces, schema, text) for text in (mark, "-"))
    system = packaged("system.txt")
    if survivors(user, secrets):
        return NoPatch("something that looks like a secret could not be taken out of the prompt, so nothing was sent")
    shown = tuple(Shown(block.path, block.span) for block in (case.block, *(near.block for near in around)))
    digest = sha256(f"{prompts_digest()}\0{neutral}".encode("utf-8", "surrogatepass")).hexdigest()
    return Prompt(system, user, mark, digest, secrets, shown)


def repair_text(prompt: Prompt, evidence: str) -> str | None:
    """What a model is told of an answer that was not accepted; None where the evidence cannot be told."""
    told = redacted(visible(evidence), prompt.secrets)[:MOST_EVIDENCE]
    if survivors(told, prompt.secrets):
        return None
    return packaged("repair.txt").format(evidence=data(prompt.nonce, "evidence", told))


@cache
def packaged(name: str) -> str:
    """One of the texts that prompts are made of."""
    try:
        with open(join(dirname(__file__), "prompts", name), encoding="utf-8") as file:
            return file.read()
    except OSError as error:
        raise SettingsError(f"the packaged prompt {name} cannot be read.", "Install remedy-gate again.") from error


@cache
def prompts_digest() -> str:
    """The SHA-256 of all texts that prompts are made of: the version of a patch's origin."""
    return sha256("\0".join(map(packaged, TEXTS)).encode()).hexdigest()


def _pieces(case: Case, code: str, around: tuple[Neighbour, ...]) -> dict[str, str]:
    """Everything that others wrote, by the name of its place in the request."""
    control, block = case.control, case.block
    given = "\n".join(f"{name} is {value!r}" for name, value in case.parameters.items())
    pieces = {
        "subject": f"{block.address}\n{block.type}\n{block.path}",
        "finding": finding_text(case.finding),
        "requirement": requirement_text(control, block.type) if control else "",
        "block": code,
        "values": values_text(case.module.resolved(block.address)),
        "parameters": given,
        "environments": "\n".join(case.environments),
    }
    for number, diff in enumerate(case.accepted, 1):
        pieces[f"accepted {number}"] = diff
    for near in around:
        pieces[f"{near.relation} {near.block.address} in {near.block.path}"] = code_of(case.module, near.block) or ""
    return pieces


def _request(case: Case, pieces: Mapping[str, str], schema: str, mark: str) -> str:
    around = [data(mark, sentence(name), text) for name, text in pieces.items() if name.startswith("referenc")]
    accepted = "".join(f"{data(mark, name, text)}\n\n" for name, text in pieces.items() if name.startswith("accepted"))
    parameters, environments = pieces.get("parameters", ""), pieces.get("environments", "")
    return packaged("request.txt").format(
        nonce=mark,
        language=case.module.language,
        subject=data(mark, "resource: address, type, file", pieces["subject"]),
        finding=data(mark, "finding", pieces["finding"]),
        requirement=data(mark, "requirement", pieces["requirement"]) if case.control else NO_CONTROL,
        block=data(mark, "block", pieces["block"]),
        neighbours="".join(f"{text}\n\n" for text in around),
        values=data(mark, "values", pieces["values"]),
        schema=f"The arguments of its type:\n{schema}\n\n" if schema else "",
        parameters=f"What the owner has set:\n{data(mark, 'parameters', parameters)}\n\n" if parameters else "",
        environments=f"{ENVIRONMENTS}\n{data(mark, 'environments', environments)}\n\n" if environments else "",
        accepted=f"{ACCEPTED}\n{accepted}" if accepted else "",
    )


def _unguessed(nonce: Callable[[], str], pieces: Mapping[str, str]) -> str:
    mark = nonce()
    while any(mark in text for text in pieces.values()):
        mark = nonce()
    return mark
