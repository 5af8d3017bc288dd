"""How bounds for small supports bound all larger ones: averages, exceptions, and a search (SPEC.md section 6.6)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from math import comb

Support = tuple[int, ...]
Exceptions = dict[Support, int]
LARGEST_ORDER = 3


def ceiling(numerator: int, denominator: int) -> int:
    """Return the least integer that is at least the quotient."""
    return -(-numerator // denominator)


def raised(values: Sequence[int], n: int, order: int, exceptions: Exceptions) -> list[int]:
    """Return bounds for all supports of size order + 1: averages of those of size `order`, or exceptions."""
    table = dict(zip(itertools.combinations(range(n), order), values, strict=True))
    result: list[int] = []
    for support in itertools.combinations(range(n), order + 1):
        average = ceiling(sum(table[part] for part in itertools.combinations(support, order)), order)
        result.append(min(average, exceptions.get(support, average)))
    return result


def cube(triples: Sequence[int], n: int) -> list[list[list[int]]]:
    """Return the bounds of triples as a symmetric cube, zero where two indices are equal."""
    result = [[[0] * n for _ in range(n)] for _ in range(n)]
    for (a, b, c), value in zip(itertools.combinations(range(n), 3), triples, strict=True):
        for i, j, k in itertools.permutations((a, b, c)):
            result[i][j][k] = value
    return result


def search_work(n: int, level: int) -> int:
    """Return the work of `search` if nothing is pruned: all supports of size level - 1, and links above."""
    return comb(n, level - 1) * (300 + 8 * n) + comb(n, level - 3) * (500 + 8 * n * n) + 100 * n**3


def search(triples: list[list[list[int]]], level: int, limit: int, found: Callable[[Support], None]) -> None:
    """Call `found` with every support of size `level` > 3 whose triples sum to more than `limit`.

    Depth first over increasing supports. `gains[x]` is what x adds together with two atoms of the prefix, `links[y][x]`
    what x and y add together with one. A prefix is left when even the largest gains, links and triples stay within.
    """
    n = len(triples)
    largest = max(max(map(max, plane)) for plane in triples)

    def visit(prefix: Support, total: int, gains: list[int], links: list[list[int]]) -> None:
        start = prefix[-1] + 1 if prefix else 0
        missing = level - len(prefix)
        if missing == 2:
            for y in range(start, n - 1):
                room = limit - total - gains[y]
                row = [gain + link for gain, link in zip(gains[y + 1 :], links[y][y + 1 :], strict=True)]
                if max(row) > room:
                    for x, value in enumerate(row, y + 1):
                        if value > room:
                            found((*prefix, y, x))
            return
        best = sum(sorted(gains[start:], reverse=True)[:missing])
        link = max(max(links[y][start:]) for y in range(start, n))
        if total + best + comb(missing, 2) * link + comb(missing, 3) * largest <= limit:
            return
        for y in range(start, n - missing + 1):
            plane = triples[y]
            more = [gain + link for gain, link in zip(gains, links[y], strict=True)]
            below = [links[z] if z <= y else [a + b for a, b in zip(links[z], plane[z], strict=True)] for z in range(n)]
            visit((*prefix, y), total + gains[y], more, below)

    visit((), 0, [0] * n, [[0] * n for _ in range(n)])


def refined(support: Support, triples: list[list[list[int]]], exceptions: Exceptions, known: Exceptions) -> int:
    """Return the least bound of a support: the average of its parts one smaller, or its exception."""
    if len(support) == LARGEST_ORDER:
        return triples[support[0]][support[1]][support[2]]
    if support not in known:
        parts = itertools.combinations(support, len(support) - 1)
        total = sum(refined(part, triples, exceptions, known) for part in parts)
        average = ceiling(total, len(support) - 1)
        known[support] = min(average, exceptions.get(support, average))
    return known[support]
