"""Exactly feasible codes of basis pursuit near proposed floats, where nothing short is to be had."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from ..dictionaries.dictionary import Dictionary
from ..exact import echelon_pivots, solve
from .dyadic import exact_code
from .exact_columns import ExactColumns, Vector
from .image import Image, Numbers
from .proofs import ExactCode

_PRIME = 2**61 - 1
_MOST_UNKNOWNS = 120
"""Of the exact system: its solution is then short enough for a certificate."""
_SIGNIFICANT = 1e-7


def completed(dictionary: Dictionary, image: Image, signal: Vector, code: Numbers) -> ExactCode | None:
    """Return a code with D x = y exactly near the large entries of a code z of the image, or None.

    x = z + h, h on a basis of the range among the first atoms by size of z. Guarantee: exact. Cost: an exact system of
    rank unknowns, whose solution has thousands of digits.
    """
    moduli = np.abs(code)
    kept = np.where(moduli > _SIGNIFICANT * moduli.max(initial=0.0), code, 0.0)
    order = [int(i) for i in np.argsort(-moduli, kind="stable")]
    parts = len(dictionary.parts)
    if parts * min(dictionary.shape) > _MOST_UNKNOWNS:
        return None
    everything = ExactColumns(dictionary, order)
    n = len(order)
    places = [at + part * n for at in range(n) for part in range(parts)]  # a complex atom and i times it side by side
    rows = [[everything.columns[k][row] % _PRIME for k in places] for row in range(everything.length)]
    pivots = [places[k] for k in echelon_pivots(rows, _PRIME)[0]]
    chosen = [everything.columns[k] for k in pivots]
    equations, _ = echelon_pivots([[x % _PRIME for x in column] for column in chosen], _PRIME)
    start = exact_code(image, kept)
    values = dict(
        zip(start.support, zip(start.values[0], start.values[1] or start.values[0], strict=True), strict=True)
    )
    zero = (Fraction(0), Fraction(0))
    vector = [values.get(i, zero)[part] for part in range(parts) for i in order]
    residual = everything.residual(signal, vector)
    common = math.lcm(*(value.denominator for value in residual))
    found = solve(
        [[column[row] for column in chosen] for row in equations],
        [residual[row].numerator * (common // residual[row].denominator) for row in equations],
    )
    if found is None:
        return None
    for k, change in zip(pivots, found, strict=True):
        vector[k] += change / common / everything.scale[k]
    if any(everything.residual(signal, vector)):
        return None
    return _sorted(everything.code(vector))


def _sorted(code: ExactCode) -> ExactCode:
    """Return the code with its support in increasing order."""
    order = sorted(range(len(code.support)), key=lambda at: code.support[at])
    imaginary = code.imaginary
    return ExactCode(
        support=tuple(code.support[at] for at in order),
        real=tuple(code.real[at] for at in order),
        imaginary=None if imaginary is None else tuple(imaginary[at] for at in order),
        exponent=code.exponent,
        divisor=code.divisor,
    )
