"""How far smooth activations are from ReLU: sup |f - relu|, with a proof that it is the supremum, enclosed.

On a half line v = x or v = -x, x > 0, |f - relu| is a `form` g(x) with g' = factor * slope, factor > 0. If the slope
begins positive and falls throughout, or falls and then rises to the limit 0, it has one zero: there g, which is 0 at
both ends, has its only critical point, the maximum. A form that only falls has its supremum at 0, one that only rises
its limit. `proof` has SymPy check each of these steps.
"""

# SymPy annotates many results as Basic, or as possibly None, where they are expressions.
# pyright: reportArgumentType=false, reportAssignmentType=false, reportReturnType=false, reportCallIssue=false
# pyright: reportAttributeAccessIssue=false, reportOperatorIssue=false, reportIndexIssue=false
# pyright: reportOptionalMemberAccess=false
from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache

import sympy

from ...exact import Enclosure
from .balls import enclosure, root_of

X, V, ALPHA = sympy.Symbol("x", positive=True), sympy.Symbol("v", real=True), sympy.Symbol("alpha", positive=True)
_U = sympy.sqrt(2 / sympy.pi) * (X + sympy.Rational(44715, 10**6) * X**3)
_TAIL = sympy.erfc(X / sympy.sqrt(2)) / 2
_E, _MISH = sympy.exp(X), 1 + 2 * sympy.exp(X) + 2 * sympy.exp(2 * X)
_WIDTH, _NEAR, _FAR = Fraction(1, 2**140), Fraction(1, 1000), Fraction(4)


class Shape(StrEnum):
    """How g behaves on the half line."""

    peak = "one maximum"
    falls = "falls from 0 on"
    rises = "rises to its limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """One half line: v = sign * x; |f - relu| = `form`, whose derivative is the positive `factor` times `slope`."""

    sign: int
    form: sympy.Expr
    slope: sympy.Expr
    factor: sympy.Expr = sympy.S.One
    shape: Shape = Shape.peak


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """f(v), and one half line for each sign of v; one serves for both if f - relu is even, or vanishes on the other."""

    name: str
    function: sympy.Expr
    halves: tuple[Half, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Supremum:
    """sup |f - relu| is `value`, enclosed by `enclosure` (None with a parameter), attained at v = `at` if not None."""

    value: sympy.Expr | None
    enclosure: Enclosure | None
    at: Enclosure | None


ACTIVATIONS = (
    Activation(
        name="silu",
        function=V / (1 + sympy.exp(-V)),
        halves=(Half(sign=-1, form=X / (1 + _E), slope=1 + _E - X * _E, factor=1 / (1 + _E) ** 2),),
    ),
    Activation(
        name="gelu",
        function=V * (1 + sympy.erf(V / sympy.sqrt(2))) / 2,
        halves=(Half(sign=-1, form=X * _TAIL, slope=_TAIL + X * sympy.diff(_TAIL, X)),),
    ),
    Activation(
        name="gelu-tanh",
        function=V * (1 + sympy.tanh(_U.subs(X, V))) / 2,
        halves=(
            Half(
                sign=-1,
                form=X / (1 + sympy.exp(2 * _U)),
                slope=sympy.exp(-2 * _U) + 1 - 2 * X * sympy.diff(_U, X),
                factor=sympy.exp(2 * _U) / (1 + sympy.exp(2 * _U)) ** 2,
            ),
        ),
    ),
    Activation(
        name="softplus",
        function=sympy.log(1 + sympy.exp(V)),
        halves=(Half(sign=-1, form=sympy.log(1 + sympy.exp(-X)), slope=-1 / (1 + _E), shape=Shape.falls),),
    ),
    Activation(
        name="mish",
        function=V * sympy.tanh(sympy.log(1 + sympy.exp(V))),
        halves=(
            Half(
                sign=1,
                form=2 * X / (_E**2 + 2 * _E + 2),
                slope=_E**2 + 2 * _E + 2 - 2 * X * (_E**2 + _E),
                factor=2 / (_E**2 + 2 * _E + 2) ** 2,
            ),
            Half(
                sign=-1,
                form=X * (1 + 2 * _E) / _MISH,
                slope=1 - X * 4 * _E**2 * (1 + _E) / ((1 + 2 * _E) * _MISH),
                factor=(1 + 2 * _E) / _MISH,
            ),
        ),
    ),
    Activation(
        name="elu",
        function=sympy.Piecewise((V, V > 0), (ALPHA * (sympy.exp(V) - 1), True)),
        halves=(Half(sign=-1, form=ALPHA * (1 - sympy.exp(-X)), slope=ALPHA * sympy.exp(-X), shape=Shape.rises),),
    ),
)


@cache
def proof(activation: Activation) -> dict[str, bool]:
    """Return, step by step, whether SymPy finds that the shapes are as said."""
    steps = {}
    for half in activation.halves:
        steps[f"form at {half.sign:+}x"] = _same(_gap(activation, half.sign), half.form)
        steps |= {f"{name} at {half.sign:+}x": holds for name, holds in _shape_steps(half).items()}
    if len(activation.halves) == 1:
        other = _gap(activation, -activation.halves[0].sign)
        steps["the other half line"] = other == 0 or _same(other, activation.halves[0].form)
    return steps


def supremum(activation: Activation) -> Supremum:
    """Return sup |f - relu|, to more than 30 digits; raise ArithmeticError if a step of the proof fails."""
    failed = [name for name, holds in proof(activation).items() if not holds]
    if failed:
        raise ArithmeticError(f"{activation.name}: not proved: {', '.join(failed)}")
    return max((_of_half(half) for half in activation.halves), key=lambda s: s.enclosure.lower if s.enclosure else 0)


def silu_value() -> tuple[sympy.Expr, sympy.Expr]:
    """Return the critical point of SiLU's form and its value there, in closed form.

    The slope is linear in e^x: solve it for e^x, put that into the form, then the solution of the slope for x.
    """
    half, power = ACTIVATIONS[0].halves[0], sympy.Symbol("E", positive=True)
    slope = sympy.expand(half.slope)
    (point,) = sympy.solve(slope, X)
    (exponential,) = sympy.solve(slope.subs(_E, power), power)
    return point, sympy.simplify(half.form.subs(_E, exponential)).subs(X, point)


def _of_half(half: Half) -> Supremum:
    if half.shape is not Shape.peak:
        value = sympy.limit(half.form, X, 0 if half.shape is Shape.falls else sympy.oo)
        known = None if value.free_symbols else enclosure(value)
        at = Enclosure(Fraction(0), Fraction(0)) if half.shape is Shape.falls else None
        return Supremum(value=value, enclosure=known, at=at)
    place = root_of(half.slope, _NEAR, _FAR, _WIDTH)
    ends = (half.sign * place.lower, half.sign * place.upper)
    return Supremum(value=None, enclosure=enclosure(half.form, place), at=Enclosure(min(ends), max(ends)))


def _shape_steps(half: Half) -> dict[str, bool]:
    """Return the steps that prove the shape of one half line."""
    slope = half.slope
    steps = {"derivative": _vanishes(sympy.diff(half.form, X) - half.factor * slope), "factor": positive(half.factor)}
    if half.shape is not Shape.peak:
        return steps | {"monotone": positive(slope if half.shape is Shape.rises else -slope)}
    steps |= {
        "0 at the beginning": sympy.limit(half.form, X, 0) == 0,
        "0 in the limit": sympy.limit(half.form, X, sympy.oo) == 0,
        "rising at first": sympy.limit(slope, X, 0).is_positive is True,
    }
    change = sympy.diff(slope, X)
    if positive(-change):
        return steps | {"the slope falls": True}
    turns = sympy.solve(sympy.factor(change), X)
    if len(turns) != 1:
        return steps | {"the slope turns once": False}
    (turn,) = turns
    before, after = (change.subs(X, turn * factor) for factor in (sympy.Rational(1, 2), 2))
    return steps | {
        "the slope falls, then rises": bool(before.is_negative and after.is_positive),
        "the slope tends to 0": sympy.limit(slope, X, sympy.oo) == 0,
    }


def positive(expression: sympy.Expr) -> bool:
    """Return whether an expression is a quotient of polynomials in x, alpha and exponentials, coefficients positive.

    Then it is positive for all x > 0.
    """
    return all(_positive_coefficients(part) for part in sympy.fraction(_rational(expression)))


def _vanishes(expression: sympy.Expr) -> bool:
    """Return whether an expression in x, exponentials and erf is 0 because its numerator cancels."""
    return _rational(expression) == 0


def _rational(expression: sympy.Expr) -> sympy.Expr:
    """Return the cancelled quotient of polynomials: e^(ky) is a power of e^y, each e^y a positive variable."""
    variables: dict[sympy.Expr, sympy.Symbol] = {}

    def variable(exponent: sympy.Expr) -> sympy.Expr:
        for known, symbol in variables.items():
            times = sympy.cancel(exponent / known)
            if times.is_Integer:
                return symbol**times
        return variables.setdefault(exponent, sympy.Dummy(positive=True))

    return sympy.cancel(sympy.together(expression.rewrite(sympy.exp).replace(sympy.exp, variable)))


def _positive_coefficients(form: sympy.Expr) -> bool:
    variables = sorted(form.free_symbols, key=str)
    return (
        bool(form.is_positive) if not variables else all(c.is_positive for c in sympy.Poly(form, *variables).coeffs())
    )


def _gap(activation: Activation, sign: int) -> sympy.Expr:
    """Return |f - relu| at v = sign x: relu - f, or f - relu, whichever is positive at x = 1."""
    f = activation.function
    if isinstance(f, sympy.Piecewise):
        f = f.args[0 if sign > 0 else 1][0]
    gap = (X if sign > 0 else 0) - f.subs(V, sign * X)
    return -gap if gap.subs({X: 1, ALPHA: 1}).evalf() < 0 else gap


def _same(first: sympy.Expr, second: sympy.Expr) -> bool:
    difference = first - second
    if difference.has(sympy.log, sympy.erfc):
        difference = sympy.simplify(sympy.expand_log(difference.rewrite(sympy.erf), force=True))
    return _vanishes(difference) or sympy.simplify(difference.rewrite(sympy.exp)) == 0
