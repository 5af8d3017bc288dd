"""Rules about the codes on one support (SPEC.md section 6.11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from .dictionary import Dictionary
from .null_vectors import vector_fields
from .values import (
    ROOT_BITS,
    SCALINGS,
    Fields,
    Reject,
    Statement,
    Task,
    hexadecimal,
    rational,
    root_enclosure,
    spell,
    squaring_work,
)

QUESTIONS = ("l1", "omp")

Pair = tuple[int, int]
"""A Gaussian integer, or a lower and an upper bound of a number."""


def exact_recovery_coefficient(dictionary: Dictionary, evidence: object) -> Task:
    """Derive bounds of the largest |D'_S^+ d'_j|_1 over j off S from an approximate inverse of a Gram matrix."""
    fields = Fields(evidence, ("divisor", "imaginary", "lower", "real", "scaling", "support", "upper"))
    support = fields.indices("support", dictionary.n)
    if not support:
        raise Reject("support is empty")
    if dictionary.field == "real" and fields.raw("imaginary") is not None:
        raise Reject("imaginary is not null, and the dictionary is real")
    lower, upper = (rational(fields.raw(name), f"{name} in evidence") for name in ("lower", "upper"))
    if lower < 0 or upper < 0:
        raise Reject("lower or upper is negative")
    divisor = hexadecimal(fields.raw("divisor"), "divisor")
    if divisor < 1:
        raise Reject("divisor is not positive")
    scaling, count = fields.choice("scaling", SCALINGS), len(support)
    parts = [fields.integers(name, count * count) for name in ("real", "imaginary")[: dictionary.parts]]
    least = min(exponent for _, exponent in parts)
    longest = max(max(map(abs, values)).bit_length() + exponent - least for values, exponent in parts)

    def derive(_: object) -> Statement:
        inverse = _read_inverse(dictionary, fields, support)
        problem = _Support(dictionary, support, scaling == "unit", inverse)
        error = problem.error()
        if error >= 1:
            raise Reject("the inverse does not prove that the atoms of the support are independent")
        best = Fraction(0)
        for j in sorted(set(range(dictionary.n)).difference(support)):
            least, most = problem.size(j)
            best = max(best, least)
            if most > upper * (1 - error):
                raise Reject(f"the coefficients of atom {j} are not proved to be at most upper")
        if best < lower * (1 + error):
            raise Reject("no atom off the support is proved to reach lower")
        return {
            "kind": "exact-recovery-coefficient",
            "lower": spell(lower),
            "scaling": scaling,
            "support": support,
            "upper": spell(upper),
        }

    size = squaring_work((*lower.as_integer_ratio(), *upper.as_integer_ratio())) + 30 * count
    work = _work(dictionary, count, longest, divisor.bit_length(), max(-least, least, 0))
    return Task((), work + dictionary.n * size, derive, size)


def _work(dictionary: Dictionary, count: int, longest: int, divisor: int, shift: int) -> int:
    """Count products of Gram entries and inverse, and what the sums of roots and fractions cost."""
    n, m, parts = dictionary.n, dictionary.m, dictionary.parts
    entry = dictionary.bits // 30 + 1
    gram = (2 * dictionary.bits + m.bit_length() + 1) // 30 + 1
    inverse = longest // 30 + 1
    sums = (longest + divisor + shift + 2 * dictionary.bits + dictionary.longest_scale + 2 * ROOT_BITS) // 30 + 2
    scales = count * (dictionary.longest_scale // 30 + 2)  # of the least common multiple of the scales
    work = parts**2 * count * n * m * (40 + entry**2) + dictionary.parts * n * m * (50 + entry**2)
    work += parts**2 * count**2 * n * (60 + inverse * gram)
    work += count * n * (600 + 20 * sums**2 + sums * scales) + (count + n) * 40 * (sums + scales) ** 2
    return work + parts * count**2 * (500 + inverse**2)


def _read_inverse(dictionary: Dictionary, fields: Fields, support: list[int]) -> _Inverse:
    count = len(support)
    parts = [fields.integers(name, count * count) for name in ("real", "imaginary")[: dictionary.parts]]
    least = min(exponent for _, exponent in parts)
    shifted = [[value << (exponent - least) for value in values] for values, exponent in parts]
    imaginary = shifted[1] if len(shifted) > 1 else [0] * (count * count)
    divisor = Fraction(hexadecimal(fields.raw("divisor"), "divisor")) / Fraction(2) ** least
    pairs = list(zip(shifted[0], imaginary, strict=True))
    return _Inverse([pairs[at : at + count] for at in range(0, count * count, count)], divisor)


@dataclass(frozen=True, slots=True)
class _Inverse:
    """The matrix `rows`/`divisor`."""

    rows: list[list[Pair]]
    divisor: Fraction

    def times(self, vector: Sequence[Pair]) -> list[Pair]:
        """Return the product with a vector, times the divisor."""
        return [
            (
                sum(a * c - b * d for (a, b), (c, d) in zip(row, vector, strict=True)),
                sum(a * d + b * c for (a, b), (c, d) in zip(row, vector, strict=True)),
            )
            for row in self.rows
        ]


class _Support:
    """The atoms of a support, with weights in which the length of their coefficients is measured."""

    def __init__(self, dictionary: Dictionary, support: list[int], unit: bool, inverse: _Inverse) -> None:
        self._dictionary, self._support, self._unit, self._inverse = dictionary, support, unit, inverse
        self._common = 1 if unit else lcm(*(dictionary.scale[i].numerator for i in support))

    def error(self) -> Fraction:
        """Return an upper bound of the weighted norm of I - B A, B the inverse and A = A_S* A_S."""
        worst, (p, q) = Fraction(0), self._inverse.divisor.as_integer_ratio()
        for at, j in enumerate(self._support):
            product = [(q * a, q * b) for a, b in self._inverse.times(self._products(j))]
            product[at] = (product[at][0] - p, product[at][1])
            worst = max(worst, self._length(product, j)[1] / p)
        return worst

    def size(self, j: int) -> tuple[Fraction, Fraction]:
        """Return bounds of the weighted length of B A_S* a_j, over the weight of atom j."""
        least, most = self._length(self._inverse.times(self._products(j)), j)
        return least / self._inverse.divisor, most / self._inverse.divisor

    def _products(self, j: int) -> list[Pair]:
        """Return <a_i, a_j> for i in the support."""
        real, imaginary = self._dictionary.real, self._dictionary.imaginary
        if not imaginary:
            return [(_dot(real[i], real[j]), 0) for i in self._support]
        return [
            (
                _dot(real[i], real[j]) + _dot(imaginary[i], imaginary[j]),
                _dot(real[i], imaginary[j]) - _dot(imaginary[i], real[j]),
            )
            for i in self._support
        ]

    def _length(self, vector: Sequence[Pair], j: int) -> tuple[Fraction, Fraction]:
        """Return bounds of the sum over i of w_i |vector_i| / w_j, exact for real atoms as given."""
        norms, scale = self._dictionary.squared_norms, self._dictionary.scale
        weights: list[Pair] = []
        for i in self._support:
            if self._unit:
                weights.append(root_enclosure(norms[i], norms[j]))
            else:
                weight = self._common // scale[i].numerator * scale[i].denominator
                weights.append((weight, weight))
        unit = Fraction(1, 1 << ROOT_BITS) if self._unit else scale[j] / self._common
        if self._dictionary.imaginary:
            moduli = [root_enclosure(a * a + b * b, 1) for a, b in vector]
            unit /= 1 << ROOT_BITS
        else:
            moduli = [(abs(a), abs(a)) for a, _ in vector]
        totals = (sum(w[side] * v[side] for w, v in zip(weights, moduli, strict=True)) for side in (0, 1))
        least, most = (unit * total for total in totals)
        return least, most


def _dot(a: Sequence[int], b: Sequence[int]) -> int:
    return sum(x * y for x, y in zip(a, b, strict=True))


def exact_recovery(dictionary: Dictionary, evidence: object) -> Task:
    """l1 and omp for the codes on a support whose coefficient is below 1."""
    question = Fields(evidence, ("question",)).choice("question", QUESTIONS)

    def derive(premises: Sequence[Statement]) -> Statement:
        fields = Fields(premises[0], ("kind", "lower", "scaling", "support", "upper"), "the coefficient")
        if rational(fields.raw("upper"), "upper") >= 1:
            raise Reject("the coefficient is not proved to be below 1")
        return {
            "kind": "support-guaranteed",
            "question": question,
            "scaling": fields.choice("scaling", SCALINGS),
            "support": fields.indices("support", dictionary.n),
            "theorem": "exact-recovery",
        }

    return Task(("exact-recovery-coefficient",), dictionary.n, derive, 100 * dictionary.n)


def failure_by_dependent_support(dictionary: Dictionary, evidence: object) -> Task:
    """A null vector on the support: its own signal is zero."""
    fields = Fields(evidence, ("question", "scaling", "support"))
    question, scaling = fields.choice("question", QUESTIONS), fields.choice("scaling", SCALINGS)
    support = fields.indices("support", dictionary.n)

    def derive(premises: Sequence[Statement]) -> Statement:
        if not set(vector_fields(premises[0]).naturals("support")) <= set(support):
            raise Reject("the null vector has atoms outside the support")
        return {
            "kind": "support-refuted",
            "question": question,
            "scaling": scaling,
            "support": support,
            "theorem": "failure-by-dependent-support",
        }

    return Task(("null-vector",), 10 * dictionary.n, derive, 100 * dictionary.n)
