"""A proof by rounding bounds that basis pursuit has one minimiser, and where (certificates/SPEC.md section 6.8)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from .dyadic import dual_vector, dyadic, on_grid, short_upper
from .exact_columns import ExactColumns
from .image import SLACK, Image, norm_upper, rounding_upper
from .proofs import UniqueBasisPursuit

Floats = NDArray[np.float64]

_MARGIN = 1 - 2.0**-40
"""What strict inequalities leave for the roots that the checker encloses."""
_MOST_NORM = 0.5
_INVERSE_BITS = 52


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LeftInverse:
    """M near the left inverse of A_S on a grid, s x m; `norm` bounds the column-sum norm e of M A_S - I."""

    support: NDArray[np.intp]
    matrix: Floats
    norm: float


def left_inverse(image: Image, support: NDArray[np.intp]) -> LeftInverse | None:
    """Return M with e < 1/2 proved, or None: then the atoms may be dependent. Cost: a pseudo-inverse, s^2 m."""
    columns = image.atoms.atoms[:, support]
    m, s = columns.shape
    if s > m:
        return None
    try:
        inverse = np.linalg.inv(columns) if s == m else np.linalg.pinv(columns) if s else columns.T
    except np.linalg.LinAlgError:
        return None
    if not np.isfinite(inverse).all():
        return None
    matrix = on_grid(inverse.ravel(), _INVERSE_BITS).reshape(s, m)
    off = np.abs(matrix @ columns - np.eye(s)) + (np.abs(matrix) @ np.abs(columns)) * rounding_upper(m + 6) * SLACK
    off += (m + 2) * 2.0**-500 * (1 + float(np.abs(matrix).sum()))
    norm = float(off.sum(axis=0).max(initial=0.0)) * SLACK
    return LeftInverse(support=support, matrix=matrix, norm=norm) if norm < _MOST_NORM else None


def feasible_within(
    image: Image, columns: ExactColumns, signal: Sequence[Fraction], values: Sequence[Fraction], inverse: LeftInverse
) -> Fraction | None:
    """Return the radius around the values x on the support that holds the code with D_S x = y: 0 if x is it, or None.

    |M (y - D_S x)|_1 / (1 - e) for as many atoms as dimensions, and rounded up.
    """
    residual = columns.residual(signal, values)
    if not any(residual):
        return Fraction(0)
    s, m = inverse.matrix.shape
    if s != m:
        return None
    scale = max(abs(value) for value in residual)
    scaled = np.array([float(value / scale) for value in residual])
    moved = np.abs(inverse.matrix @ scaled) + (np.abs(inverse.matrix) @ np.abs(scaled)) * rounding_upper(m + 4) * SLACK
    lost = m * 2.0**-500 * (1 + float(np.abs(inverse.matrix).sum()))
    bound = Fraction((float(moved.sum()) + lost) * SLACK) / (1 - Fraction(inverse.norm))
    return short_upper(bound * scale * Fraction(2) ** -image.atoms.exponents[0])


def unique_basis_pursuit(
    image: Image,
    columns: ExactColumns,
    values: Sequence[Fraction],
    radius: Fraction,
    dual: Floats,
    inverse: LeftInverse,
    *,
    nonnegative: bool,
) -> UniqueBasisPursuit | None:
    """Prove by a dual vector v that a feasible code with nonzero `values` on S is the one minimiser, or return None.

    Strict off S: |<a_j, v>| (1 - e) + delta |M a_j|_1 < c_j (1 - e), delta the largest |<a_i, v> - c_i sign x_i| on S.
    Guarantee: proved. Cost: one product with the matrix, and M with all atoms off S.
    """
    if not np.isfinite(dual).all() or any(abs(value) <= radius for value in values):
        return None
    if nonnegative and any(value < 0 for value in values):
        return None
    atoms, support = image.atoms, inverse.support
    m, n = atoms.atoms.shape
    dual = on_grid(dual)
    slopes, errors = atoms.products(dual)
    signs = np.array([1.0 if value > 0 else -1.0 for value in values])
    costs = atoms.costs[support]
    widths = atoms.costs_upper[support] - atoms.costs_lower[support]
    rounding = (np.abs(slopes[support]) + costs) * 2.0**-50
    delta = float(
        (np.abs(slopes[support] - costs * signs) + (errors[support] + widths + rounding) * SLACK).max(initial=0.0)
    )
    off = np.setdiff1d(np.arange(n), support)
    others = atoms.atoms[:, off]
    sizes = np.abs(inverse.matrix).sum(axis=0) * SLACK
    moved = np.abs(inverse.matrix @ others).sum(axis=0) * SLACK
    moved += (sizes @ np.abs(others)) * (rounding_upper(m + 6) * SLACK) + (m + 2) * 2.0**-500 * (1 + float(sizes.sum()))
    left = (slopes[off] if nonnegative else np.abs(slopes[off])) + errors[off]
    room = (1 - inverse.norm) * _MARGIN
    left = np.where(left > 0, left * (1 - inverse.norm), 0.0) + delta * moved * SLACK
    if not (left < atoms.costs_lower[off] * room).all():
        return None
    integers, exponent = dyadic(inverse.matrix.ravel(), [0] * inverse.matrix.size)
    return UniqueBasisPursuit(
        centre=columns.code(values),
        radius=radius,
        dual=dual_vector(dual, 1.0, -atoms.dual_exponent),
        inverse=np.array(integers, dtype=np.int64).reshape(inverse.matrix.shape),
        inverse_exponent=exponent - atoms.exponents[0],
    )


def smallest(values: Sequence[Fraction]) -> Fraction:
    """Return the least modulus."""
    return min((abs(value) for value in values), default=Fraction(0))


def is_negligible(residual: Floats, signal: Floats) -> bool:
    """Say whether a residual is at rounding level, estimated."""
    return bool(norm_upper(residual) <= 1e-9 * norm_upper(signal)) and math.isfinite(norm_upper(residual))
