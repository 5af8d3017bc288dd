"""One network, many renderings: exact, enclosed, torch; they agree."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from network_samples import random_network

from verify.errors import InputError, LimitError
from verify.exact import Enclosure
from verify.networks.activations import Activation
from verify.networks.exact_forward import exact_forward
from verify.networks.intervals import IntervalVector
from verify.networks.relu_network import ReluNetwork
from verify.networks.shrinkage import shrink, shrinkage_pair
from verify.networks.unrolled import Code, DType
from verify.networks.unrolled_module import UnrolledModule

SIGNAL = [0.75, -1.5, 0.3125]
CASES = [(form, code, uniform) for form in ("state", "residual") for code in Code for uniform in (False, True)]


@given(st.fractions(), st.fractions(min_value=0))
def test_a_shrinkage_pair_is_soft_thresholding(value: Fraction, threshold: Fraction) -> None:
    wanted = (1 if value > 0 else -1) * max(abs(value) - threshold, Fraction(0))
    assert shrink(value, threshold) == shrinkage_pair(value, threshold) == wanted


def test_a_negative_threshold_is_no_shrinkage() -> None:
    assert shrinkage_pair(Fraction(1), Fraction(-2)) != 3
    with pytest.raises(InputError, match="threshold: expected a number >= 0"):
        shrink(Fraction(1), Fraction(-2))


@pytest.mark.parametrize(("form", "code", "uniform"), CASES)
def test_exact_enclosed_and_torch_agree(form: str, code: Code, uniform: bool) -> None:
    network = random_network(form, code=code, uniform=uniform)
    exact = exact_forward(network, SIGNAL)
    relus = ReluNetwork.of(network)
    assert relus.forward_exact(SIGNAL) == exact[-1]
    assert any(exact[-1])
    enclosed = relus.forward_enclosed(SIGNAL)
    assert all(e.lower <= x <= e.upper for e, x in zip(enclosed, exact[-1], strict=True))
    assert max(float(e.upper - e.lower) for e in enclosed) < 1e-12
    size = max(1.0, *(abs(float(x)) for code in exact for x in code))
    for dtype, near in ((DType.float32, 2e-5), (DType.float64, 1e-13)):
        y = torch.tensor([SIGNAL, [2 * v for v in SIGNAL]], dtype=getattr(torch, dtype.value))
        computed = relus.to_torch(dtype)(y)
        assert np.allclose(computed[0].numpy(), np.array(exact[-1], dtype=float), rtol=0, atol=near * size)
    with torch.no_grad():
        layers = UnrolledModule(network).layers_of(torch.tensor([SIGNAL]))
    for computed, wanted in zip(layers, exact, strict=True):
        assert np.allclose(computed[0].numpy(), np.array(wanted, dtype=float), rtol=0, atol=2e-5 * size)


@pytest.mark.parametrize(("form", "code", "uniform"), CASES)
def test_counts_are_those_of_the_affine_maps(form: str, code: Code, uniform: bool) -> None:
    network = random_network(form, code=code, uniform=uniform)
    relus = ReluNetwork.of(network)
    assert (relus.units, relus.weights, relus.depth) == (network.counts.units, network.counts.weights, 4)
    assert relus.units == 4 * 5 * (2 if code is Code.signed else 1)
    wanted = 5 * 5 + 5 * 3 + 4 * 5 if form == "state" else 2 * 3 * 5 + 4 * 5
    assert network.counts.stored == wanted


def test_the_weights_enclosed_hold_the_exact_ones() -> None:
    relus = ReluNetwork.of(random_network("residual", dtype="float64"))
    inexact = 0
    for layer, (hidden, signal, bias) in zip(relus.layers, relus.enclosed_weights(), strict=True):
        for exact, interval in ((layer.hidden, hidden), (layer.signal, signal), (layer.bias, bias)):
            if exact is None or interval is None:
                assert exact is None
                assert interval is None
                continue
            inexact += int(interval.radius.any())
            ends = zip(exact.ravel(), interval.middle.ravel(), interval.radius.ravel(), strict=True)
            assert all(abs(e - Fraction(float(m))) <= Fraction(float(r)) for e, m, r in ends)
    assert inexact  # products of binary64 numbers do not fit binary64


def test_intervals_of_signals_give_intervals_of_codes() -> None:
    relus = ReluNetwork.of(random_network("state"))
    wide = [Enclosure(Fraction(v) - Fraction(1, 64), Fraction(v) + Fraction(1, 64)) for v in SIGNAL]
    enclosed = relus.forward_enclosed(wide)
    for seed in range(20):
        offsets = np.random.default_rng(seed).choice([-1, 1], 3) / 64
        exact = relus.forward_exact([v + float(o) for v, o in zip(SIGNAL, offsets, strict=True)])
        assert all(e.lower <= x <= e.upper for e, x in zip(enclosed, exact, strict=True))


def test_leaky_units_stand_for_relu_exactly() -> None:
    leaky = random_network("state", dtype="float64", activation=Activation(name="leaky-relu", slope=Fraction(1, 8)))
    plain = random_network("state", dtype="float64")
    assert exact_forward(leaky, SIGNAL) == exact_forward(plain, SIGNAL)
    assert leaky.counts.units == 2 * plain.counts.units
    y = torch.tensor([SIGNAL], dtype=torch.float64)
    assert torch.allclose(UnrolledModule(leaky)(y), UnrolledModule(plain)(y), rtol=0, atol=1e-13)


@pytest.mark.parametrize("name", ["elu", "gelu", "gelu-tanh", "mish", "silu", "softplus"])
def test_smooth_units_are_within_their_bound_of_relu_and_reach_it_nearly(name: str) -> None:
    from verify.networks.torch_activations import relu_by

    activation = Activation(name=name, tau=Fraction(1, 64))
    u = torch.cat([torch.linspace(-1, 1, 20001, dtype=torch.float64), torch.tensor([-1e6, -20.0, 20.0, 1e6])])
    f = relu_by(activation)
    gap = (f(u) - torch.relu(u)).abs().max().item()
    bound = float(activation.error_upper)
    assert 0.99 * bound < gap <= bound * (1 + 1e-9)
    pair = f(u - 0.25) - f(-u - 0.25)
    wanted = torch.sign(u) * torch.relu(u.abs() - 0.25)
    assert (pair - wanted).abs().max().item() <= bound * (1 + 1e-9)


def test_smooth_units_have_no_exact_forward() -> None:
    network = random_network(activation=Activation(name="silu", tau=Fraction(1, 64)))
    with pytest.raises(InputError, match="expected relu or leaky-relu units, got silu"):
        exact_forward(network, SIGNAL)
    with pytest.raises(InputError, match="expected a network of relu or leaky-relu units, got silu"):
        ReluNetwork.of(network)


def test_signals_that_do_not_fit() -> None:
    network = random_network()
    with pytest.raises(InputError, match="expected 3 numbers, got 2"):
        exact_forward(network, [1.0, 2.0])
    with pytest.raises(InputError, match=r"signals: expected \(..., 3\) of type torch.float32, got \(2, 4\)"):
        UnrolledModule(network)(torch.zeros(2, 4))
    with pytest.raises(InputError, match=r"got \(2, 3\), torch.float64"):
        UnrolledModule(network)(torch.zeros(2, 3, dtype=torch.float64))
    relus = ReluNetwork.of(network)
    with pytest.raises(InputError, match="signal: expected finite numbers"):
        relus.forward_exact([1.0, 2.0, float("nan")])
    with pytest.raises(InputError, match="the intervals grew beyond all numbers"):
        relus.forward_enclosed([1e308, 1e308, 1e308])
    with pytest.raises(InputError, match="within the range of binary64"):
        IntervalVector.of([Fraction(10) ** 400])


def test_too_many_weights_for_fractions() -> None:
    with pytest.raises(LimitError, match="weights are too many to write them all as fractions"):
        ReluNetwork.of(random_network(m=2, n=500))


def test_a_module_takes_batches_of_any_shape_and_large_ones_in_parts() -> None:
    module = UnrolledModule(random_network())
    y = torch.randn(1200, 3, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        parts, whole = module(y), module.layers_of(y)[-1]
    assert torch.allclose(parts, whole, atol=1e-6)
    assert torch.allclose(module(y.reshape(40, 30, 3)), whole.reshape(40, 30, 5), atol=1e-6)
    assert module(y[0]).shape == (5,)


@pytest.mark.parametrize("form", ["state", "residual"])
def test_a_module_has_gradients(form: str) -> None:
    network = random_network(form, dtype="float64")
    y = torch.tensor([SIGNAL], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(UnrolledModule(network), (y,))
    trainable = UnrolledModule(network, trainable=True)
    trainable(y).sum().backward()
    assert {name for name, p in trainable.named_parameters() if p.grad is not None} == {
        name for name, _ in trainable.named_parameters()
    }
    assert not list(UnrolledModule(network).parameters())


@pytest.mark.parametrize("form", ["state", "residual"])
def test_a_module_becomes_a_network_again(form: str) -> None:
    network = random_network(form)
    module = UnrolledModule(network, trainable=True)
    assert module.to_network().digest == network.digest
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.mul_(0.5)
    trained = module.to_network()
    assert [a.tolist() for a in trained.tensors.values()] == [(a / 2).tolist() for a in network.tensors.values()]
    y = torch.tensor([SIGNAL])
    assert torch.equal(UnrolledModule(trained)(y), module(y))
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.mul_(-1)
    with pytest.raises(InputError, match="threshold: expected numbers >= 0"):
        module.to_network()


def test_a_module_can_be_captured_whole() -> None:
    """`torch.compile` can take a module without graph breaks if it can be captured; compiling needs a compiler."""
    module = UnrolledModule(random_network())
    y = torch.tensor([SIGNAL, SIGNAL])
    compiled = torch.compile(module, backend="eager", fullgraph=True)
    assert torch.equal(compiled(y), module(y))
