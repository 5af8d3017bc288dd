"""Exact numbers as one types them: 0.1 is one tenth, 1/3 one third."""

from __future__ import annotations

import re
from fractions import Fraction

from ..errors import InputError

_NUMBER = re.compile(
    r"[+-]?(?:[0-9]{1,400}/0*[1-9][0-9]{0,400}|(?:[0-9]{1,400}\.?[0-9]{0,400}|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,3})?)"
)


def exact_number(text: str, name: str) -> Fraction:
    """Return the number that a decimal or a fraction p/q says, exactly; raise InputError for any other text."""
    if _NUMBER.fullmatch(text) is None:
        shown = text if len(text) <= 40 else f"{text[:37]}..."
        raise InputError(f"{name}: expected a number, as 0.1, 1e-6 or 1/3, got {shown!r}")
    return Fraction(text)
