"""The duality gap of LASSO by rounding bounds: two products with floats, and a rigorous enclosure of the value."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..exact import Enclosure
from ..rounding import float_lower
from .dyadic import dual_vector, exact_code, on_grid, short_lower, short_upper
from .image import Image, Numbers, inner_enclosed, norm_upper
from .proofs import CodeBound, DualBound

ROUNDED_UP, ROUNDED_DOWN = 1 + 2.0**-50, 1 - 2.0**-50
"""Cover the few roundings of a bound's last operations."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LassoBounds:
    """Proved: the dual vector `factor` v of the image is feasible, and the value lies in `enclosure`.

    The lower end is <f v, y> - |f v|^2 / 2, the upper end the objective at the code z, both rounded outwards.
    """

    code: Numbers
    dual: Numbers
    factor: float
    enclosure: Enclosure

    def dual_bound(self, image: Image) -> DualBound:
        """Return the lower bound with its evidence."""
        return DualBound(
            dual=dual_vector(self.dual, self.factor, image.signal_exponent), lower=short_lower(self.enclosure.lower)
        )

    def code_bound(self, image: Image) -> CodeBound:
        """Return the upper bound with its evidence."""
        return CodeBound(code=exact_code(image, self.code), upper=short_upper(self.enclosure.upper))


def image_weight(image: Image, weight: Fraction) -> Fraction:
    """Return the weight of the image problem."""
    return weight / Fraction(2) ** (image.atoms.dual_exponent + image.signal_exponent)


def lasso_bounds(image: Image, weight: Fraction, code: Numbers, *, nonnegative: bool) -> LassoBounds | None:
    """Enclose the value of LASSO by a code z of the image and its residual; None for useless floats.

    Guarantee: proved, whatever the code. Cost: a product of the residual with all atoms, and one on the support.
    """
    if not np.isfinite(code).all() or (nonnegative and (code < 0).any()):
        return None
    t = image_weight(image, weight)
    support = np.flatnonzero(code)
    residual, errors = image.atoms.applied(support, code[support], image.signal)
    cost = math.fsum(image.atoms.costs_upper[support] * np.abs(code[support])) * ROUNDED_UP
    size = (norm_upper(residual) + norm_upper(errors)) * ROUNDED_UP
    if not (math.isfinite(size) and math.isfinite(cost)):
        return None
    upper = Fraction(size) ** 2 / 2 + t * Fraction(cost)
    dual = on_grid(residual)
    factor = _factor(image, dual, float_lower(t), nonnegative)
    product, square = inner_enclosed(dual, image.signal), Fraction(norm_upper(dual)) ** 2
    if product.lower <= 0 or not math.isfinite(factor):
        factor = 0.0
    elif square and factor * float(square) > float(product.lower):
        factor = min(factor, float_lower(product.lower / square))
    lower = Fraction(factor) * product.lower - Fraction(factor) ** 2 * square / 2
    unit = Fraction(4) ** image.signal_exponent
    return LassoBounds(code=code, dual=dual, factor=factor, enclosure=Enclosure(lower * unit, upper * unit))


def _factor(image: Image, dual: Numbers, weight: float, nonnegative: bool) -> float:
    """Return f with |<a_j, f v>| <= weight costs_j for all j, proved (nonnegative: <a_j, f v>)."""
    reach = dual_reach(image, dual, nonnegative)
    if not reach >= 0:
        return 0.0 if math.isnan(reach) else 1e300
    return 1e300 if reach == 0 else weight / reach * ROUNDED_DOWN


def dual_reach(image: Image, dual: Numbers, nonnegative: bool) -> float:
    """Return an upper bound of max_j |<a_j, v>| / costs_j (nonnegative: without modulus). Cost: one product."""
    values, errors = image.atoms.products(dual)
    sizes = (values if nonnegative else np.abs(values)) + errors
    with np.errstate(divide="ignore", invalid="ignore"):
        return float((sizes / image.atoms.costs_lower).max()) * (ROUNDED_UP if sizes.max() > 0 else ROUNDED_DOWN)
