"""One dual vector v in the evidence of a step, and its products with atoms and signals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import mul

from .dictionary import Dictionary
from .problems import Posed, longest, read_parts
from .values import Fields


@dataclass(frozen=True, slots=True)
class DualVector:
    """v = (integer parts) * 2^`exponent`; `bits` is no less than the length of an integer."""

    fields: Fields
    names: Sequence[str]
    exponent: int
    bits: int

    def parts(self, dictionary: Dictionary) -> list[list[int]]:
        """Return the integer parts."""
        parts = read_parts(dictionary, self.fields, self.names, dictionary.m)
        return [[value << (exponent - self.exponent) for value in part] for part, exponent in parts]


def read_dual_vector(dictionary: Dictionary, fields: Fields, *names: str) -> DualVector:
    """Read the arrays of these names, real and (for a complex dictionary) imaginary part, as one vector of length m."""
    parts = read_parts(dictionary, fields, names, dictionary.m)
    least = min(exponent for _, exponent in parts)
    bits = max(longest(part) + exponent - least for part, exponent in parts)
    return DualVector(fields, names, least, bits)


def atom_products(dictionary: Dictionary, v: list[list[int]]) -> Iterator[tuple[int, int]]:
    """Yield real and imaginary part of <a_i, v> for the integer atoms."""
    if not dictionary.imaginary:
        for a in dictionary.real:
            yield sum(map(mul, a, v[0])), 0
        return
    for a, b in zip(dictionary.real, dictionary.imaginary, strict=True):
        yield (
            sum(map(mul, a, v[0])) + sum(map(mul, b, v[1])),
            sum(map(mul, a, v[1])) - sum(map(mul, b, v[0])),
        )


def atom_products_work(dictionary: Dictionary, bits: int) -> int:
    """Return the work of `atom_products`, and of squaring each, for a vector of integers of this length."""
    product = 70 + (dictionary.bits // 30 + 1) * (bits // 30 + 1)
    squared = ((dictionary.bits + bits) // 30 + 2) ** 2
    return dictionary.parts * dictionary.n * (dictionary.parts * dictionary.m * product + 500 + squared)


def along_signal(posed: Posed, v: list[list[int]]) -> int:
    """Return Re <v, y> for integer parts of v, times the denominator of y."""
    return sum(sum(map(mul, part, y)) for part, y in zip(v, posed.signal.parts, strict=True))


def along_signal_work(posed: Posed, bits: int) -> int:
    """Return the work of `along_signal` and of the square of v."""
    digits = bits // 30 + 1
    product = 200 + digits * (posed.signal_bits // 30 + 1) + digits * digits
    return posed.signal_work + posed.dictionary.parts * posed.dictionary.m * product
