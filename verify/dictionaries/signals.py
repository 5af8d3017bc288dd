"""Signals and codes: exact vectors of one length, one or many, as columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import InputError
from .dictionary import Dictionary, Origin, Real, exact_digest, exact_fractions, exact_parts


@dataclass(frozen=True, kw_only=True, eq=False)
class Signal:
    """One vector y in R^m or C^m at exactly the values it holds; `real` and `imaginary` (or None) have shape (m,)."""

    real: Real
    imaginary: Real | None = None

    @property
    def length(self) -> int:
        """The number m of entries."""
        return int(self.real.shape[0])

    @property
    def parts(self) -> tuple[Real, ...]:
        """The real and, if there is one, the imaginary part."""
        return (self.real,) if self.imaginary is None else (self.real, self.imaginary)

    @cached_property
    def fractions(self) -> tuple[list[Fraction], list[Fraction] | None]:
        """The exact entries, real and imaginary parts."""
        real, *rest = ([Fraction(value) for value in part.tolist()] for part in self.parts)
        return real, rest[0] if rest else None

    @cached_property
    def floats(self) -> NDArray[np.float64] | NDArray[np.complex128]:
        """The nearest binary64 (complex128) numbers; estimated where the entries do not fit."""
        real = np.asarray(self.real, dtype=np.float64)
        return real if self.imaginary is None else real + 1j * np.asarray(self.imaginary, dtype=np.float64)


@dataclass(frozen=True, kw_only=True, eq=False)
class Signals:
    """p signals in R^m or C^m (or codes in R^n) as the columns of m x p arrays, at exactly the values they hold.

    Unlike the atoms of a dictionary a signal may be zero, and there may be one only. `codes` are the codes x_j where
    the signals were made from them, y_j = D x_j exactly; a certificate is then about the codes. Build one with
    `from_array`, `from_codes`, or `verify.load_signals`.
    """

    real: Real
    imaginary: Real | None = None
    origin: Origin = field(default_factory=Origin)
    codes: Signals | None = None

    @staticmethod
    def from_array(entries: ArrayLike, *, origin: Origin | None = None) -> Signals:
        """Return the signals in the columns of a two-dimensional array, or the one signal of a one-dimensional array.

        Takes what `Dictionary.from_array` takes. Raises InputError for other dimensions, no entries, or entries that
        are not finite numbers.
        """
        return Signals.from_parts(*exact_parts(entries), origin=origin)

    @staticmethod
    def from_parts(real: Real, imaginary: Real | None, *, origin: Origin | None = None) -> Signals:
        """Return the signals with this real and (or None) imaginary part, of equal shape, without a copy.

        If one part holds `Fraction` objects, so does the other afterwards. Raises InputError as `from_array` does.
        """
        if imaginary is not None and (real.dtype == object) != (imaginary.dtype == object):
            real, imaginary = exact_fractions(real), exact_fractions(imaginary)
        if real.ndim == 1:
            real, imaginary = real[:, None], None if imaginary is None else imaginary[:, None]
        if real.ndim != 2 or 0 in real.shape:
            raise InputError(f"expected signals as the columns of a matrix, got an array of shape {real.shape}")
        real, imaginary = real.view(), None if imaginary is None else imaginary.view()
        for part in (real, imaginary):
            if part is not None:
                part.flags.writeable = False
                if part.dtype.kind == "f" and not np.isfinite(part).all():
                    row, column = np.argwhere(~np.isfinite(part))[0]
                    raise InputError(f"expected finite numbers, got {part[row, column]} at row {row}, column {column}")
        return Signals(real=real, imaginary=imaginary, origin=origin or Origin())

    @staticmethod
    def from_codes(dictionary: Dictionary, codes: Signals) -> Signals:
        """Return the signals D x_j of the codes x_j in the columns of `codes`, exactly.

        Cost: n m p products of rationals. Raises InputError unless the codes have length n, and are real if the
        dictionary is.
        """
        m, n = dictionary.shape
        if codes.shape[0] != n:
            raise InputError(f"expected codes of length {n}, one entry for each atom, got shape {codes.shape}")
        if codes.imaginary is not None and dictionary.imaginary is None:
            raise InputError("expected real codes for a real dictionary, got complex ones")
        real = np.empty((m, len(codes)), dtype=object)
        imaginary = np.empty((m, len(codes)), dtype=object) if dictionary.imaginary is not None else None
        for at, code in enumerate(codes):
            x, x_imaginary = code.fractions
            support = [i for i in range(n) if x[i] or (x_imaginary is not None and x_imaginary[i])]
            a, *b = ([[Fraction(v) for v in row] for row in part[:, support].tolist()] for part in dictionary.parts)
            u = [x[i] for i in support]
            v = None if x_imaginary is None else [x_imaginary[i] for i in support]
            real[:, at] = [_dot(row, u) for row in a]
            if imaginary is not None:
                imaginary[:, at] = [_dot(row, u) for row in b[0]]
                if v is not None:
                    real[:, at] -= np.array([_dot(row, v) for row in b[0]], dtype=object)
                    imaginary[:, at] += np.array([_dot(row, v) for row in a], dtype=object)
        for part in (real, imaginary):
            if part is not None:
                part.flags.writeable = False
        return Signals(real=real, imaginary=imaginary, origin=codes.origin, codes=codes)

    @property
    def shape(self) -> tuple[int, int]:
        """(m, p): length and number of the signals."""
        rows, columns = self.real.shape
        return rows, columns

    @property
    def field(self) -> str:
        """`real` or `complex`."""
        return "real" if self.imaginary is None else "complex"

    @property
    def parts(self) -> tuple[Real, ...]:
        """The real and, if there is one, the imaginary part."""
        return (self.real,) if self.imaginary is None else (self.real, self.imaginary)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of field, shape and exact values as signals (certificates/SPEC.md section 3)."""
        return exact_digest("signal", self.parts)

    @cached_property
    def code_digest(self) -> str:
        """The same for columns that are codes."""
        return exact_digest("code", self.parts)

    def __len__(self) -> int:
        return self.shape[1]

    def __getitem__(self, at: int) -> Signal:
        """Return one signal, its entries side by side in memory: products with it round the same in every process."""
        real, *imaginary = (cast("Real", np.ascontiguousarray(part[:, at])) for part in self.parts)
        return Signal(real=real, imaginary=imaginary[0] if imaginary else None)

    def __iter__(self) -> Iterator[Signal]:
        """Go through the signals."""
        return (self[at] for at in range(len(self)))


def _dot(a: list[Fraction], b: list[Fraction]) -> Fraction:
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))
