"""Roots of unity, each part the binary64 number nearest to the true one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_BITS = 192
_ONE = 1 << _BITS


def roots_of_unity(n: int) -> NDArray[np.complex128]:
    """Return exp(-2 pi i r / n) for r = 0 .. n-1, shape (n,).

    Guarantee: 0, 1, -1, 1/2 and -1/2 are exact; every other part is off by less than 0.5 units in the last place plus
    2^-100 of them. Conjugate and opposite roots are exactly that. Cost: n/8 series of about 40 terms.
    """
    roots = np.empty(n, dtype=np.complex128)
    pi = _pi()
    cache: dict[int, tuple[float, float]] = {}
    for r in range(n):
        quarter, rest = divmod(4 * r, n)  # the angle is (quarter + rest/n) pi/2
        folded = min(rest, n - rest)  # into the first octant
        if folded not in cache:
            cache[folded] = _cosine_sine(pi * folded // (2 * n))
        cosine, sine = cache[folded]
        if rest != folded:
            cosine, sine = sine, cosine
        x, y = ((cosine, sine), (-sine, cosine), (-cosine, -sine), (sine, -cosine))[quarter]
        roots[r] = complex(x + 0.0, 0.0 - y)
    return roots


def _cosine_sine(angle: int) -> tuple[float, float]:
    """Return cos and sin of angle / 2^192, 0 <= angle <= pi/4, by Taylor series in integers."""
    parts = [0, 0]
    term, k = _ONE, 0
    while term:
        parts[k % 2] += term if k % 4 < 2 else -term
        k += 1
        term = (term * angle >> _BITS) // k
    return parts[0] / _ONE, parts[1] / _ONE  # division of integers rounds to nearest


def _pi() -> int:
    """Return floor of about 2^192 pi, by Machin's formula with 32 guard bits."""
    one = _ONE << 32

    def arctangent_of_inverse(x: int) -> int:
        total, power, k = 0, one // x, 1
        while power:
            total += power // k if k % 4 == 1 else -(power // k)
            power //= x * x
            k += 2
        return total

    return 4 * (4 * arctangent_of_inverse(5) - arctangent_of_inverse(239)) >> 32
