"""Terraform: read with tree-sitter, resolved as far as the code goes, edited byte by byte."""

from __future__ import annotations

from remedy_gate.iac.module import IacLanguage

from .language import Terraform

TERRAFORM: IacLanguage = Terraform()

__all__ = ["TERRAFORM", "Terraform"]
