"""A dense dictionary: these exact numbers, this shape, this digest."""

from __future__ import annotations

import hashlib
import math
import operator
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import InputError, LimitError

Real = NDArray[np.floating] | NDArray[np.integer] | NDArray[np.object_]

_ROWS_AT_ONCE = 1 << 22
_LONGEST_DENOMINATOR = 200_000
"""In bits. A certificate's numbers have at most 4000 digits, 13288 bits; what is longer cannot end in one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where the numbers came from: what the user typed, which loader read it, and what the loader did.

    `transposed` says that the atoms were the rows of the source, `key` which array of several it was.
    """

    source: str = "an array"
    loader: str = "array"
    remarks: tuple[str, ...] = ()
    transposed: bool = False
    key: str | None = None


@dataclass(frozen=True, slots=True)
class IntegerAtoms:
    """Some atoms as primitive integer vectors: d_i = scale[i] (real[i] + i imaginary[i]), scale[i] > 0."""

    scale: tuple[Fraction, ...]
    real: tuple[tuple[int, ...], ...]
    imaginary: tuple[tuple[int, ...], ...] | None

    @property
    def squared_norms(self) -> tuple[int, ...]:
        """|a_i|^2 of the integer vectors."""
        parts = [self.real] if self.imaginary is None else [self.real, self.imaginary]
        return tuple(sum(x * x for part in parts for x in part[i]) for i in range(len(self.scale)))

    def inner_product_squared(self, i: int, other: IntegerAtoms, j: int) -> int:
        """Return |<a_i, b_j>|^2 of integer vector i here and integer vector j of another selection."""
        if self.imaginary is None or other.imaginary is None:
            return _dot(self.real[i], other.real[j]) ** 2
        a, b, c, d = self.real[i], self.imaginary[i], other.real[j], other.imaginary[j]
        return (_dot(a, c) + _dot(b, d)) ** 2 + (_dot(a, d) - _dot(b, c)) ** 2


def _common_denominator(denominators: Iterable[int], atom: int) -> int:
    common = 1
    for q in denominators:
        common = math.lcm(common, q)
        if common.bit_length() > _LONGEST_DENOMINATOR:
            raise LimitError(
                f"the entries of atom {atom} have a common denominator of more than {_LONGEST_DENOMINATOR} bits, "
                "too long for exact work: round them to fewer digits"
            )
    return common


def _dot(a: Sequence[int], b: Sequence[int]) -> int:
    return sum(x * y for x, y in zip(a, b, strict=True))


@dataclass(frozen=True, kw_only=True, eq=False)
class Dictionary:
    """A dictionary D in R^{m x n} or C^{m x n}: n atoms (columns), none zero, n >= 2.

    `real` and `imaginary` (None in the real case) are m x n arrays: floats, integers, or `Fraction` objects. They are
    taken at exactly the values they hold, never normalised, transposed or cast. Build one with `from_array` or
    `verify.load`, which check that it is a dictionary.
    """

    real: Real
    imaginary: Real | None = None
    origin: Origin = field(default_factory=Origin)

    @staticmethod
    def from_array(entries: ArrayLike, *, origin: Origin | None = None, copy: bool = True) -> Dictionary:
        """Return the dictionary whose columns are the atoms of a two-dimensional array.

        Takes real and complex floats (any precision), integers, and `Fraction` objects (nested lists of them too).
        Guarantee: the entries are kept exactly, also long integers that stand beside floats in nested lists.
        `copy=False` keeps the caller's memory: then the caller must not change it. Raises InputError for anything that
        is not a dictionary: wrong dimensions, fewer than two atoms, a zero atom, entries that are not finite numbers.
        """
        return Dictionary.from_parts(*exact_parts(entries, copy=copy), origin=origin)

    @staticmethod
    def from_parts(real: Real, imaginary: Real | None, *, origin: Origin | None = None) -> Dictionary:
        """Return the dictionary with this real and (or None) imaginary part, both m x n, without a copy.

        If one part holds `Fraction` objects, so does the other afterwards. Raises InputError as `from_array` does.
        """
        if imaginary is not None and real.shape != imaginary.shape:
            raise InputError(f"expected parts of one shape, got real {real.shape} and imaginary {imaginary.shape}")
        if imaginary is not None and (real.dtype == object) != (imaginary.dtype == object):
            real, imaginary = exact_fractions(real), exact_fractions(imaginary)
        if real.ndim != 2:
            raise InputError(f"expected a matrix (atoms are columns), got an array of shape {real.shape}")
        m, n = real.shape
        if m < 1 or n < 2:
            raise InputError(f"expected at least one row and two atoms (columns), got shape ({m}, {n})")
        real, imaginary = real.view(), None if imaginary is None else imaginary.view()
        for part in (real, imaginary):
            if part is not None:
                part.flags.writeable = False
        _refuse_bad_entries(real, imaginary)
        return Dictionary(real=real, imaginary=imaginary, origin=origin or Origin())

    @property
    def shape(self) -> tuple[int, int]:
        """(m, n): dimension and number of atoms."""
        m, n = self.real.shape
        return m, n

    @property
    def field(self) -> str:
        """`real` or `complex`."""
        return "real" if self.imaginary is None else "complex"

    @property
    def parts(self) -> tuple[Real, ...]:
        """The real and, if there is one, the imaginary part."""
        return (self.real,) if self.imaginary is None else (self.real, self.imaginary)

    @property
    def is_rational(self) -> bool:
        """Whether the entries are `Fraction` objects rather than machine numbers."""
        return self.real.dtype == object

    @cached_property
    def digest(self) -> str:
        """SHA-256 of field, shape and exact values (certificates/SPEC.md section 3)."""
        return exact_digest("dictionary", self.parts)

    @property
    def fits_binary64(self) -> bool:
        """Whether every entry is exactly a finite binary64 number."""
        return _binary64_chunks(self.parts) is not None

    @property
    def fits_npy(self) -> bool:
        """Whether an .npy file can hold the exact entries."""
        return not self.is_rational or self.fits_binary64

    def to_rows(self) -> tuple[list[list[int | float | Fraction]], list[list[int | float | Fraction]] | None]:
        """Return the exact entries of both parts as nested lists of Python numbers."""
        return self.real.tolist(), None if self.imaginary is None else self.imaginary.tolist()

    def integer_atoms(self, atoms: Iterable[int]) -> IntegerAtoms:
        """Return the atoms with these indices as primitive integer vectors with their exact scales."""
        scale: list[Fraction] = []
        columns: list[list[tuple[int, ...]]] = [[] for _ in self.parts]
        for i in atoms:
            ratios = [[value.as_integer_ratio() for value in part[:, i].tolist()] for part in self.parts]
            common = _common_denominator({q for part in ratios for _, q in part}, i)
            integers = [[p * (common // q) for p, q in part] for part in ratios]
            divisor = math.gcd(*(value for part in integers for value in part))
            scale.append(Fraction(divisor, common))
            for column, part in zip(columns, integers, strict=True):
                column.append(tuple(value // divisor for value in part))
        imaginary = tuple(columns[1]) if len(columns) == 2 else None
        return IntegerAtoms(tuple(scale), tuple(columns[0]), imaginary)


def exact_parts(entries: ArrayLike, *, copy: bool = True) -> tuple[Real, Real | None]:
    """Return the real and (or None) imaginary part of an array of numbers, at exactly the values it holds.

    Takes real and complex floats, integers and `Fraction` objects, also in nested lists. Raises InputError for masked
    or ragged arrays and for what is no number.
    """
    if isinstance(entries, np.ma.MaskedArray):
        raise InputError("expected every entry to be given, got a masked array: fill or drop what is masked")
    try:
        array = np.array(entries) if copy else np.asarray(entries)
    except ValueError as error:
        raise InputError(f"expected a matrix, got rows of different lengths ({error})") from None
    return _parts(array) if hasattr(entries, "dtype") else _parts_of_list(entries, array)


def exact_digest(role: str, parts: Sequence[Real]) -> str:
    """Return the SHA-256 of the role, field, shape and exact values of a matrix (certificates/SPEC.md section 3)."""
    rows, columns = parts[0].shape
    field_name = "real" if len(parts) == 1 else "complex"
    return digest_after(f"sparse-verify {role}\n{field_name} {rows} {columns}\n", parts)


def digest_after(head: str, parts: Sequence[Real]) -> str:
    """Return the SHA-256 of a text, and then the encoding and exact values of a matrix, row by row."""
    digest = hashlib.sha256(head.encode())
    chunks = _binary64_chunks(parts)
    if chunks is None:
        digest.update(b"rational\n")
        for value in _exact_values(parts):
            p, q = Fraction(value).as_integer_ratio()
            digest.update(f"{p:x}/{q:x}\n".encode())
        return digest.hexdigest()
    digest.update(b"binary64\n")
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def _exact_values(parts: Sequence[Real]) -> Iterator[int | float | Fraction]:
    for row in zip(*parts, strict=True):
        for values in zip(*(part.tolist() for part in row), strict=True):
            yield from values


def _binary64_chunks(parts: Sequence[Real]) -> Iterator[bytes] | None:
    """Return the little-endian bytes of all values, row-major, zero positive; None if one is not binary64."""
    if not all(_all_binary64(part) for part in parts):
        return None
    rows, columns = parts[0].shape
    step = max(1, _ROWS_AT_ONCE // (columns * len(parts)))

    def chunks() -> Iterator[bytes]:
        for start in range(0, rows, step):
            block = np.stack([part[start : start + step].astype("<f8") for part in parts], axis=-1)
            yield (block + 0.0).tobytes()

    return chunks()


def _parts(array: NDArray[Any]) -> tuple[Real, Real | None]:
    kind = array.dtype.kind
    if kind == "f" or kind in "iu":
        if array.dtype.itemsize > 8:
            return exact_fractions(array), None
        return array.view(), None
    if kind == "c":
        if array.dtype.itemsize > 16:
            return exact_fractions(np.real(array)), exact_fractions(np.imag(array))
        return np.real(array), np.imag(array)
    if kind == "O":
        if any(isinstance(value, complex | np.complexfloating) for value in array.flat):
            parts = (np.frompyfunc(operator.attrgetter(name), 1, 1)(array) for name in ("real", "imag"))
            real, imaginary = map(exact_fractions, parts)
            return real, imaginary
        return exact_fractions(array), None
    raise InputError(f"expected real or complex numbers, got entries of type {array.dtype}")


def _parts_of_list(entries: ArrayLike, array: NDArray[Any]) -> tuple[Real, Real | None]:
    """Return the parts of nested lists, as `Fraction` objects where the array made of them rounded integers."""
    if array.dtype.kind in "fc":
        python = np.frompyfunc(lambda value: value.item() if isinstance(value, np.generic) else value, 1, 1)
        exact = python(np.array(entries, dtype=object))
        if (exact != array.astype(object)).any():
            real = exact_fractions(np.frompyfunc(lambda value: value.real, 1, 1)(exact))
            if array.dtype.kind == "f":
                return real, None
            return real, exact_fractions(np.frompyfunc(lambda value: value.imag, 1, 1)(exact))
    return _parts(array)


def exact_fractions(array: NDArray[Any]) -> NDArray[np.object_]:
    """Return the entries as `Fraction` objects; raise InputError for what is no finite number."""
    result = np.empty(array.shape, dtype=object)
    for at, item in np.ndenumerate(array):
        value = int(item) if isinstance(item, np.integer) else item
        if isinstance(value, bool) or not hasattr(value, "as_integer_ratio"):
            raise InputError(f"expected numbers, got {type(value).__name__} at {_place(at)}")
        try:
            result[at] = Fraction(*value.as_integer_ratio())
        except (ValueError, OverflowError):
            raise InputError(f"expected finite numbers, got {value} at {_place(at)}") from None
    return result


def _place(at: tuple[int, ...]) -> str:
    return f"row {at[0]}, column {at[1]}" if len(at) == 2 else f"index {', '.join(map(str, at))}"


def _refuse_bad_entries(real: Real, imaginary: Real | None) -> None:
    nonzero = np.zeros(real.shape[1], dtype=bool)
    for part in (real, imaginary):
        if part is None:
            continue
        if part.dtype.kind == "f":
            finite = np.isfinite(part)
            if not finite.all():
                row, column = np.argwhere(~finite)[0]
                raise InputError(f"expected finite numbers, got {part[row, column]} at row {row}, column {column}")
        nonzero |= (part != 0).any(axis=0)
    if not nonzero.all():
        zero = np.flatnonzero(~nonzero)
        more = f" (and {len(zero) - 1} more)" if len(zero) > 1 else ""
        raise InputError(f"expected nonzero atoms, got a zero column at index {zero[0]}{more}")


def _all_binary64(part: Real) -> bool:
    if part.dtype.kind == "f":
        return True
    if part.dtype.kind in "iu" and int(part.max()) <= 2**53 and int(part.min()) >= -(2**53):
        return True
    return all(_is_binary64(value) for value in part.ravel().tolist())


def _is_binary64(value: float | int | Fraction) -> bool:
    try:
        return float(value) == value
    except OverflowError:
        return False
