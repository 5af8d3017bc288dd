"""Products of weights with all atoms, squared, up to one factor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .dictionary import Dictionary
from .packed import PackedRows
from .vectors import Vectors


def squared_products(
    dictionary: Dictionary, parts: Sequence[Vectors], shifts: Sequence[int], weight: int
) -> Iterator[list[int]]:
    """Go through the weights w and give |<w, a_j>|^2 for all integer atoms a_j, up to one factor."""
    real = PackedRows(dictionary.real, dictionary.bits, weight)
    imaginary = PackedRows(dictionary.imaginary, dictionary.bits, weight) if dictionary.imaginary else None
    for vectors in zip(*parts, strict=True):
        a, *b = ([x << shift for x in w] for w, shift in zip(vectors, shifts, strict=True))
        if imaginary is None:
            yield [g * g for g in real.combined(a)]
        else:
            along = real.unpacked(real.total(a) + imaginary.total(b[0]))
            across = real.unpacked(imaginary.total(a) - real.total(b[0]))
            yield [g * g + h * h for g, h in zip(along, across, strict=True)]
