"""A code written on its support, and its signal in exact integers (SPEC.md section 6.1, null-vector)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .dictionary import Dictionary
from .values import Fields, Reject, Statement


@dataclass(frozen=True, slots=True)
class Code:
    """A code of the atoms as given, with values on `support` (increasing), none of them zero, and 0 elsewhere.

    `digits` is the length of a coefficient of an integer atom, `work` what the signal costs, `size` what it costs to
    read and square the values.
    """

    support: list[int]
    fields: Fields
    digits: int
    work: int
    size: int

    @property
    def spelled(self) -> Statement:
        """The fields of a statement that holds this code."""
        return {name: self.fields.raw(name) for name in ("imaginary", "real", "support")}

    def coefficients(self, dictionary: Dictionary) -> list[list[int]]:
        """Return the parts of the coefficients of the integer atoms, all times one positive rational number."""
        # x_i d_i = (x_i scale_i) a_i
        common = math.lcm(*{dictionary.scale[i].denominator for i in self.support})
        weight = [dictionary.scale[i].numerator * (common // dictionary.scale[i].denominator) for i in self.support]
        parts = _read(dictionary, self.fields, len(self.support))
        return [[(v << shift) * w for v, w in zip(values, weight, strict=True)] for values, shift in parts]

    def signal(self, dictionary: Dictionary, coefficients: list[list[int]]) -> Iterator[list[int]]:
        """Yield, row by row, the parts of the sum of the integer atoms with these coefficients."""
        for row in range(dictionary.m):
            a = [dictionary.real[i][row] for i in self.support]
            totals = [_dot(a, part) for part in coefficients]
            if dictionary.imaginary:
                b = [dictionary.imaginary[i][row] for i in self.support]
                totals = [totals[0] - _dot(b, coefficients[1]), totals[1] + _dot(b, coefficients[0])]
            yield totals


def read_code(dictionary: Dictionary, fields: Fields) -> Code:
    """Read the fields `support`, `real` and `imaginary` (null exactly for a real dictionary)."""
    support = fields.indices("support", dictionary.n)
    if not support:
        raise Reject("support is empty")
    if dictionary.field == "real" and fields.raw("imaginary") is not None:
        raise Reject("imaginary is not null, and the dictionary is real")
    parts = _read(dictionary, fields, len(support))  # read again when needed, so that waiting steps hold no numbers
    for at, i in enumerate(support):
        if all(values[at] == 0 for values, _ in parts):
            raise Reject(f"the value at atom {i} is zero")
    value_digits = max(max(v.bit_length() for v in values) + shift for values, shift in parts) // 30 + 1
    scale_digits = dictionary.scale_bits // 30 + 1
    digits = value_digits + scale_digits
    work = dictionary.parts**2 * dictionary.m * len(support) * (digits * (dictionary.bits // 30 + 1) + 40)
    work += dictionary.parts * len(support) * (digits * scale_digits + 500)
    size = dictionary.parts * len(support) * (500 + value_digits**2)
    return Code(support, fields, digits, work, size)


def _read(dictionary: Dictionary, fields: Fields, length: int) -> list[tuple[Sequence[int], int]]:
    """Return the parts as integers and their exponents above the least one."""
    parts = [fields.integers(name, length) for name in ("real", "imaginary")[: dictionary.parts]]
    least = min(exponent for _, exponent in parts)
    return [(values, exponent - least) for values, exponent in parts]


def _dot(a: list[int], b: list[int]) -> int:
    return sum(x * y for x, y in zip(a, b, strict=True))
