"""Values of supports: |h_S|_1 <= v_S |h|_1 on the null space, by dual vectors (SPEC.md section 6.1)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from math import comb

from .dictionary import Dictionary
from .fixed_point import entry_bits, fixed_point, fixed_point_work, read_bits, refuse_complex
from .packed import PackedRows, combination_work, packing_work
from .supports import LARGEST_ORDER, ROUNDING
from .values import SCALINGS, Fields, Reject, Statement, Task
from .vectors import Vectors


class Rounded:
    """D' rounded to multiples of 2^-`bits`, as integers packed for combinations of one weight."""

    def __init__(self, dictionary: Dictionary, scaling: str, bits: int, weight: int) -> None:
        self.bits = bits
        length = entry_bits(dictionary, scaling, bits)
        self.packed = PackedRows(fixed_point(dictionary, scaling, bits), length, weight)


def rounded_work(dictionary: Dictionary, scaling: str, bits: int, weight: int) -> int:
    """Return the work of making a `Rounded`."""
    length = entry_bits(dictionary, scaling, bits)
    return fixed_point_work(dictionary, scaling, bits) + packing_work(dictionary.m, dictionary.n, length, weight)


class Duals:
    """Dual vectors for supports: one for each sign pattern, the first sign positive."""

    def __init__(self, fields: Fields, size: int, count: int, m: int, bits: int) -> None:
        self._size, self._count = size, count
        self.vectors = Vectors(fields, "duals", count << (size - 1), m)
        if self.vectors.exponent > bits:
            raise Reject("the exponent of duals is above bits")

    def values(self, rounded: Rounded, supports: Iterable[Sequence[int]]) -> list[int]:
        """Return for each support the greatest |e - D'* y|_inf over its sign patterns, as SPEC.md rounds it."""
        digits = rounded.bits - self.vectors.exponent
        one = 1 << digits
        vectors = iter(self.vectors)
        result: list[int] = []
        for support in supports:
            worst = 0
            for signs in itertools.product((1, -1), repeat=self._size - 1):
                y = next(vectors)
                residual = rounded.packed.combined(y)
                for sign, i in zip((1, *signs), support, strict=True):
                    residual[i] -= sign * one
                worst = max(worst, max(max(residual), -min(residual)) + sum(map(abs, y)))
            result.append(min(-(-worst << ROUNDING >> digits), 1 << ROUNDING))
        return result

    def work(self, dictionary: Dictionary, scaling: str, bits: int) -> int:
        """Return the work of `values`."""
        length, m, n = entry_bits(dictionary, scaling, bits), dictionary.m, dictionary.n
        digits = (max(length + self.vectors.weight.bit_length(), bits - self.vectors.exponent)) // 30 + 1
        each = combination_work(m, n, length, self.vectors.weight) + n * (120 + 2 * digits) + 3000
        return self.vectors.count * each + self.vectors.reading_work


def support_values(dictionary: Dictionary, evidence: object) -> Task:
    """Derive |h_S|_1 <= v_S |h|_1 on the null space for all supports S of one size."""
    fields = Fields(evidence, ("bits", "duals", "order", "scaling"))
    refuse_complex(dictionary)
    n, bits, order = dictionary.n, read_bits(fields), fields.natural("order")
    scaling = fields.choice("scaling", SCALINGS)
    if not 1 <= order <= min(LARGEST_ORDER, n):
        raise Reject(f"order is not from 1 to {min(LARGEST_ORDER, n)}")
    count = comb(n, order)
    duals = Duals(fields, order, count, dictionary.m, bits)

    def derive(_: object) -> Statement:
        rounded = Rounded(dictionary, scaling, bits, duals.vectors.weight)
        values = duals.values(rounded, itertools.combinations(range(n), order))
        spelled = {"exponent": -ROUNDING, "integers": [f"{value:x}" for value in values]}
        return {"kind": "support-values", "order": order, "scaling": scaling, "values": spelled}

    work = rounded_work(dictionary, scaling, bits, duals.vectors.weight) + duals.work(dictionary, scaling, bits)
    return Task((), work + 1000 * count, derive, 1000 * count)
