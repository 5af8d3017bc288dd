"""An unrolled network: layers x+ = T_t(M x + V y) or x+ = T_t(x + W^T (y - D x)), exactly these floats."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, LimitError
from .activations import Activation

if TYPE_CHECKING:
    from .stored import NetworkFiles
    from .unrolled_module import UnrolledModule

Matrix = NDArray[Any]

MOST_LAYERS = 1000
MOST_ENTRIES = 20_000_000


class Code(StrEnum):
    """Which codes a network computes: signed ones by shrinkage pairs, non-negative ones by single ReLUs."""

    signed = "signed"
    nonnegative = "nonnegative"


class DType(StrEnum):
    """The floating-point format of the weights and of the evaluation."""

    float32 = "float32"
    float64 = "float64"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StateLayer:
    """x+ = T_t(M x + V y): `state` is M, n x n, None for no state (layer 0, where x = 0); `signal` is V, n x m."""

    state: Matrix | None
    signal: Matrix
    threshold: Matrix

    @property
    def parts(self) -> dict[str, Matrix | None]:
        """The arrays by their names in the file."""
        return {"state": self.state, "signal": self.signal, "threshold": self.threshold}

    def shapes(self, m: int, n: int) -> dict[str, tuple[int, ...]]:
        """Return the shapes the arrays must have."""
        return {"state": (n, n), "signal": (n, m), "threshold": (n,)}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ResidualLayer:
    """x+ = T_t(x + W^T (y - D x)): `analysis` is W and `synthesis` is D, both m x n."""

    analysis: Matrix
    synthesis: Matrix
    threshold: Matrix

    @property
    def parts(self) -> dict[str, Matrix | None]:
        """The arrays by their names in the file."""
        return {"analysis": self.analysis, "synthesis": self.synthesis, "threshold": self.threshold}

    def shapes(self, m: int, n: int) -> dict[str, tuple[int, ...]]:
        """Return the shapes the arrays must have."""
        return {"analysis": (m, n), "synthesis": (m, n), "threshold": (n,)}


Layer = StateLayer | ResidualLayer


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Layers, units, weights of the affine maps with their zeros, and numbers stored."""

    layers: int
    units: int
    weights: int
    stored: int


@dataclass(frozen=True, kw_only=True, eq=False)
class UnrolledNetwork:
    """A network for signals y of length m and codes x of length n, from x = 0: exactly these floats, this digest.

    T_t(v) = relu(v - t) - relu(-v - t) for `signed` codes and relu(v - t) for `nonnegative` ones, t >= 0 per atom; the
    activation stands for relu. Layers share a matrix if they hold the same array object; it is then stored once. The
    arrays are not copied and become read-only. `dictionary_sha256` is the digest of the dictionary that the network was
    built for, if it was built for one. Raises InputError if shapes or types do not fit, a number is not finite, a
    threshold is negative or layer 0 has a state; LimitError for more than the checker reads.
    """

    code: Code
    dtype: DType
    shape: tuple[int, int]
    layers: tuple[Layer, ...]
    activation: Activation = field(default_factory=Activation)
    dictionary_sha256: str | None = None
    stored_as: NetworkFiles | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not 1 <= len(self.layers) <= MOST_LAYERS:
            raise LimitError(f"layers: expected 1 to {MOST_LAYERS} of them, got {len(self.layers)}")
        m, n = self.shape
        if m < 1 or n < 2 or m * n > MOST_ENTRIES:
            raise LimitError(f"shape: expected m >= 1, n >= 2 and at most {MOST_ENTRIES} entries, got {m} x {n}")
        for at, layer in enumerate(self.layers):
            shapes = layer.shapes(m, n)
            for name, array in layer.parts.items():
                if array is not None:
                    _refuse_unfit(array, shapes[name], self.dtype, f"layer {at}, {name}")
            if layer.threshold.min() < 0:
                raise InputError(f"layer {at}, threshold: expected numbers >= 0, got {layer.threshold.min()}")
        if isinstance(self.layers[0], StateLayer) and self.layers[0].state is not None:
            raise InputError("layer 0, state: expected none, because the code is 0 before it")
        slope = self.activation.slope
        if slope is not None and Fraction(float(np.dtype(self.dtype.value).type(float(slope)))) != slope:
            raise InputError(f"slope: expected exactly a number of type {self.dtype.value}, got {slope}")
        if sum(array.size for array in self.tensors.values()) > MOST_ENTRIES:
            raise LimitError(f"the matrices have more than {MOST_ENTRIES} entries, more than the checker reads")

    @cached_property
    def tensors(self) -> dict[str, Matrix]:
        """The different arrays, by name: the part and the first layer that uses it, as `signal.0`."""
        known = self._names
        return {known[id(array)]: array for _, array in self._arrays()}

    def layer_names(self, layer: Layer) -> dict[str, str | None]:
        """Return the name of the tensor of each part of a layer."""
        known = self._names
        return {name: None if array is None else known[id(array)] for name, array in layer.parts.items()}

    @property
    def files(self) -> NetworkFiles:
        """The two files: those that were read, or those that are written."""
        if self.stored_as is None:
            return self._written
        return self.stored_as

    @cached_property
    def _written(self) -> NetworkFiles:
        from .stored import to_files

        return to_files(self)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical description, which holds the digest of the tensors (docs/networks.md)."""
        return hashlib.sha256(self.files.canonical).hexdigest()

    def to_torch(self, *, trainable: bool = False) -> UnrolledModule:
        """Return the network as a torch module for batches of signals, on the CPU; `.to(device)` moves it."""
        from .unrolled_module import UnrolledModule

        return UnrolledModule(self, trainable=trainable)

    @property
    def counts(self) -> Counts:
        """How large the network is."""
        m, n = self.shape
        signs = 2 if self.code is Code.signed else 1
        hidden = [layer for layer in self.layers[1:] if not isinstance(layer, StateLayer) or layer.state is not None]
        rows = signs * n
        return Counts(
            layers=self.depth,
            units=self.depth * rows * self.activation.units,
            weights=len(hidden) * rows * rows + self.depth * rows * (m + 1) + n * rows,
            stored=sum(array.size for array in self.tensors.values()),
        )

    @property
    def depth(self) -> int:
        """The number of layers."""
        return len(self.layers)

    def _arrays(self) -> Iterator[tuple[str, Matrix]]:
        for at, layer in enumerate(self.layers):
            for name, array in layer.parts.items():
                if array is not None:
                    yield f"{name}.{at}", array

    @cached_property
    def _names(self) -> dict[int, str]:
        names: dict[int, str] = {}
        for name, array in self._arrays():
            names.setdefault(id(array), name)
        return names


def _refuse_unfit(array: Matrix, shape: tuple[int, ...], dtype: DType, where: str) -> None:
    if array.dtype != np.dtype(dtype.value):
        raise InputError(f"{where}: expected entries of type {dtype.value}, got {array.dtype}")
    if array.shape != shape:
        raise InputError(f"{where}: expected the shape {shape}, got {array.shape}")
    finite = np.isfinite(array)
    if not finite.all():
        at = tuple(map(int, np.argwhere(~finite)[0]))
        raise InputError(f"{where}: expected finite numbers, got {array[at]} at {at}")
    array.flags.writeable = False
