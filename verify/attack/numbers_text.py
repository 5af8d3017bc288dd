"""Exact numbers of any length as text: fractions in decimal digits if short, else in hexadecimal ones."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..exact import Enclosure
from ..theorems.language.values import Root, Value

_SHORT_BITS = 256


def number_text(value: Fraction) -> str:
    """Return `p/q` or `p`; with more than 256 bits in hexadecimal, as `0x1f/0x20`."""
    parts = (value.numerator, value.denominator)
    spelt = str if max(part.bit_length() for part in parts) <= _SHORT_BITS else hex
    return spelt(parts[0]) if parts[1] == 1 else f"{spelt(parts[0])}/{spelt(parts[1])}"


def value_json(value: Value | tuple[Value, ...] | None) -> Any:
    """Return a value for JSON: a text, an object with `lower` and `upper`, a list of these, or null for infinity."""
    if value is None:
        return None
    if isinstance(value, tuple):
        return [value_json(one) for one in value]
    if isinstance(value, Root):
        return f"sqrt({number_text(value.square)})"
    if isinstance(value, Enclosure):
        return {"lower": number_text(value.lower), "upper": number_text(value.upper)}
    return number_text(value)
