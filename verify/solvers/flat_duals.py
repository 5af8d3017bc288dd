"""Dual vectors that are fixed on a support and small off it, by uniform approximation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .l1_programs import Floats
from .row_space import RowSpace
from .threads import one_thread

_ENOUGH = 1 - 1e-3
_TOLERANCE = 1e-9


def flat_dual(atoms: Floats, costs: Floats, support: NDArray[np.intp], start: Floats) -> Floats | None:
    """Propose v with <a_i, v> = <a_i, start> on the support and max |<a_j, v>| / costs_j off it small, or None.

    Stops where the maximum is safely below 1. Cost: a singular value decomposition of the atoms off the support, and
    some factorizations of m - s unknowns.
    """
    m, n = atoms.shape
    off = np.setdiff1d(np.arange(n), support)
    if not len(off) or len(support) >= m:
        return None
    scaled = atoms[:, off] / costs[off]
    try:
        with one_thread():
            basis = np.linalg.qr(atoms[:, support], mode="complete")[0][:, len(support) :]
            space = RowSpace(scaled.T @ basis)
            found = space.approximate((start @ scaled)[None, :], tolerance=_TOLERANCE, enough=_ENOUGH)
    except (np.linalg.LinAlgError, ValueError):
        return None
    dual = start - basis @ found.dual[0]
    return dual if np.isfinite(dual).all() else None
