"""A small experiment for tests: |x|_1^2 <= factor s |x|_2^2 for integer codes, with faults to switch on."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from verify.arrays import on_device
from verify.attack import ExactMeasurement, Experiment, Measurement, NotAnInstance, Trial
from verify.theorems import Condition, Observable, QuantitativeTheorem, Section, Status, Variable, integers, reals

THEOREM = QuantitativeTheorem(
    id="toy",
    title="Sum of moduli",
    section=Section.layers,
    variables=(
        Variable(name="s", meaning="nonzeros", domain=integers(1)),
        Variable(name="energy", meaning="|x|_2^2", domain=reals(0)),
    ),
    hypotheses=(Condition("energy > 0"), "x is a code"),
    constants={"bound": "s*energy"},
    conclusion="|x|_1^2 <= bound",
    source="-",
    status=Status.classical,
    observables=(Observable(quantity="sum_squared", relation="<=", bound="bound"),),
)


@dataclass(frozen=True, kw_only=True)
class Codes(Experiment):
    """`lie` is what floats see in place of 1 times the quantity; `empty`: all codes are 0; `refused`: exact refuses all."""

    lie: float = 1.0
    empty: bool = False
    refused: bool = False

    def draw(self, random: np.random.Generator, count: int):
        values = random.integers(1, 9, (count, 4)) * (random.random((count, 4)) < 0.5).astype(float)
        return {"x": values * (not self.empty)}

    def vary(self, batch, random, scale):
        return {"x": batch["x"] + np.round(scale * random.standard_normal(batch["x"].shape)) * (batch["x"] != 0)}

    def measure(self, batch, device):
        x = on_device(batch["x"], device)
        values = {"s": (x != 0).sum(dim=1).double(), "energy": (x * x).sum(dim=1)}
        return Measurement(values=values, quantities={"sum_squared": self.lie * x.abs().sum(dim=1) ** 2})

    def exact(self, instance):
        x = [Fraction(entry) for entry in instance["x"].tolist()]
        if self.refused or not any(x):
            raise NotAnInstance("x is a code of a kind that never is")
        values = {"s": Fraction(sum(e != 0 for e in x)), "energy": sum((e * e for e in x), Fraction(0))}
        return ExactMeasurement(values=values, quantities={"sum_squared": sum(map(abs, x), Fraction(0)) ** 2})

    def simplified(self, instance):
        for i in range(len(instance["x"])):
            yield {"x": np.delete(instance["x"], i)}


EXPERIMENT = Codes()
TRIAL = Trial(statement=THEOREM, experiment=EXPERIMENT)
