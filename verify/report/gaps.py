"""What is known where nothing is decided: the levels around, and the constant that decides."""

from __future__ import annotations

from fractions import Fraction

from .claims import Level
from .constants import Bounds, at_level, null_space
from .model import Report
from .numbers import decimals

HALF = Fraction(1, 2)
_DIGITS, _MOST_DIGITS = 4, 24


def reason(report: Report, question: str, level: Level, k: int) -> str:
    """Return why level k is undecided: what is guaranteed below it, what is refuted above, and the gap of nsc_k."""
    below = f"levels up to {level.guaranteed} are guaranteed" if level.guaranteed > 1 else None
    below = below or ("level 1 is guaranteed" if level.guaranteed else "no level is guaranteed")
    above = "no level is refuted" if level.refuted is None else f"level {level.refuted} and above are refuted"
    lies = "" if level.refuted is None else f"; level {k} lies in the gap"
    return f"{below}, {above}{lies}{_more(report, question, k)}"


def _more(report: Report, question: str, k: int) -> str:
    if question == "network" and report.subject.field == "complex":
        return "; the network is a question about real dictionaries, and nothing guarantees it for this one"
    if question == "l1" and (bounds := at_level(null_space(report.accepted, report.asked.scaling), k)):
        return f"; proved of the null-space constant, which has to be below 1/2: {gap(f'nsc_{k}', bounds)}"
    return ""


def gap(name: str, bounds: Bounds) -> str:
    """Return what is proved of a number as one line, such as "0.45 ≤ nsc_3 ≤ 0.73"."""
    left = "" if bounds.lower is None else f"{lower_text(bounds.lower)} ≤ "
    right = "" if bounds.upper is None else f" ≤ {upper_text(bounds.upper)}"
    return f"{left}{name}{right}"


def lower_text(value: Fraction) -> str:
    """Return a decimal of few digits that is at most the value."""
    return decimals(value, _DIGITS).lower


def upper_text(value: Fraction) -> str:
    """Return a decimal that is at least the value, with as many digits as it takes to be on the same side of 1/2."""
    texts = (decimals(value, digits).upper for digits in range(_DIGITS, _MOST_DIGITS))
    return next((text for text in texts if (value < HALF) == (Fraction(text) < HALF)), "0.5")
