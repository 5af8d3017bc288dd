"""Stored networks for chains: built, certified, run adversarially, and certificates that are edited."""

from __future__ import annotations

import copy
import json
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
import torch

import certificates
from certificates.format import canonical, seal
from verify.certify.check import as_subject
from verify.certify.deep_network import DeepNetworkCertificate, certify_deep_network
from verify.certify.network import as_network_subject
from verify.dictionaries.deep import DeepDictionary
from verify.dictionaries.dictionary import Dictionary
from verify.errors import ContradictionError, InputError
from verify.networks.build_deep import BuiltDeepNetwork, build_deep, deep_class
from verify.networks.deep_network import DeepNetwork, Method
from verify.networks.unrolled import Code, DType, StateLayer, UnrolledNetwork

torch.set_num_threads(1)
F = Fraction
HADAMARD = np.kron([[1, 1], [1, -1]], [[1, 1], [1, -1]]) / 2
FIRST = np.hstack([np.eye(4), HADAMARD])
SECOND = np.eye(8) + np.roll(np.eye(8), 1, axis=0) / 4
THIRD = np.diag([1, 2, 1, 0.5, 1, 1, 1, 1]) + np.roll(np.eye(8), 3, axis=0) / 16


def chain(*, deep: bool = False, first: np.ndarray = FIRST) -> DeepDictionary:
    parts = [first, SECOND, THIRD] if deep else [first, SECOND]
    return DeepDictionary.of([Dictionary.from_array(part) for part in parts], tolerances=[F(1, 1000)] * len(parts))


def tall(seed: int = 0) -> np.ndarray:
    """16 x 8: nearly orthogonal, so that two nonzeros are found."""
    return np.linalg.qr(np.random.default_rng(seed).standard_normal((16, 8)))[0] @ (np.eye(8) + 0.02)


@cache
def built(method: str, *, deep: bool = False, layers: int = 12) -> BuiltDeepNetwork:
    known = chain(deep=deep, first=tall())
    levels = (4, 2, 1) if deep else (2, 1)
    return build_deep(known, deep_class(known, levels, [1], F(1, 4)), method=method, layers=layers, dtype="float64")


@cache
def certified(method: str, *, deep: bool = False) -> DeepNetworkCertificate:
    found = built(method, deep=deep)
    return certify_deep_network(found.network, found.members)


@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("method", ["deepest-first", "layer-by-layer"])
def test_bounds_are_accepted_and_not_exceeded(method: str, deep: bool) -> None:
    result = certified(method, deep=deep)
    assert isinstance(result.answer, certificates.Accepted)
    kinds = [claim["kind"] for claim in result.answer.claims]
    assert kinds == ["deep-network-error", "deep-network-constants", "deep-refit-error", "deep-refit-constants"]
    seen = result.observe(trials=48)
    assert set(seen) == {Method(method), Method.refit}
    bound = result.bounds("deep-network-error", "l2")[-1]
    assert seen[Method(method)].l2[-1] > bound / 5, "the bound is near what is seen"
    assert result.bounds("deep-refit-error", "l2")[-1] < bound


def test_a_violated_bound_is_a_contradiction(monkeypatch: pytest.MonkeyPatch) -> None:
    result = certified("layer-by-layer")
    monkeypatch.setattr(DeepNetworkCertificate, "bounds", lambda *_: (F(0), F(0)))
    with pytest.raises(ContradictionError, match="code 1 was seen"):
        result.observe(trials=8)


@pytest.mark.parametrize("seed", range(8))
def test_any_networks_of_small_chains(seed: int) -> None:
    """Thresholds and weights at random: atoms off the support are active, and errors of one layer reach the next."""
    random = np.random.default_rng(seed)
    dims = [int(d) for d in random.integers(2, 5, size=3)]
    matrices = [random.normal(size=(dims[j], dims[j + 1])) * 0.7 + np.eye(dims[j], dims[j + 1]) for j in range(2)]
    tolerances = [F(int(random.integers(0, 20)), 100) for _ in range(2)]
    deep = DeepDictionary.of([Dictionary.from_array(m) for m in matrices], tolerances=tolerances)
    levels = [int(random.integers(1, d + 1)) for d in dims[1:]]
    spans = [matrices[0] @ matrices[1]] if seed % 2 else matrices
    network = DeepNetwork.of(deep, [_random_network(one, random, ("float32", "float64")[seed // 4]) for one in spans])
    result = certify_deep_network(network, deep_class(deep, levels, [1, F(3, 2)]))
    assert isinstance(result.answer, certificates.Accepted)
    result.observe(trials=64, seed=seed)


def _random_network(atoms: np.ndarray, random: np.random.Generator, dtype: str) -> UnrolledNetwork:
    m, n = atoms.shape
    weights = (atoms / (atoms**2).sum(axis=0)).T + random.normal(size=(n, m)) * 0.05
    state = np.eye(n) - weights @ atoms + random.normal(size=(n, n)) * 0.02
    layers = tuple(
        StateLayer(
            state=state.astype(dtype) if at else None,
            signal=weights.astype(dtype),
            threshold=(np.abs(random.normal(size=n)) * 0.1).astype(dtype),
        )
        for at in range(2)
    )
    return UnrolledNetwork(code=Code.signed, dtype=DType(dtype), shape=(m, n), layers=layers)


def test_the_shape_of_incoming_errors_is_used() -> None:
    """With the norm alone, which is what one dictionary knows of its noise, the second network has larger bounds."""
    found = built("layer-by-layer", deep=True)
    result = certified("layer-by-layer", deep=True)
    before = result.bounds("deep-network-error", "l2")[0]
    from verify.certify.network import certify_network

    plain = certify_network(
        found.network.networks[1],
        found.network.deep.dictionaries[1],
        sparsity=2,
        bound=1,
        noise=found.network.deep.tolerances[1] + before,
    )
    assert plain.claim is not None
    assert result.bounds("deep-network-error", "linf")[1] < F(str(plain.claim["linf"]))


def test_float_codes_are_exact_codes_within_rounding() -> None:
    for method in ("deepest-first", "layer-by-layer"):
        network = built(method, layers=3).network
        signal = np.random.default_rng(1).integers(-8, 8, 16) / 8.0
        exact = network.forward_exact(signal.tolist())
        found = network.to_torch()(torch.tensor(signal[None]))
        for a, b in zip(exact, found, strict=True):
            assert np.allclose([float(x) for x in a], b[0].double().numpy(), atol=1e-5)
        refit = network.refit_exact(signal.tolist(), exact[-1], F(0))
        again = network.to_torch(refit=True)(torch.tensor(signal[None]))
        for a, b in zip(refit, again, strict=True):
            assert np.allclose([float(x) for x in a], b[0].numpy(), atol=1e-9)


def test_constants_hold_for_the_built_network_and_more_noise() -> None:
    """Stored thresholds are those of the closed form, a little sharper: the recursion is below C_1 r^K + C_2 eps."""
    for method in ("deepest-first", "layer-by-layer"):
        result = certified(method)
        c_1, c_2, rate = (result.bounds("deep-network-constants", name) for name in ("C_1", "C_2", "rate"))
        errors = result.bounds("deep-network-error", "l2")
        for at in range(2):
            closed = c_1[at] * rate[at] ** 12 + c_2[at] / 1000
            assert errors[at] < closed * F(1001, 1000)
            assert closed < 3 * errors[at]


# --- edited certificates ---


def check(result: DeepNetworkCertificate, content: dict) -> certificates.Accepted | certificates.Rejected:
    unsealed = {name: value for name, value in content.items() if name != "seal"}
    network = result.network
    return certificates.check(
        canonical({**unsealed, "seal": seal(unsealed)}),
        dictionary=[as_subject(d) for d in network.deep.dictionaries],
        network=[as_network_subject(one) for one in network.networks],
    )


@cache
def _text(method: str) -> str:
    result = certified(method)
    assert result.certificate is not None
    return result.certificate.data.decode()


def content(method: str) -> dict:
    return json.loads(_text(method))


CLASS = ("bounds", "levels", "tolerances", "smallest")
SMALLER = ("l2", "linf", "on", "C_1", "C_2", "rate", "upper")


def _numbers(value: object, path: tuple = ()):
    if isinstance(value, list):
        for at, one in enumerate(value):
            yield from _numbers(one, (*path, at))
    else:
        yield path, value


def _edited(method: str, step: int, name: str, path: tuple, value: object) -> dict:
    """The same number edited in a step and in what is claimed of it."""
    found = content(method)
    for place in [found["steps"][step]["evidence"], *(c["statement"] for c in found["claims"] if c["step"] == step)]:
        if name not in place:
            continue
        if not path:
            place[name] = value
            continue
        part = place[name]
        for at in path[:-1]:
            part = part[at]
        part[path[-1]] = value
    return found


@pytest.mark.parametrize("method", ["deepest-first", "layer-by-layer"])
def test_smaller_bounds_and_greater_classes_are_rejected(method: str) -> None:
    result, tried = certified(method), 0
    assert isinstance(check(result, content(method)), certificates.Accepted)
    steps = content(method)["steps"]
    for step, known in enumerate(steps):
        if not known["rule"].startswith(("dsc", "spectral")):
            continue
        for name, value in known["evidence"].items():
            for path, number in _numbers(value):
                if name in SMALLER and F(number) > 0:
                    new = str(F(number) * F(7, 10) - (F(1, 20) if name == "rate" else 0))
                    if name == "on" and F(number) > F(1, 2) and path[-1] == 0:
                        new = str(F(number) / 4)
                    if name == "linf" and F(number) > 2 * F(known["evidence"].get("l2", value)[path[-1]]):
                        continue
                    edited = _edited(method, step, name, path, new if F(new) >= 0 else "-1")
                elif name in ("bounds", "tolerances"):
                    edited = _edited(method, step, name, path, str(F(number) * 3))
                elif name == "levels":
                    edited = _edited(method, step, name, path, number + 5)
                elif name == "decay":
                    edited = _edited(method, step, name, path, str(F(number) * 2 + 1))
                elif name == "smallest":
                    edited = _edited(method, step, name, path, "1/1000000")
                else:
                    continue
                answer = check(result, edited)
                tried += 1
                harmless = name in ("bounds",) and (known["rule"].endswith("constants") or method == "deepest-first")
                if isinstance(answer, certificates.Accepted):
                    assert harmless or _does_not_matter(known["rule"], name, path), (known["rule"], name, path)
    assert tried > 30


def _does_not_matter(rule: str, name: str, path: tuple) -> bool:
    """Deepest first, and for a refit, no code but the last has a level or a bound that errors depend on."""
    first = rule.startswith("dsc-deepest-first") or rule == "dsc-refit-constants"
    return first and name in ("levels", "bounds", "rate") and path == (0,)


@pytest.mark.parametrize("method", ["deepest-first", "layer-by-layer"])
def test_premises_are_about_the_right_products(method: str) -> None:
    result = certified(method)
    steps = content(method)["steps"]
    for step, known in enumerate(steps):
        if "about" in known:
            edited = content(method)
            edited["steps"][step]["about"] = [1, 2] if known["about"] != [1, 2] else [0, 1]
            assert isinstance(check(result, edited), certificates.Rejected), step
        if known["uses"]:
            edited = content(method)
            edited["steps"][step]["uses"] = known["uses"][::-1] if len(known["uses"]) > 1 else []
            assert isinstance(check(result, edited), certificates.Rejected), step
            edited = content(method)
            edited["steps"][step]["uses"] = known["uses"][:-1]
            assert isinstance(check(result, edited), certificates.Rejected), step


def test_other_networks_and_none_are_rejected() -> None:
    layers, whole = certified("layer-by-layer"), certified("deepest-first")
    data = canonical(content("layer-by-layer"))
    dictionaries = [as_subject(d) for d in layers.network.deep.dictionaries]
    networks = [as_network_subject(one) for one in layers.network.networks]
    other = [as_network_subject(one) for one in whole.network.networks]
    for given in ([], other):
        answer = certificates.check(data, dictionary=dictionaries, network=given)
        assert isinstance(answer, certificates.Rejected)
        assert "names 4 subjects" in answer.why
    for given, why in ((networks * 2, "4 were handed in"), (networks[::-1], "its place in the chain has shape")):
        with pytest.raises(certificates.SubjectError, match=why):
            certificates.check(data, dictionary=dictionaries, network=given)
    with pytest.raises(certificates.SubjectError, match="one dictionary has one network"):
        certificates.check(data, dictionary=dictionaries[0], network=networks)
    edited = content("layer-by-layer")
    edited["subjects"] = edited["subjects"][:2]
    edited["steps"][0]["rule"] = "dsc-deepest-first"
    answer = check(whole, copy.deepcopy(edited))
    assert isinstance(answer, certificates.Rejected)


def test_what_is_no_network_for_a_chain_is_refused() -> None:
    deep, found = chain(first=tall()), built("layer-by-layer")
    one, two = found.network.networks
    with pytest.raises(InputError, match="expected one network for the product"):
        DeepNetwork.of(deep, [one, two, two])
    with pytest.raises(InputError, match="its place in the chain has shape"):
        DeepNetwork.of(deep, [two, one])
    with pytest.raises(InputError, match="built for another dictionary"):
        DeepNetwork.of(chain(first=tall(1)), [one, two])
    leaky = DeepDictionary.of(deep.dictionaries, slopes=[1, F(1, 2)])
    with pytest.raises(InputError, match="slopes of 1"):
        DeepNetwork.of(leaky, [one, two])
    members = found.members
    with pytest.raises(InputError, match="method: expected one of"):
        build_deep(deep, members, method="best", layers=2)
    with pytest.raises(InputError, match="slopes of 1"):
        build_deep(leaky, members, layers=2)
    with pytest.raises(InputError, match="relu or leaky-relu"):
        build_deep(deep, members, layers=2, activation="gelu")
    with pytest.raises(InputError, match="the network for dictionary 1: sparsity"):
        build_deep(chain(), deep_class(chain(), (8, 1), [1]), layers=2, weights="dictionary")
    with pytest.raises(InputError, match="bound: expected one number, or 2"):
        deep_class(deep, (1, 1), [1, 1, 1])
    with pytest.raises(InputError, match="smallest: expected a number above 0"):
        deep_class(deep, (1, 1), [1], 0)
    with pytest.raises(InputError, match="signals: expected"):
        found.network.to_torch()(torch.zeros(1, 3))


def test_a_refit_that_may_miss_the_support_is_not_claimed() -> None:
    found = built("layer-by-layer")
    members = deep_class(found.network.deep, (2, 1), [1], F(1, 10**6))
    result = certify_deep_network(found.network, members)
    assert result.claim("deep-refit-error") is None
    assert "may be missed" in str(result.no_refit)
