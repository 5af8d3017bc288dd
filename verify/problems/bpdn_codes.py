"""Codes that are feasible for BPDN, proved by rounding bounds."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from ..rounding import float_lower
from .dyadic import exact_code, short_upper
from .image import Image, Numbers, norm_upper
from .lasso_bounds import ROUNDED_UP
from .proofs import CodeBound

_TRIES = 4


def code_bound(image: Image, code: Numbers, epsilon: Fraction, *, nonnegative: bool) -> CodeBound | None:
    """Return the cost of a code near `code` with |y - D x| <= epsilon, or None if none was found near it.

    Where the code of the image is just outside the ball, its residual is shortened by least squares on its support.
    Guarantee: proved. Cost: products and a least-squares problem on the support.
    """
    wanted = float_lower(epsilon / Fraction(2) ** image.signal_exponent)
    support = np.flatnonzero(code)
    values = code[support]
    for attempt in range(_TRIES):
        if not np.isfinite(values).all() or (nonnegative and (values < 0).any()):
            return None
        residual, errors = image.atoms.applied(support, values, image.signal)
        lost = norm_upper(errors)
        if (norm_upper(residual) + lost) * ROUNDED_UP <= wanted:
            cost = math.fsum(image.atoms.costs_upper[support] * np.abs(values)) * ROUNDED_UP
            feasible = np.zeros_like(code)
            feasible[support] = values
            upper = short_upper(Fraction(cost) * Fraction(2) ** image.value_exponent)
            return CodeBound(code=exact_code(image, feasible), upper=upper)
        spare = 4.0**attempt * (4 * lost + len(residual) * 2.0**-52 * wanted)
        values = _shortened(image.atoms.atoms[:, support], residual, values, wanted - spare)
    return None


def _shortened(columns: Numbers, residual: Numbers, values: Numbers, norm: float) -> Numbers:
    """Return values moved towards least squares until the residual has this norm, or not finite ones."""
    if norm <= 0 or not len(values) or not np.isfinite(residual).all():
        return np.full_like(values, np.nan)
    step = np.linalg.lstsq(columns, residual, rcond=None)[0]
    along = columns @ step
    share = (float(np.vdot(residual, residual).real) - norm**2) / max(float(np.vdot(along, along).real), 1e-300)
    return values + step * (1 - math.sqrt(1 - share)) if share <= 1 else np.full_like(values, np.nan)
