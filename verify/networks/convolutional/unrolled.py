"""An unrolled network of convolutions: layers x+ = T_t(x + V * (y - F' * x)), for signals of every size."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ...dictionaries.convolutional import Lengths
from ...errors import InputError, LimitError
from ..activations import Activation
from ..unrolled import MOST_ENTRIES, MOST_LAYERS, Code, DType, Matrix

if TYPE_CHECKING:
    from ..stored import NetworkFiles
    from .module import ConvolutionalModule

BOUNDARIES = ("full", "circular", "same")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FilterLayer:
    """x+ = T_t(x + conv(y - conv_transpose(x, F'), V)): `analysis` is V and `synthesis` is F', both (C, M, t..).

    `threshold` has one number for each of the C code channels.
    """

    analysis: Matrix
    synthesis: Matrix
    threshold: Matrix

    @property
    def parts(self) -> dict[str, Matrix]:
        """The arrays by their names in the file."""
        return {"analysis": self.analysis, "synthesis": self.synthesis, "threshold": self.threshold}


@dataclass(frozen=True, kw_only=True, eq=False)
class ConvolutionalNetwork:
    """A network for signals (M, n..) and codes (C, l..) of every size, from x = 0: exactly these floats, this digest.

    `shape` is (C, M, t_1[, t_2]), that of the filters, `stride` has a number for each axis, `boundary` is `full`,
    `circular` or `same` (stride 1, odd taps, and both convolutions padded by (t-1)/2); conventions are those of
    `ConvolutionalDictionary`. T_t(v) = relu(v - t) - relu(-v - t) for `signed` codes, relu(v - t) for `nonnegative`
    ones. Layers share a tensor if they hold the same array object. The arrays are
    not copied and become read-only. Raises InputError if shapes or types do not fit, a number is not finite, a
    threshold is negative or the boundary is another; LimitError for more than the checker reads.
    """

    code: Code
    dtype: DType
    shape: tuple[int, ...]
    stride: Lengths
    boundary: str
    layers: tuple[FilterLayer, ...]
    dictionary_sha256: str | None = None
    stored_as: NetworkFiles | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.boundary not in BOUNDARIES:
            raise InputError(f"boundary: expected full, circular or same, got {str(self.boundary)[:20]}")
        if not 1 <= len(self.layers) <= MOST_LAYERS:
            raise LimitError(f"layers: expected 1 to {MOST_LAYERS} of them, got {len(self.layers)}")
        if len(self.shape) not in (3, 4) or min(self.shape) < 1 or math.prod(self.shape) > MOST_ENTRIES:
            raise LimitError(f"shape: expected (C, M, taps) with at most {MOST_ENTRIES} entries, got {self.shape}")
        taps = self.shape[2:]
        if len(self.stride) != len(taps) or not all(1 <= s <= t for s, t in zip(self.stride, taps, strict=True)):
            raise InputError(f"stride: expected a number from 1 to that of the taps for each axis, got {self.stride}")
        if self.boundary == "same" and (any(s > 1 for s in self.stride) or any(t % 2 == 0 for t in taps)):
            raise InputError(f"boundary: same has stride 1 and odd taps, got stride {self.stride} and taps {taps}")
        for at, layer in enumerate(self.layers):
            for name, array in layer.parts.items():
                _refuse_unfit(array, self.shape if name != "threshold" else self.shape[:1], self.dtype, at, name)
            if layer.threshold.min() < 0:
                raise InputError(f"layer {at}, threshold: expected numbers >= 0, got {layer.threshold.min()}")
        if sum(array.size for array in self.tensors.values()) > MOST_ENTRIES:
            raise LimitError(f"the tensors have more than {MOST_ENTRIES} entries, more than the checker reads")

    @property
    def activation(self) -> Activation:
        """What stands for relu: relu itself."""
        return Activation()

    @property
    def depth(self) -> int:
        """The number of layers."""
        return len(self.layers)

    @property
    def reach(self) -> Lengths:
        """(t-1)//stride on each axis."""
        return tuple((t - 1) // s for t, s in zip(self.shape[2:], self.stride, strict=True))

    @property
    def stripe(self) -> int:
        """The number of atoms of a stripe."""
        return self.shape[0] * math.prod(2 * reach + 1 for reach in self.reach)

    @cached_property
    def tensors(self) -> dict[str, Matrix]:
        """The different arrays, by name: the part and the first layer that uses it, as `analysis.0`."""
        known = self._names
        return {known[id(array)]: array for _, array in self._arrays()}

    def layer_names(self, layer: FilterLayer) -> dict[str, str]:
        """Return the name of the tensor of each part of a layer."""
        return {name: self._names[id(array)] for name, array in layer.parts.items()}

    @property
    def files(self) -> NetworkFiles:
        """The two files: those that were read, or those that are written."""
        return self._written if self.stored_as is None else self.stored_as

    @cached_property
    def _written(self) -> NetworkFiles:
        from .stored import to_files

        return to_files(self)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical description, which holds the digest of the tensors."""
        return hashlib.sha256(self.files.canonical).hexdigest()

    def to_torch(self, *, trainable: bool = False) -> ConvolutionalModule:
        """Return the network as a torch module for batches of signals of any size; `.to(device)` moves it."""
        from .module import ConvolutionalModule

        return ConvolutionalModule(self, trainable=trainable)

    def _arrays(self) -> Iterator[tuple[str, Matrix]]:
        for at, layer in enumerate(self.layers):
            for name, array in layer.parts.items():
                yield f"{name}.{at}", array

    @cached_property
    def _names(self) -> dict[int, str]:
        names: dict[int, str] = {}
        for name, array in self._arrays():
            names.setdefault(id(array), name)
        return names


def _refuse_unfit(array: Matrix, shape: tuple[int, ...], dtype: DType, at: int, name: str) -> None:
    if array.dtype != np.dtype(dtype.value):
        raise InputError(f"layer {at}, {name}: expected entries of type {dtype.value}, got {array.dtype}")
    if array.shape != shape:
        raise InputError(f"layer {at}, {name}: expected the shape {shape}, got {array.shape}")
    if not np.isfinite(array).all():
        raise InputError(f"layer {at}, {name}: expected finite numbers")
    array.flags.writeable = False
