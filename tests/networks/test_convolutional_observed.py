"""Errors that are seen: codes and noise are of the class, gradients find worse ones, and bounds are nearly attained."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

from verify.certify.convolutional_network import certify_convolutional_network
from verify.dictionaries.convolutional import ConvolutionalDictionary
from verify.errors import InputError
from verify.facts.convolutional.stripes import stripe_sparsity
from verify.networks.convolutional.build import build_convolutional
from verify.networks.convolutional.hard_codes import HardCodes
from verify.networks.convolutional.patches import Patches

CASES = [((2, 2, 3, 2), (2, 1), "full"), ((3, 3, 5), (2,), "circular")]


def filters(case: tuple) -> ConvolutionalDictionary:
    shape, stride, boundary = case
    F = np.random.default_rng(7).standard_normal(shape) / 30
    for c in range(shape[0]):
        F[(c, c, *([0] * len(stride)))] += 1
    return ConvolutionalDictionary.of(F, stride=stride, boundary=boundary)


@pytest.mark.parametrize(("case", "nonnegative"), [(CASES[0], False), (CASES[1], True)])
def test_what_is_seen_is_in_the_class_and_nearly_what_is_proved(case, nonnegative):
    dictionary = filters(case)
    built = build_convolutional(
        dictionary, sparsity=2, bound="1/2", noise="1/100", layers=3, weights="dictionary", nonnegative=nonnegative
    )
    result = certify_convolutional_network(built.network, dictionary, sparsity=2, bound="1/2", noise="1/100")
    sizes = [tuple(n + 2 for n in dictionary.least_code), tuple(n + 7 for n in dictionary.least_code)]
    seen = result.observe(trials=8, lengths=sizes)
    assert result.claim is not None
    assert 0.9 < seen.linf / result.promise.bounds.linf <= 1
    assert seen.random < seen.linf
    assert seen.sizes == tuple(sizes)
    assert seen.nonzeros > 2  # in all
    # every code of the search has at most two nonzeros in a stripe, whatever gradients want
    random = np.random.default_rng(1)
    hard = HardCodes(built.network, dictionary, built.codes, sizes[1], random)
    codes, _ = hard.start(8)
    codes = [*codes, *(hard.moved(code, random.standard_normal(code.shape)) for code in codes)]
    assert max(stripe_sparsity(dictionary, code).largest for code in codes) == 2
    assert all(set(np.unique(code)) <= ({0, 0.5} if nonnegative else {-0.5, 0, 0.5}) for code in codes)
    with pytest.raises(InputError, match="nowhere"):
        result.observe(device="nowhere")


@pytest.mark.parametrize("case", CASES)
def test_noise_fits_every_patch_and_fills_one(case):
    dictionary = filters(case)
    network = build_convolutional(
        dictionary, sparsity=1, bound=1, noise=0, layers=1, weights="dictionary", dtype="float64"
    ).network
    lengths = tuple(n + 4 for n in dictionary.least_code)
    signal = (dictionary.channels[1], *dictionary.signal_lengths(lengths))
    patches, random = Patches(network, network.to_torch()), np.random.default_rng(0)

    def norms(e: np.ndarray) -> list[float]:
        """The norms on the patches, one after the other."""
        found = []
        for p in itertools.product(*map(range, lengths)):
            at = [
                np.arange(q * s, q * s + t) % n
                for q, s, t, n in zip(p, case[1], dictionary.support, signal[1:], strict=True)
            ]
            found.append(float(np.linalg.norm(e[np.ix_(range(signal[0]), *at)])))
        return found

    g = random.standard_normal((1, *signal))
    e = patches.fitted(torch.tensor(g), 0.5)
    assert max(norms(e[0].numpy())) == pytest.approx(0.5)
    assert max(norms(e[0].numpy())) <= 0.5
    assert min(norms(e[0].numpy())) > 0.2
    g[..., : signal[-1] // 2] = 0
    mixed = patches.fitted(torch.tensor(g), 0.5, e)
    assert max(norms(mixed[0].numpy())) <= 0.5
    assert (mixed == e).any()
