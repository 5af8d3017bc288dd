"""What SymPy derives is what the registry states; suprema are bracketed by a fine grid of plain evaluations."""

from __future__ import annotations

import dataclasses
import math
from fractions import Fraction

import pytest
import sympy

from verify.exact import Enclosure
from verify.theorems import theorem
from verify.theorems.symbolic import coherence, convergence, shrinkage
from verify.theorems.symbolic.activations import ACTIVATIONS, Shape, X, positive, proof, silu_value, supremum
from verify.theorems.symbolic.balls import enclosure, root_of

MU, S, B, SIGMA, K = (sympy.Symbol(name, positive=True) for name in ("mu", "s", "B", "sigma", "K"))
Q = convergence.Q
RATE = (2 * S - 1) * MU


def zero(expression) -> bool:
    return sympy.simplify(expression) == 0


def test_the_recursion_is_solved() -> None:
    a = sympy.Symbol("a")
    assert zero(convergence.recursion(a) - (RATE * a + 2 * SIGMA))
    solved = convergence.closed_form()
    assert zero(solved.subs(Q, RATE) - theorem("lista-linf").constant("error_linf"))
    assert zero(solved.subs(K, 0) - B)
    assert zero(solved.subs(K, 3) - (Q * (Q * (Q * B + 2 * SIGMA) + 2 * SIGMA) + 2 * SIGMA))


def test_the_level_of_convergence() -> None:
    assert convergence.level_factor() == 2 * MU
    assert convergence.level_factor().is_positive


def test_limits() -> None:
    for factor, name in ((sympy.S.One, "lista-linf"), (sympy.sqrt(S), "lista-l2"), (S, "lista-l1")):
        found, entry = convergence.limits(factor), theorem(name)
        assert zero(found.C_1 - entry.constant("C_1"))
        assert zero(found.C_2.subs(Q, RATE) - entry.constant("C_2"))
        assert zero(found.c.subs(Q, RATE) - entry.constant("c"))
    lam, least = sympy.symbols("lam N", positive=True)
    deep = convergence.limits(sympy.sqrt(lam) / least)
    assert zero(deep.C_1 - sympy.sqrt(lam) * B / least)
    assert zero(deep.C_2 - 2 * sympy.sqrt(lam) / (least * (1 - Q)))


def test_the_bound_increases_in_s_b_and_sigma() -> None:
    form, series = convergence.geometric_form()
    assert zero(series.doit().args[1][0] - (1 - Q ** series.args[1][2] * Q) / (1 - Q))
    steps = next(s for s in form.free_symbols if s.name == "K")
    value = form.subs(sympy.Symbol("series"), (1 - Q**steps) / (1 - Q))
    assert zero(value - convergence.closed_form().subs(K, steps))
    for parts in convergence.derivatives().values():
        assert all(part.is_nonnegative for part in parts)
    assert set(convergence.derivatives()) == {"B", "sigma", "s"}


def test_the_source_is_looser_by_the_root_of_s() -> None:
    assert convergence.source_ratios() == {"rate": 1, "C_1": sympy.sqrt(S), "C_2": sympy.sqrt(S)}


def test_the_best_step_is_one() -> None:
    below, above, end = convergence.best_step()
    assert zero(below - (Q - 1)) and zero(above - (Q + 1))
    assert zero(end.subs(Q, RATE) - theorem("alista-theorem-1").constant("gamma_bound"))


def test_alpha_and_mu() -> None:
    mu = coherence.MU_TILDE
    scale, alpha = coherence.alpha_from_mu()
    assert zero(scale - 1 / (1 + mu))
    assert zero(alpha - theorem("jn-alpha-one").constant("alpha_1"))
    assert zero(alpha - theorem("null-space-of-one").constant("nsc_1"))
    assert zero(coherence.mu_from_alpha().subs(sympy.Symbol("alpha", positive=True), alpha) - mu)
    assert coherence.null_space_factor().is_positive
    assert zero(coherence.rate_from_sums() - theorem("convergence-by-generalized-coherence").constant("rate"))


def test_shrinkage_pair_and_subgradients() -> None:
    cases = list(shrinkage.cases())
    assert len(cases) == 5
    for v, t in cases:
        solution = shrinkage.from_subgradient(v, t)
        assert shrinkage.of_registry("lfz2024-lemma-14", "shrunk", v, t) == solution
        assert shrinkage.of_registry("orthonormal-soft-threshold", "solution", v, t) == solution
        for sign in (1, -1):
            non_negative = shrinkage.nonnegative_from_subgradient(v, sign * t)
            for name in ("shrinkage-nonnegative", "orthonormal-relu"):
                assert shrinkage.of_registry(name, "solution", v, sign * t) == non_negative
    assert [shrinkage.leaky_identity(v) for v in (shrinkage.P, -shrinkage.P)] == [shrinkage.P, 0]


def test_shrinkage_fails_for_a_negative_threshold() -> None:
    formula = theorem("lfz2024-lemma-14").constant("shrunk")
    numbers = {s: {"v": sympy.Rational(1, 2), "t": -1}[str(s)] for s in formula.free_symbols}
    assert formula.subs(numbers) == 1  # sign(v)(|v| - t) would be 3/2


def relu_gap(name: str, v: float) -> float:
    if name == "mish":
        f = v * math.tanh(math.log1p(math.exp(v)))
    elif name == "gelu-tanh":
        f = v / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (v + 0.044715 * v**3)))
    else:
        f = {
            "silu": lambda: v / (1 + math.exp(-v)),
            "gelu": lambda: v * (1 + math.erf(v / math.sqrt(2))) / 2,
            "softplus": lambda: math.log1p(math.exp(v)),
            "elu": lambda: v if v > 0 else math.exp(v) - 1,
        }[name]()
    return abs(f - max(v, 0))


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda a: a.name)
def test_suprema_of_activations(activation) -> None:
    steps = proof(activation)
    assert len(steps) >= 4 and all(steps.values()), steps
    found = supremum(activation)
    grid = max(relu_gap(activation.name, i / 500) for i in range(-15000, 6000))
    if activation.name == "elu":
        assert str(found.value) == "alpha" and found.enclosure is None and found.at is None
        assert 1 - 1e-9 < grid <= 1
        return
    assert found.enclosure is not None
    assert found.enclosure.upper - found.enclosure.lower < Fraction(1, 10**31)
    assert grid - 1e-14 <= float(found.enclosure.upper) <= grid + 1e-5
    digits = {
        "silu": ".27846454",
        "gelu": ".16997121",
        "gelu-tanh": ".17004075",
        "mish": ".30884341",
        "softplus": ".69314718",
    }
    assert abs(found.enclosure.lower - Fraction(digits[activation.name])) < Fraction(1, 10**8)
    if found.at is not None and activation.name != "softplus":
        assert relu_gap(activation.name, float(found.at.lower)) == pytest.approx(grid, abs=1e-5)


def test_the_supremum_of_silu_in_closed_form() -> None:
    point, value = silu_value()
    w = sympy.LambertW(sympy.exp(-1))
    assert (point, value) == (1 + w, w)
    found = supremum(ACTIVATIONS[0])
    exact = enclosure(w)
    assert found.enclosure.lower <= exact.upper and exact.lower <= found.enclosure.upper
    assert -found.at.upper <= enclosure(point).upper and enclosure(point).lower <= -found.at.lower


def test_a_wrong_step_proves_nothing() -> None:
    """Each step of the proof refused: a wrong form, slope, factor; a shape that is not there."""
    silu = ACTIVATIONS[0]
    (half,) = silu.halves
    wrong = {
        "form": dataclasses.replace(half, form=2 * half.form, factor=2 * half.factor),
        "derivative": dataclasses.replace(half, slope=half.slope + 1),
        "factor": dataclasses.replace(half, factor=-half.factor, slope=-half.slope),
        "monotone": dataclasses.replace(half, shape=Shape.rises),
    }
    for step, changed in wrong.items():
        activation = dataclasses.replace(silu, halves=(changed,))
        assert any(name.startswith(step) and not holds for name, holds in proof(activation).items()), step
        with pytest.raises(ArithmeticError, match="silu: not proved: "):
            supremum(activation)


def test_positivity_is_never_claimed_of_what_may_be_negative() -> None:
    assert positive(X * sympy.exp(X) + 1) and positive(1 / (1 + sympy.exp(-X)))
    assert not positive(X - 1) and not positive(sympy.exp(X) - X) and not positive(sympy.S.Zero)


def test_balls() -> None:
    assert enclosure(sympy.sqrt(2)).lower ** 2 <= 2 <= enclosure(sympy.sqrt(2)).upper ** 2
    assert float(enclosure(sympy.E * sympy.pi).lower) == pytest.approx(math.e * math.pi)
    assert enclosure(X**2, Enclosure(Fraction(1), Fraction(2))).upper >= 4
    with pytest.raises(ValueError, match="no ball arithmetic for"):
        enclosure(sympy.gamma(X), Fraction(1))
    with pytest.raises(ValueError, match="has no finite value"):
        enclosure(sympy.log(X), Fraction(0))
    found = root_of(2 - X**2, Fraction(1), Fraction(2), Fraction(1, 2**60))
    assert found.lower**2 <= 2 <= found.upper**2 and found.upper - found.lower <= Fraction(1, 2**60)
    exactly = root_of(Fraction(3, 2) - X, Fraction(1), Fraction(2), Fraction(1, 2**60))
    assert exactly.lower <= Fraction(3, 2) <= exactly.upper
    with pytest.raises(ValueError, match="is not proved to fall"):
        root_of(X, Fraction(1), Fraction(2), Fraction(1, 4))
