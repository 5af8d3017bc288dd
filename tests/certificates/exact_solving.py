"""Small linear systems in exact arithmetic, and codes on the boundary of a ball: for the truth about problems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
from gaussian_rationals import TINY

Vector = tuple[Fraction, ...]


def dot(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))


def solved(rows: list[list[Fraction]], right: list[Fraction]) -> list[Fraction] | None:
    """Solve a square system; None if it is singular."""
    rows = [[*row, value] for row, value in zip(rows, right, strict=True)]
    size = len(rows)
    for k in range(size):
        at = next((i for i in range(k, size) if rows[i][k]), None)
        if at is None:
            return None
        rows[k], rows[at] = rows[at], rows[k]
        rows[k] = [x / rows[k][k] for x in rows[k]]
        for i in range(size):
            if i != k and rows[i][k]:
                rows[i] = [x - rows[i][k] * z for x, z in zip(rows[i], rows[k], strict=True)]
    return [row[-1] for row in rows]


def near(a: Vector, b: Vector) -> bool:
    return all(abs(x - z) <= TINY for x, z in zip(a, b, strict=True))


def boundary(atoms: np.ndarray, signal: np.ndarray, epsilon: float) -> Iterator[np.ndarray]:
    """Codes x of these atoms with |y - A x| = epsilon, in many directions; the nearest one alone if that is needed."""
    size = atoms.shape[1]
    best = np.linalg.lstsq(atoms, signal, rcond=None)[0] if size else np.zeros(0, dtype=complex)
    left = float(np.linalg.norm(signal - atoms @ best))
    if left > epsilon + 1e-12:
        return
    yield best
    radius = max(0.0, epsilon**2 - left**2) ** 0.5
    if radius and size:
        random = np.random.default_rng(size)
        directions = random.standard_normal((200, size)) + (
            1j * random.standard_normal((200, size)) if atoms.imag.any() else 0
        )
        for direction in directions:
            length = float(np.linalg.norm(atoms @ direction))
            yield best + direction * (radius / length if length > 1e-9 else 1e9)
