"""Bounds that were found in floating point, raised a little until the independent checker derives none above them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import certificates
from certificates.checker import WORK_LIMIT, WORK_PER_SECOND

from ..errors import CheckerDisagreementError
from .certificate import Certificate
from .check import Unchecked

MARGINS = (Fraction(1, 1 << 20), Fraction(1, 1 << 10), Fraction(1, 1 << 5))

Answered = tuple[Certificate | None, certificates.Accepted | Unchecked | None, int]
"""A certificate, the checker's answer, and the work that checking takes; without the first two there is no bound."""


def raised_until_accepted(
    write: Callable[[Fraction], Certificate | None], check_seconds: float, **subjects: Any
) -> Answered:
    """Write a certificate with one margin (a share of the bounds) after another until the checker accepts it.

    None and None where there is nothing to write, or where the checker finds that something may overflow; `Unchecked`
    where the check would take longer than `check_seconds`. Raises CheckerDisagreementError for other rejections.
    """
    answer: certificates.Accepted | certificates.Rejected | None = None
    for margin in MARGINS:
        certificate = write(margin)
        if certificate is None:
            return None, None, 0
        work = certificates.estimate_work(certificate.data, **subjects)
        if work > check_seconds * WORK_PER_SECOND:
            return certificate, Unchecked(work), work
        answer = certificates.check(certificate.data, work_limit=work or WORK_LIMIT, **subjects)
        if isinstance(answer, certificates.Accepted):
            return certificate, answer, work
        if "is not proved" not in answer.why:
            break
    assert isinstance(answer, certificates.Rejected)
    if "overflow" in answer.why or "no error bound" in answer.why:
        return None, None, 0
    raise CheckerDisagreementError(
        f"the independent checker rejected this certificate at {answer.step}: {answer.why}; please report this"
    )
