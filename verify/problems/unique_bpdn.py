"""A proof that BPDN has one minimiser: it lies between the minimisers of two LASSO problems."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..rounding import float_lower, float_upper
from .image import Image, norm_upper, rounding_upper
from .proofs import ExactCode, UniqueBpdn, UniqueLasso
from .unique_lasso import inverse_of_gram, unique_lasso

Floats = np.ndarray

_FINEST, _COARSEST, _FACTOR = 2.0**-38, 2.0**-8, 16.0
_SIGNIFICANT = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """A LASSO minimiser in the image: it has a residual of a norm in [least, most]."""

    unique: UniqueLasso
    least: float
    most: float


def unique_bpdn(image: Image, code: Floats, epsilon: Fraction, *, nonnegative: bool) -> UniqueBpdn | None:
    """Prove that BPDN has one minimiser near the code z of a uniform real image, epsilon > 0, or return None.

    For weights t1 < t2 whose LASSO minimisers have one support and one sign pattern, with residuals of norm at most
    and at least epsilon: the minimiser is that of LASSO for a weight between them. Guarantee: proved.
    """
    support = np.flatnonzero(np.abs(code) > _SIGNIFICANT * np.abs(code).max(initial=0.0))
    wanted = epsilon / Fraction(2) ** image.signal_exponent
    columns, signs = image.atoms.atoms[:, support], np.sign(code[support])
    if not len(support) or len(support) > len(columns) or not np.isfinite(code).all():
        return None
    try:
        inverse = np.linalg.inv(columns.T @ columns)
    except np.linalg.LinAlgError:
        return None
    rest = inverse @ (columns.T @ image.signal)
    rest += inverse @ (columns.T @ (image.signal - columns @ rest))
    across = inverse @ (image.atoms.costs[support] * signs)
    left, along = image.signal - columns @ rest, columns @ across
    square = (float(wanted) ** 2 - float(left @ left)) / max(float(along @ along), 1e-300)
    if not 0 < square < math.inf:
        return None
    weight, width = math.sqrt(square), _FINEST
    while width <= _COARSEST:
        sides: list[_Side] = []
        for t in (weight * (1 - width), weight * (1 + width)):
            values = np.zeros_like(code)
            values[support] = rest - t * across
            side = _side(image, t, values, nonnegative=nonnegative)
            sides += [side] if side is not None else []
        if len(sides) < 2:
            return None
        first, second = sides
        if first.most <= float_lower(wanted) and float_upper(wanted) <= second.least:
            return _between(first.unique, second.unique)
        width *= _FACTOR
    return None


def _side(image: Image, weight: float, code: Floats, *, nonnegative: bool) -> _Side | None:
    unit = Fraction(2) ** (image.atoms.dual_exponent + image.signal_exponent)
    unique = unique_lasso(image, Fraction(weight) * unit, code, nonnegative=nonnegative)
    if unique is None:
        return None
    support = np.flatnonzero(code)
    residual, errors = image.atoms.applied(support, code[support], image.signal)
    _, _, gram = inverse_of_gram(image, support)
    radius = float_upper(unique.radius / Fraction(2) ** (image.signal_exponent - image.atoms.exponents[0]))
    spread = (radius * math.sqrt(float(gram.sum())) + norm_upper(errors)) * (1 + 2.0**-30)
    least = float(np.linalg.norm(residual)) * (1 - rounding_upper(len(residual) + 8)) - spread
    return _Side(unique=unique, least=least * (1 - 2.0**-50), most=(norm_upper(residual) + spread) * (1 + 2.0**-50))


def _between(first: UniqueLasso, second: UniqueLasso) -> UniqueBpdn | None:
    """Return the proof with the centre (c_1 + c_2) / 2 and the radius that the rule derives."""
    one, two = first.centre.values[0], second.centre.values[0]
    exponent = min(first.centre.exponent, second.centre.exponent)
    unit = Fraction(2) ** exponent
    real = tuple(int((a + b) / unit) for a, b in zip(one, two, strict=True))
    moved = max(abs(a - b) for a, b in zip(one, two, strict=True))
    radius = moved / 2 + max(first.radius, second.radius)
    centre = ExactCode(support=first.centre.support, real=real, exponent=exponent - 1)
    if any(abs(value) <= radius for value in centre.values[0]):
        return None
    return UniqueBpdn(first=first, second=second, centre=centre, radius=radius)
