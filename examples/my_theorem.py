"""Template: how often is my own inequality violated? Copy this file, state yours, and attack it.

    verify theorems test my_theorem.py --instances 100000

A statement is text that is checked: variables with domains, hypotheses as Conditions (or in words), constants, and
observables, which say what is compared with what. An experiment draws instances, varies them, measures them in floats
for the search, and exactly for the proof. Here: |x|_1^2 <= s |x|_2^2 for a code x with s nonzeros.
"""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np

from verify.arrays import on_device
from verify.attack import Batch, ExactMeasurement, Experiment, Instance, Measurement, NotAnInstance, Trial, attack
from verify.theorems import Condition, Observable, QuantitativeTheorem, Section, Status, Variable, integers, reals

THEOREM = QuantitativeTheorem(
    id="sum-of-moduli",
    title="The sum of moduli of a sparse code",
    section=Section.layers,
    variables=(
        Variable(name="s", meaning="number of nonzeros of x", domain=integers(1)),
        Variable(name="energy", meaning="|x|_2^2", domain=reals(0)),
    ),
    hypotheses=(Condition("energy > 0"), "x has s nonzeros"),
    constants={"bound": "s*energy"},
    conclusion="|x|_1^2 <= bound",
    proof="Cauchy-Schwarz on the support.",
    source="textbooks",
    status=Status.classical,
    observables=(Observable(quantity="sum_squared", relation="<=", bound="bound"),),
)


class SparseCode(Experiment):
    """Codes with 6 entries, some of them zero."""

    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Draw Gaussian entries and keep each with probability 1/2."""
        return {"x": random.standard_normal((count, 6)) * (random.random((count, 6)) < 0.5)}

    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Change every nonzero by a factor near 1."""
        return {"x": batch["x"] * np.exp(scale * random.standard_normal(batch["x"].shape))}

    def measure(self, batch: Batch, device: str) -> Measurement:
        """Measure in floats, all codes at once."""
        x = on_device(batch["x"], device)
        values = {"s": (x != 0).sum(dim=1).double(), "energy": (x * x).sum(dim=1)}
        return Measurement(values=values, quantities={"sum_squared": x.abs().sum(dim=1) ** 2})

    def exact(self, instance: Instance) -> ExactMeasurement:
        """Measure one code in rationals."""
        x = [Fraction(entry) for entry in instance["x"].tolist()]
        if not any(x):
            raise NotAnInstance("x is not zero")
        values = {"s": Fraction(sum(entry != 0 for entry in x)), "energy": sum((e * e for e in x), Fraction(0))}
        return ExactMeasurement(values=values, quantities={"sum_squared": sum(map(abs, x), Fraction(0)) ** 2})

    def simplified(self, instance: Instance) -> Iterator[Instance]:
        """Propose codes without one of the entries."""
        for i in range(len(instance["x"])):
            yield {"x": np.delete(instance["x"], i)}


EXPERIMENT = SparseCode()


def main() -> None:
    """Attack the theorem, and a claim that is too good."""
    outcome = attack(Trial(statement=THEOREM, experiment=EXPERIMENT), instances=2000)
    ratio = float(outcome.max_ratio or 0)
    print(f"{outcome.instances} instances, violated: {outcome.violated}, largest ratio {ratio:.6f}")
    assert not outcome.violated
    claim = replace(THEOREM, id="too-good", constants={"bound": "9*s*energy/10"})
    refuted = attack(Trial(statement=claim, experiment=EXPERIMENT), instances=2000).counterexample
    assert refuted is not None and refuted.violation is not None
    code, sides = refuted.instance["x"].tolist(), refuted.violation
    print(f"With 9/10 of the bound, x = {code} violates it: {sides.observed} > {sides.bound}")


if __name__ == "__main__":
    main()
