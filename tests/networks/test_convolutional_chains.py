"""Networks for chains of filters: the module against the definition at several sizes, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from verify.certify import convolutional_chain
from verify.certify.convolutional_chain import certify_chain_network
from verify.dictionaries.convolutional import ConvolutionalDictionary
from verify.dictionaries.convolutional_chain import ConvolutionalChain
from verify.errors import CheckerDisagreementError, ContradictionError, InputError
from verify.networks.convolutional.build import build_convolutional
from verify.networks.convolutional.build_chain import BuiltChain, build_chain
from verify.networks.convolutional.chain_network import ChainClass, ChainNetwork
from verify.networks.convolutional.chain_observed import observe_chain

of = ConvolutionalDictionary.of


def chain(boundary: str, *, axes: int = 1, stride: int = 1) -> ConvolutionalChain:
    first = np.random.default_rng(axes).integers(-8, 9, (2, 2, *[3] * axes)) / 512
    second = np.zeros((1, 2, *[2] * axes))
    for c in range(2):
        first[(c, c, *[0] * axes)] += 1
        second[(0, c, *[c] * axes)] = 1 / (1 + c)
    return ConvolutionalChain.of(
        [of(first, stride=stride, boundary=boundary), of(second, boundary=boundary)], tolerances=["1/100", 0]
    )


def built(made: ConvolutionalChain, method: str, **options: object) -> BuiltChain:
    levels = [2] if method == "deepest-first" else [3, 1]
    known: dict = {"layers": 3, "weights": "dictionary"} | options
    return build_chain(made, levels, [1], method=method, **known)


@pytest.mark.parametrize(("boundary", "axes", "stride"), [("full", 1, 2), ("circular", 1, 1), ("circular", 2, 1)])
def test_the_module_is_the_definition_for_several_sizes_and_batches(boundary, axes, stride):
    made = chain(boundary, axes=axes, stride=stride)
    random = np.random.default_rng(0)
    several, one = (built(made, method, dtype="float64").network for method in ("layer-by-layer", "deepest-first"))
    for add in (0, 3):
        lengths = made.signal_lengths([n + add for n in one.dictionaries[0].least_code])
        y = torch.tensor(random.standard_normal((2, 2, *lengths[0])))
        found = y
        for network, code in zip(several.networks, several.to_torch()(y), strict=True):
            found = network.to_torch()(found)
            assert torch.equal(code, found)
        codes = one.to_torch()(y)
        last = one.networks[0].to_torch()(y)
        assert torch.equal(codes[1], last)
        assert np.abs(codes[0].numpy() - made.dictionaries[1].synthesis(last.numpy())).max() < 1e-14
        assert [tuple(code.shape[2:]) for code in codes] == lengths[1:]
        single = one.to_torch()(y[0])
        assert torch.allclose(single[0], codes[0][0], rtol=0, atol=1e-14)


@pytest.mark.parametrize("method", ["layer-by-layer", "deepest-first"])
def test_planned_errors_are_certified_and_not_exceeded(method):
    planned = built(chain("full", stride=2), method)
    found = certify_chain_network(planned.network, planned.members)
    assert found.promises
    for ours, theirs in zip(found.linf, planned.errors.linf, strict=True):
        assert theirs <= ours <= theirs * (1 + 2**-18)
    seen = found.observe(trials=3)
    assert seen.trials == 3
    assert 0 < seen.linf[1] <= found.linf[1]
    claim = dict(found.claim or {})
    claim["linf"] = ["1/1000000"] * 2
    lying = replace(found, answer=replace(found.answer, claims=(claim,)))
    with pytest.raises(ContradictionError, match=r"code 1 was seen, and 1e-06 is proved"):
        lying.observe(trials=1)
    unchecked = certify_chain_network(planned.network, planned.members, check_seconds=0)
    assert unchecked.claim == found.claim


def test_where_nothing_can_be_promised_there_is_no_certificate():
    made = chain("full")
    planned = built(made, "layer-by-layer")
    nothing = certify_chain_network(planned.network, planned.members, arithmetic="bf16")
    assert not nothing.promises
    loud = ConvolutionalChain.of(made.dictionaries, tolerances=[2**64, 0])
    found = certify_chain_network(ChainNetwork.of(loud, planned.network.networks), planned.members)
    assert (found.claim, found.linf, found.promises) == (None, (), False)
    none = ChainClass.of(made.dictionaries, [1, 1], [1])
    assert observe_chain(planned.network, none, trials=2).trials == 0


def test_a_certificate_that_the_checker_rejects_is_a_bug(monkeypatch):
    planned = built(chain("full"), "layer-by-layer")
    monkeypatch.setattr(convolutional_chain, "_bits", lambda *_: 26)
    with pytest.raises(CheckerDisagreementError, match=r"rejected this certificate at step 0 .* is not proved"):
        certify_chain_network(planned.network, planned.members)


def test_bad_input_is_refused_in_one_line():
    made = chain("full")
    network = built(made, "layer-by-layer").network
    first, second = network.networks
    other = replace(second, dictionary_sha256="0" * 64, stored_as=None)
    positive = build_convolutional(
        made.dictionaries[0], sparsity=1, bound=1, noise=0, layers=1, weights="dictionary", nonnegative=True
    ).network
    for networks, words in (
        ([first] * 3, "one network for the product of all filters, or 2, one for each; got 3"),
        ([second, second], "network 1: network and filters do not belong together: .* shape"),
        ([first, other], "network 2 says that it was built for other filters"),
        ([positive, second], "network 1: expected signed codes, got nonnegative ones"),
    ):
        with pytest.raises(InputError, match=words):
            ChainNetwork.of(made, networks)
    for levels, bounds, words in (
        ([1], [1], "expected 2 levels, one for each array of filters, got 1"),
        ([1, 99], [1], "expected level 2 from 1 to 3, the size of a stripe, got 99"),
        ([1, True], [1], "expected level 2 from 1"),
        ([1, 1], [1, 1, 1], "bound: expected one number, or 2"),
        ([1, 1], [0], "bound: expected numbers above 0"),
        ([1, 1], ["x"], "bound: expected a number such as"),
    ):
        with pytest.raises(InputError, match=words):
            build_chain(made, levels, bounds, layers=1)
    with pytest.raises(InputError, match=r"expected 1 level, for the product of all filters \(deepest first\), got 2"):
        build_chain(made, [1, 1], [1], method="deepest-first", layers=1)
    with pytest.raises(InputError, match="expected layer-by-layer or deepest-first for filters, got 'refit'"):
        built(made, "refit")
    for options, words in (
        ({"weights": "w.npy"}, "expected generalized or dictionary for a chain, got 'w.npy'"),
        ({"layers": 0}, "the network for D_1: "),
    ):
        with pytest.raises(InputError, match=words):
            built(made, "layer-by-layer", **options)
    same = of([[[1, 5, 1]]], boundary="same")
    with pytest.raises(InputError, match="D_1: the boundary same is not supported for networks of chains"):
        build_chain(ConvolutionalChain.of([same, same]), [1, 1], [1], layers=1)
    with pytest.raises(InputError, match=r"product of dictionaries 1 to 2: .* the middle code is cut"):
        build_chain(ConvolutionalChain.of([same, same]), [1], [1], method="deepest-first", layers=1)
