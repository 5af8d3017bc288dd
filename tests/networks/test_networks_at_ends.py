"""Networks with the padding 'same': rows of cut atoms against explicit matrices, worst codes at the ends, torch."""

from __future__ import annotations

import copy
import itertools
import json
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
import torch

import certificates
from certificates.format import canonical, seal
from certificates.rules.filter_network import FilterNetworkInstance
from verify.certify.check_convolutional import filters_subject
from verify.certify.convolutional_network import (
    ConvolutionalCertificate,
    certify_convolutional_network,
    filter_network_subject,
)
from verify.dictionaries.convolutional import ConvolutionalDictionary
from verify.errors import InputError
from verify.facts.convolutional.generalized import convolutional_generalized
from verify.networks.convolutional.build import build_convolutional
from verify.networks.convolutional.matrices import all_matrices
from verify.networks.convolutional.unrolled import ConvolutionalNetwork, FilterLayer

SHAPES = {"series": (2, 3, 5), "plane": (2, 2, 3, 3)}


@cache
def certified(name: str, nonnegative: bool = False) -> ConvolutionalCertificate:
    shape = SHAPES[name]
    random = np.random.default_rng(7)
    filters = random.integers(-9, 10, shape) / 64
    for c in range(shape[0]):
        filters[(c, c, *(t // 2 for t in shape[2:]))] += 1.5
    dictionary = ConvolutionalDictionary.of(filters, boundary="same")
    built = build_convolutional(
        dictionary, sparsity=1, bound=1, noise="1/100", layers=4, nonnegative=nonnegative, weights="dictionary"
    )
    assert built.rate < 1
    return certify_convolutional_network(built.network, dictionary, sparsity=1, noise="1/100")


@pytest.mark.parametrize("name", SHAPES)
def test_rows_are_those_of_the_matrices_of_all_lengths(name):
    """Both the checker's and the producer's: <w_i, d_j> for every atom i of every size; no other column counts."""
    result = certified(name)
    dictionary, network = result.dictionary, result.network
    bits, taps, C = 40, dictionary.support, dictionary.channels[0]
    stored = filter_network_subject(network)
    instance = FilterNetworkInstance.of(filters_subject(dictionary), stored, cut=True)
    layer = network.layers[0]
    parts = {part.windows: part for part in instance.parts}
    tables = {}
    for windows, part in parts.items():
        rows = np.array(part.weights(stored.tensors["analysis.0"], bits, residual=True).vectors) / 2.0**bits
        columns = np.array(part.atoms(bits).vectors) / 2.0**bits
        tables[windows] = (rows @ columns.T, np.abs(columns).sum(axis=1) > 0)
    known = all_matrices(network, dictionary)
    assert len(known.parts) == len(parts) == np.prod(taps)
    shifts = list(itertools.product(*(range(1 - t, t) for t in taps)))
    seen = {windows: np.zeros(len(table[1]), dtype=bool) for windows, table in tables.items()}
    V = ConvolutionalDictionary.of(layer.analysis.astype(float), boundary="same")
    for lengths in itertools.product(range(taps[0], (3 if len(taps) == 1 else 2) * taps[0] + 1), repeat=len(taps)):
        W, D = (np.asarray(one.matrix(lengths).real, dtype=float) for one in (V, dictionary))
        products = W.T @ D
        atoms = list(itertools.product(range(C), *map(range, lengths)))
        for i, (c, *p) in enumerate(atoms):
            windows = tuple(
                (max(0, t // 2 - a), t - max(0, t // 2 - (n - 1 - a))) for a, n, t in zip(p, lengths, taps, strict=True)
            )
            for j, (d, *q) in enumerate(atoms):
                shift = tuple(b - a for a, b in zip(p, q, strict=True))
                if shift in shifts:
                    at = d * len(shifts) + shifts.index(shift)
                    assert abs(tables[windows][0][c, at] - products[i, j]) < 1e-9
                    seen[windows][at] = True
                else:
                    assert products[i, j] == 0
    for windows, (table, nonzero) in tables.items():
        if len(taps) == 1 or windows != tuple((0, t) for t in taps):
            assert not (nonzero & ~seen[windows]).any()
        own = np.zeros_like(table)
        own[np.arange(C), list(instance.own)] = 1
        same = next(m for m in known.parts if m._window == windows).of(layer).same
        assert np.abs(same - np.abs(own - table)).max() < 1e-7


def states(network: ConvolutionalNetwork, signal: np.ndarray) -> list[np.ndarray]:
    """The layers in float64, by the definition of atoms."""
    found, x = [], None
    for layer in network.layers:
        V, F = (ConvolutionalDictionary.of(a.astype(float), boundary="same") for a in (layer.analysis, layer.synthesis))
        x = np.zeros((network.shape[0], *signal.shape[1:])) if x is None else x
        v = x + V.analysis(signal - F.synthesis(x))
        t = layer.threshold.astype(float).reshape(-1, *[1] * len(network.stride))
        x = np.maximum(v - t, 0) - (0 if network.code == "nonnegative" else np.maximum(-v - t, 0))
        found.append(x)
    return found


@pytest.mark.parametrize(("name", "nonnegative"), [("series", False), ("series", True), ("plane", False)])
def test_no_code_has_a_greater_error_wherever_it_is_cut(name, nonnegative):
    result = certified(name, nonnegative)
    assert isinstance(result.answer, certificates.Accepted)
    claim = result.answer.claims[0]
    assert claim["sizes"] == "every length >= t"
    on, off = ([float(Fraction(b)) for b in claim[side]] for side in ("on", "off"))
    dictionary, nearest = result.dictionary, 0.0
    for add in (0, 3):
        lengths = tuple(t + add for t in dictionary.support)
        for place in itertools.product(range(dictionary.channels[0]), *map(range, lengths)):
            code = np.zeros((dictionary.channels[0], *lengths))
            code[place] = 1.0
            for k, state in enumerate(states(result.network, dictionary.synthesis(code))):
                error = np.abs(state - code)
                assert error[place] <= on[k]
                error[place] = 0
                assert error.max() <= off[k]
            nearest = max(nearest, float(np.abs(state - code).max()) / on[-1])
    assert nearest > 0.5  # attained nearly, by an atom that is cut
    for seed, lengths in enumerate((dictionary.support, tuple(5 * t for t in dictionary.support))):
        seen = result.observe(trials=4, seed=seed, lengths=lengths)
        assert all(a <= b for a, b in zip(seen.on, on, strict=True))


@pytest.mark.parametrize("name", SHAPES)
def test_the_module_pads_as_torch_does(name):
    result = certified(name)
    network, module = result.network, result.network.to_torch()
    random = np.random.default_rng(2)
    for add in (0, 1, 6):
        signal = random.standard_normal((network.shape[1], *(t + add for t in network.shape[2:]))).astype(np.float32)
        found = module(torch.tensor(signal)).numpy()
        assert np.abs(found - states(network, signal.astype(float))[-1]).max() < 1e-5
    with pytest.raises(InputError, match="a length of"):
        module(torch.zeros((network.shape[1], *(t - 1 for t in network.shape[2:]))))


def test_smaller_bounds_other_boundaries_and_other_rules_are_rejected():
    result = certified("series")
    content = json.loads(result.certificate.data)
    subjects = {"filters": filters_subject(result.dictionary), "network": filter_network_subject(result.network)}
    for name, at in (*(("on", k) for k in range(4)), ("linf", None)):
        edited = copy.deepcopy(content)
        for part in (edited["steps"][0]["evidence"], edited["claims"][0]["statement"]):
            values = part[name]
            less = str(Fraction(values if at is None else values[at]) * Fraction(9, 10))
            part[name] = less if at is None else [*values[:at], less, *values[at + 1 :]]
        edited["seal"] = seal(edited)
        answer = certificates.check(canonical(edited), **subjects)
        assert isinstance(answer, certificates.Rejected)
        assert answer.why.endswith("is not proved")
    # the bounds of the same filters that nothing cuts are smaller
    whole = result.dictionary.interior
    network = ConvolutionalNetwork(
        code=result.network.code, dtype=result.network.dtype, shape=result.network.shape, stride=(1,), boundary="full",
        layers=result.network.layers,
    )  # fmt: skip
    better = certify_convolutional_network(network, whole, sparsity=1, noise="1/100")
    assert better.promise.bounds.linf < result.promise.bounds.linf
    with pytest.raises(certificates.SubjectError, match="boundary same"):
        FilterNetworkInstance.of(filters_subject(whole), subjects["network"])
    with pytest.raises(certificates.SubjectError, match="not same"):
        FilterNetworkInstance.of(*subjects.values())


def test_the_weights_are_those_with_the_least_rate_at_the_ends():
    filters = np.random.default_rng(1).standard_normal((2, 3, 5))
    dictionary = ConvolutionalDictionary.of(filters, boundary="same")

    def rate(**weights) -> float:
        return build_convolutional(dictionary, sparsity=1, bound=1, noise=0, layers=1, **weights).rate

    assert rate() < 0.95 * min(rate(weights="dictionary"), rate(weights=convolutional_generalized(dictionary.interior)))


def test_bad_input_is_refused_in_one_line():
    edge = ConvolutionalDictionary.of([[[9.0, 1, 2]], [[-9, 1, 2]]], boundary="same")
    with pytest.raises(InputError, match="the boundary full, for codes on atoms that no end cuts"):
        build_convolutional(edge, sparsity=1, bound=1, noise=0, layers=2)
    network = certified("series").network
    layer = FilterLayer(
        **{k: np.ones((1, 1, 4), np.float32) for k in ("analysis", "synthesis")}, threshold=np.zeros(1, np.float32)
    )
    for stride in ((1,), (2,)):
        with pytest.raises(InputError, match="same has stride 1 and odd taps"):
            ConvolutionalNetwork(
                code=network.code, dtype=network.dtype, shape=(1, 1, 4), stride=stride, boundary="same", layers=(layer,)
            )  # fmt: skip
