"""min |u|_1 over A u = b in rationals, by the simplex method; the optimum is proved by a dual vector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

Vector = list[Fraction]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeastL1:
    """The optimum, a solution u that attains it, and y with |y^T a_j| <= 1 for all j and y^T b = optimum.

    Where A u = b has no solution, optimum and u are None, and y^T a_j = 0 for all j, y^T b = 1.
    """

    optimum: Fraction | None
    u: Vector | None
    y: Vector


def least_l1(columns: Sequence[Sequence[Fraction | int]], target: Sequence[Fraction | int]) -> LeastL1:
    """Solve min |u|_1 over sum of u_j columns_j = target, exactly.

    Guarantee: feasibility of both vectors and equality of both values are checked (AssertionError else).
    """
    m, n = len(target), len(columns)
    flips = [-1 if x < 0 else 1 for x in target]
    # The variables: u = p - q with p, q >= 0, then one artificial variable for each row, then the right-hand side.
    table = [
        [Fraction(flips[i] * sign * column[i]) for sign in (1, -1) for column in columns]
        + [Fraction(int(i == k)) for k in range(m)]
        + [Fraction(flips[i] * target[i])]
        for i in range(m)
    ]
    basis = list(range(2 * n, 2 * n + m))
    costs = _minimised(table, basis, [Fraction(0)] * (2 * n) + [Fraction(1)] * m, 2 * n)
    y = [flip * (1 - cost) for flip, cost in zip(flips, costs[2 * n :], strict=False)]
    excess = _dot(y, target)
    if excess:
        y = [x / excess for x in y]
        assert all(_dot(y, column) == 0 for column in columns)
        return LeastL1(optimum=None, u=None, y=y)
    _without_artificial(table, basis, 2 * n)
    costs = _minimised(table, basis, [Fraction(1)] * (2 * n) + [Fraction(0)] * m, 2 * n)
    y = [-flip * cost for flip, cost in zip(flips, costs[2 * n :], strict=False)]
    u = [Fraction(0)] * n
    for row, at in zip(table, basis, strict=True):
        if at < 2 * n:
            u[at % n] += row[-1] if at < n else -row[-1]
    optimum = sum(map(abs, u), Fraction(0))
    assert all(_dot(u, [column[i] for column in columns]) == target[i] for i in range(m))
    assert all(abs(_dot(y, column)) <= 1 for column in columns)
    assert _dot(y, target) == optimum
    return LeastL1(optimum=optimum, u=u, y=y)


def _dot(a: Sequence[Fraction | int], b: Sequence[Fraction | int]) -> Fraction:
    return sum((Fraction(x * y) for x, y in zip(a, b, strict=True)), Fraction(0))


def _minimised(table: list[Vector], basis: list[int], prices: Vector, entering: int) -> Vector:
    """Pivot by Bland's rule until no reduced cost of the first `entering` variables is negative; return all of them."""
    costs = list(prices)
    for row, at in zip(table, basis, strict=True):
        price = prices[at]
        if price:
            costs = [cost - price * x for cost, x in zip(costs, row, strict=False)]
    while any(cost < 0 for cost in costs[:entering]):
        new = next(j for j in range(entering) if costs[j] < 0)
        rows = [i for i, row in enumerate(table) if row[new] > 0]
        leaving = min(rows, key=lambda i: (table[i][-1] / table[i][new], basis[i]))
        _pivot(table, leaving, new)
        basis[leaving] = new
        factor = costs[new]
        costs = [cost - factor * x for cost, x in zip(costs, table[leaving], strict=False)]
    return costs


def _pivot(table: list[Vector], at: int, column: int) -> None:
    lead = table[at][column]
    table[at] = [x / lead for x in table[at]]
    for i, row in enumerate(table):
        if i != at and (factor := row[column]):
            table[i] = [x - factor * y if y else x for x, y in zip(row, table[at], strict=True)]


def _without_artificial(table: list[Vector], basis: list[int], first: int) -> None:
    """Bring proper variables into the basis for artificial ones, all of them 0; a row without any says nothing."""
    for i, at in enumerate(basis):
        if at >= first and (new := next((j for j in range(first) if table[i][j]), None)) is not None:
            _pivot(table, i, new)
            basis[i] = new
