"""Gaussian rationals, pairs of Fractions, and elimination with them: shared with nothing that is tested."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

Gaussian = tuple[Fraction, Fraction]
ZERO: Gaussian = (Fraction(0), Fraction(0))
TINY = Fraction(1, 10**60)


def gaussian(value: complex | Fraction) -> Gaussian:
    if isinstance(value, complex):
        return Fraction(value.real), Fraction(value.imag)
    return Fraction(value), Fraction(0)


def times(a: Gaussian, b: Gaussian) -> Gaussian:
    return a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]


def minus(a: Gaussian, b: Gaussian) -> Gaussian:
    return a[0] - b[0], a[1] - b[1]


def inverse(a: Gaussian) -> Gaussian:
    square = a[0] ** 2 + a[1] ** 2
    return a[0] / square, -a[1] / square


def size_squared(a: Gaussian) -> Fraction:
    return a[0] ** 2 + a[1] ** 2


def root(value: Fraction) -> Fraction:
    """The square root, right to about 80 digits."""
    with localcontext() as context:
        context.prec = 80
        return Fraction((Decimal(value.numerator) / Decimal(value.denominator)).sqrt())


def kernel(columns: list[list[Gaussian]]) -> list[list[Gaussian]]:
    """A basis of the null space, by Gauss-Jordan elimination."""
    n = len(columns)
    rows = [list(row) for row in zip(*columns, strict=True)]
    pivots: list[int] = []
    for j in range(n):
        at = next((k for k in range(len(pivots), len(rows)) if rows[k][j] != ZERO), None)
        if at is None:
            continue
        rows[len(pivots)], rows[at] = rows[at], rows[len(pivots)]
        pivot = rows[len(pivots)]
        factor = inverse(pivot[j])
        pivot[:] = [times(factor, x) for x in pivot]
        for row in rows:
            if row is not pivot and row[j] != ZERO:
                factor = row[j]
                row[:] = [minus(x, times(factor, y)) for x, y in zip(row, pivot, strict=True)]
        pivots.append(j)
    basis = []
    for free in sorted(set(range(n)) - set(pivots)):
        vector = [ZERO] * n
        vector[free] = gaussian(1)
        for row, j in zip(rows, pivots, strict=False):
            vector[j] = minus(ZERO, row[free])
        basis.append(vector)
    return basis


def determinant(rows: list[list[Gaussian]]) -> Fraction:
    """The determinant of a Hermitian matrix, by elimination; it is real."""
    rows, value = [list(row) for row in rows], gaussian(1)
    while rows:
        at = next((k for k, row in enumerate(rows) if row[0] != ZERO), None)
        if at is None:
            return Fraction(0)
        if at:
            value = minus(ZERO, value)
        rows[0], rows[at] = rows[at], rows[0]
        pivot, *rest = rows
        value = times(value, pivot[0])
        factors = [times(row[0], inverse(pivot[0])) for row in rest]
        rows = [
            [minus(x, times(factor, y)) for x, y in zip(row[1:], pivot[1:], strict=True)]
            for row, factor in zip(rest, factors, strict=True)
        ]
    return value[0]
