"""A layer of a network as non-negative sparse coding: one step is a ReLU layer, more steps approach the minimiser."""

from __future__ import annotations

from fractions import Fraction
from typing import cast

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name

from ..errors import InputError
from .unrolled import Code, DType, ResidualLayer, UnrolledNetwork

Tensor = torch.Tensor
MOST_STEPS = 1000


class SparseCodingLayer(torch.nn.Module):
    """Steps towards the minimiser of f(x) = |y - Dx|^2/2 + t^T x over x >= 0; `filters` is D^T as torch's weights are.

    Of shape (n, m), as of `torch.nn.Linear`, or (C, M, rows, columns), as of `Conv2d` with `stride` and `padding`. The
    first step is x = relu(D^T y - t): the ReLU layer with bias -t, and the minimiser where all atoms are orthonormal
    (orthonormal-relu). Every further one is x <- relu(x + a (D^T (y - Dx) - t)), a = 1/L, L >= |D|_2^2: f never rises.
    L is the largest sum of |<d_i, d_j>| over j; for filters over all shifts, so for images of any size (what padding
    cuts off only lowers the norm). `filters` and
    `threshold` (one number, or one for each unit or filter, of any sign) are parameters if `trainable`.

    Guarantee: in floating point, up to rounding; `to_network` is what can be certified. Raises InputError for other
    shapes, steps that are not 1 to 1000, numbers that are not finite. Source: Bowren 2021; theory 3.2 and 6.
    """

    def __init__(
        self,
        filters: Tensor,
        steps: int = 1,
        threshold: float | Tensor = 0.0,
        *,
        stride: int = 1,
        padding: int = 0,
        trainable: bool = True,
    ) -> None:
        super().__init__()
        if filters.ndim not in (2, 4) or not filters.is_floating_point() or not filters.numel():
            raise InputError(
                f"filters: expected floats of shape (n, m) or (C, M, rows, columns), got {tuple(filters.shape)} of "
                f"type {filters.dtype}"
            )
        if isinstance(steps, bool) or not isinstance(steps, int) or not 1 <= steps <= MOST_STEPS:
            raise InputError(f"steps: expected a number from 1 to {MOST_STEPS}, got {steps!r:.40}")
        if filters.ndim == 2 and (stride, padding) != (1, 0):
            raise InputError(f"stride and padding are for filters of four axes, got {stride} and {padding}")
        if stride < 1 or padding < 0:
            raise InputError(f"expected a stride of at least 1 and a padding of at least 0, got {stride} and {padding}")
        t = torch.as_tensor(threshold, dtype=filters.dtype).detach().clone()
        if t.numel() not in (1, len(filters)) or t.ndim > 1:
            raise InputError(f"threshold: expected one number or {len(filters)}, got shape {tuple(t.shape)}")
        t = t.expand(len(filters)).clone()
        if not (torch.isfinite(filters).all() and torch.isfinite(t).all()):
            raise InputError("filters and threshold: expected finite numbers")
        self.steps, self.stride, self.padding = steps, stride, padding
        for name, value in (("filters", filters.detach().clone()), ("threshold", t)):
            if trainable:
                self.register_parameter(name, torch.nn.Parameter(value))
            else:
                self.register_buffer(name, value)

    def analysis(self, y: Tensor) -> Tensor:
        """Return D^T y."""
        filters = cast("Tensor", self.filters)
        if filters.ndim == 2:
            return F.linear(y, filters)
        return F.conv2d(y, filters, stride=self.stride, padding=self.padding)

    def synthesis(self, x: Tensor, like: Tensor) -> Tensor:
        """Return D x, of the size of the signals `like`."""
        filters = cast("Tensor", self.filters)
        if filters.ndim == 2:
            return x @ filters
        sides = zip(like.shape[2:], x.shape[2:], filters.shape[2:], strict=True)
        rest = tuple(n - ((p - 1) * self.stride + t - 2 * self.padding) for n, p, t in sides)
        return F.conv_transpose2d(x, filters, stride=self.stride, padding=self.padding, output_padding=rest)

    def lipschitz_upper(self) -> Tensor:
        """Return L, the largest sum over j of |<d_i, d_j>|, in floats: at least |D|_2^2, for every size."""
        filters = cast("Tensor", self.filters)
        if filters.ndim == 2:
            return (filters @ filters.T).abs().sum(dim=1).amax()
        reach = [(t - 1) // self.stride * self.stride for t in filters.shape[2:]]
        return F.conv2d(filters, filters, stride=self.stride, padding=reach).abs().sum(dim=(1, 2, 3)).amax()

    def forward(self, y: Tensor) -> Tensor:
        """Return the codes of signals (..., m), or (batch, M, rows, columns)."""
        t = self._threshold()
        v = self.analysis(y)
        x = torch.relu(v - t)
        if self.steps == 1:
            return x
        a = 1 / self.lipschitz_upper()
        for _ in range(self.steps - 1):
            x = torch.relu(x + a * (v - self.analysis(self.synthesis(x, y)) - t))
        return x

    def objective(self, y: Tensor, x: Tensor) -> Tensor:
        """Return f(x) for each signal of a batch; observed: a float."""
        misfit = (y - self.synthesis(x, y)).flatten(1).square().sum(dim=1) / 2
        return misfit + (self._threshold() * x).flatten(1).sum(dim=1)

    def kkt_distance(self, y: Tensor, x: Tensor | None = None) -> Tensor:
        """Return max_i |x_i - max(x_i - g_i, 0)|, g = D^T(Dx - y) + t, for each signal: 0 exactly at the minimisers.

        `x` is what the layer returns, by default. Observed: a float; `exact_kkt_distance` is exact.
        """
        code: Tensor = self(y) if x is None else x
        gradient = self.analysis(self.synthesis(code, y) - y) + self._threshold()
        return (code - torch.relu(code - gradient)).flatten(1).abs().amax(dim=1)

    def to_network(self) -> UnrolledNetwork:
        """Return a dense layer as a network of non-negative codes, to be certified by `verify.certify_network`.

        The step a is rounded to the layer's type as the layer's is, and so are a D and a t. Raises InputError for
        filters of images, for thresholds below 0, and for types other than float32 and float64.
        """
        filters = cast("Tensor", self.filters).detach().cpu()
        if filters.ndim != 2:
            raise InputError("a network to certify is made of a dense layer, got filters of four axes")
        if filters.dtype not in (torch.float32, torch.float64):
            raise InputError(f"expected float32 or float64, got {filters.dtype}")
        dtype = DType(str(filters.dtype).removeprefix("torch."))
        a = 1 / self.lipschitz_upper().detach().cpu()
        t = cast("Tensor", self.threshold).detach().cpu()
        atoms = np.ascontiguousarray(filters.T.numpy())
        first = ResidualLayer(analysis=atoms, synthesis=atoms, threshold=t.numpy().copy())
        weights, thresholds = np.ascontiguousarray((a * filters).T.numpy()), (a * t).numpy().copy()
        later = ResidualLayer(analysis=weights, synthesis=atoms, threshold=thresholds)
        layers = (first, *[later] * (self.steps - 1))
        return UnrolledNetwork(
            code=Code.nonnegative, dtype=dtype, shape=(atoms.shape[0], atoms.shape[1]), layers=layers
        )

    def _threshold(self) -> Tensor:
        t = cast("Tensor", self.threshold)
        return t if cast("Tensor", self.filters).ndim == 2 else t[:, None, None]


def exact_kkt_distance(layer: SparseCodingLayer, y: Tensor, x: Tensor) -> Fraction:
    """Return `kkt_distance` of one signal and one code exactly, for the layer's stored floats.

    Guarantee: rational arithmetic. Cost: products of fractions with every weight, for small layers. Filters of images
    need stride 1 with padding (t-1)/2, t odd, or no padding. Raises InputError for others, and for other shapes.
    """
    filters = cast("Tensor", layer.filters).detach().cpu().double().numpy()
    codes, signal = (_fractions(part.detach().cpu().double().numpy()) for part in (x, y))
    thresholds = _fractions(cast("Tensor", layer.threshold).detach().cpu().double().numpy())
    if filters.ndim == 2:
        exact = _fractions(filters)
        if codes.shape != (len(exact),) or signal.shape != (exact.shape[1],):
            raise InputError(f"expected one signal of {exact.shape[1]} and one code of {len(exact)} numbers")
        gradient = exact @ (codes @ exact - signal) + thresholds
    else:
        from ..dictionaries.convolutional import ConvolutionalDictionary

        same = all(2 * layer.padding == t - 1 for t in filters.shape[2:])
        if layer.padding and not (same and layer.stride == 1):
            raise InputError(f"expected no padding, or (t-1)/2 with stride 1, got {layer.padding} with {layer.stride}")
        boundary = "same" if layer.padding else "full"
        conv = ConvolutionalDictionary.of(filters, stride=layer.stride, boundary=boundary)
        gradient = conv.analysis(conv.synthesis(codes) - signal) + thresholds[:, None, None]
    moved = codes - gradient
    return max(abs(c - max(v, Fraction(0))) for c, v in zip(codes.ravel(), moved.ravel(), strict=True))


def _fractions(array: np.ndarray) -> np.ndarray:
    found = np.empty(array.shape, dtype=object)
    for at, value in np.ndenumerate(array):
        found[at] = Fraction(float(value))
    return found
