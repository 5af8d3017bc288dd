"""The shortest rows with bounded products: least |v|_2 with <v, a_own> = 1, |<v, a_j>| <= tau, many at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_ITERATIONS = 400
_STILL = 1e-5
_EVERY = 20


def short_rows(columns: Floats, own: NDArray[np.intp], bounds: Floats, start: Floats) -> Floats:
    """Propose for each row i argmin |v|_2 over <v, a_own(i)> = 1, |<v, a_j>| <= bounds[i] for the other columns a_j.

    `columns` has shape (m, N), `own` the column of each row, `start` rows (count, m) to begin with. By the alternating
    direction method, all rows at once; rows are scaled to <v, a_own> = 1 at the end, so that bounds may be missed a
    little. Estimated: rows are weights, and any weights may be certified. Cost: up to 400 products of count x m x N.
    """
    count, size = np.arange(len(own)), float(np.abs(columns).max())
    if not size:
        return start
    A = columns / size
    gram = A @ A.T
    weight = 10.0 / max(float(np.trace(gram)) / len(gram), 1e-300)
    inverse = np.linalg.inv(gram + np.eye(len(gram)) / weight)
    limits = np.broadcast_to(bounds[:, None], (len(own), columns.shape[1]))
    v, u = start * size, np.zeros(limits.shape)
    products = v @ A
    for at in range(_ITERATIONS):
        z = np.clip(products + u, -limits, limits)
        z[count, own] = 1.0
        u += products - z
        before, v = v, ((z - u) @ A.T) @ inverse
        products = v @ A
        if at % _EVERY == _EVERY - 1 and np.abs(v - before).max() <= _STILL * np.abs(v).max():
            break
    with np.errstate(all="ignore"):
        found = v / products[count, own][:, None] / size
    return np.where(np.isfinite(found).all(axis=1, keepdims=True), found, start)
