"""Experiments on unrolled networks: lista-linf, lista-l2, lista-l1.

An instance is a dictionary D and weights W (m x n), a code x*, noise e, and a depth K. Weights mean w_i / (w_i^T d_i),
so that w_i^T d_i = 1 exactly; s, mu, B and sigma are the least numbers that the hypotheses allow. The error x* - x^k
is iterated rather than x^k, which loses nothing to cancellation: with v = (W^T D - I)(x* - x^k) + W^T e,
x* - x^(k+1) = clip(x* + v, -t, t) - v.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...arrays import on_device, torch_module
from ..experiment import (
    Batch,
    ExactMeasurement,
    Experiment,
    Instance,
    Measurement,
    broadcast,
    shared,
)
from . import unrolled_exactly, unrolled_instances

Floats = NDArray[np.float64]
_SHAPES = ((64, 128), (3, 4), (8, 12), (16, 32))


@dataclass(frozen=True, kw_only=True)
class UnrolledNetwork(Experiment):
    """The network x^(k+1) = T_(t_k)(x^k + W^T(y - D x^k)) with t_k = threshold_factor (s mu a_k + sigma).

    `shapes` are those of the dictionaries drawn, `layers` the largest depth. Quantities: error_linf, error_l2, error_l1
    of x^K - x*, and off_support, the largest entry off the support of x*. The statements mean a factor of 1.
    """

    shapes: tuple[tuple[int, int], ...] = _SHAPES
    layers: int = 30
    threshold_factor: Fraction = Fraction(1)

    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Draw one dictionary with weights, and codes and noise of several kinds for it."""
        m, n = self.shapes[random.integers(len(self.shapes))]
        D, W, mu = unrolled_instances.dictionary(random, m, n)
        code = unrolled_instances.codes(random, count, n, mu)
        depth = self.layers if random.random() < 0.75 else int(random.integers(self.layers + 1))
        return {
            "D": broadcast(D, count),
            "W": broadcast(W, count),
            "code": code,
            "noise": unrolled_instances.noise(random, D, code),
            "depth": broadcast(np.array(depth), count),
        }

    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Move nonzeros and noise, one entry or all; half of the time D and W too, and now and then the depth."""
        arrays = dict(batch)
        if random.random() < 0.5:
            for name in ("D", "W"):
                arrays[name] = unrolled_instances.nudged(random, batch[name], scale)
        if (depth := shared(batch["depth"])) is not None and random.random() < 0.2:
            other = int(random.integers(self.layers + 1)) if scale > 0.1 else min(self.layers, abs(int(depth) - 1))
            arrays["depth"] = broadcast(np.array(other), len(batch["depth"]))
        code = unrolled_instances.moved(random, batch["code"], scale)
        noise = unrolled_instances.shaken(random, batch["noise"], scale)
        return {**arrays, "code": code, "noise": noise}

    def measure(self, batch: Batch, device: str) -> Measurement:
        """Run all networks at once; one dictionary for all makes a layer one matrix product."""
        nonzeros = (on_device(batch["code"], device) != 0).sum(dim=1).double()
        return measured(batch, device, float(self.threshold_factor), nonzeros)

    def exact(self, instance: Instance) -> ExactMeasurement:
        """Run the network in rationals; in balls where the numbers would become too long."""
        return unrolled_exactly.measured(instance, self.threshold_factor)

    def simplified(self, instance: Instance) -> Iterator[Instance]:
        """Yield fewer layers, no noise, fewer nonzeros, atoms and rows, and W = D."""
        return unrolled_instances.simpler(instance)


def measured(batch: Batch, device: str, factor: float, s: Any) -> Measurement:
    """Run all networks in floats, with thresholds for codes of sparsity s, at least 1."""
    torch = torch_module()
    code, s = on_device(batch["code"], device), s.clamp(min=1)
    gram, response = _weights(batch, device)
    mu = gram.abs().amax(dim=(-2, -1)).expand(len(code))
    B, sigma = code.abs().amax(dim=1), response.abs().amax(dim=1)
    depths = batch["depth"]
    error, a, last = code, B, None
    for layer in range(int(depths.max(initial=0)) + 1):
        if (here := depths == layer).any():
            mask = torch.from_numpy(np.array(here)).to(device)[:, None]
            last = error if last is None else torch.where(mask, error, last)
        v = torch.addmm(response, error, gram) if gram.ndim == 2 else response + _each(error, gram)
        t = (factor * (s * mu * a + sigma))[:, None]
        error = torch.clamp(code + v, -t, t).sub_(v)
        a = (2 * s - 1) * mu * a + 2 * sigma
    last = code if last is None else last
    off = torch.where(code == 0, last, 0.0).abs().amax(dim=1)
    quantities = {
        "error_linf": last.abs().amax(dim=1),
        "error_l2": torch.linalg.vector_norm(last, dim=1),
        "error_l1": last.abs().sum(dim=1),
        "off_support": off,
    }
    values = {"s": s, "mu": mu, "B": B, "sigma": sigma, "K": on_device(depths, device)}
    rounding = {name: 1e-12 * quantity for name, quantity in quantities.items()}
    rounding["off_support"] = 1e-14 * (B + sigma)
    return Measurement(values=values, quantities=quantities, rounding=rounding)


def _weights(batch: Batch, device: str) -> tuple[Any, Any]:
    """Return (W^T D - I)^T with weights normalised, for all instances or for each, and W^T e."""
    torch = torch_module()
    one, other = shared(batch["D"]), shared(batch["W"])
    noise = on_device(batch["noise"], device)
    if one is not None and other is not None:
        D, W = on_device(one, device), on_device(other, device)
        gram = D.T @ W
        diagonal = gram.diagonal()
        response = (noise @ W) / diagonal
        return (gram / diagonal).fill_diagonal_(0.0), response
    D, W = (on_device(batch[name], device) for name in ("D", "W"))
    gram = D.transpose(1, 2) @ W
    diagonal = gram.diagonal(dim1=1, dim2=2)
    response = (noise[:, None, :] @ W)[:, 0] / diagonal
    gram = gram / diagonal[:, None, :]
    torch.diagonal(gram, dim1=1, dim2=2).zero_()
    return gram, response


def _each(error: Any, gram: Any) -> Any:
    return (error[:, None, :] @ gram)[:, 0]


EXPERIMENTS: Mapping[str, Experiment] = dict.fromkeys(("lista-linf", "lista-l2", "lista-l1"), UnrolledNetwork())
