"""What exact numbers prove of an instance: violated, holds, or undecided, and never by a float."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from verify.attack import Experiment, Trial, examined
from verify.attack.experiment import ExactMeasurement, NotAnInstance
from verify.attack.proof import Finding, decided
from verify.attack.roots import RootSum, UnresolvedError, bounds, number
from verify.attack.words import both_sides
from verify.errors import InputError
from verify.exact import Enclosure
from verify.theorems import Condition, Observable, Root, root, theorem
from verify.theorems.language.dictionary_variables import MU

F = Fraction
E = Enclosure
VIOLATED, HOLDS, UNDECIDED = Finding.violated, Finding.holds, Finding.undecided


@pytest.mark.parametrize(
    ("relation", "observed", "bound", "finding", "ratio"),
    [
        ("<=", F(1), F(1), HOLDS, 1), ("<", F(1), F(1), VIOLATED, 1), ("<=", F(3), F(2), VIOLATED, F(3, 2)),
        (">=", F(1), F(1), HOLDS, 1), (">", F(1), F(1), VIOLATED, 1), (">=", F(2), F(3), VIOLATED, F(3, 2)),
        ("<=", E(F(1), F(2)), F(2), HOLDS, F(1, 2)), ("<", E(F(1), F(2)), F(2), UNDECIDED, F(1, 2)),
        ("<=", E(F(2), F(3)), E(F(1), F(2)), UNDECIDED, 1), ("<=", E(F(3), F(4)), E(F(1), F(2)), VIOLATED, F(3, 2)),
        ("<", E(F(2), F(3)), E(F(1), F(2)), VIOLATED, 1), (">=", E(F(1), F(2)), E(F(2), F(3)), UNDECIDED, 1),
        ("=", F(1), F(1), HOLDS, 1), ("=", F(1), F(2), VIOLATED, F(3, 2)), ("=", E(F(0), F(2)), F(1), UNDECIDED, 1),
        ("=", E(F(2), F(3)), F(1), VIOLATED, F(4, 3)), ("<=", F(1), None, HOLDS, 0), (">=", F(1), None, UNDECIDED, 0),
        ("<=", F(1), F(0), VIOLATED, None), ("<=", F(0), F(0), HOLDS, 0), ("<=", F(-1), F(0), HOLDS, 0),
        ("<=", F(1), F(-1), VIOLATED, None), ("<=", F(-2), F(-1), HOLDS, F(1, 2)),
    ],
)  # fmt: skip
def test_decided(relation, observed, bound, finding, ratio) -> None:
    assert decided(relation, observed, bound) == (finding, ratio)


class Given(Experiment):
    """An experiment whose exact measurement is given."""

    def __init__(self, values, quantities) -> None:
        self.measurement = ExactMeasurement(values=values, quantities=quantities)

    def draw(self, random, count):
        raise NotImplementedError

    def vary(self, batch, random, scale):
        raise NotImplementedError

    def measure(self, batch, device):
        raise NotImplementedError

    def exact(self, instance):
        return self.measurement


WELCH = replace(theorem("welch-bound"), variables=(*theorem("welch-bound").variables, MU))


def finding(name: str, observable: tuple[str, str, str], values, quantity, **changed):
    statement = replace(
        WELCH if name == "welch-bound" else theorem(name),
        observables=(Observable(quantity=observable[0], relation=observable[1], bound=observable[2]),),
        **changed,
    )  # type: ignore[arg-type]
    return examined(Trial(statement=statement, experiment=Given(values, {observable[0]: quantity})), {"x": np.zeros(1)})


def test_an_equality_of_square_roots_is_decided() -> None:
    """mu >= sqrt((n - m)/(m (n - 1))) with n = 7, m = 4: sqrt(3/24), which no enclosure tells from sqrt(1/8)."""
    values = {"m": F(4), "n": F(7), "mu": root(F(1, 8))}
    for relation, told in ((">=", HOLDS), ("=", HOLDS), (">", VIOLATED), ("<", VIOLATED)):
        found = finding("welch-bound", ("mu", relation, "sqrt((n - m)/(m*(n - 1)))"), values, root(F(1, 8)))
        assert found.comparisons[0].finding is told
        assert found.comparisons[0].ratio == 1
    enclosed = Enclosure(F(35355, 100000), F(35356, 100000))
    found = finding("welch-bound", ("mu", ">=", "sqrt((n - m)/(m*(n - 1)))"), values, enclosed)
    assert found.comparisons[0].finding is UNDECIDED and found.undecided and found.violation is None
    assert "is not told apart from" in both_sides(found.comparisons[0])
    found = finding("welch-bound", ("mu", "=", "log(n)"), values, root(F(1, 8)))
    assert found.comparisons[0].finding is VIOLATED
    assert both_sides(found.comparisons[0]).startswith("mu = sqrt(1/8) differs from about 1.94591014906 = log(n)")


def test_layers_are_compared_one_by_one_and_a_single_quantity_with_the_last() -> None:
    values = {"lam": F(1), "mu": F(0), "eps": (F(1), F(2), F(3)), "beta": F(1), "norm_min": F(1)}
    exact = (F(2), F(6), F(12))  # E_j = E_(j-1) + 2 eps_j
    found = finding("dsc-stability", ("E", "=", "E"), values, exact)
    assert [c.finding for c in found.comparisons] == [HOLDS] * 3
    assert [c.layer for c in found.comparisons] == [1, 2, 3]
    found = finding("dsc-stability", ("E", "<=", "E"), values, (F(2), F(7), F(12)))
    assert found.violation is not None and found.violation.layer == 2
    assert both_sides(found.violation) == "E at layer 2 = 7 > 6 = E"
    assert finding("dsc-stability", ("E", "=", "E"), values, F(12)).comparisons[0].finding is HOLDS
    with pytest.raises(InputError, match="E has 2 values and its bound 3"):
        finding("dsc-stability", ("E", "=", "E"), values, (F(1), F(2)))
    roots = {**values, "eps": (root(F(2)), root(F(8)), F(3))}
    found = finding("dsc-stability", ("E", "=", "E"), roots, (root(F(8)), root(F(72)), F(1)))
    assert [c.finding for c in found.comparisons] == [HOLDS, HOLDS, VIOLATED]


def test_atoms_are_compared_with_the_largest_bound() -> None:
    values = {"P": (F(1), F(3)), "P_before": F(0), "kappa": F(0), "eta": F(0), "t": F(3), "a": F(1)}
    assert finding("lista-step", ("e", "<=", "a_next"), values, F(3)).comparisons[0].ratio == 1
    roots = {**values, "t": root(F(10))}
    assert finding("lista-step", ("e", "=", "a_next"), roots, root(F(10))).comparisons[0].finding is HOLDS


@pytest.mark.parametrize(
    ("values", "quantity", "error", "message"),
    [
        ({"m": F(4), "n": F(4), "mu": F(1)}, F(1), NotAnInstance, "the hypothesis n > m fails: both sides are 4"),
        ({"m": F(4), "n": F(7), "mu": F(2)}, F(1), NotAnInstance, "mu is outside 0 <= mu <= 1"),
        ({"m": F(4), "n": F(7)}, F(1), InputError, "the experiment on welch-bound gives no value for mu"),
        ({"m": F(4), "n": F(7), "mu": 0.5}, F(1), InputError, "Fraction, Root or Enclosure; mu is a float"),
        ({"m": 4, "n": 7, "mu": F(1)}, (F(1), 0.5), InputError, "q is a float"),
        ({"m": F(4), "n": F(7), "mu": F(1)}, None, InputError, "q is a NoneType"),
    ],
)  # fmt: skip
def test_what_is_refused(values, quantity, error, message: str) -> None:
    with pytest.raises(error, match=message):
        finding("welch-bound", ("q", "<=", "1"), values, quantity)


def test_what_the_experiment_leaves_out() -> None:
    statement = replace(theorem("lista-linf"), hypotheses=())
    values = {"s": F(1), "mu": F(0), "B": F(1), "sigma": F(0)}
    for quantities, message in (({"x": F(1)}, "gives no value for a variable of error_linf"), ({}, "")):
        with pytest.raises(InputError, match=message or "does not measure"):
            examined(
                Trial(
                    statement=statement, experiment=Given({**values, **({} if message else {"K": F(1)})}, quantities)
                ),
                {"x": np.zeros(1)},
            )


@pytest.mark.parametrize(
    "text", ["(sqrt(2) + sqrt(8))**2 - 18", "sqrt(3)*sqrt(12) - 6", "1/sqrt(2) - sqrt(2)/2", "2**(1/2) - sqrt(2)", "(2 - sqrt(4))/3",
             "Max(sqrt(2), sqrt(3)) - sqrt(3)", "Min(1, sqrt(2)) - 1", "Abs(1 - sqrt(2)) - sqrt(2) + 1", "sqrt(2)**(-2) - 1/2", "-sqrt(0)"],
)  # fmt: skip
def test_root_sums_that_are_zero(text: str) -> None:
    statement = replace(theorem("welch-bound"), constants={})
    (found,) = bounds(statement, text, {})
    assert found.terms == ()
    assert found.sign == 0


@pytest.mark.parametrize(
    "text", ["exp(1)", "sqrt(1 + sqrt(2))", "1/(1 + sqrt(2))", "2**(1/3)", "2**5000", "sqrt(0 - 2)", "log(2)"]
)
def test_what_is_no_sum_of_roots(text: str) -> None:
    with pytest.raises(UnresolvedError):
        bounds(replace(theorem("welch-bound"), constants={}), text, {})


def test_root_sums_in_arithmetic() -> None:
    primes = [RootSum.of([(F(1), F(p))]) for p in (2, 3, 5, 7, 11, 13)]
    total = primes[0] + primes[1] - primes[2]
    assert total.sign == (1 if math.sqrt(2) + math.sqrt(3) > math.sqrt(5) else -1)
    assert (-total).sign == -total.sign
    with pytest.raises(ZeroDivisionError):
        _ = total / (total - total)
    with pytest.raises(UnresolvedError):
        number(Enclosure(F(0), F(1)))
    assert number(Root(F(2))).terms == ((F(1), F(2)),)
    product = RootSum.of([(F(1), F(1))])
    with pytest.raises(UnresolvedError):
        for prime in primes:
            product = product * (prime + RootSum.of([(F(1), F(1))]))


def test_a_statement_that_cannot_be_attacked_is_refused() -> None:
    base = WELCH
    sides = (Observable(quantity="q", relation="<=", bound="mu"),)
    experiment = Given({}, {})
    free = tuple(replace(v, domain=type(v.domain)()) for v in base.variables)
    for changed, message in (
        ({"observables": ()}, "welch-bound has no observables"),
        ({"hypotheses": (), "variables": free}, "has no hypotheses: nothing says what an instance is"),
        ({"constants": {"c": "x"}}, "the constant c names 'x', which is no variable, and no constant before it"),
        ({"constants": {"c": "d", "d": "m"}}, "the constant c names 'd'"),
        ({"constants": {"c": "open(1)"}}, r"the constant c is a formula in names, .*, not 'open\(1\)'"),
        ({"hypotheses": (Condition("m"),)}, "a Condition is formula < formula"),
        ({"hypotheses": (Condition("m < q"),)}, "a hypothesis names 'q'"),
        ({"observables": (replace(sides[0], bound="1 +"),)}, r"the bound of q is a formula"),
        ({"observables": (replace(sides[0], relation="!="),)}, "the relation of q is <, <=, =, >= or >, not '!='"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=message):
            Trial(statement=replace(base, **{"observables": sides, **changed}), experiment=experiment)
    with pytest.raises(InputError, match="a trial's statement is a QuantitativeTheorem, got str"):
        Trial(statement="welch-bound", experiment=experiment)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="a trial's experiment is an Experiment, got dict"):
        Trial(statement=replace(base, observables=sides), experiment={})  # type: ignore[arg-type]
