"""The atoms of D^ or of D as integers divided by a power of two, each entry off by less than one unit."""

from __future__ import annotations

import math
from fractions import Fraction

from .dictionary import Dictionary
from .values import Fields, Reject

MOST_BITS = 5000


def read_bits(fields: Fields) -> int:
    """Read the number of fractional bits from the evidence."""
    bits = fields.natural("bits")
    if bits > MOST_BITS:
        raise Reject(f"bits is above {MOST_BITS}")
    return bits


def refuse_complex(dictionary: Dictionary) -> None:
    """Raise Reject unless the dictionary is real."""
    if dictionary.field != "real":
        raise Reject("this rule is for real dictionaries")


def fixed_point(dictionary: Dictionary, scaling: str, bits: int) -> list[list[int]]:
    """Return integers R_j with |R_j / 2^bits - d'_j| < 2^-bits in every entry, d' the atoms scaled as asked."""
    if scaling == "as-given":
        return [
            [(scale.numerator * entry << bits) // scale.denominator for entry in column]
            for scale, column in zip(dictionary.scale, dictionary.real, strict=True)
        ]
    return [
        [_root(entry, bits, norm) if entry >= 0 else -_root(entry, bits, norm) for entry in column]
        for norm, column in zip(dictionary.squared_norms, dictionary.real, strict=True)
    ]


def _root(entry: int, bits: int, norm: int) -> int:
    """Return the largest integer that is at most 2^bits |entry| / sqrt(norm)."""
    return math.isqrt((entry * entry << 2 * bits) // norm)


def entry_bits(dictionary: Dictionary, scaling: str, bits: int) -> int:
    """Return a bound of the number of bits of the integers of `fixed_point`."""
    if scaling == "unit":
        return bits + 1
    return bits + 1 + max(0, dictionary.bits + max(_magnitude(scale) for scale in dictionary.scale))


def _magnitude(scale: Fraction) -> int:
    """Return e with scale < 2^e."""
    return scale.numerator.bit_length() - scale.denominator.bit_length() + 1


def fixed_point_work(dictionary: Dictionary, scaling: str, bits: int) -> int:
    """Return the work of `fixed_point`."""
    entry, scale = dictionary.bits // 30 + 1, dictionary.longest_scale // 30 + 1
    if scaling == "as-given":
        return dictionary.n * dictionary.m * (500 + 4 * scale * (entry + scale + bits // 30))
    digits = 2 * (dictionary.bits + bits) // 30 + 1
    return dictionary.n * dictionary.m * (1000 + digits * digits // 2 + entry * entry)
