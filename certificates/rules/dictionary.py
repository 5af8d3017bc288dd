"""The dictionary the user handed in, in exact integers, with its digest and its Gram matrix."""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

from .packed import PackedRows, field_bytes

Number: TypeAlias = int | float | Fraction

MOST_BITS = 1 << 32
"""Of all entries together, when each atom is brought to a common denominator: half a gigabyte."""


class SubjectError(ValueError):
    """What the user handed in cannot be read as a subject; the text says what came and what was wanted."""


@dataclass(frozen=True)
class Dictionary:
    """An m x n matrix of rational (field "real") or Gaussian-rational ("complex") entries, by columns.

    Atom i is `scale[i]` times the primitive integer vector `real[i]` + i `imaginary[i]`; in the real case
    `imaginary` is empty. Built by `from_rows`, which checks everything.
    """

    field: str
    m: int
    n: int
    digest: str
    scale: tuple[Fraction, ...]
    real: tuple[list[int], ...]
    imaginary: tuple[list[int], ...]

    @staticmethod
    def from_rows(real: Sequence[Sequence[Number]], imaginary: Sequence[Sequence[Number]] | None) -> Dictionary:
        """Return the dictionary with these rows; raise SubjectError if it is not one."""
        m, n = len(real), len(real[0]) if real else 0
        if m < 1 or n < 2:
            raise SubjectError(f"a dictionary has at least one row and two atoms, not shape ({m}, {n})")
        parts = matrix_parts(real, imaginary)
        scale: list[Fraction] = []
        columns: tuple[list[list[int]], list[list[int]]] = ([], [])
        for i, (common, integers) in enumerate(integer_columns(parts, "atoms")):
            divisor = math.gcd(*(value for part in integers for value in part))
            if divisor == 0:
                raise SubjectError(f"atom {i} is zero")
            scale.append(Fraction(divisor, common))
            for column, part in zip(columns, integers, strict=False):
                column.append([value // divisor for value in part])
        return Dictionary(
            field="real" if imaginary is None else "complex",
            m=m,
            n=n,
            digest=exact_digest("dictionary", parts),
            scale=tuple(scale),
            real=tuple(columns[0]),
            imaginary=tuple(columns[1]),
        )

    @cached_property
    def bits(self) -> int:
        """The length of the longest integer entry."""
        parts = (*self.real, *self.imaginary)
        return max(max(max(column), -min(column)).bit_length() for column in parts)

    @cached_property
    def longest_scale(self) -> int:
        """The length of the longest numerator or denominator of a scale."""
        return max(max(scale.as_integer_ratio()).bit_length() for scale in self.scale)

    @cached_property
    def scale_bits(self) -> int:
        """No less than the lengths of the scales' numerators and of the least common denominator of the scales."""
        denominators = {scale.denominator for scale in self.scale}
        twos = max(q & -q for q in denominators)
        odd = sum(q.bit_length() for q in {q // (q & -q) for q in denominators})
        return twos.bit_length() + odd + max(scale.numerator.bit_length() for scale in self.scale)

    @property
    def parts(self) -> int:
        """1 for a real, 2 for a complex dictionary."""
        return 1 if self.field == "real" else 2

    @property
    def gram_work(self) -> int:
        """The work of `inner_products`: n m products of one entry with a packed row, and the unpacking."""
        digits = self.bits // 30 + 1
        row_digits = self.n * field_bytes(self.bits, 2 * self.m << self.bits) * 8 // 30 + 1
        return self.parts**2 * self.n * self.m * (digits * row_digits + 40) + 60 * self.parts * self.n**2

    @property
    def pair_work(self) -> int:
        """The work of a few products of Gram entries for every pair of atoms."""
        return self.n**2 * (60 + (self.bits // 15 + 1) ** 2)

    @property
    def null_vector_work(self) -> int:
        """The work of weighing the entries of a null vector by the norms of the atoms."""
        return self.n * 300 * (self.bits // 30 + self.longest_scale // 10 + 10) ** 2

    @cached_property
    def squared_norms(self) -> tuple[int, ...]:
        """|a_i|^2 of the integer atoms: N_i^2 = scale_i^2 |a_i|^2."""
        return tuple(
            sum(value * value for part in (self.real, self.imaginary) if part for value in part[i])
            for i in range(self.n)
        )

    def squared_norm(self, i: int) -> Fraction:
        """N_i^2 of the atom as given."""
        return self.scale[i] ** 2 * self.squared_norms[i]

    def inner_products(self) -> Iterator[tuple[list[int], list[int]]]:
        """Yield, for i = 0 .. n - 2, real and imaginary parts of <a_i, a_j> = a_i* a_j for all j > i.

        The imaginary parts are empty for a real dictionary.
        """
        weight = 2 * self.m << self.bits
        real = PackedRows(self.real, self.bits, weight)
        imaginary = PackedRows(self.imaginary, self.bits, weight) if self.imaginary else None
        for i in range(self.n - 1):
            a = self.real[i]
            if imaginary is None:
                yield real.combined(a, i + 1), []
                continue
            b = self.imaginary[i]
            along = real.total(a) + imaginary.total(b)
            across = imaginary.total(a) - real.total(b)
            yield real.unpacked(along, i + 1), real.unpacked(across, i + 1)

    @cached_property
    def cross(self) -> tuple[list[int], ...]:
        """|<a_i, a_j>|^2 for the integer atoms: cross[i][j - i - 1] for i < j."""
        return tuple(
            [g * g + h * h for g, h in zip(real, imaginary, strict=True)] if imaginary else [g * g for g in real]
            for real, imaginary in self.inner_products()
        )

    def cross_squared(self, i: int, j: int) -> int:
        """|<a_i, a_j>|^2 for i != j."""
        i, j = min(i, j), max(i, j)
        return self.cross[i][j - i - 1]


def matrix_parts(
    real: Sequence[Sequence[Number]], imaginary: Sequence[Sequence[Number]] | None
) -> list[Sequence[Sequence[Number]]]:
    """Return the parts of a matrix; raise SubjectError unless they are finite numbers in rows of one length."""
    parts = [real] if imaginary is None else [real, imaginary]
    m, n = len(real), len(real[0])
    for part in parts:
        if len(part) != m or any(len(row) != n for row in part):
            raise SubjectError(f"the rows do not all have length {n}")
        for row in part:
            if any(isinstance(value, float) and not math.isfinite(value) for value in row):
                raise SubjectError("an entry is not finite")
    return parts


def integer_columns(parts: Sequence[Sequence[Sequence[Number]]], what: str) -> Iterator[tuple[int, list[list[int]]]]:
    """Yield the least common denominator of every column, and the parts of the column times that."""
    m, bits = len(parts[0]), 0
    for i in range(len(parts[0][0])):
        ratios = [[row[i].as_integer_ratio() for row in part] for part in parts]
        common = 1
        for denominator in {q for part in ratios for _, q in part}:
            common = math.lcm(common, denominator)
            if bits + common.bit_length() * m > MOST_BITS:
                raise SubjectError(f"the common denominators of {what} 0 to {i} make the entries too long")
        bits += sum(p.bit_length() + common.bit_length() for part in ratios for p, _ in part)
        yield common, [[p * (common // q) for p, q in part] for part in ratios]


def exact_digest(role: str, parts: Sequence[Sequence[Sequence[Number]]]) -> str:
    """Return the digest of SPEC.md section 3 of a matrix of this role."""
    values: list[Number] = []
    for rows in zip(*parts, strict=True):
        values.extend(value for entry in zip(*rows, strict=True) for value in entry)
    field_name = "real" if len(parts) == 1 else "complex"
    return numbers_digest(f"sparse-verify {role}\n{field_name} {len(parts[0])} {len(parts[0][0])}\n", values)


def numbers_digest(header: str, values: Sequence[Number]) -> str:
    """Return the SHA-256 of a header and of the encoded numbers."""
    floats = [_as_binary64(value) for value in values]
    if None not in floats:
        payload = b"binary64\n" + struct.pack(f"<{len(floats)}d", *floats)
    else:
        ratios = (value.as_integer_ratio() for value in values)
        payload = b"rational\n" + b"".join(f"{p:x}/{q:x}\n".encode("ascii") for p, q in ratios)
    return hashlib.sha256(header.encode("ascii") + payload).hexdigest()


def _as_binary64(value: Number) -> float | None:
    """Return the binary64 number that equals `value`, with zero positive, or None if there is none."""
    if isinstance(value, float):
        return value + 0.0
    try:
        nearest = float(value)
    except OverflowError:
        return None
    return nearest + 0.0 if nearest == value else None
