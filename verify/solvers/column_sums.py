"""Matrices I - Y X^T with small sums of the k largest entries of every column, by cyclic projections."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .candidate import Candidate
from .row_space import RowSpace

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallColumns(Candidate):
    """Proposed: rows y_i = `dual`; the k largest entries of each column of |I - Y X^T| sum to at most `largest`."""

    dual: Floats
    largest: float


def small_columns(space: RowSpace, dual: Floats, level: int, target: float, iterations: int) -> SmallColumns:
    """Propose Y, starting from `dual`, with column sums of the `level` largest entries at most `target`.

    The matrices I - Y X^T are an affine space; each step projects within it, for all columns at once, towards the
    half-space of the column's k largest entries (Censor, Zenios 1997: simultaneous projections). Returns the best seen.
    Cost: a product of n x n matrices for each iteration. Source of the condition: Juditsky, Nemirovski 2011.
    """
    identity = np.eye(space.count)
    projection = space.projected(identity)
    lengths = np.maximum(np.diag(projection), np.finfo(float).tiny)
    entries = identity - space.in_row_space(dual)
    best, largest = entries, np.inf
    for _ in range(iterations):
        moduli = np.abs(entries)
        at = np.argpartition(-moduli, level - 1, axis=0)[:level]
        sums = np.take_along_axis(moduli, at, axis=0).sum(axis=0)
        if sums.max() < largest:
            best, largest = entries, float(sums.max())
        excess = np.maximum(sums - target, 0.0)
        if largest <= target or not np.isfinite(sums).all():
            break
        pull = np.zeros_like(entries)
        signs = np.sign(np.take_along_axis(entries, at, axis=0))
        np.put_along_axis(pull, at, signs * excess / (level * lengths), axis=0)
        entries = entries - pull @ projection
    return SmallColumns(dual=space.preimage(identity - best), largest=largest)
