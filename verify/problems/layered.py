"""Sparse codes of sparse codes: a chain of dictionaries solved layer by layer, every layer with its own proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..dictionaries.dictionary import Dictionary
from ..dictionaries.signals import Signal
from ..errors import InputError
from ..progress import Progress, silent
from .outcome import Outcome, Status
from .problem import SolveOptions, positive
from .proofs import ExactCode
from .sparsest import Sparsest

Number = Fraction | float | str


@dataclass(frozen=True, slots=True, kw_only=True)
class LayeredOutcome:
    """The outcomes of the layers that were solved, in order; the signal of each is the code found by the one before.

    `layers[j]` proves what it proves about its own problem, whose signal is that code exactly.
    """

    problem: Layered
    layers: tuple[Outcome, ...]
    remarks: tuple[str, ...] = ()

    @property
    def codes(self) -> tuple[ExactCode, ...]:
        """The codes x_1, x_2, .. that the layers found, exact."""
        return tuple(outcome.solution for outcome in self.layers if outcome.solution is not None)

    @property
    def is_complete(self) -> bool:
        """Whether every layer found a code: x_1 .. x_J then satisfy the whole model, exactly."""
        return len(self.codes) == len(self.problem.dictionaries)

    @property
    def is_unique(self) -> bool:
        """Whether it is proved that the x_j are the only codes that are sparsest layer by layer.

        True if every epsilon_j is 0 and every layer's minimiser is proved to be the only one: x_1 is then the only
        sparsest code of y, x_2 the only one of x_1, and so on. False does not say that there are others.
        """
        exact = all(epsilon == 0 for epsilon in self.problem.exact_epsilons)
        return exact and self.is_complete and all(outcome.is_unique for outcome in self.layers)

    @property
    def is_infeasible(self) -> bool:
        """Whether it is proved that no codes satisfy the whole model.

        True if the first layer is infeasible. A later layer that is infeasible for the code found says nothing of
        other, less sparse codes of the layers before it, nor of other codes within their epsilon_j.
        """
        return len(self.layers) == 1 and self.layers[0].status is Status.proved_infeasible


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layered:
    """x_0 = y and |x_{j-1} - D_j x_j|_2 <= epsilon_j, every x_j as sparse as it can be given x_{j-1}, j = 1 .. J.

    `dictionaries` are D_1 .. D_J, where D_{j+1} has as many rows as D_j has atoms; `epsilons` and `boxes` have one
    entry each (None: all 0, no boxes). Source: Li, Feng, Zhou, Convergence Analysis for Deep Sparse Coding; Papyan,
    Romano, Elad 2017 (layer by layer). Real dictionaries only.
    """

    dictionaries: Sequence[Dictionary]
    signal: Signal
    epsilons: Sequence[Number] | None = None
    boxes: Sequence[Number | None] | None = None
    nonnegative: bool = False

    def __post_init__(self) -> None:
        depth = len(self.dictionaries)
        if not depth:
            raise InputError("expected at least one dictionary for a layered problem, got none")
        for j in range(1, depth):
            rows, atoms = self.dictionaries[j].shape[0], self.dictionaries[j - 1].shape[1]
            if rows != atoms:
                raise InputError(
                    f"expected dictionary {j + 1} to have {atoms} rows, one for each atom of the one before, got {rows}"
                )
        for values, name in ((self.epsilons, "epsilons"), (self.boxes, "boxes")):
            if values is not None and len(values) != depth:
                raise InputError(f"expected {depth} {name}, one for each dictionary, got {len(values)}")
        _ = self.exact_epsilons  # refuses what is no number of at least 0

    @property
    def exact_epsilons(self) -> tuple[Fraction, ...]:
        """The bounds epsilon_j as exact numbers."""
        values = self.epsilons or [0] * len(self.dictionaries)
        return tuple(positive(value, "epsilon", zero=True) for value in values)

    def layer(self, at: int, signal: Signal) -> Sparsest:
        """Return the problem of one layer (from 0) for the code of the layer before."""
        return Sparsest(
            dictionary=self.dictionaries[at],
            signal=signal,
            nonnegative=self.nonnegative,
            epsilon=self.exact_epsilons[at],
            box=None if self.boxes is None else self.boxes[at],
        )

    def solve(self, options: SolveOptions | None = None, progress: Progress = silent) -> LayeredOutcome:
        """Solve layer by layer; end where a layer has no code.

        Guarantee: that of each layer's outcome, and what `LayeredOutcome` says of the whole; codes are exact, so no
        error passes from layer to layer. `options` go to every layer, a guarantee only to a single layer.
        """
        options = options or SolveOptions()
        if options.guarantee is not None and len(self.dictionaries) > 1:
            raise InputError("a guarantee is about one dictionary, and a layered problem has several: leave it out")
        outcomes: list[Outcome] = []
        signal = self.signal
        for at in range(len(self.dictionaries)):
            outcome = self.layer(at, signal).solve(options, progress)
            outcomes.append(outcome)
            if outcome.solution is None:
                remark = f"layer {at + 1} has no code for the code found before it"
                return LayeredOutcome(problem=self, layers=tuple(outcomes), remarks=(remark,))
            signal = signal_of(outcome.solution, self.dictionaries[at].shape[1])
        return LayeredOutcome(problem=self, layers=tuple(outcomes))


def signal_of(code: ExactCode, n: int) -> Signal:
    """Return a real code as an exact vector of length n."""
    entries = np.full(n, Fraction(0), dtype=object)
    for i, value in zip(code.support, code.values[0], strict=True):
        entries[i] = value
    return Signal(real=entries)
