"""Algebraic numbers as SymPy expressions, for reading: no verdict rests on them."""

# SymPy annotates many results as Basic where they are expressions.
# pyright: reportArgumentType=false, reportReturnType=false, reportOperatorIssue=false
from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from .numbers import Algebraic
from .operations import reduced

if TYPE_CHECKING:
    import sympy


def expression(number: Algebraic) -> sympy.Expr:
    """Return a number as a sum of products of roots, cosines and (unless it is written as real) sines."""
    import sympy

    value = reduced(number).rational
    if value is not None:
        return sympy.Rational(value.numerator, value.denominator)
    whole = sympy.Integer(0)
    written_real = number.conjugate().terms == number.terms
    for (k, roots), c in sorted(number.terms.items(), key=lambda term: (term[0][0], sorted(term[0][1]))):
        angle = 2 * sympy.pi * sympy.Rational(k, number.order)
        turn = sympy.cos(angle) if written_real else sympy.cos(angle) + sympy.I * sympy.sin(angle)
        product = sympy.Mul(*(sympy.sqrt(expression(root.square)) for root in sorted(roots)))
        whole += c * turn * product
    return sympy.expand(whole / number.divisor)


def cosine_expression(product: Algebraic, squared_norms: tuple[Algebraic, Algebraic], sign: int | None) -> sympy.Expr:
    """Return |g|/(N_i N_j) for an inner product g, which is real with this `sign`, or complex (None)."""
    import sympy

    first, second = squared_norms
    if first.terms == second.terms and first.divisor == second.divisor:
        norms = expression(first)
    else:
        norms = sympy.sqrt(expression(first * second))
    if sign is None:
        return sympy.sqrt(expression(product * product.conjugate())) / norms
    return sympy.expand(sign * expression(product)) / norms


def root_expression(square: Fraction) -> sympy.Expr:
    """Return the square root of a rational number."""
    import sympy

    return sympy.sqrt(sympy.Rational(square.numerator, square.denominator))
