"""Null vectors with few nonzeros, found cheaply and proved exactly: upper bounds of the spark."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..dictionaries.dictionary import Dictionary, IntegerAtoms
from ..exact import Enclosure, echelon_pivots, root_enclosure, solve
from ..verdict import Scaling
from .coherence import MutualCoherence
from .rank import PRIMES, residues

LARGEST_SUPPORT = 64
_MOST_WORK = 2_000_000_000
_MOST_SOLVING = 100_000_000_000
"""Of unknowns^3 bits^2 for one exact system: a few seconds, and a solution that fits into a certificate."""
_RANDOM_ORDERS = 6
_ENOUGH_ORDERS = 2
_CHEAP_ORDER = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NullVector:
    """D h = 0 exactly, h the coprime integers `real` + i `imaginary` on `support` (increasing) and 0 elsewhere.

    `squared_norms` are the N_i^2 of the atoms of the support.
    """

    support: tuple[int, ...]
    real: tuple[int, ...]
    imaginary: tuple[int, ...] | None
    squared_norms: tuple[Fraction, ...]

    def moduli(self, scaling: Scaling) -> list[Enclosure]:
        """Enclose |h_i| (`as-given`) or N_i |h_i| / N (`unit`) on the support, N the norm of its first atom."""
        parts = [self.real] if self.imaginary is None else [self.real, self.imaginary]
        squares = [Fraction(sum(value * value for value in values)) for values in zip(*parts, strict=True)]
        if scaling is Scaling.unit:
            first = self.squared_norms[0]
            squares = [square * norm / first for square, norm in zip(squares, self.squared_norms, strict=True)]
        return [root_enclosure(square) for square in squares]


def null_vector(dictionary: Dictionary, coherence: MutualCoherence) -> NullVector | None:
    """Return a null vector with few nonzeros, or None if none that is short to write was found cheaply.

    That is one with at most 64 nonzeros, or of a dictionary of integers of at most 16 bits.

    Looks at parallel atoms (mu = 1), then at the circuits of several column orders: modulo a prime each column outside
    a basis depends on some columns of it, and the least such set is solved exactly. Finds k + 1 atoms of a
    k-dimensional span where an order puts them first; it is a heuristic for the least support.

    Guarantee: a returned vector is exact. None says nothing about the spark.
    """
    if coherence.squared == 1:
        return null_vector_on(dictionary, list(coherence.pair))
    m, n = dictionary.shape
    if m * m * n > _MOST_WORK:
        return None
    for support in _circuits(dictionary):
        if len(support) > LARGEST_SUPPORT and not _has_short_integers(dictionary):
            return None
        found = null_vector_on(dictionary, support)
        if found is not None:
            return found
    return None


def _has_short_integers(dictionary: Dictionary) -> bool:
    """Say whether the entries are integers of at most 16 bits: then a long null vector can be short to write."""
    return all(
        not dictionary.is_rational and (part == np.floor(part)).all() and (np.abs(part) < 2**15).all()
        for part in dictionary.parts
    )


def _circuits(dictionary: Dictionary) -> list[list[int]]:
    """Return sets of atoms that are dependent modulo a prime, the smallest of each column order, smallest first."""
    m, n = dictionary.shape
    residue = residues(dictionary, range(n))
    zeros = (residue.matrix == 0).sum(axis=0)
    generator = np.random.default_rng(0)
    orders = [np.arange(n), np.argsort(-zeros, kind="stable"), np.argsort(zeros, kind="stable")]
    orders += [generator.permutation(n) for _ in range(_RANDOM_ORDERS)]
    found: list[list[int]] = []
    for order in orders[: max(1, _MOST_WORK // (m * m * n))]:
        circuit = _smallest_circuit(residue.matrix, order, residue.modulus)
        found += [circuit] if circuit else []
        if m * m * n > _CHEAP_ORDER and len(found) >= _ENOUGH_ORDERS and min(map(len, found)) > m:
            break  # m + 1 atoms from every order so far: no structure that an order shows, and orders cost time
    return sorted(found, key=len)


def _smallest_circuit(matrix: NDArray[np.int64], order: NDArray[np.integer], modulus: int) -> list[int]:
    pivots, rows = echelon_pivots(matrix[:, order].tolist(), modulus)
    form = np.array(rows, dtype=np.int64).reshape(len(rows), matrix.shape[1])
    free = np.setdiff1d(np.arange(matrix.shape[1]), pivots)
    terms = (form[:, free] != 0).sum(axis=0)
    free, terms = free[terms > 0], terms[terms > 0]  # an atom that vanishes modulo the prime is not zero
    if not len(free):
        return []
    best = free[np.argmin(terms)]
    used = [pivots[k] for k in np.flatnonzero(form[:, best])]
    return sorted(int(order[k]) for k in [*used, best])


def null_vector_on(
    dictionary: Dictionary, support: Sequence[int], *, most_solving: float = _MOST_SOLVING
) -> NullVector | None:
    """Return the null vector of the atoms of `support`, or None if they do not have exactly one up to scale.

    Its support is smaller where coefficients vanish. Guarantee: exact. None also if the exact system would cost more
    than `most_solving`, counted as unknowns^3 bits^2.
    """
    atoms = dictionary.integer_atoms(support)
    equations = real_equations(atoms)
    size = len(support)
    # The last atom as a combination of the others: unknowns are their (real and imaginary) coefficients.
    unknowns = [c for c in range(equations.shape[1]) if c % size != size - 1]
    columns = equations[:, unknowns].T.tolist()
    bits = max(abs(x) for column in columns for x in column).bit_length()
    if len(unknowns) ** 3 * bits**2 > most_solving:
        return None
    pivots = (echelon_pivots([[x % prime for x in column] for column in columns], prime)[0] for prime in PRIMES)
    rows = next((found for found in pivots if len(found) == len(unknowns)), None)
    if rows is None:
        return None
    solution = solve(equations[np.ix_(rows, unknowns)].tolist(), [-x for x in equations[rows, size - 1].tolist()])
    if solution is None:
        return None
    common = math.lcm(*(value.denominator for value in solution))
    integers = [value.numerator * (common // value.denominator) for value in solution]
    parts = len(unknowns) // (size - 1)
    values = [[*integers[k * (size - 1) : (k + 1) * (size - 1)], common * (1 - k)] for k in range(parts)]
    if (equations @ np.array([value for part in values for value in part], dtype=object)).any():
        return None
    return coprime_vector(support, atoms, values)


def real_equations(atoms: IntegerAtoms) -> NDArray[np.object_]:
    """Return the integer matrix of sum_i h_i a_i = 0 in the real unknowns (Re h, Im h)."""
    real = np.array(atoms.real, dtype=object).T
    if atoms.imaginary is None:
        return real
    imaginary = np.array(atoms.imaginary, dtype=object).T
    return np.block([[real, -imaginary], [imaginary, real]])


def coprime_vector(support: Sequence[int], atoms: IntegerAtoms, parts: list[list[int]]) -> NullVector:
    """Return the null vector with sum_i values_i a_i = 0, for the atoms as given and without zero entries."""
    kept = [at for at in range(len(support)) if any(part[at] for part in parts)]
    scale = [atoms.scale[at] for at in kept]
    common = math.lcm(*(value.numerator for value in scale))
    factors = [common // value.numerator * value.denominator for value in scale]  # 1 / scale, times common
    integers = [[part[at] * factor for at, factor in zip(kept, factors, strict=True)] for part in parts]
    divisor = math.gcd(*(value for part in integers for value in part))
    real, *rest = (tuple(value // divisor for value in part) for part in integers)
    squared = atoms.squared_norms
    norms = tuple(atoms.scale[at] ** 2 * squared[at] for at in kept)
    return NullVector(
        support=tuple(support[at] for at in kept),
        real=real,
        imaginary=rest[0] if rest else None,
        squared_norms=norms,
    )
