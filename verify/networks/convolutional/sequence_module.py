"""A SequenceCNN as a torch module made of conv1d and conv_transpose1d."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name

from ...errors import InputError
from ..unrolled import Matrix
from .sequence_layers import SequenceLayer

if TYPE_CHECKING:
    from .general_construction import SequenceCNN

Tensor = torch.Tensor


class SequenceModule(torch.nn.Module):
    """The network as a module: signals (..., m) to codes (..., n), every layer one convolution of torch.

    Where a layer has v and -v, v is computed once. Guarantee: as `SequenceCNN` says, in the dtype of the network, with
    convolutions that sum products in that dtype (on a CUDA device cuDNN moves entries only; autocast and reduced
    precision chosen for matrix products are the caller's to leave off). Raises InputError for a signal of another
    length or type.
    """

    def __init__(self, source: SequenceCNN) -> None:
        super().__init__()
        self.shape, self._reach = source.network.shape, source.reach
        self._dtype: torch.dtype = getattr(torch, source.network.dtype.value)
        self._plan: list[tuple[SequenceLayer, tuple[str | None, ...]]] = []
        self._names: dict[int, str] = {}
        for layer in source.layers:
            arrays = (layer.weight, layer.mirror, layer.threshold)
            self._plan.append((layer, tuple(None if array is None else self._keep(array) for array in arrays)))

    def _keep(self, array: Matrix) -> str:
        if id(array) not in self._names:
            name = f"weights_{len(self._names)}"
            self._names[id(array)] = name
            shaped = array if array.ndim == 3 else array[:, None]
            self.register_buffer(name, torch.from_numpy(np.array(shaped, copy=True)))
        return self._names[id(array)]

    def forward(self, y: Tensor) -> Tensor:
        """Return the codes of signals, one a row."""
        m, n = self.shape
        if y.shape[-1] != m or y.dtype != self._dtype:
            raise InputError(f"signals: expected (..., {m}) of type {self._dtype}, got {tuple(y.shape)}, {y.dtype}")
        h = F.pad(y.reshape(-1, 1, m), (0, self._reach - m))
        for layer, (weight, mirror, threshold) in self._plan:
            with _sums_of_products(y.device.type, strided=layer.stride > 1):
                h = self._layer(layer, h, getattr(self, weight or ""), mirror, threshold)
        return h[:, 0, m : m + n].reshape(*y.shape[:-1], n)

    def _layer(
        self, layer: SequenceLayer, h: Tensor, weight: Tensor, mirror: str | None, threshold: str | None
    ) -> Tensor:
        convolve = F.conv_transpose1d if layer.transposed else F.conv1d
        v = convolve(h, weight, stride=layer.stride, groups=layer.groups)
        if mirror is not None:
            v = torch.cat([v, -v * getattr(self, mirror)], dim=1)
        if threshold is not None:
            t: Tensor = getattr(self, threshold)
            v = v - torch.cat([t, t])
        return torch.relu(v) if layer.relu else v


@contextmanager
def _sums_of_products(device: str, *, strided: bool) -> Iterator[None]:
    """Keep cuDNN from cutting factors to tf32, and from products that are no sums of products (these need stride 1)."""
    if device != "cuda":
        yield
        return
    cudnn = torch.backends.cudnn
    with cudnn.flags(strided, cudnn.benchmark, cudnn.benchmark_limit, cudnn.deterministic, allow_tf32=False):
        yield
