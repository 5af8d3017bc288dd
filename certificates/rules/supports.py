"""How bounds for small supports bound all larger ones: averages, exceptions, and a search (SPEC.md section 6.6)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb

from .values import Reject

Support = tuple[int, ...]
Exceptions = dict[Support, int]
LARGEST_ORDER = 3
LARGEST_LEVEL = 20
"""Of averages."""
ROUNDING = 64
"""Bounds are rounded up to multiples of 2^-ROUNDING."""


def ceiling(value: Fraction) -> int:
    """Return the least integer that is at least the value."""
    return -(-value.numerator // value.denominator)


def raised(values: Sequence[int], n: int, order: int, exceptions: Exceptions) -> list[int]:
    """Return bounds for all supports of size order + 1: averages of those of size `order`, or exceptions."""
    table = dict(zip(itertools.combinations(range(n), order), values, strict=True))
    result: list[int] = []
    for support in itertools.combinations(range(n), order + 1):
        average = -(-sum(table[part] for part in itertools.combinations(support, order)) // order)
        result.append(min(average, exceptions.get(support, average)))
    return result


def raising_work(n: int, order: int, level: int) -> int:
    """Return the work of raising a table of `order` to the level, or to triples."""
    sizes = range(order, min(level, LARGEST_ORDER) + 1)
    return sum((700 + 400 * size) * comb(n, size) for size in sizes)


Triples = list[list[list[int]]]


def triple_lists(values: Sequence[int], n: int) -> Triples:
    """Return the bounds of triples a < b < c, given in lexicographic order, as lists [a][b - a - 1][c - b - 1]."""
    ordered = iter(values)
    return [[list(itertools.islice(ordered, n - 1 - b)) for b in range(a + 1, n)] for a in range(n)]


def search_work(n: int, level: int) -> int:
    """Return the work of `search` if nothing is pruned: its sums, its lists, its prefixes."""
    work = 100 * comb(n, level) + 1000 * comb(n, level - 1)
    for size in range(1, level - 1):
        prefixes = comb(n - level + size, size)
        sums = min(comb(n, size + 2), prefixes * comb(n, 2))
        lists = min(comb(n, size + 1), prefixes * n)
        work += 120 * sums + 600 * lists + prefixes * (4000 + 150 * n)
    return work + 200 * comb(n, 3)


@dataclass(frozen=True, slots=True)
class Visits:
    """How many prefixes a search may visit, and how many pairs of atoms may stand behind them."""

    prefixes: int
    pairs: int

    def work(self, n: int, level: int) -> int:
        """Return the work of a `search` that visits no more."""
        return min(search_work(n, level), 120 * self.pairs + self.prefixes * (4000 + 750 * n) + 200 * comb(n, 3))


ALL = Visits(1 << 200, 1 << 200)


def search(triples: Triples, level: int, limit: int, found: Callable[[Support], None], allowed: Visits = ALL) -> None:
    """Call `found` with every support of size `level` > 3 whose triples sum to more than `limit`.

    Raises Reject if that takes more visits than are `allowed`.

    Depth first over increasing prefixes. `gains[x]` is what x adds together with two atoms of the prefix,
    `links[y][x - y - 1]` what y < x add together with one, both for atoms behind the prefix. A prefix is left when even
    the largest gains, links and triples stay within.
    """
    n = len(triples)
    largest = max(max(row) for plane in triples for row in plane if row)
    none = [[0] * (n - 1 - y) for y in range(n)]
    waiting: list[tuple[Support, int, list[int], list[list[int]], int]] = [((), 0, [0] * n, none, 0)]
    prefixes, pairs = allowed.prefixes, allowed.pairs
    while waiting:
        prefix, total, gains, links, y = waiting.pop()
        missing = level - len(prefix)
        first = prefix[-1] + 1 if prefix else 0
        if y == first:
            prefixes, pairs = prefixes - 1, pairs - comb(n - first, 2)
            if prefixes < 0 or pairs < 0:
                raise Reject("the search visits more prefixes or pairs than are declared")
        if missing == 2:
            for z in range(first, n - 1):
                room = limit - total - gains[z]
                row = [gain + link for gain, link in zip(gains[z + 1 :], links[z], strict=True)]
                if max(row) > room:
                    for x, value in enumerate(row, z + 1):
                        if value > room:
                            found((*prefix, z, x))
            continue
        if y == first:
            best = sum(sorted(gains[first:], reverse=True)[:missing])
            link = max(max(links[z]) for z in range(first, n - 1))
            if total + best + comb(missing, 2) * link + comb(missing, 3) * largest <= limit:
                continue
        if y < n - missing:
            waiting.append((prefix, total, gains, links, y + 1))
        more, below = [*gains], [*links]
        more[y + 1 :] = [gain + link for gain, link in zip(gains[y + 1 :], links[y], strict=True)]
        for z, row in enumerate(triples[y], y + 1):
            below[z] = [a + b for a, b in zip(links[z], row, strict=True)]
        waiting.append(((*prefix, y), total + gains[y], more, below, y + 1))


def refined(support: Support, triples: Triples, exceptions: Exceptions) -> int:
    """Return the least bound of a support of more than three atoms: the average of its parts, or its exception."""
    triple = itertools.combinations(support, LARGEST_ORDER)
    known: Exceptions = {(a, b, c): triples[a][b - a - 1][c - b - 1] for a, b, c in triple}
    for size in range(LARGEST_ORDER + 1, len(support) + 1):
        larger: Exceptions = {}
        for part in itertools.combinations(support, size):
            average = -(-sum(known[smaller] for smaller in itertools.combinations(part, size - 1)) // (size - 1))
            larger[part] = min(average, exceptions.get(part, average))
        known = larger
    return known[support]


def refining_work(level: int) -> int:
    """Return the work of `refined`."""
    return 2000 + 400 * (level << level)
