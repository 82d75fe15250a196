"""Remedy Gate: proven repairs of cloud misconfigurations, at the moment the code changes."""

__version__ = "0.1.0"
