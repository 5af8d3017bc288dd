"""The unrolled network: the recursion of its error bound solved, its limits, and how it depends on s, B and sigma."""

# SymPy annotates many results as Basic, or as possibly None, where they are expressions.
# pyright: reportArgumentType=false, reportAssignmentType=false, reportReturnType=false, reportCallIssue=false
# pyright: reportAttributeAccessIssue=false, reportOperatorIssue=false, reportIndexIssue=false
# pyright: reportOptionalMemberAccess=false
from __future__ import annotations

from dataclasses import dataclass

import sympy

from .. import theorem

MU, B, SIGMA, STEPS, S = (sympy.Symbol(name, positive=True) for name in ("mu", "B", "sigma", "K", "s"))
Q = sympy.Symbol("q", positive=True)


def recursion(a: sympy.Expr) -> sympy.Expr:
    """Return the bound of the next layer: lista-step with P_i(k) = k mu, kappa = 0 and thresholds with equality."""
    step = theorem("lista-step").constant("a_next")
    symbol = {str(s): s for s in step.free_symbols}
    largest = S * MU
    values = {"P_before": (S - 1) * MU, "kappa": 0, "eta": SIGMA, "t": largest * a + SIGMA, "a": a}
    return sympy.expand(step.subs({symbol[name]: value for name, value in values.items()}, simultaneous=True))


def closed_form() -> sympy.Expr:
    """Return a_K in q, B and sigma, from a_0 = B and the recursion, solved by SymPy."""
    index = sympy.Symbol("k", integer=True, nonnegative=True)
    a = sympy.Function("a")
    following = sympy.expand(recursion(a(index)).subs(S, (Q / MU + 1) / 2))  # q = (2s - 1) mu
    return sympy.rsolve(a(index + 1) - following, a(index), {a(0): B}).subs(index, STEPS)


def level_factor() -> sympy.Expr:
    """Return f with q - 1 = f (s - level_bound): where f > 0, q < 1 iff s < (1 + 1/mu)/2."""
    entry = theorem("lista-linf")
    return sympy.simplify((entry.constant("q") - 1) / (S - entry.constant("level_bound")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The error bound is C_1 e^(-cK) + C_2 sigma at most, and tends to C_2 sigma."""

    C_1: sympy.Expr
    C_2: sympy.Expr
    c: sympy.Expr


def limits(factor: sympy.Expr = sympy.S.One) -> Limits:
    """Return C_1, C_2, c of `factor` times the closed form, by limits; in q, 0 < q < 1.

    With factor sqrt(lam)/min N it is the deepest-sparsity-first bound of deep sparse coding, sigma its noise bound.
    """
    c = sympy.Symbol("c", positive=True)
    error = factor * closed_form().subs(Q, sympy.exp(-c))
    floor = sympy.limit(error, STEPS, sympy.oo)
    transient = sympy.limit((error.subs(SIGMA, 0)) * sympy.exp(c * STEPS), STEPS, sympy.oo)
    rate = -sympy.log(Q)
    return Limits(
        C_1=sympy.simplify(transient.subs(c, rate)), C_2=sympy.simplify((floor / SIGMA).subs(c, rate)), c=rate
    )


def geometric_form() -> tuple[sympy.Expr, sympy.Sum]:
    """Return B q^K + 2 sigma (series), and the series: the sum of q^j over j < K. Its value is (1 - q^K)/(1 - q)."""
    index = sympy.Symbol("j", integer=True, nonnegative=True)
    steps = sympy.Symbol("K", integer=True, positive=True)
    return B * Q**steps + 2 * SIGMA * sympy.Symbol("series"), sympy.Sum(Q**index, (index, 0, steps - 1))


def derivatives() -> dict[str, list[sympy.Expr]]:
    """Return the derivatives of the error bound in B, sigma and s, each as the parts whose sum it is.

    A series is stated by its general term. The bound increases where every part is proved not to be negative.
    """
    form, series = geometric_form()
    symbol, term = sympy.Symbol("series"), series.function
    slope = sympy.diff(theorem("lista-linf").constant("q"), S)
    return {
        "B": [sympy.diff(form, B)],
        "sigma": [sympy.diff(form, SIGMA).subs(symbol, term)],
        "s": [slope * sympy.diff(form.subs(symbol, 0), Q), slope * sympy.diff(form, symbol) * sympy.diff(term, Q)],
    }


def source_ratios() -> dict[str, sympy.Expr]:
    """Return the source's constants divided by those of lista-l2, |w_i^T e| being at most C_W |e|_1."""
    ours, source = theorem("lista-l2"), theorem("clwy2018-theorem-2")
    weight = sympy.Symbol("C_W", positive=True)
    clean = {SIGMA: 0}
    return {
        "rate": sympy.simplify(source.constant("q") / ours.constant("q")),
        "C_1": sympy.simplify(source.constant("error_l2").subs(clean) / ours.constant("error_l2").subs(clean)),
        "C_2": sympy.simplify(source.constant("C") / (ours.constant("C_2") * weight)),
    }


def best_step() -> tuple[sympy.Expr, sympy.Expr, sympy.Expr]:
    """Return the slopes of ALISTA's rate in gamma below and above 1 (in q), and where the rate is 1 again."""
    gamma = sympy.Symbol("gamma", positive=True)
    rate = theorem("alista-theorem-1").constant("rate").subs(MU, Q / (2 * S - 1))
    below, above = (sympy.simplify(rate.subs(sympy.Abs(gamma - 1), value)) for value in (1 - gamma, gamma - 1))
    (end,) = sympy.solve(above - 1, gamma)
    return sympy.diff(below, gamma), sympy.diff(above, gamma), end
