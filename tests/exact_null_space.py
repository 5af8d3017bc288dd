"""Null spaces of small real dictionaries by brute force: null-space constants, mu~ and supports, exactly.

|h_S|_1 / |h|_1 is quasi-convex, so on ker D it is greatest at a vertex of {h in ker D : |h|_1 <= 1}; up to sign and scale
these vertices are the circuits, the null vectors of minimal support (a null vector whose support holds that of another
one lies between two of smaller or equal norm). Of unit atoms the kernel is {(N_i h_i)}, with the same supports.

A second implementation that shares nothing with `verify` but the entries handed in.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from exact_reference import fractions_array

from verify.dictionaries.dictionary import Dictionary

INFINITE = math.inf
BITS = 80
HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Bounds:
    """lower <= the true value <= upper; equal where the value is rational and found."""

    lower: Fraction
    upper: Fraction

    @property
    def exact(self) -> Fraction:
        assert self.lower == self.upper, self
        return self.lower


def _greatest(bounds: Iterable[Bounds]) -> Bounds:
    """The greatest of several numbers that are not negative; 0 of none."""
    known = [Bounds(Fraction(0), Fraction(0)), *bounds]
    return Bounds(max(b.lower for b in known), max(b.upper for b in known))


def _total(bounds: Iterable[Bounds]) -> Bounds:
    known = list(bounds)
    return Bounds(sum((b.lower for b in known), Fraction(0)), sum((b.upper for b in known), Fraction(0)))


def _share(part: Bounds, against: Bounds, rest: Bounds) -> Bounds:
    """|part - against| / (part + against + rest) for non-negative numbers that are not all zero."""
    ways = []
    for a, b in ((part, against), (against, part)):  # increasing in a, decreasing in b and, if positive, in the rest
        low = max(a.lower - b.upper, Fraction(0)) / ((a.lower + b.upper + rest.upper) or 1)
        high = max(a.upper - b.lower, Fraction(0)) / ((a.upper + b.lower + rest.lower) or 1)
        ways.append(Bounds(low, high))
    return _greatest(ways)


def _circuits(later: list[list[int]], m: int, chosen: int = 0) -> Iterator[list[int]]:
    """The null vectors of full support on `chosen` independent atoms and one later atom, and of larger such sets.

    Each of `later` is what elimination of the chosen atoms left of a later atom (m numbers), then the combination of
    atoms that this is. What is left is nothing exactly when that combination is a null vector.
    """
    for at, vector in enumerate(later):
        pivot = next((k for k in range(m) if vector[k]), None)
        if pivot is None:
            if sum(map(bool, vector[m:])) == chosen + 1:
                yield vector[m:]
            continue
        rest = []
        for other in later[at + 1 :]:
            reduced = [vector[pivot] * y - other[pivot] * x for x, y in zip(vector, other, strict=True)]
            divisor = math.gcd(*reduced)
            rest.append([x // divisor for x in reduced])
        yield from _circuits(rest, m, chosen + 1)


def _relative_root(value: Fraction) -> Bounds:
    """The square root within 2^-80 of itself, exactly if it is rational."""
    p, q = value.numerator * value.denominator, value.denominator
    shift = max(0, BITS + 1 - p.bit_length() // 2)
    root = math.isqrt(p << (2 * shift))
    upper = root if root * root == p << (2 * shift) else root + 1
    return Bounds(Fraction(root, q << shift), Fraction(upper, q << shift))


class NullSpace:
    """Everything about the kernel of one small real dictionary. `scaling` is `unit` or `as-given`."""

    def __init__(self, dictionary: Dictionary) -> None:
        assert dictionary.imaginary is None
        self.m, self.n = dictionary.shape
        rows = [[Fraction(*x.as_integer_ratio()) for x in row] for row in dictionary.real.tolist()]
        self.columns = [list(column) for column in zip(*rows, strict=True)]

    @cached_property
    def circuits(self) -> list[list[Fraction]]:
        """The null vectors of minimal support, one for each such support."""
        scales = [math.lcm(*(x.denominator for x in column)) for column in self.columns]
        augmented = [
            [*(int(x * scale) for x in column), *(int(i == j) for i in range(self.n))]
            for j, (column, scale) in enumerate(zip(self.columns, scales, strict=True))
        ]
        return [
            [Fraction(x * scale) for x, scale in zip(vector, scales, strict=True)]
            for vector in _circuits(augmented, self.m)
        ]

    @property
    def spark(self) -> float:
        return min((sum(map(bool, h)) for h in self.circuits), default=INFINITE)

    @cached_property
    def _norms(self) -> list[Bounds]:
        """N_i / N_1: exact for equal norms."""
        squares = [sum((x * x for x in column), Fraction(0)) for column in self.columns]
        return [_relative_root(square / squares[0]) for square in squares]

    def weights(self, h: list[Fraction], scaling: str) -> list[Bounds]:
        """|h_i| for atoms as given, N_i |h_i| up to a common factor for unit atoms."""
        factors = self._norms if scaling == "unit" else [Bounds(Fraction(1), Fraction(1))] * self.n
        return [Bounds(abs(x) * f.lower, abs(x) * f.upper) for x, f in zip(h, factors, strict=True)]

    @cached_property
    def _weights(self) -> dict[str, list[list[Bounds]]]:
        return {scaling: [self.weights(h, scaling) for h in self.circuits] for scaling in ("unit", "as-given")}

    def _over_circuits(self, scaling: str, share: Callable[[list[Fraction], list[Bounds]], Bounds]) -> Bounds:
        return _greatest(share(h, weights) for h, weights in zip(self.circuits, self._weights[scaling], strict=True))

    def null_space_constant(self, level: int, scaling: str) -> Bounds:
        """nsc_k = max |h_S|_1 / |h|_1 over Dh = 0 and |S| <= k."""

        def share(_: list[Fraction], weights: list[Bounds]) -> Bounds:
            lower = sorted((w.lower for w in weights), reverse=True)
            upper = sorted((w.upper for w in weights), reverse=True)
            none = Bounds(Fraction(0), Fraction(0))
            part = Bounds(sum(lower[:level], Fraction(0)), sum(upper[:level], Fraction(0)))
            rest = Bounds(sum(lower[level:], Fraction(0)), sum(upper[level:], Fraction(0)))
            return _share(part, none, rest)

        return self._over_circuits(scaling, share)

    def support_value(self, support: Iterable[int], scaling: str) -> Bounds:
        """Max |h_S|_1 / |h|_1 over Dh = 0."""
        inside = set(support)

        def share(_: list[Fraction], weights: list[Bounds]) -> Bounds:
            part = _total(w for i, w in enumerate(weights) if i in inside)
            rest = _total(w for i, w in enumerate(weights) if i not in inside)
            return _share(part, _total([]), rest)

        return self._over_circuits(scaling, share)

    def signed_value(self, signs: Mapping[int, int], scaling: str) -> Bounds:
        """Max s^T h_S / |h|_1 over Dh = 0, for signs s of 1 and -1 on S."""

        def share(h: list[Fraction], weights: list[Bounds]) -> Bounds:
            products = [signs.get(i, 0) * x for i, x in enumerate(h)]
            sides = [[w for p, w in zip(products, weights, strict=True) if (p > 0) - (p < 0) == k] for k in (1, -1, 0)]
            return _share(_total(sides[0]), _total(sides[1]), _total(sides[2]))

        return self._over_circuits(scaling, share)

    def alpha(self, i: int, scaling: str) -> Bounds:
        """Max |h_i| / |h|_1 over Dh = 0, which is mu~_i / (1 + mu~_i)."""
        return self.support_value([i], scaling)

    def mu_tilde(self, i: int, scaling: str) -> Bounds:
        """mu~_i = min over w^T d_i = 1 of max |w^T d_j|, j != i: by duality the greatest |h_i| / (|h|_1 - |h_i|)."""
        alpha = self.alpha(i, scaling)
        return Bounds(alpha.lower / (1 - alpha.lower), alpha.upper / (1 - alpha.upper))

    def generalized_coherence(self, scaling: str) -> Bounds:
        """mu~(D) = max mu~_i."""
        return _greatest(self.mu_tilde(i, scaling) for i in range(self.n))

    def guaranteed_l1(self, level: int, scaling: str) -> bool | None:
        """Whether basis pursuit recovers every code at this level: nsc_k < 1/2; None if too close to tell."""
        value = self.null_space_constant(level, scaling)
        return True if value.upper < HALF else False if value.lower >= HALF else None


# --- small dictionaries of varied kinds ---

Rows = list[list[Fraction]]


def _integers(rng: np.random.Generator, m: int, n: int, most: int = 3) -> Rows:
    return [[Fraction(int(x)) for x in row] for row in rng.integers(-most, most + 1, (m, n))]


def _sparse(rng: np.random.Generator, m: int, n: int) -> Rows:
    return [[x if rng.random() < 0.4 else Fraction(0) for x in row] for row in _integers(rng, m, n)]


def _signs(rng: np.random.Generator, m: int, n: int) -> Rows:
    """Equal norms, so that unit atoms are rational up to one factor."""
    return [[Fraction(int(x)) for x in row] for row in rng.choice([-1, 1], (m, n))]


def _fractions(rng: np.random.Generator, m: int, n: int) -> Rows:
    return [[x / int(rng.integers(1, 12)) for x in row] for row in _integers(rng, m, n, 9)]


def _multiples(factors: list[Fraction]) -> Callable[[np.random.Generator, int, int], Rows]:
    def rows(rng: np.random.Generator, m: int, n: int) -> Rows:
        base = _integers(rng, m, n)
        for j in range(n // 2, n):
            if rng.random() < 0.6:
                i, factor = int(rng.integers(0, n // 2)), factors[int(rng.integers(len(factors)))]
                for row in base:
                    row[j] = factor * row[i]
        return base

    return rows


def _deficient(rng: np.random.Generator, m: int, n: int) -> Rows:
    inner = max(1, min(m, n) - 1)
    left, right = _integers(rng, m, inner), _integers(rng, inner, n)
    return [[sum((a * right[k][j] for k, a in enumerate(row)), Fraction(0)) for j in range(n)] for row in left]


def _square(rng: np.random.Generator, m: int, n: int) -> Rows:
    size = min(m, n) if min(m, n) > 1 else 2
    drawn = _integers(rng, size, size)
    lower = [[x if j < i else Fraction(int(i == j)) for j, x in enumerate(row)] for i, row in enumerate(drawn)]
    upper = [list(column) for column in zip(*lower[::-1], strict=True)]
    return [[sum((a * upper[k][j] for k, a in enumerate(row)), Fraction(0)) for j in range(size)] for row in lower]


def _wild(rng: np.random.Generator, m: int, n: int) -> Rows:
    scales = [Fraction(10) ** int(rng.integers(-20, 21)) for _ in range(n)]
    return [[x * scale for x, scale in zip(row, scales, strict=True)] for row in _integers(rng, m, n)]


def _floats(rng: np.random.Generator, m: int, n: int) -> Rows:
    return [[Fraction(float(x)) for x in row] for row in rng.standard_normal((m, n))]


def _apart(rng: np.random.Generator, m: int, n: int) -> Rows:
    """One atom outside the span of the others: no null vector touches it."""
    base = _integers(rng, m, n)
    at = int(rng.integers(0, n))
    return [*([*row[:at], Fraction(2), *row[at + 1 :]] for row in base), [Fraction(int(j == at)) for j in range(n)]]


def _basis_and_more(rng: np.random.Generator, m: int, n: int) -> Rows:
    more = _signs(rng, m, n)
    return [[Fraction(int(i == j)) if j < m else x for j, x in enumerate(row)] for i, row in enumerate(more)]


SMALL_KINDS: dict[str, Callable[[np.random.Generator, int, int], Rows]] = {
    "integers": _integers,
    "sparse": _sparse,
    "signs": _signs,
    "fractions": _fractions,
    "duplicates": _multiples([Fraction(1)]),
    "antipodal": _multiples([Fraction(-1), Fraction(-3, 2), Fraction(2)]),
    "rank-deficient": _deficient,
    "tall": lambda rng, m, n: _integers(rng, n + 1, max(2, m)),
    "square-invertible": _square,
    "wildly-scaled": _wild,
    "floats": _floats,
    "one-apart": _apart,
    "basis-and-more": _basis_and_more,
}


def small_real_dictionaries(count: int, most_rows: int = 4, most_atoms: int = 7) -> Iterator[tuple[str, Dictionary]]:
    """`count` dictionaries with their kinds, always the same ones; m and n up to about 4 and 7."""
    kinds = list(SMALL_KINDS)
    for seed in range(count):
        rng = np.random.default_rng([seed, 20])
        kind = kinds[seed % len(kinds)]
        m, n = int(rng.integers(1, most_rows + 1)), int(rng.integers(2, most_atoms + 1))
        rows = SMALL_KINDS[kind](rng, m, n)
        for j in range(len(rows[0])):
            if not any(row[j] for row in rows):
                rows[0][j] = Fraction(1)
        yield f"{kind}-{seed}", Dictionary.from_array(fractions_array(rows))
