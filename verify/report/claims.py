"""Reading accepted claims: which levels they prove, and what they say about the dictionary."""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from ..errors import InputError, VerifyError
from .model import QUESTIONS, Claim
from .numbers import is_short

Answer = Literal["guaranteed", "refuted", "undecided"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What is proved about one question: yes up to `guaranteed` (0: no level), no from `refuted` on (None: no level).

    The two theorems are the ones the claims name.
    """

    guaranteed: int
    guaranteed_by: str | None
    refuted: int | None
    refuted_by: str | None


def levels(claims: Iterable[Claim], scaling: str) -> dict[str, Level]:
    """Return, for every question, the largest guaranteed and the smallest refuted level among claims of this scaling.

    Guarantee: nothing is inferred beyond the claims. Raises VerifyError if claims contradict one another.
    """
    found = list(claims)
    return {question: _level(found, question, scaling) for question in QUESTIONS}


def _level(claims: Sequence[Claim], question: str, scaling: str) -> Level:
    about = [c for c in claims if c.get("question") == question and c.get("scaling") == scaling]
    yes = max((c for c in about if c["kind"] == "guaranteed"), key=lambda c: c["level"], default=None)
    no = min((c for c in about if c["kind"] == "refuted"), key=lambda c: c["level"], default=None)
    if yes is not None and no is not None and yes["level"] >= no["level"]:
        raise VerifyError(
            f"the claims contradict one another: {question} is guaranteed at level {yes['level']} "
            f"and refuted at level {no['level']} ({scaling})"
        )
    return Level(
        guaranteed=yes["level"] if yes else 0,
        guaranteed_by=yes["theorem"] if yes else None,
        refuted=no["level"] if no else None,
        refuted_by=no["theorem"] if no else None,
    )


def verdict(level: Level, k: int) -> Answer:
    """Return the answer at level k: proved yes, proved no, or neither. Raises InputError for k below 1."""
    if k < 1:
        raise InputError(f"a level is at least 1, got {k}")
    if k <= level.guaranteed:
        return "guaranteed"
    if level.refuted is not None and k >= level.refuted:
        return "refuted"
    return "undecided"


def first(claims: Iterable[Claim], kind: str) -> Claim | None:
    """Return the first claim of this kind, or None."""
    return next((c for c in claims if c["kind"] == kind), None)


def babel(claims: Iterable[Claim]) -> Claim | None:
    """Return the `babel` claim with the most bounds, or None."""
    return max((c for c in claims if c["kind"] == "babel"), key=lambda c: len(c["upper"]), default=None)


def spark_lower(claims: Iterable[Claim]) -> Claim | None:
    """Return the `spark-lower` claim with the largest value, or None."""
    return max((c for c in claims if c["kind"] == "spark-lower"), key=lambda c: c["value"], default=None)


def spark_upper(claims: Iterable[Claim]) -> Claim | None:
    """Return the `spark-upper` claim with the smallest value, or None."""
    return min((c for c in claims if c["kind"] == "spark-upper"), key=lambda c: c["value"], default=None)


def rank(claims: Iterable[Claim]) -> tuple[int, int] | None:
    """Return the largest lower and the smallest upper bound of the rank that are claimed, or None."""
    found = [c for c in claims if c["kind"] == "rank"]
    return (max(c["lower"] for c in found), min(c["upper"] for c in found)) if found else None


Entry = tuple[int, Fraction, Fraction]


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """Two different codes of one signal: entries (atom, real part, imaginary part), nonzero, atoms increasing.

    `is_scaled` says that both were divided by their largest part, as a multiple of a null vector is one too.
    """

    first: tuple[Entry, ...]
    second: tuple[Entry, ...]
    is_complex: bool
    is_scaled: bool = False

    @property
    def nonzeros(self) -> int:
        """The number of nonzeros of the larger code."""
        return max(len(self.first), len(self.second))


def two_codes(claims: Iterable[Claim]) -> Codes | None:
    """Split the claimed null vector with the fewest nonzeros into two codes of one signal, or return None.

    With D h = 0 and p nonzeros, the first code is h on the first ceil(p/2) of them, the second -h on the others. Values
    too long to print are divided by the largest one. Guarantee: exact values. Raises InputError for arrays that
    certificates/SPEC.md does not allow.
    """
    found = _null_vector(claims)
    return None if found is None else _split(found, found["support"][: (len(found["support"]) + 1) // 2])


def failing_code(claims: Iterable[Claim], scaling: str) -> Codes | None:
    """Return a code that basis pursuit does not find and another one that costs no more, or None.

    The first code is h on the heavy part of the null vector that a refutation of this scaling carries, the second -h
    on the other atoms. Guarantee and errors as for `two_codes`.
    """
    refuted = (c for c in claims if c["kind"] == "refuted" and c.get("part") and c["scaling"] == scaling)
    claim = min(refuted, key=lambda c: c["level"], default=None)
    return None if claim is None else _split(claim, claim["part"])


def _null_vector(claims: Iterable[Claim]) -> Claim | None:
    return min((c for c in claims if c["kind"] == "null-vector"), key=lambda c: len(c["support"]), default=None)


def _split(found: Claim, part: Sequence[int]) -> Codes:
    support = found["support"]
    real = array(found["real"])
    imaginary = [Fraction(0)] * len(real) if found["imaginary"] is None else array(found["imaginary"])
    if not len(support) == len(real) == len(imaginary):
        raise InputError(f"a null vector with {len(support)} nonzeros comes with {len(real)} values")
    scaled = not all(is_short(value) for value in (*real, *imaginary))
    if scaled:
        largest = max(map(abs, (*real, *imaginary)))
        real, imaginary = [a / largest for a in real], [b / largest for b in imaginary]
    entries = list(zip(support, real, imaginary, strict=True))
    return Codes(
        first=tuple(entry for entry in entries if entry[0] in part),
        second=tuple((i, -a, -b) for i, a, b in entries if i not in part),
        is_complex=found["imaginary"] is not None,
        is_scaled=scaled,
    )


def array(value: object) -> list[Fraction]:
    """Return the exact numbers of an array of certificates/SPEC.md section 2.1; raise InputError for anything else."""
    match value:
        case {"binary64": str(text)}:
            try:
                data = base64.b64decode(text, validate=True)
                return [Fraction(x) for (x,) in struct.iter_unpack("<d", data)]
            except (binascii.Error, struct.error, ValueError, OverflowError) as error:
                raise InputError(f"an array of a claim holds no binary64 numbers: {error}") from None
        case {"bytes": (1 | 2 | 4 | 8) as width, "exponent": int(exponent), "packed": str(text)} if _allowed(exponent):
            try:
                data = base64.b64decode(text, validate=True)
                unpacked = struct.iter_unpack(f"<{_PACKED[width]}", data)
                return [x * Fraction(2) ** exponent for (x,) in unpacked]
            except (binascii.Error, struct.error, ValueError) as error:
                raise InputError(f"an array of a claim holds no packed integers: {error}") from None
        case {"exponent": int(exponent), "integers": [*integers]} if _allowed(exponent):
            try:
                return [int(h, 16) * Fraction(2) ** exponent for h in integers]
            except (TypeError, ValueError):
                raise InputError("an array of a claim holds something else than hexadecimal integers") from None
        case _:
            raise InputError("an array of a claim has neither binary64 numbers nor integers with an exponent")


_PACKED = {1: "b", 2: "h", 4: "i", 8: "q"}


def _allowed(exponent: int) -> bool:
    return -5000 <= exponent <= 5000
