"""SymPy expressions in ball arithmetic: values and signs that are proved."""

# SymPy annotates many results as Basic, or as possibly None, where they are expressions.
# pyright: reportArgumentType=false, reportAssignmentType=false, reportReturnType=false, reportCallIssue=false
# pyright: reportAttributeAccessIssue=false, reportOperatorIssue=false, reportIndexIssue=false
# pyright: reportOptionalMemberAccess=false
from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

import sympy

from ...exact import Enclosure, ball, ball_enclosure, ball_pi, ball_precision

if TYPE_CHECKING:
    from ...exact import Ball

BITS = 256
_FUNCTIONS: dict[type, Callable[[Ball], Ball]] = {
    sympy.exp: lambda x: x.exp(),
    sympy.log: lambda x: x.log(),
    sympy.erf: lambda x: x.erf(),
    sympy.erfc: lambda x: x.erfc(),
    sympy.tanh: lambda x: x.tanh(),
    sympy.LambertW: lambda x: x.lambertw(),
}


def enclosure(expression: sympy.Expr, x: Fraction | Enclosure | None = None, bits: int = BITS) -> Enclosure:
    """Enclose an expression without free symbols, or with the one symbol whose value is `x`.

    Raises ValueError for a function that is not known here, and where no finite interval is found.
    """
    with ball_precision(bits):
        found = ball_enclosure(_ball(expression, None if x is None else ball(x)))
    if found is None:
        raise ValueError(f"{expression} has no finite value for {x}")
    return found


def root_of(expression: sympy.Expr, low: Fraction, high: Fraction, width: Fraction) -> Enclosure:
    """Enclose a zero of a continuous expression in one symbol, positive at `low` and negative at `high`, by halving.

    Raises ValueError if the signs at the ends are not proved.
    """
    if enclosure(expression, low).lower <= 0 or enclosure(expression, high).upper >= 0:
        raise ValueError(f"{expression} is not proved to fall from positive to negative between {low} and {high}")
    while high - low > width:
        middle = (low + high) / 2
        value = enclosure(expression, middle)
        if value.lower > 0:
            low = middle
        elif value.upper < 0:
            high = middle
        else:
            break  # the zero is so close that the sign is not decided: this interval is narrow enough
    return Enclosure(low, high)


def _ball(expression: sympy.Expr, x: Ball | None) -> Ball:
    if isinstance(expression, sympy.Rational):
        return ball(Fraction(int(expression.p), int(expression.q)))
    if isinstance(expression, sympy.Symbol) and x is not None:
        return x
    if expression is sympy.pi:
        return ball_pi()
    if expression is sympy.E:
        return ball(Fraction(1)).exp()
    parts = [_ball(part, x) for part in expression.args]
    if isinstance(expression, sympy.Add):
        return sum(parts[1:], parts[0])
    if isinstance(expression, sympy.Mul):
        result = parts[0]
        for part in parts[1:]:
            result = result * part
        return result
    if isinstance(expression, sympy.Pow):
        return parts[0].sqrt() if expression.exp == sympy.Rational(1, 2) else parts[0] ** parts[1]
    if type(expression) in _FUNCTIONS:
        return _FUNCTIONS[type(expression)](parts[0])
    raise ValueError(f"no ball arithmetic for {expression}")
