"""The generalized coherence as an exact number: optimal vertices and their weights, solved in rationals."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..budget import Budget
from ..dictionaries.dictionary import Dictionary, IntegerAtoms
from ..dictionaries.working_space import WorkingSpace
from ..exact import echelon_pivots, gram_matrix, rational_root, solve
from ..progress import Progress, silent
from .generalized import GeneralizedCoherence, heaviest_vertex
from .null_vectors import NullVector
from .rank import PRIMES, residues

Floats = NDArray[np.float64]

_TOLERANCE = 1e-10
_BITS = 30
_MOST_SOLVING = 3e12
_MOST_BITS = 12_000
"""Of numerator and denominator of mu~: a certificate holds 4000 digits."""
_MOST_WEIGHTS = 4_000_000
"""Hexadecimal digits of the weights: a certificate of a few megabytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactCoherence:
    """mu~ = `value`, attained by `atom`.

    The null vector `vector`, scaled so that all N_j h_j / N_i are integers, i the first atom of its support, shows that
    mu~ is at least this. The integer weights of `atoms` show that no mu~_i of these is greater; `basis` shows it
    of all others.
    """

    value: Fraction
    atom: int
    vector: NullVector
    atoms: tuple[int, ...]
    weights: tuple[tuple[int, ...], ...]
    basis: GeneralizedCoherence


@dataclass(frozen=True, slots=True, kw_only=True)
class StaysEnclosed:
    """mu~ is not known exactly; `why` says it in a few words."""

    why: str


class _NotSolvedError(Exception):
    """Why a vertex is not exact, in words."""


def exact_coherence(
    dictionary: Dictionary,
    space: WorkingSpace,
    generalized: GeneralizedCoherence,
    budget: Budget,
    progress: Progress = silent,
) -> ExactCoherence | StaysEnclosed:
    """Solve mu~ of a real dictionary exactly, or say why not; `space` is the working space for unit atoms.

    At an optimal vertex d^_i = sum of u_j d^_j over independent atoms, so u_j N_i/N_j is rational; mu~_i = 1/|u|_1 is
    if the ratios of their norms are. The weights solve <w, d_j> = +-N_j for the atoms j that are active at the
    optimum, and have rounded products with some others to complete a basis. This is done for every atom whose upper
    bound is not below the maximum. Guarantee: what is returned is exact. Cost: two exact systems of rank size per atom.
    """
    if generalized.vector is None or generalized.unfinished:
        return StaysEnclosed(why="the search did not reach the optimum")
    result: ExactCoherence | StaysEnclosed = StaysEnclosed(why="the search was stopped")
    with budget.interruptible():
        try:
            result = _solved(dictionary, space, generalized, budget.watched(progress))
        except _NotSolvedError as error:
            result = StaysEnclosed(why=str(error))
    return result


def _solved(
    dictionary: Dictionary, space: WorkingSpace, generalized: GeneralizedCoherence, progress: Progress
) -> ExactCoherence:
    n = dictionary.shape[1]
    vertices = _Vertices(dictionary, space)
    atom = generalized.atom
    value, vector = vertices.solved(atom)
    wanted = sorted({i for i in range(n) if generalized.upper[i] > value} | {atom})
    weights: dict[int, tuple[int, ...]] = {}
    vertices.approximate(wanted)
    for done, i in enumerate(wanted):
        progress("exact generalized coherence", done, len(wanted))
        weights[i] = vertices.weights(i)
        if not vertices.proves(i, value, weights[i]):
            found, h = vertices.solved(i)
            if found <= value or not vertices.proves(i, found, weights[i]):
                raise _NotSolvedError(f"no exact weights were found for atom {i}")
            value, atom, vector = found, i, h
    progress("exact generalized coherence", len(wanted), len(wanted))
    kept = tuple(i for i in wanted if generalized.upper[i] > value or i == atom)
    if sum(x.bit_length() for i in kept for x in weights[i]) > 4 * _MOST_WEIGHTS:
        raise _NotSolvedError("the exact weights are too long for a certificate")
    if max(value.numerator, value.denominator).bit_length() > _MOST_BITS:
        raise _NotSolvedError("it has more digits than a certificate holds")
    return ExactCoherence(
        value=value,
        atom=atom,
        vector=vertices.scaled(vector),
        atoms=kept,
        weights=tuple(weights[i] for i in kept),
        basis=generalized,
    )


class _Vertices:
    """Exact optimal vertices of 1/mu~_i = min |u|_1 under sum of u_j d^_j = d^_i, and of its dual."""

    def __init__(self, dictionary: Dictionary, space: WorkingSpace) -> None:
        self.dictionary, self.space = dictionary, space
        self.atoms: IntegerAtoms = dictionary.integer_atoms(range(dictionary.shape[1]))
        self.squared = self.atoms.squared_norms
        self._known: dict[int, tuple[Floats, Floats]] = {}
        self.bits = max(abs(x) for atom in self.atoms.real for x in atom).bit_length()

    def ratio(self, j: int, i: int) -> Fraction:
        """Return N_j/N_i of the integer atoms."""
        root = rational_root(Fraction(self.squared[j], self.squared[i]))
        if root is None:
            raise _NotSolvedError(f"the norms of atoms {i} and {j} have an irrational ratio")
        return root

    def solved(self, i: int) -> tuple[Fraction, NullVector]:
        """Return the greatest |h^_i| / sum over j != i of |h^_j| as a rational number, and its null vector."""
        vector, _ = heaviest_vertex(self.dictionary, self.space, self.approximation(i)[1], i)
        if vector is None:
            raise _NotSolvedError(f"no exact vertex was found at atom {i}")
        parts = {
            j: abs(x) / self.atoms.scale[i] * self.atoms.scale[j] * self.ratio(j, i)
            for j, x in zip(vector.support, vector.real, strict=True)
        }
        own = parts.pop(i)
        return own / sum(parts.values(), Fraction(0)), vector

    def approximate(self, atoms: list[int]) -> None:
        """Approximate these atoms together, to the last digits."""
        found = self.space.row_space.approximate(np.eye(len(self.squared))[atoms], tolerance=_TOLERANCE)
        self._known.update(zip(atoms, zip(found.dual, found.primal, strict=True), strict=True))

    def approximation(self, i: int) -> tuple[Floats, Floats]:
        """Return the dual and the null vector of atom i in floats."""
        if i not in self._known:
            self.approximate([i])
        return self._known[i]

    def weights(self, i: int) -> tuple[int, ...]:
        """Return integer weights whose products are +-N_j for the atoms that are active at the optimum of atom i."""
        y, h = self.approximation(i)
        products = self.space.rows @ y
        moduli = np.abs(products)
        moduli[i] = 0.0
        largest = moduli.max() or 1.0
        # Slack and multiplier are small in turn: an atom is active where its slack is the smaller one.
        active = 1.0 - moduli / largest < np.abs(h) / max(np.abs(h).max(), 1e-300)
        active[i] = False
        order = [int(j) for j in np.argsort(-np.abs(h)) if active[j]]
        order += [int(j) for j in np.argsort(-moduli) if not active[j] and j != i]
        columns, rows = self._basis(order)
        right: list[Fraction] = []
        for j in columns:
            if active[j]:
                right.append(int(np.sign(products[j])) * self.ratio(j, i))
            else:  # anything well within the bounds
                size = math.sqrt(self.squared[j] / self.squared[i]) * float(products[j]) / largest
                right.append(Fraction(round(size * 2.0**_BITS), 2**_BITS))
        common = math.lcm(*(x.denominator for x in right))
        system = [[self.atoms.real[j][row] for row in rows] for j in columns]
        if len(columns) ** 3 * float(self.bits + common.bit_length()) ** 2 > _MOST_SOLVING:
            raise _NotSolvedError(f"the weights of atom {i} are too much work to solve for")
        solution = solve(system, [int(x * common) for x in right])
        if solution is None:
            raise _NotSolvedError(f"no exact weights were found for atom {i}")
        least = math.lcm(*(x.denominator for x in solution))
        numbers = [x.numerator * (least // x.denominator) for x in solution]
        divisor = math.gcd(*numbers) or 1
        w = [0] * self.dictionary.shape[0]
        for row, x in zip(rows, numbers, strict=True):
            w[row] = x // divisor
        return tuple(w)

    def _basis(self, order: list[int]) -> tuple[list[int], list[int]]:
        """Return independent atoms, the first ones of `order`, that span them all, and as many rows they need."""
        for prime in PRIMES:
            matrix = residues(self.dictionary, order, prime).matrix
            columns = echelon_pivots(matrix.tolist(), prime)[0]
            rows = echelon_pivots(matrix.T[columns].tolist(), prime)[0]
            if len(rows) == len(columns) > 0:
                return [order[c] for c in columns], rows
        raise _NotSolvedError("no independent atoms were found")

    def proves(self, i: int, value: Fraction, w: tuple[int, ...]) -> bool:
        """Say whether the weights prove mu~_i <= `value`."""
        products = gram_matrix([w], self.atoms.real)[0]
        p, q = value.as_integer_ratio()
        own = p * p * products[i] ** 2
        return products[i] != 0 and all(
            j == i or q * q * product * product * self.squared[i] <= own * self.squared[j]
            for j, product in enumerate(products)
        )

    def scaled(self, vector: NullVector) -> NullVector:
        """Return a multiple of the null vector for which the norms of its terms are integers times the first norm."""
        first = vector.support[0]
        scale = self.atoms.scale
        ratios = [scale[j] / scale[first] * self.ratio(j, first) for j in vector.support]
        common = math.lcm(*(ratio.denominator for ratio in ratios))
        real = tuple(common * x for x in vector.real)
        return NullVector(support=vector.support, real=real, imaginary=None, squared_norms=vector.squared_norms)
