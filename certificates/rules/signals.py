"""The signals the user handed in besides the dictionary, in exact integers: as they are, or as codes of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import mul

from .dictionary import Dictionary, Number, SubjectError, exact_digest, integer_columns, matrix_parts

ROLES = ("signal", "code")


@dataclass(frozen=True)
class Signals:
    """p signals of length m, or (role `code`) p codes of length n, in columns: one or more, zero or not.

    Column j is (`real[j]` + i `imaginary[j]`) / `denominators[j]` in integers; `imaginary` is empty in the real case.
    """

    role: str
    field: str
    length: int
    count: int
    digest: str
    denominators: tuple[int, ...]
    real: tuple[list[int], ...]
    imaginary: tuple[list[int], ...]

    @staticmethod
    def from_rows(
        real: Sequence[Sequence[Number]], imaginary: Sequence[Sequence[Number]] | None, role: str = "signal"
    ) -> Signals:
        """Return the signals or codes with these rows; raise SubjectError if they are none."""
        if role not in ROLES:
            raise SubjectError(f"the role is one of {', '.join(ROLES)}, not {role!r}")
        length, count = len(real), len(real[0]) if real else 0
        if count < 1:
            raise SubjectError(f"a {role} is a matrix of at least one row and column, not of shape ({length}, {count})")
        parts = matrix_parts(real, imaginary)
        denominators: list[int] = []
        columns: tuple[list[list[int]], list[list[int]]] = ([], [])
        for common, integers in integer_columns(parts, f"{role}s"):
            denominators.append(common)
            for column, part in zip(columns, integers, strict=False):
                column.append(part)
        return Signals(
            role=role,
            field="real" if imaginary is None else "complex",
            length=length,
            count=count,
            digest=exact_digest(role, parts),
            denominators=tuple(denominators),
            real=tuple(columns[0]),
            imaginary=tuple(columns[1]),
        )

    @cached_property
    def sizes(self) -> tuple[tuple[int, int], ...]:
        """Of each column the number of nonzeros and the length of the longest integer."""
        parts = [part for part in (self.real, self.imaginary) if part]
        return tuple(
            (
                sum(any(entry) for entry in zip(*column, strict=True)),
                max(max(max(values), -min(values)).bit_length() for values in column),
            )
            for column in zip(*parts, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Vector:
    """A vector in integers over one denominator; one part for a real, two for a complex dictionary."""

    parts: list[list[int]]
    denominator: int

    @property
    def square(self) -> int:
        """The sum of the squares of the integers."""
        return sum(sum(map(mul, part, part)) for part in self.parts)


@dataclass(frozen=True)
class Instance:
    """A dictionary and signals for it. Build one with `of`, which checks that they fit."""

    dictionary: Dictionary
    signals: Signals
    _last: dict[int, Vector] = field(default_factory=dict[int, Vector], compare=False, repr=False)

    @staticmethod
    def of(dictionary: Dictionary, signals: Signals) -> Instance:
        """Return both together; raise SubjectError if they do not fit."""
        wanted = dictionary.m if signals.role == "signal" else dictionary.n
        if signals.length != wanted:
            raise SubjectError(
                f"a {signals.role} for this dictionary has length {wanted}, and the one handed in has length "
                f"{signals.length}"
            )
        if signals.field == "complex" and dictionary.field == "real":
            raise SubjectError(f"the {signals.role} is complex, and the dictionary is real")
        return Instance(dictionary, signals)

    def signal_bits(self, at: int) -> int:
        """No less than the length of an integer of a signal."""
        nonzeros, bits = self.signals.sizes[at]
        if self.signals.role == "signal":
            return bits
        return bits + self.dictionary.bits + self.dictionary.scale_bits + nonzeros.bit_length() + 1

    def denominator_bits(self, at: int) -> int:
        """No less than the length of the denominator of a signal."""
        bits = self.signals.denominators[at].bit_length()
        return bits if self.signals.role == "signal" else bits + self.dictionary.scale_bits

    def signal_work(self, at: int) -> int:
        """The work of `signal`."""
        if self.signals.role == "signal":
            return 50 * self.dictionary.m
        nonzeros, bits = self.signals.sizes[at]
        digits, scale = (self.dictionary.bits // 30 + 1), self.dictionary.scale_bits // 30 + 1
        coefficient = bits // 30 + scale
        whole = self.signal_bits(at) // 30 + self.denominator_bits(at) // 30 + 2
        each = 100 + digits * coefficient
        work = self.dictionary.parts**2 * self.dictionary.m * (nonzeros * each + 500 + 2 * whole * whole)
        return work + 200 * self.signals.length + nonzeros * (2000 + 4 * coefficient * scale)

    def signal(self, at: int) -> Vector:
        """Return one signal, in as many parts as the dictionary has."""
        if at not in self._last:
            self._last.clear()
            self._last[at] = self._signal(at)
        return self._last[at]

    def _signal(self, at: int) -> Vector:
        columns = [part[at] for part in (self.signals.real, self.signals.imaginary) if part]
        columns += [[0] * self.signals.length] * (self.dictionary.parts - len(columns))
        denominator = self.signals.denominators[at]
        if self.signals.role == "signal":
            return Vector(columns, denominator)
        support = [i for i in range(self.signals.length) if any(column[i] for column in columns)]
        values = [[column[i] for i in support] for column in columns]
        return combined_atoms(self.dictionary, support, values, denominator)


def combined_atoms(dictionary: Dictionary, support: list[int], values: list[list[int]], denominator: int) -> Vector:
    """Return the sum of values_i d_i / denominator over the support, in lowest terms."""
    common = math.lcm(*{dictionary.scale[i].denominator for i in support})
    weights = [dictionary.scale[i].numerator * (common // dictionary.scale[i].denominator) for i in support]
    coefficients = [list(map(mul, part, weights)) for part in values]
    atoms = [[part[i] for i in support] for part in (dictionary.real, dictionary.imaginary) if part]
    rows = [list(zip(*part, strict=True)) or [()] * dictionary.m for part in atoms]
    totals = [[sum(map(mul, row, coefficients[0])) for row in part] for part in rows]
    if dictionary.imaginary:
        across = [[sum(map(mul, row, coefficients[1])) for row in part] for part in rows]
        totals = [
            [a - b for a, b in zip(totals[0], across[1], strict=True)],
            [a + b for a, b in zip(totals[1], across[0], strict=True)],
        ]
    denominator *= common
    divisor = math.gcd(denominator, *(value for part in totals for value in part))
    return Vector([[value // divisor for value in part] for part in totals], denominator // divisor)
