"""What experiments measure of a dictionary: exactly, against brute force of the tests; in floats, against that."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from exact_null_space import NullSpace
from exact_reference import Gauss, Reference

from verify.arrays import one_torch_thread
from verify.attack.experiment import NotAnInstance
from verify.attack.experiments.facts import small_dictionaries
from verify.attack.experiments.facts.codes import Codes
from verify.attack.experiments.facts.dictionary_facts import EXPERIMENTS as FACTS
from verify.attack.experiments.facts.exact_dictionary import ExactDictionary
from verify.attack.experiments.facts.exact_least_l1 import least_l1
from verify.attack.experiments.facts.exact_pursuit import greedy_ratio, recovery_coefficient
from verify.attack.experiments.facts.exact_weights import (
    alpha_one,
    frobenius_coherence,
    generalized_babel,
    generalized_coherences,
    unit_columns,
)
from verify.attack.experiments.facts.float_codes import code_shares, greedy_ratios
from verify.attack.experiments.facts.float_dictionaries import FloatDictionaries
from verify.attack.experiments.facts.gauges import GAUGES
from verify.attack.experiments.facts.null_vectors import NullVectors
from verify.attack.experiments.facts.representations import Representations
from verify.attack.experiments.facts.weight_matrices import WeightMatrices
from verify.attack.rationals import ends
from verify.dictionaries.dictionary import Dictionary
from verify.exact import real_eigenvalues
from verify.theorems.language.values import Root

F = Fraction
SHAPES = [(2, 3), (2, 4), (3, 4), (3, 5), (3, 3), (4, 3)]


def drawn(family: str, seed: int) -> np.ndarray:
    m, n = SHAPES[seed % len(SHAPES)]
    return small_dictionaries.FAMILIES[family][0](np.random.default_rng([seed, len(family)]), 1, m, n)[0]


SAMPLES = [*(drawn("all", seed) for seed in range(20)), *(drawn("equal-norms", seed) for seed in range(9))]


def overlap(value: object, lower: Fraction, upper: Fraction) -> bool:
    low, high = ends(value)  # type: ignore[arg-type]
    slack = F(1, 2**60)
    return low <= upper + slack and lower <= high + slack and high - low <= slack


@pytest.mark.parametrize("at", range(len(SAMPLES)))
def test_an_exact_dictionary_is_what_brute_force_says(at: int) -> None:
    array = SAMPLES[at]
    found, truth = ExactDictionary(array), NullSpace(Dictionary.from_array(array))
    reference = Reference(Dictionary.from_array(array))
    mu = found.mu
    assert (mu.square if isinstance(mu, Root) else mu**2) == reference.mu_squared  # type: ignore[union-attr,operator]
    supports = {tuple(map(bool, h)) for h in found.circuits}
    assert supports == {tuple(map(bool, h)) for h in truth.circuits}
    assert found.nullity == found.n - reference.rank == found.n - found.rank
    if found.circuits:
        assert found.spark == truth.spark
    for k in (1, 2, 3):
        assert overlap(found.babel(k), reference.babel(k), reference.babel(k))
        low, high = ends(found.isometry(k))
        assert reference.isometry_below(k, high + F(1, 2**90))
        assert low == 0 or not reference.isometry_below(k, low - F(1, 2**90))
        for unit, scaling in ((True, "unit"), (False, "as-given")):
            nsc = truth.null_space_constant(k, scaling)
            assert overlap(found.null_space_constant(k, unit), nsc.lower, nsc.upper)
            share = truth.support_value(range(k), scaling)
            assert overlap(found.share(range(k), unit), share.lower, share.upper)
        dependent = sum(not found.are_independent(chosen) for chosen in found.sets(min(2 * k, found.n)))
        assert found.dependent_sets(2 * k) == dependent
        assert (dependent > 0) == (truth.spark <= min(2 * k, found.n))
    for i, value in enumerate(generalized_coherences(found)):
        expected = truth.mu_tilde(i, "unit")
        assert overlap(value, expected.lower, expected.upper)
        assert found.is_in_span_of_others(i) == (expected.upper > 0)


@pytest.mark.parametrize("at", range(20, len(SAMPLES)))
def test_weights_of_equal_norms(at: int) -> None:
    found = ExactDictionary(SAMPLES[at])
    coherences = generalized_coherences(found)
    assert alpha_one(found) == max(x / (1 + x) for x in coherences)  # type: ignore[operator]
    assert generalized_babel(found, 1) == max(coherences)  # type: ignore[type-var]
    if found.rank == found.m:
        assert ends(frobenius_coherence(found))[1] >= max(ends(x)[0] for x in coherences)


@pytest.mark.parametrize("at", range(20))
def test_codes_against_linear_programs_and_matching_pursuit(at: int) -> None:
    array = SAMPLES[at]
    found, random = ExactDictionary(array), np.random.default_rng(at)
    reference = Reference(Dictionary.from_array(array))
    for k in (1, 2):
        code = [F(0)] * found.n
        for j in random.permutation(found.n)[:k]:
            code[j] = F(int(random.choice([-2, -1, 1, 3])))
        signal = [sum((x * y for x, y in zip(row, code, strict=True)), F(0)) for row in found.rows]
        optimum = least_l1(found.columns, signal).optimum
        assert optimum is not None
        norm = sum(map(abs, code))
        assert (optimum < norm) == (found.code_share(code) > F(1, 2))
        support = {j: Gauss(x, F(0)) for j, x in enumerate(code) if x}
        for unit, scaling in ((True, "unit"), (False, "as-given")):
            ratio = ends(greedy_ratio(found, code, unit))
            both = [reference.matching_pursuit(support, scaling, last) for last in (False, True)]
            if ratio[1] < 1:
                assert all(both)
            if not all(both):
                assert ratio[0] >= 1
        erc = recovery_coefficient(found, list(support))
        if erc < 1 and found.are_independent(list(support)):
            assert ends(greedy_ratio(found, code, False))[1] < 1
            assert found.code_share(code) < F(1, 2)


@one_torch_thread()
def test_floats_agree_with_exact_numbers() -> None:
    """Every gauge, on dictionaries of small integers, where nothing is nearly dependent."""
    random = np.random.default_rng(5)
    for m, n in ((3, 5), (4, 4)):
        arrays = small_dictionaries.drawn_of_equal_norms(random, 6, m, n)
        if m == n:
            arrays[0] = n * np.eye(n) - 1
        batch = {"dictionary": arrays, "level": np.array([1, 2, 2, 3, 1, 2])}
        floats = FloatDictionaries(batch, "cpu")
        for name, gauge in GAUGES.items():
            values = np.asarray(gauge.floats(floats, floats.level))
            for at, array in enumerate(arrays):
                try:
                    exact = gauge.exact(ExactDictionary(array), int(batch["level"][at]))
                except NotAnInstance:
                    continue
                if name == "P(k)" or (name == "spark - 1" and exact == 1):
                    continue  # estimated by other weights; not a number where spark = 2
                expected = [float(sum(ends(x)) / 2) for x in (exact if isinstance(exact, tuple) else (exact,))]
                if name == "dependent 2k":
                    assert bool(values[at]) == bool(expected[0])
                else:
                    assert np.allclose(values[at], expected, atol=1e-9), name
        codes = np.zeros((6, n))
        codes[:, :2] = [1.0, -2.0]
        shares = code_shares(floats, floats.full(0)[:, None] + floats.atoms.new_tensor(codes))
        for unit in (True, False):
            ratios = greedy_ratios(floats, floats.atoms.new_tensor(codes), unit)
            for at, array in enumerate(arrays):
                found, code = ExactDictionary(array), [F(x) for x in codes[at]]
                assert float(shares[at]) == pytest.approx(float(found.code_share(code)))
                exact = float(ends(greedy_ratio(found, code, unit))[0])
                assert float(ratios[at]) == pytest.approx(exact) or min(float(ratios[at]), exact) >= 1 - 1e-9


def test_known_dictionaries() -> None:
    simplex = ExactDictionary(4 * np.eye(4) - 1)
    assert simplex.mu == F(1, 3)
    assert simplex.isometry(4) == 1
    assert simplex.spark == 4
    assert simplex.null_space_constant(2, unit=True) == F(1, 2)
    assert generalized_coherences(simplex) == (F(1, 3),) * 4
    plane = ExactDictionary(np.array([[1.0, 0, 1], [0, 1, 1]]))
    assert plane.mu == Root(F(1, 2))
    assert ends(plane.isometry(3))[0] == 1
    assert recovery_coefficient(ExactDictionary(np.array([[1.0, 1, 0], [0, 0, 1]])), [0, 1]) == 0
    apart = ExactDictionary(np.array([[1.0, 0, 1], [0, 1, 1], [0, 0, 0.125]]))
    assert ends(greedy_ratio(apart, [F(1), F(1), F(0)], unit=True))[0] > 1
    assert least_l1([[1, 0]], [0, 1]).optimum is None
    assert least_l1([[1, 0], [1, 0]], [-3, 0]).optimum == 3
    assert least_l1([[1, 1], [1, -1], [2, 2]], [2, 2]).u == [0, 0, 1]


def test_real_eigenvalues() -> None:
    found = real_eigenvalues([[F(2), F(1)], [F(1), F(2)]])
    assert sorted(value.lower for value in found) == [1, 3]
    assert all(value.lower == value.upper for value in found)
    (low, high) = sorted(real_eigenvalues([[F(0), F(1)], [F(1), F(1)]]), key=lambda value: value.lower)
    for value, sign in ((low, -1), (high, 1)):
        assert (2 * value.lower - 1) ** 2 * sign <= 5 * sign <= (2 * value.upper - 1) ** 2 * sign
        assert value.upper - value.lower < F(1, 2**100)
    assert real_eigenvalues([[F(1), F(0)], [F(0), F(1)]]) == [real_eigenvalues([[F(1)]])[0]] * 2


PLANE = np.array([[1.0, 0, 1], [0, 1, 1]])
NULL = {"dictionary": PLANE, "null_vector": np.array([1, 1, -1]), "weights": np.array([1.0, 1]), "level": np.array(1)}
WEIGHTS = {"dictionary": PLANE, "weights": PLANE, "level": np.array(2)}
WRITTEN = {"dictionary": PLANE, "v": np.array([1.0, 0.5]), "level": np.array(1)}
CODED = {"dictionary": PLANE, "code": np.array([1.0, 1, 0]), "level": np.array(2)}
BABEL = WeightMatrices(values=("W_1",), quantities=())
CODE = Codes(values=(), quantities=(), independent=True)


@pytest.mark.parametrize(
    ("experiment", "instance", "why"),
    [
        (FACTS["welch-bound"], {"dictionary": np.array([[1.0, np.inf]]), "level": np.array(1)}, "finite"),
        (FACTS["welch-bound"], {"dictionary": np.array([[1.0, 0]]), "level": np.array(1)}, "none is zero"),
        (FACTS["isometry-by-coherence"], {"dictionary": np.ones((2, 40)), "level": np.array(9)}, "at most 20000 sets"),
        (FACTS["spark-by-coherence"], {"dictionary": np.eye(2), "level": np.array(1)}, "infinite spark"),
        (FACTS["jn-alpha-one"], {"dictionary": PLANE, "level": np.array(1)}, "rational ratios"),
        (FACTS["recovery-by-independence"], {"dictionary": PLANE, "level": np.array(1)}, "linearly independent"),
        (FACTS["spark-by-orthogonal-families"], {"dictionary": PLANE + 1, "level": np.array(1)}, "two non-empty"),
        (
            FACTS["spark-by-enumeration"],
            {"dictionary": np.array([[1.0, 0, 1], [0, 10007, 1]]), "level": np.array(1)},
            "modulo a prime",
        ),
        (NullVectors(), NULL | {"null_vector": np.array([1, 1, 1])}, "D h = 0"),
        (NullVectors(), NULL | {"weights": np.array([-1.0, 1])}, "w\\^T d\\^_i != 0"),
        (BABEL, WEIGHTS | {"weights": PLANE * np.nan}, "finite"),
        (BABEL, WEIGHTS | {"weights": PLANE * 0}, "w_i\\^T d_i != 0"),
        (Representations(), WRITTEN | {"dictionary": np.eye(2)}, "at least m other atoms"),
        (Representations(), WRITTEN | {"v": np.array([1.0, np.nan])}, "finite"),
        (Representations(), WRITTEN | {"dictionary": np.array([[1.0, 1, 0], [0, 0, 1]])}, "span the space"),
        (Representations(), WRITTEN | {"v": np.zeros(2)}, "u != 0"),
        (CODE, CODED | {"code": np.array([1.0, np.inf, 0])}, "finite"),
        (CODE, CODED | {"code": np.zeros(3)}, "not 0"),
        (CODE, CODED | {"code": np.ones(3)}, "atoms of S are independent"),
    ],
)
def test_what_is_no_instance_is_refused(experiment, instance, why: str) -> None:
    with pytest.raises(NotAnInstance, match=why):
        experiment.exact(instance)


def test_norms_and_ranks_that_do_not_serve_are_refused() -> None:
    with pytest.raises(NotAnInstance, match="rational ratios"):
        unit_columns(ExactDictionary(PLANE))
    with pytest.raises(NotAnInstance, match="rank is m"):
        frobenius_coherence(ExactDictionary(np.array([[1.0, 1, 2], [1, 1, 2]])))
