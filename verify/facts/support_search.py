"""Which larger supports do the values of pairs or triples leave open? Averages, and an exhaustive search."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_SLACK = 1.0 + 2.0**-40


def checking_work(n: int, prefixes: int, pairs: int) -> float:
    """Return the work of the checker's search with so many prefixes and pairs behind them, in its units."""
    return 120.0 * pairs + prefixes * (4000.0 + 750.0 * n)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSupports:
    """The supports that averages leave open, and how many prefixes and pairs behind them the checker's search visits.

    Counts as certificates/SPEC.md 6.6 says, of a search with the bounds given here: it visits no fewer than one with
    smaller bounds.
    """

    supports: list[tuple[int, ...]]
    prefixes: int
    pairs: int


def open_supports(
    cube: Floats, level: int, limit: float, *, most: int, most_work: float, stopped: Callable[[], bool]
) -> OpenSupports | None:
    """Return all supports of size `level` > 3 whose average exceeds `limit`; None if there are more than `most`.

    The average is the sum of v_T over the triples T of S, divided by C(level-1, 2). Depth first over increasing
    supports; the last three atoms are searched at once. None also if the checker's search would be more than
    `most_work` units, or if `stopped()` became true.
    """
    n = len(cube)
    search = _Search(cube, level, limit * comb(level - 1, 2) * (1 - 2.0**-40), most, most_work, stopped)
    if not search.visit((), 0.0, np.zeros(n), np.zeros((n, n))):
        return None
    return OpenSupports(supports=search.found, prefixes=search.prefixes, pairs=search.pairs)


class _Search:
    def __init__(
        self, table: Floats, level: int, limit: float, most: int, most_work: float, stopped: Callable[[], bool]
    ) -> None:
        self.table, self.level, self.limit, self.most, self.stopped = table, level, limit, most, stopped
        self.most_work = most_work
        self.largest = float(table.max())
        n = len(table)
        i, j, k = np.ogrid[:n, :n, :n]
        self.increasing = (i < j) & (j < k)
        self.found: list[tuple[int, ...]] = []
        self.prefixes = self.pairs = 0

    def visit(self, prefix: tuple[int, ...], total: float, gains: Floats, links: Floats) -> bool:
        n = len(gains)
        start = prefix[-1] + 1 if prefix else 0
        missing = self.level - len(prefix)
        self.prefixes, self.pairs = self.prefixes + 1, self.pairs + comb(n - start, 2)
        best = float(np.sort(gains[start:])[-missing:].sum())
        room = self.limit - total - best - comb(missing, 2) * float(links[start:, start:].max())
        if comb(missing, 3) * self.largest <= room:
            return True
        if self.stopped() or checking_work(n, self.prefixes, self.pairs) > self.most_work:
            return False
        if missing == 3:
            self.prefixes += n - 2 - start
            self.pairs += comb(n - start, 3)  # of what is behind each of the atoms that follow
            return self._last_three(prefix, total, gains, links)
        return all(
            self.visit((*prefix, y), total + float(gains[y]), gains + links[y], links + self.table[y])
            for y in range(start, n - missing + 1)
        )

    def _last_three(self, prefix: tuple[int, ...], total: float, gains: Floats, links: Floats) -> bool:
        start = prefix[-1] + 1 if prefix else 0
        gain, link, table = gains[start:], links[start:, start:], self.table[start:, start:, start:]
        two = link + gain[:, None] / 2 + gain[None, :] / 2  # every atom is in two of the three pairs
        sums = table + two[:, :, None] + two[:, None, :] + two[None, :, :]
        over = np.argwhere((sums > self.limit - total) & self.increasing[start:, start:, start:])
        self.found += [(*prefix, *(int(i) + start for i in row)) for row in over]
        return len(self.found) <= self.most
