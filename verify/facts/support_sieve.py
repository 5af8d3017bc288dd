"""The supports that averages leave open, closed by the values of some of their parts or by their own."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .support_values import LARGEST_ORDER, SupportValues

Support = tuple[int, ...]
Evaluate = Callable[[NDArray[np.intp], bool], SupportValues | None]

_SLACK = 1.0 + 2.0**-40


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Values of larger supports, and the bound that they and averages give for all supports of the level."""

    exceptions: tuple[SupportValues, ...]
    bound: float


def close_supports(
    cube: NDArray[np.float64], found: list[Support], order: int, limit: float, evaluate: Evaluate
) -> Closed | None:
    """Return values that bring the supports `found`, all of one size, below `limit` where they can.

    `cube` holds the bounds of triples, `order` is the size of the supports whose values are known. From size to size:
    the parts of that size of the supports still open are evaluated where that is less work than the supports
    themselves; those whose averages then are at most `limit` are closed. `evaluate(supports, fine)` returns
    values, or None where they cost too much; then the whole returns None.
    """
    level = len(found[0])
    known: dict[Support, float] = {}
    exceptions: list[SupportValues] = []
    still = sorted(found)
    for size in range(order + 1, level + 1):
        parts = still
        if size < level:
            parts = sorted({part for support in still for part in itertools.combinations(support, size)})
            if len(parts) << size >= len(still) << level:
                continue
        values = evaluate(np.array(parts, dtype=np.intp), False)
        if size == level and values is not None and values.upper.max() > limit:
            values = evaluate(np.array(parts, dtype=np.intp), True)
        if values is None:
            return None
        exceptions.append(values)
        known.update(zip(parts, values.upper.tolist(), strict=True))
        bounds = _refined(still, cube, known)
        still = [support for support, bound in zip(still, bounds, strict=True) if bound > limit]
        if not still:
            break
    return Closed(exceptions=tuple(exceptions), bound=max([limit, *_refined(found, cube, known)]))


def _refined(supports: list[Support], cube: NDArray[np.float64], known: dict[Support, float]) -> list[float]:
    """Return for each support the least of its value and the average of its parts one smaller, over their parts."""
    memory: dict[Support, float] = {}

    def bound(support: Support) -> float:
        if support not in memory:
            if len(support) == LARGEST_ORDER:
                average = float(cube[support])
            else:
                parts = itertools.combinations(support, len(support) - 1)
                average = sum(map(bound, parts)) / (len(support) - 1) * _SLACK
            memory[support] = min(average, known.get(support, average))
        return memory[support]

    return [bound(support) for support in supports]
