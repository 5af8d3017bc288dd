"""Square roots and inverses of algebraic numbers."""

from __future__ import annotations

import hashlib
import math
from fractions import Fraction

from ...errors import InputError, LimitError
from ...exact import cyclotomic_inverse, cyclotomic_remainder
from .numbers import Algebraic, Radical, Roots, made, total
from .signs import is_real, is_zero, sign, totient

_SMALL_PRIMES = 1000
_MOST_RANK = 8
_LONG_NAME = 64
_MOST_DEGREE = 256
_UNDECIDED = "whether the number divided by is zero takes too many digits to decide"


def root(number: Algebraic) -> Algebraic:
    """Return the principal square root of a real number.

    Integers under the root lose their small square factors, so that sqrt(8) is 2 sqrt(2). Raises InputError for a
    number that is not real, LimitError where that is not decided or roots are nested more than 8 deep.
    """
    real = is_real(number)
    of = sign(number) if real else None
    if real is False:
        raise InputError("expected a real number under a root, got a complex one: write it with exp")
    if of is None:
        raise LimitError("the sign of the number under a root takes too many digits to decide")
    if of == 0:
        return Algebraic.of(0)
    if of < 0:
        return Algebraic.root_of_unity(Fraction(1, 4)) * root(-number)
    content = math.gcd(*number.terms.values())
    # sqrt(U content / q) = sqrt(U) sqrt(content q) / q, U with integer coefficients
    value = number.rational
    if value is not None:
        return _integer_root(value.numerator * value.denominator).scaled(Fraction(1, value.denominator))
    terms = {key: c // content for key, c in number.terms.items()}
    square = Algebraic(order=number.order, terms=terms, divisor=1)
    rank = 1 + max((inner.rank for inner in square.radicals), default=0)
    if rank > _MOST_RANK:
        raise LimitError(f"expected roots nested at most {_MOST_RANK} deep")
    outer = Algebraic.of_radical(Radical(rank, _name(square), square))
    return (outer * _integer_root(content * number.divisor)).scaled(Fraction(1, number.divisor))


def _integer_root(value: int) -> Algebraic:
    """Return sqrt(value), value > 0: a root for each small prime that is left, and one for the rest."""
    outside, primes = 1, []
    for p in range(2, _SMALL_PRIMES):
        power = 0
        while value % p == 0:
            value, power = value // p, power + 1
        outside *= p ** (power // 2)
        if power % 2:
            primes.append(p)
    rest = math.isqrt(value)
    if rest * rest == value:
        outside *= rest
    else:
        primes.append(value)
    found = Algebraic.of(outside)
    for p in primes:
        found = found * Algebraic.of_radical(Radical(0, str(p), Algebraic.of(p)))
    return found


def _name(number: Algebraic) -> str:
    divisor = math.gcd(number.order, *(k for k, _ in number.terms))
    terms = sorted((k // divisor, sorted(inner.name for inner in roots), c) for (k, roots), c in number.terms.items())
    text = f"{number.order // divisor}{terms}"
    return text if len(text) < _LONG_NAME else hashlib.sha256(text.encode()).hexdigest()


def reduced(number: Algebraic) -> Algebraic:
    """Return the same number in the powers of z below phi(order), for each set of roots.

    Without roots two numbers of one order are equal if and only if these are written alike.
    """
    parts: dict[Roots, dict[int, int]] = {}
    for (k, roots), c in number.terms.items():
        parts.setdefault(roots, {})[k] = c
    terms = {
        (k, roots): c
        for roots, part in parts.items()
        for k, c in cyclotomic_remainder(part, number.order).items()
    }  # fmt: skip
    return made(number.order, terms, number.divisor)


def inverse(number: Algebraic) -> Algebraic:
    """Return 1/number; raise InputError for 0, LimitError where it is not decided whether it is 0.

    Roots are removed one after the other: 1/(a + b g) = (a - b g)/(a^2 - b^2 g^2), unless a = b g, and then it is
    1/(2 a); what is left is inverted modulo a cyclotomic polynomial.
    """
    zero = is_zero(number)
    if zero is None:
        raise LimitError(_UNDECIDED)
    if zero:
        raise InputError("expected a number other than zero to divide by, got zero")
    if len(number.terms) == 1:
        return _inverse_of_term(number)
    roots = number.radicals
    if not roots:
        return _cyclotomic(number)
    last = roots[-1]
    a = {key: c for key, c in number.terms.items() if last not in key[1]}
    b = {(k, gs - {last}): c for (k, gs), c in number.terms.items() if last in gs}
    left, right = (Algebraic(order=number.order, terms=t, divisor=number.divisor) for t in (a, b))
    turned = left - right * Algebraic.of_radical(last)
    zero = is_zero(turned)
    if zero is None:
        raise LimitError(_UNDECIDED)
    if zero:
        return inverse(left.scaled(Fraction(2)))
    return turned * inverse(left * left - right * right * last.square)


def _inverse_of_term(number: Algebraic) -> Algebraic:
    ((k, roots), c), *_ = number.terms.items()
    found = Algebraic.root_of_unity(Fraction(-k, number.order)).scaled(Fraction(number.divisor, c))
    for g in roots:
        found = found * Algebraic.of_radical(g) * inverse(g.square)
    return found


def _cyclotomic(number: Algebraic) -> Algebraic:
    if totient(number.order) > _MOST_DEGREE:
        raise LimitError(f"to divide by a sum of roots of unity that generate a field of degree above {_MOST_DEGREE}")
    terms, divisor = cyclotomic_inverse({k: c for (k, _), c in number.terms.items()}, number.order)
    parts = (Algebraic.root_of_unity(Fraction(k, number.order)).scaled(Fraction(c)) for k, c in terms.items())
    return total(parts).scaled(Fraction(number.divisor, divisor))
