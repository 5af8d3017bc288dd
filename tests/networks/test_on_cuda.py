"""The same networks on a CUDA device: what the certificates are about is what runs there, in every arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from network_samples import random_network

import verify
from verify.dictionaries.convolutional import ConvolutionalDictionary
from verify.networks.convolutional.build import build_convolutional
from verify.networks.convolutional.general_construction import SequenceCNN
from verify.networks.exact_forward import exact_forward
from verify.networks.sparse_coding_layer import SparseCodingLayer
from verify.networks.unrolled import Code
from verify.networks.unrolled_module import UnrolledModule

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here")

SIGNAL = [0.75, -1.5, 0.3125]


@pytest.mark.parametrize("code", Code)
@pytest.mark.parametrize("form", ["state", "residual"])
@pytest.mark.parametrize(("dtype", "near"), [("float32", 2e-6), ("float64", 4e-15)])
def test_a_forward_pass_there_is_the_exact_one_within_rounding(form: str, code: Code, dtype: str, near: float) -> None:
    network = random_network(form, code=code, dtype=dtype)
    exact = exact_forward(network, SIGNAL)
    with torch.no_grad():
        layers = UnrolledModule(network).cuda().layers_of(torch.tensor([SIGNAL], dtype=getattr(torch, dtype)).cuda())
    for computed, wanted in zip(layers, exact, strict=True):
        size = max(1.0, *(abs(float(x)) for x in wanted))
        assert np.abs(computed[0].cpu().numpy() - np.array(wanted, dtype=float)).max() <= 8 * near * size


@pytest.mark.parametrize(
    ("dtype", "arithmetic"), [("float32", "ieee"), ("float64", "ieee"), ("float32", "tf32"), ("float32", "bf16")]
)
def test_errors_seen_there_are_within_the_bounds_of_their_arithmetic(dtype: str, arithmetic: str) -> None:
    dictionary = verify.load("builtin:identity-hadamard:8")
    built = verify.build_unrolled(
        dictionary,
        sparsity=1,
        bound=1,
        noise="1e-3",
        layers=8,
        dtype=dtype,
        weights="dictionary",
        arithmetic=arithmetic,
    )
    result = verify.certify_network(built.network, dictionary, sparsity=1, bound=1, noise="1e-3", arithmetic=arithmetic)
    assert result.claim is not None
    there, here = (result.observe(trials=256, device=device) for device in ("cuda", "cpu"))
    assert here.linf / 2 < there.linf <= result.promise.bounds.linf


@pytest.mark.parametrize("boundary", ["full", "circular"])
@pytest.mark.parametrize(("dtype", "near"), [("float32", 2e-6), ("float64", 4e-15)])
def test_convolutions_there_are_sums_of_products_in_their_format(boundary: str, dtype: str, near: float) -> None:
    """With the settings of torch as they are: cuDNN would cut the factors to tf32."""
    F = np.random.default_rng(7).standard_normal((4, 2, 5, 5)) / 60
    for c in range(4):
        F[c, c % 2, c, c] += 1
    filters = ConvolutionalDictionary.of(F, stride=(2, 2), boundary=boundary)
    network = build_convolutional(
        filters, sparsity=1, bound=1, noise="1/100", layers=5, dtype=dtype, weights="dictionary"
    ).network
    signals = torch.tensor(
        np.random.default_rng(1).standard_normal((3, 2, *filters.signal_lengths((7, 9)))),
        dtype=getattr(torch, dtype),
    )
    with torch.no_grad():
        wide = [layer.double() for layer in network.to_torch().double().layers_of(signals.double())]
        found = network.to_torch().cuda().layers_of(signals.cuda())
    for here, there in zip(wide, found, strict=True):
        assert float((there.double().cpu() - here).abs().max()) <= 8 * near * max(1.0, float(here.abs().max()))


@pytest.mark.parametrize("form", ["state", "residual"])
def test_the_general_construction_there_gives_the_codes_of_the_network(form: str) -> None:
    """Gathering and spreading move entries; a product of another algorithm would round them."""
    network = random_network(form, dtype="float64")
    y = torch.randn(9, 3, dtype=torch.float64)
    with torch.no_grad():
        here, there = UnrolledModule(network)(y), SequenceCNN.of(network, 3).to_torch().cuda()(y.cuda()).cpu()
        single = random_network(form)
        moved = SequenceCNN.of(single, 3).to_torch().cuda()(y.float().cuda()).cpu()
        wanted = UnrolledModule(single)(y.float())
    assert torch.allclose(here, there, rtol=1e-13, atol=1e-13)
    assert torch.allclose(wanted, moved, rtol=1e-5, atol=1e-5)


def test_gradients_of_modules_and_layers_flow_there() -> None:
    layer = SparseCodingLayer(torch.randn(6, 3), steps=4).cuda()
    layer(torch.randn(5, 3).cuda()).sum().backward()
    assert layer.filters.grad is not None and bool(torch.isfinite(layer.filters.grad).all())
    module = random_network("residual").to_torch().cuda()
    y = torch.randn(5, 3).cuda().requires_grad_(True)
    module(y).sum().backward()
    assert y.grad is not None and y.grad.is_cuda


def test_a_check_there_promises_what_one_here_promises() -> None:
    dictionary = verify.load("builtin:gaussian:12x24:1")
    here, there = (verify.check_dictionary(dictionary, device=device) for device in ("cpu", "cuda"))
    assert there.levels.l1.guaranteed == here.levels.l1.guaranteed
    assert type(there.answer).__name__ == "Accepted"
