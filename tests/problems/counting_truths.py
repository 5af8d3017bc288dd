"""Problems that count nonzeros, small, with their truth by brute force in exact rationals.

Shares nothing with `verify` but the entries handed in: for every support, box-constrained least squares is solved by
going through all sets of entries that are held at a bound.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np

Row = list[Fraction]


def solve(matrix: list[Row], right: Row) -> Row | None:
    """Gauss-Jordan elimination; None if the matrix is singular."""
    rows = [[*row, b] for row, b in zip(matrix, right, strict=True)]
    for j in range(len(rows)):
        at = next((i for i in range(j, len(rows)) if rows[i][j]), None)
        if at is None:
            return None
        rows[j], rows[at] = rows[at], rows[j]
        rows[j] = [x / rows[j][j] for x in rows[j]]
        for i, row in enumerate(rows):
            if i != j and row[j]:
                rows[i] = [x - row[j] * z for x, z in zip(row, rows[j], strict=True)]
    return [row[-1] for row in rows]


def dot(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    return sum((x * z for x, z in zip(a, b, strict=True)), Fraction(0))


@dataclass(frozen=True)
class Truth:
    """An instance: columns d_i, the signal, a box (or None) and whether codes are non-negative."""

    columns: tuple[tuple[Fraction, ...], ...]
    signal: tuple[Fraction, ...]
    box: Fraction | None
    nonnegative: bool
    name: str = ""

    @property
    def n(self) -> int:
        return len(self.columns)

    @property
    def array(self) -> np.ndarray:
        matrix = np.empty((len(self.signal), self.n), dtype=object)
        for j, column in enumerate(self.columns):
            matrix[:, j] = column
        return matrix

    def residual(self, code: dict[int, Fraction]) -> Row:
        rest = list(self.signal)
        for i, x in code.items():
            rest = [r - x * d for r, d in zip(rest, self.columns[i], strict=True)]
        return rest

    def allows(self, values: Sequence[Fraction]) -> bool:
        inside = self.box is None or all(abs(x) <= self.box for x in values)
        return inside and not (self.nonnegative and any(x < 0 for x in values))

    @cache  # noqa: B019 - a few hundred small instances
    def least(self, support: tuple[int, ...]) -> Fraction:
        """The least squared residual over codes on a support."""
        bounds: list[Fraction | None] = [None]
        bounds += [] if self.box is None else [self.box] if self.nonnegative else [self.box, -self.box]
        best: Fraction | None = None
        for held in itertools.product([*bounds, Fraction(0)], repeat=len(support)):
            code = {i: x for i, x in zip(support, held, strict=True) if x is not None}
            free = [i for i in support if i not in code]
            rest = self.residual(code)
            gram = [[dot(self.columns[i], self.columns[j]) for j in free] for i in free]
            values = solve(gram, [dot(self.columns[i], rest) for i in free]) if free else []
            if values is None or not self.allows(values):
                continue
            left = self.residual({**code, **dict(zip(free, values, strict=True))})
            squared = dot(left, left)
            best = squared if best is None else min(best, squared)
        assert best is not None
        return best

    def only(self, size: int, squared: Fraction) -> bool:
        """Whether one code alone has `size` nonzeros or fewer and a squared residual of at most `squared`.

        Needs that no code with fewer nonzeros comes within it. A code that is nearer than that can be moved.
        """
        if size == 0:
            return True
        near = [t for t in itertools.combinations(range(self.n), size) if self.least(t) <= squared]
        if len(near) != 1 or self.least(near[0]) < squared:
            return False
        gram = [[dot(self.columns[i], self.columns[j]) for j in near[0]] for i in near[0]]
        return solve(gram, [Fraction(0)] * size) is not None

    def values(self) -> list[Fraction]:
        """The least squared residual with at most k nonzeros, for k = 0 .. n."""
        found = []
        for k in range(self.n + 1):
            of_size = min(self.least(support) for support in itertools.combinations(range(self.n), k))
            found.append(min([of_size, *found[-1:]]))
        return found


def instances(count: int, most: int = 5) -> Iterator[Truth]:
    """Small instances, degenerate ones among them: ties, duplicates, zero signals, boxes that are just attained."""
    for seed in range(count):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(2, most + 1))
        m = int(rng.integers(1, 5))
        kind = ("plain", "tie", "duplicate", "zero", "sparse", "attained", "cut", "outside", "scaled")[seed % 9]
        while True:
            matrix = rng.integers(-3, 4, (m, n))
            if (matrix != 0).any(axis=0).all():
                break
        columns = [[Fraction(int(x), 1) for x in column] for column in matrix.T]
        if kind == "duplicate":
            columns[-1] = [-2 * x for x in columns[0]]
        if kind == "scaled":
            columns = [[x * Fraction(3) ** int(rng.integers(-3, 4)) for x in column] for column in columns]
        signal = [Fraction(int(x), int(rng.integers(1, 4))) for x in rng.integers(-4, 5, m)]
        box: Fraction | None = [None, Fraction(1), Fraction(5, 2), Fraction(4)][seed // 9 % 4]
        if kind in ("sparse", "attained", "cut", "tie"):
            k = int(rng.integers(1, n + 1))
            support = sorted(rng.choice(n, k, replace=False).tolist())
            code = {i: Fraction(int(rng.choice([-2, -1, 1, 2])), int(rng.integers(1, 3))) for i in support}
            signal = [sum((code[i] * columns[i][r] for i in support), Fraction(0)) for r in range(m)]
            largest = max(abs(x) for x in code.values())
            box = {"attained": largest, "cut": largest * Fraction(2, 3)}.get(kind, box)
        if kind == "zero":
            signal = [Fraction(0)] * m
        if kind == "tie" and m > 1:
            columns[0], columns[1] = [[Fraction(int(r == at)) for r in range(m)] for at in (0, 1)]
            signal = [Fraction(1), Fraction(1), *[Fraction(0)] * (m - 2)]
        nonnegative = seed // 36 % 2 == 1
        yield Truth(tuple(map(tuple, columns)), tuple(signal), box, nonnegative, f"{kind}-{seed}")
