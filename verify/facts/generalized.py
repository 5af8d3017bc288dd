"""Generalized mutual coherence: weights that bound every mu~_i from above, a null vector that bounds one from below."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..budget import Budget, Effort
from ..dictionaries.dictionary import Dictionary
from ..dictionaries.working_space import WorkingSpace
from ..exact import Enclosure
from ..progress import Progress, silent
from ..rounding import dyadic_lower, dyadic_upper
from ..solvers.row_space import Approximation
from ..verdict import Scaling
from .null_vectors import NullVector
from .vertices import exact_vertex

Floats = NDArray[np.float64]

UPPER_BITS = 60
_COARSE = 2e-2
_FINE = 2e-7
_CLEARLY_LESS = 0.95
_ROUNDING = 1e-9
_LONG, _SHORT = 52, 30
_ATOMS_AT_ONCE = 64
_ITERATIONS = 10
_MOST_SOLVING = 3e12
_CUTS = (0.0, 1e-4, 1e-2)
_NEAR = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneralizedCoherence:
    """mu~_i <= `upper[i]` for every atom i, by the integer weights w_i = `weights[i]` (any scale); mu~ >= `lower`.

    `upper` are multiples of 2^-60. For i = `atom` the exact null vector h = `vector` shows mu~_i >= |h^_i| / sum over
    j != i of |h^_j| >= `lower`; it is None if no null vector was found, and then `lower` is 0. For a complex
    dictionary `imaginary` holds the imaginary parts of the weights. `unfinished` atoms were left out or only roughly
    approximated, because the budget ended.
    """

    weights: NDArray[np.int64]
    upper: tuple[Fraction, ...]
    atom: int
    lower: Fraction
    vector: NullVector | None
    imaginary: NDArray[np.int64] | None = None
    unfinished: int = 0

    @property
    def enclosure(self) -> Enclosure:
        """mu~(D) = max over i of mu~_i."""
        return Enclosure(self.lower, max(self.upper))


def largest_level(generalized: GeneralizedCoherence) -> int:
    """Return the greatest k with (2k-1) t < 1, t the upper bound of mu~ (a huge number if t = 0)."""
    largest = max(generalized.upper)
    return math.ceil(1 / largest) // 2 if largest else sys.maxsize


def generalized_work(dictionary: Dictionary) -> float:
    """Return the floating-point operations that `generalized_coherence` plans: ten iterations per atom."""
    m, n = dictionary.shape
    rank = min(m, n)
    return _ITERATIONS * n * (n * rank * (rank + 6.0) + 2.0 * rank**3) + 4.0 * n * n * rank


def generalized_coherence(
    dictionary: Dictionary, space: WorkingSpace, progress: Progress = silent, budget: Budget | None = None
) -> GeneralizedCoherence:
    """Enclose mu~(D) of a real dictionary and bound every mu~_i, with the weights that prove it.

    mu~_i = min { max over j != i of |<w, d^_j>| : <w, d^_i> = 1 }, and by duality 1/mu~_i = min { |u|_1 : sum over
    j != i of u_j d^_j = d^_i }.

    All atoms are approximated coarsely, to 2 % or until they are clearly below the maximum, and those that can attain
    it to 2e-7; `space` is the working space for unit atoms. Where the budget (default: without limit) or Ctrl-C ends
    that, atoms are their own weights. Guarantee: every bound is proved, whatever the
    approximation returned: from above by the weights, rounded to integers, in products with a rigorous error bound;
    from below by an exact null vector. Cost: see `generalized_work`. Source: Liu, Chen, Wang, Yin 2019; Li, Feng, Zhou
    2024; certificates/SPEC.md 6.5.
    """
    n = dictionary.shape[1]
    budget = budget or Budget(effort=Effort.thorough)
    search = _Search(space)
    with budget.interruptible():
        search.screen(budget.watched(progress))
    if not search.unfinished:
        with budget.interruptible():
            search.sharpen()
    progress("generalized coherence", n, n)
    weights, upper = _bounded(space, search.duals)
    vector, lower = None, Fraction(0)
    if search.heaviest is not None:
        vector, lower = heaviest_vertex(dictionary, space, search.heaviest, search.atom)
    return GeneralizedCoherence(
        weights=weights, upper=upper, atom=search.atom, lower=lower, vector=vector, unfinished=search.unfinished
    )


class _Search:
    """The best weights so far, which are the atoms themselves at first, and the null vector heaviest on `atom`."""

    def __init__(self, space: WorkingSpace) -> None:
        self.space, self.n = space, len(space.rows)
        self.duals = space.rows.copy()
        self.distance, self.value = np.full(self.n, np.inf), np.zeros(self.n)
        self.atom, self.heaviest = 0, None
        self.unfinished = self.n

    def screen(self, progress: Progress) -> None:
        """Approximate all atoms coarsely."""
        identity = np.eye(self.n)
        for start in range(0, self.n, _ATOMS_AT_ONCE):
            progress("generalized coherence", start, self.n)
            atoms = np.arange(start, min(start + _ATOMS_AT_ONCE, self.n))
            enough = _CLEARLY_LESS * _greatest(self.value)
            self._keep(self.space.row_space.approximate(identity[atoms], tolerance=_COARSE, enough=enough), atoms)
            self.unfinished -= len(atoms)

    def sharpen(self) -> None:
        """Approximate those closely that can attain the maximum."""
        contenders = np.flatnonzero(~(self.distance < _greatest(self.value) * (1 - _ROUNDING)))
        if not len(contenders):  # a solver that contradicts itself
            contenders = np.array([0])
        self.unfinished = len(contenders)
        fine = self.space.row_space.approximate(np.eye(self.n)[contenders], tolerance=_FINE)
        self.heaviest = None
        self._keep(fine, contenders)
        self.unfinished = 0

    def _keep(self, found: Approximation, atoms: NDArray[np.intp]) -> None:
        at = int(np.argmax(found.value))
        if found.value[at] > (0.0 if self.heaviest is None else self.value[self.atom]):
            self.atom, self.heaviest = int(atoms[at]), found.primal[at]
        self.duals[atoms], self.distance[atoms], self.value[atoms] = found.dual, found.distance, found.value


def _greatest(values: Floats) -> float:
    return float(np.max(values, where=np.isfinite(values), initial=0.0))


def _bounded(space: WorkingSpace, duals: Floats) -> tuple[NDArray[np.int64], tuple[Fraction, ...]]:
    """Round the weights to integers, short ones if they are as good, and bound every mu~_i by them.

    An atom whose weights are useless, because the approximation failed, gets itself as weights.
    """
    long = integer_weights(duals, _LONG)
    upper = _upper(space, long)
    failed = ~(upper <= 1.0)
    if failed.any():
        long[failed] = integer_weights(space.rows[failed], _LONG)
        upper[failed] = _upper(space, long, failed)[failed]
    short = np.where(failed[:, None], long, integer_weights(duals, _SHORT))
    if not failed.any():
        shortened = _upper(space, short)
        if shortened.max() <= upper.max() * (1 + 1e-8) + 2.0**-45:
            long, upper = short, shortened
    return long, tuple(dyadic_upper(Fraction(value), UPPER_BITS) for value in upper.tolist())


def integer_weights(vectors: Floats, bits: int = _LONG) -> NDArray[np.int64]:
    """Return the vectors, each scaled to the number of bits, rounded to integers; what is not finite becomes zero."""
    vectors = np.where(np.isfinite(vectors), vectors, 0.0)
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    return np.rint(vectors / np.where(largest > 0, largest, 1.0) * 2.0**bits).astype(np.int64)


def _upper(space: WorkingSpace, weights: NDArray[np.int64], only: NDArray[np.bool_] | None = None) -> Floats:
    """Return rigorous bounds of max over j != i of |<w_i, d^_j>| / |<w_i, d^_i>|; inf where the divisor may vanish."""
    n = len(weights)
    result = np.full(n, np.inf)
    atoms = np.arange(n) if only is None else np.flatnonzero(only)
    for start in range(0, len(atoms), 512):
        some = atoms[start : start + 512]
        products, errors = space.products(weights[some].astype(np.float64))
        moduli = np.abs(products)
        at = np.arange(len(some))
        own = (moduli[at, some] - errors[at, some]) * (1 - 2.0**-50)
        moduli += errors
        moduli[at, some] = 0.0
        with np.errstate(divide="ignore", invalid="ignore"):
            result[some] = np.where(own > 0, moduli.max(axis=1) / own * (1 + 2.0**-50), np.inf)
    return result


def heaviest_vertex(
    dictionary: Dictionary, space: WorkingSpace, h: Floats, atom: int
) -> tuple[NullVector | None, Fraction]:
    """Return an exact null vector near h, and the lower bound of mu~ that it gives at `atom`; (None, 0) if none.

    Entries of h that should vanish can be as large as its error: they are cut off at several heights, and the best
    vector counts.
    """
    best, lower = None, Fraction(0)
    h = np.where(np.isfinite(h), h, 0.0)
    largest = float(np.abs(h).max())
    if largest == 0:
        return None, lower
    h = h / largest
    moduli = np.abs(h)
    wanted = float(moduli[atom] / max(moduli.sum() - moduli[atom], 1e-300)) * (1 - _NEAR)
    for cut in _CUTS:
        vector = exact_vertex(dictionary, space.rows, np.where(moduli > cut, h, 0.0), _MOST_SOLVING)
        share = Fraction(0) if vector is None else _share(vector, atom)
        if share > lower:
            best, lower = vector, share
        if float(lower) >= wanted:
            break
    return best, lower


def _share(vector: NullVector, atom: int) -> Fraction:
    """Return a lower bound of |h^_i| / sum over j != i of |h^_j|."""
    moduli = dict(zip(vector.support, vector.moduli(Scaling.unit), strict=True))
    if atom not in moduli:
        return Fraction(0)
    own = moduli.pop(atom).lower
    return dyadic_lower(own / sum(root.upper for root in moduli.values()), UPPER_BITS)
