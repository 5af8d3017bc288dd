"""Non-negative least squares, by SciPy."""

from __future__ import annotations

import numpy as np

from .l1_programs import Numbers


def nonnegative_residual(atoms: Numbers, signal: Numbers) -> tuple[list[int], float]:
    """Return the support of a minimiser of |b - A x| over x >= 0, and that norm. Estimated."""
    from scipy.optimize import nnls

    try:
        code, norm = nnls(atoms, signal)
    except RuntimeError:  # too many iterations
        return [], 0.0
    return np.flatnonzero(code).tolist(), float(norm)
