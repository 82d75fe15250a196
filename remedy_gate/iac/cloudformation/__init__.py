"""CloudFormation templates, YAML and JSON: read, resolved and edited exactly."""

from .language import CloudFormation

__all__ = ["CloudFormation"]
