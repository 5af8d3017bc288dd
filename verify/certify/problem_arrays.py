"""Codes, dual vectors and matrices of proofs as certificates spell them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from certificates.format import integers

from ..problems.proofs import DualVector, ExactCode, Integers, UniqueLasso
from .writer import short_array

_INT64 = 1 << 63


def array(values: Sequence[int], exponent: int = 0) -> dict[str, Any]:
    """Return integers times 2^exponent as an array, packed where all are machine numbers."""
    if values and all(-_INT64 <= value < _INT64 for value in values):
        return short_array(np.array(values, dtype=np.int64), exponent=exponent)
    return integers(values, exponent)


def matrix(values: Integers, exponent: int) -> dict[str, Any]:
    """Return the entries of a matrix, row-major, times 2^exponent."""
    return short_array(values, exponent=exponent) if values.size else integers([], 0)


def code_fields(code: ExactCode, field: str) -> dict[str, Any]:
    """Return the four fields of a code; for a complex dictionary every code has an imaginary part."""
    imaginary = None
    if field == "complex":
        imaginary = array(code.imaginary or [0] * len(code.support), code.exponent)
    return {
        "divisor": f"{code.divisor:x}",
        "imaginary": imaginary,
        "real": array(code.real, code.exponent),
        "support": list(code.support),
    }


def dual_fields(dual: DualVector, field: str) -> dict[str, Any]:
    """Return the fields of a dual vector."""
    imaginary = None
    if field == "complex":
        imaginary = array(dual.imaginary or [0] * len(dual.real), dual.exponent)
    return {"imaginary": imaginary, "real": array(dual.real, dual.exponent)}


def empty_code(field: str) -> dict[str, Any]:
    """Return the zero code as the rule unique-minimiser-by-zero derives it."""
    return {
        "divisor": "1",
        "imaginary": integers([]) if field == "complex" else None,
        "real": integers([]),
        "support": [],
    }


def between(first: UniqueLasso, second: UniqueLasso) -> tuple[dict[str, Any], Fraction]:
    """Return the mean of two codes and its radius, as the rule unique-minimiser-of-bpdn derives them."""
    a, b = first.centre, second.centre
    lowest = min(a.exponent, b.exponent, 0)
    pairs = [(x << (a.exponent - lowest), y << (b.exponent - lowest)) for x, y in zip(a.real, b.real, strict=True)]
    sums = [x + y for x, y in pairs]
    twos = math.gcd(*(value & -value for value in sums)) or 1
    exponent = twos.bit_length() - 2 + lowest
    apart = max((abs(x - y) for x, y in pairs), default=0) * Fraction(2) ** (lowest - 1)
    centre = integers([value // twos for value in sums], exponent)
    code = {"divisor": "1", "imaginary": None, "real": centre, "support": list(a.support)}
    return code, apart + max(first.radius, second.radius)
