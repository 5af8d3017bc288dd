"""Numbers as certificates spell them, and the strict reading of one JSON object.

Everything here raises `Reject` and nothing else; SPEC.md section 2.1 is the law.
"""

from __future__ import annotations

import base64
import itertools
import math
import re
import struct
import sys
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

Statement = dict[str, object]

QUESTIONS = ("l0", "l1", "network", "omp")
SCALINGS = ("unit", "as-given")
ROOT_BITS = 128
"""Square roots are enclosed between neighbouring multiples of 2^-128."""

_RATIONAL = re.compile(r"(0|-?[1-9][0-9]{0,3999})(?:/([1-9][0-9]{0,3999}))?")
_HEXADECIMAL = re.compile(r"0|-?[1-9a-f][0-9a-f]{0,49999}")
_LARGEST_EXPONENT = 5000
_MOST_BITS = 1 << 31
"""Of the values of one array `binary64`, when they are brought to one exponent: a quarter of a gigabyte."""
_PACKED = {1: "b", 2: "h", 4: "i", 8: "q"}
_LONGEST_RATIONAL = 10**4000


class Reject(Exception):  # noqa: N818 - the verb of the specification, and not an error of the program
    """The certificate is not valid; the text says why."""


@dataclass(frozen=True, slots=True)
class Task:
    """What one step will do: the premises it needs, how much work it is, and the derivation itself.

    `work` counts multiplications of 30-bit digits or their equal; it is known before `derive` is called.
    `size` is the work of reading and squaring every number of the derived statement: a step that uses it may do so.
    """

    premises: tuple[str, ...]
    work: int
    derive: Callable[[Sequence[Statement]], Statement]
    size: int = 1


class Fields:
    """One JSON object with exactly the fields `names`, read by type."""

    def __init__(self, value: object, names: Sequence[str], what: str = "evidence") -> None:
        if not isinstance(value, dict):
            raise Reject(f"{what} is not an object")
        self._object = cast("dict[str, object]", value)
        self._what = what
        for name in names:
            if name not in self._object:
                raise Reject(f"{what} has no field {name}")
        for name in self._object:
            if name not in names:
                raise Reject(f"{what} has an unknown field {name[:40]}")

    def _reject(self, name: str, wanted: str) -> Reject:
        return Reject(f"{name} in {self._what} is not {wanted}")

    def raw(self, name: str) -> object:
        """Return the field as parsed."""
        return self._object[name]

    def natural(self, name: str) -> int:
        """Return a natural number."""
        value = self._object[name]
        if type(value) is not int or value < 0:
            raise self._reject(name, "a natural number")
        return value

    def boolean(self, name: str) -> bool:
        """Return true or false."""
        value = self._object[name]
        if not isinstance(value, bool):
            raise self._reject(name, "true or false")
        return value

    def text(self, name: str, longest: int = 1000) -> str:
        """Return a text."""
        value = self._object[name]
        if not isinstance(value, str) or len(value) > longest:
            raise self._reject(name, f"a text of at most {longest} characters")
        return value

    def choice(self, name: str, allowed: Sequence[str]) -> str:
        """Return a text that is one of `allowed`."""
        value = self._object[name]
        if not isinstance(value, str) or value not in allowed:
            raise self._reject(name, "one of " + ", ".join(allowed))
        return value

    def list(self, name: str) -> list[object]:
        """Return a list."""
        value = self._object[name]
        if not isinstance(value, list):
            raise self._reject(name, "a list")
        return cast("list[object]", value)

    def naturals(self, name: str) -> list[int]:
        """Return a list of natural numbers."""
        values = self.list(name)
        if not all(type(value) is int and value >= 0 for value in values):
            raise self._reject(name, "a list of natural numbers")
        return cast("list[int]", values)

    def indices(self, name: str, below: int) -> list[int]:
        """Return strictly increasing indices below `below`."""
        values = self.naturals(name)
        if any(a >= b for a, b in itertools.pairwise(values)):
            raise self._reject(name, "strictly increasing")
        if values and values[-1] >= below:
            raise self._reject(name, f"a list of indices below {below}")
        return values

    def rationals(self, name: str) -> list[Fraction]:
        """Return a list of rational numbers."""
        return [rational(value, f"{name} in {self._what}") for value in self.list(name)]

    def integers(self, name: str, length: int) -> tuple[Sequence[int], int]:
        """Return an array of this length as integers and their binary exponent: value = integer * 2^exponent.

        Packed numbers stay packed: there can be many more of them than the certificate has commas.
        """
        value = self._object[name]
        if isinstance(value, dict) and tuple(cast("dict[str, object]", value)) == ("binary64",):
            return _binary64(Fields(cast("object", value), ("binary64",), name), name, length)
        if isinstance(value, dict) and "packed" in value:
            return _packed(Fields(cast("object", value), ("bytes", "exponent", "packed"), name), name, length)
        fields = Fields(cast("object", value), ("exponent", "integers"), name)
        exponent = _exponent(fields, name)
        texts = fields.list("integers")
        if len(texts) != length:
            raise self._reject(name, f"an array of length {length}")
        return [hexadecimal(text, name) for text in texts], exponent


def rational(value: object, what: str) -> Fraction:
    """Return the rational number spelled `p` or `p/q` in lowest terms."""
    match = _RATIONAL.fullmatch(value) if isinstance(value, str) and len(value) <= 8002 else None
    if match is None:
        raise Reject(f"{what} is not a rational number in lowest terms")
    try:
        numerator, denominator = int(match[1]), int(match[2] or 1)
    except ValueError as error:  # the user lowered Python's limit
        raise Reject(f"{what} is too long here: {error}") from None
    if math.gcd(numerator, denominator) != 1 or (match[2] is not None and denominator == 1):
        raise Reject(f"{what} is not a rational number in lowest terms")
    return Fraction(numerator, denominator)


def spell(value: Fraction) -> str:
    """Return the canonical spelling of a rational number."""
    if max(abs(value.numerator), value.denominator) >= _LONGEST_RATIONAL:
        raise Reject("a number derived here has more than 4000 digits")
    try:
        return str(value)
    except ValueError as error:  # the user lowered Python's limit
        raise Reject(f"a number derived here is too long: {error}") from None


def hexadecimal(value: object, what: str) -> int:
    """Return the integer spelled in lower-case hexadecimal without leading zeros."""
    if not isinstance(value, str) or _HEXADECIMAL.fullmatch(value) is None:
        raise Reject(f"{what} holds something that is not a hexadecimal integer of at most 50000 digits")
    return int(value, 16)


def _exponent(fields: Fields, name: str) -> int:
    exponent = fields.raw("exponent")
    if type(exponent) is not int or abs(exponent) > _LARGEST_EXPONENT:
        raise Reject(f"exponent in {name} is not an integer from -{_LARGEST_EXPONENT} to {_LARGEST_EXPONENT}")
    return exponent


def _base64(fields: Fields, field: str, name: str, size: int) -> bytes:
    """Return the `size` bytes that a field spells in base64."""
    text = fields.text(field, size // 3 * 4 + 4)
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Reject(f"{field} in {name} is not base64") from None
    if len(data) != size or base64.b64encode(data).decode("ascii") != text:
        raise Reject(f"{field} in {name} is not the base64 of {size} bytes")
    return data


def _packed(fields: Fields, name: str, length: int) -> tuple[Sequence[int], int]:
    width = fields.natural("bytes")
    if width not in _PACKED:
        raise Reject(f"bytes in {name} is not 1, 2, 4 or 8")
    values: array[int] = array(_PACKED[width])
    values.frombytes(_base64(fields, "packed", name, width * length))
    if sys.byteorder == "big":
        values.byteswap()
    return values, _exponent(fields, name)


def _binary64(fields: Fields, name: str, length: int) -> tuple[list[int], int]:
    data = _base64(fields, "binary64", name, 8 * length)
    values = struct.unpack(f"<{length}d", data)
    if not all(map(math.isfinite, values)):
        raise Reject("binary64 holds a value that is not finite")
    shift = max((value.as_integer_ratio()[1].bit_length() - 1 for value in values), default=0)
    largest = max(math.frexp(value)[1] for value in values) if values else 0
    if (max(largest, 0) + shift) * length > _MOST_BITS:
        raise Reject(f"the values of {name} are too many and too far apart")
    return [(p << shift) // q for p, q in map(float.as_integer_ratio, values)], -shift


def guard_nesting(data: bytes, deepest: int) -> None:
    """Raise Reject if brackets nest deeper than `deepest`; strings hold no backslash, so quotes come in pairs."""
    depth = 0
    for byte in re.sub(rb'"[^"]*"|[^][{}"]+', b"", data):
        depth += 1 if byte in b"[{" else -1
        if depth > deepest:
            raise Reject(f"it is nested more than {deepest} deep")


def squaring_work(numbers: Iterable[int]) -> int:
    """Return the work of reading and squaring all these numbers."""
    return sum(500 + (number.bit_length() // 30 + 1) ** 2 for number in numbers)


def root_enclosure(numerator: int, denominator: int) -> tuple[int, int]:
    """Return the integers l <= 2^ROOT_BITS sqrt(numerator/denominator) <= u with u - l <= 1, equal if exact."""
    scaled = numerator << (2 * ROOT_BITS)
    lower = math.isqrt(scaled // denominator)
    return lower, lower + (lower * lower * denominator != scaled)
