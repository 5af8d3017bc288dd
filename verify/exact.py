"""Exact arithmetic: enclosures, square roots of rationals, and the only door to python-flint."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from flint import acb, arb, fmpz

    Ball = arb

_LARGEST = 4096


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


def inverse(matrix: Sequence[Sequence[int]]) -> tuple[list[list[int]], int] | None:
    """Return the exact inverse of a square integer matrix as integers over one denominator > 0, None if singular."""
    from flint import fmpq_mat, fmpz_mat

    try:
        numerators, denominator = fmpq_mat(fmpz_mat([list(row) for row in matrix])).inv().numer_denom()
    except ZeroDivisionError:
        return None
    return [[int(entry) for entry in row] for row in numerators.tolist()], int(denominator)


def determinant(matrix: Sequence[Sequence[int]]) -> int:
    """Return the exact determinant of a square integer matrix."""
    from flint import fmpz_mat

    return int(fmpz_mat([list(row) for row in matrix]).det())


def real_eigenvalues(matrix: Sequence[Sequence[Fraction]], bits: int = 128) -> list[Enclosure]:
    """Enclose the eigenvalues of a square rational matrix that has real ones only, each as often as it occurs.

    They are the roots of the characteristic polynomial, isolated; a rational one is a point. Of a matrix with other
    eigenvalues their real parts are returned.
    """
    from flint import fmpq, fmpq_mat

    entries = [fmpq(x.numerator, x.denominator) for row in matrix for x in row]
    _, factors = fmpq_mat(len(matrix), len(matrix), entries).charpoly().numer().factor()
    found: list[Enclosure] = []
    for factor, times in factors:
        if factor.degree() == 1:
            value = Fraction(-int(factor[0]), int(factor[1]))
            found += [Enclosure(value, value)] * times
            continue
        with ball_precision(bits):
            for root, _ in cast("list[tuple[acb, int]]", factor.complex_roots()):  # its stub says list[acb]
                enclosure = ball_enclosure(root.real)
                if enclosure is None:
                    raise ArithmeticError("an isolated root is finite")
                found += [enclosure] * times
    return found


class IntegerMatrix:
    """An integer matrix kept for exact products with vectors."""

    def __init__(self, rows: Sequence[Sequence[int]]) -> None:
        from flint import fmpz_mat

        self._matrix = fmpz_mat([list(row) for row in rows])

    def times(self, vector: Sequence[int]) -> list[int]:
        """Return the exact product with a column vector."""
        from flint import fmpz_mat

        return [int(row[0]) for row in (self._matrix * fmpz_mat([[x] for x in vector])).tolist()]


@contextmanager
def ball_precision(bits: int) -> Generator[None, None, None]:
    """Let ball arithmetic work with this many bits inside the block."""
    from flint import ctx

    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


def ball(value: Fraction | Enclosure) -> arb:
    """Return a ball that holds a number, or all numbers of an interval, at the precision of `ball_precision`."""
    from flint import arb, fmpq

    if isinstance(value, Enclosure):
        return ball(value.lower).union(ball(value.upper))
    return arb(fmpq(value.numerator, value.denominator))


def ball_pi() -> arb:
    """Return a ball that holds pi."""
    from flint import arb

    return arb.pi()


def ball_enclosure(value: arb) -> Enclosure | None:
    """Return an interval that holds a ball, or None if the ball is not finite or reaches beyond 2^4096.

    What is smaller than 2^-4096 is widened to that: rationals of that size are slow and say nothing.
    """
    if not value.is_finite():
        return None
    parts = value.mid().man_exp(), value.rad().man_exp()
    if max(_magnitude(*part) for part in parts) > _LARGEST:
        return None
    small = [_magnitude(*part) < -_LARGEST for part in parts]
    centre, reach = (
        Fraction(0) if tiny else Fraction(int(part[0])) * Fraction(2) ** int(part[1])
        for part, tiny in zip(parts, small, strict=True)
    )
    reach += sum(small) * Fraction(1, 2**_LARGEST)
    return Enclosure(centre - reach, centre + reach)


def _magnitude(mantissa: fmpz, exponent: fmpz) -> int:
    """Return the least e with |mantissa| 2^exponent < 2^e; 0 for zero."""
    return int(mantissa).bit_length() + int(exponent) if mantissa else 0


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
