"""Dual vectors that hold with equality: exact solutions near floats, checked on all atoms in exact integers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..dictionaries.dictionary import Dictionary
from ..exact import IntegerMatrix, echelon_pivots, solve
from .proofs import DualVector

Floats = NDArray[np.float64]

_PRIME = 2**61 - 1
_NEAR = 1e-6
_MOST_UNKNOWNS = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactDual:
    """v with |<d_i, v>| <= 1 for all i, exactly; `face` are the atoms with equality, `signs` those of <d_i, v>."""

    values: tuple[Fraction, ...]
    face: tuple[int, ...]
    signs: tuple[int, ...]

    def vector(self) -> DualVector:
        """Return v as proofs hold it."""
        divisor = math.lcm(*(value.denominator for value in self.values))
        integers = tuple(value.numerator * (divisor // value.denominator) for value in self.values)
        if divisor & (divisor - 1) == 0:
            return DualVector(real=integers, exponent=1 - divisor.bit_length())
        return DualVector(real=integers, divisor=divisor)


def exact_dual(dictionary: Dictionary, dual: Floats, slopes: Floats, *, nonnegative: bool) -> ExactDual | None:
    """Return an exact dual vector near `dual` (in R^m, as the problem has it) with equality where it nearly holds.

    `slopes` are the <d_i, v> in floats. Real dictionaries, atoms as given. None if there is none or it is too long.
    Guarantee: exact. Cost: an exact system of rank unknowns, and an exact product with all atoms.
    """
    sizes = slopes if nonnegative else np.abs(slopes)
    face = np.flatnonzero(sizes > 1 - _NEAR).tolist()
    if not face or not np.isfinite(slopes).all():
        return None
    atoms = dictionary.integer_atoms(face)
    pivots, _ = echelon_pivots([[x % _PRIME for x in column] for column in zip(*atoms.real, strict=True)], _PRIME)
    independent = [atoms.real[k] for k in pivots]
    if len(pivots) > _MOST_UNKNOWNS:
        return None
    rows, _ = echelon_pivots([[x % _PRIME for x in column] for column in independent], _PRIME)
    near = [Fraction(value) for value in dual.tolist()]
    wanted = [Fraction(1 if slopes[face[k]] > 0 else -1) / atoms.scale[k] for k in pivots]
    missing = [w - _dot(near, column) for w, column in zip(wanted, independent, strict=True)]
    common = math.lcm(*(value.denominator for value in missing))
    matrix = [[column[row] for row in rows] for column in independent]
    step = solve(matrix, [value.numerator * (common // value.denominator) for value in missing])
    if step is None:
        return None
    values = list(near)
    for row, change in zip(rows, step, strict=True):
        values[row] += change / common
    return checked_dual(dictionary, values, nonnegative=nonnegative)


def checked_dual(dictionary: Dictionary, values: Sequence[Fraction], *, nonnegative: bool) -> ExactDual | None:
    """Return v as an exact dual vector if it is feasible, else None."""
    products = exact_products(dictionary, values)
    if any((product if nonnegative else abs(product)) > 1 for product in products):
        return None
    face = tuple(i for i, product in enumerate(products) if product == 1 or (not nonnegative and product == -1))
    return ExactDual(values=tuple(values), face=face, signs=tuple(1 if products[i] > 0 else -1 for i in face))


def exact_products(dictionary: Dictionary, values: Sequence[Fraction]) -> list[Fraction]:
    """Return <d_i, v> for all atoms of a real dictionary, exactly."""
    atoms = dictionary.integer_atoms(range(dictionary.shape[1]))
    common = math.lcm(*(value.denominator for value in values))
    products = IntegerMatrix(atoms.real).times([value.numerator * (common // value.denominator) for value in values])
    return [scale * product / common for scale, product in zip(atoms.scale, products, strict=True)]


def _dot(values: Sequence[Fraction], column: Sequence[int]) -> Fraction:
    return sum((value * x for value, x in zip(values, column, strict=True)), Fraction(0))
