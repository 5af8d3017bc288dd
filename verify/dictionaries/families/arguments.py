"""The arguments of built-in dictionaries: numbers in a pattern, sizes that are not too large."""

from __future__ import annotations

import math
import re

from ...errors import InputError, LimitError
from ..entries import MOST_ENTRIES


def numbers(text: str, pattern: str, wanted: str) -> list[int]:
    """Return the numbers of `text` if it is of the pattern, in which # stands for a number of at most 18 digits."""
    match = re.fullmatch(pattern.replace("#", "([0-9]{1,18})"), text)
    if match is None:
        raise InputError(f"expected {wanted}, got {text[:40]!r}" if text else f"expected {wanted}, got no argument")
    return [int(number) for number in match.groups()]


def refuse_too_large(m: int, n: int, bytes_each: int) -> None:
    """Raise LimitError, before anything is made, for more entries than the checker reads."""
    if m * n > MOST_ENTRIES:
        memory, limit = m * n * bytes_each >> 20, MOST_ENTRIES * bytes_each >> 20
        raise LimitError(
            f"{m} x {n} entries need {memory} MiB; the limit is {MOST_ENTRIES} entries ({limit} MiB), "
            "as many as the checker reads"
        )


def is_prime(p: int) -> bool:
    """Say whether an integer is prime, by trial division; for sizes of dictionaries."""
    return p > 1 and all(p % d for d in range(2, math.isqrt(p) + 1))
