"""Least squares with bounds on every entry, for a few atoms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_TOLERANCE = 1e-14


def bounded_least_squares(atoms: Floats, signal: Floats, lower: float, upper: float) -> Floats:
    """Propose argmin |y - Ax|_2 over lower <= x <= upper, A of shape (m, k), by an active-set method. Estimated.

    Without a bound that is active: plain least squares. Zero where the numbers are too wild for floats.
    """
    if atoms.shape[1] == 0 or not (np.isfinite(atoms).all() and np.isfinite(signal).all()):
        return np.zeros(atoms.shape[1])
    try:
        plain: Floats = np.linalg.lstsq(atoms, signal, rcond=None)[0].astype(np.float64)
        if (plain >= lower).all() and (plain <= upper).all():
            return plain
        from scipy.optimize import lsq_linear

        found = lsq_linear(atoms, signal, (lower, upper), method="bvls", tol=_TOLERANCE).x
    except (np.linalg.LinAlgError, ValueError):
        return np.zeros(atoms.shape[1])
    return np.clip(np.where(np.isfinite(found), found, 0.0), lower, upper)
