"""Supports worth trying: matching pursuit and swaps, in floats."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_NOTHING = 1e-12
_ROUNDS = 20


def residual_off(atoms: Floats, signal: Floats, support: list[int]) -> Floats:
    """Return the signal minus its projection onto the span of some atoms."""
    if not support:
        return signal
    basis, _ = np.linalg.qr(atoms[:, support])
    residual = signal - basis @ (basis.T @ signal)
    return residual - basis @ (basis.T @ residual)


def pursued(
    atoms: Floats, signal: Floats, size: int, *, enough: float = 0.0, nonnegative: bool = False
) -> list[list[int]]:
    """Return the supports of orthogonal matching pursuit of sizes 0 .. `size`, until at most `enough` is left.

    For non-negative codes only atoms with a positive inner product with the residual are added.
    """
    unit = _normalised(atoms)
    supports: list[list[int]] = [[]]
    support: list[int] = []
    while len(support) < size:
        residual = residual_off(unit, signal, support)
        if np.linalg.norm(residual) <= max(enough, _NOTHING * float(np.linalg.norm(signal))):
            break
        added = best_addition(unit, residual, support, nonnegative=nonnegative)
        if added is None:
            break
        support = [*support, added]
        supports.append(support)
    return supports


def _normalised(atoms: Floats) -> Floats:
    return atoms / np.maximum(np.sqrt((atoms**2).sum(axis=0)), np.finfo(float).tiny)


def swapped(atoms: Floats, signal: Floats, support: list[int]) -> list[int]:
    """Return a support from which no exchange of one atom lessens the residual noticeably."""
    unit = _normalised(atoms)
    best = float(np.linalg.norm(residual_off(unit, signal, support)))
    for _ in range(_ROUNDS):
        start = best
        for at in range(len(support)):
            others = support[:at] + support[at + 1 :]
            residual = residual_off(unit, signal, others)
            added = best_addition(unit, residual, others)
            if added is None or added == support[at]:
                continue
            now = float(np.linalg.norm(residual_off(unit, signal, [*others, added])))
            if now < best * (1 - 1e-9):
                support, best = [*others, added], now
        if best >= start or best <= _NOTHING * np.linalg.norm(signal):
            break
    return support


def best_addition(unit: Floats, residual: Floats, support: list[int], *, nonnegative: bool = False) -> int | None:
    """Return the atom that lessens the residual off a support most, None if no atom does."""
    left = np.ones(unit.shape[1])
    if support:
        basis, _ = np.linalg.qr(unit[:, support])
        left = np.maximum(1 - ((basis.T @ unit) ** 2).sum(axis=0), 0.0)
        left[support] = 0.0
    products = np.maximum(unit.T @ residual, 0.0) if nonnegative else unit.T @ residual
    gains = np.divide(products**2, left, out=np.zeros_like(left), where=left > _NOTHING)
    return int(gains.argmax()) if gains.max(initial=0.0) > 0 else None


def exchanges(atoms: Floats, signal: Floats, support: list[int], most: int) -> list[list[int]]:
    """Return supports that differ from one by an exchange of one atom and come nearest to the signal, nearest first."""
    unit = _normalised(atoms)
    found: list[tuple[float, list[int]]] = []
    for at in range(len(support)):
        others = support[:at] + support[at + 1 :]
        residual = residual_off(unit, signal, others)
        left = np.ones(unit.shape[1])
        if others:
            basis, _ = np.linalg.qr(unit[:, others])
            left = np.maximum(1 - ((basis.T @ unit) ** 2).sum(axis=0), 0.0)
        left[support] = 0.0
        gains = np.divide((unit.T @ residual) ** 2, left, out=np.zeros_like(left), where=left > _NOTHING)
        squared = float(residual @ residual)
        best = [added for added in np.argsort(-gains)[:most].tolist() if gains[added] > 0]
        found += [(squared - float(gains[added]), sorted([*others, added])) for added in best]
    return [candidate for _, candidate in sorted(found)[:most]]
