"""A proof by rounding bounds that LASSO has one minimiser, and where it is (certificates/SPEC.md section 6.8)."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..rounding import float_lower, float_upper
from .dyadic import dyadic, exact_code, on_grid, short_upper
from .image import SLACK, Image, Numbers, norm_upper, rounding_upper
from .lasso_bounds import image_weight
from .proofs import ExactCode, UniqueLasso

Floats = NDArray[np.float64]

_MARGIN = 1 + 2.0**-40
"""What strict inequalities leave for the roots that the checker encloses."""
_MOST_NORM = 0.5
INVERSE_BITS = 52


def unique_lasso(image: Image, weight: Fraction, code: Numbers, *, nonnegative: bool) -> UniqueLasso | None:
    """Prove that LASSO has one minimiser near the code z of a uniform real image, with its support and signs, or None.

    With S = supp z, G = A_S^T A_S, M near G^-1, e the row-sum norm of M G - I and rho = A_S^T (b - A z) - t c_S sign z:
    z + G^-1 rho satisfies the optimality conditions on S, and strict inequalities off S leave no other minimiser.
    Guarantee: proved. Cost: a product of the residual with all atoms, and s^3 + s^2 m for s = |S|.
    """
    if np.iscomplexobj(code) or not np.isfinite(code).all() or (nonnegative and (code < 0).any()):
        return None
    t = image_weight(image, weight)
    t_lower, t_upper = float_lower(t), float_upper(t)
    atoms, support = image.atoms, np.flatnonzero(code)
    values = code[support]
    residual, lost = atoms.applied(support, values, image.signal)
    slopes, slope_errors = atoms.products(residual)
    slope_errors = (slope_errors + atoms.norms_upper * norm_upper(lost)) * SLACK
    inverse, norm, gram = inverse_of_gram(image, support)
    if not norm < _MOST_NORM:
        return None
    costs, signs = atoms.costs[support], np.sign(values)
    widths = t_upper * atoms.costs_upper[support] - t_lower * atoms.costs_lower[support]
    rounding = (np.abs(slopes[support]) + t_upper * costs) * 2.0**-50
    rho = np.abs(slopes[support] - t_upper * costs * signs) + (slope_errors[support] + widths + rounding) * SLACK
    radius = float((np.abs(inverse) @ rho).max(initial=0.0)) / (1 - norm) * SLACK
    spread = radius * math.sqrt(float(gram.sum())) * SLACK
    sizes = slopes if nonnegative else np.abs(slopes)
    sizes = np.maximum(sizes + slope_errors + atoms.norms_upper * spread, 0.0) * _MARGIN
    sizes[support] = -np.inf
    if not (radius < np.abs(values).min(initial=np.inf) / _MARGIN and (sizes < t_lower * atoms.costs_lower).all()):
        return None
    integers, exponent = dyadic(inverse.ravel(), [0] * inverse.size)
    unit = Fraction(2) ** (image.signal_exponent - atoms.exponents[0])
    return UniqueLasso(
        weight=weight,
        centre=exact_code(image, code) if len(support) else ExactCode(support=(), real=()),
        radius=short_upper(Fraction(radius) * unit),
        inverse=np.array(integers, dtype=np.int64).reshape(inverse.shape),
        inverse_exponent=exponent - 2 * atoms.exponents[0],
    )


def inverse_of_gram(image: Image, support: NDArray[np.intp]) -> tuple[Floats, float, Floats]:
    """Return M near G^-1 on a grid, an upper bound of the row-sum norm of M G - I, and upper bounds of |G_il|.

    G is the exact Gram matrix of the atoms of the support. The bound is infinite where M is useless.
    """
    columns = image.atoms.atoms[:, support]
    m, s = columns.shape
    computed = columns.T @ columns
    norms = image.atoms.norms_upper[support]
    errors = np.outer(norms, norms) * (rounding_upper(m + 6) * SLACK) + (m + 1) * 2.0**-500
    upper = (np.abs(computed) + errors) * SLACK
    try:
        inverse = np.linalg.inv(computed) if s else computed
    except np.linalg.LinAlgError:
        return computed, math.inf, upper
    if not np.isfinite(inverse).all():
        return computed, math.inf, upper
    inverse = on_grid(inverse.ravel(), INVERSE_BITS).reshape(s, s)
    sizes = np.abs(inverse)
    off = np.abs(inverse @ computed - np.eye(s))
    off += (sizes @ upper * rounding_upper(s + 4) + sizes @ errors) * SLACK + s * 2.0**-500
    return inverse, float(off.sum(axis=1).max(initial=0.0)) * SLACK, upper
