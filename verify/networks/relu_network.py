"""A network of affine maps and ReLUs alone: exact, enclosed and in torch, by one forward pass."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, LimitError
from ..exact import Enclosure
from .intervals import IntervalMatrix, IntervalVector, Midpoints
from .unrolled import Code, DType, Layer, Matrix, StateLayer, UnrolledNetwork

if TYPE_CHECKING:
    from .relu_module import ReluModule

Exact = NDArray[np.object_]
V = TypeVar("V")
A = TypeVar("A")
MOST_WEIGHTS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Affine:
    """The map (h, y) -> H h + S y + b before a layer of units: `hidden` is None where there is no h yet."""

    hidden: Exact | None
    signal: Exact
    bias: Exact


class Arithmetic(Protocol[A, V]):
    """What a forward pass needs; three of these make the three renderings of one network agree by construction."""

    def matrix(self, entries: Exact) -> A:
        """Return a matrix in this arithmetic."""
        ...

    def times(self, matrix: A, vector: V) -> V:
        """Return the product."""
        ...

    def add(self, first: V, second: V) -> V:
        """Return the sum."""
        ...

    def shift(self, vector: V, bias: Exact) -> V:
        """Return the vector plus a bias."""
        ...

    def relu(self, vector: V) -> V:
        """Return max(v, 0), entry by entry."""
        ...


def forward(layers: Sequence[Affine], output: Exact, arithmetic: Arithmetic[Any, V], y: V) -> V:
    """Return C relu(... relu(H relu(S y + b) + S y + b) ...): the one forward pass of every rendering."""
    h: V | None = None
    for layer in layers:
        v = arithmetic.times(arithmetic.matrix(layer.signal), y)
        if h is not None and layer.hidden is not None:
            v = arithmetic.add(v, arithmetic.times(arithmetic.matrix(layer.hidden), h))
        h = arithmetic.relu(arithmetic.shift(v, layer.bias))
    assert h is not None
    return arithmetic.times(arithmetic.matrix(output), h)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReluNetwork:
    """x = C h_K, h_(k+1) = relu(H_k h_k + S_k y + b_k), with exact rational weights.

    For signed codes the units of a layer are relu(v - t), then relu(-v - t), and C = [I, -I]; for non-negative ones
    relu(v - t), and C = I. Make one with `of`.
    """

    layers: tuple[Affine, ...]
    output: Exact

    @staticmethod
    def of(network: UnrolledNetwork) -> ReluNetwork:
        """Return an unrolled network as affine maps and ReLUs, its products I - W^T D multiplied out exactly.

        Leaky ReLU units stand for relu exactly and become ReLUs. Raises InputError for smooth activations, LimitError
        for more than a million weights.
        """
        if network.activation.tau is not None:
            raise InputError(f"expected a network of relu or leaky-relu units, got {network.activation.name}")
        counts = network.counts
        if counts.weights > MOST_WEIGHTS:
            raise LimitError(
                f"{counts.weights} weights are too many to write them all as fractions, at most {MOST_WEIGHTS}: "
                "use the network itself"
            )
        identity = _exact(np.eye(network.shape[1]))
        signs = [1, -1] if network.code is Code.signed else [1]
        known: dict[tuple[int, ...], tuple[Exact | None, Exact]] = {}
        layers: list[Affine] = []
        for at, layer in enumerate(network.layers):
            key = tuple(id(array) for name, array in layer.parts.items() if name != "threshold")
            if key not in known:
                state, signal = _maps(layer, identity)
                known[key] = (
                    None if state is None else np.block([[a * b * state for b in signs] for a in signs]),
                    np.concatenate([sign * signal for sign in signs]),
                )
            hidden, signal = known[key]
            bias = -_exact(layer.threshold)
            layers.append(
                Affine(hidden=hidden if at else None, signal=signal, bias=np.concatenate([bias for _ in signs]))
            )
        output = np.concatenate([sign * identity for sign in signs], axis=1)
        return ReluNetwork(layers=tuple(layers), output=output)

    @property
    def units(self) -> int:
        """The number of ReLUs."""
        return sum(len(layer.bias) for layer in self.layers)

    @property
    def weights(self) -> int:
        """The number of weights and biases, zeros included."""
        matrices = [m for layer in self.layers for m in (layer.hidden, layer.signal, layer.bias) if m is not None]
        return sum(matrix.size for matrix in matrices) + self.output.size

    @property
    def depth(self) -> int:
        """The number of layers of units."""
        return len(self.layers)

    def forward_exact(self, signal: Iterable[float | Fraction]) -> list[Fraction]:
        """Return the code of a signal, in rational arithmetic."""
        return list(forward(self.layers, self.output, _Rationals(), _vector(signal)))

    def forward_enclosed(self, signal: Iterable[float | Fraction | Enclosure]) -> list[Enclosure]:
        """Return intervals that hold the code of every signal in the given intervals, in binary64 arithmetic."""
        y = IntervalVector.of(list(signal))
        with np.errstate(over="ignore", invalid="ignore"):
            found = forward(self.layers, self.output, Midpoints(), y)
        return found.enclosures

    def enclosed_weights(self) -> list[tuple[IntervalMatrix | None, IntervalMatrix, IntervalVector]]:
        """Return H, S and b of every layer as the intervals that `forward_enclosed` works with."""
        return [
            (
                None if layer.hidden is None else IntervalMatrix.of(layer.hidden),
                IntervalMatrix.of(layer.signal),
                IntervalVector.of(layer.bias.tolist()),
            )
            for layer in self.layers
        ]

    def to_torch(self, dtype: DType = DType.float64) -> ReluModule:
        """Return the network as a torch module; its weights are the exact ones, rounded to nearest."""
        from .relu_module import ReluModule

        return ReluModule(self.layers, self.output, dtype)


class _Rationals:
    """Arithmetic on arrays of `Fraction` objects."""

    def matrix(self, entries: Exact) -> Exact:
        return entries

    def times(self, matrix: Exact, vector: Exact) -> Exact:
        return matrix @ vector

    def add(self, first: Exact, second: Exact) -> Exact:
        return first + second

    def shift(self, vector: Exact, bias: Exact) -> Exact:
        return vector + bias

    def relu(self, vector: Exact) -> Exact:
        return np.array([max(value, Fraction(0)) for value in vector.tolist()], dtype=object)


def _maps(layer: Layer, identity: Exact) -> tuple[Exact | None, Exact]:
    """Return M and V of a layer."""
    if isinstance(layer, StateLayer):
        return None if layer.state is None else _exact(layer.state), _exact(layer.signal)
    analysis = _exact(layer.analysis).T
    return identity - analysis @ _exact(layer.synthesis), analysis


def _exact(entries: Matrix) -> Exact:
    result = np.empty(entries.shape, dtype=object)
    for at, value in np.ndenumerate(entries):
        result[at] = Fraction(float(value))
    return result


def _vector(signal: Iterable[float | Fraction]) -> Exact:
    values = list(signal)
    if not all(isinstance(value, Fraction) or math.isfinite(value) for value in values):
        raise InputError("signal: expected finite numbers")
    return np.array([Fraction(value) for value in values], dtype=object)
