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
    """The null vector on a reference, |h|_1 = 1, its signs, and the y with e - X y = `distance` times them there."""

    h: list[Fraction]
    signs: list[int]
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
    chosen = list(reference)
    for _ in range(_MOST_EXCHANGES):
        level = _levelled(rows, target, chosen)
        if level is None:
            return None
        residual = _residual(rows, target, level.dual)
        worst = max(range(len(rows)), key=lambda j: abs(residual[j]))
        finished = abs(residual[worst]) <= level.distance
        if finished or level.distance >= enough or stopped():
            return Approximated(
                distance=level.distance, dual=tuple(level.dual), reference=tuple(sorted(chosen)), finished=finished
            )
        leaving = _leaving(rows, chosen, level, worst, 1 if residual[worst] > 0 else -1)
        if leaving is None:
            return None
        chosen[leaving] = worst
    return None


def _levelled(rows: Rows, target: Sequence[int], chosen: list[int]) -> _Level | None:
    found = _null_vector([rows[i] for i in chosen])
    if found is None:
        return None
    along = sum(target[i] * value for i, value in zip(chosen, found, strict=True))
    size = sum(map(abs, found)) * (1 if along >= 0 else -1)
    h = [Fraction(value, size) for value in found]
    signs = [1 if value >= 0 else -1 for value in h]
    solution = solve([[*rows[i], sign] for i, sign in zip(chosen, signs, strict=True)], [target[i] for i in chosen])
    return None if solution is None else _Level(h, signs, solution[:-1], solution[-1])


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


def _leaving(rows: Rows, chosen: list[int], level: _Level, entering: int, sign: int) -> int | None:
    """Return the place in the reference of the row that leaves for `entering`, whose residual has this sign.

    The null vector takes `sign` times that row more and more, |h|_1 staying 1, until one of its entries vanishes.
    """
    matrix = [list(column) for column in zip(*(rows[i] for i in chosen), strict=True)]
    direction = solve([*matrix, level.signs], [*(-sign * x for x in rows[entering]), -1])
    if direction is None:
        return None
    steps = [
        (abs(value) / -(s * change), at)
        for at, (value, s, change) in enumerate(zip(level.h, level.signs, direction, strict=True))
        if s * change < 0
    ]
    return min(steps)[1] if steps else None
