"""Dictionaries whose entries are algebraic numbers, written as expressions (docs/algebraic.md)."""

from .dictionary import AlgebraicDictionary
from .loading import is_algebraic, load_algebraic

__all__ = ["AlgebraicDictionary", "is_algebraic", "load_algebraic"]
