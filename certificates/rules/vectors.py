"""Arrays of vectors in the evidence of a step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .values import Fields


class Vectors:
    """`count` vectors of `length` integers each, times 2^`exponent`; `weight` is the greatest sum of moduli of one.

    They are read again whenever they are gone through, so that a waiting step holds no numbers.
    """

    def __init__(self, fields: Fields, name: str, count: int, length: int) -> None:
        self._fields, self._name, self.count, self._length = fields, name, count, length
        values, self.exponent = fields.integers(name, count * length)
        self.weight = max(sum(map(abs, vector)) for vector in self._cut(values))

    def _cut(self, values: Sequence[int]) -> Iterator[Sequence[int]]:
        return (values[at : at + self._length] for at in range(0, len(values), self._length))

    def __iter__(self) -> Iterator[Sequence[int]]:
        """Go through the vectors."""
        return self._cut(self._fields.integers(self._name, self.count * self._length)[0])

    @property
    def reading_work(self) -> int:
        """The work of going through them."""
        return self.count * (300 + self._length * (200 + self.weight.bit_length() // 8))
