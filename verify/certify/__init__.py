"""Verdicts to certificates, and the check that freezes them: the only door of `verify` to `certificates`."""

from .check import CheckResult, check_dictionary

__all__ = ["CheckResult", "check_dictionary"]
