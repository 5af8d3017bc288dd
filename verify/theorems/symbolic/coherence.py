"""alpha_1, the null-space bound and P_i(k), all from mu~."""

# SymPy annotates many results as Basic, or as possibly None, where they are expressions.
# pyright: reportArgumentType=false, reportAssignmentType=false, reportReturnType=false, reportCallIssue=false
# pyright: reportAttributeAccessIssue=false, reportOperatorIssue=false, reportIndexIssue=false
# pyright: reportOptionalMemberAccess=false
from __future__ import annotations

import sympy

from .. import theorem

MU_TILDE, K = sympy.Symbol("mu_tilde", positive=True), sympy.Symbol("k", positive=True)


def alpha_from_mu() -> tuple[sympy.Expr, sympy.Expr]:
    """Return the scale c and the value of min over 0 < c < 1 of max(1 - c, c mu~): where the two are equal.

    One falls in c and the other rises, so the minimum of the maximum is where they meet.
    """
    c = sympy.Symbol("c", positive=True)
    first, second = 1 - c, c * MU_TILDE
    (scale,) = sympy.solve(first - second, c)
    return scale, sympy.simplify(second.subs(c, scale))


def mu_from_alpha() -> sympy.Expr:
    """Return mu~ as a function of alpha_1."""
    alpha = sympy.Symbol("alpha", positive=True)
    (found,) = sympy.solve(theorem("jn-alpha-one").constant("alpha_1") - alpha, MU_TILDE)
    return sympy.simplify(found)


def null_space_factor() -> sympy.Expr:
    """Return f with nsc_upper - 1/2 = f ((2k-1) mu~ - 1): where f > 0 the two conditions are the same."""
    bound = theorem("null-space-by-generalized-coherence").constant("nsc_upper")
    return sympy.simplify((bound - sympy.Rational(1, 2)) / ((2 * K - 1) * MU_TILDE - 1))


def rate_from_sums() -> sympy.Expr:
    """Return P_i(k) + P_i(k-1) with the bound k mu~ of P_i(k): the rate of convergence by mu~."""
    bound = theorem("generalized-babel-by-generalized-coherence").constant("P_upper")
    return sympy.factor(bound + bound.subs(K, K - 1))
