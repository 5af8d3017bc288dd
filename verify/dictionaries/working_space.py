"""The atoms, scaled as asked, as floats with a rigorous error bound, and their row space."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..rounding import BINARY64, float_upper, inner_product_error_upper
from ..solvers.row_space import RowSpace
from ..verdict import Scaling
from .dictionary import Dictionary
from .unit_atoms import unit_atoms

Floats = NDArray[np.float64]

_ROUNDINGS = 2
_UNDERFLOW = 2.0**-1000


@dataclass(frozen=True, kw_only=True)
class WorkingSpace:
    """Atoms d'_j of a real dictionary as rows x_j of floats: D^ for `unit`, 2^e D for `as-given` (one e for all).

    For every vector y of floats with |y|_2 >= 1 the computed <x_j, y>, summed in any order, is within `errors[j]` |y|_2
    of <d'_j, y> (Higham 2002, section 3.1). With norms more than some eight orders of magnitude apart the row space of
    atoms as given is useless: its floats lose the short atoms, and y that reaches them has entries so large that the
    errors at the long atoms exceed 1. Scaling rows and columns by powers of two cures the first, not the second.
    """

    scaling: Scaling
    exponent: int
    rows: Floats
    errors: Floats
    device: str = "cpu"

    @property
    def shape(self) -> tuple[int, int]:
        """(m, n) of the dictionary."""
        n, m = self.rows.shape
        return m, n

    @cached_property
    def row_space(self) -> RowSpace:
        """The row space, ready for approximation."""
        return RowSpace(self.rows, self.device)

    def products(self, vectors: Floats) -> tuple[Floats, Floats]:
        """Return the computed <x_j, y> for every row y of `vectors`, and a bound of their errors."""
        norms = np.sqrt(np.einsum("ij,ij->i", vectors, vectors)) * _slack(vectors.shape[1])
        return vectors @ self.rows.T, norms[:, None] * self.errors


def working_space(dictionary: Dictionary, scaling: Scaling, device: str = "cpu") -> WorkingSpace:
    """Return the working space of a real dictionary. Cost: one pass over the entries."""
    if scaling is Scaling.unit:
        atoms = unit_atoms(dictionary)
        return unit_space(np.asarray(atoms.rows, dtype=np.float64), atoms.error, device)
    m = dictionary.shape[0]
    exponent = -_exponent(dictionary)
    rows = _scaled(dictionary, exponent)
    largest = np.abs(rows).max(axis=1)  # taken out, because squares of small entries vanish
    parts = rows / np.where(largest > 0, largest, 1.0)[:, None]
    norms = largest * np.sqrt(np.einsum("ij,ij->i", parts, parts))
    relative = float_upper(inner_product_error_upper(m, _ROUNDINGS, BINARY64))
    return WorkingSpace(
        scaling=scaling,
        device=device,
        exponent=exponent,
        rows=rows,
        errors=(norms * relative + m * _UNDERFLOW) * _slack(m),
    )


def unit_space(rows: Floats, error: Fraction, device: str = "cpu") -> WorkingSpace:
    """Return the working space of vectors of norm at most 1, given as rows of floats as `unit_atoms` makes them.

    `error` is that of `UnitAtoms`; entries of the vectors may be left out, or set to zero, in the floats and in truth.
    """
    n, m = rows.shape
    errors = np.full(n, float_upper(error) * _slack(m))
    return WorkingSpace(scaling=Scaling.unit, device=device, exponent=0, rows=rows, errors=errors)


def _slack(m: int) -> float:
    """Return a factor that outweighs the rounding of a sum of m squares and of a few operations more."""
    return 1.0 + 2.0**-40 + m * 2.0**-52


def _exponent(dictionary: Dictionary) -> int:
    """Return e with the largest entry between 2^(e-2) and 2^e."""
    largest = np.abs(dictionary.real).max()
    if dictionary.is_rational:
        return largest.numerator.bit_length() - largest.denominator.bit_length() + 1
    return int(np.frexp(np.float64(largest))[1])


def _scaled(dictionary: Dictionary, exponent: int) -> Floats:
    if dictionary.is_rational:
        factor = Fraction(2) ** exponent
        return np.array([[float(x * factor) for x in row] for row in dictionary.real.T.tolist()])
    half = exponent // 2  # in two steps, because 2^exponent itself can overflow
    entries = np.asarray(dictionary.real.T, dtype=np.float64)
    return np.ldexp(np.ldexp(entries, half), exponent - half)
