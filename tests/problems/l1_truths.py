"""The exact truth about small l1 problems, by enumeration in rationals: nothing here knows the package's own solvers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

Vector = tuple[Fraction, ...]
Matrix = list[list[Fraction]]


def solved(matrix: Matrix, right: Sequence[Fraction]) -> list[Fraction] | None:
    """The one solution of a system with independent columns, None if they are dependent or there is none."""
    rows = [[*row, y] for row, y in zip(matrix, right, strict=True)]
    columns = len(rows[0]) - 1 if rows else 0
    at = 0
    for column in range(columns):
        pivot = next((r for r in range(at, len(rows)) if rows[r][column]), None)
        if pivot is None:
            return None
        rows[at], rows[pivot] = rows[pivot], rows[at]
        rows[at] = [value / rows[at][column] for value in rows[at]]
        for r in range(len(rows)):
            if r != at and rows[r][column]:
                rows[r] = [a - rows[r][column] * b for a, b in zip(rows[r], rows[at], strict=True)]
        at += 1
    if any(row[-1] for row in rows[at:]):
        return None
    return [row[-1] for row in rows[:columns]]


def fractions(array: np.ndarray) -> Matrix:
    return [[Fraction(value) for value in row] for row in np.asarray(array).tolist()]


def basic_solutions(D: Matrix, y: Sequence[Fraction]) -> Iterator[Vector]:
    """All x with Dx = y whose atoms are independent."""
    m, n = len(D), len(D[0])
    for size in range(min(m, n) + 1):
        for support in itertools.combinations(range(n), size):
            if size == 0:
                if not any(y):
                    yield (Fraction(0),) * n
                continue
            values = solved([[row[i] for i in support] for row in D], y)
            if values is not None and all(values):
                x = [Fraction(0)] * n
                for i, value in zip(support, values, strict=True):
                    x[i] = value
                yield tuple(x)


def basis_pursuit(D: Matrix, y: Sequence[Fraction], nonnegative: bool) -> tuple[Fraction | None, set[Vector]]:
    """The value (None: infeasible) and all vertices of the set of minimisers of min |x|_1 over Dx = y."""
    feasible = [x for x in basic_solutions(D, y) if not nonnegative or min(x) >= 0]
    value = min((sum(map(abs, x), Fraction(0)) for x in feasible), default=None)
    return value, {x for x in feasible if sum(map(abs, x), Fraction(0)) == value}


def lasso(D: Matrix, y: Sequence[Fraction], weight: Fraction, nonnegative: bool) -> tuple[Fraction, set[Vector]]:
    """The value and all vertices of the set of minimisers of 1/2 |y-Dx|^2 + weight |x|_1, by sign patterns and KKT."""
    n = len(D[0])
    for signs in itertools.product((0, 1) if nonnegative else (0, 1, -1), repeat=n):
        support = [i for i in range(n) if signs[i]]
        columns = [[row[i] for row in D] for i in support]
        gram = [[dot(a, b) for b in columns] for a in columns]
        values = (
            solved(gram, [dot(a, y) - weight * signs[i] for a, i in zip(columns, support, strict=True)])
            if support
            else []
        )
        if values is None or any(value * signs[i] <= 0 for i, value in zip(support, values, strict=True)):
            continue
        explained = [sum((row[i] * value for i, value in zip(support, values, strict=True)), Fraction(0)) for row in D]
        residual = [a - b for a, b in zip(y, explained, strict=True)]
        slopes = [dot([row[i] for row in D], residual) for i in range(n)]
        if all(slope <= weight and (nonnegative or slope >= -weight) for slope in slopes):
            value = dot(residual, residual) / 2 + weight * sum(map(abs, values), Fraction(0))
            return value, basis_pursuit(D, explained, nonnegative)[1]
    raise AssertionError("a lasso problem always has a minimiser with independent atoms")


def dot(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))


def small_problems(count: int) -> Iterator[tuple[np.ndarray, np.ndarray, bool]]:
    """Small dictionaries and signals with every degeneracy, and whether codes are non-negative."""
    for seed in range(count):
        rng = np.random.default_rng(seed)
        m, n = int(rng.integers(1, 4)), int(rng.integers(2, 6))
        D = rng.integers(-3, 4, (m, n))
        kind = seed % 6
        if kind == 1:
            D[:, -1] = D[:, 0]  # duplicate
        elif kind == 2:
            D[:, -1] = -2 * D[:, 0]  # antipodal, of another length
        elif kind == 3 and m > 1:
            D[-1] = D[0]  # rank-deficient
        D[0, ~D.any(axis=0)] = 1
        if kind == 4:
            D = D / 8 + rng.integers(0, 2, D.shape) * 2.0**-20
            D[0, ~D.any(axis=0)] = 1
        code = np.where(rng.random(n) < 0.5, rng.integers(-4, 5, n), 0)
        y = D @ code if seed % 3 else rng.integers(-5, 6, m)
        yield D, y, bool(seed % 4 == 3)


def dense(code: object, n: int) -> Vector:
    """An exact code as a vector."""
    x = [Fraction(0)] * n
    for i, value in zip(code.support, code.values[0], strict=True):  # type: ignore[attr-defined]
        x[i] = value
    return tuple(x)


def assert_true(outcome: object, value: Fraction | None, minimisers: set[Vector]) -> None:
    """Nothing that an outcome proves is false."""
    n = outcome.problem.dictionary.shape[1]  # type: ignore[attr-defined]
    if outcome.infeasible is not None:  # type: ignore[attr-defined]
        assert value is None
        return
    if outcome.value_lower is not None and value is not None:  # type: ignore[attr-defined]
        assert outcome.value_lower <= value  # type: ignore[attr-defined]
    if outcome.value_upper is not None:  # type: ignore[attr-defined]
        assert value is not None
        assert value <= outcome.value_upper  # type: ignore[attr-defined]
    unique, several = outcome.unique, outcome.several  # type: ignore[attr-defined]
    if unique is not None:
        (x,) = minimisers
        centre = dense(unique.centre, n)
        assert {i for i in range(n) if x[i]} == set(unique.centre.support)
        assert all(abs(a - b) <= unique.radius for a, b in zip(x, centre, strict=True))
        assert all(a * b > 0 for a, b in zip(x, centre, strict=True) if a)
    if several is not None:
        assert len(minimisers) > 1
        first, second = dense(several.first, n), dense(several.second, n)
        assert first != second
        assert sum(map(abs, first)) == sum(map(abs, second))
        assert outcome.value_lower == outcome.value_upper == value  # type: ignore[attr-defined]
