"""A network of affine maps and ReLUs as a torch module."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from .relu_network import Affine, Exact, forward
from .unrolled import DType

Tensor = torch.Tensor


class ReluModule(torch.nn.Module):
    """x = C h_K, h_(k+1) = relu(H_k h_k + S_k y + b_k) for rows y, every weight rounded to nearest in `dtype`."""

    def __init__(self, layers: Sequence[Affine], output: Exact, dtype: DType) -> None:
        super().__init__()
        self._layers, self._output = tuple(layers), output
        self._names: dict[int, str] = {}
        for layer in layers:
            for entries in (layer.hidden, layer.signal, layer.bias):
                if entries is not None:
                    self._keep(entries, dtype)
        self._keep(output, dtype)

    def forward(self, y: Tensor) -> Tensor:
        """Return the codes (rows, n) of signals (rows, m)."""
        return forward(self._layers, self._output, self, y)

    def matrix(self, entries: Exact) -> Tensor:
        """Return the buffer of a matrix."""
        found: Tensor = getattr(self, self._names[id(entries)])
        return found

    def times(self, matrix: Tensor, vector: Tensor) -> Tensor:
        """Return the products, one a row."""
        return vector @ matrix.T

    def add(self, first: Tensor, second: Tensor) -> Tensor:
        """Return the sum."""
        return first + second

    def shift(self, vector: Tensor, bias: Exact) -> Tensor:
        """Return every row plus the bias."""
        return vector + self.matrix(bias)

    def relu(self, vector: Tensor) -> Tensor:
        """Return max(v, 0)."""
        return torch.relu(vector)

    def _keep(self, entries: Exact, dtype: DType) -> None:
        if id(entries) not in self._names:
            name = f"weights_{len(self._names)}"
            self._names[id(entries)] = name
            self.register_buffer(name, torch.from_numpy(rounded(entries, dtype)))


def rounded(entries: Exact, dtype: DType) -> np.ndarray:
    """Return rational numbers rounded to nearest in a format (to binary64 first, then to binary32)."""
    return entries.astype(np.float64).astype(dtype.value)
