"""Dictionaries: exact columns, where they came from, and their digest."""

from .dictionary import Dictionary
from .sources import load

__all__ = ["Dictionary", "load"]
