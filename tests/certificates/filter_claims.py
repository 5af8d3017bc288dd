"""Whether a statement about filters is true, by explicit matrices of several sizes.

A statement about all sizes is looked at for the sizes up to `most` positions. Guarantees are held against the condition
of their theorem, evaluated on these matrices; that the theorems are true is tested elsewhere, by exhaustive search.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import filter_truth as truth
import numpy as np
from certificate_truth import TINY, decoded, root
from scipy.optimize import linprog


@dataclass(frozen=True)
class Judge:
    """The truth about filters with a stride and a boundary."""

    filters: Any
    stride: tuple[int, ...]
    boundary: str
    most: int = 5

    @cached_property
    def taps(self) -> tuple[int, ...]:
        return truth.shape_of(self.filters)[2:]

    @cached_property
    def matrices(self) -> list[truth.Size]:
        sizes = truth.sizes(self.filters, self.stride, self.boundary, self.most)
        return [truth.dictionary(self.filters, self.stride, self.boundary, lengths) for lengths in sizes]

    @cached_property
    def cosines(self) -> list[list[list[Fraction]]]:
        """<d^_i, d^_j>^2 of every size, 0 for i = j."""
        found = []
        for size in self.matrices:
            g = size.gram()
            n = range(len(g))
            found.append([[g[i][j] ** 2 / (g[i][i] * g[j][j]) if i != j else Fraction(0) for j in n] for i in n])
        return found

    @cached_property
    def squared(self) -> Fraction:
        return max(value for size in self.cosines for row in size for value in row)

    @cached_property
    def rows(self) -> list[list[Fraction]]:
        """The roots in every row of every size, the largest first."""
        rows = {tuple(sorted(row, reverse=True)) for size in self.cosines for row in size}
        return [[root(value) for value in row] for row in rows]

    def babel(self, k: int) -> Fraction:
        return max(sum(row[:k], Fraction(0)) for row in self.rows)

    @cached_property
    def generalized(self) -> dict[int, float]:
        """The greatest mu~_i of the atoms of every filter, by linear programming in floats."""
        found: dict[int, float] = {}
        for size in self.matrices:
            columns = np.array([[float(value) for value in column] for column in size.columns])
            columns /= np.linalg.norm(columns, axis=1, keepdims=True)
            for i, (c, *_) in enumerate(size.atoms):
                others = np.delete(columns, i, axis=0)
                bound = -np.ones((2 * len(others), 1))
                limits = np.hstack([np.vstack([others, -others]), bound])
                own = np.append(columns[i], 0)[None, :]
                goal = np.append(np.zeros(columns.shape[1]), 1)
                done = linprog(goal, limits, np.zeros(len(limits)), own, [1.0], bounds=(None, None), method="highs")
                found[c] = max(found.get(c, 0.0), done.fun)
        return found

    def holds(self, statement: dict, vector: dict | None = None, part: list[int] | None = None) -> bool:
        """Whether a statement is true; of a refutation by a null vector, whether it refutes, split at `part`."""
        kinds = {
            "convolutional-norms": self._norms,
            "convolutional-coherence": self._coherence,
            "convolutional-babel": self._babel,
            "convolutional-generalized-coherence": self._generalized,
            "convolutional-guaranteed": self._guaranteed,
            "convolutional-coherence-among": self._coherence_among,
            "convolutional-babel-among": self._babel_among,
            "convolutional-cut-weights": self._cut_weights,
            "convolutional-guaranteed-among": self._guaranteed_among,
            "convolutional-null-vector": self._null_vector,
        }
        if statement["kind"] == "convolutional-refuted":
            return self._refuted(statement, vector, part)
        sizes = {"full": "every", "circular": "every period >= 2t-1", "same": "every length >= t"}
        said = statement.get("sizes", sizes[self.boundary]) == sizes[self.boundary]
        return said and kinds[statement["kind"]](statement)

    def _size(self, statement: dict) -> truth.Size:
        return truth.dictionary(self.filters, self.stride, self.boundary, tuple(statement["lengths"]))

    def _norms(self, statement: dict) -> bool:
        norms = [truth.dot(column, column) for size in self.matrices for column in size.columns]
        low, high = (Fraction(statement[name]) for name in ("squared_min", "squared_max"))
        return min(norms) == low and max(norms) == high and statement["equal"] == (low == high)

    def _coherence(self, statement: dict) -> bool:
        size = self._size(statement)
        i, j = (size.atoms.index(tuple(statement[name])) for name in ("first", "second"))
        a, b = size.columns[i], size.columns[j]
        value = truth.dot(a, b) ** 2 / (truth.dot(a, a) * truth.dot(b, b))
        return i != j and value == Fraction(statement["squared"]) == self.squared

    def _babel(self, statement: dict) -> bool:
        return all(
            Fraction(low) <= self.babel(k) + TINY and self.babel(k) <= Fraction(high) + TINY
            for k, (low, high) in enumerate(zip(statement["lower"], statement["upper"], strict=True), 1)
        )

    def _generalized(self, statement: dict) -> bool:
        upper = decoded(statement["upper"])
        return all(value <= float(upper[c]) + 1e-9 for c, value in self.generalized.items())

    def _guaranteed(self, statement: dict) -> bool:
        k, theorem = statement["level"], statement["theorem"]
        if theorem.endswith("coherence"):
            return (2 * k - 1) ** 2 * self.squared < 1
        if theorem.endswith("babel"):
            return self.babel(k - 1) + self.babel(k) < 1
        return (2 * k - 1) * max(self.generalized.values()) < 1 + 1e-9

    def among(self, among: str) -> Fraction:
        """The greatest <d^_i, d^_j>^2 of whole atoms i with whole atoms j, or with all."""
        values = [Fraction(0)]
        for size, cosines in zip(self.matrices, self.cosines, strict=True):
            whole = truth.whole_atoms(self.filters, size)
            values += [cosines[i][j] for i in whole for j in (whole if among == "uncut" else range(len(cosines)))]
        return max(values)

    def sums(self, among: str, k: int) -> Fraction:
        """The greatest sum of k roots over whole atoms, of a whole atom or of any."""
        values = [Fraction(0)]
        for size, cosines in zip(self.matrices, self.cosines, strict=True):
            whole = truth.whole_atoms(self.filters, size)
            for i in whole if among == "uncut" else range(len(cosines)):
                row = sorted((cosines[i][j] for j in whole), reverse=True)[:k]
                values.append(sum(map(root, row), Fraction(0)))
        return max(values)

    def cut_weights(self, c: int, window: Any, among: str) -> float:
        """The greatest mu~_i of filter c with a window, by weights that vanish outside of it, in floats."""
        return self._cut_weights_of.get((c, str(window), among), 0.0)

    @cached_property
    def _cut_weights_of(self) -> dict[tuple[int, str, str], float]:
        found: dict[tuple[int, str, str], float] = {}
        for size in self.matrices:
            columns = np.array([[float(value) for value in column] for column in size.columns])
            columns /= np.linalg.norm(columns, axis=1, keepdims=True)
            whole = truth.whole_atoms(self.filters, size)
            boxes = truth.boxes(self.filters, size)
            for i, (c, *_) in enumerate(size.atoms):
                window = truth.window(self.filters, size, i)
                for among in ("all", "uncut") if i in whole else ("all",):
                    others = [j for j in (range(len(columns)) if among == "all" else whole) if j != i]
                    rows = columns[:, boxes[i]]
                    limits = np.vstack([rows[others], -rows[others]])
                    limits = np.hstack([limits, -np.ones((len(limits), 1))])
                    own, goal = np.append(rows[i], 0)[None, :], np.append(np.zeros(len(boxes[i])), 1)
                    done = linprog(goal, limits, np.zeros(len(limits)), own, [1.0], bounds=(None, None), method="highs")
                    key = (c, str(window), among)
                    found[key] = max(found.get(key, 0.0), done.fun)
        return found

    def _coherence_among(self, statement: dict) -> bool:
        size = self._size(statement)
        i, j = (size.atoms.index(tuple(statement[name])) for name in ("first", "second"))
        a, b = size.columns[i], size.columns[j]
        value = truth.dot(a, b) ** 2 / (truth.dot(a, a) * truth.dot(b, b))
        whole = truth.whole_atoms(self.filters, size)
        meant = i in whole and (j in whole or statement["among"] == "one-uncut")
        return meant and i != j and value == Fraction(statement["squared"]) == self.among(statement["among"])

    def _babel_among(self, statement: dict) -> bool:
        uppers = enumerate(map(Fraction, statement["upper"]), 1)
        return all(self.sums(statement["among"], k) <= upper + TINY for k, upper in uppers)

    def _cut_weights(self, statement: dict) -> bool:
        upper = decoded(statement["upper"])
        window, among = statement["window"], statement["among"]
        return all(self.cut_weights(c, window, among) <= float(value) + 1e-9 for c, value in enumerate(upper))

    def _guaranteed_among(self, statement: dict) -> bool:
        k, theorem = statement["level"], statement["theorem"]
        wide = statement["support"] == "uncut" and statement["question"] in ("l1", "omp")
        if theorem.endswith("coherence"):
            return (2 * k - 1) ** 2 * self.among("one-uncut" if wide else "uncut") < 1
        if theorem.endswith("babel"):
            return self.sums("uncut", k - 1) + self.sums("to-uncut" if wide else "uncut", k) < 1
        window = [[0, t] for t in self.taps]
        values = [self.cut_weights(c, window, "all" if wide else "uncut") for c in range(len(self.filters))]
        return (2 * k - 1) * max(values) < 1 + 1e-9

    def _null_vector(self, statement: dict) -> bool:
        size = self._size(statement)
        values = decoded(statement["real"])
        pairs = list(zip(statement["support"], values, strict=True))
        total = [sum(value * size.columns[i][row] for i, value in pairs) for row in range(len(size.columns[0]))]
        return bool(pairs) and all(values) and not any(total)

    def _refuted(self, statement: dict, vector: dict | None, part: list[int] | None) -> bool:
        k = statement["level"]
        if vector is None or part is None:
            size = self._size(statement)
            entries = len(size.columns[0])
            return len(size.atoms) > entries and entries + 1 <= 2 * k
        size = self._size(vector)
        rest = set(vector["support"]).difference(part)
        stripes = truth.stripes(size, self.taps, self.stride, self.boundary)

        def sparsity(chosen: set[int]) -> int:
            if statement["sparsity"] == "total":
                return len(chosen)
            return max(len(stripe & chosen) for stripe in stripes)

        same = statement["lengths"] == vector["lengths"] and set(part) <= set(vector["support"])
        if not (same and self._null_vector(vector) and sparsity(set(part)) <= k):
            return False
        if "part" not in statement:
            return sparsity(rest) <= k
        values = dict(zip(vector["support"], decoded(vector["real"]), strict=True))
        norms = [root(truth.dot(c, c)) if statement["scaling"] == "unit" else 1 for c in size.columns]
        weights = {i: abs(value) * norms[i] for i, value in values.items()}
        return sum(weights[i] for i in part) + TINY >= sum(weights[i] for i in rest)
