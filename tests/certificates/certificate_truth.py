"""What is true of a small dictionary, by exhaustive search in exact arithmetic: the tests' own evaluator of claims.

It shares nothing with the checker. Numbers are Gaussian rationals, pairs of Fractions; square roots are right
to about 80 digits, and sums of them closer than 1e-60 are taken as equal.
"""

from __future__ import annotations

import base64
import itertools
import struct
from collections.abc import Iterable
from fractions import Fraction
from functools import cache, cached_property

from gaussian_rationals import (
    TINY,
    ZERO,
    Gaussian,
    determinant,
    gaussian,
    inverse,
    kernel,
    minus,
    root,
    size_squared,
    times,
)


class Truth:
    """Everything about one small dictionary, given by rows of int, float, Fraction or complex."""

    def __init__(self, rows: list[list[complex | Fraction]]) -> None:
        self.is_complex = any(isinstance(x, complex) for row in rows for x in row)
        self.columns = [[gaussian(row[j]) for row in rows] for j in range(len(rows[0]))]
        self.m, self.n = len(rows), len(rows[0])

    @cache  # noqa: B019 - as below
    def inner(self, i: int, j: int) -> Gaussian:
        total = ZERO
        for a, b in zip(self.columns[i], self.columns[j], strict=True):
            product = times((a[0], -a[1]), b)
            total = total[0] + product[0], total[1] + product[1]
        return total

    def norm_squared(self, i: int) -> Fraction:
        return self.inner(i, i)[0]

    def coherence_squared(self, i: int, j: int) -> Fraction:
        return size_squared(self.inner(i, j)) / (self.norm_squared(i) * self.norm_squared(j))

    @cached_property
    def mu_squared(self) -> Fraction:
        return max(self.coherence_squared(i, j) for i, j in itertools.combinations(range(self.n), 2))

    def babel(self, k: int) -> Fraction:
        rows = [
            sorted((root(self.coherence_squared(i, j)) for j in range(self.n) if j != i), reverse=True)[:k]
            for i in range(self.n)
        ]
        return max(sum(row) for row in rows)

    @cached_property
    def rank(self) -> int:
        return self.n - len(kernel(self.columns))

    @cached_property
    def circuits(self) -> list[list[Gaussian]]:
        """Null vectors of minimal support, one for each such support."""
        found: list[tuple[set[int], list[Gaussian]]] = []
        for size in range(1, self.rank + 2):
            for chosen in itertools.combinations(range(self.n), size):
                if any(support <= set(chosen) for support, _ in found):
                    continue
                basis = kernel([self.columns[j] for j in chosen])
                if basis:
                    vector = [ZERO] * self.n
                    for j, value in zip(chosen, basis[0], strict=True):
                        vector[j] = value
                    found.append((set(chosen), vector))
        return [vector for _, vector in found]

    @cached_property
    def spark(self) -> float:
        return min((sum(x != ZERO for x in h) for h in self.circuits), default=float("inf"))

    @cached_property
    def _moduli(self) -> dict[str, list[list[Fraction]]]:
        """The weights w_i |h_i| of every circuit."""
        norms = [root(self.norm_squared(i)) for i in range(self.n)]
        sizes = [[root(size_squared(x)) for x in h] for h in self.circuits]
        return {
            "as-given": sizes,
            "unit": [[x * norm for x, norm in zip(row, norms, strict=True)] for row in sizes],
        }

    @property
    def vertices(self) -> bool:
        """Whether shares of a null vector are greatest at circuits: for real codes, or one circuit."""
        return not self.is_complex or self.n - self.rank <= 1

    def share(self, chosen: Iterable[int], scaling: str) -> Fraction:
        """The greatest |h_S|_1 / |h|_1 over the circuits."""
        inside = set(chosen)
        rows = self._moduli[scaling]
        return max((sum(x for i, x in enumerate(row) if i in inside) / sum(row) for row in rows), default=Fraction(0))

    def null_space_constant(self, level: int, scaling: str) -> Fraction:
        """The greatest share of `level` atoms over the circuits."""
        rows = (sorted(row, reverse=True) for row in self._moduli[scaling])
        return max((sum(row[:level]) / sum(row) for row in rows), default=Fraction(0))

    def generalized_coherence(self, i: int) -> Fraction:
        """mu~_i, by duality the greatest |h_i| / (|h|_1 - |h_i|) for unit atoms."""
        share = self.share([i], "unit")
        return share / (1 - share)

    def generalized_babel(self, i: int, k: int) -> Fraction:
        """A lower bound of P_i(k) for all weights: |h_i| <= P_i(k) max(|h_j|, |h|_1/k), the others of h only."""
        found = Fraction(0)
        for row in self._moduli["unit"]:
            others = [x for j, x in enumerate(row) if j != i]
            found = max(found, row[i] / max(max(others), sum(others) / k))
        return found

    @cache  # noqa: B019 - a handful of dictionaries, asked the same questions thousands of times
    def answer(self, question: str, level: int, scaling: str) -> bool | None:
        """Whether the answer at this level is yes; None where this evaluator does not know."""
        if self.spark <= 2 * level:
            return False
        if question == "l0":
            return True
        if question == "network":  # sufficient, and all that the samples need
            if self.is_complex:
                return None
            largest = max(self.generalized_coherence(i) for i in range(self.n))
            return True if (2 * level - 1) * largest < 1 - TINY else None
        return self._basis_pursuit(level, scaling) if question == "l1" else self._matching_pursuit(level, scaling)

    def _basis_pursuit(self, level: int, scaling: str) -> bool | None:
        """A convex function on {Dh = 0, |h|_1 <= 1} is greatest at an extreme point: for real h, a circuit."""
        for h in self.circuits:
            weights = [size_squared(x) * (self.norm_squared(i) if scaling == "unit" else 1) for i, x in enumerate(h)]
            roots = sorted((root(w) for w in weights), reverse=True)
            if sum(roots[:level]) >= sum(roots[level:]) - TINY:
                return False
        if not self.is_complex or self.n - self.rank <= 1:
            return True
        return True if self._exact_recovery_everywhere(level, scaling) else None

    def _matching_pursuit(self, level: int, scaling: str) -> bool | None:
        """Tropp's exact recovery condition on every support; where it fails, a search for a code that OMP misses."""
        if self._exact_recovery_everywhere(level, scaling):
            return True
        values = (1, -1, 2, Fraction(1, 10), 10)
        for size in range(1, level + 1):
            for chosen in itertools.combinations(range(self.n), size):
                for signs in itertools.product(values, repeat=size):
                    if self._pursuit_fails(dict(zip(chosen, map(gaussian, signs), strict=True)), scaling):
                        return False
        return None

    def _coefficients(self, chosen: tuple[int, ...], right: list[Gaussian]) -> list[Gaussian] | None:
        """Solve (D_S* D_S) c = right exactly; None if singular."""
        augmented = [[self.inner(j, i) for j in chosen] for i in chosen] + [right]
        basis = kernel(augmented)
        if len(basis) != 1 or basis[0][-1] == ZERO:
            return None
        last = inverse(minus(ZERO, basis[0][-1]))
        return [times(last, x) for x in basis[0][:-1]]

    def _exact_recovery_everywhere(self, level: int, scaling: str) -> bool:
        return all(
            self._exact_recovery(chosen, scaling)
            for size in range(1, level + 1)
            for chosen in itertools.combinations(range(self.n), size)
        )

    def _exact_recovery(self, chosen: tuple[int, ...], scaling: str) -> bool:
        for i in set(range(self.n)) - set(chosen):
            c = self._coefficients(chosen, [self.inner(j, i) for j in chosen])
            if c is None:
                return False
            weight = [self.norm_squared(j) / self.norm_squared(i) if scaling == "unit" else 1 for j in chosen]
            if sum(root(size_squared(x) * w) for x, w in zip(c, weight, strict=True)) >= 1 - TINY:
                return False
        return True

    def _pursuit_fails(self, code: dict[int, Gaussian], scaling: str) -> bool:
        """Whether some way of breaking ties in the first step, or a later step, leaves the support."""
        residual = [ZERO] * self.m
        for j, x in code.items():
            residual = [minus(r, minus(ZERO, times(x, a))) for r, a in zip(residual, self.columns[j], strict=True)]
        signal, chosen = residual, ()
        for _ in code:
            scores = {}
            for j in range(self.n):
                total = ZERO
                for a, r in zip(self.columns[j], residual, strict=True):
                    total = minus(total, minus(ZERO, times((a[0], -a[1]), r)))
                scores[j] = size_squared(total) / (self.norm_squared(j) if scaling == "unit" else 1)
            best = max(scores.values())
            if best == 0:
                break
            ties = [j for j, s in scores.items() if s == best]
            if any(j not in code for j in ties):
                return len(kernel([self.columns[j] for j in code])) == 0
            chosen = tuple(sorted({*chosen, ties[0]}))
            right = []
            for j in chosen:
                total = ZERO
                for a, y in zip(self.columns[j], signal, strict=True):
                    total = minus(total, minus(ZERO, times((a[0], -a[1]), y)))
                right.append(total)
            c = self._coefficients(chosen, right)
            assert c is not None
            residual = list(signal)
            for j, x in zip(chosen, c, strict=True):
                residual = [minus(r, times(x, a)) for r, a in zip(residual, self.columns[j], strict=True)]
        return False

    def holds(self, statement: dict) -> bool | None:
        """Whether a claimed statement is true; a statement that says nothing definite is not true."""
        try:
            from noise_truth import HOLDS

            if statement["kind"] in HOLDS:
                return HOLDS[statement["kind"]](self, statement)
            return getattr(self, "_" + statement["kind"].replace("-", "_"))(statement)
        except (KeyError, ValueError, TypeError, AttributeError, ZeroDivisionError, IndexError):
            return False

    def _atom_norms(self, s: dict) -> bool:
        norms = [self.norm_squared(i) for i in range(self.n)]
        squared = Fraction(s["squared_min"]), Fraction(s["squared_max"])
        return squared == (min(norms), max(norms)) and s["equal"] is (len(set(norms)) == 1)

    def _welch_bound(self, s: dict) -> bool:
        return Fraction(s["squared"]) <= max(Fraction(self.n - self.m, self.m * (self.n - 1)), 0)

    def _mutual_coherence(self, s: dict) -> bool:
        i, j = s["pair"]
        return Fraction(s["squared"]) == self.mu_squared == self.coherence_squared(i, j) and 0 <= i < j

    def _babel(self, s: dict) -> bool:
        return len(s["lower"]) == len(s["upper"]) > 0 and all(
            Fraction(low) - TINY <= self.babel(k) <= Fraction(up) + TINY
            for k, (low, up) in enumerate(zip(s["lower"], s["upper"], strict=True), 1)
        )

    def _rank(self, s: dict) -> bool:
        return s["lower"] <= self.rank <= s["upper"]

    def _independent(self, _: dict) -> bool:
        return self.rank == self.n

    def _spark_lower(self, s: dict) -> bool:
        return self.spark >= s["value"]

    def _spark_upper(self, s: dict) -> bool:
        return self.spark <= s["value"]

    def _dependent_atoms(self, s: dict) -> bool:
        return self.spark <= s["count"] <= self.n

    @cache  # noqa: B019 - as above
    def isometry_below(self, level: int, bound: Fraction, strictly: bool = False) -> bool:
        """Whether delta_level <= bound (or <): all principal minors of bound N^2 -+ (G - N^2) tell, on up to level atoms."""
        for size in range(1, min(level, self.n) + 1):
            for chosen in itertools.combinations(range(self.n), size):
                for sign in (1, -1):
                    rows = [
                        [times((bound if i == j else Fraction(sign), Fraction(0)), self.inner(i, j)) for j in chosen]
                        for i in chosen
                    ]
                    minor = determinant(rows)
                    if minor < 0 or (strictly and minor == 0):
                        return False
        return True

    def _isometry_upper(self, s: dict) -> bool:
        return self.isometry_below(s["level"], Fraction(s["upper"])) and s["level"] >= 1

    def _isometry_lower(self, s: dict) -> bool:
        return not self.isometry_below(s["level"], Fraction(s["lower"]), strictly=True) and s["level"] >= 1

    def _hard_thresholding(self, s: dict) -> bool | None:
        """True where the proof of convergence applies to the true constant; a rate that is too good is not refuted."""
        rate = Fraction(s["rate"])
        return True if rate < 1 and self.isometry_below(3 * s["level"], 2 * rate / (1 + root(Fraction(5)))) else None

    def _null_vector(self, s: dict) -> bool:
        support = s["support"]
        parts = [decoded(s["real"]), decoded(s["imaginary"]) if self.is_complex else [Fraction(0)] * len(support)]
        if (s["imaginary"] is None) is self.is_complex or support != sorted(set(support)) or not support:
            return False
        h = list(zip(*parts, strict=True))
        if len(h) != len(support) or ZERO in h:
            return False
        for row in range(self.m):
            total = ZERO
            for i, x in zip(support, h, strict=True):
                total = minus(total, times(x, self.columns[i][row]))
            if total != ZERO:
                return False
        return True

    def _support_values(self, s: dict) -> bool:
        values, supports = decoded(s["values"]), itertools.combinations(range(self.n), s["order"])
        return not self.is_complex and all(
            self.share(support, s["scaling"]) <= value + TINY for support, value in zip(supports, values, strict=True)
        )

    def _generalized_coherence_upper(self, s: dict) -> bool | None:
        upper = decoded(s["upper"])
        if not self.vertices:
            return None
        return len(upper) == self.n and all(self.generalized_coherence(i) <= t + TINY for i, t in enumerate(upper))

    def _generalized_coherence_at_most(self, s: dict) -> bool | None:
        if not self.vertices:
            return None
        return all(self.generalized_coherence(i) <= Fraction(s["upper"]) + TINY for i in range(self.n))

    def _generalized_coherence_lower(self, s: dict) -> bool:
        atom = s["atom"]
        return 0 <= atom < self.n and Fraction(s["lower"]) <= self.generalized_coherence(atom) + TINY

    def _generalized_babel(self, s: dict) -> bool:
        """What the statement implies for the null vectors; that there are such weights is not decided here."""
        bounds = [*map(Fraction, s["upper"])], [*map(Fraction, s["sums"])]
        for k, (upper, total) in enumerate(zip(*bounds, strict=True), 1):
            least = max(self.generalized_babel(i, k) for i in range(self.n))
            if upper < least - TINY or total < least * Fraction(2 * k - 1, k) - TINY:
                return False
        return not self.is_complex and 1 <= len(bounds[0]) <= self.n

    def _network_rate(self, s: dict) -> bool | None:
        """True where the weights of mu~ reach the rate; a rate that is too good is not refuted."""
        largest = max(self.generalized_coherence(i) for i in range(self.n))
        reached = s["level"] >= 1 and (2 * s["level"] - 1) * largest - TINY <= Fraction(s["rate"]) < 1
        return True if reached and not self.is_complex else None

    def _null_space_upper(self, s: dict) -> bool | None:
        if not self.vertices:
            return None
        return s["level"] >= 1 and self.null_space_constant(s["level"], s["scaling"]) <= Fraction(s["upper"]) + TINY

    def _null_space_lower(self, s: dict) -> bool:
        known = self.null_space_constant(s["level"], s["scaling"])
        return s["level"] >= 1 and Fraction(s["lower"]) <= known + TINY

    def _guaranteed(self, s: dict) -> bool | None:
        levels = range(1, s["level"] + 1)
        answers = [self.answer(s["question"], k, s["scaling"]) for k in levels]
        return False if False in answers else None if None in answers else bool(levels)

    def _refuted(self, s: dict) -> bool | None:
        answer = self.answer(s["question"], s["level"], s["scaling"])
        return None if answer is None else not answer


def decoded(array: dict) -> list[Fraction]:
    """The numbers of an array as certificates spell it."""
    if "binary64" in array:
        data = base64.b64decode(array["binary64"])
        return [Fraction(x) for x in struct.unpack(f"<{len(data) // 8}d", data)]
    if "packed" in array:
        data, width = base64.b64decode(array["packed"]), array["bytes"]
        numbers = (int.from_bytes(data[at : at + width], "little", signed=True) for at in range(0, len(data), width))
        return [number * Fraction(2) ** array["exponent"] for number in numbers]
    return [int(text, 16) * Fraction(2) ** array["exponent"] for text in array["integers"]]
