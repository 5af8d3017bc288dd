"""What a code costs: sum w_i |x_i|, exactly or enclosed."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..dictionaries.dictionary import Dictionary
from ..exact import Enclosure, rational_root, root_enclosure
from ..verdict import Scaling
from .dyadic import short_lower, short_upper
from .proofs import ExactCode

_BITS = 160
_SPARE = Fraction(1, 2**100)
"""Relative: for the roots of the checker, which are enclosed in another way."""


def root_enclosed(value: Fraction) -> Enclosure:
    """Enclose the root of a rational number to about 160 significant bits; a point if it is rational."""
    exact = rational_root(value)
    if exact is not None:
        return Enclosure(exact, exact)
    places = (value.numerator.bit_length() - value.denominator.bit_length()) // 2
    unit = Fraction(2) ** places
    found = root_enclosure(value / unit**2, _BITS)
    return Enclosure(found.lower * unit, found.upper * unit)


def cost_enclosed(
    dictionary: Dictionary, scaling: Scaling, code: ExactCode, radius: Fraction = Fraction(0)
) -> Enclosure:
    """Enclose sum w_i (|x_i| - radius) and sum w_i (|x_i| + radius); a point where all is rational and radius is 0."""
    real, imaginary = code.values
    if imaginary is None:
        moduli: Sequence[Enclosure] = [Enclosure(abs(x), abs(x)) for x in real]
    else:
        moduli = [root_enclosed(x * x + y * y) for x, y in zip(real, imaginary, strict=True)]
    weights = [Enclosure(Fraction(1), Fraction(1))] * len(real)
    if scaling is Scaling.unit and len(real):
        atoms = dictionary.integer_atoms(code.support)
        squares = zip(atoms.scale, atoms.squared_norms, strict=True)
        weights = [root_enclosed(scale**2 * square) for scale, square in squares]
    pairs = list(zip(weights, moduli, strict=True))
    lower = sum((w.lower * (x.lower - radius) for w, x in pairs), Fraction(0))
    upper = sum((w.upper * (x.upper + radius) for w, x in pairs), Fraction(0))
    if lower == upper:
        return Enclosure(lower, upper)
    return Enclosure(short_lower(lower * (1 - _SPARE)), short_upper(upper * (1 + _SPARE)))
