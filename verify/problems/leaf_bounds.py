"""What one vector proves of a case: no code that counts these atoms, avoids those and has q more comes that near.

h(v) = <v, y> - B (sum over counted atoms of |<d_i, v>| + the q largest |<d_j, v>| over free atoms), with positive parts
for non-negative codes, is a lower bound of |v|_2 times the distance of y from all Dx of the case (weak duality).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..dictionaries.dictionary import Dictionary
from ..dictionaries.signals import Signal
from ..rounding import float_upper
from ..solvers.sparse_relaxation import largest_sums
from .exact_fit import ExactFits

Floats = NDArray[np.float64]
FREE, COUNTED, EXCLUDED = 0, 1, 2

_BITS = (14, 30, 50)
_RANGE = 2.0**200
_SLACK = 2.0**-51
_NEAR = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A case is closed if h > 0 and h^2 > squared |v|^2, or h^2 >= squared |v|^2 where it is not `strict`."""

    squared: Fraction
    strict: bool

    def reached(self, h: Fraction, norm_squared: int) -> bool:
        """Say whether exact values close a case."""
        bound = self.squared * norm_squared
        return (h > 0 or (bound == 0 and not self.strict)) and (h * h > bound or (h * h == bound and not self.strict))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """Some cases: `states` says FREE, COUNTED or EXCLUDED of every atom (one row a case), `left` is q."""

    states: NDArray[np.int8]
    left: NDArray[np.intp]

    def taken(self, rows: NDArray[np.intp]) -> Cases:
        """Return some of the cases."""
        return Cases(states=self.states[rows], left=self.left[rows])


class LeafBounds:
    """Proves bounds h(v) for integer vectors v: by floats with a bound of their rounding errors, or in exact integers.

    The floats are within a relative unit roundoff of the entries, so <d_i, v> is off by at most (m + 2) u |d_i| |v|
    and more roundings, in any order of summation (certificates/SPEC.md checks all of it again in integers).
    """

    def __init__(
        self, dictionary: Dictionary, signal: Signal, fits: ExactFits, box: Fraction, nonnegative: bool
    ) -> None:
        self._fits, self._box, self._nonnegative = fits, box, nonnegative
        self._m, self._n = dictionary.shape
        self._floats: tuple[Floats, Floats] | None = None
        atoms, y = _floats_in_range(dictionary.real), _floats_in_range(signal.real)
        if atoms is not None and y is not None and 1 / _RANGE < box < _RANGE:
            self._floats = atoms, y
            self._norms = np.sqrt((atoms**2).sum(axis=0))
            self._norm = float(np.sqrt((y**2).sum()))
            self._box_upper = float_upper(box)

    def close(
        self, cases: Cases, vectors: Floats, threshold: Threshold, bits: Sequence[int] = _BITS
    ) -> list[NDArray[np.int64] | None]:
        """Return for each case integers near a multiple of its vector that close it, proved; None where none do.

        Tries few bits first. Where floats leave it open and it is near, exact integers decide.
        """
        found: list[NDArray[np.int64] | None] = [None] * len(vectors)
        waiting = np.flatnonzero(np.isfinite(vectors).all(axis=1) & (np.abs(vectors).max(axis=1) > 0))
        for at, width in enumerate(bits):
            if not len(waiting):
                break
            rounded = rounded_vectors(vectors[waiting], width)
            part = cases.taken(waiting)
            if self._floats is None:
                closed = np.zeros(len(waiting), dtype=bool)
                near = np.ones(len(waiting), dtype=bool)
            else:
                lower, middle, norms = self._bounds(part, rounded.astype(np.float64))
                root = np.sqrt(float_upper(threshold.squared)) * (1 + 2.0**-50)
                wanted = root * norms * (1 + (self._m + 8) * 2.0**-52)
                closed = (lower > 0) & (lower > wanted)
                near = ~closed & (middle >= wanted * (1 - _NEAR)) & (at == len(bits) - 1)
            for i in np.flatnonzero(near):
                closed[i] = self.closed_exactly(part, int(i), rounded[i], threshold)
            for i in np.flatnonzero(closed):
                found[waiting[i]] = rounded[i]
            waiting = waiting[~closed]
        return found

    def squared_bounds(self, cases: Cases, vectors: NDArray[np.int64]) -> Floats:
        """Return lower bounds of h^2 / |v|^2 for integer vectors below 2^53; proved, 0 where floats fail."""
        if self._floats is None:
            return np.zeros(len(vectors))
        lower, _, norms = self._bounds(cases, vectors.astype(np.float64))
        ratio = np.divide(np.maximum(lower, 0.0), norms, out=np.zeros_like(norms), where=norms > 0)
        return ratio**2 * (1 - (self._m + 16) * 2.0**-50)

    def _bounds(self, cases: Cases, vectors: Floats) -> tuple[Floats, Floats, Floats]:
        """Return a lower bound of h(v), its float value, and |v|_2 up to m + 2 roundings."""
        assert self._floats is not None
        atoms, y = self._floats
        norms = np.sqrt((vectors**2).sum(axis=1))
        products = vectors @ atoms
        moduli = np.maximum(products, 0.0) if self._nonnegative else np.abs(products)
        counted = cases.states == COUNTED
        spent = (moduli * counted).sum(axis=1)
        spent += largest_sums(moduli * (cases.states == FREE), cases.left)
        h = vectors @ y - self._box_upper * spent
        reach = (counted * self._norms).sum(axis=1) + np.minimum(cases.left, self._n) * self._norms.max()
        error = (self._m + self._n + 32) * _SLACK * norms * (self._norm + self._box_upper * reach)
        return h - error, h, norms

    def closed_exactly(self, cases: Cases, row: int, vector: NDArray[np.int64], threshold: Threshold) -> bool:
        """Say whether an integer vector closes one of the cases, in exact integers."""
        return threshold.reached(*self._exact(cases, row, vector))

    def exact_squared_bound(self, cases: Cases, row: int, vector: NDArray[np.int64]) -> Fraction:
        """Return h^2 / |v|^2 for one of the cases, 0 where h is not above 0, exactly."""
        h, norm_squared = self._exact(cases, row, vector)
        return h * h / norm_squared if h > 0 else Fraction(0)

    def _exact(self, cases: Cases, row: int, vector: NDArray[np.int64]) -> tuple[Fraction, int]:
        """Return h and |v|_2^2."""
        state = cases.states[row]
        atoms = np.flatnonzero(state != EXCLUDED).tolist()
        v = vector.tolist()
        first, products = self._fits.inner_products(v, atoms)
        moduli = [max(c, Fraction(0)) if self._nonnegative else abs(c) for c in products]
        counted = sum((c for c, i in zip(moduli, atoms, strict=True) if state[i] == COUNTED), Fraction(0))
        free = sorted((c for c, i in zip(moduli, atoms, strict=True) if state[i] == FREE), reverse=True)
        h = first - self._box * (counted + sum(free[: int(cases.left[row])], Fraction(0)))
        return h, sum(x * x for x in v)


def rounded_vectors(vectors: Floats, bits: int) -> NDArray[np.int64]:
    """Return integers of at most `bits` bits near each row times a power of two."""
    _, exponents = np.frexp(np.abs(vectors).max(axis=1))
    return np.rint(np.ldexp(vectors, (bits - exponents)[:, None])).astype(np.int64)


def _floats_in_range(entries: NDArray[np.generic]) -> Floats | None:
    """Return the nearest floats, None if an entry that is not zero is too large or too small for bounds of rounding."""
    try:
        floats = np.asarray(entries, dtype=np.float64)
    except OverflowError:
        return None
    moduli = np.abs(floats[np.asarray(entries != 0)])
    return floats if not moduli.size or (moduli.max() < _RANGE and moduli.min() > 1 / _RANGE) else None
