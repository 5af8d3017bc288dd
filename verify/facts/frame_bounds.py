"""Frame bounds: the least and the greatest eigenvalue of D D*, enclosed."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..dictionaries.dictionary import Dictionary
from ..dictionaries.unit_atoms import unit_atoms
from ..exact import Enclosure
from ..rounding import BINARY64, gamma
from ..verdict import Scaling

LARGEST_DIMENSION = 2048
_GROWTH = 2.0**-40


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameBounds:
    """A |y|^2 <= |D* y|^2 <= B |y|^2 for all y, with the best constants A in `least` and B in `greatest`.

    D is scaled as `scaling` says. It is a frame if A > 0, a tight one if A = B.
    """

    scaling: Scaling
    least: Enclosure
    greatest: Enclosure


def frame_bounds(dictionary: Dictionary, scaling: Scaling = Scaling.unit) -> FrameBounds | None:
    """Enclose the least and the greatest eigenvalue of D D*; None above 2048 dimensions.

    From inside by what the computed eigenvectors give, from outside by floating-point Cholesky factors of D D* - c I
    and c I - D D*, with bounds of all rounding errors. Guarantee: enclosed, whatever the eigenvalues that were
    computed. Cost: one product of D with its adjoint, its eigenvalues, and a few factorisations. Source: Rump 2006;
    Higham 2002, section 10.1.
    """
    if dictionary.shape[0] > LARGEST_DIMENSION:
        return None
    columns, factor, off = _columns(dictionary, scaling)
    m, n = columns.shape
    square = columns @ columns.conj().T
    square = (square + square.conj().T) / 2
    # |D|_F^2, rounded up generously, bounds the norms of all matrices here and what entrywise errors add to them
    total = Fraction(float(np.sum(np.abs(columns) ** 2))) * Fraction(1001, 1000) + Fraction(1, 2**900)
    error = off + total * gamma(4 * (n + 4), BINARY64.unit_roundoff) + m * n * Fraction(1, 2**900)
    values, vectors = np.linalg.eigh(square)
    inside = [_quotient(square, vectors[:, at], total) for at in (0, -1)]
    low = _definite(square, float(values[0]), total, sign=1)
    high = _definite(square, float(values[-1]), total, sign=-1)
    least = Enclosure(max(Fraction(0), low - error) * factor, max(Fraction(0), inside[0].upper + error) * factor)
    greatest = Enclosure(max(Fraction(0), inside[1].lower - error) * factor, (high + error) * factor)
    return FrameBounds(scaling=scaling, least=least, greatest=greatest)


def _columns(dictionary: Dictionary, scaling: Scaling) -> tuple[NDArray[np.inexact], Fraction, Fraction]:
    """Return D as floats, times a number whose square is 1/factor, the factor, and how far D D* may be off in norm."""
    m, n = dictionary.shape
    if scaling is Scaling.unit:
        unit = unit_atoms(dictionary)
        rows = unit.rows if unit.turned is None else unit.rows[:, :m] + 1j * unit.rows[:, m:]
        return rows.T, Fraction(1), n * unit.error
    parts = dictionary.parts
    largest = max(Fraction(max(abs(x) for x in part.ravel().tolist())) for part in parts)
    shift = largest.numerator.bit_length() - largest.denominator.bit_length()
    if dictionary.is_rational:
        scaled = [np.array([[float(x / Fraction(2) ** shift) for x in row] for row in part.tolist()]) for part in parts]
    else:
        half = -shift // 2
        scaled = [np.ldexp(np.ldexp(np.asarray(part, np.float64), half), -shift - half) for part in parts]
    columns = scaled[0] if len(scaled) == 1 else scaled[0] + 1j * scaled[1]
    # every part of an entry is rounded once, by u of itself or by what underflows
    off = 5 * BINARY64.unit_roundoff * Fraction(float(np.sum(np.abs(columns) ** 2))) + m * n * Fraction(1, 2**900)
    return columns, Fraction(2) ** (2 * shift), off


def _quotient(square: NDArray[np.inexact], vector: NDArray[np.inexact], total: Fraction) -> Enclosure:
    """Enclose x* S x / x* x for the computed S."""
    over, under = float(np.real(np.vdot(vector, square @ vector))), float(np.real(np.vdot(vector, vector)))
    if not under > 0.5:  # eigenvectors come with norm 1
        return Enclosure(Fraction(0), 2 * total)
    slack = 8 * total * gamma(4 * (len(square) + 4), BINARY64.unit_roundoff)
    return Enclosure(Fraction(over / under) - slack, Fraction(over / under) + slack)


def _definite(square: NDArray[np.inexact], value: float, total: Fraction, *, sign: int) -> Fraction:
    """Return a lower (`sign` 1) or upper (-1) bound of all eigenvalues of S, near a guess of it.

    If the Cholesky factor of M = sign (S - c I) exists, no eigenvalue of M is below - g/(1-g) trace M.
    """
    m = len(square)
    g = gamma(4 * (m + 2), BINARY64.unit_roundoff)
    growth, identity = _GROWTH, np.eye(m)
    for _ in range(12):
        c = value - sign * growth * float(total)
        matrix = sign * (square - c * identity)
        try:
            np.linalg.cholesky(matrix)
        except np.linalg.LinAlgError:
            growth *= 16
            continue
        # the diagonal of M is rounded once
        trace = total + m * abs(Fraction(c))
        return Fraction(c) - sign * (g / (1 - g) * trace + 4 * BINARY64.unit_roundoff * trace)
    return Fraction(0) if sign == 1 else total
