"""The rules about null spaces and generalized coherence as SPEC.md states them, number by number, in fractions."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from fractions import Fraction

from certificate_truth import Truth

Support = tuple[int, ...]
Vector = Sequence[Fraction]
UNIT = Fraction(1, 2**64)


def up(value: Fraction) -> Fraction:
    """The least multiple of 2^-64 that is at least `value`."""
    return math.ceil(value / UNIT) * UNIT


def rounded(truth: Truth, scaling: str, bits: int) -> list[list[Fraction]]:
    """The atoms of D' rounded to multiples of 2^-bits (section 6.5)."""
    result = []
    for i, column in enumerate(truth.columns):
        numbers = []
        for entry, _ in column:
            if scaling == "unit":
                size = math.isqrt(math.floor(entry * entry / truth.norm_squared(i) * 4**bits))
                numbers.append(Fraction(size if entry >= 0 else -size, 2**bits))
            else:
                numbers.append(Fraction(math.floor(entry * 2**bits), 2**bits))
        result.append(numbers)
    return result


def dot(a: Vector, b: Vector) -> Fraction:
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))


def chunks(values: Iterable[Fraction], length: int) -> list[list[Fraction]]:
    numbers = list(values)
    return [numbers[at : at + length] for at in range(0, len(numbers), length)]


def support_value(truth: Truth, scaling: str, bits: int, support: Support, duals: list[list[Fraction]]) -> Fraction:
    atoms = rounded(truth, scaling, bits)
    worst = Fraction(0)
    for signs, y in zip(itertools.product((1, -1), repeat=len(support) - 1), duals, strict=True):
        e = dict(zip(support, (1, *signs), strict=True))
        error = sum(map(abs, y)) / 2**bits
        worst = max(worst, max(abs(e.get(j, 0) - dot(atom, y)) for j, atom in enumerate(atoms)) + error)
    return min(up(worst), Fraction(1))


def support_values(truth: Truth, scaling: str, bits: int, order: int, duals: list[Fraction]) -> list[Fraction]:
    vectors = iter(chunks(duals, truth.m))
    return [
        support_value(truth, scaling, bits, support, [next(vectors) for _ in range(2 ** (order - 1))])
        for support in itertools.combinations(range(truth.n), order)
    ]


def least_upper(
    n: int, order: int, level: int, values: list[Fraction], exceptions: dict[Support, Fraction]
) -> tuple[Fraction, dict[Support, Fraction]]:
    """The least `upper` of null-space-by-supports, and for each set of k > 3 atoms its average of triples."""
    b = dict(zip(itertools.combinations(range(n), order), values, strict=True))
    for size in range(order + 1, level + 1):
        for support in itertools.combinations(range(n), size):
            total = sum(b[part] for part in itertools.combinations(support, size - 1))
            average = up(total / (size - 1))
            b[support] = min(average, exceptions.get(support, average))
    averages = {}
    if level > 3:
        pairs = math.comb(level - 1, 2)
        for support in itertools.combinations(range(n), level):
            averages[support] = sum(b[part] for part in itertools.combinations(support, 3)) / pairs
    least = max(min(b[s], averages.get(s, b[s])) for s in itertools.combinations(range(n), level))
    return least, averages


def visits(n: int, level: int, b: dict[Support, Fraction], upper: Fraction) -> tuple[int, int]:
    """How many prefixes null-space-by-search visits, and how many pairs stand behind them; b bounds triples."""

    def of(*atoms: int) -> Fraction:
        return b[tuple(sorted(atoms))]

    def closed(prefix: Support, behind: range, r: int) -> bool:
        inside = sum(of(*t) for t in itertools.combinations(prefix, 3))
        gains = sorted((sum(of(*p, x) for p in itertools.combinations(prefix, 2)) for x in behind), reverse=True)
        link = max(sum(of(y, x, z) for y in prefix) for x, z in itertools.combinations(behind, 2))
        most = inside + sum(gains[:r]) + math.comb(r, 2) * link + math.comb(r, 3) * max(b.values())
        return most <= math.comb(level - 1, 2) * upper

    prefixes = pairs = 0
    waiting: list[Support] = [()]
    while waiting:
        prefix = waiting.pop()
        behind, r = range(prefix[-1] + 1 if prefix else 0, n), level - len(prefix)
        if len(behind) < r:
            continue
        prefixes, pairs = prefixes + 1, pairs + math.comb(len(behind), 2)
        if r > 2 and not closed(prefix, behind, r):
            waiting += [(*prefix, y) for y in behind]
    return prefixes, pairs


def column_sums(truth: Truth, scaling: str, bits: int, level: int, weights: list[Fraction]) -> Fraction:
    atoms, rows = rounded(truth, scaling, bits), []
    for i, w in enumerate(chunks(weights, truth.m)):
        error = sum(map(abs, w)) / 2**bits
        rows.append([abs((i == j) - dot(atom, w)) + error for j, atom in enumerate(atoms)])
    return max(sum(sorted(column, reverse=True)[:level]) for column in zip(*rows, strict=True))


def babel(truth: Truth, bits: int, count: int, weights: list[Fraction]) -> tuple[list[Fraction], list[Fraction]] | None:
    """The least `upper` and `sums` of generalized-babel; None if some weights are too nearly orthogonal."""
    atoms = rounded(truth, "unit", bits)
    upper, sums = [Fraction(0)] * count, [Fraction(0)] * count
    for i, w in enumerate(chunks(weights, truth.m)):
        error = sum(map(abs, w)) / 2**bits
        products = [abs(dot(atom, w)) for atom in atoms]
        own = products[i] - error
        if own <= 0:
            return None
        others = sorted((g + error for j, g in enumerate(products) if j != i), reverse=True)
        totals = [Fraction(0), *(sum(others[:k]) for k in range(1, count + 1))]
        for k in range(1, count + 1):
            upper[k - 1] = max(upper[k - 1], totals[k] / own)
            sums[k - 1] = max(sums[k - 1], (totals[k] + totals[k - 1]) / own)
    return upper, sums
