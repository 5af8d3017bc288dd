"""What is true of one small real dictionary, from the definitions, in exact arithmetic.

Shares nothing with `verify.facts`, whose theorems are attacked with it. Circuits are null vectors of minimal support;
|h_S|_1 / |h|_1 is quasi-convex, so its greatest value over ker D is attained at a circuit; so it is with weights.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from numpy.typing import NDArray

from ....exact import Enclosure, determinant, echelon_pivots, integer_rank, kernel, real_eigenvalues
from ....theorems.language.values import Value
from ...experiment import NotAnInstance
from .roots import largest, relative_root, sum_of_roots

_MOST_SETS = 20_000
Sets = Iterable[tuple[int, ...]]


class ExactDictionary:
    """The columns of a real matrix as integers (all scaled by one number), and what is defined by them.

    Raises NotAnInstance for an entry that is not finite, a zero atom, fewer than two atoms, or more sets of atoms than
    can be looked at.
    """

    def __init__(self, array: NDArray[Any]) -> None:
        self.m, self.n = array.shape
        try:
            rows = [[Fraction(x) for x in row] for row in array.tolist()]
        except (OverflowError, ValueError):
            raise NotAnInstance("all entries are finite") from None
        scale = math.lcm(*(x.denominator for row in rows for x in row))
        whole = [[int(x * scale) for x in row] for row in rows]
        divisor = math.gcd(*(x for row in whole for x in row)) or 1
        self.rows = [[x // divisor for x in row] for row in whole]
        self.columns = [list(column) for column in zip(*self.rows, strict=True)]
        if self.n < 2 or not all(map(any, self.columns)):
            raise NotAnInstance("there are at least two atoms, and none is zero")
        self.gram = [[sum(x * y for x, y in zip(a, b, strict=True)) for b in self.columns] for a in self.columns]
        self.squares = [self.gram[i][i] for i in range(self.n)]

    def sets(self, size: int) -> Sets:
        """Yield all sets of so many atoms."""
        if math.comb(self.n, size) > _MOST_SETS:
            raise NotAnInstance(f"there are at most {_MOST_SETS} sets of {size} atoms")
        return itertools.combinations(range(self.n), size)

    # --- inner products ---

    def cosine_square(self, i: int, j: int) -> Fraction:
        """<d^_i, d^_j>^2."""
        return Fraction(self.gram[i][j] ** 2, self.squares[i] * self.squares[j])

    @property
    def mu(self) -> Value:
        """The largest |<d^_i, d^_j>|."""
        return sum_of_roots([max(self.cosine_square(i, j) for i, j in self.sets(2))])

    def babel(self, k: int) -> Value:
        """mu_1(k): the largest sum of k values |<d^_i, d^_j>| of one i."""
        sums = []
        for i in range(self.n):
            squares = sorted((self.cosine_square(i, j) for j in range(self.n) if j != i), reverse=True)
            sums.append(sum_of_roots(squares[:k]))
        return largest(sums)

    def isometry(self, k: int) -> Value:
        """delta_k: the largest |eigenvalue - 1| of the Gram matrix of min(k, n) unit atoms.

        N^-2 G has the eigenvalues of N^-1 G N^-1 and is rational.
        """
        found = []
        for chosen in self.sets(min(k, self.n)):
            rows = [[Fraction(self.gram[i][j], self.squares[i]) for j in chosen] for i in chosen]
            for value in real_eigenvalues(rows):
                low, high = value.lower - 1, value.upper - 1
                least = max(low, -high, Fraction(0))
                found.append(Enclosure(least, max(abs(low), abs(high))))
        return largest(found)

    # --- dependence ---

    @cached_property
    def rank(self) -> int:
        """The rank of the matrix."""
        return integer_rank(self.rows)

    def are_independent(self, chosen: Sequence[int]) -> bool:
        """Whether some atoms are linearly independent."""
        return not chosen or integer_rank([self.columns[j] for j in chosen]) == len(chosen)

    def dependent_sets(self, size: int) -> int:
        """How many sets of so many atoms are dependent."""
        return sum(not self.are_independent(chosen) for chosen in self.sets(min(size, self.n)))

    @cached_property
    def circuits(self) -> list[list[int]]:
        """The null vectors of minimal support, one for each such support, by Cramer's rule.

        In r = rank D independent rows, r + 1 atoms of rank r have one null vector up to a factor, made of minors.
        Every circuit has rank one less than its size, and is completed to such r + 1 atoms by independent ones.
        """
        rows = self._independent_rows
        r = len(rows)
        if r == self.n:
            return []
        minors = {chosen: determinant([[row[j] for j in chosen] for row in rows]) for chosen in self.sets(r)}
        found: dict[tuple[bool, ...], list[int]] = {}
        for chosen in self.sets(r + 1):
            h = [0] * self.n
            for at, j in enumerate(chosen):
                h[j] = (-1) ** at * minors[chosen[:at] + chosen[at + 1 :]]
            divisor = math.gcd(*h)
            if divisor:
                found.setdefault(tuple(map(bool, h)), [x // divisor for x in h])
        return list(found.values())

    @property
    def _independent_rows(self) -> list[list[int]]:
        rows: list[list[int]] = []
        for row in self.rows:
            if len(rows) < self.rank and integer_rank([*rows, row]) > len(rows):
                rows.append(row)
        return rows

    @property
    def nullity(self) -> int:
        """The number of independent null vectors."""
        return len(kernel(self.rows))

    def is_in_span_of_others(self, i: int) -> bool:
        """Whether an atom is a combination of the others."""
        return integer_rank([column for j, column in enumerate(self.columns) if j != i]) == self.rank

    def are_independent_modulo(self, chosen: Sequence[int], prime: int) -> bool:
        """Whether some atoms are linearly independent modulo a prime."""
        pivots, _ = echelon_pivots([[row[j] for j in chosen] for row in self.rows], prime)
        return len(pivots) == len(chosen)

    @property
    def spark(self) -> int:
        """The least number of dependent atoms; raises NotAnInstance where it is infinite: no bound fails."""
        if not self.circuits:
            raise NotAnInstance("the atoms are dependent: no lower bound of an infinite spark fails")
        return min(sum(map(bool, h)) for h in self.circuits)

    # --- null vectors ---

    def weights(self, h: Sequence[int], unit: bool) -> list[Fraction]:
        """The squares of the entries of a null vector, or of that of the unit atoms."""
        return [Fraction(x * x * (square if unit else 1)) for x, square in zip(h, self.squares, strict=True)]

    def share(self, chosen: Sequence[int], unit: bool) -> Value:
        """The largest |h_S|_1 / |h|_1 over null vectors h of the unit atoms, or of the atoms as they are."""
        inside = set(chosen)
        return largest(_share(self.weights(h, unit), inside) for h in self.circuits)

    def null_space_constant(self, k: int, unit: bool) -> Value:
        """nsc_k: the largest |h_S|_1 / |h|_1 over null vectors h and sets S of k atoms."""
        found = []
        for h in self.circuits:
            weights = self.weights(h, unit)
            found.append(_share(weights, set(sorted(range(self.n), key=lambda i: -weights[i])[:k])))
        return largest(found)

    def is_null_vector(self, h: Sequence[Fraction]) -> bool:
        """Whether D h = 0 and h != 0."""
        return any(h) and all(sum(x * y for x, y in zip(row, h, strict=True)) == 0 for row in self.rows)

    def code_share(self, x: Sequence[Fraction]) -> Fraction:
        """The largest |x|_1 / (|x|_1 + |x'|_1) over other codes x' of the signal: below 1/2 iff x alone is shortest.

        If some x' is no longer than x, so is x + t h for a circuit h, and for a t where an entry of x vanishes: the
        slope of |x + t h|_1 at t = 0 adds up over circuits of equal signs that make x' - x, and is linear until then.
        Where no circuit meets x, 0 is returned: other codes are longer.
        """
        norm = sum(map(abs, x), Fraction(0))
        shortest = None
        for h in self.circuits:
            for entry, step in zip(x, h, strict=True):
                if entry and step:
                    t = entry / step
                    other = sum((abs(a - t * b) for a, b in zip(x, h, strict=True)), Fraction(0))
                    shortest = other if shortest is None else min(other, shortest)
        return Fraction(0) if shortest is None else norm / (norm + shortest)


def _share(squares: Sequence[Fraction], inside: set[int]) -> Value:
    """Return the part that the roots inside hold of the sum of all of these roots."""
    base = next(x for x in squares if x)
    part, rest = Enclosure(Fraction(0), Fraction(0)), Enclosure(Fraction(0), Fraction(0))
    for i, square in enumerate(squares):
        size = relative_root(square / base)
        if i in inside:
            part = Enclosure(part.lower + size.lower, part.upper + size.upper)
        else:
            rest = Enclosure(rest.lower + size.lower, rest.upper + size.upper)
    low = part.lower / (part.lower + rest.upper)
    high = part.upper / (part.upper + rest.lower)
    return low if low == high else Enclosure(low, high)
