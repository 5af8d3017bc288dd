"""What is proved of a network holds for it as stored and evaluated, is attained, and nothing less is accepted."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from certificate_networks import Sample, check, draft, evidence, files, run_exact, sealed, subjects, worst_errors

import certificates
from certificates.networks import network_from_bytes
from certificates.rules.network_error import Asked, layer_errors
from certificates.rules.network_rounding import Arithmetic
from certificates.rules.stored_network import FORMATS, NetworkInstance


def random_sample(random: np.random.Generator, form: str, code: str, dtype: str, layers: int = 3) -> Sample:
    """Weights near those of the pseudo-inverse, thresholds of any size, none of them made for the class."""
    m, n = (int(size) for size in (random.integers(3, 6), random.integers(6, 8)))
    atoms = random.standard_normal((m, n)) * random.choice([0.5, 1, 2])
    weights = np.linalg.pinv(atoms).T
    weights /= np.sum(weights * atoms, axis=0)
    bound = Fraction(int(random.integers(1, 5)), 2)
    tensors: dict[str, np.ndarray] = {}
    names: list[dict[str, str | None]] = []
    for k in range(layers):
        size = float(bound) * random.choice([0, 1e-7, 0.05, 0.5]) * 0.5**k
        tensors[f"t.{k}"] = np.abs(random.standard_normal(n)) * size
        if form == "residual":
            tensors |= {"W": weights, "D": atoms}
            names.append({"analysis": "W", "synthesis": "D", "threshold": f"t.{k}"})
            continue
        tensors[f"V.{k}"] = weights.T + 0.01 * random.standard_normal((n, m))
        if k:
            tensors[f"M.{k}"] = np.eye(n) - weights.T @ atoms + 0.01 * random.standard_normal((n, n))
        names.append({"signal": f"V.{k}", "state": f"M.{k}" if k else None, "threshold": f"t.{k}"})
    tensors = {name: tensor.astype(dtype) for name, tensor in tensors.items()}
    noise = Fraction(int(random.integers(0, 3)), 64)
    return Sample(atoms, tensors, names, int(random.integers(1, 3)), bound, noise, dtype, code)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("code", ["signed", "nonnegative"])
@pytest.mark.parametrize("form", ["residual", "direct"])
def test_no_error_seen_exceeds_its_bound(form, code, dtype):
    """On all supports and signs, with noise of full length, and sums in four orders."""
    random = np.random.default_rng([len(form), len(code), len(dtype)])
    largest = 0.0
    for _ in range(12):
        sample = random_sample(random, form, code, dtype)
        for seen, proved in zip(worst_errors(sample, random), sample.bounds(), strict=True):
            for value, bound in zip(seen, proved, strict=True):
                assert value <= bound * (1 + Fraction(1, 1 << 45)), "codes and signals are rounded to float64 here"
                largest = max(largest, value / float(bound) if bound else 0.0)
    assert largest > 0.9, "some bound is nearly attained"


def convergent(dtype: str, layers: int, code: str = "signed", margin: float = 1.0, power: int = 4) -> Sample:
    """A network whose error shrinks until only rounding is left: two orthonormal bases, thresholds just large enough."""
    hadamard = np.array([[1.0]])
    for _ in range(power):
        hadamard = np.kron(hadamard, [[1, 1], [1, -1]])
    size, coherence = 2**power, 2 ** (-power / 2)
    atoms = np.hstack([np.eye(size), hadamard * coherence])
    a, floor = 1.0, 40 * np.finfo(dtype).eps * margin
    tensors = {"W": atoms.astype(dtype), "D": atoms.astype(dtype)}
    names: list[dict[str, str | None]] = []
    for k in range(layers):
        t = np.array([(a * coherence + floor) * (1 + 1e-6)] * 2 * size).astype(dtype)
        tensors[f"t.{k}"] = t
        names.append({"analysis": "W", "synthesis": "D", "threshold": f"t.{k}"})
        a = float(t[0]) + floor
    return Sample(atoms, tensors, names, 1, Fraction(1), Fraction(0), dtype, code)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_rounding_is_within_its_bound_where_nothing_else_is_left(dtype):
    sample = convergent(dtype, 40)
    proved, seen = sample.bounds(), worst_errors(sample, np.random.default_rng(0))
    assert all(off == 0 for _, off, _ in proved), "thresholds above the rounding keep the zeros exact"
    assert proved[-1][0] < 200 * np.finfo(dtype).eps
    for (value, _, _), (bound, _, _) in zip(seen, proved, strict=True):
        assert value <= bound


def test_thresholds_below_the_rounding_prove_no_zeros():
    proved = convergent("float32", 40, margin=0.01).bounds()
    assert any(off > 0 for _, off, _ in proved)


def test_one_nonzero_attains_the_rate():
    """s = 1 and the sign code: without rounding every layer's bound is reached, that is observed / bound = 1."""
    sample = convergent("float64", 6, power=2)
    errors = []
    for i in range(8):
        for sign in (1, -1):
            code = [Fraction(sign * (i == j)) for j in range(8)]
            signal = [Fraction(sign * float(x)) for x in sample.dictionary[:, i]]
            states = run_exact(sample, signal)
            errors.append([max(abs(a - b) for a, b in zip(state, code, strict=True)) for state in states])
    for at, (bound, _, _) in enumerate(sample.bounds()):
        seen = max(error[at] for error in errors)
        assert seen <= bound
        assert seen > bound * (1 - Fraction(1, 1 << 30))


def test_negative_codes_are_not_covered_by_a_network_for_nonnegative_ones():
    """The class of the sharper bounds is x >= 0, and the statement says so."""
    sample = replace(convergent("float32", 3), code="nonnegative")
    answer = check(sample, draft(sample, evidence(sample)))
    assert isinstance(answer, certificates.Accepted)
    assert answer.claims[0]["nonnegative"] is True
    errors = run_exact(sample, [-Fraction(float(x)) for x in sample.dictionary[:, 0]])
    assert errors[-1][0] == 0


@pytest.mark.parametrize("code", ["signed", "nonnegative"])
def test_greater_classes_have_greater_bounds(code):
    """Up to codes with all atoms, where no sum has as many terms as are asked for."""
    sample = random_sample(np.random.default_rng(8), "direct", code, "float64")
    n = sample.dictionary.shape[1]
    for changes in (
        [{"sparsity": s} for s in range(1, n + 1)],
        [{"bound": Fraction(b, 3)} for b in range(4)],
        [{"noise": Fraction(e, 100)} for e in range(4)],
    ):
        found = [replace(sample, **change).bounds() for change in changes]
        for less, more in itertools.pairwise(found):
            for a, b in zip(less, more, strict=True):
                assert all(x <= y for x, y in zip(a, b, strict=True))
    everywhere = replace(sample, sparsity=n)
    for seen, proved in zip(worst_errors(everywhere, np.random.default_rng(1)), everywhere.bounds(), strict=True):
        assert all(value <= bound for value, bound in zip(seen, proved, strict=True))


def test_the_work_grows_with_all_that_it_depends_on():
    sample, longer = convergent("float32", 2), convergent("float32", 3)
    few, more = (certificates.estimate_work(sealed(x), **subjects(x)) for x in (sample, longer))
    assert few < more
    precise = draft(sample, {**evidence(sample), "bits": 2000})
    assert certificates.estimate_work(sealed(sample, precise), **subjects(sample)) > 4 * few


@pytest.mark.parametrize("name", ["on", "off", "l2", "linf"])
def test_no_bound_that_is_too_low_is_accepted(name):
    sample = random_sample(np.random.default_rng(5), "direct", "signed", "float32")
    data = evidence(sample)
    assert isinstance(check(sample, draft(sample, data)), certificates.Accepted)
    values = data[name] if isinstance(data[name], list) else [data[name]]
    for at, value in enumerate(values):
        lower = [*values[:at], str(Fraction(value) * (1 - Fraction(1, 1 << 100))), *values[at + 1 :]]
        edited = {**data, name: lower if isinstance(data[name], list) else lower[0]}
        answer = check(sample, draft(sample, edited))
        assert isinstance(answer, certificates.Rejected)
        assert "is not proved" in answer.why


def test_coarse_arithmetic_has_greater_bounds():
    sample = convergent("float32", 12)
    ieee, tf32, bf16 = (sample.bounds(name)[-1][0] for name in ("ieee", "tf32", "bf16"))
    assert ieee < tf32 < bf16
    for name in ("tf32", "bf16"):
        answer = check(sample, draft(sample, evidence(sample, name)))
        assert isinstance(answer, certificates.Accepted)
        assert answer.claims[0]["arithmetic"] == name


def with_activation(sample: Sample, activation: dict[str, str]):
    """The network with another activation, and the bounds after its last layer."""
    stored = network_from_bytes(*files(sample, activation))
    asked = Asked(
        sample.sparsity, sample.bound, sample.noise, Arithmetic.of("ieee", FORMATS[sample.dtype]), 160, [], []
    )
    *_, last = layer_errors(NetworkInstance.of(sample.instance.dictionary, stored), asked)
    return stored, Fraction(max(*last.on, *last.off), 1 << 160)


SMOOTH = {
    "elu": lambda w: np.maximum(w, 0) + np.expm1(np.minimum(w, 0)),
    "gelu-tanh": lambda w: w / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (w + 0.044715 * w**3))),
    "mish": lambda w: w * np.tanh(np.logaddexp(0, w)),
    "silu": lambda w: w / (1 + np.exp(-w)),
    "softplus": lambda w: np.logaddexp(0, w),
}


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize("code", ["signed", "nonnegative"])
def test_smooth_activations(name, code):
    """float64 in numpy, where rounding is far below tau b; the bound is not far above either."""
    sample = convergent("float64", 6, code)
    tau = Fraction(1, 1 << 12)
    _, bound = with_activation(sample, {"name": name, "tau": str(tau)})
    t, x = float(tau), np.zeros((32, 32))
    for layer in sample.layers:
        v = x + (sample.dictionary.T - x @ sample.dictionary.T) @ sample.dictionary
        threshold = sample.tensors[layer["threshold"]]
        plus, minus = (t * SMOOTH[name](np.maximum(side - threshold, -500 * t) / t) for side in (v, -v))
        x = plus if code == "nonnegative" else plus - minus
    seen = np.abs(x - np.eye(32)).max()
    assert sample.bounds()[-1][0] < bound
    assert seen <= bound


def test_leaky_relu_is_exact_but_for_rounding():
    sample = convergent("float32", 6)
    stored, bound = with_activation(sample, {"name": "leaky-relu", "slope": "1/4"})
    assert sample.bounds()[-1][0] < bound < Fraction(1, 100)
    data = evidence(sample, slack=Fraction(2))
    data["off"] = ["1"] * len(sample.layers)
    data["on"] = ["3"] * len(sample.layers)
    data |= {"l2": "20", "linf": "3"}
    answer = check(sample, draft(sample, data, stored), stored)
    assert isinstance(answer, certificates.Accepted)
    assert answer.relied_on == ("that the network is evaluated in the arithmetic of the claim (SPEC.md section 6.10)",)


def test_smooth_activations_have_a_rule_of_their_own_and_say_what_they_rely_on():
    sample = convergent("float32", 2)
    stored, _ = with_activation(sample, {"name": "gelu", "tau": "1/1024"})
    data = {**evidence(sample), "on": ["3", "3"], "off": ["3", "3"], "l2": "30", "linf": "3"}
    content = draft(sample, data, stored)
    answer = check(sample, content, stored)
    assert isinstance(answer, certificates.Rejected)
    assert "relu or leaky ReLU" in answer.why
    content["steps"][0]["rule"] = "network-error-of-smooth-activation"
    answer = check(sample, content, stored)
    assert isinstance(answer, certificates.Accepted)
    assert "64 u (1 + |w|)" in answer.relied_on[0]
    relu = check(sample, {**content, "subjects": draft(sample, data)["subjects"]})
    assert isinstance(relu, certificates.Rejected)
    assert "for networks of smooth activations" in relu.why


def edited_tensors(sample: Sample, **changes: np.ndarray) -> Sample:
    return replace(sample, tensors=sample.tensors | changes)


HOSTILE = {
    "bits": ({"bits": 2001}, "bits is above 2000"),
    "no sparsity": ({"sparsity": 0}, "sparsity is not from 1 to 32"),
    "too many nonzeros": ({"sparsity": 33}, "sparsity is not from 1 to 32"),
    "negative bound": ({"bound": "-1"}, "bound and noise are not from 0 to 2^64"),
    "negative noise": ({"noise": "-1/2"}, "bound and noise are not from 0 to 2^64"),
    "huge noise": ({"noise": str(1 << 65)}, "bound and noise are not from 0 to 2^64"),
    "too few layers": ({"on": ["1"]}, "do not have one bound for each layer"),
    "another arithmetic": ({"arithmetic": "float8"}, "arithmetic in evidence is not one of ieee, tf32, bf16"),
    "unknown field": ({"more": 1}, "evidence has an unknown field more"),
}


@pytest.mark.parametrize("change", HOSTILE)
def test_evidence_that_is_none(change):
    sample = convergent("float32", 2)
    fields, why = HOSTILE[change]
    answer = check(sample, draft(sample, {**evidence(sample), **fields}))
    assert isinstance(answer, certificates.Rejected)
    assert why in answer.why


def test_networks_and_dictionaries_that_have_no_bound():
    sample = convergent("float32", 2)
    data = evidence(sample)
    t = sample.tensors["t.1"]
    wild = {"t.1": -t}, {"W": sample.tensors["W"] * np.float32(1e25)}
    for changes, why in zip(wild, ("a threshold is negative", "a weight of the network is above 2^64"), strict=True):
        answer = check(edited_tensors(sample, **changes), draft(edited_tensors(sample, **changes), data))
        assert isinstance(answer, certificates.Rejected)
        assert why in answer.why
    large = replace(sample, dictionary=sample.dictionary * 1e20)
    answer = check(large, draft(large, data))
    assert isinstance(answer, certificates.Rejected)
    assert "an entry of the dictionary is above 2^64" in answer.why
    double = convergent("float64", 2)
    answer = check(double, draft(double, {**evidence(double), "arithmetic": "tf32"}))
    assert isinstance(answer, certificates.Rejected)
    assert "is for networks of type float32" in answer.why


def test_overflow_and_sums_without_a_bound():
    sample = convergent("float32", 1)
    big = replace(sample, tensors={name: tensor * np.float32(2.0**60) for name, tensor in sample.tensors.items()})
    loose = {"on": [str(1 << 64)], "off": [str(1 << 64)], "l2": str(1 << 70), "linf": str(1 << 64)}
    data = evidence(sample) | loose | {"bound": str(1 << 60)}
    answer = check(big, draft(big, data))
    assert isinstance(answer, certificates.Rejected)
    assert "may overflow" in answer.why
    stored = network_from_bytes(*files(sample, {"name": "leaky-relu", "slope": str(Fraction(2**24 - 1, 2**24))}))
    answer = check(sample, draft(sample, evidence(sample) | loose, stored), stored)
    assert isinstance(answer, certificates.Rejected)
    assert "slope is too close to 1" in answer.why
    with pytest.raises(certificates.checker.Reject, match="have no error bound"):
        Arithmetic.of("bf16", FORMATS["float32"]).sum_error(1 << 21)


def test_a_smooth_activation_whose_argument_may_overflow():
    sample = convergent("float32", 1)
    with pytest.raises(certificates.checker.Reject, match="argument of the activation may overflow"):
        with_activation(
            replace(sample, bound=Fraction(1 << 62), tensors={k: v * np.float32(2.0**30) for k, v in sample.tensors.items()}),
            {"name": "silu", "tau": str(Fraction(1, 1 << 63))},
        )  # fmt: skip
