"""Measured facts: one quantity a file, each exact or enclosed, each with its witness."""

from .measure import Facts, measure

__all__ = ["Facts", "measure"]
