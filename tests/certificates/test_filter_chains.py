"""Chains of filters and their networks: the rules against explicit matrices, adversarial codes and edited files."""

from __future__ import annotations

import copy
import json
import math
from fractions import Fraction
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import pytest
import torch

import certificates
from certificates.format import canonical, seal
from certificates.rules.filter_chain import FilterChain
from certificates.rules.filter_chain_bounds import image_error
from certificates.rules.filter_chain_class import Claimed
from certificates.rules.filter_network import FilterNetworkInstance
from certificates.rules.network_layers import Errors
from certificates.rules.values import Reject
from verify.certify.convolutional_chain import ChainCertificate, certify_chain_network, chain_subjects
from verify.certify.convolutional_network import filter_network_subject
from verify.certify.deep_network import certify_deep_network
from verify.dictionaries.convolutional import ConvolutionalDictionary
from verify.dictionaries.convolutional_chain import ConvolutionalChain
from verify.dictionaries.deep import DeepDictionary
from verify.facts.convolutional.stripes import stripe_sparsity
from verify.networks.convolutional.build import build_convolutional
from verify.networks.convolutional.build_chain import build_chain
from verify.networks.deep_bounds import DeepClass
from verify.networks.deep_network import DeepNetwork
from verify.networks.unrolled import ResidualLayer, UnrolledNetwork

of = ConvolutionalDictionary.of
CASES = {
    "layers": ("layer-by-layer", (2, 2, 4), (1,), "full", [3, 1], ["1/100", "0"]),
    "circular-layers": ("layer-by-layer", (2, 2, 2, 2), (1, 1), "circular", [3, 1], ["1/100", "0"]),
    "strided-product": ("deepest-first", (2, 2, 4), (2,), "full", [2], ["1/100", "1/1000"]),
    "product": ("deepest-first", (2, 2, 2, 2), (1, 1), "circular", [2], ["1/100", "1/1000"]),
}
APART = {"layers": (6,), "circular-layers": (3, 3), "strided-product": (3,), "product": (3, 5)}
"""How far apart nonzeros of x_J are, so that all codes are of the class."""


@cache
def chain(name: str) -> ConvolutionalChain:
    """Nearly single taps first; then one filter with a tap in each of two channels."""
    _, shape, stride, boundary, _, tolerances = CASES[name]
    first = np.random.default_rng(1).integers(-8, 9, shape) / 512
    second = np.zeros((1, 2, *[2] * len(stride)))
    none, last = (0,) * len(stride), (1,) * len(stride)
    for c in range(2):
        first[(c, c, *none)] += 1
    second[(0, 0, *none)], second[(0, 1, *last)] = 1, 0.5
    return ConvolutionalChain.of(
        [of(first, stride=stride, boundary=boundary), of(second, boundary=boundary)],
        tolerances=[Fraction(e) for e in tolerances],
    )


@cache
def certified(name: str, arithmetic: str = "ieee") -> ChainCertificate:
    method, levels = CASES[name][0], CASES[name][4]
    built = build_chain(chain(name), levels, ["1"], method=method, layers=4, weights="dictionary")
    return certify_chain_network(built.network, built.members, arithmetic=arithmetic)


def subjects(name: str) -> dict[str, Any]:
    result = certified(name)
    return {
        "filters": chain_subjects(chain(name)),
        "network": [filter_network_subject(one) for one in result.network.networks],
    }


def test_products_are_those_of_the_matrices_and_have_digests():
    random = np.random.default_rng(0)
    made = ConvolutionalChain.of(
        [
            of(random.standard_normal((2, 1, 2, 3)), stride=(1, 2)),
            of(random.integers(-3, 4, (3, 2, 2, 1)) + 0.5, stride=(2, 1)),
            of(random.standard_normal((2, 3, 1, 2))),
        ]
    )
    theirs = FilterChain.of(chain_subjects(made))
    for i, j in combinations(range(4), 2):
        product, work = theirs.product(i, j, 10**12)
        assert product.digest == made.product(i, j).digest
        assert (work > 0) == (j - i > 1)
        assert theirs.product(i, j, 0) == (product, 0)
    with pytest.raises(Reject, match="over the work limit"):
        FilterChain.of(theirs.filters).product(0, 2, 10)
    for start, end in ((1, 1), (0, 4), (2, 1)):
        with pytest.raises(Reject, match="about is not"):
            theirs.product(start, end, 1)


def test_what_is_no_chain_or_no_product():
    F = certificates.Filters.of
    one, two = F([1, 2], (1, 1, 2), (1,), "full"), F([1, 2], (2, 1, 1), (1,), "full")
    same, around = F([1, 2, 1], (1, 1, 3), (1,), "same"), F([1, 2], (1, 1, 2), (1,), "circular")
    for filters, words in (
        ([one], "at least two"), ([two, one], "filters 1 have 1 channels, and there are 2 before"),
        ([one, F([1], (1, 1, 1, 1), (1, 1), "full")], "filters 1 have 2 axes of taps, and the ones before 1"),
    ):  # fmt: skip
        with pytest.raises(certificates.SubjectError, match=words):
            FilterChain.of(filters)
    for filters in ([one, around], [same, same]):
        with pytest.raises(Reject, match="for their boundaries"):
            FilterChain.of(filters).product(0, 2, 10**9)
    with pytest.raises(Reject, match="filter 0 is zero"):
        FilterChain.of([F([1, 1], (2, 1, 1), (1,), "full"), F([1, -1], (1, 2, 1), (1,), "full")]).product(0, 2, 10**9)
    for filters in ([same, F([3], (1, 1, 1), (1,), "full")], [F([3], (1, 1, 1), (1,), "full"), same]):
        assert FilterChain.of(filters).product(0, 2, 10**9)[0].boundary == "same"
    with pytest.raises(certificates.SubjectError, match="2 arrays of filters has one network for their product or 2"):
        result = certified("layers")
        network = filter_network_subject(result.network.networks[0])
        certificates.check(b"", filters=subjects("layers")["filters"], network=[network] * 3)


def dense(name: str, last: tuple[int, ...]) -> tuple[DeepNetwork, DeepClass]:
    """The matrices of one size, and the same networks as dense ones."""
    made, result = chain(name), certified(name)
    lengths = made.signal_lengths(last)
    matrices = [d.matrix(n) for d, n in zip(made.dictionaries, lengths[1:], strict=True)]
    networks: list[UnrolledNetwork] = []
    for network, matrix, size in zip(result.network.networks, matrices, lengths[1:], strict=True):
        layers: list[ResidualLayer] = []
        for layer in network.layers:
            parts = {
                part: of(array.astype(float), stride=network.stride, boundary=network.boundary)
                .matrix(size).real.astype(array.dtype)
                for part, array in (("analysis", layer.analysis), ("synthesis", layer.synthesis))
            }  # fmt: skip
            threshold = np.repeat(layer.threshold, math.prod(size))
            layers.append(ResidualLayer(**parts, threshold=threshold))
        networks.append(
            UnrolledNetwork(code=network.code, dtype=network.dtype, shape=matrix.shape, layers=tuple(layers))
        )
    deep = DeepDictionary.of(matrices, tolerances=made.tolerances)
    members = DeepClass(levels=result.members.levels, bounds=result.members.bounds, smallest=None)
    return DeepNetwork.of(deep, networks), members


def test_at_one_size_the_rule_for_matrices_gives_no_more():
    found = certify_deep_network(*dense("layers", (2,)))
    assert isinstance(found.answer, certificates.Accepted)
    for ours, theirs in zip(certified("layers").linf, found.bounds("deep-network-error", "linf"), strict=True):
        assert ours / 4 < theirs <= ours * Fraction(1 + 2**-19)


def deep_codes(name: str, random: np.random.Generator, *, aligned: bool) -> list[np.ndarray]:
    """Codes of the class with as many nonzeros as their layers allow on a grid, and noise as large as its class."""
    made, result = chain(name), certified(name)
    last = result.network.dictionaries[-1]
    apart = APART[name]
    lengths = tuple(6 * step + 1 for step in apart)
    code = np.zeros((1, *lengths))
    slots = tuple(slice(None, 6 * step, step) for step in apart)
    code[(0, *slots)] = random.choice([-1.0, 1.0], code[(0, *slots)].shape)
    assert stripe_sparsity(last, code).largest <= result.members.levels[-1]
    codes = made.layers_of(code)
    if len(result.network.networks) > 1:
        assert stripe_sparsity(made.dictionaries[0], codes[1]).largest <= result.members.levels[0]
        assert np.abs(codes[1]).max() <= 1
    size = float(made.tolerances[0]) * (1 - 1e-6)
    if aligned:  # along a filter, so that an analysis sees all of it, and in patches that do not meet
        noise = np.zeros(codes[0].shape)
        first = made.dictionaries[0]
        places = np.zeros((2, *codes[1].shape[1:]))
        kept = tuple(slice(None, n - n % (2 * r + 1), 2 * r + 1) for n, r in zip(
            places.shape[1:], first.reach, strict=True
        ))  # fmt: skip
        places[(0, *kept)] = random.choice([-1.0, 1.0], places[(0, *kept)].shape)
        noise = first.synthesis(places)
    else:
        noise = random.standard_normal(codes[0].shape)
    squares = (noise**2).sum(axis=0)
    for axis, t in enumerate(made.dictionaries[0].support):
        pad = [(0, 0)] * squares.ndim
        pad[axis] = (t - 1, t - 1)
        squares = np.lib.stride_tricks.sliding_window_view(np.pad(squares, pad, mode="wrap"), t, axis=axis).sum(-1)
    codes[0] = codes[0] + noise * size / np.sqrt(squares.max())
    return codes


@pytest.mark.parametrize("name", CASES)
def test_bounds_are_not_exceeded_by_codes_with_many_nonzeros(name):
    result, random = certified(name), np.random.default_rng(2)
    module = result.network.to_torch()
    worst = np.zeros(2)
    for at in range(6):
        codes = deep_codes(name, random, aligned=at % 2 == 0)
        assert np.count_nonzero(codes[-1]) == 6 ** len(APART[name]) > 2 * result.members.levels[-1]
        found = module(torch.tensor(codes[0].astype(np.float32)))
        errors = [np.abs(a.double().numpy() - b).max() for a, b in zip(found, codes[1:], strict=True)]
        assert all(error <= bound for error, bound in zip(errors, result.linf, strict=True))
        worst = np.maximum(worst, errors)
    assert worst[-1] > 0.3 * result.linf[-1]
    assert isinstance(result.answer, certificates.Accepted)


def edited(content: dict, change) -> bytes:
    made = copy.deepcopy(content)
    del made["seal"]
    change(made)
    made["seal"] = seal(made)
    return canonical(made)


@pytest.mark.parametrize(
    ("name", "arithmetic"), [("layers", "ieee"), ("strided-product", "ieee"), ("strided-product", "tf32")]
)
def test_edited_claims_are_rejected_and_weaker_ones_accepted(name, arithmetic):
    result, given = certified(name, arithmetic), subjects(name)
    content = json.loads(result.certificate.data)

    def answer(change) -> object:
        def both(made: dict) -> None:
            for fields in (made["steps"][0]["evidence"], made["claims"][0]["statement"]):
                change(fields)

        return certificates.check(edited(content, both), **given)

    def scaled(key: str, place: tuple[int, ...], factor: Fraction):
        def change(fields: dict) -> None:
            values = fields[key]
            for at in place[:-1]:
                values = values[at]
            values[place[-1]] = str(Fraction(values[place[-1]]) * factor)

        return change

    up, down = Fraction(101, 100), Fraction(99, 100)
    last = len(result.network.networks) - 1
    for key, place in (("linf", (0,)), ("linf", (1,)), ("on", (last, 3)), ("on", (0, 0))):
        assert isinstance(answer(scaled(key, place, down)), certificates.Rejected), (key, place)
        assert isinstance(answer(scaled(key, place, up)), certificates.Accepted), (key, place)
    for key, place in (("bounds", (last,)), ("tolerances", (0,))):
        assert isinstance(answer(scaled(key, place, up)), certificates.Rejected), key
        assert isinstance(answer(scaled(key, place, down)), certificates.Accepted), key
    assert isinstance(answer(lambda f: f.update(tolerances=[f["tolerances"][0], "1"])), certificates.Rejected)
    levels = result.members.levels
    for key, value in (
        ("levels", [level + 1 for level in levels]), ("levels", [0] * len(levels)), ("levels", [99] * len(levels)),
        ("levels", []), ("bits", 2001), ("bits", 1), ("on", []), ("on", [["1"]] * len(levels)), ("off", ["1"]),
        ("bounds", ["-1"] * len(levels)), ("bounds", []), ("tolerances", ["0"]), ("linf", ["1"]),
        ("arithmetic", "bf16"), ("arithmetic", "exact"),
    ):  # fmt: skip
        assert isinstance(answer(lambda f, k=key, v=value: f.update({k: v})), certificates.Rejected), key
    for key, value in (("sizes", ["other"]), ("theorem", "other"), ("kind", "other")):
        one = edited(content, lambda made, k=key, v=value: made["claims"][0]["statement"].update({k: v}))
        assert isinstance(certificates.check(one, **given), certificates.Rejected), key


def test_other_subjects_rules_and_places_are_rejected():
    given, product = subjects("layers"), subjects("strided-product")
    data = certified("layers").certificate.data
    content = json.loads(data)
    first, second = given["filters"]
    networks = given["network"]

    def why(certificate: bytes, **handed: Any) -> str:
        answer = certificates.check(certificate, **handed)
        assert isinstance(answer, certificates.Rejected)
        return answer.why

    assert "2 were handed in" in why(data, filters=[first, second])
    assert "digest differs" in why(data, filters=product["filters"], network=networks)
    assert "another network: the shape differs" in why(data, filters=given["filters"], network=networks[::-1])

    def retold(rule: str, about: list[int] | None, evidence: object = None, count: int = 4) -> bytes:
        def change(made: dict) -> None:
            step = made["steps"][0]
            step["rule"] = rule
            if about is not None:
                step["about"] = about
            if evidence is not None:
                step["evidence"] = evidence
            made["subjects"] = made["subjects"][:count]

        return edited(content, change)

    assert "whole chain" in why(retold("dsc-filters-layer-by-layer", [0, 1]), **given)
    assert "no such rule about a chain of filters" in why(retold("filter-network-error", None), **given)
    assert "about is not a pair" in why(retold("filter-norms", None), **given)
    assert "about is not a pair" in why(retold("filter-norms", [0, 1, 2]), **given)
    assert "about is not [i, j]" in why(retold("filter-norms", [0, 3]), **given)
    assert "derives something else" in why(retold("filter-norms", [0, 2], {}), **given)
    assert "about 1 networks, and 2 were" in why(retold("dsc-filters-deepest-first", None), **given)
    none = {"filters": given["filters"]}
    assert "about 2 networks, and 0 were" in why(retold("dsc-filters-layer-by-layer", None, count=2), **none)
    swapped = edited(content, lambda made: made["subjects"].__setitem__(slice(2, 4), made["subjects"][3:1:-1]))
    assert "network 0: the network is for filters of shape" in why(
        swapped, filters=given["filters"], network=networks[::-1]
    )
    alone = certificates.check(retold("filter-product", None, {}, 1), filters=first)
    assert isinstance(alone, certificates.Rejected)
    with pytest.raises(certificates.SubjectError, match="need a stride"):
        certificates.check(data, filters="F.npy")


def test_networks_of_other_codes_and_products_that_may_overflow_are_rejected():
    made = chain("layers")
    networks = [
        build_convolutional(
            one, sparsity=1, bound=1, noise=0, layers=4, weights="dictionary", nonnegative=nonnegative
        ).network
        for one, nonnegative in zip(made.dictionaries, (True, False), strict=True)
    ]
    given = [filter_network_subject(one) for one in networks]

    def named(content: dict) -> None:
        for subject, network in zip(content["subjects"][2:], given, strict=True):
            subject["digest"] = network.digest

    content = json.loads(certified("layers").certificate.data)
    found = certificates.check(edited(content, named), filters=subjects("layers")["filters"], network=given)
    assert isinstance(found, certificates.Rejected)
    assert found.why == "this rule is for networks of signed codes"
    whole = FilterNetworkInstance.of(subjects("layers")["filters"][0], filter_network_subject(networks[0]))
    claimed = Claimed([1], [Fraction(2**64)], [], "ieee", 8, [], [], [])
    none, large = Errors([0], [0], [0]), certificates.Filters.of([2**62], (1, 1, 1), (1,), "full")
    with pytest.raises(Reject, match=r"a product with D\[j:J\] may overflow"):
        image_error(claimed, whole, large, none)
    assert image_error(claimed, whole, certificates.Filters.of([1], (1, 1, 1), (1,), "full"), none) > 0
