"""Squared distances of a signal from the spans of atoms, by elimination without fractions (SPEC.md section 6.8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import mul

from .dictionary import Dictionary
from .problems import Posed
from .values import Fields, Reject, rational


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a squared distance must exceed (`strictly`) or reach: `value`."""

    value: Fraction
    strictly: bool

    def reached(self, numerator: int, denominator: int) -> bool:
        """Say whether the squared distance numerator/denominator (denominator > 0) is enough."""
        above = numerator * self.value.denominator - self.value.numerator * denominator
        return above > 0 or (above == 0 and not self.strictly)


def read_counted(posed: Posed, fields: Fields) -> tuple[int, Threshold, Fraction]:
    """Return how many nonzeros are looked at, what their distances must exceed, and `lower`."""
    problem = posed.problem
    lower = rational(fields.raw("lower"), "lower")
    if problem.name == "k-sparse":
        return problem.sparsity, Threshold(lower, strictly=False), lower
    if lower.denominator != 1 or not 1 <= lower <= posed.dictionary.n:
        raise Reject(f"lower is not an integer from 1 to {posed.dictionary.n}")
    return int(lower) - 1, Threshold(problem.epsilon**2, strictly=True), lower


def squared_distance(dictionary: Dictionary, y: Sequence[int], support: Sequence[int]) -> tuple[int, int]:
    """Return numerator and denominator of the squared distance of y from the span of these integer atoms."""
    _, numerator, denominator = rank_and_distance(dictionary, y, support)
    return numerator, denominator


def rank_and_distance(dictionary: Dictionary, y: Sequence[int], support: Sequence[int]) -> tuple[int, int, int]:
    """Return the rank of these integer atoms, and the squared distance of y from their span as a fraction."""
    vectors = [dictionary.real[i] for i in support] + [y]
    rows = [[sum(map(mul, a, b)) for b in vectors[at:]] for at, a in enumerate(vectors)]
    rank, before = 0, 1
    while len(rows) > 1:
        (pivot, *row), *rest = rows
        if pivot == 0:  # a diagonal entry that is 0 in a semidefinite matrix: so is its row
            rows = rest
            continue
        rows = [
            [(pivot * x - row[k] * z) // before for x, z in zip(line, row[k:], strict=True)]
            for k, line in enumerate(rest)
        ]
        rank, before = rank + 1, pivot
    return rank, rows[0][0], before


def gram_digits(posed: Posed) -> int:
    """Return no less than the number of digits of an inner product of integer atoms, or of one and the signal."""
    bits = max(posed.dictionary.bits, posed.instance.signal_bits(posed.at))
    return (2 * bits + posed.dictionary.m.bit_length()) // 30 + 1


def squared_distance_work(posed: Posed, size: int) -> int:
    """Return the work of `squared_distance` from `size` atoms."""
    digits = gram_digits(posed)
    products = (size + 1) * (size + 2) // 2 * (1000 + posed.dictionary.m * (80 + (digits // 2 + 1) ** 2))
    # entries of step t have t digits times those of the Gram matrix: sum of (size - t)^2/2 (c + 3 (t digits)^2)
    entries = size**3 // 6 + size**2 + size
    return 15000 + products + entries * 500 + size**5 * digits * digits // 20 + size**2 * digits * digits * 4
