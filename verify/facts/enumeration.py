"""The largest s for which every s atoms are independent, by enumeration modulo a prime; with it the exact spark."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..budget import Budget, Effort
from ..dictionaries.dictionary import Dictionary
from ..exact import echelon_pivots
from ..progress import Progress, silent
from .null_vectors import NullVector, null_vector_on
from .rank import PRIMES, primitive_residues, residues

MOST_WORK = 5_000_000
_WORK_OF_AN_ENTRY = 8
_AT_ONCE = 1 << 18
# 1 modulo 4 and below 2^44: the keys of 2^18 groups of residues are below 2^62.
_PRIMES = (17592186044297, 17592186044273, 17592186044129)
_POINT = 3141592653589


@dataclass(frozen=True, slots=True, kw_only=True)
class IndependentSets:
    """Every `size` atoms are independent: spark > `size`.

    `modulus`, `point` and `root` (0 if real) prove it by the rule spark-by-enumeration of certificates/SPEC.md if
    `size` > 1. `circuit` is an exact null vector of `size` + 1 atoms, which makes the spark `size` + 1, or None.
    """

    size: int
    modulus: int
    point: int
    root: int
    circuit: NullVector | None


@dataclass(frozen=True, slots=True)
class _Columns:
    """Atoms, each behind a set of atoms that was eliminated from it and with what is left brought to (1, `values`).

    `later` says how many of the next columns are behind the same set: atom `pivot` of `before` and the set of that.
    """

    atoms: NDArray[np.int64]
    later: NDArray[np.int64]
    values: NDArray[np.int64]
    before: _Columns | None = None
    pivot: NDArray[np.int64] | None = None

    def set_of(self, at: int) -> list[int]:
        """Return the atoms of column `at` and of its set, increasing."""
        if self.before is None or self.pivot is None:
            return [int(self.atoms[at])]
        return [*self.before.set_of(int(self.pivot[at])), int(self.atoms[at])]


def independent_sets(
    dictionary: Dictionary,
    *,
    most_work: int = MOST_WORK,
    progress: Progress = silent,
    budget: Budget | None = None,
) -> IndependentSets | None:
    """Return the largest s for which every s atoms are seen to be independent, and a null vector of s + 1 atoms.

    s = 2, 3, .. while the work fits, up to min(m, n - 1); `most_work` counts columns of the elimination, one for every
    set of at most s - 1 atoms (about 0.3 microseconds each here, 1 in the checker), and 8 for every entry. The budget
    (default: without limit) can end the work after every chunk of 2^18 columns, Ctrl-C at any time; the sizes that are
    complete are kept.

    Guarantee: `size` is proved, `circuit` is exact. `circuit` is None if the work, the budget or min(m, n - 1) ended
    the search, if solving for it would take too long, or if no prime shows some independent atoms to be so. Returns
    None if nothing was found. Raises LimitError if the entries of an atom have too long a common denominator.
    """
    largest = _largest_size(dictionary.shape, most_work)
    budget = budget or Budget(effort=Effort.thorough)
    best: IndependentSets | None = None
    for prime in _PRIMES if largest > 1 else ():
        with budget.interruptible():
            found, is_final = _enumerate(dictionary, largest, prime, budget, progress)
            if best is None or found.size > best.size or found.circuit is not None:
                best = found
            if is_final:
                break
        if budget.stopped():
            break
    return None if best is None or (best.size == 1 and best.circuit is None) else best


def columns_to_reduce(n: int, size: int) -> int:
    """Return how many columns the elimination for all sets of `size` of n atoms has: C(n, 1) + .. + C(n, size - 1)."""
    return sum(math.comb(n, t) for t in range(1, size))


def _largest_size(shape: tuple[int, int], most_work: int) -> int:
    m, n = shape
    size = 1
    while size < min(m, n - 1) and _WORK_OF_AN_ENTRY * m * n + columns_to_reduce(n, size + 1) <= most_work:
        size += 1
    return size


def _enumerate(
    dictionary: Dictionary, largest: int, prime: int, budget: Budget, progress: Progress
) -> tuple[IndependentSets, bool]:
    """Return what one prime shows, and whether another one cannot show more."""
    n = dictionary.shape[1]
    images, root = _images(dictionary, largest, prime)
    found = IndependentSets(size=1, modulus=prime, point=_POINT, root=root, circuit=None)
    if not images[0].all():
        return found, False
    normal = _times(images[1:], _inverses(images[0], prime), prime)
    atoms = np.arange(n)
    for size in range(2, largest + 1):
        dependent: list[int] | None = None
        with budget.interruptible():
            start = _Columns(atoms, n - 1 - atoms, normal[: size - 1])
            dependent = _dependent(start, size, prime, budget.watched(progress))
            if dependent is None:
                found = replace(found, size=size)
            else:
                found = replace(found, circuit=null_vector_on(dictionary, dependent))
        if dependent is not None:
            return found, found.circuit is not None or not _independent(dictionary, dependent)
        if found.size < size:
            return found, True
    return found, True


def _dependent(columns: _Columns, size: int, prime: int, progress: Progress) -> list[int] | None:
    """Return atoms that are dependent modulo the prime, at most `size` of them, or None if there are none."""
    done, total = 0, math.comb(len(columns.atoms), size - 1)
    progress(f"sets of {size} atoms", done, total)
    for chunk in _reduced_to_one_value(columns, prime):
        dependent = _repeated(chunk, prime)
        if dependent is not None:
            return dependent
        done += len(chunk.atoms)
        progress(f"sets of {size} atoms", done, total)
    return None


def _independent(dictionary: Dictionary, atoms: list[int]) -> bool:
    """Say whether some prime shows these atoms to be independent."""
    matrices = (residues(dictionary, atoms, prime).matrix.tolist() for prime in PRIMES)
    return any(len(echelon_pivots(m, prime)[0]) == len(atoms) for m, prime in zip(matrices, PRIMES, strict=True))


def _images(dictionary: Dictionary, size: int, prime: int) -> tuple[NDArray[np.int64], int]:
    """Return sum_i a_i x^(ri) modulo the prime for r = 1 .. size and every atom a, and the image of i."""
    atoms = primitive_residues(dictionary, range(dictionary.shape[1]), prime)
    points = np.array([[pow(_POINT, r, prime)] for r in range(1, size + 1)])
    values = np.zeros((size, dictionary.shape[1]), dtype=np.int64)
    for row in atoms.matrix[::-1]:
        values = (_times(values, points, prime) + row) % prime
    return values, atoms.root


def _reduced_to_one_value(columns: _Columns, prime: int) -> Iterator[_Columns]:
    """Eliminate until one value per column is left, depth first, in chunks."""
    if len(columns.values) == 1:
        yield columns
        return
    reach = np.cumsum(columns.later)
    start = 0
    while start < len(reach):
        before = reach[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(reach, before + _AT_ONCE, side="right")))
        yield from _reduced_to_one_value(_reduced(columns, start, stop, prime), prime)
        start = stop


def _reduced(columns: _Columns, start: int, stop: int, prime: int) -> _Columns:
    """Eliminate each of the columns start .. stop - 1 from the later ones behind the same set."""
    later = columns.later[start:stop]
    pivot = np.repeat(np.arange(start, stop), later)
    other = pivot + 1 + np.arange(len(pivot)) - np.repeat(np.cumsum(later) - later, later)
    difference = columns.values[:, other] - columns.values[:, pivot]
    values = _times(difference[1:], _inverses(difference[0], prime), prime)
    return _Columns(columns.atoms[other], columns.later[other], values, columns, pivot)


def _repeated(columns: _Columns, prime: int) -> list[int] | None:
    """Return the atoms of two equal columns behind one set, and of that set: they are dependent modulo the prime."""
    last = columns.later == 0
    keys = (np.cumsum(last) - last) * prime + columns.values[0]
    ordered = np.sort(keys)
    repeated = ordered[1:][ordered[1:] == ordered[:-1]]
    if not len(repeated):
        return None
    one, other = np.flatnonzero(keys == repeated[0])[:2]
    return [*columns.set_of(int(one)), int(columns.atoms[other])]


def _times(a: NDArray[np.int64], b: NDArray[np.int64], prime: int) -> NDArray[np.int64]:
    """Return a b modulo a prime below 2^44, |a| and |b| below it.

    The quotient in floats is off by at most 1, so a b minus its multiple of the prime, both modulo 2^64, is the
    remainder up to a multiple that the last division takes away: exact.
    """
    quotient = (a.astype(np.float64) * b / prime).astype(np.int64)
    return (a * b - quotient * prime) % prime


def _inverses(values: NDArray[np.int64], prime: int) -> NDArray[np.int64]:
    """Invert residues that are not zero: three products each, and one division for all."""
    half = len(values) // 2
    if half == 0:
        return np.array([pow(int(value), -1, prime) for value in values], dtype=np.int64)
    left, right, rest = values[:half], values[half : 2 * half], values[2 * half :]
    both = _inverses(_times(left, right, prime), prime)
    return np.concatenate([_times(both, right, prime), _times(both, left, prime), _inverses(rest, prime)])
