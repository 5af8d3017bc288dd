"""Weights between least coherence and least noise: long rows make atoms less coherent, and noise larger."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..progress import Progress, silent
from ..solvers.short_rows import short_rows
from .code_class import CodeClass

Floats = NDArray[np.float64]

BALANCED = "balanced"

_SHARES = (1 / 6, 1 / 3, 1 / 2, 2 / 3, 5 / 6)
_LEAST = 1e-3
_ROUNDS = 60


def balanced_weights(
    columns: Floats, own: NDArray[np.intp], coherent: Floats, codes: CodeClass, progress: Progress = silent
) -> list[Floats]:
    """Return candidates for weights (count, m) of a network for codes with noise, the least coherent ones first.

    Row i belongs to the column a_own(i) of `columns` (m, N), and `coherent` are rows of little coherence. Between the
    coherence of those and that of a_own/|a_own|^2, shorter rows are found for five bounds of it. In the limit the
    error a of a network obeys a = max_i [(P_i(s) + P_i(s-1)) a + 2 sigma |v_i|]; of each row that one is taken which is
    best at this a, in one candidate at the a where it settles, in another at the geometric mean of that and the bound
    of the codes, for networks of few layers. Estimated: plans of networks tell which is best. Cost: that of
    `short_rows` five times.
    """
    if not codes.noise:
        return [coherent]
    atoms = columns[:, own].T
    plain = atoms / np.einsum("cm,cm->c", atoms, atoms)[:, None]
    least, most = (np.maximum(_others(v, columns, own).max(axis=1), 1e-300) for v in (coherent, plain))
    least = np.minimum(np.maximum(least, _LEAST * most), most)
    rows = [coherent]
    for at, share in enumerate(_SHARES):
        progress("balanced weights", at, len(_SHARES))
        rows.append(short_rows(columns, own, least * (most / least) ** share, rows[-1]))
    progress("balanced weights", len(_SHARES), len(_SHARES))
    rows.append(plain)
    found = np.stack(rows)
    rates = np.stack([_rates(_others(v, columns, own), codes.sparsity) for v in rows])
    noise = 2 * float(codes.noise) * np.linalg.norm(found, axis=2)
    bound = float(codes.bound)
    settled = bound
    for _ in range(_ROUNDS):
        settled = min(settled, float((rates * settled + noise).min(axis=0).max()))
    errors, count = (settled, float(np.sqrt(settled * bound))), np.arange(len(own))
    return [coherent, *(found[np.argmin(rates * error + noise, axis=0), count] for error in errors), plain]


def _others(rows: Floats, columns: Floats, own: NDArray[np.intp]) -> Floats:
    """Return |<v_i, a_j>|, with 0 for the own column."""
    products = np.abs(rows @ columns)
    products[np.arange(len(own)), own] = 0.0
    return products


def _rates(products: Floats, sparsity: int) -> Floats:
    """Return P_i(s) + P_i(s-1)."""
    top = np.partition(products, -sparsity, axis=1)[:, -sparsity:]
    return 2 * top.sum(axis=1) - top.min(axis=1)
