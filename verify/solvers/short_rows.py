"""The shortest rows with bounded products: least |v|_2 with <v, a_own> = 1, |<v, a_j>| <= tau, many at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_ITERATIONS = 300
_STILL = 1e-4
_EVERY = 10
_NEAR = 0.4


def short_rows(columns: Floats, own: NDArray[np.intp], bounds: Floats, start: Floats) -> Floats:
    """Propose for each row i argmin |v|_2 over <v, a_own(i)> = 1, |<v, a_j>| <= bounds[i] for the other columns a_j.

    `columns` has shape (m, N), `own` the column of each row, `start` rows (count, m) to begin with. By the alternating
    direction method, all rows at once, on the columns whose product with a row of `start` or a_own/|a_own|^2 reaches
    0.4 of its bound; rows are scaled to <v, a_own> = 1 at the end. So bounds may be missed. Estimated: rows are
    weights, and any weights may be certified. Cost: up to 300 products of count x m x (columns left).
    """
    count, size = np.arange(len(own)), float(np.abs(columns).max())
    if not size:
        return start
    plain = columns[:, own].T / np.einsum("mc,mc->c", columns[:, own], columns[:, own])[:, None]
    near = np.maximum(np.abs(start @ columns), np.abs(plain @ columns)) >= _NEAR * bounds[:, None]
    near[:, own] = True
    kept = np.flatnonzero(near.any(axis=0))
    own = np.searchsorted(kept, own)
    A = columns[:, kept] / size
    gram = A @ A.T
    weight = 10.0 / max(float(np.trace(gram)) / len(gram), 1e-300)
    inverse = np.linalg.inv(gram + np.eye(len(gram)) / weight)
    limits = np.broadcast_to(bounds[:, None], (len(own), len(kept)))
    v, u = start * size, np.zeros(limits.shape)
    products = v @ A
    for at in range(_ITERATIONS):
        z = np.clip(products + u, -limits, limits)
        z[count, own] = 1.0
        u += products - z
        before, v = v, ((z - u) @ A.T) @ inverse
        products = v @ A
        if at % _EVERY == _EVERY - 1 and np.abs(v - before).max() <= _STILL / _EVERY * np.abs(v).max():
            break
    with np.errstate(all="ignore"):
        found = v / products[count, own][:, None] / size
    return np.where(np.isfinite(found).all(axis=1, keepdims=True), found, start)
