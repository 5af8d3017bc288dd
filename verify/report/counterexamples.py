"""Counterexamples in words: two codes of one signal, read from accepted claims, with few digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .claims import Codes, Entry, failing_code, two_codes
from .model import Report
from .numbers import approximate, is_short

_DIGITS = 4


@dataclass(frozen=True, slots=True)
class CodeView:
    """One of two codes of one signal: (atom, value in words) and how many more there are."""

    name: str
    entries: tuple[tuple[int, str], ...]
    more: int


@dataclass(frozen=True, slots=True)
class Counterexample:
    """Two codes of one signal, what they are called, and what they prove in one or two sentences."""

    name: str
    title: str
    words: str
    codes: Codes

    @property
    def views(self) -> tuple[CodeView, CodeView]:
        """Both codes in words."""
        return code_views(self.codes)


def counterexamples(report: Report) -> tuple[Counterexample, ...]:
    """Return what the accepted null vectors refute: uniqueness, and basis pursuit where a claim names a heavy part."""
    found: list[Counterexample] = []
    if codes := two_codes(report.accepted):
        most = f"{codes.nonzeros} nonzero{'s' if codes.nonzeros > 1 else ''}"
        words = f"x and x′ are different, have at most {most} each, and D x = D x′ exactly."
        found.append(Counterexample("codes", "Two codes of one signal", words + _scaled(codes), codes))
    if "l1" in report.asked.questions and (codes := failing_code(report.accepted, report.asked.scaling)):
        words = _missed(codes, report.asked.scaling)
        found.append(Counterexample("missed", "A code that basis pursuit can miss", words + _scaled(codes), codes))
    return tuple(found)


def _missed(codes: Codes, scaling: str) -> str:
    x, other = codes.first, codes.second
    least = f"The code x has {_count(x)}, the largest {_largest(codes, x)}."
    if not other:
        return f"{least} Its signal is zero, as that of the code x′ = 0, which weighs less: x is not a minimiser."
    weights = ""
    if scaling == "as-given" and not codes.is_complex:
        sums = [approximate(sum((abs(a) for _, a, _ in code), Fraction(0)), _DIGITS) for code in (x, other)]
        weights = f" (sums of absolute values: about {sums[0]} for x, {sums[1]} for x′)"
    return (
        f"{least} The code x′ with {_count(other)} on other atoms has the same signal, D x = D x′ exactly, and weighs "
        f"no more{weights}: x is not the only minimiser."
    )


def _count(code: Sequence[Entry]) -> str:
    return f"{len(code)} nonzero{'s' if len(code) != 1 else ''}"


def _largest(codes: Codes, code: Sequence[Entry]) -> str:
    atom, real, imaginary = max(code, key=lambda entry: entry[1] ** 2 + entry[2] ** 2)
    value = number(real, imaginary, is_complex=codes.is_complex).replace("≈", "about")
    return f"{value} at atom {atom}"


def _scaled(codes: Codes) -> str:
    return " Both are scaled by one factor, for reading." if codes.is_scaled else ""


def code_views(codes: Codes, limit: int = 12) -> tuple[CodeView, CodeView]:
    """Return the two codes with at most `limit` entries each, exact where that is short, else with "≈"."""
    return _code("x", codes.first, codes.is_complex, limit), _code("x′", codes.second, codes.is_complex, limit)


def _code(name: str, entries: tuple[Entry, ...], is_complex: bool, limit: int) -> CodeView:
    shown = tuple((i, number(a, b, is_complex=is_complex)) for i, a, b in entries[:limit])
    return CodeView(name, shown, max(0, len(entries) - limit))


def number(real: Fraction, imaginary: Fraction, *, is_complex: bool) -> str:
    """Return a number of a code: exact where it is short, otherwise a decimal after "≈"."""
    if not is_complex:
        return _plain(real)[0]
    (a, exact_a), (b, exact_b) = _plain(real, mark=False), _plain(abs(imaginary), mark=False)
    unit = "i" if b == "1" else f"({b})i" if "/" in b else f"{b}i"
    if not imaginary:
        text = a
    elif not real:
        text = f"-{unit}" if imaginary < 0 else unit
    else:
        text = f"{a} {'-' if imaginary < 0 else '+'} {unit}"
    return text if exact_a and exact_b else f"≈ {text}"


def _plain(value: Fraction, *, mark: bool = True) -> tuple[str, bool]:
    if is_short(value):
        return str(value), True
    return ("≈ " if mark else "") + approximate(value, _DIGITS), False
