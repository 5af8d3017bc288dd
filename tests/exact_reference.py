"""Small dictionaries of every kind, and what is true of them by brute force in exact arithmetic.

A second implementation that shares nothing with `verify` but the entries handed in.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from verify.dictionaries.dictionary import Dictionary

INFINITE = math.inf


@dataclass(frozen=True, slots=True)
class Gauss:
    """A Gaussian rational, with the arithmetic that elimination needs."""

    re: Fraction
    im: Fraction

    def __add__(self, other: Gauss) -> Gauss:
        return Gauss(self.re + other.re, self.im + other.im)

    def __sub__(self, other: Gauss) -> Gauss:
        return Gauss(self.re - other.re, self.im - other.im)

    def __mul__(self, other: Gauss) -> Gauss:
        return Gauss(self.re * other.re - self.im * other.im, self.re * other.im + self.im * other.re)

    def __truediv__(self, other: Gauss) -> Gauss:
        square = other.size_squared
        product = self * other.conjugate()
        return Gauss(product.re / square, product.im / square)

    def __bool__(self) -> bool:
        return bool(self.re or self.im)

    def conjugate(self) -> Gauss:
        return Gauss(self.re, -self.im)

    @property
    def size_squared(self) -> Fraction:
        return self.re**2 + self.im**2


ZERO, ONE = Gauss(Fraction(0), Fraction(0)), Gauss(Fraction(1), Fraction(0))
Vector = list[Gauss]


def dot(a: Vector, b: Vector) -> Gauss:
    return sum((x.conjugate() * y for x, y in zip(a, b, strict=True)), ZERO)


def kernel(columns: list[Vector]) -> list[Vector]:
    """A basis of the null space, by Gauss-Jordan elimination."""
    rows = [list(row) for row in zip(*columns, strict=True)]
    pivots: list[int] = []
    for j in range(len(columns)):
        at = next((k for k in range(len(pivots), len(rows)) if rows[k][j]), None)
        if at is None:
            continue
        top = len(pivots)
        rows[top], rows[at] = rows[at], rows[top]
        lead = rows[top][j]
        rows[top] = [x / lead for x in rows[top]]
        for k, row in enumerate(rows):
            if k != top and row[j]:
                factor = row[j]
                rows[k] = [x - factor * y for x, y in zip(row, rows[top], strict=True)]
        pivots.append(j)
    basis = []
    for free in sorted(set(range(len(columns))) - set(pivots)):
        vector = [ZERO] * len(columns)
        vector[free] = ONE
        for row, j in zip(rows, pivots, strict=False):
            vector[j] = ZERO - row[free]
        basis.append(vector)
    return basis


def symmetric_functions(rows: list[Vector]) -> list[Fraction]:
    """The elementary symmetric functions of the (real) eigenvalues, by Faddeev and LeVerrier.

    All are >= 0 (> 0) exactly if all eigenvalues are.
    """
    size = len(rows)
    found: list[Fraction] = []
    power = [list(row) for row in rows]
    for k in range(1, size + 1):
        trace = sum((power[i][i] for i in range(size)), ZERO)
        found.append(trace.re * (-1) ** (k - 1) / k)
        shift = Gauss(trace.re / k, trace.im / k)
        inner = [[power[i][j] - (shift if i == j else ZERO) for j in range(size)] for i in range(size)]
        columns = list(zip(*inner, strict=True))
        power = [[sum((x * y for x, y in zip(row, c, strict=True)), ZERO) for c in columns] for row in rows]
    return found


def root(value: Fraction, bits: int = 400) -> Fraction:
    """The square root, rounded down at 2^-bits relative to its size or better."""
    shift = bits + max(0, value.denominator.bit_length() - value.numerator.bit_length())
    return Fraction(math.isqrt((value.numerator << (2 * shift)) // value.denominator), 1 << shift)


TINY = Fraction(1, 2**300)


class Reference:
    """Everything about one small dictionary, by brute force."""

    def __init__(self, dictionary: Dictionary) -> None:
        parts = [[[Fraction(*x.as_integer_ratio()) for x in row] for row in part.tolist()] for part in dictionary.parts]
        self.m, self.n = dictionary.shape
        self.is_complex = len(parts) == 2
        imaginary = parts[1] if self.is_complex else [[Fraction(0)] * self.n] * self.m
        self.columns = [[Gauss(parts[0][i][j], imaginary[i][j]) for i in range(self.m)] for j in range(self.n)]

    @cached_property
    def norms(self) -> list[Fraction]:
        return [dot(a, a).re for a in self.columns]

    @cached_property
    def pairs(self) -> dict[tuple[int, int], Fraction]:
        """|<d^_i, d^_j>|^2 for i < j."""
        return {
            (i, j): dot(self.columns[i], self.columns[j]).size_squared / (self.norms[i] * self.norms[j])
            for i, j in itertools.combinations(range(self.n), 2)
        }

    def squared(self, i: int, j: int) -> Fraction:
        return self.pairs[min(i, j), max(i, j)]

    @property
    def mu_squared(self) -> Fraction:
        return max(self.pairs.values())

    def babel(self, k: int) -> Fraction:
        """mu_1(k), right to about 2^-390."""
        return max(
            sum(sorted((root(self.squared(i, j)) for j in range(self.n) if j != i), reverse=True)[:k])
            for i in range(self.n)
        )

    def isometry_below(self, level: int, bound: Fraction, strictly: bool = False) -> bool:
        """Whether delta_level <= bound (or <), by the signs of the characteristic polynomials of bound I -+ A."""
        scaled = {(i, j): dot(self.columns[i], self.columns[j]) for i in range(self.n) for j in range(self.n)}
        for chosen in itertools.combinations(range(self.n), min(level, self.n)):
            for sign in (1, -1):
                factors = {True: Gauss(bound, Fraction(0)), False: Gauss(Fraction(sign), Fraction(0))}
                # dividing row i by N_i^2 keeps the eigenvalues of the matrix scaled by the norms on both sides
                rows = [
                    [factors[i == j] * scaled[i, j] * Gauss(1 / self.norms[i], Fraction(0)) for j in chosen]
                    for i in chosen
                ]
                symmetric = symmetric_functions(rows)
                if min(symmetric) < 0 or (strictly and min(symmetric) == 0):
                    return False
        return True

    @cached_property
    def rank(self) -> int:
        return self.n - len(kernel(self.columns))

    @cached_property
    def circuits(self) -> list[Vector]:
        """The null vectors of minimal support, one for each such support."""
        found: list[tuple[set[int], Vector]] = []
        for size in range(2, self.rank + 2):
            for chosen in itertools.combinations(range(self.n), size):
                if any(support <= set(chosen) for support, _ in found):
                    continue
                basis = kernel([self.columns[j] for j in chosen])
                if basis:
                    vector = [ZERO] * self.n
                    for j, value in zip(chosen, basis[0], strict=True):
                        vector[j] = value
                    found.append((set(chosen), vector))
        return [vector for _, vector in found]

    @cached_property
    def spark(self) -> float:
        return min((sum(map(bool, h)) for h in self.circuits), default=INFINITE)

    def overweight(self, h: Vector, level: int, scaling: str) -> Fraction:
        """What the `level` heaviest entries of h weigh more than the others, 0 if closer than one can tell."""
        weights = [x.size_squared * (self.norms[i] if scaling == "unit" else 1) for i, x in enumerate(h)]
        roots = sorted((root(weight, 8000) for weight in weights), reverse=True)
        difference = sum(roots[:level]) - sum(roots[level:])
        return difference if abs(difference) > roots[0] / 2**7000 else Fraction(0)

    def heavy(self, h: Vector, level: int, scaling: str) -> bool:
        """Whether the `level` heaviest entries of h weigh at least half of it."""
        return self.overweight(h, level, scaling) >= 0

    def basis_pursuit_fails(self, level: int, scaling: str) -> bool:
        """Whether basis pursuit fails at a level: exact for real codes, where the extreme points are the circuits."""
        return any(self.heavy(h, level, scaling) for h in self.circuits)

    def apply(self, code: dict[int, Gauss]) -> Vector:
        return [sum((x * self.columns[j][i] for j, x in code.items()), ZERO) for i in range(self.m)]

    def matching_pursuit(self, code: dict[int, Gauss], scaling: str, last: bool = False) -> bool:
        """Whether OMP finds the code in as many steps as it has nonzeros, breaking ties by the first (last) atom."""
        signal = residual = self.apply(code)
        chosen: list[int] = []
        answer: dict[int, Gauss] = {}
        for _ in code:
            if not any(residual):
                break
            scores = [
                dot(a, residual).size_squared / (norm if scaling == "unit" else 1)
                for a, norm in zip(self.columns, self.norms, strict=True)
            ]
            ties = [j for j, score in enumerate(scores) if score == max(scores)]
            chosen.append(ties[-1 if last else 0])
            gram = [[dot(self.columns[i], self.columns[j]) for i in chosen] for j in chosen]
            right = [dot(self.columns[i], signal) for i in chosen]
            (solution,) = kernel([*gram, right])
            answer = {j: ZERO - x / solution[-1] for j, x in zip(chosen, solution[:-1], strict=True)}
            residual = [y - z for y, z in zip(signal, self.apply(answer), strict=True)]
        return {j: x for j, x in answer.items() if x} == code


# --- dictionaries of every kind ---


def fractions_array(rows: list[list[Fraction]]) -> np.ndarray:
    array = np.empty((len(rows), len(rows[0])), dtype=object)
    for i, row in enumerate(rows):
        array[i, :] = row
    return array


def _rationals(rng: np.random.Generator, m: int, n: int) -> np.ndarray:
    return fractions_array(
        [[Fraction(int(rng.integers(-9, 10)), int(rng.integers(1, 12))) for _ in range(n)] for _ in range(m)]
    )


def _float(dtype: type) -> Callable[[np.random.Generator, int, int], np.ndarray]:
    return lambda rng, m, n: rng.standard_normal((m, n)).astype(dtype)


def _integer(dtype: type) -> Callable[[np.random.Generator, int, int], np.ndarray]:
    limits = np.iinfo(dtype)
    return lambda rng, m, n: rng.integers(limits.min, limits.max, (m, n), dtype=dtype, endpoint=True)


def _complex(dtype: type) -> Callable[[np.random.Generator, int, int], np.ndarray]:
    return lambda rng, m, n: (rng.standard_normal((m, n)) + 1j * rng.standard_normal((m, n))).astype(dtype)


def _longdouble(rng: np.random.Generator, m: int, n: int) -> np.ndarray:
    return rng.standard_normal((m, n)).astype(np.longdouble) / np.longdouble(3)


def _mixed_magnitudes(rng: np.random.Generator, m: int, n: int) -> np.ndarray:
    """1e200 beside 1e-200 and subnormal numbers, within atoms and between them."""
    within = rng.choice([1e200, 1e-200, 1.0, 5e-324, 1e-310], (m, n))
    return rng.choice([1.0, 2.0, -3.0], (m, n)) * within * rng.choice([1.0, 1e100, 1e-100], n)


def _between_magnitudes(rng: np.random.Generator, m: int, n: int) -> np.ndarray:
    return rng.standard_normal((m, n)) * rng.choice([1e200, 1e-200, 1.0, 1e-305, 5e-322], n)


def _single_magnitudes(rng: np.random.Generator, m: int, n: int) -> np.ndarray:
    return (rng.standard_normal((m, n)) * rng.choice([1e37, 1e-37, 1.0, 1e-44], (m, n))).astype(np.float32)


def _small_integers(rng: np.random.Generator, m: int, n: int) -> np.ndarray:
    return rng.integers(-1, 2, (m, n)).astype(np.int64)


def _near_ties(rng: np.random.Generator, m: int, n: int) -> np.ndarray:
    """Atoms that differ from a few others in the last bit of some entries."""
    base = rng.standard_normal((m, max(2, n // 3)))
    chosen = base[:, rng.integers(0, base.shape[1], n)]
    return np.where(rng.random((m, n)) < 0.5, chosen, np.nextafter(chosen, np.inf))


def _single_near_ties(rng: np.random.Generator, m: int, n: int) -> np.ndarray:
    base = rng.standard_normal((m, max(2, n // 3))).astype(np.float32)
    chosen = base[:, rng.integers(0, base.shape[1], n)]
    return np.where(rng.random((m, n)) < 0.5, chosen, np.nextafter(chosen, np.float32(np.inf)))


def _antipodal(rng: np.random.Generator, m: int, n: int) -> np.ndarray:
    base = rng.standard_normal((m, n))
    base[:, -1] = -4 * base[:, 0]
    return base


def _complex_parallel(rng: np.random.Generator, m: int, n: int) -> np.ndarray:
    base = rng.integers(-3, 4, (m, n)) + 1j * rng.integers(-3, 4, (m, n))
    base[:, -1] = (2 - 1j) * base[:, 0]
    return base


def _orthogonal(rng: np.random.Generator, m: int, n: int) -> np.ndarray:
    size = max(m, n)
    return (np.eye(size)[:, rng.permutation(size)] * rng.choice([1e-200, -3.0, 1e200], size))[:, :n]


def _hadamard(rng: np.random.Generator, m: int, n: int) -> np.ndarray:
    """Equiangular up to zeros: exact ties everywhere."""
    size = 1 << max(1, (m - 1).bit_length())
    h = np.ones((1, 1), dtype=np.int64)
    while len(h) < size:
        h = np.block([[h, h], [h, -h]])
    both = np.hstack([np.eye(size, dtype=np.int64), h])
    return both[:, rng.permutation(2 * size)[: max(2, n)]]


def _simplex(rng: np.random.Generator, m: int, n: int) -> np.ndarray:
    return (n * np.eye(n, dtype=np.int64) - 1)[:, rng.permutation(n)]


def _low_rank(rng: np.random.Generator, m: int, n: int) -> np.ndarray:
    inner = max(1, min(m, n) - 2)
    return rng.integers(-2, 3, (m, inner)) @ rng.integers(-2, 3, (inner, n))


REAL_KINDS: dict[str, Callable[[np.random.Generator, int, int], np.ndarray]] = {
    **{np.dtype(t).name: _float(t) for t in (np.float16, np.float32, np.float64)},
    **{np.dtype(t).name: _integer(t) for t in (np.int8, np.int16, np.int32, np.int64)},
    **{np.dtype(t).name: _integer(t) for t in (np.uint8, np.uint16, np.uint32, np.uint64)},
    "big-endian": lambda rng, m, n: rng.standard_normal((m, n)).astype(">f4"),
    "longdouble": _longdouble,
    "fractions": _rationals,
    "mixed-magnitudes": _mixed_magnitudes,
    "between-magnitudes": _between_magnitudes,
    "single-magnitudes": _single_magnitudes,
    "small-integers": _small_integers,
    "near-ties": _near_ties,
    "single-near-ties": _single_near_ties,
    "antipodal": _antipodal,
    "orthogonal": _orthogonal,
    "hadamard": _hadamard,
    "simplex": _simplex,
    "low-rank": _low_rank,
}
COMPLEX_KINDS: dict[str, Callable[[np.random.Generator, int, int], np.ndarray]] = {
    "complex64": _complex(np.complex64),
    "complex128": _complex(np.complex128),
    "clongdouble": lambda rng, m, n: _longdouble(rng, m, n) + 1j * _longdouble(rng, m, n),
    "complex-parallel": _complex_parallel,
}
KINDS = [*REAL_KINDS, *COMPLEX_KINDS, "gaussian-rationals", "gaussian-integers"]


def sample(kind: str, seed: int, m: int, n: int) -> Dictionary:
    """A random dictionary of a kind; m and n are what a kind without a shape of its own takes."""
    rng = np.random.default_rng([seed, m, n])
    if kind == "gaussian-rationals":
        real, imaginary = _rationals(rng, m, n), _rationals(rng, m, n)
        real[0, :] = Fraction(1, 3)
        return Dictionary.from_parts(real, imaginary)
    if kind == "gaussian-integers":
        real, imaginary = _small_integers(rng, m, n), _small_integers(rng, m, n)
        real[0, :] += 3
        return Dictionary.from_parts(real, imaginary)
    array = {**REAL_KINDS, **COMPLEX_KINDS}[kind](rng, m, n)
    zero = np.flatnonzero(~(array != 0).any(axis=0))
    array[0, zero] = 1
    return Dictionary.from_array(array)


def samples(kinds: list[str], count: int, most: int = 9) -> Iterator[tuple[str, int, int, int]]:
    """Arguments of `sample`: `count` shapes of every kind, m and n up to `most`."""
    for kind in kinds:
        for seed in range(count):
            rng = np.random.default_rng([seed, len(kind), most])
            yield kind, seed, int(rng.integers(1, most)), int(rng.integers(2, most + 1))
