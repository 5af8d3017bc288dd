"""Generalized Babel function: sums of the k largest inner products with weights, for the unrolled network."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..budget import Budget
from ..dictionaries.working_space import WorkingSpace
from ..progress import Progress, silent
from ..rounding import dyadic_upper
from ..solvers.largest_sums import least_largest_sums
from .generalized import GeneralizedCoherence, integer_weights, largest_level

Floats = NDArray[np.float64]

_UPPER_BITS = 50
_BITS = 80
_SLACK = 1.0 + 2.0**-40
_WORK_OF_A_PROGRAM = 400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneralizedBabel:
    """P_i(k) <= `upper[k-1]` and P_i(k) + P_i(k-1) <= `sums[k-1]` for all atoms i and k = 1 .. their length.

    P_i(k) is the sum of the k largest |<w_i, d^_j>|, j != i, for w_i = `weights[i]` scaled to <w_i, d^_i> = 1. `bits`
    is the precision at which the rule of certificates/SPEC.md 6.1 sees the atoms.
    """

    weights: NDArray[np.int64]
    bits: int
    upper: tuple[Fraction, ...]
    sums: tuple[Fraction, ...]


def generalized_babel(
    space: WorkingSpace, generalized: GeneralizedCoherence, budget: Budget, progress: Progress = silent
) -> GeneralizedBabel | None:
    """Return weights for which the network converges at the highest level found above that of mu~, or None.

    Starts from the weights of mu~; where P_i(k) + P_i(k-1) >= 1 a linear program per atom looks for better ones.
    Guarantee: every sum is proved, in floating-point products with a rigorous error bound. Cost: per atom a program of
    a few seconds for 250 x 500. Source: Chen, Liu, Wang, Yin 2018.
    """
    m, n = space.shape
    weights, best = generalized.weights, None
    for level in range(min(largest_level(generalized), n) + 1, n + 1):
        open_atoms = np.flatnonzero(~(_sums(space, weights, level)[1][:, -1] < 1))
        if not budget.affords(len(open_atoms) * _WORK_OF_A_PROGRAM * n * n * m):
            break
        weights = weights.copy()
        for at, atom in enumerate(open_atoms.tolist()):
            progress(f"weights for a network at level {level}", at, len(open_atoms))
            found = None if budget.stopped() else least_largest_sums(space.rows, atom, level)
            if found is None:
                return best
            weights[atom] = integer_weights(found.weights[None])[0]
            if not _sums(space, weights[[atom]], level, [atom])[1][0, -1] < 1:
                return best
        best = _measured(space, weights, level)
    return best


def _measured(space: WorkingSpace, weights: NDArray[np.int64], level: int) -> GeneralizedBabel:
    upper, sums = (bounds.max(axis=0).tolist() for bounds in _sums(space, weights, level))
    return GeneralizedBabel(
        weights=weights,
        bits=_BITS,
        upper=tuple(dyadic_upper(Fraction(value), _UPPER_BITS) for value in upper),
        sums=tuple(dyadic_upper(Fraction(value), _UPPER_BITS) for value in sums),
    )


def _sums(
    space: WorkingSpace, weights: NDArray[np.int64], level: int, atoms: list[int] | None = None
) -> tuple[Floats, Floats]:
    """Return rigorous bounds of P_i(k) and P_i(k) + P_i(k-1), k = 1 .. level, for each atom."""
    own_atoms = np.arange(len(weights)) if atoms is None else np.array(atoms)
    products, errors = space.products(weights.astype(np.float64))
    rows = np.arange(len(weights))
    moduli = np.abs(products) + errors
    own = np.abs(products[rows, own_atoms]) - errors[rows, own_atoms]
    moduli[rows, own_atoms] = 0.0
    largest = -np.partition(-moduli, min(level, moduli.shape[1] - 1), axis=1)[:, :level]
    totals = np.cumsum(-np.sort(-largest, axis=1), axis=1) * _SLACK
    with np.errstate(divide="ignore", invalid="ignore"):
        upper = np.where(own[:, None] > 0, totals / own[:, None] * _SLACK, np.inf)
    before = np.concatenate([np.zeros((len(upper), 1)), upper[:, :-1]], axis=1)
    return upper, (upper + before) * _SLACK
