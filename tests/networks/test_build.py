"""Networks built from a dictionary: planned bounds hold, rounding is respected, bad wishes are refused."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
import torch

from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.sources import load
from verify.errors import InputError
from verify.facts.measure import measure
from verify.networks.activations import Activation
from verify.networks.build import BuiltNetwork, build_unrolled
from verify.networks.exact_forward import exact_forward
from verify.networks.layer_matrices import NetworkMatrices
from verify.networks.plan import Planner, rounded_up
from verify.networks.unrolled import DType, ResidualLayer, UnrolledNetwork
from verify.networks.weights import network_weights, rates

HADAMARD = load("builtin:identity-hadamard:16")
"""Atoms as given have norms 1 and 4; mu = 1/4."""


def random_dictionary(m: int = 6, n: int = 10, seed: int = 3) -> Dictionary:
    """A dictionary whose atoms have norms from 1/2 to 2."""
    random = np.random.default_rng(seed)
    atoms = random.standard_normal((m, n))
    return Dictionary.from_array(atoms / np.linalg.norm(atoms, axis=0) * 2.0 ** random.uniform(-1, 1, n))


def hard_cases(built: BuiltNetwork, dictionary: Dictionary, *, many: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Codes of the class with entries of +-B, or smaller, and their noisy signals, rounded to the network's dtype."""
    random = np.random.default_rng(0)
    (m, n), s = built.network.shape, built.codes.sparsity
    atoms = np.asarray(dictionary.real, dtype=float)
    codes = np.zeros((many, n))
    low = 0 if built.network.code == "nonnegative" else -1
    for row in codes:
        row[random.choice(n, s, replace=False)] = random.choice([low, 1, 0.5], s)
    codes *= float(built.codes.bound)
    noise = random.standard_normal((many, m))
    noise *= float(built.codes.noise) * (1 - 1e-9) / np.linalg.norm(noise, axis=1, keepdims=True)
    return codes, (codes @ atoms.T + noise).astype(built.network.dtype.value)


CASES: list[dict[str, Any]] = [
    {},
    {"noise": "0.01"},
    {"form": "state"},
    {"form": "residual"},
    {"dtype": "float64", "noise": 0, "layers": 60},
    {"dtype": "float32", "noise": 0, "layers": 60},
    {"nonnegative": True},
    {"activation": "leaky-relu"},
    {"activation": "silu"},
    {"activation": "softplus", "nonnegative": True},
    {"bound": 1000, "sparsity": 1},
]


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("name", ["hadamard", "random"])
def test_planned_bounds_hold_for_every_layer(name: str, case: dict[str, Any]) -> None:
    dictionary = HADAMARD if name == "hadamard" else random_dictionary()
    wishes = {"sparsity": 2 if name == "hadamard" else 1, "bound": 1, "noise": "1e-3", "layers": 20} | case
    built = build_unrolled(dictionary, weights="dictionary", **wishes)
    codes, signals = hard_cases(built, dictionary)
    with torch.no_grad():
        layers = built.network.to_torch().layers_of(torch.from_numpy(signals))
    assert len(layers) == len(built.plan.on) == wishes["layers"]
    for computed, on, off in zip(layers, built.plan.on, built.plan.off, strict=True):
        gap = np.abs(computed.numpy().astype(float) - codes)
        assert gap[codes != 0].max() <= on
        assert gap[codes == 0].max() <= off
    if built.network.activation.name == "relu":
        assert not any(built.plan.off)
    assert built.plan.linf[-1] < 0.5 * float(built.codes.bound)


def test_one_nonzero_attains_the_rate_in_exact_arithmetic() -> None:
    simplex = Dictionary.from_array([[3, 0, 3], [0, 5, 4]])  # mu = 4/5
    built = build_unrolled(simplex, sparsity=1, bound=1, noise=0, layers=6, dtype="float64", weights="dictionary")
    worst = [0.0] * 6
    for atom, sign in product(range(3), (1, -1)):
        code = [Fraction(sign if i == atom else 0) for i in range(3)]
        signal = [sum(Fraction(int(row[i])) * code[i] for i in range(3)) for row in simplex.real]
        for at, found in enumerate(exact_forward(built.network, signal)):
            worst[at] = max(worst[at], *(abs(float(a - b)) for a, b in zip(found, code, strict=True)))
    assert all(0.999 < seen / bound <= 1 for seen, bound in zip(worst, built.plan.linf, strict=True))


def without_rounding(dictionary: Dictionary, built: BuiltNetwork) -> UnrolledNetwork:
    """The network whose thresholds forget rounding."""
    first = built.network.layers[0]
    assert isinstance(first, ResidualLayer)

    def layer(at: int, threshold: np.ndarray) -> ResidualLayer:
        return ResidualLayer(analysis=first.analysis, synthesis=first.synthesis, threshold=threshold)

    matrices = NetworkMatrices(built.network, dictionary)
    planner = Planner(template=built.network, matrices=matrices, layer=layer)
    plan = planner.plan(built.codes, layers=built.network.depth, rounding=False)
    return UnrolledNetwork(
        code=built.network.code, dtype=built.network.dtype, shape=built.network.shape,
        layers=tuple(layer(at, t) for at, t in enumerate(plan.thresholds)),
    )  # fmt: skip


def test_thresholds_below_rounding_break_a_network_and_are_never_built() -> None:
    atoms = np.random.default_rng(67).standard_normal((6, 16))
    dictionary = Dictionary.from_array(atoms / np.linalg.norm(atoms, axis=0))
    built = build_unrolled(
        dictionary, sparsity=1, bound=1, noise=0, layers=150, dtype="float64", form="residual", weights="dictionary"
    )
    broken = without_rounding(dictionary, built)
    assert all((a.threshold > b.threshold).all() for a, b in zip(built.network.layers, broken.layers, strict=True))
    codes, signals = hard_cases(built, dictionary, many=100)
    y = torch.from_numpy(signals)
    with torch.no_grad():
        bad, good = (network.to_torch()(y).numpy() for network in (broken, built.network))
    assert np.abs(good - codes).max() <= built.plan.linf[-1] < 1e-12
    assert not good[codes == 0].any()
    assert np.abs(bad - codes).max() > 1e6  # rounding noise got through, and grew


def test_as_many_layers_as_an_error_needs() -> None:
    wishes: dict[str, Any] = {"sparsity": 2, "bound": 1, "noise": 0, "weights": "dictionary"}
    built = build_unrolled(HADAMARD, error="1e-3", **wishes)
    assert built.plan.linf[-1] <= 1e-3 < built.plan.linf[-2]
    smooth = build_unrolled(HADAMARD, error="1e-2", activation="gelu-tanh", **wishes)
    assert smooth.plan.linf[-1] <= 1e-2
    tau = smooth.network.activation.tau
    assert tau is not None
    assert smooth.weight_growth == 1 / tau > 1 == built.weight_growth


def test_a_level_beyond_unit_atoms_is_judged_by_unit_atoms() -> None:
    built = build_unrolled(HADAMARD, sparsity=2, bound=1, noise=0, layers=3, weights="dictionary")
    assert (built.rate, built.level) == (0.75, 2)
    assert built.network.dictionary_sha256 == HADAMARD.digest
    # by brute force over supports and signs, the first layer on unit atoms
    unit = np.asarray(HADAMARD.real, dtype=float) / np.linalg.norm(np.asarray(HADAMARD.real, dtype=float), axis=0)
    gram = unit.T @ unit
    sums = [
        max(abs(gram[i, list(set_)]).sum() for set_ in combinations([j for j in range(32) if j != i], 2))
        for i in (0, 20)
    ]
    singles = [max(abs(gram[i, j]) for j in range(32) if j != i) for i in (0, 20)]
    assert max(a + b for a, b in zip(sums, singles, strict=True)) == 0.75


def test_rates_of_nonnegative_codes_are_no_larger() -> None:
    dictionary = random_dictionary()
    atoms = np.asarray(dictionary.real, dtype=float)
    W = network_weights(dictionary, "dictionary")
    both, one = (np.array(rates(W, atoms, nonnegative=flag).by_level) for flag in (False, True))
    assert (one <= both).all()
    assert (one < both).any()


def test_weights_of_the_generalized_coherence() -> None:
    dictionary = random_dictionary(5, 8)
    facts = measure(dictionary).generalized
    assert facts is not None
    measured, found = (network_weights(dictionary, choice) for choice in (facts, "generalized"))
    atoms = np.asarray(dictionary.real, dtype=float)
    norms = np.linalg.norm(atoms, axis=0)
    for W in (measured, found):
        products = W.T @ atoms
        assert np.allclose(np.diag(products), 1, rtol=0, atol=1e-12)
        scaled = np.abs(products * norms[:, None] / norms - np.eye(8)).max(axis=1)
        assert (scaled <= np.array([float(u) for u in facts.upper]) * 1.03 + 1e-9).all()
    independent = Dictionary.from_array([[1, 1, 0], [0, 1, 1], [0, 0, 2.0]])
    assert np.allclose(network_weights(independent, "generalized").T @ independent.real, np.eye(3))


def test_a_matrix_as_weights_may_have_any_scale() -> None:
    W = network_weights(HADAMARD, "dictionary")
    assert np.allclose(network_weights(HADAMARD, W * 3e200), W)
    assert np.allclose(network_weights(HADAMARD, W * -1e-200), W)


def test_rounding_up() -> None:
    values = np.array([0.1, 0.5, 1e-60, 0.0])
    stored = rounded_up(values, DType.float32)
    assert stored.dtype == np.float32
    assert (stored.astype(float) >= values).all()
    assert stored[1:2].tolist() == [0.5]
    assert stored[3] == 0
    assert (np.nextafter(stored[:3], np.float32(0)).astype(float) < values[:3]).all()


GOOD: dict[str, Any] = {"sparsity": 2, "bound": 1, "noise": "1e-3", "layers": 4, "weights": "dictionary"}
BAD: list[tuple[dict[str, Any], str]] = [
    ({"sparsity": 3}, r"sparsity: the level of these weights is 2, and at 3 the error changes by q = 1.25 >= 1 in a layer; codes with at most 2 nonzeros, the weights of the generalized coherence, less coherent atoms"),
    ({"sparsity": 0}, "sparsity: expected a level from 1 to 32"),
    ({"sparsity": 33}, "sparsity: expected a level from 1 to 32"),
    ({"bound": 0}, "bound: expected a number above 0"),
    ({"bound": -1}, "bound: expected a number from 0"),
    ({"bound": None}, "bound: expected a number such as"),
    ({"bound": float("nan")}, "bound: expected a number such as"),
    ({"noise": "-0.1"}, "noise: expected a number from 0"),
    ({"noise": None}, "noise: expected a number such as"),
    ({"layers": 0}, "layers: expected a number from 1 to 1000, got 0"),
    ({"layers": True}, "layers: expected a number from 1 to 1000, got True"),
    ({"error": 1}, "expected either a number of layers or an error"),
    ({"layers": None}, "expected either a number of layers or an error"),
    ({"layers": None, "error": 0}, "error: expected a number above 0, got 0"),
    ({"layers": None, "error": "few"}, "error: expected a number such as"),
    ({"layers": None, "error": "1e-5"}, r"error: 1e-05 is below the floor 0\.0\d+ of any number of layers \(noise .*\): noise is responsible, less noise would help"),
    ({"layers": None, "error": "1e-9", "noise": 0}, "rounding is responsible, float64 would help"),
    ({"layers": None, "error": "1e-40", "noise": 0, "dtype": "float64"}, "rounding is responsible, fewer nonzeros"),
    ({"layers": None, "error": "1e-2", "noise": 0, "activation": Activation(name="silu", tau=Fraction(1, 16))}, "activation is responsible, a smaller tau, or relu would help"),
    ({"dtype": "float16"}, "dtype: expected one of float32, float64, got 'float16'"),
    ({"form": "dense"}, "form: expected one of auto, state, residual"),
    ({"activation": "tanh"}, "activation: expected one of relu"),
    ({"arithmetic": "fp8"}, "arithmetic: expected one of ieee"),
    ({"arithmetic": "bf16"}, "dtype: float32 is too coarse for this network .*; the arithmetic ieee would help"),
    ({"weights": "best"}, "weights: expected generalized, dictionary or a matrix, got 'best'"),
    ({"weights": np.ones((2, 2))}, r"weights: expected a real matrix of shape \(16, 32\), got \(2, 2\)"),
    ({"weights": np.full((16, 32), np.nan)}, "weights: expected finite numbers"),
    ({"weights": [["a"]]}, r"weights: expected a real matrix of shape \(16, 32\), got \(1, 1\)"),
    ({"weights": np.full((16, 32), "a", dtype=object)}, "weights: expected a matrix of real numbers"),
    ({"weights": np.zeros((16, 32))}, "weights: expected w_i^T d_i not to be 0".replace("^", r"\^")),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "message"), BAD, ids=[message[:60] for _, message in BAD])
def test_wishes_that_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        build_unrolled(HADAMARD, **GOOD | changes)


def test_dictionaries_that_are_refused() -> None:
    wishes = GOOD | {"sparsity": 1}
    with pytest.raises(InputError, match="expected a real dictionary for a network, got a complex one"):
        build_unrolled(Dictionary.from_array([[1, 1j], [1, 1]]), **wishes)
    with pytest.raises(InputError, match="out of the range of binary64: scale the atoms"):
        build_unrolled(Dictionary.from_array([[Fraction(10) ** 400, 1], [Fraction(1), 2]]), **wishes)
    with pytest.raises(InputError, match="dtype: float32 cannot hold the weights"):
        build_unrolled(Dictionary.from_array([[1e-60, 0], [0, 1e-60]]), **wishes)
    facts = measure(random_dictionary(5, 8)).generalized
    with pytest.raises(InputError, match="weights: expected those of a real dictionary of shape"):
        build_unrolled(HADAMARD, **GOOD | {"weights": facts})
