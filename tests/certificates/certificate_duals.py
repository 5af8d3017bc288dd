"""Weights and dual vectors for certificates: least squares in floats, rounded; whatever they are, a bound is proved."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import numpy as np
from certificate_truth import Truth


def _unit(truth: Truth, scaling: str = "unit") -> np.ndarray:
    columns = [[complex(float(a), float(b)) for a, b in column] for column in truth.columns]
    matrix = np.array(columns).T
    return matrix / np.linalg.norm(matrix, axis=0) if scaling == "unit" else matrix


def coherence_weights(truth: Truth) -> tuple[list[int], list[int]]:
    """Weights w_i for all atoms, real and imaginary parts times 2^30: mu~_i is attained where one circuit is all."""
    unit = _unit(truth)
    rows = np.linalg.pinv(unit.conj().T)
    kernel = np.eye(truth.n) - np.linalg.pinv(unit) @ unit
    weights = []
    for i in range(truth.n):
        target = np.eye(truth.n, dtype=complex)[i]
        if abs(kernel[i, i]) > 1e-9:  # of one circuit h, the residual of least largest modulus
            h = kernel[:, i]
            phases = np.where(abs(h) > 1e-9, h / np.maximum(abs(h), 1e-9), 0)
            target = target - phases / abs(h).sum() * (h[i].conj() if truth.vertices else 0)
        weights.append(rows @ target)
    flat = np.rint(np.array(weights).reshape(-1) * 2**30)
    return [int(x) for x in flat.real], [int(x) for x in flat.imag]


def duals_of(truth: Truth, supports: Iterable[Iterable[int]], scaling: str, bits: int = 24) -> list[int]:
    """For every support and sign pattern a y with e ~ D'* y, times 2^bits: the best one where one circuit is all."""
    matrix = _unit(truth, scaling).real
    rows = np.linalg.pinv(matrix.T)
    h = np.linalg.svd(matrix)[2][-1]
    found: list[int] = []
    for support in map(list, supports):
        for signs in itertools.product((1, -1), repeat=len(support) - 1):
            target = np.zeros(truth.n)
            target[support] = (1, *signs)
            if (
                truth.n - truth.rank == 1
            ):  # the residual of least largest modulus: e and it have the same product with h
                target -= np.sign(np.where(abs(h) > 1e-9, h, 0)) * (target @ h) / abs(h).sum()
            found += [int(x) for x in np.rint(rows @ target * 2**bits)]
    return found
