"""The atoms of an experiment in floats: products, norms and least singular values, each with a proved bound."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...dictionaries.dictionary import Dictionary
from ...dictionaries.working_space import WorkingSpace, working_space
from ...errors import InputError
from ...exact import echelon_pivots, integer_rank
from ...solvers.signed_duals import RowProjector
from ...verdict import Scaling

Floats = NDArray[np.float64]

SLACK = 1.0 + 2.0**-30
"""Outweighs the rounding of a bound: of sums of up to a million numbers that are not negative, and of roots."""
TINY = 2.0**-900
"""Outweighs what underflows in a product with vectors that are not astronomically long."""
_PRIME = 2**31 - 1
_MOST_EXACT_ENTRIES = 20_000


def gamma(operations: int) -> float:
    """Return an upper bound of the relative error of a sum of so many products in binary64."""
    return operations * 2.0**-52


class Atoms:
    """The atoms d'_j of a real dictionary as asked for: D^ for `unit`, a power of two times D for `as-given`.

    `rows` x_j are floats within `errors[j]` of d'_j in the Euclidean norm; `norms[j]` is an upper bound of |d'_j|_2.
    Raises InputError for a complex dictionary.
    """

    def __init__(self, dictionary: Dictionary, scaling: Scaling) -> None:
        if dictionary.field == "complex":
            raise InputError("recovery experiments are for real dictionaries, and this one is complex")
        self.dictionary = dictionary
        self.scaling = scaling
        self.space: WorkingSpace = working_space(dictionary, scaling)
        self.rows = np.ascontiguousarray(self.space.rows)
        self.errors = self.space.errors
        self.norms = np.sqrt(np.einsum("ij,ij->i", self.rows, self.rows)) * SLACK + self.errors + TINY

    @property
    def shape(self) -> tuple[int, int]:
        """(m, n) of the dictionary."""
        return self.dictionary.shape

    def products(self, vectors: Floats) -> tuple[Floats, Floats]:
        """Return the computed <d'_j, y> for every row y of `vectors`, and bounds of their errors."""
        lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors)) * SLACK + TINY
        return vectors @ self.rows.T, (lengths[:, None] * self.errors + TINY) * SLACK

    @cached_property
    def projector(self) -> RowProjector:
        """The projection onto the row space. Estimated."""
        return RowProjector(self.rows)

    @cached_property
    def least_singular_value(self) -> float:
        """A proved lower bound of the least nonzero singular value of independent rows that span all rows of D'.

        0 if it could not be proved positive. A vector r = D' h is then also D' g with |g|_2 <= |r|_2 over this bound.
        """
        every = self._independent_rows(range(self.shape[0]))
        if every > 0 or self.dictionary.real.size > _MOST_EXACT_ENTRIES:
            return every
        # The rows of D are dependent, or too close to it: choose some, and prove exactly that they span the others.
        n = self.shape[1]
        integers = self.dictionary.integer_atoms(range(n)).real
        chosen, _ = echelon_pivots(integers, _PRIME)
        if len(chosen) < self.shape[0] and integer_rank(integers) == len(chosen):
            return self._independent_rows(chosen)
        return 0.0

    def _independent_rows(self, chosen: range | list[int]) -> float:
        some = np.ascontiguousarray(self.rows[:, list(chosen)].T)
        off = float(np.sqrt(np.sum(self.errors**2)))
        values, _ = least_singular_values(some[None], np.array([off]))
        return float(values[0])


def least_singular_values(rows: Floats, off: Floats) -> tuple[Floats, Floats]:
    """Return proved lower bounds of the k-th singular values of many k x m matrices, and approximate inverses of A A^T.

    `rows` is (count, k, m), each matrix within `off` (in the Frobenius norm) of the exact one. With G = A A^T, any M
    and e >= |I - M G|_inf, e < 1: |G^-1|_2 <= |G^-1|_inf <= |M|_inf/(1 - e). The bound is 0 where e is not below 1.
    """
    _, k, m = rows.shape
    with np.errstate(all="ignore"):
        gram = rows @ rows.transpose(0, 2, 1)
        inverse = _inverses(gram)
        size = _greatest_row(inverse)
        residual = _greatest_row(np.eye(k) - inverse @ gram)
        squares = np.einsum("bij,bij->b", rows, rows)
        errors = size * (gamma(k + 2) * _greatest_row(gram) + np.sqrt(k) * gamma(m + 2) * squares + TINY)
        e = (residual + errors) * SLACK
        least = np.sqrt((1 - e) / size) * (2 - SLACK) - off * SLACK
        proved = (e < 1) & (least > 0) & np.isfinite(least)
    return np.where(proved, least, 0.0), inverse


def _greatest_row(matrices: Floats) -> Floats:
    return np.abs(matrices).sum(axis=2).max(axis=1)


def _inverses(matrices: Floats) -> Floats:
    """Return inverses, zero where there is none."""
    try:
        return np.asarray(np.linalg.inv(matrices), dtype=np.float64)
    except np.linalg.LinAlgError:
        if len(matrices) == 1:
            return np.zeros_like(matrices)
        half = len(matrices) // 2
        return np.concatenate([_inverses(matrices[:half]), _inverses(matrices[half:])])
