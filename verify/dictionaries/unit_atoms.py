"""Atoms scaled to unit norm in floats, with a rigorous bound of what the scaling and a product cost."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..rounding import BINARY32, BINARY64, Precision, inner_product_error_upper
from .dictionary import Dictionary, Real

_ATOMS_AT_ONCE = 1024
_ROUNDINGS = 3  # at most: the exact value to float64, times the scale, to the working precision


@dataclass(frozen=True, slots=True)
class UnitAtoms:
    """Atoms as rows of unit norm, up to rounding: `rows` is (n, m), or (n, 2m) with real and imaginary parts.

    `error` bounds | computed |<x_i, x_j>| - |<d^_i, d^_j>| | for products in the precision of `rows`, summed in any
    order (theory: Higham 2002, section 3.1).
    """

    rows: NDArray[np.floating]
    turned: NDArray[np.floating] | None
    error: Fraction

    def moduli(self, first: slice, second: slice) -> NDArray[np.floating]:
        """Return |<x_i, x_j>| for two ranges of atoms."""
        real = self.rows[first] @ self.rows[second].T
        if self.turned is None:
            return np.abs(real, out=real)
        imaginary = self.rows[first] @ self.turned[second].T
        return np.hypot(real, imaginary, out=real)


def unit_atoms(dictionary: Dictionary, dtype: type[np.float32] | type[np.float64] = np.float64) -> UnitAtoms:
    """Return all atoms scaled to unit norm in `dtype`, and the error bound of their inner products.

    Each atom is first scaled by a power of two so that its largest entry is in [1/2, 1): no overflow, and what
    underflows is below the bound of `error`. Cost: two passes over the entries and a copy in `dtype`.
    """
    m, n = dictionary.shape
    parts = len(dictionary.parts)
    rows = np.empty((n, parts * m), dtype=dtype)
    for start in range(0, n, _ATOMS_AT_ONCE):
        atoms = slice(start, min(start + _ATOMS_AT_ONCE, n))
        block = _scaled_parts(dictionary, atoms)
        norms = np.sqrt(np.einsum("lj,lj->j", block, block))
        rows[atoms] = (block * (1.0 / norms)).T
    turned = None
    if parts == 2:
        turned = np.concatenate([-rows[:, m:], rows[:, :m]], axis=1)
    return UnitAtoms(rows, turned, _error(parts * m, parts, BINARY32 if dtype is np.float32 else BINARY64))


def _error(length: int, parts: int, precision: Precision) -> Fraction:
    """Bound the error of a computed modulus.

    The scale of an atom is one exact number times its norm, up to a relative error eta: the sum of squares has
    relative error at most g_{length + 4}, halved by the root, and root, inverse and product round once each.
    """
    eta = (length + 8) * BINARY64.unit_roundoff
    one_part = (1 + eta) ** 2 * (1 + inner_product_error_upper(length, _ROUNDINGS, precision)) - 1
    if parts == 1:
        return one_part
    return 2 * one_part + 8 * precision.unit_roundoff  # |(a, b)| <= |a| + |b|, and hypot rounds


def _scaled_parts(dictionary: Dictionary, atoms: slice) -> NDArray[np.float64]:
    """Return the parts of some atoms, stacked (parts * m, atoms), the largest entry of each in [1/2, 1)."""
    blocks = [part[:, atoms] for part in dictionary.parts]
    if dictionary.is_rational:
        return _scaled_fractions(blocks)
    stacked = np.concatenate([np.asarray(block, dtype=np.float64) for block in blocks], axis=0)
    _, exponents = np.frexp(np.abs(stacked).max(axis=0))
    # Two steps, because 2^-exponent itself can overflow for subnormal atoms.
    half = exponents // 2
    return np.ldexp(np.ldexp(stacked, -half), half - exponents)


def _scaled_fractions(blocks: list[Real]) -> NDArray[np.float64]:
    stacked = np.concatenate(blocks, axis=0)
    largest = np.abs(stacked).max(axis=0)
    return np.asarray(stacked / (2 * largest), dtype=np.float64) + 0.0
