"""From a null vector in floats to an exact one with few nonzeros that is close to it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..dictionaries.dictionary import Dictionary
from .null_vectors import NullVector, null_vector_on

Floats = NDArray[np.float64]

_NEGLIGIBLE = 1e-6
_SINGULAR = 1e-9
_MOST_STEPS = 200


def exact_vertex(
    dictionary: Dictionary, rows: Floats, h: Floats, most_solving: float, attempt: int = 0
) -> NullVector | None:
    """Return an exact null vector near h, whose support has at most one atom more than its rank, or None.

    `rows` are the atoms as floats, scaled as h is meant. Null vectors of least |h|_1 under linear conditions have such
    supports. Where the atoms of the support are dependent in floats only, it is completed to a basis and one atom more.
    There different attempts give different vectors. Guarantee: what is returned is exact; how near it is to h is not
    promised.
    """
    if not np.isfinite(h).all() or not h.any():
        return None
    support = _reduced(rows, h)
    if len(support) < 2:
        return None
    found = null_vector_on(dictionary, support.tolist(), most_solving=most_solving)
    if found is not None:
        return found
    basis = completed(rows, support, attempt)
    if len(basis) == len(support):
        return None
    return null_vector_on(dictionary, basis.tolist(), most_solving=most_solving)


def _reduced(rows: Floats, h: Floats) -> NDArray[np.intp]:
    """Return the support of a vertex: h moved along its null space until no direction is left but its own.

    Each move keeps all signs and ends where an entry vanishes.
    """
    h = h / np.abs(h).max()
    h = np.where(np.abs(h) > _NEGLIGIBLE, h, 0.0)
    for _ in range(_MOST_STEPS):
        support = np.flatnonzero(h)
        _, singular, right = np.linalg.svd(rows[support].T, full_matrices=True)
        free = right[int((singular > _SINGULAR * max(singular[0], 1e-300)).sum()) :]
        if len(free) < 2:
            return support
        along = free @ h[support]
        least = int(np.argmin(np.abs(along)))  # the direction of the null space that is least along h, then across it
        direction = free[least] - along[least] / max(along @ along, 1e-300) * (along @ free)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratios = -h[support] / direction
        ways = [np.where(ratios > 0, ratios, np.inf), np.where(ratios < 0, -ratios, np.inf)]
        ends = [int(np.argmin(way)) for way in ways]
        there, back = (
            abs(h[support[end]]) if np.isfinite(way[end]) else np.inf for way, end in zip(ways, ends, strict=True)
        )
        if np.isinf(min(there, back)):
            return support
        at = ends[0] if there <= back else ends[1]  # the lesser entry goes: what is left is nearer h
        moved = h[support] + ratios[at] * direction
        moved[at] = 0.0
        h = np.zeros_like(h)
        h[support] = np.where(np.abs(moved) > _NEGLIGIBLE * np.abs(moved).max(), moved, 0.0)
    return np.flatnonzero(h)


def completed(rows: Floats, support: NDArray[np.intp], attempt: int) -> NDArray[np.intp]:
    """Return `support` with atoms that complete it, less its last one, to a basis of the whole span.

    The first attempt takes the atoms farthest from the span so far, later ones weigh them at random.
    """
    taste = np.random.default_rng(attempt).uniform(0.01 if attempt else 1.0, 1.0, len(rows))
    rank = int(np.linalg.matrix_rank(rows))
    basis, _ = np.linalg.qr(rows[support[:-1]].T)
    rest = rows - (rows @ basis) @ basis.T
    chosen = list(support)
    norms = np.einsum("ij,ij->i", rest, rest)
    norms[support] = -1.0
    while len(chosen) <= rank:
        best = int(np.argmax(norms * taste))
        if norms[best] < _SINGULAR**2:
            break
        chosen.append(best)
        unit = rest[best] / np.linalg.norm(rest[best])
        rest = rest - np.outer(rest @ unit, unit)
        norms = np.where(norms < 0, -1.0, np.einsum("ij,ij->i", rest, rest))
        norms[best] = -1.0
    return np.sort(np.array(chosen, dtype=np.intp))
