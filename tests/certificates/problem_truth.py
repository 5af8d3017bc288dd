"""What is true of small sparse-coding problems, by going through all vertices in exact arithmetic.

It shares nothing with the checker. Real problems are solved for every independent support and sign pattern: minimisers
of convex problems with finitely many pieces include vertices, which have independent atoms, and there is only one
minimiser where there is only one vertex. Complex problems are answered where theory has a closed form.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache

import numpy as np
from certificate_truth import Truth, decoded
from exact_solving import Vector, boundary, dot, near, solved
from gaussian_rationals import TINY, gaussian, root, size_squared, times

KINDS = ("value-lower", "value-upper", "infeasible", "unique-minimiser", "several-minimisers", "code-error")
FIELDS = {
    "basis-pursuit": {"name", "nonnegative", "scaling"},
    "bpdn": {"epsilon", "name", "nonnegative", "scaling"},
    "lasso": {"name", "nonnegative", "scaling", "weight"},
    "sparsest": {"box", "epsilon", "name", "nonnegative"},
    "k-sparse": {"box", "name", "nonnegative", "sparsity"},
}


class ProblemTruth:
    """Everything about the problems of one small dictionary and some signals, given as rows."""

    def __init__(self, rows: list[list], signals: list[list]) -> None:
        self.truth = Truth(rows)
        self.n, self.m, self.is_complex = self.truth.n, self.truth.m, self.truth.is_complex
        self.signals = [[gaussian(row[j]) for row in signals] for j in range(len(signals[0]))]
        self.atoms = [[entry[0] for entry in column] for column in self.truth.columns]

    # --- one problem ---

    def _read(self, s: dict) -> tuple[dict, list]:
        p = s["problem"]
        assert set(p) == FIELDS[p["name"]]
        assert type(p["nonnegative"]) is bool
        assert type(s["signal"]) is int
        assert s["signal"] >= 0
        if self.is_complex:
            assert not p["nonnegative"]
            assert p["name"] not in ("sparsest", "k-sparse")
        return p, self.signals[s["signal"]]

    @cache  # noqa: B019 - a handful of problems, asked thousands of times
    def _weights(self, scaling: str) -> list[Fraction]:
        assert scaling in ("unit", "as-given")
        return [root(self.truth.norm_squared(i)) if scaling == "unit" else Fraction(1) for i in range(self.n)]

    def _image(self, x: Vector) -> list[Fraction]:
        return [dot(x, [atom[row] for atom in self.atoms]) for row in range(self.m)]

    def _supports(self, most: int) -> Iterator[tuple[tuple[int, ...], list[list[Fraction]]]]:
        """All supports of at most `most` atoms that are independent, with their Gram matrices."""
        for size in range(min(most, self.m, self.n) + 1):
            for chosen in itertools.combinations(range(self.n), size):
                gram = [[dot(self.atoms[i], self.atoms[j]) for j in chosen] for i in chosen]
                if size == 0 or solved(gram, [Fraction(0)] * size) is not None:
                    yield chosen, gram

    def _full(self, chosen: Sequence[int], values: Sequence[Fraction]) -> Vector:
        known = dict(zip(chosen, values, strict=True))
        return tuple(known.get(i, Fraction(0)) for i in range(self.n))

    def _basis_pursuit(self, y: list[Fraction], nonnegative: bool) -> list[Vector]:
        found = []
        for chosen, gram in self._supports(self.n):
            x = self._full(chosen, solved(gram, [dot(self.atoms[i], y) for i in chosen]) or [])
            if self._image(x) == y and not (nonnegative and min(x) < 0):
                found.append(x)
        return found

    def _path(self, y: list[Fraction], weights: list[Fraction], nonnegative: bool) -> Iterator[tuple]:
        """Pieces of the lasso path: u, v, lower, upper with the minimiser u - t v for lower <= t <= upper, t > 0."""
        for chosen, gram in self._supports(self.n):
            for signs in itertools.product((1,) if nonnegative else (1, -1), repeat=len(chosen)):
                u = solved(gram, [dot(self.atoms[i], y) for i in chosen]) or []
                v = solved(gram, [s * weights[i] for i, s in zip(chosen, signs, strict=True)]) or []
                full_u, full_v = self._full(chosen, u), self._full(chosen, v)
                left = [a - b for a, b in zip(y, self._image(full_u), strict=True)]
                moved = self._image(full_v)
                # conditions a t <= b: signs on the support, bounded products off it
                conditions = [(s * b, s * a) for a, b, s in zip(u, v, signs, strict=True)]
                for j in range(self.n):
                    if j not in chosen:
                        along, across = dot(self.atoms[j], left), dot(self.atoms[j], moved)
                        conditions.append((across - weights[j], -along))
                        if not nonnegative:
                            conditions.append((-across - weights[j], along))
                lower, upper = Fraction(0), Fraction(10) ** 50
                for a, b in conditions:
                    if abs(a) <= TINY:
                        upper = upper if b >= -TINY else Fraction(-1)
                    elif a > 0:
                        upper = min(upper, b / a)
                    else:
                        lower = max(lower, b / a)
                yield full_u, full_v, lower, upper

    def _lasso(self, y: list[Fraction], weights: list[Fraction], nonnegative: bool, t: Fraction) -> list[Vector]:
        return [
            tuple(a - t * b for a, b in zip(u, v, strict=True))
            for u, v, lower, upper in self._path(y, weights, nonnegative)
            if lower - TINY <= t <= upper + TINY
        ]

    def _bpdn(self, y: list[Fraction], weights: list[Fraction], nonnegative: bool, epsilon: Fraction) -> list[Vector]:
        if dot(y, y) <= epsilon**2:
            return [(Fraction(0),) * self.n]
        if epsilon == 0:
            return self._basis_pursuit(y, nonnegative)
        found = []
        for u, v, lower, upper in self._path(y, weights, nonnegative):
            left = [a - b for a, b in zip(y, self._image(u), strict=True)]
            moved = self._image(v)
            rest, growth = epsilon**2 - dot(left, left), dot(moved, moved)
            if rest > 0 and growth > 0:
                t = root(rest / growth)
                if lower - TINY <= t <= upper + TINY:
                    found.append(tuple(a - t * b for a, b in zip(u, v, strict=True)))
        return found

    def _counted(self, y: list[Fraction], p: dict, most: int) -> list[tuple[Fraction, Vector]]:
        """Squared residuals at the stationary points of all faces of the box with at most `most` nonzeros."""
        box = None if p["box"] is None else Fraction(p["box"])
        ends = [] if box is None else [box] if p["nonnegative"] else [box, -box]
        found = []
        for free, gram in self._supports(most):
            others = [i for i in range(self.n) if i not in free]
            for size in range(most - len(free) + 1 if ends else 1):
                for bound in itertools.combinations(others, size):
                    for values in itertools.product(ends, repeat=size):
                        x = self._full(bound, values)
                        left = [a - b for a, b in zip(y, self._image(x), strict=True)]
                        inner = solved(gram, [dot(self.atoms[i], left) for i in free]) or []
                        x = tuple(a + b for a, b in zip(x, self._full(free, inner), strict=True))
                        if (box is None or max(map(abs, x)) <= box) and not (p["nonnegative"] and min(x) < 0):
                            left = [a - b for a, b in zip(y, self._image(x), strict=True)]
                            found.append((dot(left, left), x))
        return found

    def _objective(self, p: dict, y: list[Fraction], x: Vector) -> Fraction:
        left = [a - b for a, b in zip(y, self._image(x), strict=True)]
        if p["name"] == "sparsest":
            return Fraction(sum(value != 0 for value in x))
        if p["name"] == "k-sparse":
            return dot(left, left)
        cost = dot(self._weights(p["scaling"]), list(map(abs, x)))
        return dot(left, left) / 2 + Fraction(p["weight"]) * cost if p["name"] == "lasso" else cost

    def _feasible(self, p: dict, y: list[Fraction], x: Vector) -> bool:
        left = [a - b for a, b in zip(y, self._image(x), strict=True)]
        if p["nonnegative"] and min(x) < 0:
            return False
        if p.get("box") is not None and max(map(abs, x)) > Fraction(p["box"]):
            return False
        if p["name"] == "k-sparse":
            return sum(value != 0 for value in x) <= p["sparsity"]
        if p["name"] == "lasso":
            return True
        return dot(left, left) <= Fraction(p.get("epsilon", "0")) ** 2

    @cache  # noqa: B019
    def _minimisers(self, spelled: tuple, at: int) -> list[Vector]:
        """Minimisers: of convex problems all that are vertices, of the others one at least on every face."""
        p, y = dict(spelled), [entry[0] for entry in self.signals[at]]
        if p["name"] == "basis-pursuit":
            found = self._basis_pursuit(y, p["nonnegative"])
        elif p["name"] == "lasso":
            assert Fraction(p["weight"]) > 0
            found = self._lasso(y, self._weights(p["scaling"]), p["nonnegative"], Fraction(p["weight"]))
        elif p["name"] == "bpdn":
            assert Fraction(p["epsilon"]) >= 0
            found = self._bpdn(y, self._weights(p["scaling"]), p["nonnegative"], Fraction(p["epsilon"]))
        elif p["name"] == "sparsest":
            assert Fraction(p["epsilon"]) >= 0
            assert p["box"] is None or Fraction(p["box"]) > 0
            near_enough = Fraction(p["epsilon"]) ** 2
            for most in range(self.n + 1):
                found = [x for square, x in self._counted(y, p, most) if square <= near_enough]
                if found:
                    break
        else:
            assert 1 <= p["sparsity"] <= self.n
            assert p["box"] is None or Fraction(p["box"]) > 0
            found = [x for _, x in self._counted(y, p, p["sparsity"])]
        if not found:
            return []
        value = min(self._objective(p, y, x) for x in found)
        return [x for x in found if self._objective(p, y, x) <= value + TINY]

    def _solution(self, s: dict) -> tuple[dict, list[Fraction], list[Vector]]:
        p, y = self._read(s)
        found = self._minimisers(tuple(sorted(p.items())), s["signal"])
        return p, [entry[0] for entry in y], found

    # --- statements ---

    def holds(self, statement: dict) -> bool | None:
        """Whether a claimed statement is true; one that says nothing definite is not true."""
        kind = statement["kind"] if isinstance(statement, dict) else None
        mine = getattr(self, "_" + str(kind).replace("-", "_"), None)
        if kind not in KINDS:
            return self.truth.holds(statement)
        try:
            return mine(statement)
        except (AssertionError, KeyError, ValueError, TypeError, AttributeError, ZeroDivisionError, IndexError):
            return False

    def _code(self, s: dict) -> tuple[list[int], list[tuple[Fraction, Fraction]]]:
        divisor, support = int(s["divisor"], 16), s["support"]
        assert divisor > 0
        assert support == sorted(set(support))
        assert all(0 <= i < self.n for i in support)
        assert (s["imaginary"] is None) is not self.is_complex
        real = decoded(s["real"])
        parts = [real, decoded(s["imaginary"]) if self.is_complex else [Fraction(0)] * len(real)]
        values = [(a / divisor, b / divisor) for a, b in zip(*parts, strict=True)]
        assert len(values) == len(support)
        assert all(any(value) for value in values)
        return support, values

    def _real_code(self, s: dict) -> Vector:
        support, values = self._code(s)
        return self._full(support, [value[0] for value in values])

    def _value_lower(self, s: dict) -> bool | None:
        if self.is_complex:
            value = self._complex_value(s)
            return None if value is None else Fraction(s["lower"]) <= value + TINY
        p, y, found = self._solution(s)
        assert p["name"] != "sparsest" or Fraction(s["lower"]).denominator == 1
        return not found or Fraction(s["lower"]) <= self._objective(p, y, found[0]) + TINY

    def _value_upper(self, s: dict) -> bool | None:
        if self.is_complex:
            value = self._complex_value(s)
            if value is None:
                return self._complex_upper(s)
            return value <= Fraction(s["upper"]) + TINY
        p, y, found = self._solution(s)
        return bool(found) and self._objective(p, y, found[0]) <= Fraction(s["upper"]) + TINY

    def _infeasible(self, s: dict) -> bool:
        if self.is_complex:
            _, y = self._read(s)
            return (
                Truth(
                    [[*row, z] for row, z in zip(zip(*self._entries(), strict=True), self._mixed(y), strict=True)]
                ).rank
                > self.truth.rank
            )
        return not self._solution(s)[2]

    def _unique_minimiser(self, s: dict) -> bool | None:
        support, values = self._code(s)
        radius = Fraction(s["radius"])
        assert radius >= 0
        assert all(radius**2 < size_squared(value) for value in values)
        if self.is_complex:
            return self._complex_unique(s, support, values, radius)
        _, _, found = self._solution(s)
        if not found or not all(near(x, found[0]) for x in found):
            return False
        p, y = self._read(s)
        if p["name"] == "sparsest" and any(found[0]):  # a code that is nearer than it must be can be moved
            left = [a[0] - b for a, b in zip(y, self._image(found[0]), strict=True)]
            if dot(left, left) < Fraction(p["epsilon"]) ** 2 - TINY:
                return False
        x, c = found[0], self._real_code(s)
        return all(abs(a - b) <= radius + TINY and (abs(a) > TINY) == (b != 0) for a, b in zip(x, c, strict=True))

    def _several_minimisers(self, s: dict) -> bool | None:
        if self.is_complex:
            value = self._complex_value(s)
            costs = [self._complex_cost(s, s[name]) for name in ("first", "second")]
            codes = [self._code(s[name]) for name in ("first", "second")]
            return (
                value is not None and codes[0] != codes[1] and all(c is not None and c <= value + TINY for c in costs)
            )
        p, y, found = self._solution(s)
        first, second = (self._real_code(s[name]) for name in ("first", "second"))
        value = self._objective(p, y, found[0])
        return first != second and all(
            self._feasible(p, y, x) and self._objective(p, y, x) <= value + TINY for x in (first, second)
        )

    def _code_error(self, s: dict) -> bool | None:
        """Look for a feasible code farther away, on the boundary of the ellipsoid of every support (floats: 1e-9)."""
        support, values = self._code(s)
        assert s["theorem"] in ("code-error-by-coherence", "code-error-by-isometry")
        p, y = self._read(s)
        upper, k, epsilon = Fraction(s["upper"]), s["sparsity"], float(Fraction(p["epsilon"]))
        assert p["name"] in ("bpdn", "sparsest")
        assert 1 <= k <= self.n
        assert upper >= 0
        columns = np.array([[complex(float(a), float(b)) for a, b in column] for column in self.truth.columns]).T
        signal = np.array([complex(float(a), float(b)) for a, b in y])
        norms, centre = np.linalg.norm(columns, axis=0), np.zeros(self.n, dtype=complex)
        centre[support] = [complex(float(a), float(b)) for a, b in values]
        farthest = 0.0
        for size in range(k + 1):
            for chosen in itertools.combinations(range(self.n), size):
                for x in boundary(columns[:, chosen], signal, epsilon):
                    full = np.zeros(self.n, dtype=complex)
                    full[list(chosen)] = x
                    box = p.get("box")
                    if not (p["nonnegative"] and full.real.min() < 0) and (
                        box is None or abs(full).max() <= Fraction(box)
                    ):
                        farthest = max(farthest, float(np.linalg.norm(norms * (full - centre))))
        return farthest <= float(upper) + 1e-9

    # --- complex problems ---

    def _entries(self) -> list[list[complex]]:
        return [[complex(float(a), float(b)) for a, b in column] for column in self.truth.columns]

    def _mixed(self, y: list) -> list[complex]:
        return [complex(float(a), float(b)) for a, b in y]

    def _complex_value(self, s: dict) -> Fraction | None:
        """One row: |y| goes to the atom that carries most for its weight. Otherwise a code of one atom that is recovered."""
        p, y = self._read(s)
        weights = self._weights(p["scaling"])
        if self.m > 1:
            if p["name"] != "basis-pursuit":
                return None
            for i in range(self.n):
                ratio = self._multiple(i, y)
                if ratio is not None and self.truth._exact_recovery((i,), p["scaling"]):
                    return root(size_squared(ratio)) * weights[i]
            return None
        carried = max(root(self.truth.norm_squared(i)) / weights[i] for i in range(self.n))
        length = root(size_squared(y[0]))
        if p["name"] == "lasso":
            t = Fraction(p["weight"]) / carried
            return length**2 / 2 if length <= t else t * length - t**2 / 2
        return max(length - Fraction(p.get("epsilon", "0")), Fraction(0)) / carried

    def _complex_upper(self, s: dict) -> bool | None:
        """True if a code of one atom costs no more, else unknown."""
        p, y = self._read(s)
        if p["name"] == "lasso":
            return None
        for i in range(self.n):
            ratio = self._multiple(i, y)
            if ratio is not None:
                cost = root(size_squared(ratio)) * self._weights(p["scaling"])[i]
                if cost <= Fraction(s["upper"]) + TINY:
                    return True
        return None

    def _multiple(self, i: int, y: list) -> tuple[Fraction, Fraction] | None:
        """The x with x d_i = y."""
        column = self.truth.columns[i]
        total = (Fraction(0), Fraction(0))
        for a, z in zip(column, y, strict=True):
            product = times((a[0], -a[1]), z)
            total = total[0] + product[0], total[1] + product[1]
        x = total[0] / self.truth.norm_squared(i), total[1] / self.truth.norm_squared(i)
        return x if [times(x, a) for a in column] == list(y) else None

    def _complex_cost(self, s: dict, written: dict) -> Fraction | None:
        """What a code costs in basis pursuit; None if it is not feasible."""
        p, y = self._read(s)
        assert p["name"] == "basis-pursuit"
        support, values = self._code(written)
        total = [(Fraction(0), Fraction(0))] * self.m
        for i, x in zip(support, values, strict=True):
            terms = [times(x, a) for a in self.truth.columns[i]]
            total = [(a[0] + b[0], a[1] + b[1]) for a, b in zip(total, terms, strict=True)]
        weights = self._weights(p["scaling"])
        cost = sum((root(size_squared(x)) * weights[i] for i, x in zip(support, values, strict=True)), Fraction(0))
        return cost if total == list(y) else None

    def _complex_unique(self, s: dict, support: list[int], values: list, radius: Fraction) -> bool | None:
        p, y = self._read(s)
        if not support:
            return sum(map(size_squared, y)) <= Fraction(p.get("epsilon", "0")) ** 2
        if p["name"] != "basis-pursuit" or len(support) != 1 or radius:
            return None
        recovered = self.truth._exact_recovery(tuple(support), p["scaling"])
        return True if recovered and self._multiple(support[0], y) == values[0] else None
