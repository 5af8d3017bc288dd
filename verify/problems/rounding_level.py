"""Saying that a code is dense only because its signal was rounded."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from .outcome import Outcome

_ROUNDINGS = 1 << 12
"""Entries below so many unit roundoffs of the largest are called rounding noise; it decides no proof."""


def with_rounding_remark(outcome: Outcome) -> Outcome:
    """Return the outcome, with a remark if the sparsest code of a signal of floats has tiny entries.

    A product D x rounded to floats is the exact product of no sparse code: the remaining entries of its exact code are
    as small as the rounding errors.
    """
    problem, code = outcome.problem, outcome.solution
    kinds = {part.dtype for part in problem.signal.parts}
    exact = problem.name == "sparsest" and problem.statement["epsilon"] == "0"
    if code is None or not exact or any(kind.kind != "f" for kind in kinds):
        return outcome
    squares = _squares(*code.values)
    level = Fraction(max(float(np.finfo(str(kind)).eps) for kind in kinds) * _ROUNDINGS) ** 2 * max(squares, default=0)
    tiny = sum(square <= level for square in squares)
    if not tiny:
        return outcome
    remark = (
        f"{tiny} of {len(squares)} nonzeros are at rounding level: a rounded signal D x is exactly that of no sparse "
        "code; hand in the code itself (--code), or allow for the rounding (bpdn or sparsest with --epsilon auto)"
    )
    return replace(outcome, remarks=(*outcome.remarks, remark))


def _squares(real: list[Fraction], imaginary: list[Fraction] | None) -> list[Fraction]:
    return [a * a + b * b for a, b in zip(real, imaginary or [Fraction(0)] * len(real), strict=True)]
