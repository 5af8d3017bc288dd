"""Statements in floats: the same constants as exact arithmetic, the same conditions, ratios that mean what they say."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pytest
import torch

from verify.attack.experiment import Measurement
from verify.attack.floats import scored
from verify.errors import InputError
from verify.exact import Enclosure
from verify.theorems import THEOREMS, Condition, Observable, theorem

F = Fraction


def number(variable, draw: random.Random) -> F:
    domain = variable.domain
    low = domain.lower if domain.lower is not None else F(-3)
    high = domain.upper if domain.upper is not None else low + 4
    if domain.integer:
        return F(draw.randint(int(low), int(low) + 6))
    return low + (high - low) * F(draw.randint(1, 31), 32)


def middle(value) -> float:
    return float((value.lower + value.upper) / 2 if isinstance(value, Enclosure) else value)


@pytest.mark.parametrize("entry", [e for e in THEOREMS if e.constants], ids=lambda entry: entry.id)
def test_constants_are_those_of_exact_arithmetic(entry) -> None:
    draw = random.Random(entry.id)
    free = replace(entry, hypotheses=())
    given = [v for v in entry.variables if v.name not in entry.carried]
    values = {v.name: tuple(number(v, draw) for _ in range(3)) if v.each else number(v, draw) for v in given}
    try:
        exact = free.apply(values)
    except InputError as error:  # what the first layer carries is infinite, or outside the domain
        assert "layer" in str(error)
        return
    tensors = {
        name: torch.tensor(
            [[float(x) for x in value]] if isinstance(value, tuple) else [float(value)], dtype=torch.float64
        )
        for name, value in values.items()
    }
    for name, result in exact.items():
        listed = result if isinstance(result, tuple) else (result,)
        if None in listed:
            continue
        quantity = torch.tensor([[middle(x) for x in listed]], dtype=torch.float64)
        quantity = quantity if isinstance(result, tuple) else quantity[:, 0]
        statement = replace(free, observables=(Observable(quantity="q", relation="=", bound=name),))
        found = scored(statement, Measurement(values=tensors, quantities={"q": quantity}), 1)
        assert found.satisfied.item()
        assert found.raw.item() == pytest.approx(1, abs=1e-9), name


def ratio(relation: str, observed: float, bound: int) -> float:
    statement = replace(
        theorem("welch-bound"), observables=(Observable(quantity="q", relation=relation, bound=str(bound)),)
    )  # type: ignore[arg-type]
    values = {"m": torch.ones(1).double(), "n": torch.tensor([3.0]).double(), "mu": torch.ones(1).double()}
    measurement = Measurement(values=values, quantities={"q": torch.tensor([observed]).double()})
    return scored(statement, measurement, 1).raw.item()


@pytest.mark.parametrize(
    ("relation", "observed", "bound", "expected"),
    [
        ("<=", 1.0, 2, 0.5), ("<=", 0.0, 0, 0.0), ("<=", 1e-9, 0, float("inf")), ("<=", -1.0, 0, 0.0), ("<=", -4.0, -2, 0.5),
        ("<=", -1.0, -2, 2.0), ("<=", 1.0, -2, float("inf")), (">=", 4.0, 2, 0.5), (">=", 1.0, 2, 2.0), (">=", 0.0, 0, 0.0),
        ("<", 2.0, 2, 1.0), ("=", 2.0, 2, 1.0), ("=", 1.0, 2, 1.5), ("<=", float("nan"), 1, float("-inf")),
    ],
)  # fmt: skip
def test_a_ratio_above_1_is_a_violation(relation: str, observed: float, bound: int, expected: float) -> None:
    assert ratio(relation, observed, bound) == expected


def test_hypotheses_are_counted_where_they_fail() -> None:
    mu = torch.tensor([0.1, 1 / 3 - 1e-12, 1 / 3, 0.9], dtype=torch.float64)
    ones = torch.ones(4).double()
    values = {"s": 2 * ones, "mu": mu, "B": torch.tensor([1.0, -1, 1, 1]).double(), "sigma": 0 * ones, "K": ones}
    found = scored(theorem("lista-linf"), Measurement(values=values, quantities={"error_linf": ones}), 4)
    assert found.satisfied.tolist() == [True, False, False, False]
    assert {text: count for text, count in found.failed.items() if count} == {"(2s - 1) mu < 1": 2, "B >= 0": 1}
    values["s"] = torch.tensor([2.5, 2, 2, 0]).double()
    found = scored(theorem("lista-linf"), Measurement(values=values, quantities={"error_linf": ones}), 4)
    assert found.failed["integer s >= 1"] == 2


@pytest.mark.parametrize(
    ("text", "holds"),
    [("mu <= 1/3", True), ("mu >= 1/3", True), ("mu == 1/3", True), ("mu < 1/3", False), ("mu > 1/3", False)],
)
def test_hypotheses_that_hold_but_for_rounding_are_left_to_exact_arithmetic(text: str, holds: bool) -> None:
    statement = replace(theorem("lista-linf"), hypotheses=(Condition(text),))
    one = torch.ones(1).double()
    values = {"s": one, "mu": one / 3, "B": one, "sigma": one, "K": one}
    found = scored(statement, Measurement(values=values, quantities={"error_linf": one}), 1)
    assert found.satisfied.item() is holds


def test_what_an_experiment_leaves_out_is_named() -> None:
    one = torch.ones(1).double()
    values = {"s": one, "mu": one / 3, "B": one, "sigma": one}
    for quantities, left_out, message in (
        ({"error_l2": one}, None, "does not measure error_linf"),
        ({"error_linf": one}, "mu", "gives no value for mu"),
        ({"error_linf": one}, None, "gives no value for K"),
    ):
        given = {name: value for name, value in values.items() if name != left_out}
        with pytest.raises(InputError, match=f"the experiment on lista-linf {message}"):
            scored(theorem("lista-linf"), Measurement(values=given, quantities=quantities), 1)
