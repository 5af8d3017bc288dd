"""The tests' own brute force of null spaces, against closed forms and against certificates of both sides."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from exact_null_space import HALF, SMALL_KINDS, NullSpace, small_real_dictionaries
from exact_reference import Gauss, Reference, fractions_array

from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.families import build

SCALINGS = ("unit", "as-given")
SMALL = list(small_real_dictionaries(130))


def space(rows: list[list]) -> NullSpace:
    return NullSpace(Dictionary.from_array(fractions_array([[Fraction(x) for x in row] for row in rows])))


@pytest.mark.parametrize("n", [3, 4, 6])
def test_the_simplex_has_one_circuit(n: int) -> None:
    """Of n atoms that sum to zero: nsc_k = k/n, mu~ = 1/(n-1), spark n."""
    simplex = space([[n * (i == j) - 1 for j in range(n)] for i in range(n - 1)])
    assert simplex.spark == n
    assert len(simplex.circuits) == 1
    assert [simplex.null_space_constant(k, "as-given").exact for k in range(1, n + 1)] == [
        Fraction(k, n) for k in range(1, n + 1)
    ]
    truth = NullSpace(build("simplex", str(n)))
    for scaling in SCALINGS:
        assert truth.generalized_coherence(scaling).exact == Fraction(1, n - 1)
        assert truth.support_value([0, 2], scaling).exact == Fraction(2, n)
        assert truth.signed_value({0: 1, 2: 1}, scaling).exact == Fraction(2, n)
        assert truth.signed_value({0: 1, 2: -1}, scaling).exact == 0
        assert [truth.guaranteed_l1(k, scaling) for k in range(1, n + 1)] == [2 * k < n for k in range(1, n + 1)]


def test_identity_and_hadamard() -> None:
    """Spark 2 sqrt(m). For unit atoms mu~ = mu = 1/2: 2 e_1 = (h_1 + .. + h_4)/2 needs weight 2, and w = e_1 shows it."""
    h = np.array([[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]])
    truth = NullSpace(Dictionary.from_array(np.hstack([np.eye(4, dtype=np.int64), h])))
    assert truth.spark == 4
    for i in range(8):
        assert truth.mu_tilde(i, "unit").exact == Fraction(1, 2)
        assert truth.alpha(i, "unit").exact == Fraction(1, 3)
        # as given, h_j = +-e_1 +- .. +-e_4 weighs 4 of 5 on the four e_i and 1 of 5 on itself, and 4 e_i is a sum of all h_j
        assert truth.alpha(i, "as-given").exact == (Fraction(1, 2) if i < 4 else Fraction(1, 5))
    assert truth.guaranteed_l1(1, "unit") is True
    assert truth.guaranteed_l1(1, "as-given") is False
    assert truth.guaranteed_l1(2, "unit") is False


def test_duplicates_and_multiples() -> None:
    twice = space([[1, 0, -3], [0, 1, 0]])
    assert twice.spark == 2
    assert twice.circuits in ([[3, 0, 1]], [[-3, 0, -1]])
    assert twice.alpha(0, "as-given").exact == Fraction(3, 4)
    assert twice.mu_tilde(0, "as-given").exact == 3
    assert twice.mu_tilde(1, "as-given").exact == 0
    for i in (0, 2):
        assert twice.alpha(i, "unit").exact == HALF
        assert twice.mu_tilde(i, "unit").exact == 1
    assert twice.guaranteed_l1(1, "unit") is False
    assert twice.signed_value({0: 1, 2: -1}, "as-given").exact == HALF


def test_independent_atoms_have_no_null_vector() -> None:
    for truth in (NullSpace(Dictionary.from_array(np.eye(3))), space([[1, 1], [0, 1], [5, 7]])):
        assert truth.circuits == []
        assert truth.spark == math.inf
        for scaling in SCALINGS:
            assert truth.null_space_constant(2, scaling).exact == truth.generalized_coherence(scaling).exact == 0
            assert truth.guaranteed_l1(2, scaling) is True


def test_irrational_norms_are_enclosed() -> None:
    """(e_1, e_2, e_1 + e_2): weights 1, 1, sqrt 2 of unit atoms, so mu~_3 = sqrt(2)/2 and nsc_2 = 1 - 1/(2 + sqrt 2)."""
    truth = space([[1, 0, 1], [0, 1, 1]])
    bounds = truth.mu_tilde(2, "unit")
    assert bounds.lower**2 < HALF < bounds.upper**2
    assert bounds.upper - bounds.lower < Fraction(1, 2**75)
    value = truth.null_space_constant(2, "unit")
    assert (1 / (1 - value.lower) - 2) ** 2 < 2 < (1 / (1 - value.upper) - 2) ** 2
    assert truth.null_space_constant(2, "as-given").exact == Fraction(2, 3)
    signed = truth.signed_value({0: 1, 2: -1}, "unit")  # (1 + sqrt 2)/(2 + sqrt 2) = 1/sqrt 2
    assert signed.lower**2 < HALF < signed.upper**2
    against = truth.signed_value({0: 1, 2: 1}, "unit")  # (sqrt 2 - 1)/(2 + sqrt 2) = (3 sqrt 2 - 4)/2
    assert (2 * against.lower + 4) ** 2 < 18 < (2 * against.upper + 4) ** 2


def test_there_are_dictionaries_of_every_kind_and_always_the_same() -> None:
    assert {name.rsplit("-", 1)[0] for name, _ in SMALL} == set(SMALL_KINDS)
    assert [d.digest for _, d in small_real_dictionaries(130)] == [d.digest for _, d in SMALL]
    sparks = [NullSpace(dictionary).spark for _, dictionary in SMALL]
    assert all(sparks.count(value) > 5 for value in (2, 3, 4, math.inf))
    assert sparks.count(5) > 2


@pytest.mark.parametrize("name, dictionary", SMALL, ids=[name for name, _ in SMALL])
@pytest.mark.sampled(4)
def test_circuits_are_those_of_another_search(name: str, dictionary: Dictionary) -> None:
    truth, other = NullSpace(dictionary), Reference(dictionary)
    assert truth.spark == other.spark
    found = {tuple(i for i, x in enumerate(h) if x): h for h in truth.circuits}
    assert len(found) == len(truth.circuits) == len(other.circuits)
    for vector in other.circuits:
        h = found[tuple(i for i, x in enumerate(vector) if x)]
        first = next(i for i, x in enumerate(h) if x)
        assert [x.re / vector[first].re for x in vector] == [x / h[first] for x in h]
        assert not any(other.apply({i: Gauss(x, Fraction(0)) for i, x in enumerate(h) if x}))


@pytest.mark.thorough
@pytest.mark.parametrize("scaling", SCALINGS)
def test_values_of_supports_agree_with_each_other(scaling: str) -> None:
    """nsc_k is the greatest value of a support of size k, which is the greatest of its sign patterns."""
    for _, dictionary in SMALL[::7]:
        truth = NullSpace(dictionary)
        for k in range(1, min(4, truth.n + 1)):
            values = []
            for support in itertools.combinations(range(truth.n), k):
                patterns = [dict(zip(support, (1, *s), strict=True)) for s in itertools.product((1, -1), repeat=k - 1)]
                signed = [truth.signed_value(pattern, scaling) for pattern in patterns]
                values.append(truth.support_value(support, scaling))
                assert close(max(b.lower for b in signed), values[-1].lower)
                assert close(max(b.upper for b in signed), values[-1].upper)
            constant = truth.null_space_constant(k, scaling)
            assert close(max(b.lower for b in values), constant.lower)
            assert close(max(b.upper for b in values), constant.upper)
            assert constant.upper - constant.lower < Fraction(1, 2**70)


def close(a: Fraction, b: Fraction) -> bool:
    return abs(a - b) < Fraction(1, 2**70)


@pytest.mark.thorough
@pytest.mark.parametrize("scaling", SCALINGS)
def test_no_null_vector_exceeds_the_constants(scaling: str) -> None:
    """Combinations of circuits, drawn at random, against nsc_k; and basis pursuit fails where another search says so."""
    rng = np.random.default_rng(0)
    for _, dictionary in SMALL[::3]:
        truth, other = NullSpace(dictionary), Reference(dictionary)
        for k in range(1, truth.n + 1):
            answer = truth.guaranteed_l1(k, scaling)
            assert answer is None or answer is not other.basis_pursuit_fails(k, scaling)
            assert answer is not None or scaling == "unit"
        for _ in range(10 if truth.circuits else 0):
            factors = rng.integers(-3, 4, len(truth.circuits)).tolist()
            h = [sum(f * c[i] for f, c in zip(factors, truth.circuits, strict=True)) for i in range(truth.n)]
            weights = truth.weights(h, scaling)
            largest = sorted((w.lower for w in weights), reverse=True)
            for k in range(1, truth.n + 1 if any(h) else 1):
                least = sum(largest[:k]) / sum(w.upper for w in weights)
                assert least <= truth.null_space_constant(k, scaling).upper


def test_mu_tilde_is_bounded_from_above_by_any_weights() -> None:
    """max |w^T d_j| / |w^T d_i| over j != i is at least mu~_i; the coherence is the case w = d_i."""
    rng = np.random.default_rng(1)
    for _, dictionary in SMALL[::2]:
        truth = NullSpace(dictionary)
        for i in range(truth.n):
            exact = truth.mu_tilde(i, "as-given").exact
            draws = [[Fraction(int(x)) for x in row] for row in rng.integers(-5, 6, (6, truth.m))]
            for w in (*draws, truth.columns[i]):
                products = [abs(sum(a * b for a, b in zip(w, column, strict=True))) for column in truth.columns]
                if products[i]:
                    assert max(x for j, x in enumerate(products) if j != i) / products[i] >= exact
