"""Networks of convolutions: the rule against explicit matrices, dense networks, adversarial codes and edited files."""

from __future__ import annotations

import copy
import hashlib
import json
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest

import certificates
from certificates.format import canonical, seal
from certificates.networks import network_from_bytes
from certificates.rules.filter_network import FilterNetworkInstance
from certificates.rules.network_error import Asked, errors_of_layers, layer_errors
from certificates.rules.network_rounding import Arithmetic
from certificates.rules.stored_network import FORMATS, NetworkInstance, StoredNetwork
from certificates.subjects import dictionary_from_values
from verify.certify.check_convolutional import filters_subject
from verify.certify.convolutional_network import (
    ConvolutionalCertificate,
    certify_convolutional_network,
    filter_network_subject,
)
from verify.certify.network import as_network_subject
from verify.dictionaries.convolutional import ConvolutionalDictionary
from verify.networks.convolutional.build import build_convolutional
from verify.networks.convolutional.unrolled import ConvolutionalNetwork, FilterLayer
from verify.networks.unrolled import ResidualLayer, UnrolledNetwork

BITS = 160
CASES = [
    ((2, 2, 4), (1,), "full"),
    ((3, 3, 5), (2,), "circular"),
    ((2, 2, 3, 2), (1, 1), "full"),
    ((2, 2, 3, 3), (2, 1), "circular"),
]


@cache
def made(
    shape: tuple[int, ...], stride: tuple[int, ...], boundary: str, nonnegative: bool = False
) -> tuple[ConvolutionalDictionary, ConvolutionalNetwork]:
    """Filters that are nearly single taps, and a network with weights that are not the filters."""
    random = np.random.default_rng(sum(shape))
    F = random.integers(-8, 9, size=shape) / 256
    for c in range(shape[0]):
        F[(c, c % shape[1], *([c % 2] * len(stride)))] += 1
    dictionary = ConvolutionalDictionary.of(F, stride=stride, boundary=boundary)
    built = build_convolutional(
        dictionary, sparsity=2, bound=1, noise="1/100", layers=4, weights="dictionary", nonnegative=nonnegative
    )
    return dictionary, built.network


@cache
def certified(case: int, nonnegative: bool = False) -> ConvolutionalCertificate:
    dictionary, network = made(*CASES[case], nonnegative)
    return certify_convolutional_network(network, dictionary, sparsity=2, noise="1/100")


def asked(sparsity: int) -> Asked:
    return Asked(sparsity, Fraction(1), Fraction(1, 100), Arithmetic.of("ieee", FORMATS["float32"]), BITS, [], [])


def central(dictionary: ConvolutionalDictionary) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Code lengths at which a whole stripe is seen, and the position in the middle."""
    lengths = tuple(max(2 * r + 1, least) for r, least in zip(dictionary.reach, dictionary.least_code, strict=True))
    return lengths, tuple(dictionary.reach)


@pytest.mark.parametrize("case", CASES)
def test_columns_are_those_of_the_matrix_of_all_shifts_under_the_taps_of_an_atom(case):
    dictionary, network = made(*case)
    instance = FilterNetworkInstance.of(filters_subject(dictionary), filter_network_subject(network))
    lengths, middle = central(dictionary)
    C, M = dictionary.channels
    whole = np.asarray(dictionary.matrix(lengths).real, dtype=float).reshape(
        M, *dictionary.signal_lengths(lengths), C, *lengths
    )
    for axis, (p, s, t) in enumerate(zip(middle, dictionary.stride, dictionary.support, strict=True), 1):
        whole = np.take(whole, range(p * s, p * s + t), axis=axis)
    for axis, (p, r) in enumerate(zip(middle, dictionary.reach, strict=True), len(dictionary.stride) + 2):
        whole = np.take(whole, range(p - r, p + r + 1), axis=axis)
    wanted = whole.reshape(instance.network.m, instance.network.n).T
    assert (np.array(instance.atoms(8).vectors) / 256 == wanted).all()
    stored = instance.synthesis(instance.network.tensors["synthesis.0"], 8)
    assert (np.array(stored.vectors) / 256 == wanted).all()
    assert not np.any(instance.atoms(8, instance.network.tensors["synthesis.0"]).vectors)
    assert [wanted[at].tolist() for at in instance.own] == [
        dictionary.filters[c].astype(float).ravel().tolist() for c in range(C)
    ]
    assert [instance.kinds[at] for at in instance.own] == list(range(C))
    mirrored = np.array(instance.atoms(8).vectors).reshape(C, -1, instance.network.m)[:, ::-1] / 256
    assert (mirrored.reshape(wanted.shape) != wanted).any()  # the other sign of shifts would be seen


@pytest.mark.parametrize("nonnegative", [False, True])
def test_where_atoms_do_not_meet_the_rule_is_that_for_a_dictionary(nonnegative):
    dictionary, network = made((3, 3, 2, 2), (2, 2), "full", nonnegative)
    instance = FilterNetworkInstance.of(filters_subject(dictionary), filter_network_subject(network))
    columns = dictionary.filters.reshape(3, -1).T
    layers = tuple(
        ResidualLayer(
            analysis=np.ascontiguousarray(layer.analysis.reshape(3, -1).T),
            synthesis=np.ascontiguousarray(layer.synthesis.reshape(3, -1).T),
            threshold=layer.threshold,
        )
        for layer in network.layers
    )
    dense = UnrolledNetwork(code=network.code, dtype=network.dtype, shape=(12, 3), layers=layers)
    other = NetworkInstance.of(dictionary_from_values(columns.tolist()), as_network_subject(dense))
    for level in (1, 3):
        first = [(e.above, e.below, e.off) for e in errors_of_layers(instance, asked(level))]
        assert first == [(e.above, e.below, e.off) for e in layer_errors(other, asked(level))]


def run_exactly(network: ConvolutionalNetwork, case: int, signal: np.ndarray) -> list[np.ndarray]:
    """The layers in float64, by products with the taps as the definition says."""
    _, stride, boundary = CASES[case]
    D = [
        [ConvolutionalDictionary.of(a.astype(float), stride=stride, boundary=boundary) for a in (x.analysis, x.synthesis)]
        for x in network.layers
    ]  # fmt: skip
    x: Any = np.zeros_like(D[0][0].analysis(signal))
    states = []
    for layer, (V, F) in zip(network.layers, D, strict=True):
        v = x + V.analysis(signal - F.synthesis(x))
        t = layer.threshold.astype(float).reshape(-1, *[1] * len(stride))
        x = np.maximum(v - t, 0) - (0 if network.code == "nonnegative" else np.maximum(-v - t, 0))
        states.append(x)
    return states


@pytest.mark.parametrize("nonnegative", [False, True])
@pytest.mark.parametrize("case", range(len(CASES)))
def test_no_code_of_the_class_has_a_greater_error_however_many_nonzeros_it_has(case, nonnegative):
    result = certified(case, nonnegative)
    assert isinstance(result.answer, certificates.Accepted)
    dictionary, claim = result.dictionary, result.answer.claims[0]
    assert claim["sizes"] == ("every" if dictionary.boundary == "full" else "every period >= 2t-1")
    least = dictionary.least_code
    for seed, add in enumerate((0, 3, 60 if len(least) == 1 else 14)):
        lengths = tuple(n + add for n in least)
        seen = result.observe(trials=4, seed=seed, lengths=lengths)
        assert all(a <= Fraction(b) for a, b in zip(seen.on, claim["on"], strict=True))
        assert all(a <= Fraction(b) for a, b in zip(seen.off, claim["off"], strict=True))
    assert seen.nonzeros > 4 * result.promise.codes.sparsity
    # the worst signs for one atom, on a long code with many more nonzeros far away, attain nearly what is proved
    lengths = tuple(8 * r + 4 for r in dictionary.reach)
    atoms = np.asarray(dictionary.matrix(lengths).real, dtype=float)
    weights = np.asarray(
        ConvolutionalDictionary.of(
            result.network.layers[0].analysis.astype(float), stride=dictionary.stride, boundary=dictionary.boundary.value
        ).matrix(lengths).real, dtype=float,
    )  # fmt: skip
    products = weights.T @ atoms
    middle = dictionary.atom_index(0, tuple(n // 2 for n in lengths), lengths)
    row = products[middle].copy()
    row[middle] = 0
    row = np.maximum(0, -row) if nonnegative else np.abs(row)
    other = int(np.argmax(row))
    code = np.zeros(atoms.shape[1])
    code[middle], code[other] = 1, -1 if products[middle, other] > 0 else 1
    if nonnegative:
        code[other] = 1
    states = run_exactly(result.network, case, (atoms @ code).reshape(-1, *dictionary.signal_lengths(lengths)))
    errors = [np.abs(s - code.reshape(s.shape)).max() for s in states]
    assert all(e <= Fraction(b) for e, b in zip(errors, claim["on"], strict=True))
    assert errors[0] > 0.4 * float(Fraction(claim["on"][0]))


def test_a_flipped_or_shifted_weight_promises_nothing():
    dictionary, network = made(*CASES[0])
    good = certified(0)
    assert not good.promises_nothing
    for wrong in (network.layers[0].analysis[..., ::-1], np.roll(network.layers[0].analysis, 1, axis=-1)):
        V = np.ascontiguousarray(wrong)
        layers = tuple(
            FilterLayer(analysis=V, synthesis=layer.synthesis, threshold=layer.threshold) for layer in network.layers
        )
        other = ConvolutionalNetwork(
            code=network.code, dtype=network.dtype, shape=network.shape, stride=network.stride,
            boundary=network.boundary, layers=layers,
        )  # fmt: skip
        assert certify_convolutional_network(other, dictionary, sparsity=2).promises_nothing
        data = good.certificate.data
        answer = certificates.check(data, filters=filters_subject(dictionary), network=filter_network_subject(other))
        assert isinstance(answer, certificates.Rejected)
        assert "another network" in answer.why


def test_every_number_of_the_evidence_is_proved_or_refused():
    result = certified(3)
    content = json.loads(result.certificate.data)
    subjects = {"filters": filters_subject(result.dictionary), "network": filter_network_subject(result.network)}

    def answer(change: Any) -> Any:
        edited = copy.deepcopy(content)
        step, claim = edited["steps"][0]["evidence"], edited["claims"][0]["statement"]
        change(step)
        for name in claim:
            claim[name] = copy.deepcopy(step.get(name, claim[name]))
        edited["seal"] = seal(edited)
        return certificates.check(canonical(edited), **subjects)

    assert isinstance(answer(lambda step: None), certificates.Accepted)

    def scaled(name: str, factor: Fraction, at: int | None) -> Any:
        def change(step: dict[str, Any]) -> None:
            if at is None:
                step[name] = str(Fraction(step[name]) * factor)
            else:
                step[name][at] = str(Fraction(step[name][at]) * factor)

        return change

    places: list[tuple[str, int | None]] = [("on", at) for at in range(4)]
    for name, at in [*places, ("linf", None)]:
        found = answer(scaled(name, Fraction(9, 10), at))
        assert isinstance(found, certificates.Rejected), (name, at)
        assert found.why.endswith("is not proved")
        assert isinstance(answer(scaled(name, Fraction(11, 10), at)), certificates.Accepted)
    for name in ("bound", "noise"):
        assert isinstance(answer(scaled(name, Fraction(11, 10), None)), certificates.Rejected)
        assert isinstance(answer(scaled(name, Fraction(9, 10), None)), certificates.Accepted)
    for name, value in (
        ("sparsity", 3), ("sparsity", 0), ("sparsity", result.network.stripe + 1), ("arithmetic", "bf16"),
        ("bits", 2001), ("bits", 1), ("on", []), ("bound", "-1"), ("noise", "-1"), ("linf", None), ("off", ["-1"] * 4),
    ):  # fmt: skip
        assert isinstance(answer(lambda step, n=name, v=value: step.update({n: v})), certificates.Rejected), name
    for name in list(content["steps"][0]["evidence"]):
        assert isinstance(answer(lambda step, n=name: step.pop(n)), certificates.Rejected), name
    for name in ("nonnegative", "sizes", "kind"):
        edited = copy.deepcopy(content)
        edited["claims"][0]["statement"][name] = "every" if name == "sizes" else True
        edited["seal"] = seal(edited)
        assert isinstance(certificates.check(canonical(edited), **subjects), certificates.Rejected)
    alone = certificates.check(result.certificate.data, filters=subjects["filters"])
    assert isinstance(alone, certificates.Rejected)


EDITS: list[tuple[str, Any, str]] = [
    ("kind", "unrolled", "other fields"),
    ("schema", 2, "schema 1"),
    ("boundary", "other", "boundary is not full, circular or same"),
    ("boundary", "circular", "boundary"),
    ("stride", [2], "stride"),
    ("stride", [1, 1], "stride"),
    ("stride", [0], "stride"),
    ("shape", [2, 2], "shape is not"),
    ("shape", [2, 4, 2], "shape"),
    ("activation", {"name": "leaky-relu", "slope": "1/2"}, "is not relu"),
    ("layers", [{"signal": "analysis.0", "state": None, "threshold": "threshold.0"}], "other tensors"),
    ("layers", [], "layers is not"),
    ("tensors_sha256", "0" * 64, "digest differs"),
    ("dtype", "float64", "type F64"),
    ("code", "any", "code is not"),
]


@pytest.mark.parametrize(("name", "value", "words"), EDITS)
def test_an_edited_network_is_no_subject_or_another(name, value, words):
    dictionary, network = made(*CASES[0])
    files = network.files
    fields = {**json.loads(files.description), name: value}
    with pytest.raises(certificates.SubjectError, match=words):
        FilterNetworkInstance.of(filters_subject(dictionary), network_from_bytes(files.tensors, canonical(fields)))


def test_networks_and_subjects_of_the_other_kind():
    dictionary, network = made(*CASES[0])
    filters, stored = filters_subject(dictionary), filter_network_subject(network)
    with pytest.raises(certificates.SubjectError, match="of kind convolutional"):
        certificates.check(b"", dictionary=[[1, 2], [3, 4]], network=stored)
    dense = UnrolledNetwork(
        code=network.code, dtype=network.dtype, shape=(1, 2),
        layers=(ResidualLayer(*[], **{n: np.ones((1, 2), np.float32) for n in ("analysis", "synthesis")},
                              threshold=np.zeros(2, np.float32)),),
    )  # fmt: skip
    subject = as_network_subject(dense)
    assert isinstance(subject, StoredNetwork)
    with pytest.raises(certificates.SubjectError, match="of kind unrolled"):
        certificates.check(b"", filters=filters, network=subject)
    with pytest.raises(certificates.SubjectError, match="a network for filters is a path"):
        certificates.check(b"", filters=filters, network=3)
    with pytest.raises(certificates.SubjectError, match="alone, or with a network"):
        certificates.check(b"", filters=filters, dictionary=[[1, 2], [3, 4]])
    assert hashlib.sha256(network.files.canonical).hexdigest() == stored.digest == network.digest
