"""Best uniform approximation from a row space in exact arithmetic: one atom after the other is exchanged."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from ..exact import solve

_MOST_EXCHANGES = 200

Rows = Sequence[Sequence[int]]
Basis = list[tuple[int, int]]
"""Rows with signs: those of the entries of h."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approximated:
    """|e - X y|_inf >= `distance` for every y, as the null vector of X^T on the rows `reference` shows.

    If `finished`, y = `dual` attains it.
    """

    distance: Fraction
    dual: tuple[Fraction, ...]
    reference: tuple[int, ...]
    finished: bool


class _Level(NamedTuple):
    """The null vector h on a basis, |h|_1 = 1, and the y with e - X y = `distance` times the signs there."""

    h: list[Fraction]
    dual: list[Fraction]
    distance: Fraction


def approximated(
    rows: Rows,
    target: Sequence[int],
    reference: Sequence[int],
    stopped: Callable[[], bool],
    enough: Fraction = Fraction(1),
) -> Approximated | None:
    """Minimise |e - X y|_inf over y exactly, X the n x r integer matrix `rows` of rank r and e the `target`.

    `reference` are r + 1 rows of rank r to start from. The residual is levelled on them, and one of them is exchanged
    for the row with the largest residual, again and again: the simplex method on the null vectors, so `distance` never
    falls (Stiefel 1959). Ends early, not finished, when `distance` is at least `enough`, or when `stopped()`.

    Guarantee: exact. None if a system of equations is singular, or after 200 exchanges. Cost: three systems of about r
    equations for each exchange.
    """
    basis = _oriented(rows, target, list(reference))
    before: Fraction | None = None
    for _ in range(_MOST_EXCHANGES):
        level = None if basis is None else _levelled(rows, target, basis)
        if basis is None or level is None:
            return None
        residual = _residual(rows, target, level.dual)
        beyond = [j for j, value in enumerate(residual) if abs(value) > level.distance]
        if not beyond or level.distance >= enough or stopped():
            chosen = tuple(sorted(j for j, _ in basis))
            return Approximated(distance=level.distance, dual=tuple(level.dual), reference=chosen, finished=not beyond)
        # the largest residual, or the first too large one where the distance stands still (Bland 1977: no cycles)
        worst = beyond[0] if level.distance == before else max(beyond, key=lambda j: abs(residual[j]))
        before = level.distance
        entering = (worst, 1 if residual[worst] > 0 else -1)
        leaving = _leaving(rows, basis, level, entering)
        if leaving is None:
            return None
        basis[leaving] = entering
    return None


def _oriented(rows: Rows, target: Sequence[int], reference: list[int]) -> Basis | None:
    """Give each row of the reference the sign of its entry in the null vector h with <e, h> >= 0."""
    found = _null_vector([rows[i] for i in reference])
    if found is None:
        return None
    along = sum(target[i] * value for i, value in zip(reference, found, strict=True))
    return [(i, 1 if (value >= 0) == (along >= 0) else -1) for i, value in zip(reference, found, strict=True)]


def _levelled(rows: Rows, target: Sequence[int], basis: Basis) -> _Level | None:
    columns = [list(column) for column in zip(*(rows[i] for i, _ in basis), strict=True)]
    h = solve([*columns, [sign for _, sign in basis]], [*(0 for _ in columns), 1])
    solution = solve([[*rows[i], sign] for i, sign in basis], [target[i] for i, _ in basis])
    return None if h is None or solution is None else _Level(h, solution[:-1], solution[-1])


def _null_vector(vectors: Rows) -> list[int] | None:
    """Return integers h, not all 0, with sum h_i v_i = 0 for r + 1 vectors of r numbers and rank r, or None."""
    for at in range(len(vectors) - 1, -1, -1):
        others = [v for place, v in enumerate(vectors) if place != at]
        found = solve([list(column) for column in zip(*others, strict=True)], [-x for x in vectors[at]])
        if found is not None:
            values, common = _common(found)
            return [*values[:at], common, *values[at:]]
    return None


def _common(values: Sequence[Fraction]) -> tuple[list[int], int]:
    """Return numerators and one denominator."""
    common = math.lcm(*(value.denominator for value in values))
    return [value.numerator * (common // value.denominator) for value in values], common


def _residual(rows: Rows, target: Sequence[int], dual: list[Fraction]) -> list[Fraction]:
    """Return e - X y."""
    y, common = _common(dual)
    return [
        Fraction(e * common - sum(x * v for x, v in zip(row, y, strict=True)), common)
        for row, e in zip(rows, target, strict=True)
    ]


def _leaving(rows: Rows, basis: Basis, level: _Level, entering: tuple[int, int]) -> int | None:
    """Return the place in the basis of the row that leaves for the row `entering` with this sign.

    The null vector takes that row times its sign more and more, |h|_1 staying 1, until one of its entries vanishes.
    """
    row, sign = entering
    columns = [list(column) for column in zip(*(rows[i] for i, _ in basis), strict=True)]
    direction = solve([*columns, [s for _, s in basis]], [*(-sign * x for x in rows[row]), -1])
    if direction is None:
        return None
    steps = [
        (abs(value) / -(s * change), i, at)
        for at, ((i, s), value, change) in enumerate(zip(basis, level.h, direction, strict=True))
        if s * change < 0
    ]
    return min(steps)[2] if steps else None
