"""A learned network: a small LISTA-CP, trained here, certified after the fact, and refused once a layer is broken."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import numpy as np
import torch

import certificates
from verify.certify.network import certify_network
from verify.dictionaries.dictionary import Dictionary
from verify.networks.outside import network_from_module

ATOMS = np.hstack([np.eye(8), np.kron(np.kron([[1, 1], [1, -1]], [[1, 1], [1, -1]]), [[1, 1], [1, -1]]) / np.sqrt(8)])
LAYERS, STEPS = 5, 60
torch.set_num_threads(1)  # so small that threads only wait for each other


class Layer(torch.nn.Module):
    """W and a threshold for every atom."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.weights = torch.nn.Parameter(torch.tensor(ATOMS, dtype=torch.float32))
        self.threshold = torch.nn.Parameter(torch.full((16,), 0.36 * 0.5**at))


class ListaCP(torch.nn.Module):
    """x+ = T_t(x + W^T (y - D x)), W and t per layer, from the dictionary itself."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = torch.nn.ModuleList(Layer(at) for at in range(LAYERS))

    def forward(self, y: torch.Tensor) -> torch.Tensor:
        atoms = torch.tensor(ATOMS, dtype=torch.float32)
        x = torch.zeros(len(y), 16)
        for layer in self.layers:
            v = x + (y - x @ atoms.T) @ layer.weights
            x = torch.nn.functional.relu(v - layer.threshold) - torch.nn.functional.relu(-v - layer.threshold)
        return x


@cache
def trained() -> ListaCP:
    """Trained on random codes with one nonzero; thresholds are kept at 0 or above."""
    generator = torch.Generator().manual_seed(1)
    model = ListaCP()
    for _ in range(STEPS):
        codes = torch.zeros(128, 16)
        at = torch.randint(0, 16, (128,), generator=generator)
        codes[torch.arange(128), at] = 2 * torch.rand(128, generator=generator) - 1
        loss = ((model(codes @ torch.tensor(ATOMS, dtype=torch.float32).T) - codes) ** 2).sum(1).mean()
        parameters = list(model.parameters())
        with torch.no_grad():
            for parameter, slope in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
                parameter.sub_(0.02 * slope)
            for layer in model.layers:
                layer.threshold.clamp_(min=0)
    return model


def test_a_trained_network_is_certified_after_the_fact():
    dictionary = Dictionary.from_array(ATOMS)
    result = certify_network(network_from_module(trained(), dictionary), dictionary)
    assert isinstance(result.answer, certificates.Accepted)
    assert result.promise.broken is None
    assert result.promise.codes.sparsity == 1
    claim = result.answer.claims[0]
    assert Fraction(claim["linf"]) < Fraction(1, 2)
    seen = result.observe(trials=64)
    assert 0 < seen.linf <= Fraction(claim["linf"])


def test_one_broken_layer_is_found_and_named():
    dictionary = Dictionary.from_array(ATOMS)
    good = {name: value.clone() for name, value in trained().state_dict().items()}
    try:
        with torch.no_grad():
            trained().layers[2].weights.mul_(-300)
        result = certify_network(network_from_module(trained(), dictionary), dictionary)
    finally:
        trained().load_state_dict(good)
    assert result.promises_nothing
    assert result.promise.broken == 3
    assert isinstance(result.answer, certificates.Accepted), "what it does promise is proved"
