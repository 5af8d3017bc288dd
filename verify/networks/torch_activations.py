"""What stands for relu, in torch: the expressions of docs/networks.md, no others."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch

from .activations import Activation

Tensor = torch.Tensor

_ROOT_HALF, _ROOT_TWO_OVER_PI, _CUBIC = math.sqrt(0.5), math.sqrt(2 / math.pi), 0.044715


def relu_by(activation: Activation) -> Callable[[Tensor], Tensor]:
    """Return the function of a tensor that stands for relu."""
    if activation.name == "relu":
        return torch.relu
    if activation.slope is not None:
        return _by_leaky_relu(float(activation.slope))
    assert activation.tau is not None
    tau, function = float(activation.tau), _SMOOTH[activation.name]
    return lambda u: function(u * (1 / tau)) * tau


def _by_leaky_relu(slope: float) -> Callable[[Tensor], Tensor]:
    def leaky(u: Tensor) -> Tensor:
        return torch.maximum(u, u * slope)

    def function(u: Tensor) -> Tensor:
        divisor = torch.tensor(1 - slope * slope, dtype=u.dtype, device=u.device)
        return (leaky(u) + leaky(-u) * slope) / divisor

    return function


def _silu(w: Tensor) -> Tensor:
    return w / (1 + torch.exp(-w))


def _gelu(w: Tensor) -> Tensor:
    return w * 0.5 * (1 + torch.erf(w * _ROOT_HALF))


def _gelu_tanh(w: Tensor) -> Tensor:
    return w * 0.5 * (1 + torch.tanh((w + w * w * w * _CUBIC) * _ROOT_TWO_OVER_PI))


def _softplus(w: Tensor) -> Tensor:
    return torch.relu(w) + torch.log1p(torch.exp(-torch.abs(w)))


def _mish(w: Tensor) -> Tensor:
    return w * torch.tanh(_softplus(w))


def _elu(w: Tensor) -> Tensor:
    return torch.relu(w) + torch.expm1(torch.clamp(w, max=0))


_SMOOTH: dict[str, Callable[[Tensor], Tensor]] = {
    "elu": _elu,
    "gelu": _gelu,
    "gelu-tanh": _gelu_tanh,
    "mish": _mish,
    "silu": _silu,
    "softplus": _softplus,
}
