"""From a network to an accepted certificate: what is claimed is proved, nothing seen exceeds it, and lies are found."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
import torch

import certificates
from verify.certify import network as certifying
from verify.certify.check import Unchecked
from verify.certify.network import NetworkCertificate, certify_network, refuse_other_dictionary
from verify.certify.network_writer import short_upper
from verify.dictionaries.dictionary import Dictionary
from verify.errors import CheckerDisagreementError, ContradictionError, InputError
from verify.networks.activations import Activation
from verify.networks.observed import Observed
from verify.networks.unrolled import Code, DType, ResidualLayer, StateLayer, UnrolledNetwork


def bases() -> np.ndarray:
    """[I, H] with H a normalised Hadamard matrix of order 16: coherence 1/4."""
    hadamard = np.array([[1.0]])
    for _ in range(4):
        hadamard = np.kron(hadamard, [[1, 1], [1, -1]])
    return np.hstack([np.eye(16), hadamard / 4])


torch.set_num_threads(1)  # so small that threads only wait for each other
DICTIONARY = Dictionary.from_array(bases())


def network(
    layers: int = 8,
    *,
    form: str = "residual",
    code: Code = Code.signed,
    dtype: str = "float32",
    activation: Activation | None = None,
) -> UnrolledNetwork:
    """A network for codes with one nonzero of at most 1, without noise: thresholds that a solver of 3.3 would take."""
    atoms = bases().astype(dtype)
    state = (np.eye(32) - bases().T @ bases()).astype(dtype)
    signal, floor, a = np.ascontiguousarray(atoms.T), 60 * float(np.finfo(dtype).eps), 1.0
    made = []
    for at in range(layers):
        threshold = np.full(32, (a / 4 + floor) * (1 + 1e-6), dtype=dtype)
        a = float(threshold[0]) + floor
        if form == "residual":
            made.append(ResidualLayer(analysis=atoms, synthesis=atoms, threshold=threshold))
        else:
            made.append(StateLayer(state=state if at else None, signal=signal, threshold=threshold))
    return UnrolledNetwork(
        code=code,
        dtype=DType(dtype),
        shape=(16, 32),
        layers=tuple(made),
        activation=activation or Activation(),
        dictionary_sha256=DICTIONARY.digest,
    )


@cache
def certified() -> NetworkCertificate:
    return certify_network(network(), DICTIONARY, sparsity=1)


def accepted(result: NetworkCertificate) -> dict:
    assert isinstance(result.answer, certificates.Accepted)
    (claim,) = result.answer.claims
    assert result.claim == claim
    return claim


@pytest.mark.parametrize(
    ("form", "code", "dtype"),
    [
        ("residual", Code.signed, "float32"),
        ("state", Code.signed, "float64"),
        ("residual", Code.nonnegative, "float64"),
        ("state", Code.nonnegative, "float32"),
    ],
)
def test_networks_are_certified_and_nothing_seen_exceeds_it(form, code, dtype):
    result = certify_network(network(5, form=form, code=code, dtype=dtype), DICTIONARY, sparsity=1)
    claim = accepted(result)
    seen = result.observe(trials=64)
    for name, values in (("on", seen.on), ("off", seen.off)):
        for value, bound in zip(values, claim[name], strict=True):
            assert value <= Fraction(bound)
    assert seen.on[-1] > 0.98 * Fraction(claim["on"][-1]), "signs attain the rate at one nonzero"
    assert seen.linf <= Fraction(claim["linf"])
    assert seen.l2 <= Fraction(claim["l2"])
    assert not result.promises_nothing


@pytest.mark.parametrize("activation", [Activation(name="silu", tau=Fraction(1, 1 << 14)), Activation(name="leaky-relu", slope=Fraction(1, 4))])  # fmt: skip
def test_other_activations(activation):
    result = certify_network(network(4, activation=activation), DICTIONARY, sparsity=1)
    claim = accepted(result)
    seen = result.observe(trials=32)
    assert seen.linf <= Fraction(claim["linf"])
    assert (result.promise.floor.activation > 0) is (activation.tau is not None) or activation.slope is not None


def test_noise_and_rounding_have_their_shares():
    result = certify_network(network(12), DICTIONARY, sparsity=1, bound="1", noise="1/1000")
    floor = result.promise.floor
    assert floor.noise > floor.rounding > 0 == floor.activation
    assert accepted(result)["noise"] == "1/1000"


def test_the_largest_level_is_found():
    """Thresholds for one nonzero let the others through; the bound of two is still below that of the codes, or not."""
    result = certify_network(network(), DICTIONARY)
    level = result.promise.codes.sparsity
    assert level >= 1
    assert result.promise.broken is None
    worse = certify_network(network(), DICTIONARY, sparsity=level + 1)
    assert worse.promise.broken is not None
    assert worse.promises_nothing


def test_a_broken_layer_is_named():
    good = network()
    bad = replace(good.layers[3], analysis=good.layers[3].analysis * np.float32(4))
    broken = UnrolledNetwork(code=good.code, dtype=good.dtype, shape=good.shape, layers=(*good.layers[:3], *[bad] * 5))
    result = certify_network(broken, DICTIONARY)
    assert result.promises_nothing
    assert result.promise.codes.sparsity == 1
    assert result.promise.broken == 4
    assert isinstance(result.answer, certificates.Accepted), "the bounds are true all the same"


def test_bounds_that_cannot_be_written_down():
    good = network(1)
    wild = replace(good.layers[0], analysis=good.layers[0].analysis * np.float32(1e12))
    many = UnrolledNetwork(code=good.code, dtype=good.dtype, shape=good.shape, layers=(wild,) * 4)
    result = certify_network(many, DICTIONARY, sparsity=1)
    assert result.certificate is None
    assert result.answer is None
    assert result.claim is None
    assert result.promises_nothing


def test_a_check_that_would_take_too_long_is_not_run():
    result = certify_network(network(2), DICTIONARY, sparsity=1, check_seconds=0)
    assert isinstance(result.answer, Unchecked)
    assert result.claim is not None
    assert result.claim["kind"] == "network-error"


def test_a_lying_producer_is_found(monkeypatch):
    """Bounds that are too low are raised a little, and then it is a bug."""
    true = certifying.ErrorBounder.bounds

    def lower(self, *arguments, **options):
        found = true(self, *arguments, **options)
        return replace(found, on=tuple(value / 2 for value in found.on))

    monkeypatch.setattr(certifying.ErrorBounder, "bounds", lower)
    with pytest.raises(CheckerDisagreementError, match=r"on\[0\] is not proved"):
        certify_network(network(2), DICTIONARY, sparsity=1)


def test_a_network_that_does_worse_than_proved_is_a_contradiction(monkeypatch):
    result = certified()
    seen = Observed(on=(9.0,) * 8, off=(0.0,) * 8, linf=9.0, l2=9.0, trials=1, device="cpu")
    monkeypatch.setattr(certifying, "observe", lambda *_, **__: seen)
    with pytest.raises(ContradictionError, match=r"an error of 9 was seen after layer 1, and .* is proved"):
        result.observe()


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"sparsity": 0}, "sparsity: expected a level from 1 to 32"),
        ({"sparsity": 33}, "sparsity: expected a level from 1 to 32"),
        ({"bound": -1}, "bound: expected a number from 0 to 2"),
        ({"noise": "a lot"}, "noise: expected a number such as 0.01 or 1/100"),
        ({"arithmetic": "int8"}, "arithmetic: expected one of ieee, tf32, bf16"),
    ],
)
def test_classes_that_are_none(options, why):
    with pytest.raises(InputError) as caught:
        certify_network(network(1), DICTIONARY, **{"sparsity": 1, **options})
    assert why in str(caught.value)


def test_what_does_not_belong_together():
    other = Dictionary.from_array(np.eye(16))
    with pytest.raises(InputError, match="do not belong together: the network is for shape"):
        certify_network(network(1), other, sparsity=1)
    with pytest.raises(InputError, match="expected a real dictionary"):
        certify_network(network(1), Dictionary.from_array(bases() * 1j), sparsity=1)
    with pytest.raises(InputError, match="it was built for a dictionary with digest"):
        refuse_other_dictionary(network(1), Dictionary.from_array(2 * bases()))
    refuse_other_dictionary(network(1), DICTIONARY)
    with pytest.raises(InputError, match="the arithmetic bf16 is for networks of type float32"):
        certify_network(network(1, dtype="float64"), DICTIONARY, sparsity=1, arithmetic="bf16")


@pytest.mark.parametrize("arithmetic", ["tf32", "bf16"])
def test_coarse_arithmetic(arithmetic):
    coarse = certify_network(network(8), DICTIONARY, sparsity=1, arithmetic=arithmetic)
    assert accepted(coarse)["arithmetic"] == arithmetic
    assert Fraction(accepted(coarse)["linf"]) > Fraction(accepted(certified())["linf"])
    assert coarse.observe(trials=16).linf <= Fraction(accepted(coarse)["linf"])


@pytest.mark.parametrize("value", [Fraction(0), Fraction(1, 3), Fraction(10**30, 7), Fraction(1, 10**40)])
def test_bounds_are_rounded_up_to_short_numbers(value):
    short = short_upper(value)
    assert value <= short <= value * (1 + Fraction(1, 1 << 18))
    assert short.numerator.bit_length() <= 21 or short.denominator == 1
