"""An unrolled network as a torch module: batches, devices, autograd, torch.compile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name

from ..errors import InputError
from .torch_activations import relu_by
from .unrolled import Code, Layer, Matrix, StateLayer, UnrolledNetwork

Tensor = torch.Tensor

_ROWS_AT_ONCE = 512
"""On a CPU a large batch goes through all layers in parts that stay in the cache."""


class UnrolledModule(torch.nn.Module):
    """The network as a module: signals (..., m) to codes (..., n), by the expressions of docs/networks.md.

    The stored floats become buffers, shared as they are in the network, in its dtype; with `trainable` they are
    parameters. Guarantee: the certificate of a network is about this module in the network's dtype, as long as no
    weight is changed. V y is computed once for all layers that share V. Cost: n^2 or 2 m n multiplications a layer
    and signal. Raises InputError for a signal of another length or type.
    """

    def __init__(self, network: UnrolledNetwork, *, trainable: bool = False) -> None:
        super().__init__()
        self.shape, self.depth = network.shape, network.depth
        self._source = network
        self._signed = network.code is Code.signed
        self._fused = network.activation.name == "relu"
        self._relu = relu_by(network.activation)
        self._plan: list[tuple[bool, str | None, str, str]] = []
        self._uniform: list[float | None] = []
        for name, array in network.tensors.items():
            tensor = torch.from_numpy(np.array(array, copy=True))
            if trainable:
                self.register_parameter(_attribute(name), torch.nn.Parameter(tensor))
            else:
                self.register_buffer(_attribute(name), tensor)
        for layer in network.layers:
            self._plan.append(_steps(network.layer_names(layer), layer))
            self._uniform.append(None if trainable else _uniform(layer.threshold))

    def forward(self, y: Tensor) -> Tensor:
        """Return the codes of signals, one a row."""
        threshold: Tensor = getattr(self, self._plan[0][3])
        if y.shape[-1] != self.shape[0] or y.dtype != threshold.dtype:
            raise InputError(
                f"signals: expected (..., {self.shape[0]}) of type {threshold.dtype}, got {tuple(y.shape)}, {y.dtype}"
            )
        rows = y.reshape(-1, self.shape[0])
        if len(rows) > _ROWS_AT_ONCE and rows.device.type == "cpu" and not torch.is_grad_enabled():
            codes = torch.cat([self._run(part) for part in rows.split(_ROWS_AT_ONCE)])
        else:
            codes = self._run(rows)
        return codes.reshape(*y.shape[:-1], self.shape[1])

    def to_network(self) -> UnrolledNetwork:
        """Return the network that the module is now, after training, say; the floats are copied.

        Raises InputError if it is none any more: a negative threshold, a number that is not finite, another dtype.
        """
        source = self._source
        arrays = {name: getattr(self, _attribute(name)).detach().cpu().numpy().copy() for name in source.tensors}
        layers = tuple(
            replace(
                layer, **{p: None if name is None else arrays[name] for p, name in source.layer_names(layer).items()}
            )
            for layer in source.layers
        )
        return replace(source, layers=layers, stored_as=None)

    def layers_of(self, y: Tensor) -> list[Tensor]:
        """Return the codes of signals (rows, m) after every layer."""
        codes: list[Tensor] = []
        self._run(y, codes.append)
        return codes

    def _run(self, y: Tensor, keep: Callable[[Tensor], None] | None = None) -> Tensor:
        images: dict[str, Tensor] = {}
        x: Tensor | None = None
        for at in range(self.depth):
            x = self._step(at, x, y, images)
            if keep is not None:
                keep(x)
        assert x is not None
        return x

    def step(self, at: int, x: Tensor | None, y: Tensor) -> Tensor:
        """Return the codes after layer `at` (from 0) from the codes x (rows, n) before it, None for 0, and signals."""
        return self._step(at, x, y, {})

    def _step(self, at: int, x: Tensor | None, y: Tensor, images: dict[str, Tensor]) -> Tensor:
        residual, first, second, threshold = self._plan[at]
        if residual:
            assert first is not None
            v = self._residual(x, y, getattr(self, first), getattr(self, second))
        else:
            if second not in images:
                images[second] = y @ getattr(self, second).T
            v = images[second]
            if first is not None and x is not None:
                v = torch.addmm(v, x, getattr(self, first).T)
        return self._shrunk(v, getattr(self, threshold), self._uniform[at])

    @staticmethod
    def _residual(x: Tensor | None, y: Tensor, analysis: Tensor, synthesis: Tensor) -> Tensor:
        if x is None:
            return y @ analysis
        return torch.addmm(x, torch.addmm(y, x, synthesis.T, alpha=-1), analysis)

    def _shrunk(self, v: Tensor, threshold: Tensor, uniform: float | None) -> Tensor:
        if not self._signed:
            return self._relu(v - threshold)
        if not self._fused:
            return self._relu(v - threshold) - self._relu(-v - threshold)
        if uniform is not None:
            return F.softshrink(v, uniform)
        return v - torch.clamp(v, -threshold, threshold)


def _attribute(name: str) -> str:
    return "tensor_" + "".join(c if c.isalnum() else f"_{ord(c):x}_" for c in name)


def _steps(names: dict[str, str | None], layer: Layer) -> tuple[bool, str | None, str, str]:
    first, second = ("state", "signal") if isinstance(layer, StateLayer) else ("analysis", "synthesis")
    found = {part: None if name is None else _attribute(name) for part, name in names.items()}
    second_name, threshold = found[second], found["threshold"]
    assert second_name is not None
    assert threshold is not None
    return first == "analysis", found[first], second_name, threshold


def _uniform(threshold: Matrix) -> float | None:
    """Return the one threshold of all atoms, None if they differ."""
    return float(threshold[0]) if (threshold == threshold[0]).all() else None
