"""The same networks on a CUDA device: what the certificates are about is what runs there, in every arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from network_samples import random_network

import verify
from verify.certify.convolutional_chain import certify_chain_network
from verify.certify.convolutional_network import certify_convolutional_network
from verify.dictionaries.convolutional import ConvolutionalDictionary
from verify.dictionaries.convolutional_chain import ConvolutionalChain
from verify.networks.convolutional.build import build_convolutional
from verify.networks.convolutional.build_chain import build_chain
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


def near_taps(shape: tuple[int, ...], at: int, stride: tuple[int, int], boundary: str) -> ConvolutionalDictionary:
    """Filters with one large tap each, so that networks promise something."""
    F = np.random.default_rng(7).standard_normal(shape) / 60
    for c in range(shape[0]):
        F[c, c % shape[1], at, at if boundary == "same" else c % shape[3]] += 1
    return ConvolutionalDictionary.of(F, stride=stride, boundary=boundary)


CNNS = [
    near_taps((4, 2, 5, 5), 2, (2, 2), "full"),
    near_taps((4, 2, 5, 5), 1, (2, 2), "circular"),
    near_taps((2, 4, 3, 3), 1, (1, 1), "same"),
]


@pytest.mark.parametrize("filters", CNNS, ids=lambda filters: filters.boundary.value)
@pytest.mark.parametrize(("dtype", "near"), [("float32", 2e-6), ("float64", 4e-15)])
def test_convolutions_there_are_sums_of_products_in_their_format(
    filters: ConvolutionalDictionary, dtype: str, near: float
) -> None:
    """With the settings of torch as they are: cuDNN would cut the factors to tf32."""
    network = build_convolutional(
        filters, sparsity=1, bound=1, noise="1/100", layers=5, dtype=dtype, weights="dictionary"
    ).network
    signals = torch.tensor(
        np.random.default_rng(1).standard_normal((3, filters.channels[1], *filters.signal_lengths((7, 9)))),
        dtype=getattr(torch, dtype),
    )
    with torch.no_grad():
        wide = [layer.double() for layer in network.to_torch().double().layers_of(signals.double())]
        found = network.to_torch().cuda().layers_of(signals.cuda())
    for here, there in zip(wide, found, strict=True):
        assert float((there.double().cpu() - here).abs().max()) <= 8 * near * max(1.0, float(here.abs().max()))


@pytest.mark.parametrize("filters", CNNS, ids=lambda filters: filters.boundary.value)
def test_errors_of_cnns_seen_there_are_within_what_is_proved(filters: ConvolutionalDictionary) -> None:
    network = build_convolutional(filters, sparsity=1, bound=1, noise="1/100", layers=5, weights="dictionary").network
    result = certify_convolutional_network(network, filters, sparsity=1, bound=1, noise="1/100")
    assert result.claim is not None
    there, here = (result.observe(trials=8, device=device) for device in ("cuda", "cpu"))
    assert here.linf / 2 < there.linf <= result.promise.bounds.linf


@pytest.mark.parametrize("method", ["layer-by-layer", "deepest-first"])
def test_errors_of_chains_seen_there_are_within_what_is_proved(method: str) -> None:
    second = np.zeros((2, 4, 3))
    for c in range(2):
        second[c, 2 * c, 0], second[c, 2 * c + 1, 2] = 1, 0.5
    first = np.random.default_rng(7).standard_normal((4, 4, 5)) / 200
    first[range(4), range(4), 2] += 1
    chain = ConvolutionalChain.of(
        [ConvolutionalDictionary.of(F, boundary="full") for F in (first, second)], tolerances=["1/100", 0]
    )
    levels = [2, 1] if method == "layer-by-layer" else [1]
    built = build_chain(chain, levels, [1], method=method, layers=5, weights="dictionary")
    result = certify_chain_network(built.network, built.members)
    assert result.linf
    assert result.observe(trials=4, device="cuda").linf[-1] <= result.linf[-1]


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
