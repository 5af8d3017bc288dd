"""What an attack needs to know of a statement: how its instances are drawn, varied, and measured."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..exact import Enclosure
from ..theorems.language.values import Value

Batch = Mapping[str, NDArray[Any]]
"""Named arrays, the instances along the first axis of each. An entry means the number that the float or integer is."""

Instance = Mapping[str, NDArray[Any]]
"""One of a batch: the same names, without the first axis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """A batch measured in floats: a value per variable of the statement, a number per quantity, for each instance.

    Arrays are torch tensors on the device, of length count; a variable with one value per atom or layer has a second
    axis. Estimated: nothing is concluded from them.
    """

    values: Mapping[str, Any]
    quantities: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactMeasurement:
    """One instance measured without rounding: the values for `Statement.apply`, and the quantities.

    A variable that enters a bound from above (a coherence, a norm) may be replaced by an upper bound of it only if
    the statement holds for every number from the true value on: its meaning must say `bound of`.
    """

    values: Mapping[str, Value | tuple[Value, ...]]
    quantities: Mapping[str, Fraction | Enclosure]


class NotAnInstance(ValueError):  # noqa: N818 - an outcome of a search, not an error
    """An instance does not satisfy a hypothesis that is stated in words: which one, in one line."""


class Experiment(ABC):
    """Draws instances of a statement's hypotheses, varies them, and measures what its observables name.

    One experiment may serve several statements. Everything random comes from the generator that is handed in.
    """

    @abstractmethod
    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Return `count` instances: random, structured and extreme ones mixed; nearly all satisfy the hypotheses."""

    @abstractmethod
    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Return a neighbour of each instance that satisfies the worded hypotheses, at a distance of about `scale`."""

    @abstractmethod
    def measure(self, batch: Batch, device: str) -> Measurement:
        """Measure a batch in floats with torch on `device`, all instances at once."""

    @abstractmethod
    def exact(self, instance: Instance) -> ExactMeasurement:
        """Measure one instance exactly, or enclosed; raise NotAnInstance if a hypothesis stated in words fails.

        Guarantee: what is returned is proved (rational arithmetic or balls), and so are the worded hypotheses.
        """

    def simplified(self, instance: Instance) -> Instance:
        """Return the same instance with shorter numbers or fewer atoms where that is easy; by default, as it is."""
        return instance
