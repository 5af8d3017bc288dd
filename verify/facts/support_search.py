"""Which larger supports do the values of pairs or triples leave open? Averages, and an exhaustive search."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from math import comb

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_SLACK = 1.0 + 2.0**-40


def search_work(n: int, level: int) -> float:
    """Return the operations of `open_supports` if nothing is pruned."""
    return 8.0 * comb(n, max(0, level - 3)) * n**3 / 6 + 2000.0 * comb(n, max(0, level - 3))


def pair_table(values: Floats, n: int) -> Floats:
    """Return the values of pairs, in lexicographic order, as a symmetric matrix."""
    table = np.zeros((n, n))
    table[np.triu_indices(n, 1)] = values
    return table + table.T


def triple_table(values: Floats, n: int) -> Floats:
    """Return the values of triples, in lexicographic order, as a symmetric cube."""
    table = np.zeros((n, n, n))
    index = np.array(list(itertools.combinations(range(n), 3)), dtype=np.intp).reshape(-1, 3).T
    for order in itertools.permutations(range(3)):
        table[tuple(index[list(order)])] = values
    return table


def triples_from_pairs(pairs: Floats) -> Floats:
    """Return the cube of averages (v_ij + v_ik + v_jk) / 2, zero where two indices are equal."""
    cube = (pairs[:, :, None] + pairs[:, None, :] + pairs[None, :, :]) / 2 * _SLACK
    n = len(pairs)
    for axes in ((0, 1), (0, 2), (1, 2)):
        index: list[object] = [slice(None)] * 3
        index[axes[0]] = index[axes[1]] = np.arange(n)
        cube[tuple(index)] = 0.0  # type: ignore[index]
    return cube


def open_supports(
    cube: Floats, level: int, limit: float, *, most: int, stopped: Callable[[], bool]
) -> list[tuple[int, ...]] | None:
    """Return all supports of size `level` >= 3 whose average exceeds `limit`; None if there are more than `most`.

    The average is the sum of v_T over the triples T of S, divided by C(level-1, 2). Depth first over supports, the
    atoms with large values first; the last three atoms are searched at once. None also if `stopped()` became true.
    """
    n = len(cube)
    order = np.argsort(-cube.max(axis=(1, 2)), kind="stable")
    table = cube[np.ix_(order, order, order)]
    search = _Search(table, level, limit * comb(level - 1, 2) * (1 - 2.0**-40), most, stopped)
    if not search.visit((), 0.0, np.zeros(n), np.zeros((n, n))):
        return None
    return [tuple(sorted(int(order[i]) for i in support)) for support in search.found]


class _Search:
    def __init__(self, table: Floats, level: int, limit: float, most: int, stopped: Callable[[], bool]) -> None:
        self.table, self.level, self.limit, self.most, self.stopped = table, level, limit, most, stopped
        self.largest = float(table.max())
        n = len(table)
        i, j, k = np.ogrid[:n, :n, :n]
        self.increasing = (i < j) & (j < k)
        self.found: list[tuple[int, ...]] = []

    def visit(self, prefix: tuple[int, ...], total: float, gains: Floats, links: Floats) -> bool:
        start = prefix[-1] + 1 if prefix else 0
        missing = self.level - len(prefix)
        if len(gains) - start < missing:
            return True
        best = float(np.sort(gains[start:])[-missing:].sum())
        room = self.limit - total - best - comb(missing, 2) * float(links[start:, start:].max())
        if comb(missing, 3) * self.largest <= room:
            return True
        if self.stopped():
            return False
        if missing == 3:
            return self._last_three(prefix, total, gains, links)
        return all(
            self.visit((*prefix, y), total + float(gains[y]), gains + links[y], links + self.table[y])
            for y in range(start, len(gains) - missing + 1)
        )

    def _last_three(self, prefix: tuple[int, ...], total: float, gains: Floats, links: Floats) -> bool:
        start = prefix[-1] + 1 if prefix else 0
        gain, link, table = gains[start:], links[start:, start:], self.table[start:, start:, start:]
        two = link + gain[:, None] / 2 + gain[None, :] / 2  # every atom is in two of the three pairs
        sums = table + two[:, :, None] + two[:, None, :] + two[None, :, :]
        over = np.argwhere((sums > self.limit - total) & self.increasing[start:, start:, start:])
        self.found += [(*prefix, *(int(i) + start for i in row)) for row in over]
        return len(self.found) <= self.most
