"""Where in a resource an argument of a special rule points, as the declarations write it."""

from __future__ import annotations

from remedy_gate.catalogue.control import Subject
from remedy_gate.iac.values import Path


def path_in(subject: Subject, text: str) -> Path:
    """`a.b` as a path of the subject's language: for CloudFormation it is below `Properties`."""
    steps = tuple(text.split("."))
    return steps if subject.module.language == "terraform" else ("Properties", *steps)
