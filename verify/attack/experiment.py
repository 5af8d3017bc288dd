"""What an attack needs to know of a statement: how its instances are drawn, varied, and measured."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ..theorems.language.values import Value

Batch = Mapping[str, NDArray[Any]]
"""Named arrays, the instances along the first axis of each. An entry means the number that the float or integer is.

What all instances share (a dictionary) is an array broadcast along that axis: `shared` tells, and `chosen` copies.
"""

Instance = Mapping[str, NDArray[Any]]
"""One of a batch: the same names, without the first axis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """A batch measured in floats: a value per variable of the statement, a number per quantity, for each instance.

    Arrays are float64 torch tensors on the device, of length count; a variable with one value per atom or layer has a
    second axis, and so has a quantity with one value per layer. `rounding` says of a quantity about how far rounding
    can have moved it (a number, or one for each instance); the search does not count on differences below that.
    Values and quantities that a statement does not name are ignored. Estimated: nothing is concluded from them.
    """

    values: Mapping[str, Any]
    quantities: Mapping[str, Any]
    rounding: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactMeasurement:
    """One instance measured without rounding: the values for `Statement.apply`, and the quantities.

    Each is a Fraction, a Root (of a rational: equality with a bound is then decided) or an Enclosure.
    A variable that enters a bound from above (a coherence, a norm) may be replaced by an upper bound of it only if
    the statement holds for every number from the true value on: its meaning must say `bound of`. A quantity with
    one value per layer is a tuple; a single one is compared with the bound of the last layer.
    """

    values: Mapping[str, Value | tuple[Value, ...]]
    quantities: Mapping[str, Value | tuple[Value, ...]]


class NotAnInstance(ValueError):  # noqa: N818 - an outcome of a search, not an error
    """An instance does not satisfy a hypothesis: which one, in one line."""


class Experiment(ABC):
    """Draws instances of a statement's hypotheses, varies them, and measures what its observables name.

    One experiment may serve several statements. Everything random comes from the generator that is handed in.
    `batch_size` is how many instances are drawn, varied and measured at once.
    """

    batch_size: ClassVar[int] = 1000

    @abstractmethod
    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Return `count` instances: random, structured and extreme ones mixed; nearly all satisfy the hypotheses."""

    @abstractmethod
    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Return a neighbour of each instance that satisfies the worded hypotheses, at a distance of about `scale`.

        The batch usually holds one instance many times (all its arrays are shared). It is good to change one entry
        of some neighbours and all entries of others.
        """

    @abstractmethod
    def measure(self, batch: Batch, device: str) -> Measurement:
        """Measure a batch in floats with torch (`verify.arrays.torch_module`) on `device`, all instances at once."""

    @abstractmethod
    def exact(self, instance: Instance) -> ExactMeasurement:
        """Measure one instance exactly, or enclosed; raise NotAnInstance if a hypothesis stated in words fails.

        Guarantee: what is returned is proved (rational arithmetic or balls), and so are the worded hypotheses.
        """

    def simplified(self, instance: Instance) -> Iterable[Instance]:
        """Yield simpler instances to try in its place: fewer atoms, rows, layers; by default none.

        Shorter numbers are tried anyway. What is no instance any more may be yielded: `exact` refuses it.
        """
        del instance
        return ()


def shared(array: NDArray[Any]) -> NDArray[Any] | None:
    """Return what all instances of a batch have in common, if the array is one entry broadcast, else None."""
    return array[0] if len(array) and (len(array) == 1 or array.strides[0] == 0) else None


def broadcast(array: NDArray[Any], count: int) -> NDArray[Any]:
    """Return an array that `count` instances share, without copies."""
    return np.broadcast_to(array, (count, *np.shape(array)))


def repeated(instance: Instance, count: int) -> Batch:
    """Return a batch that holds one instance `count` times, without copies."""
    return {name: broadcast(np.asarray(array), count) for name, array in instance.items()}


def chosen(batch: Batch, index: int) -> Instance:
    """Return one instance of a batch, copied."""
    return {name: np.array(array[index]) for name, array in batch.items()}
