"""Rules that measure the dictionary: what they derive is true, and they refuse what just fails."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import pytest
from certificate_dictionaries import COMPLEX, COMPLEX_PLANE, IDENTITY_HADAMARD, RATIONAL, SIMPLEX, UNEQUAL, truth_of
from certificate_steps import (
    REPEATED,
    bounds,
    coherence,
    derive,
    derived,
    minor,
    null,
    refused,
)
from certificate_truth import Truth
from certificate_writer import answer, binary64, draft

import certificates
from certificates.checker import dictionary_from_values
from certificates.format import integers, rational

# --- measured facts ---


def test_welch_bound_is_the_formula():
    for m, n in itertools.product(range(1, 5), range(2, 6)):
        rows = [[(i + 1) ** j for j in range(n)] for i in range(m)]
        written = draft(rows)
        squared = rational(Fraction(max(n - m, 0), m * (n - 1)))
        written.claim(written.step("welch-bound"), "welch-bound", squared=squared)
        assert isinstance(answer(rows, written), certificates.Accepted)
        assert truth_of(rows).mu_squared >= Fraction(squared)


def test_mutual_coherence_needs_the_pair_that_attains_it():
    truth = truth_of(RATIONAL)
    accepted = set()
    for pair in itertools.combinations(range(4), 2):
        written = draft(RATIONAL)
        at = written.step("mutual-coherence", pair=list(pair))
        written.claim(at, "mutual-coherence", pair=list(pair), squared=rational(truth.coherence_squared(*pair)))
        found = answer(RATIONAL, written)
        if isinstance(found, certificates.Accepted):
            accepted.add(pair)
        else:
            assert "are more coherent than atoms" in found.why
    assert accepted == {
        p for p in itertools.combinations(range(4), 2) if truth.coherence_squared(*p) == truth.mu_squared
    }


def test_mutual_coherence_tells_nearly_equal_pairs_apart():
    """1/(1 + N^2) and 1/(1 + (N+1)^2) agree in 20 digits."""
    n = 10**20
    rows = [[1, 1, 1], [0, n, 0], [0, 0, n + 1]]
    derived(rows, coherence(0, 1))
    assert "atoms 0 and 1 are more coherent than atoms 0 and 2" in refused(rows, coherence(0, 2))


@pytest.mark.parametrize("kind", ["integer", "float", "fraction", "complex", "wide", "subnormal"])
def test_packed_inner_products_are_exact(kind):
    """The packed Gram matrix against a sum of products, with entries at the limits of a field."""
    source = random.Random(kind)

    def entry():
        if kind == "integer":
            return source.choice((-1, 1)) * source.choice((1, 2**31 - 1, 2**31, 2**32 - 1, 255, 256))
        if kind == "float":
            return source.gauss(0, 1) * 10.0 ** source.randint(-20, 20)
        if kind == "fraction":
            return Fraction(source.randint(-9, 9), source.randint(1, 9))
        if kind == "complex":
            return complex(source.randint(-4, 4), source.randint(-4, 4)) * source.choice((1, 0.125))
        if kind == "wide":
            return source.choice((-1, 1)) * 2.0 ** source.choice((-1000, 0, 1000))
        return source.choice((5e-324, -5e-324, 1e-310, -0.0, 0.0, 2.0**-1022))

    for m, n in ((1, 2), (2, 2), (3, 5), (16, 4), (33, 3)):
        rows = [[entry() for _ in range(n)] for _ in range(m)]
        for j in range(n):
            rows[0][j] = rows[0][j] or (1 if kind != "complex" else 1 + 0j)
        truth, handed_in = Truth(rows), dictionary_from_values(rows)
        for i, j in itertools.combinations(range(n), 2):
            norms = handed_in.squared_norms
            squared = Fraction(handed_in.cross_squared(j, i), norms[i] * norms[j])
            assert squared == truth.coherence_squared(i, j)
        assert [handed_in.squared_norm(i) for i in range(n)] == [truth.norm_squared(i) for i in range(n)]


@pytest.mark.thorough
def test_extreme_signs_fill_a_field_and_do_not_overflow():
    for bits in range(1, 40):
        top = 2**bits - 1
        for m in (1, 3, 4, 7, 8, 15, 16, 17):
            rows = [[top, -top, top, -top] for _ in range(m)]
            rows[0] = [top - 1 or 1, -top, top, 1 - top or -1]
            truth, handed_in = Truth(rows), dictionary_from_values(rows)
            squared = Fraction(handed_in.cross_squared(1, 2), handed_in.squared_norms[1] * handed_in.squared_norms[2])
            assert squared == truth.coherence_squared(1, 2) == 1
            rows = [[complex(top, -top), complex(-top, -top), complex(top, top)] for _ in range(m)]
            truth, handed_in = Truth(rows), dictionary_from_values(rows)
            for i, j in ((0, 1), (0, 2), (1, 2)):
                norms = handed_in.squared_norms
                assert (
                    Fraction(handed_in.cross_squared(i, j), norms[i] * norms[j]) == truth.coherence_squared(i, j) == 1
                )


def test_babel_encloses_and_no_closer_than_the_roots():
    truth = truth_of(RATIONAL)
    for k in range(1, 4):
        value = truth.babel(k)
        for slack, accepted in ((Fraction(1, 2**120), True), (-Fraction(1, 2**120), False)):
            pad, low = ["9"] * (k - 1), ["0"] * (k - 1)
            above = rational((value + slack).limit_denominator(2**200))
            below = rational((value - slack).limit_denominator(2**200))
            for evidence, side in (
                ({"lower": [*low, "0"], "upper": [*pad, above]}, "at most upper"),
                ({"lower": [*low, below], "upper": [*pad, "9"]}, "at least lower"),
            ):
                if accepted:
                    derived(RATIONAL, ("babel", [], evidence))
                else:
                    assert f"mu_1({k}) is not proved to be {side}[{k - 1}]" in refused(
                        RATIONAL, ("babel", [], evidence)
                    )


def test_babel_is_exact_where_the_roots_are():
    """mu_1(k) = k/2 for identity and Hadamard; 1/3 is no multiple of 2^-128 and stays strictly enclosed."""
    halves = ["1/2", "1", "3/2", "2"]
    derived(IDENTITY_HADAMARD, bounds(*halves, lower=halves))
    assert "at most upper[3]" in refused(IDENTITY_HADAMARD, bounds(*halves[:3], "199/100", lower=halves))
    assert "at least lower[3]" in refused(IDENTITY_HADAMARD, bounds(*halves, lower=[*halves[:3], "201/100"]))
    assert "at most upper[0]" in refused(SIMPLEX, bounds("1/3"))
    assert "at least lower[1]" in refused(SIMPLEX, bounds("1", "1", lower=["0", "67/100"]))


@pytest.mark.parametrize("lower, upper", [([], []), (["0"] * 4, ["9"] * 4), (["0"], ["9", "9"]), (["0", "0"], ["9"])])
def test_babel_needs_two_lists_of_the_same_length(lower, upper):
    assert "not two lists of the same length" in refused(SIMPLEX, ("babel", [], {"lower": lower, "upper": upper}))


def test_rank_over_every_minor_and_small_modulus_never_exceeds_the_truth():
    for rows in (RATIONAL, COMPLEX_PLANE, REPEATED, [[2, 4, 6], [1, 2, 3], [0, 0, 15]]):
        truth = truth_of(rows)
        accepted = set()
        for size in range(1, min(truth.m, truth.n) + 1):
            for r, c in itertools.product(
                itertools.combinations(range(truth.m), size), itertools.combinations(range(truth.n), size)
            ):
                for modulus, root in ((3, 0), (4, 0), (6, 0), (15, 0), (10007, 0), (5, 2), (5, 3), (65, 8), (13, 5)):
                    found = derive(rows, minor(list(r), list(c), modulus, root))
                    if found.step == "claim 0":
                        accepted.add(size)
        assert max(accepted) == truth.rank


def test_rank_over_a_composite_modulus_needs_invertible_pivots():
    rows = [[2, 0], [0, 3]]
    derived([[2, 1], [1, 1]], minor([0, 1], [0, 1], 4))
    assert "not proved to be invertible" in refused([[2, 1], [0, 2]], minor([0, 1], [0, 1], 4))
    assert "not proved to be invertible" in refused(REPEATED, minor([0, 1], [0, 1]))
    derived(rows, minor([0, 1], [0, 1], 6))  # atoms are taken as primitive vectors: (1, 0) and (0, 1)


@pytest.mark.parametrize(
    "step, why",
    [
        (minor([], []), "not two lists of the same positive length"),
        (minor([0], [0, 1]), "not two lists of the same positive length"),
        (minor([0], [0], 2), "modulus is not above 2"),
        (minor([0], [0], 1), "modulus is not above 2"),
        (minor([0], [0], 0), "modulus is not above 2"),
        (minor([0], [0], 5, 2), "root is not 0"),
        (minor([1, 0], [0, 1]), "rows in evidence is not strictly increasing"),
        (minor([0, 0], [0, 1]), "rows in evidence is not strictly increasing"),
        (minor([0, 3], [0, 1]), "rows in evidence is not a list of indices below 3"),
        (minor([0, 1], [0, 4]), "columns in evidence is not a list of indices below 4"),
    ],
)
def test_rank_refuses(step, why):
    assert why in refused(SIMPLEX, step)


def test_rank_of_a_complex_dictionary_needs_a_square_root_of_minus_one():
    derived(COMPLEX, minor([0, 1, 2], [0, 1, 2], 5, 3))
    for root in (0, 1, 4):
        assert "not a square root of -1" in refused(COMPLEX, minor([0, 1, 2], [0, 1, 2], 5, root))


@pytest.mark.parametrize(
    "array", [integers([1, 1, 1, 1]), integers([-3, -3, -3, -3], 7), integers([1] * 4, -5000), binary64([5e-324] * 4)]
)
def test_null_vectors_at_any_scale(array):
    derived(SIMPLEX, null([0, 1, 2, 3], array))


def test_real_and_imaginary_part_may_have_different_exponents():
    """(e1, e2, e1 + i e2): 4, then 4i spelled as 1 * 2^2."""
    rows = COMPLEX_PLANE
    derived(rows, null([0, 1, 2], integers([4, 0, -4]), integers([0, 1, 0], 2)))
    derived(rows, null([0, 1, 2], integers([1, 0, -1], 2), integers([0, 4, 0])))
    assert "D h is not zero in row 1" in refused(rows, null([0, 1, 2], integers([4, 0, -4]), integers([0, 1, 0], 3)))
    assert "D h is not zero in row 1" in refused(rows, null([0, 1, 2], integers([4, 0, -4]), integers([0, -1, 0], 2)))
    # the conjugate of a null vector of the conjugate dictionary is not one here
    assert "D h is not zero in row 1" in refused(rows, null([0, 1, 3], integers([1, 0, -1]), integers([0, 1, 0])))


def test_null_vector_uses_the_scale_of_each_atom():
    derived(UNEQUAL, null([0, 1, 2], integers([1, 1, -10])))
    assert "D h is not zero in row 0" in refused(UNEQUAL, null([0, 1, 2], integers([1, 1, -1])))
    derived([[1.0, 2.0**-1000]], null([0, 1], integers([1, -(2**1000)])))
    derived([[Fraction(1, 3), Fraction(1, 5)]], null([0, 1], integers([3, -5])))


@pytest.mark.parametrize(
    "step, why",
    [
        (null([], integers([])), "support is empty"),
        (null([0, 1, 2, 3], integers([1, 1, 1])), "real in evidence is not an array of length 4"),
        (null([0, 1, 2, 3], binary64([1.0] * 3)), "binary64 in real is not the base64 of 32 bytes"),
        (null([0, 1, 2, 3], binary64([1.0] * 5)), "binary64 in real is not a text of at most"),
        (null([0, 1, 2, 3], binary64([1.0] * 5000)), "is not a text of at most"),
        (null([0, 1, 2, 3], binary64([1.0, 1.0, 1.0, float("nan")])), "binary64 holds a value that is not finite"),
        (null([0, 1, 2, 3], binary64([1.0, 1.0, 1.0, float("inf")])), "binary64 holds a value that is not finite"),
        (null([0, 1, 2, 3], {"binary64": "*"}), "binary64 in real is not base64"),
        (null([0, 1, 2, 3], {"binary64": "AAAA AAA"}), "binary64 in real is not base64"),
        (null([0], {"binary64": "AAAAAAAAAAB="}), "not the base64 of 8 bytes"),
        (null([0, 1, 2, 3], integers([1, 1, 1, 0])), "the value at atom 3 is zero"),
        (null([0, 1, 2, 3], binary64([1.0, 1.0, -0.0, 1.0])), "the value at atom 2 is zero"),
        (null([0, 1, 2, 3], integers([1, 1, 1, 2])), "D h is not zero in row 0"),
        (null([0, 1, 2], integers([1, 1, 1])), "D h is not zero in row"),
        (null([0, 1, 3, 2], integers([1, 1, 1, 1])), "strictly increasing"),
        (null([0, 1, 2, 4], integers([1, 1, 1, 1])), "indices below 4"),
        (null([0, 1, 2, 3], integers([1] * 4), integers([0] * 4)), "imaginary is not null, and the dictionary is real"),
        (null([0, 1, 2, 3], integers([1] * 4, 5001)), "exponent in real is not an integer from -5000 to 5000"),
        (null([0, 1, 2, 3], integers([1] * 4, -5001)), "exponent in real is not an integer from -5000 to 5000"),
        (
            null([0, 1, 2, 3], {"exponent": True, "integers": ["1"] * 4}),
            "exponent in real is not an integer from -5000 to 5000",
        ),
        (null([0, 1, 2, 3], {"exponent": 0, "integers": ["1"] * 3 + ["01"]}), "not a hexadecimal integer"),
        (null([0, 1, 2, 3], {"exponent": 0, "integers": ["1"] * 3 + ["-0"]}), "not a hexadecimal integer"),
        (null([0, 1, 2, 3], {"exponent": 0, "integers": ["1"] * 3 + ["A"]}), "not a hexadecimal integer"),
        (null([0, 1, 2, 3], {"exponent": 0, "integers": ["1"] * 3 + ["1_0"]}), "not a hexadecimal integer"),
        (null([0, 1, 2, 3], {"exponent": 0, "integers": ["1"] * 3 + ["0x1"]}), "not a hexadecimal integer"),
        (null([0, 1, 2, 3], {"exponent": 0, "integers": ["1"] * 3 + [1]}), "not a hexadecimal integer"),
        (null([0, 1, 2, 3], {"exponent": 0, "integers": ["1"] * 3 + ["1" * 50001]}), "not a hexadecimal integer"),
        (null([0, 1, 2, 3], ["1", "1", "1", "1"]), "real is not an object"),
        (null([0, 1, 2, 3], {"binary64": "", "exponent": 0}), "real has no field integers"),
    ],
)
def test_null_vector_refuses(step, why):
    assert why in refused(SIMPLEX, step)


def test_null_vector_of_a_complex_dictionary_needs_both_parts():
    assert "imaginary is not an object" in refused(COMPLEX_PLANE, null([0, 1, 2], integers([1, 1, 1])))
    zero = null([0, 1, 2], integers([1, 0, -1]), integers([0, 0, 0]))
    assert "the value at atom 1 is zero" in refused(COMPLEX_PLANE, zero)
