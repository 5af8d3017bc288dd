"""Lower bounds of basis pursuit and BPDN by weak duality, proved by rounding bounds."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from .dyadic import dual_vector, on_grid, short_lower
from .image import Image, Numbers, inner_enclosed, norm_upper
from .lasso_bounds import ROUNDED_DOWN, dual_reach
from .proofs import DualBound


def dual_bound(image: Image, dual: Numbers | None, epsilon: Fraction, *, nonnegative: bool) -> DualBound:
    """Return the bound Re <f v, y> - epsilon |f v|_2 for a dual vector v of the image, f > 0 so that f v is feasible.

    `epsilon` is that of the problem itself (0: basis pursuit). The bound is 0 for useless floats. Guarantee: proved.
    Cost: one product with the matrix.
    """
    m = len(image.signal)
    zero = DualBound(dual=dual_vector(np.zeros_like(image.signal), 1.0, 0), lower=Fraction(0))
    if dual is None or dual.shape != (m,) or not np.isfinite(dual).all():
        return zero
    dual = on_grid(dual)
    reach = dual_reach(image, dual, nonnegative)
    if not (math.isfinite(reach) and reach > 0):
        return zero
    factor = 1 / reach * ROUNDED_DOWN
    scale = Fraction(2) ** image.signal_exponent
    lower = Fraction(factor) * (inner_enclosed(dual, image.signal).lower * scale - epsilon * Fraction(norm_upper(dual)))
    lower *= Fraction(2) ** -image.atoms.dual_exponent
    if lower <= 0:
        return zero
    return DualBound(dual=dual_vector(dual, factor, -image.atoms.dual_exponent), lower=short_lower(lower))
