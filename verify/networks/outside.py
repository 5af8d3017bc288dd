"""Networks from elsewhere: a trained LISTA, LISTA-CP or ALISTA, from tensors or a torch module."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..dictionaries.dictionary import Dictionary
from ..errors import InputError, LimitError
from ..files import shown
from .stored import read_file, read_tensors
from .unrolled import MOST_LAYERS, Code, DType, Layer, Matrix, ResidualLayer, StateLayer, UnrolledNetwork
from .weights import real_atoms

if TYPE_CHECKING:
    import torch

_LAYER = re.compile(r"layers\.(0|[1-9][0-9]{0,3})\.(state|signal|weights|synthesis|threshold|step)")
_LINEAR = ("state.weight", "signal.weight")
_SHARED = ("state", "signal", "weights", "synthesis", "threshold", "step")
_FLOATS = {np.dtype(np.float32): DType.float32, np.dtype(np.float64): DType.float64}


def load_outside(
    path: str | os.PathLike[str], dictionary: Dictionary | None = None, *, nonnegative: bool = False
) -> UnrolledNetwork:
    """Return the network in a .safetensors file with the names of docs/networks.md, "Networks from elsewhere".

    Guarantee: the floats of the file, as `network_from_tensors` says. Raises InputError, one line, for a file that
    cannot be read or does not hold such a network.
    """
    target = Path(path)
    try:
        if target.suffix.lower() != ".safetensors":
            raise InputError(f"expected tensors named .safetensors, got the extension {target.suffix[:20]!r}")
        return network_from_tensors(read_tensors(read_file(target)), dictionary, nonnegative=nonnegative)
    except InputError as error:
        raise type(error)(f"{shown(target)}: {error}") from None


def network_from_module(
    module: torch.nn.Module, dictionary: Dictionary | None = None, *, nonnegative: bool = False
) -> UnrolledNetwork:
    """Return the network whose tensors are the parameters and buffers of a torch module, by the same names.

    `module.layers` is a ModuleList, say, whose members have `state`, `signal`, `threshold`. The values are copied.
    """
    tensors = {name: value.detach().cpu().numpy().copy() for name, value in module.state_dict(keep_vars=False).items()}
    return network_from_tensors(tensors, dictionary, nonnegative=nonnegative)


def network_from_tensors(
    tensors: Mapping[str, NDArray[Any]], dictionary: Dictionary | None = None, *, nonnegative: bool = False
) -> UnrolledNetwork:
    """Return the network of tensors named `layers.K.PART`, or `PART` for one that all layers share;
    `state.weight` and `signal.weight`, as torch.nn.Linear has them, are `state` and `signal`.

    LISTA: `state` (n, n) and `signal` (n, m), x+ = T_t(state x + signal y). LISTA-CP and ALISTA: `weights` (m, n) and
    maybe `step` (one number), x+ = T_t(x + step weights^T (y - D x)), D being `synthesis` (m, n) or else the dictionary
    handed in. `threshold` is one number or n of them. A `state` of layer 0, where x = 0, does nothing and is dropped.
    Guarantee: the floats are taken as they are; a step other than 1 is multiplied into the weights, and a dictionary
    is brought to the dtype: both are rounded, and the rounded network is the one that is stored and certified. Raises
    InputError for other names, missing parts, types and shapes that do not fit, numbers that are not finite and
    thresholds below 0.
    """
    parts = _parts(tensors)
    depth = 1 + max((at for at, _ in parts if at is not None), default=-1)
    if not 1 <= depth <= MOST_LAYERS:
        raise InputError(f"expected tensors named layers.K.threshold and so on, for 1 to {MOST_LAYERS} layers")
    dtype = _dtype(tensors)
    kept = _Kept(parts, dictionary, dtype)
    layers = tuple(kept.layer(at) for at in range(depth))
    first = layers[0]
    shape = first.signal.shape[::-1] if isinstance(first, StateLayer) else first.analysis.shape
    if len(shape) != 2:
        raise InputError(f"layer 0: expected a matrix, got the shape {shape}")
    return UnrolledNetwork(
        code=Code.nonnegative if nonnegative else Code.signed,
        dtype=dtype,
        shape=(int(shape[0]), int(shape[1])),
        layers=layers,
        dictionary_sha256=None if dictionary is None else dictionary.digest,
    )


def _parts(tensors: Mapping[str, NDArray[Any]]) -> dict[tuple[int | None, str], Matrix]:
    """Return copies of the tensors by (layer, or None for all, part); one array stays one."""
    parts: dict[tuple[int | None, str], Matrix] = {}
    copies: dict[int, Matrix] = {}
    for name, array in tensors.items():
        name = name.removesuffix(".weight") if name.endswith(_LINEAR) else name
        match = _LAYER.fullmatch(name)
        if match is None and name not in _SHARED:
            raise InputError(
                f"tensor {name[:60]!r}: expected a name as layers.0.threshold or one of {', '.join(_SHARED)}"
            )
        copy = copies.setdefault(id(array), np.array(array, order="C"))
        parts[(int(match[1]), match[2]) if match else (None, name)] = copy
    return parts


def _dtype(tensors: Mapping[str, NDArray[Any]]) -> DType:
    kinds = {array.dtype for array in tensors.values()}
    if len(kinds) != 1 or not kinds <= set(_FLOATS):
        raise InputError(f"expected all tensors of type float32 or float64, got {', '.join(sorted(map(str, kinds)))}")
    return _FLOATS[kinds.pop()]


class _Kept:
    """Makes layers; what several layers share is made once, so that it is stored once."""

    def __init__(
        self, parts: dict[tuple[int | None, str], Matrix], dictionary: Dictionary | None, dtype: DType
    ) -> None:
        self._parts, self._dictionary, self._dtype = parts, dictionary, dtype
        self._made: dict[object, Matrix] = {}

    def layer(self, at: int) -> Layer:
        state, signal, weights = (self._part(at, name) for name in ("state", "signal", "weights"))
        if (signal is None) == (weights is None):
            raise InputError(f"layer {at}: expected either signal (with state) or weights")
        if signal is not None:
            for name in ("synthesis", "step"):
                if self._part(at, name) is not None:
                    raise InputError(f"layer {at}: {name} goes with weights, not with signal")
            if state is None and at:
                raise InputError(f"layer {at}: expected a state beside signal")
            threshold = self._threshold(at, signal.shape[0] if signal.ndim else 0)
            return StateLayer(state=state if at else None, signal=signal, threshold=threshold)
        assert weights is not None
        if state is not None:
            raise InputError(f"layer {at}: state goes with signal, not with weights")
        threshold = self._threshold(at, weights.shape[-1] if weights.ndim else 0)
        return ResidualLayer(analysis=self._stepped(at, weights), synthesis=self._synthesis(at), threshold=threshold)

    def _part(self, at: int, name: str) -> Matrix | None:
        if (at, name) in self._parts and (None, name) in self._parts:
            raise InputError(f"layer {at}: {name} is given for this layer and for all")
        return self._parts.get((at, name), self._parts.get((None, name)))

    def _threshold(self, at: int, n: int) -> Matrix:
        threshold = self._part(at, "threshold")
        if threshold is None:
            raise InputError(f"layer {at}: expected a threshold")
        if threshold.size != 1:
            return threshold
        key = "threshold", threshold.tobytes()
        return self._made.setdefault(key, np.full(n, threshold.reshape(-1)[0], dtype=self._dtype.value))

    def _stepped(self, at: int, weights: Matrix) -> Matrix:
        step = self._part(at, "step")
        if step is None:
            return weights
        if step.size != 1:
            raise InputError(f"layer {at}: expected a step of one number, got the shape {step.shape}")
        number = step.reshape(-1)[0]
        if number == 1:
            return weights
        key = "weights", id(weights), step.tobytes()
        if key not in self._made:
            with np.errstate(over="ignore", invalid="ignore"):
                self._made[key] = np.asarray(weights * number, dtype=self._dtype.value)
        return self._made[key]

    def _synthesis(self, at: int) -> Matrix:
        own = self._part(at, "synthesis")
        if own is not None:
            return own
        if self._dictionary is None:
            raise InputError(f"layer {at}: expected a tensor synthesis, or the dictionary that the network is for")
        if self._dictionary.field != "real":
            raise InputError("expected a real dictionary for a network, got a complex one")
        if "dictionary" not in self._made:
            with np.errstate(over="ignore"):
                atoms = real_atoms(self._dictionary).astype(self._dtype.value)
            if not np.isfinite(atoms).all():
                raise LimitError(f"the entries of the dictionary are out of the range of {self._dtype.value}")
            self._made["dictionary"] = np.ascontiguousarray(atoms)
        return self._made["dictionary"]
