"""Soft thresholding: case by case, so that every maximum is decided by the signs of symbols."""

# SymPy annotates many results as Basic, or as possibly None, where they are expressions.
# pyright: reportArgumentType=false, reportAssignmentType=false, reportReturnType=false, reportCallIssue=false
# pyright: reportAttributeAccessIssue=false, reportOperatorIssue=false, reportIndexIssue=false
# pyright: reportOptionalMemberAccess=false
from __future__ import annotations

from collections.abc import Iterator

import sympy

from .. import theorem

P, R = (sympy.Symbol(name, positive=True) for name in ("p", "r"))
V, T = sympy.Symbol("v", real=True), sympy.Symbol("t", positive=True)
Case = tuple[sympy.Expr, sympy.Expr]


def cases() -> Iterator[Case]:
    """Yield v and t in all orders: v > t, v < -t, -t < v < t, and the two ties, with positive p and r."""
    yield R + P, R
    yield -R - P, R
    yield (R - P) / 2, (P + R) / 2
    yield R, R
    yield -R, R


def from_subgradient(v: sympy.Expr, t: sympy.Expr) -> sympy.Expr:
    """Return the x with 0 in x - v + t d|x|: the minimiser of (x - v)^2/2 + t|x|, in one case of `cases`.

    Each sign of x gives a linear equation; its solution counts if it has that sign. x = 0 counts if |v| <= t.
    """
    x = sympy.Symbol("x")
    found = [
        value for sign in (1, -1) for value in sympy.solve(x - v + sign * t, x) if (sign * value).expand().is_positive
    ]
    if (t - v).expand().is_nonnegative and (t + v).expand().is_nonnegative:
        found.append(sympy.Integer(0))
    (only,) = found
    return only.expand()


def nonnegative_from_subgradient(v: sympy.Expr, t: sympy.Expr) -> sympy.Expr:
    """Return the x >= 0 with x - v + t = 0, or 0 where x - v + t >= 0 at 0: the minimiser of (x-v)^2/2 + t x."""
    x = sympy.Symbol("x")
    found = [value for value in sympy.solve(x - v + t, x) if value.expand().is_positive]
    if (t - v).expand().is_nonnegative:
        found.append(sympy.Integer(0))
    (only,) = found
    return only.expand()


def of_registry(theorem_id: str, constant: str, v: sympy.Expr, t: sympy.Expr) -> sympy.Expr:
    """Return a constant of the registry in one case of `cases`."""
    formula = theorem(theorem_id).constant(constant)
    values = {"v": v, "t": t}
    return _decided(formula.subs({s: values[str(s)] for s in formula.free_symbols}, simultaneous=True))


def leaky_identity(v: sympy.Expr) -> sympy.Expr:
    """Return the two leaky units' sum for a v of known sign."""
    formula = theorem("leaky-relu-identity").constant("relu")
    return sympy.simplify(_decided(formula.subs(sympy.Symbol("v", real=True), v)))


def _decided(formula: sympy.Expr) -> sympy.Expr:
    """Expand the arguments of maxima and minima, so that SymPy sees their signs."""
    for kind in (sympy.Max, sympy.Min):
        formula = formula.replace(kind, lambda *arguments, kind=kind: kind(*(a.expand() for a in arguments)))
    return formula.expand()
