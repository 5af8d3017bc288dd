"""Combinations of integer rows, many columns at once: a row of integers is packed into one long integer."""

from __future__ import annotations

from collections.abc import Sequence


class PackedRows:
    """The matrix with these columns of integers, for products y -> sum over rows l of y_l row_l.

    Row l is one long integer of n fields; then sum_l y_l row_l holds all n results, one a field. Adding `bias`, half a
    field in every field, makes all fields non-negative, so that no field borrows from the next. Entries have at most
    `bits` bits, and `weight` bounds sum_l |y_l| of all y to come; where both are equal, totals can be added.
    """

    def __init__(self, columns: Sequence[Sequence[int]], bits: int, weight: int) -> None:
        self._n = len(columns)
        self._width = field_bytes(bits, weight)
        self._half = 1 << (8 * self._width - 1)
        self._bias = int.from_bytes(self._half.to_bytes(self._width, "little") * self._n, "little")
        self._rows = [self._packed(row) for row in zip(*columns, strict=True)]

    def _packed(self, row: Sequence[int]) -> int:
        fields = b"".join((value + self._half).to_bytes(self._width, "little") for value in row)
        return int.from_bytes(fields, "little") - self._bias

    def combined(self, factors: Sequence[int], first: int = 0) -> list[int]:
        """Return sum_l factors_l row_l in the columns from `first` on."""
        return self.unpacked(self.total(factors), first)

    def total(self, factors: Sequence[int]) -> int:
        """Return the combination, packed."""
        return sum(factor * row for factor, row in zip(factors, self._rows, strict=True) if factor)

    def total_of(self, factors: Sequence[int], rows: Sequence[int]) -> int:
        """Return the combination of the rows with these indices, packed."""
        packed = self._rows
        return sum(factor * packed[row] for factor, row in zip(factors, rows, strict=True) if factor)

    def unpacked(self, total: int, first: int = 0) -> list[int]:
        """Return the fields of a packed combination from column `first` on."""
        width, half = self._width, self._half
        data = (total + self._bias).to_bytes(width * self._n, "little")
        return [
            int.from_bytes(data[at : at + width], "little") - half
            for at in range(first * width, self._n * width, width)
        ]


def field_bytes(bits: int, weight: int) -> int:
    """Return how many bytes hold any combination of entries of `bits` bits whose factors' moduli sum to `weight`."""
    return (bits + weight.bit_length() + 1) // 8 + 1


def combination_work(m: int, n: int, bits: int, weight: int) -> int:
    """Return the work of one combination of m packed rows of n entries, and of its unpacking."""
    row_digits = n * field_bytes(bits, weight) * 8 // 30 + 1
    return m * ((weight.bit_length() // 30 + 3) * row_digits + 200) + 120 * n


def packing_work(m: int, n: int, bits: int, weight: int) -> int:
    """Return the work of packing m rows of n entries."""
    return m * n * (400 + field_bytes(bits, weight))
