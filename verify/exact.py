"""Exact arithmetic: enclosures, square roots of rationals, and the only door to python-flint."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A closed interval with rational ends that provably holds the number meant."""

    lower: Fraction
    upper: Fraction

    def __post_init__(self) -> None:
        if self.lower > self.upper:
            raise ValueError(f"an enclosure has lower <= upper, not {self.lower} > {self.upper}")


def rational_root(value: Fraction) -> Fraction | None:
    """Return the square root of a rational number if it is rational, else None."""
    p, q = math.isqrt(value.numerator), math.isqrt(value.denominator)
    return Fraction(p, q) if p * p == value.numerator and q * q == value.denominator else None


def root_enclosure(value: Fraction, bits: int = 128) -> Enclosure:
    """Enclose sqrt(value) between neighbouring multiples of 2^-bits (a point if it is such a multiple)."""
    scaled = value * 4**bits
    lower = math.isqrt(math.floor(scaled))
    upper = lower if lower * lower == scaled else lower + 1
    return Enclosure(Fraction(lower, 2**bits), Fraction(upper, 2**bits))


def gram_matrix(left: Sequence[Sequence[int]], right: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return the exact inner products of two lists of integer vectors."""
    from flint import fmpz_mat

    product = fmpz_mat([list(row) for row in left]) * fmpz_mat([list(row) for row in right]).transpose()
    return [[int(entry) for entry in row] for row in product.tolist()]


def echelon_pivots(matrix: Sequence[Sequence[int]], modulus: int) -> tuple[list[int], list[list[int]]]:
    """Return the pivot columns of a matrix modulo a prime, and its reduced row echelon form (nonzero rows).

    The pivot columns are independent over the rationals if the entries are integers. A matrix without rows has none.
    """
    from flint import nmod_mat

    if not matrix:
        return [], []
    form, rank = nmod_mat(len(matrix), len(matrix[0]), [x for row in matrix for x in row], modulus).rref()
    rows = [[int(entry) for entry in row] for row in form.tolist()[:rank]]
    return [next(j for j, entry in enumerate(row) if entry) for row in rows], rows


def solve(matrix: Sequence[Sequence[int]], right: Sequence[int]) -> list[Fraction] | None:
    """Return the exact solution of a square integer system, or None if the matrix is singular."""
    from flint import fmpq_mat, fmpz_mat

    try:
        solution = fmpq_mat(fmpz_mat([list(row) for row in matrix])).solve(fmpq_mat(fmpz_mat([[x] for x in right])))
    except ZeroDivisionError:
        return None
    return [Fraction(int(row[0].p), int(row[0].q)) for row in solution.tolist()]


def kernel(matrix: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return a basis of the integer vectors h with `matrix` h = 0, exactly; an empty list if there is only zero."""
    from flint import fmpz_mat

    basis, nullity = fmpz_mat([list(row) for row in matrix]).nullspace()
    columns = basis.transpose().tolist()[:nullity]
    return [[int(entry) for entry in column] for column in columns]


def integer_rank(matrix: Sequence[Sequence[int]]) -> int:
    """Return the exact rank of an integer matrix."""
    from flint import fmpz_mat

    return int(fmpz_mat([list(row) for row in matrix]).rank())


def sign_of_root_sum(terms: Sequence[tuple[Fraction, Fraction]], bits: int = 256) -> int | None:
    """Return the sign of the sum of c sqrt(b) over pairs (c, b), b > 0, or None if it is too close to zero to tell.

    Roots whose ratio is rational are added first, so a sum in which they cancel is exactly 0. What is left is enclosed
    with `bits` fractional bits, relative to the largest term.
    """
    groups: dict[Fraction, Fraction] = {}
    for factor, square in terms:
        for base in groups:
            if (ratio := rational_root(square / base)) is not None:
                groups[base] += factor * ratio
                break
        else:
            groups[square] = factor
    left = {base: factor for base, factor in groups.items() if factor}
    if not left:
        return 0
    if len(left) == 1:
        return 1 if next(iter(left.values())) > 0 else -1
    largest = max(factor * factor * base for base, factor in left.items())
    lower = upper = Fraction(0)
    for base, factor in left.items():
        size = root_enclosure(factor * factor * base / largest, bits)
        lower += size.lower if factor > 0 else -size.upper
        upper += size.upper if factor > 0 else -size.lower
    return 1 if lower > 0 else -1 if upper < 0 else None
