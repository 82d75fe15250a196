"""Scanners that others made, asked again: one module a scanner, each says how it is called and how its answer is read."""

from __future__ import annotations

from . import cfn_lint, checkov, kics, trivy
from .scanner import Scanner

KNOWN: tuple[Scanner, ...] = (checkov.SCANNER, trivy.SCANNER, kics.SCANNER, cfn_lint.SCANNER)
