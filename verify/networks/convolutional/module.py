"""An unrolled network of convolutions as a torch module: any size of signals, batches, devices, autograd."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name

from ...dictionaries.convolutional import Lengths
from ...errors import InputError
from ..unrolled import Code
from .unrolled import ConvolutionalNetwork, FilterLayer

Tensor = torch.Tensor


class ConvolutionalModule(torch.nn.Module):
    """The network as a module: signals (batch, M, n..) to codes (batch, C, l..), or both without the batch.

    A layer is r = y - conv_transpose(x, F'), v = x + conv(r, V) and T_t(v), with torch's convolutions; for `circular`
    the codes are continued by (t-1)//stride positions on the left and the signals by t-1 entries on the right, and for
    `same` both convolutions are padded by (t-1)/2. The
    first layer, where x = 0, has no synthesis. Guarantee: the certificate of a network is about this module in the
    network's dtype where convolutions are sums of products; on a CUDA device cudnn may choose other algorithms, so it
    is evaluated without cudnn there unless `fast`. Raises InputError for a signal of a size that no code has.
    """

    def __init__(self, network: ConvolutionalNetwork, *, trainable: bool = False, fast: bool = False) -> None:
        super().__init__()
        self.shape, self.stride, self.depth = network.shape, network.stride, network.depth
        self.fast = fast
        self._source = network
        self._signed = network.code is Code.signed
        self._circular = network.boundary == "circular"
        same = network.boundary == "same"
        self._padding = tuple(t // 2 if same else 0 for t in network.shape[2:])
        axes = len(network.stride)
        self._conv: Callable[..., Tensor] = F.conv1d if axes == 1 else F.conv2d
        for name, array in network.tensors.items():
            tensor = torch.from_numpy(np.array(array, copy=True))
            if trainable:
                self.register_parameter(_attribute(name), torch.nn.Parameter(tensor))
            else:
                self.register_buffer(_attribute(name), tensor)
        self._plan = [{part: _attribute(name) for part, name in network.layer_names(a).items()} for a in network.layers]
        self._uniform = [None if trainable else _uniform(layer) for layer in network.layers]

    def forward(self, y: Tensor) -> Tensor:
        """Return the codes of signals."""
        return self._checked(y, None)

    def layers_of(self, y: Tensor) -> list[Tensor]:
        """Return the codes of signals after every layer."""
        codes: list[Tensor] = []
        self._checked(y, codes.append)
        return codes

    def to_network(self) -> ConvolutionalNetwork:
        """Return the network that the module is now, after training, say; the floats are copied.

        Raises InputError if it is none any more: a negative threshold, a number that is not finite, another dtype.
        """
        source = self._source
        arrays = {name: getattr(self, _attribute(name)).detach().cpu().numpy().copy() for name in source.tensors}
        layers = tuple(
            FilterLayer(**{part: arrays[name] for part, name in source.layer_names(layer).items()})
            for layer in source.layers
        )
        return replace(source, layers=layers, stored_as=None)

    def _checked(self, y: Tensor, keep: Callable[[Tensor], None] | None) -> Tensor:
        axes, dtype = len(self.stride), getattr(self, self._plan[0]["threshold"]).dtype
        single = y.ndim == axes + 1
        if y.ndim - axes not in (1, 2) or y.shape[-axes - 1] != self.shape[1] or y.dtype != dtype:
            raise InputError(
                f"signals: expected (batch, {self.shape[1]}, {'length' if axes == 1 else 'rows, columns'}) of type "
                f"{dtype}, got {tuple(y.shape)}, {y.dtype}"
            )
        for n, t, s in zip(y.shape[-axes:], self.shape[2:], self.stride, strict=True):
            if self._circular and (n % s or n < 2 * t - 1):
                raise InputError(f"signals: expected a period of at least {2 * t - 1}, a multiple of {s}, got {n}")
            if not self._circular and (n < t or (n - t) % s):
                raise InputError(f"signals: expected a length of {t} plus a multiple of {s}, got {n}")
        y = y[None] if single else y
        kept = keep if keep is None or not single else lambda x: keep(x[0])
        if y.is_cuda and not self.fast:
            with torch.backends.cudnn.flags(enabled=False):
                x = self._run(y, kept)
        else:
            x = self._run(y, kept)
        return x[0] if single else x

    def _run(self, y: Tensor, keep: Callable[[Tensor], None] | None) -> Tensor:
        x: Tensor | None = None
        wanted = torch.is_grad_enabled() and (y.requires_grad or any(p.requires_grad for p in self.parameters()))
        in_place = keep is None and not wanted
        for names, uniform in zip(self._plan, self._uniform, strict=True):
            analysis, synthesis, threshold = (getattr(self, names[p]) for p in ("analysis", "synthesis", "threshold"))
            if x is None:
                v = self.analysis(y, analysis)
            else:
                r = self.synthesis(x, synthesis)
                r = torch.sub(y, r, out=r) if in_place else y - r
                v = self.analysis(r, analysis)
                v = v.add_(x) if in_place else v + x
            x = self._shrunk(v, threshold, uniform, in_place)
            if keep is not None:
                keep(x)
        assert x is not None
        return x

    def synthesis(self, x: Tensor, filters: Tensor) -> Tensor:
        """Return conv_transpose(x, F) of codes (batch, C, l..), with the stride and the boundary of the network."""
        return synthesised(x, filters, self.stride, circular=self._circular, padding=self._padding)

    def analysis(self, r: Tensor, filters: Tensor) -> Tensor:
        """Return conv(r, V) of signals (batch, M, n..)."""
        if self._circular:
            for axis, t in enumerate(self.shape[2:], start=2):
                if t > 1:
                    r = torch.cat([r, r.narrow(axis, 0, t - 1)], dim=axis)
            for axis, (t, s) in enumerate(zip(self.shape[2:], self.stride, strict=True), start=2):
                count = (r.shape[axis] - t + 1 + s - 1) // s
                r = r.narrow(axis, 0, (count - 1) * s + t)
        return self._conv(r, filters, stride=self.stride, padding=self._padding)

    def _shrunk(self, v: Tensor, threshold: Tensor, uniform: float | None, in_place: bool) -> Tensor:
        t = threshold.reshape(-1, *(1 for _ in self.stride))
        if not self._signed:
            return torch.relu_(v.sub_(t)) if in_place else torch.relu(v - t)
        if uniform is not None:
            return torch.ops.aten.softshrink.out(v, uniform, out=v) if in_place else F.softshrink(v, uniform)
        cut = torch.clamp(v, -t, t)
        return v.sub_(cut) if in_place else v - cut


def _uniform(layer: FilterLayer) -> float | None:
    """Return the one threshold of all channels, None if they differ."""
    return float(layer.threshold[0]) if (layer.threshold == layer.threshold[0]).all() else None


def _attribute(name: str) -> str:
    return "tensor_" + "".join(c if c.isalnum() else f"_{ord(c):x}_" for c in name)


def synthesised(
    x: Tensor, filters: Tensor, stride: Lengths, *, circular: bool, padding: Lengths | None = None
) -> Tensor:
    """Return conv_transpose(x, F) for a batch of codes; for `circular` places count modulo the period."""
    transposed: Callable[..., Tensor] = F.conv_transpose1d if len(stride) == 1 else F.conv_transpose2d
    if not circular:
        return transposed(x, filters, stride=stride, padding=padding or 0)
    sizes = [n * s for n, s in zip(x.shape[2:], stride, strict=True)]
    reaches = [(t - 1) // s for t, s in zip(filters.shape[2:], stride, strict=True)]
    for axis, reach in enumerate(reaches, start=2):
        if reach:
            x = torch.cat([x.narrow(axis, x.shape[axis] - reach, reach), x], dim=axis)
    found = transposed(x, filters, stride=stride)
    for axis, (size, reach, s) in enumerate(zip(sizes, reaches, stride, strict=True), start=2):
        found = found.narrow(axis, reach * s, size)
    return found
