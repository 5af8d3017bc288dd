"""Experiments on a dictionary alone: coherence, Babel function, isometry, spark, null space, levels."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ...experiment import Batch, ExactMeasurement, Experiment, Instance, Measurement, NotAnInstance
from . import small_dictionaries
from .exact_dictionary import ExactDictionary
from .float_dictionaries import FloatDictionaries, from_above
from .gauges import GAUGES


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """A hypothesis in words: its text, what proves it, and what tells it in floats, if draws do not see to it."""

    text: str
    exact: Callable[[ExactDictionary], bool]
    floats: Callable[[FloatDictionaries], Any] | None = None


@dataclass(frozen=True, kw_only=True)
class DictionaryFacts(Experiment):
    """A dictionary and a level k.

    `values` names the gauge of every variable, `quantities` that of every quantity. `family` says which dictionaries
    are drawn, `least_level` the least k. `worded` is a hypothesis in words.
    """

    values: Mapping[str, str]
    quantities: Mapping[str, str]
    family: str = "all"
    shapes: small_dictionaries.Shapes = small_dictionaries.SHAPES
    least_level: int = 1
    worded: Hypothesis | None = None

    batch_size: ClassVar[int] = 50

    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Draw dictionaries of one shape, and levels up to about m, low ones more often."""
        m, n = self.shapes[int(random.integers(len(self.shapes)))]
        draw, _ = small_dictionaries.FAMILIES[self.family]
        most = max(self.least_level + 1, min(m, n // 2) + 1)
        level = random.integers(self.least_level, most + 1, (2, count)).min(axis=0)
        return {"dictionary": draw(random, count, m, n), "level": level.clip(max=n).astype(np.int64)}

    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Vary the dictionary; now and then the level."""
        _, vary = small_dictionaries.FAMILIES[self.family]
        step = random.choice([-1, 0, 1], len(batch["level"]), p=[0.05, 0.9, 0.05])
        level = np.clip(batch["level"] + step, self.least_level, batch["dictionary"].shape[2])
        return {**batch, "dictionary": vary(random, batch["dictionary"], scale), "level": level}

    def measure(self, batch: Batch, device: str) -> Measurement:
        """Measure all gauges in floats."""
        found = FloatDictionaries(batch, device)
        quantities = {name: GAUGES[gauge].floats(found, found.level) for name, gauge in self.quantities.items()}
        if self.worded is not None and self.worded.floats is not None:
            holds = self.worded.floats(found)
            quantities = {name: value.where(holds, math.nan) for name, value in quantities.items()}
        return Measurement(
            values=from_above({name: GAUGES[gauge].floats(found, found.level) for name, gauge in self.values.items()}),
            quantities=quantities,
            rounding=dict.fromkeys(self.quantities, _ROUNDING),
        )

    def exact(self, instance: Instance) -> ExactMeasurement:
        """Measure all gauges exactly."""
        found, level = ExactDictionary(instance["dictionary"]), int(instance["level"])
        if self.worded is not None and not self.worded.exact(found):
            raise NotAnInstance(self.worded.text)
        return ExactMeasurement(
            values={name: GAUGES[gauge].exact(found, level) for name, gauge in self.values.items()},
            quantities={name: GAUGES[gauge].exact(found, level) for name, gauge in self.quantities.items()},
        )

    def simplified(self, instance: Instance) -> Iterator[Instance]:
        """Yield the dictionary without one atom or one row, and one level less."""
        for fewer in small_dictionaries.fewer_atoms(instance["dictionary"]):
            yield {**instance, "dictionary": fewer}
        if instance["level"] > self.least_level:
            yield {**instance, "level": instance["level"] - 1}


def _independent_modulo_a_prime(dictionary: ExactDictionary) -> bool:
    size = dictionary.spark - 1
    return all(dictionary.are_independent_modulo(chosen, _PRIME) for chosen in dictionary.sets(size))


def _two_orthogonal_families(dictionary: ExactDictionary) -> bool:
    """Colour the atoms with two colours so that atoms of one colour are orthogonal."""
    colours: dict[int, int] = {}
    for start in range(dictionary.n):
        colours.setdefault(start, 0)
        waiting = [start]
        while waiting:
            i = waiting.pop()
            for j in range(dictionary.n):
                if j != i and dictionary.gram[i][j]:
                    if j not in colours:
                        colours[j] = 1 - colours[i]
                        waiting.append(j)
                    elif colours[j] == colours[i]:
                        return False
    return True


_PRIME = 10_007
_ROUNDING = 1e-12
_TALL = small_dictionaries.FEW_ATOMS
_MORE = small_dictionaries.MORE_ATOMS
_SPARK = {"spark": "spark"}
_NSC = {"nsc": "nsc_k"}
_FAILURE = {"spark": "spark", "nsc": "nsc_k as given"}

EXPERIMENTS: Mapping[str, Experiment] = {
    "welch-bound": DictionaryFacts(values={"m": "m", "n": "n"}, quantities={"mu": "mu"}, shapes=_MORE),
    "babel-by-coherence": DictionaryFacts(values={"k": "k", "mu": "mu"}, quantities={"babel": "mu_1(k)"}),
    "isometry-by-babel": DictionaryFacts(
        values={"k": "k", "babel_before": "mu_1(k-1)"}, quantities={"delta": "delta_k"}, least_level=2
    ),
    "isometry-by-coherence": DictionaryFacts(values={"k": "k", "mu": "mu"}, quantities={"delta": "delta_k"}),
    "generalized-coherence-by-coherence": DictionaryFacts(
        values={"mu": "mu"}, quantities={"mu_tilde": "mu~"}, shapes=_MORE
    ),
    "generalized-coherence-by-independence": DictionaryFacts(
        values={},
        quantities={"mu_tilde_i": "mu~ of the last"},
        family="last-apart",
        worded=Hypothesis(
            text="d_i is not in the span of the other atoms", exact=lambda d: not d.is_in_span_of_others(d.n - 1)
        ),
    ),
    "jn-alpha-one": DictionaryFacts(
        values={"mu_tilde": "mu~_i"}, quantities={"alpha_1": "alpha_1"}, family="equal-norms", shapes=_MORE
    ),
    "generalized-babel-by-generalized-coherence": DictionaryFacts(
        values={"k": "k", "mu_tilde": "mu~_i"}, quantities={"P": "P(k)"}, family="equal-norms", shapes=_MORE
    ),
    "null-space-of-one": DictionaryFacts(
        values={"mu_tilde": "mu~"}, quantities={"nsc_1": "nsc_1"}, family="equal-norms", shapes=_MORE
    ),
    "null-space-by-generalized-coherence": DictionaryFacts(
        values={"k": "k", "mu_tilde": "mu~"}, quantities={"nsc": "nsc_k"}, shapes=_MORE
    ),
    "null-space-by-supports": DictionaryFacts(
        values={"k": "k", "size": "half of k", "average": "average"}, quantities={"share": "share"}, shapes=_MORE
    ),
    "independence-by-rank": DictionaryFacts(
        values={"rank": "rank", "n": "n"}, quantities={"nullity": "nullity"}, shapes=_TALL
    ),
    "independence-by-coherence": DictionaryFacts(
        values={"n": "n", "mu": "mu"}, quantities={"nullity": "nullity"}, shapes=_TALL
    ),
    "independence-by-babel": DictionaryFacts(
        values={"babel": "mu_1(n-1)"}, quantities={"nullity": "nullity"}, shapes=_TALL
    ),
    "independence-by-isometry": DictionaryFacts(
        values={"delta": "delta_n"}, quantities={"nullity": "nullity"}, shapes=_TALL
    ),
    "spark-by-coherence": DictionaryFacts(values={"mu": "mu"}, quantities=_SPARK, shapes=_MORE),
    "spark-by-babel": DictionaryFacts(
        values={"s": "k", "babel": "mu_1(k-1)"}, quantities=_SPARK, least_level=2, shapes=_MORE
    ),
    "spark-by-isometry": DictionaryFacts(values={"k": "k", "delta": "delta_k"}, quantities=_SPARK, shapes=_MORE),
    "spark-by-orthogonal-families": DictionaryFacts(
        values={"mu": "mu"},
        quantities=_SPARK,
        family="two-orthogonal",
        shapes=((2, 3), (2, 4), (3, 5), (3, 6), (4, 6), (4, 8)),
        worded=Hypothesis(
            text="the atoms split into two non-empty families, each orthogonal", exact=_two_orthogonal_families
        ),
    ),
    "spark-by-generalized-coherence": DictionaryFacts(values={"mu_tilde": "mu~"}, quantities=_SPARK, shapes=_MORE),
    "spark-by-null-space": DictionaryFacts(values={"k": "k", "nsc": "nsc_k"}, quantities=_SPARK, shapes=_MORE),
    "spark-by-enumeration": DictionaryFacts(
        values={"s": "spark - 1"},
        quantities=_SPARK,
        shapes=_MORE,
        worded=Hypothesis(
            text="every s atoms are linearly independent modulo a prime", exact=_independent_modulo_a_prime
        ),
    ),
    "spark-by-dimension": DictionaryFacts(values={"m": "m", "n": "n"}, quantities=_SPARK, shapes=_MORE),
    "uniqueness-by-spark": DictionaryFacts(
        values={"k": "k", "spark": "spark"}, quantities={"dependent_sets": "dependent 2k"}, shapes=_MORE
    ),
    "uniqueness-by-coherence": DictionaryFacts(values={"k": "k", "mu": "mu"}, quantities=_SPARK, shapes=_MORE),
    "uniqueness-by-generalized-coherence": DictionaryFacts(
        values={"k": "k", "mu_tilde": "mu~"}, quantities=_SPARK, shapes=_MORE
    ),
    "uniqueness-by-isometry": DictionaryFacts(values={"k": "k", "delta": "delta_2k"}, quantities=_SPARK, shapes=_MORE),
    "uniqueness-by-recovery": DictionaryFacts(
        values={"k": "recovered level"},
        quantities=_SPARK,
        shapes=_MORE,
    ),
    "recovery-by-independence": DictionaryFacts(
        values={},
        quantities={"nsc": "nsc_n"},
        shapes=_TALL,
        worded=Hypothesis(
            text="the atoms are linearly independent",
            exact=lambda d: d.rank == d.n,
            floats=lambda d: d.rank == d.n,
        ),
    ),
    "recovery-by-isometry": DictionaryFacts(values={"k": "k", "delta": "delta_2k"}, quantities=_NSC, shapes=_MORE),
    "recovery-by-generalized-coherence": DictionaryFacts(
        values={"k": "k", "mu_tilde": "mu~"}, quantities=_NSC, shapes=_MORE
    ),
    "failure-by-dimension": DictionaryFacts(values={"k": "k", "m": "m", "n": "n"}, quantities=_FAILURE, shapes=_MORE),
}
