"""Signs and zeros of algebraic numbers, proved: by ball arithmetic, and where balls touch zero by a separation bound.

A number times its divisor is a sum U of c z^k g_1 .. g_r as in `numbers`: an algebraic integer in a field K of degree
at most d = phi(N) 2^R, N the order and R the number of roots, nested ones too. An embedding of K into the complex
numbers keeps the modulus of z^k and maps a root g to a root of the image of g^2; so it maps U to a number of modulus
at most u >= 1, the sum of |c| b_1 .. b_r, where b^2 is at least the sum of that kind for g^2. If U is not 0, its norm
is an integer other than 0, hence 1 <= |U| u^(d-1). A ball for U that touches 0 and is smaller than u^(1-d) therefore
proves U = 0. (For real roots: Burnikel, Funke, Mehlhorn, Schirra, Schmitt 2001.)
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from ...exact import Enclosure, ball, ball_enclosure, ball_of_turn, ball_precision
from .numbers import Algebraic, Radical, count

if TYPE_CHECKING:
    from ...exact import Ball

FEWEST_BITS = 128
MOST_BITS = 20_000
"""Beyond this precision the question stays undecided."""


def is_zero(number: Algebraic) -> bool | None:
    """Say whether a number is 0; None if that would need more than 20000 bits."""
    if not number.terms:
        return True
    if number.rational is not None:
        return False
    needed = separation(number)
    bits = FEWEST_BITS
    while True:
        with ball_precision(bits):
            parts = _balls(number, bits)
            if any(part > 0 or part < 0 for part in parts):
                return False
            tiny = ball(Fraction(1, 2 ** (needed + 1))) if needed < bits else None
            # both parts below 2^-(needed + 1): the modulus is below 2^-needed
            if tiny is not None and all(abs(part) < tiny for part in parts):
                return True
        if bits > min(4 * needed + FEWEST_BITS, MOST_BITS):
            return None
        bits *= 2


def sign(number: Algebraic) -> int | None:
    """Return the sign of a real number; None if that is undecided as in `is_zero`, or if the number is not real."""
    zero = is_zero(number)
    if zero is None:
        return None
    bits = FEWEST_BITS
    while not zero and bits <= 2 * MOST_BITS:
        with ball_precision(bits):
            real, _ = _balls(number, bits)
            if real > 0 or real < 0:
                return 1 if real > 0 else -1
        bits *= 2
    return 0 if zero else None


def is_real(number: Algebraic) -> bool | None:
    """Say whether a number is real; None if that is undecided."""
    return is_zero(number - number.conjugate())


def balls(number: Algebraic, bits: int) -> tuple[Ball, Ball]:
    """Return balls that hold the real and the imaginary part of a number; inside `ball_precision`(bits)."""
    real, imaginary = _balls(number, bits)
    return real / number.divisor, imaginary / number.divisor


def real_enclosure(number: Algebraic, bits: int) -> Enclosure | None:
    """Enclose the real part of a number, or None if that fails at this precision."""
    with ball_precision(bits):
        return ball_enclosure(balls(number, bits)[0])


def separation(number: Algebraic) -> int:
    """Return b such that the number times its divisor is 0 or at least 2^-b in modulus."""
    roots = number.radicals
    orders = [_least_order(number), *(_least_order(root.square) for root in roots)]
    degree = totient(math.lcm(*orders)) << len(roots)
    return (degree - 1) * _conjugates(number).bit_length()


def _conjugates(number: Algebraic) -> int:
    """Return a bound of the modulus of every conjugate of the number times its divisor."""
    return max(1, sum(abs(c) * math.prod(map(_root_bound, roots)) for (_, roots), c in number.terms.items()))


@lru_cache(maxsize=4096)
def _root_bound(root: Radical) -> int:
    return math.isqrt(_conjugates(root.square)) + 1


def _least_order(number: Algebraic) -> int:
    return number.order // math.gcd(number.order, *(k for k, _ in number.terms))


@lru_cache(maxsize=4096)
def totient(n: int) -> int:
    """Return how many of 1 .. n are prime to n."""
    return sum(1 for k in range(1, n + 1) if math.gcd(k, n) == 1)


def _balls(number: Algebraic, bits: int) -> tuple[Ball, Ball]:
    """Return balls that hold real and imaginary part of the number times its divisor."""
    count(len(number.terms) * bits // 64)
    real = imaginary = ball(Fraction(0))
    for (k, roots), c in number.terms.items():
        cosine, sine = _turn(k, number.order, bits)
        factor = ball(Fraction(c))
        for root in roots:
            factor = factor * _root(root, bits)
        real, imaginary = real + factor * cosine, imaginary + factor * sine
    return real, imaginary


@lru_cache(maxsize=16384)
def _turn(k: int, order: int, _bits: int) -> tuple[Ball, Ball]:
    return ball_of_turn(Fraction(k, order))


@lru_cache(maxsize=4096)
def _root(root: Radical, bits: int) -> Ball:
    return _balls(root.square, bits)[0].sqrt()
