"""Exact proofs that no code is feasible: vectors orthogonal to the atoms, but not to the signal (Farkas)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from ..dictionaries.dictionary import Dictionary, IntegerAtoms
from ..exact import IntegerMatrix, echelon_pivots, gram_matrix, solve
from .exact_columns import Vector
from .proofs import DualVector, InfeasibleByDual

_PRIME = 2**61 - 1
_MOST_UNKNOWNS = 200
_MOST_BITS = 13_000
"""Of the solution of an exact system with more unknowns, by Hadamard's bound: it is short enough for a certificate."""
_LONGEST = 190_000
"""Bits of an entry that certificates can hold."""


def outside_of_range(dictionary: Dictionary, signal: Sequence[Fraction]) -> InfeasibleByDual | None:
    """Prove that y is not D x for any x, or return None.

    v is nonzero on at most rank + 1 rows: <d_i, v> = 0 for all i, and <v, y> > 0. `signal` holds the real and then the
    imaginary parts. Guarantee: exact. Cost: two exact systems of rank unknowns, and an exact product with all atoms.
    """
    columns = _real_columns(dictionary.integer_atoms(range(dictionary.shape[1])))
    pivots, _ = echelon_pivots([[x % _PRIME for x in row] for row in zip(*columns, strict=True)], _PRIME)
    if len(pivots) > _MOST_UNKNOWNS or len(pivots) == len(signal):
        return None
    basis = [columns[k] for k in pivots]
    rows, _ = echelon_pivots([[x % _PRIME for x in column] for column in basis], _PRIME)
    common = math.lcm(*(value.denominator for value in signal))
    target = [value.numerator * (common // value.denominator) for value in signal]
    code = solve([[column[row] for column in basis] for row in rows], [target[row] for row in rows])
    if code is None:
        return None
    for row in sorted(set(range(len(target))) - set(rows)):
        if sum((x * column[row] for x, column in zip(code, basis, strict=True)), Fraction(0)) == target[row]:
            continue
        weights = solve([[column[r] for r in rows] for column in basis], [-column[row] for column in basis])
        if weights is None:
            return None
        dual = [Fraction(0)] * len(target)
        dual[row] = Fraction(1)
        for r, weight in zip(rows, weights, strict=True):
            dual[r] = weight
        return _checked(dictionary, columns, signal, dual, Fraction(0), nonnegative=False)
    return None


def far_from_span(
    dictionary: Dictionary, signal: Sequence[Fraction], support: Sequence[int], epsilon: Fraction, *, nonnegative: bool
) -> InfeasibleByDual | None:
    """Prove by v = y - P y that |y - D x| > epsilon for all x, P the projection onto some atoms; or return None.

    Needs <d_i, v> = 0 for all i (nonnegative: <= 0). `support` may be of dependent atoms. Guarantee: exact. Cost: an
    exact system of s unknowns, and an exact product with all atoms.
    """
    columns = _real_columns(dictionary.integer_atoms(range(dictionary.shape[1])))
    n = dictionary.shape[1]
    chosen = _independent([columns[k] for part in range(len(columns) // n) for k in (i + part * n for i in support)])
    if len(chosen) > _MOST_UNKNOWNS:
        bits = max(abs(x).bit_length() for column in chosen for x in column)
        if len(chosen) * (2 * bits + len(chosen).bit_length()) > _MOST_BITS:
            return None
    dual = list(signal)
    if chosen:
        common = math.lcm(*(value.denominator for value in signal))
        target = [value.numerator * (common // value.denominator) for value in signal]
        right = [row[0] for row in gram_matrix(chosen, [target])]
        code = solve(gram_matrix(chosen, chosen), right)
        if code is None:
            return None
        least = math.lcm(*(value.denominator for value in code))
        rows = IntegerMatrix([*zip(*chosen, strict=True)])
        products = rows.times([value.numerator * (least // value.denominator) for value in code])
        dual = [y - Fraction(product, least * common) for y, product in zip(signal, products, strict=True)]
    return _checked(dictionary, columns, signal, dual, epsilon, nonnegative=nonnegative)


def _independent(columns: list[list[int]]) -> list[list[int]]:
    """Return columns that are independent modulo a prime, as many as there are."""
    if not columns:
        return []
    pivots, _ = echelon_pivots([[x % _PRIME for x in row] for row in zip(*columns, strict=True)], _PRIME)
    return [columns[k] for k in pivots]


def _checked(
    dictionary: Dictionary,
    columns: Sequence[Sequence[int]],
    signal: Sequence[Fraction],
    dual: Vector,
    epsilon: Fraction,
    *,
    nonnegative: bool,
) -> InfeasibleByDual | None:
    """Return v, scaled to integers, if it proves that no code is feasible."""
    common = math.lcm(*(value.denominator for value in dual))
    integers = [value.numerator * (common // value.denominator) for value in dual]
    divisor = math.gcd(*integers) or 1
    integers = [value // divisor for value in integers]
    if max(abs(value).bit_length() for value in integers) > _LONGEST:
        return None
    gain = sum((value * y for value, y in zip(integers, signal, strict=True)), Fraction(0))
    if gain < 0 and not nonnegative:
        integers, gain = [-value for value in integers], -gain
    products = IntegerMatrix(columns).times(integers)
    if any(product > 0 if nonnegative else product != 0 for product in products):
        return None
    if gain <= 0 or gain**2 <= epsilon**2 * sum(value * value for value in integers):
        return None
    m = dictionary.shape[0]
    imaginary = tuple(integers[m:]) if dictionary.field == "complex" else None
    return InfeasibleByDual(dual=DualVector(real=tuple(integers[:m]), imaginary=imaginary))


def _real_columns(atoms: IntegerAtoms) -> list[list[int]]:
    """Return the atoms, complex ones as columns (Re, Im) and (-Im, Re)."""
    if atoms.imaginary is None:
        return [list(column) for column in atoms.real]
    pairs = list(zip(atoms.real, atoms.imaginary, strict=True))
    return [[*a, *b] for a, b in pairs] + [[*(-x for x in b), *a] for a, b in pairs]
