"""Every rule on small dictionaries: what it derives is true, and it fails where one hypothesis just fails."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import pytest
from certificate_samples import (
    ALL,
    COMPLEX,
    COMPLEX_PLANE,
    IDENTITY_HADAMARD,
    NEARLY_ORTHOGONAL,
    ORTHOGONAL,
    RATIONAL,
    SAMPLES,
    SIMPLEX,
    UNEQUAL,
    Writer,
    answer,
    binary64,
    draft,
    sample,
    truth_of,
)
from certificate_truth import TINY, Truth

import certificates
from certificates.checker import dictionary_from_values
from certificates.format import integers, rational

BIG = 10**3999


def derive(rows, *steps):
    """Check a certificate with these (rule, uses, evidence); each step is claimed to derive nonsense."""
    written = draft(rows)
    for rule, uses, evidence in steps:
        written.claim(written.step(rule, uses, **evidence), "nonsense")
    return answer(rows, written)


def derived(rows, *steps):
    """What the last of these steps derives, found by searching the claim that is accepted among `candidates`."""
    found = derive(rows, *steps)
    assert isinstance(found, certificates.Rejected)
    assert found.step == "claim 0", found  # every step was derived, only the nonsense was refused


def refused(rows, *steps):
    """The reason for which the last of these steps is refused."""
    found = derive(rows, *steps)
    assert isinstance(found, certificates.Rejected), found
    assert found.step == f"step {len(steps) - 1} ({steps[-1][0]})", found
    return found.why


def asked(level, question, scaling="unit"):
    return {"level": level, "question": question, "scaling": scaling}


def coherence(i, j):
    return ("mutual-coherence", [], {"pair": [i, j]})


def bounds(*upper, lower=None):
    lower = lower or ["0"] * len(upper)
    return ("babel", [], {"lower": list(lower), "upper": list(upper)})


def null(support, real, imaginary=None):
    return ("null-vector", [], {"imaginary": imaginary, "real": real, "support": support})


def minor(rows, columns, modulus=10007, root=0):
    return ("rank", [], {"columns": columns, "modulus": modulus, "root": root, "rows": rows})


NORMS = ("atom-norms", [], {})
SIMPLEX_NULL = null([0, 1, 2, 3], integers([1, 1, 1, 1]))
REPEATED = [[1, 1, 0], [0, 0, 1]]


@pytest.mark.parametrize("name", SAMPLES)
def test_valid_certificates_are_accepted_and_all_their_claims_are_true(name):
    one = sample(name)
    found = certificates.check(one.data, dictionary=one.rows)
    assert isinstance(found, certificates.Accepted), found
    assert len(found.claims) == len(one.content()["claims"])
    for statement in found.claims:
        assert one.truth.holds(statement) is True, statement


def test_every_rule_is_used_by_a_valid_sample():
    used = {step["rule"] for name in SAMPLES for step in sample(name).content()["steps"]}
    assert used == set(certificates.checker.RULES)


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
        (null([0, 1, 2, 3], binary64([1.0] * 3)), "binary64 in real is not the base64 of 4 8-byte values"),
        (null([0, 1, 2, 3], binary64([1.0] * 5)), "binary64 in real is not a text of at most"),
        (null([0, 1, 2, 3], binary64([1.0] * 5000)), "is not a text of at most"),
        (null([0, 1, 2, 3], binary64([1.0, 1.0, 1.0, float("nan")])), "binary64 holds a value that is not finite"),
        (null([0, 1, 2, 3], binary64([1.0, 1.0, 1.0, float("inf")])), "binary64 holds a value that is not finite"),
        (null([0, 1, 2, 3], {"binary64": "*"}), "binary64 in real is not base64"),
        (null([0, 1, 2, 3], {"binary64": "AAAA AAA"}), "binary64 in real is not base64"),
        (null([0], {"binary64": "AAAAAAAAAAB="}), "not the base64 of 1 8-byte values"),
        (null([0, 1, 2, 3], integers([1, 1, 1, 0])), "the value at atom 3 is zero"),
        (null([0, 1, 2, 3], binary64([1.0, 1.0, -0.0, 1.0])), "the value at atom 2 is zero"),
        (null([0, 1, 2, 3], integers([1, 1, 1, 2])), "D h is not zero in row 0"),
        (null([0, 1, 2], integers([1, 1, 1])), "D h is not zero in row"),
        (null([0, 1, 3, 2], integers([1, 1, 1, 1])), "strictly increasing"),
        (null([0, 1, 2, 4], integers([1, 1, 1, 1])), "indices below 4"),
        (null([0, 1, 2, 3], integers([1] * 4), integers([0] * 4)), "imaginary is not null, and the dictionary is real"),
        (null([0, 1, 2, 3], integers([1] * 4, 5001)), "exponent from -5000 to 5000"),
        (null([0, 1, 2, 3], integers([1] * 4, -5001)), "exponent from -5000 to 5000"),
        (null([0, 1, 2, 3], {"exponent": True, "integers": ["1"] * 4}), "exponent from -5000 to 5000"),
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


# --- consequences for the spark ---


def test_independence_by_rank_needs_full_column_rank():
    derived(ORTHOGONAL, minor([0, 1, 2], [0, 1, 2]), ("independence-by-rank", [0], {}))
    why = refused(ORTHOGONAL, minor([0, 1], [0, 2]), ("independence-by-rank", [0], {}))
    assert "not proved to be the number of atoms" in why


@pytest.mark.parametrize("name", ALL)
def test_spark_bounds_are_the_sharpest_of_their_theorem_and_true(name):
    rows, truth = ALL[name], truth_of(ALL[name])
    pair = next(p for p in itertools.combinations(range(truth.n), 2) if truth.coherence_squared(*p) == truth.mu_squared)
    if truth.mu_squared == 0:
        steps = [coherence(*pair), ("spark-by-coherence", [0], {})]
        assert "use independence-by-coherence" in refused(rows, *steps)
        steps = [coherence(*pair), ("spark-by-orthogonal-families", [0], {"first": [0]})]
        assert "use independence-by-coherence" in refused(rows, *steps)
        return
    value = next(s for s in range(1, 10**6) if (s - 1) ** 2 * truth.mu_squared >= 1)
    assert truth.spark >= value
    for claimed in (value - 1, value, value + 1):
        w = Writer(rows)
        w.spark_lower("spark-by-coherence", w.coherence(), claimed)
        assert isinstance(answer(rows, w), certificates.Accepted) is (claimed == value)
    below = (truth.n - 1) ** 2 * truth.mu_squared < 1
    w = Writer(rows)
    w.plain("independence-by-coherence", [w.coherence()], "independent")
    found = answer(rows, w)
    assert isinstance(found, certificates.Accepted) is below
    if not below:
        assert "(n-1) mu is not below 1" in found.why


def test_independence_by_coherence_just_fails_at_equality():
    """Three atoms at 120 degrees in the plane: (n-1) mu = 1, and they are dependent. Exact over Q(sqrt 3): as simplex."""
    why = refused(SIMPLEX, coherence(0, 1), ("independence-by-coherence", [0], {}))
    assert "(n-1) mu is not below 1" in why
    why = refused([[1, -2]], coherence(0, 1), ("independence-by-coherence", [0], {}))
    assert "(n-1) mu is not below 1" in why


def test_spark_by_babel_counts_from_the_first_bound_that_reaches_one():
    """Identity and Hadamard: mu_1(k) = k/2, so mu_1(2) = 1 and spark >= 3."""
    rows = IDENTITY_HADAMARD
    for upper, value in (
        (["1/2", "1"], 3),
        (["1/2", "99/98"], 3),
        (["1"], 2),
        (["1/2"], 3),
        (["3/4", "1", "3/2"], 3),
        (["1", "1", "3/2"], 2),
    ):
        for claimed in (value - 1, value, value + 1):
            w = Writer(rows)
            at = w.step("babel", lower=["0"] * len(upper), upper=upper)
            w.spark_lower("spark-by-babel", at, claimed)
            assert isinstance(answer(rows, w), certificates.Accepted) is (claimed == value)
    assert truth_of(rows).spark == 4


def test_independence_by_babel_needs_all_orders_below_one():
    derived(NEARLY_ORTHOGONAL, bounds("1/5", "1/2"), ("independence-by-babel", [0], {}))
    why = refused(NEARLY_ORTHOGONAL, bounds("1/5", "1/2"), ("spark-by-babel", [0], {}))
    assert "use independence-by-babel" in why
    for upper in (["1/5"], ["1/5", "1"], ["1", "1/2"]):
        why = refused(NEARLY_ORTHOGONAL, bounds(*upper), ("independence-by-babel", [0], {}))
        assert "mu_1(n-1) is not proved to be below 1" in why


def test_simplex_babel_reaches_one_and_is_not_independent():
    up = rational(truth_of(SIMPLEX).babel(3).limit_denominator(10**30) + Fraction(1, 10**25))
    why = refused(SIMPLEX, bounds("1/2", "7/10", up), ("independence-by-babel", [0], {}))
    assert "mu_1(n-1) is not proved to be below 1" in why


def test_orthogonal_families():
    families = "spark-by-orthogonal-families"
    rows, mu = IDENTITY_HADAMARD, coherence(0, 4)
    derived(rows, mu, (families, [0], {"first": [0, 1, 2, 3]}))
    derived(rows, mu, (families, [0], {"first": [4, 5, 6, 7]}))
    for first, why in (
        ([], "one of the families is empty"),
        ([0, 1, 2, 3, 4, 5, 6, 7], "atoms 0 and 4 of one family are not orthogonal"),
        ([0, 1, 2], "atoms 3 and 4 of one family are not orthogonal"),
        ([0, 1, 2, 3, 4], "atoms 0 and 4 of one family are not orthogonal"),
        ([1, 0], "strictly increasing"),
        ([8], "indices below 8"),
    ):
        assert why in refused(rows, mu, (families, [0], {"first": first}))
    assert "one of the families is empty" in refused(ORTHOGONAL, coherence(0, 1), (families, [0], {"first": [0, 1, 2]}))
    for value in (3, 4, 5):
        w = Writer(rows)
        w.spark_lower(families, w.coherence(), value, first=[0, 1, 2, 3])
        assert isinstance(answer(rows, w), certificates.Accepted) is (value == truth_of(rows).spark == 4)


def test_dependence_by_dimension_needs_more_atoms_than_rows():
    derived(SIMPLEX, ("dependence-by-dimension", [], {}))
    assert "no more atoms than dimensions" in refused(ORTHOGONAL, ("dependence-by-dimension", [], {}))


# --- guarantees ---


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("scaling", ["unit", "as-given"])
def test_guarantees_hold_at_exactly_the_levels_of_their_condition_and_are_true(name, scaling):
    rows, truth = ALL[name], truth_of(ALL[name])
    equal = len({truth.norm_squared(i) for i in range(truth.n)}) == 1
    babel = [Fraction(0), *(truth.babel(k) for k in range(1, truth.n))]
    babel.append(babel[-1])
    independent = truth.rank == truth.n
    expected = {
        ("uniqueness-by-spark", "l0"): lambda k: (2 * k - 1) ** 2 * truth.mu_squared < 1,
        ("recovery-by-coherence", "l1"): lambda k: (2 * k - 1) ** 2 * truth.mu_squared < 1,
        ("recovery-by-coherence", "omp"): lambda k: (2 * k - 1) ** 2 * truth.mu_squared < 1,
        ("recovery-by-babel", "l1"): lambda k: babel[k - 1] + babel[k] < 1 - TINY,
        ("recovery-by-babel", "omp"): lambda k: babel[k - 1] + babel[k] < 1 - TINY,
        ("recovery-by-independence", "l0"): lambda _: independent,
        ("recovery-by-independence", "l1"): lambda _: independent,
        ("recovery-by-orthogonality", "omp"): lambda _: truth.mu_squared == 0,
    }
    for (rule, question), condition in expected.items():
        for level in range(1, truth.n + 1):
            w = Writer(rows)
            mu = w.coherence()
            if rule == "uniqueness-by-spark":
                if truth.mu_squared == 0:
                    continue
                uses = [
                    w.spark_lower(
                        "spark-by-coherence", mu, next(s for s in range(1, 99) if (s - 1) ** 2 * truth.mu_squared >= 1)
                    )
                ]
            elif rule == "recovery-by-babel":
                uses = [w.babel(truth.n - 1)]
            elif rule == "recovery-by-independence":
                if not independent:
                    continue
                uses = [w.rank(list(range(truth.n)), list(range(truth.n)))]
                uses = [w.plain("independence-by-rank", uses, "independent")]
            else:
                uses = [mu]
            needs_norms = scaling == "as-given" and rule in ("recovery-by-coherence", "recovery-by-babel")
            if needs_norms:
                uses.append(w.norms())
            at = w.asked(rule, uses, level, question, scaling)
            found = answer(rows, w)
            holds = condition(level) and (equal or not needs_norms)
            assert isinstance(found, certificates.Accepted) is holds, (rule, question, level, found)
            if holds:
                assert truth.holds(w.claims[-1]["statement"]) in (True, None)
                assert truth.is_complex or truth.holds(w.claims[-1]["statement"]) is True
            else:
                assert found.step == f"step {at} ({rule})"
                wanted = "do not have equal norms" if needs_norms and not equal else "does not hold at level"
                assert wanted in found.why


def test_recovery_by_babel_needs_bounds_up_to_its_level():
    rows = NEARLY_ORTHOGONAL
    derived(rows, bounds("1/4"), ("recovery-by-babel", [0], asked(1, "l1")))
    why = refused(rows, bounds("1/4"), ("recovery-by-babel", [0], asked(2, "l1")))
    assert "does not hold at level 2" in why
    derived(rows, bounds("1/4", "49/100"), ("recovery-by-babel", [0], asked(3, "omp")))
    assert "does not hold" in refused(rows, bounds("1/4", "1/2"), ("recovery-by-babel", [0], asked(3, "omp")))
    assert "does not hold" in refused(rows, bounds("1/4", "3/4"), ("recovery-by-babel", [0], asked(2, "omp")))


def test_equality_guarantees_nothing():
    """At level 2 the simplex has (2k-1) mu = 1: nothing is guaranteed, and the null vector refutes it."""
    step = ("recovery-by-coherence", [0], asked(2, "l1"))
    assert "does not hold at level 2" in refused(SIMPLEX, coherence(0, 1), step)
    derived(SIMPLEX, SIMPLEX_NULL, ("failure-by-heavy-part", [0], asked(2, "l1")))
    spark = [coherence(0, 1), ("spark-by-coherence", [0], {})]
    derived(SIMPLEX, *spark, ("uniqueness-by-spark", [1], asked(1, "l0")))
    assert "does not hold at level 2" in refused(SIMPLEX, *spark, ("uniqueness-by-spark", [1], asked(2, "l0")))


def test_coherence_says_nothing_about_unequal_atoms_as_given():
    """With c = 1/10 unweighted basis pursuit fails at level 1 although mu^2 = 1/2."""
    steps = [coherence(0, 2), NORMS, ("recovery-by-coherence", [0, 1], asked(1, "l1", "as-given"))]
    assert "do not have equal norms" in refused(UNEQUAL, *steps)
    derived(UNEQUAL, coherence(0, 2), ("recovery-by-coherence", [0], asked(1, "l1", "unit")))
    vector = null([0, 1, 2], integers([1, 1, -10]))
    derived(UNEQUAL, vector, ("failure-by-heavy-part", [0], asked(1, "l1", "as-given")))
    assert "not proved to weigh half" in refused(
        UNEQUAL, vector, ("failure-by-heavy-part", [0], asked(1, "l1", "unit"))
    )


# --- refutations ---


def test_two_codes_need_at_most_twice_the_level():
    for question, scaling in itertools.product(("l0", "l1", "omp"), ("unit", "as-given")):
        derived(SIMPLEX, SIMPLEX_NULL, ("failure-by-two-codes", [0], asked(2, question, scaling)))
        why = refused(SIMPLEX, SIMPLEX_NULL, ("failure-by-two-codes", [0], asked(1, question, scaling)))
        assert "has 4 nonzeros, more than twice the level 1" in why
    three = null([0, 1, 2], integers([1, 0, -1]), integers([0, 1, 0]))
    derived(COMPLEX_PLANE, three, ("failure-by-two-codes", [0], asked(2, "l0")))
    why = refused(COMPLEX_PLANE, three, ("failure-by-two-codes", [0], asked(1, "l0")))
    assert "has 3 nonzeros, more than twice the level 1" in why


def test_dimension_refutes_from_half_of_it_on():
    steps = [("dependence-by-dimension", [], {})]
    derived(SIMPLEX, *steps, ("failure-by-dimension", [0], asked(2, "omp")))
    why = refused(SIMPLEX, *steps, ("failure-by-dimension", [0], asked(1, "omp")))
    assert "4 dependent atoms are more than twice the level 1" in why
    derived(COMPLEX_PLANE, *steps, ("failure-by-dimension", [0], asked(2, "omp")))
    why = refused(COMPLEX_PLANE, *steps, ("failure-by-dimension", [0], asked(1, "omp")))
    assert "3 dependent atoms are more than twice the level 1" in why


def test_heavy_part_at_equality_and_just_below():
    rows = [[1, 1, 1]]
    derived(rows, null([0, 1, 2], integers([2, -1, -1])), ("failure-by-heavy-part", [0], asked(1, "l1")))
    for c, accepted in ((10**20, True), (10**20 + 1, True), (10**20 - 1, False)):
        rows = [[10**20, c, c]]
        steps = (
            null([0, 1, 2], integers([-2 * c, 10**20, 10**20])),
            ("failure-by-heavy-part", [0], asked(1, "l1", "as-given")),
        )
        assert (2 * c >= 10**20 + 10**20) is accepted
        if accepted:
            derived(rows, *steps)
        else:
            assert "the 1 heaviest entries are not proved to weigh half" in refused(rows, *steps)
    derived([[1, 2]], null([0, 1], integers([2, -1])), ("failure-by-heavy-part", [0], asked(1, "l1", "unit")))


def test_uniqueness_by_recovery_needs_a_method_and_its_level():
    # mu = 1/5 for six corners of a simplex: l1 and omp up to level 2, and six atoms that sum to zero refute level 3.
    rows = [[6 * (i == j) - 1 for j in range(6)] for i in range(6)]
    mu = ("mutual-coherence", [], {"pair": [0, 1]})
    for question in ("l1", "omp"):
        recovery = ("recovery-by-coherence", [0], asked(2, question))
        derived(rows, mu, recovery, ("uniqueness-by-recovery", [1], asked(2, "l0", "as-given")))
        derived(rows, mu, recovery, ("uniqueness-by-recovery", [1], asked(1, "l0")))
        assert "at level 3" in refused(rows, mu, recovery, ("uniqueness-by-recovery", [1], asked(3, "l0")))
    spark = ("spark-by-coherence", [0], {})
    unique = ("uniqueness-by-spark", [1], asked(2, "l0"))
    assert "at level 2" in refused(rows, mu, spark, unique, ("uniqueness-by-recovery", [2], asked(2, "l0")))


def test_heavy_part_names_its_atoms():
    # Weights 3, 1, 1, 1: the heavy part of level 1 is the first atom; of level 2 the first of the equal ones too.
    rows = [[1, 3, 0, 0], [1, 0, 3, 0], [1, 0, 0, 3]]
    for level, part, is_true in ((1, [0], True), (2, [0, 1], True), (2, [0, 2], False), (1, [1], False)):
        written = draft(rows)
        vector = written.step("null-vector", imaginary=None, real=integers([3, -1, -1, -1]), support=[0, 1, 2, 3])
        asked_for = asked(level, "l1", "as-given")
        step = written.step("failure-by-heavy-part", [vector], **asked_for)
        values = {"imaginary": None, "real": integers([3, -1, -1, -1]), "support": [0, 1, 2, 3]}
        written.claim(step, "refuted", **asked_for, **values, part=part, theorem="failure-by-heavy-part")
        assert isinstance(answer(rows, written), certificates.Accepted if is_true else certificates.Rejected)


def test_heavy_part_does_not_round_small_weights_away():
    """Weights 1, 1, 2^-200, 2^-200 in units of the first: the two small ones lie below the resolution and still count."""
    rows = [[2**200, 1, 0, 0], [0, 0, 1, 1]]
    vector = null([0, 1, 2, 3], integers([1, -(2**200), 1, -1]))
    assert "not proved to weigh half" in refused(rows, vector, ("failure-by-heavy-part", [0], asked(1, "l1", "unit")))
    derived(rows, vector, ("failure-by-heavy-part", [0], asked(2, "l1", "unit")))


def test_heavy_part_weighs_with_the_norms_where_atoms_are_unit():
    rows = [[1, 1, 10], [0, 0, 0]]
    vector = null([0, 1, 2], integers([5, 5, -1]))
    derived(rows, vector, ("failure-by-heavy-part", [0], asked(1, "l1", "unit")))
    assert "not proved" in refused(rows, vector, ("failure-by-heavy-part", [0], asked(1, "l1", "as-given")))


def test_heavy_part_of_a_complex_null_vector_takes_moduli():
    """(e1, e2, e1 + i e2) with h = (1, i, -1): all of modulus 1; as real and imaginary parts they would be unequal."""
    vector = null([0, 1, 2], integers([1, 0, -1]), integers([0, 1, 0]))
    derived(COMPLEX_PLANE, vector, ("failure-by-heavy-part", [0], asked(2, "l1", "as-given")))
    assert "not proved" in refused(COMPLEX_PLANE, vector, ("failure-by-heavy-part", [0], asked(1, "l1", "as-given")))
    three_four = null([0, 1], integers([5, -3]), integers([0, -4]))  # |3 + 4i| = 5
    rows = [[3 + 4j, 5 + 0j]]
    derived(rows, three_four, ("failure-by-heavy-part", [0], asked(1, "l1", "as-given")))


# --- what all rules ask of their evidence and premises ---


@pytest.mark.parametrize("rule", sorted(certificates.checker.RULES))
def test_evidence_has_exactly_its_fields(rule):
    evidence = next(s["evidence"] for name in SAMPLES for s in sample(name).content()["steps"] if s["rule"] == rule)
    rows = next(
        sample(name).rows for name in SAMPLES if any(s["rule"] == rule for s in sample(name).content()["steps"])
    )
    assert "unknown field surplus" in refused(rows, (rule, [], {**evidence, "surplus": 1}))
    for missing in evidence:
        rest = {key: value for key, value in evidence.items() if key != missing}
        assert f"evidence has no field {missing}" in refused(rows, (rule, [], rest))


PREMISES = {
    "independence-by-rank": "rank",
    "spark-by-coherence": "mutual-coherence",
    "independence-by-coherence": "mutual-coherence",
    "spark-by-babel": "babel",
    "independence-by-babel": "babel",
    "spark-by-orthogonal-families": "mutual-coherence",
    "spark-by-null-vector": "null-vector",
    "spark-by-dimension": "dependent-atoms",
    "uniqueness-by-spark": "spark-lower",
    "uniqueness-by-recovery": "guaranteed",
    "recovery-by-coherence": "mutual-coherence",
    "recovery-by-babel": "babel",
    "recovery-by-independence": "independent",
    "recovery-by-orthogonality": "mutual-coherence",
    "failure-by-two-codes": "null-vector",
    "failure-by-dimension": "dependent-atoms",
    "failure-by-heavy-part": "null-vector",
}


@pytest.mark.parametrize("rule", sorted(certificates.checker.RULES))
def test_premises_are_of_the_right_number_and_kind(rule):
    evidence = next(s["evidence"] for name in SAMPLES for s in sample(name).content()["steps"] if s["rule"] == rule)
    evidence = {**evidence, "scaling": "unit"} if "scaling" in evidence else evidence
    rows = next(
        sample(name).rows for name in SAMPLES if any(s["rule"] == rule for s in sample(name).content()["steps"])
    )
    welch = ("welch-bound", [], {})
    wanted = PREMISES.get(rule)
    if wanted is None:
        assert "it needs 0 premises and uses 1" in refused(rows, welch, (rule, [0], evidence))
        return
    assert "it needs 1 premises and uses 0" in refused(rows, (rule, [], evidence))
    assert "it needs 1 premises and uses 2" in refused(rows, welch, (rule, [0, 0], evidence))
    why = refused(rows, welch, (rule, [0], evidence))
    assert f"it needs a statement of kind {wanted}; step 0 derives welch-bound" in why


def test_premises_in_the_wrong_order_are_refused():
    steps = [coherence(0, 1), NORMS, ("recovery-by-coherence", [1, 0], asked(1, "l1", "as-given"))]
    why = refused(SIMPLEX, *steps)
    assert "it needs a statement of kind mutual-coherence; step 1 derives atom-norms" in why
    steps = [coherence(0, 1), ("recovery-by-coherence", [0, 0], asked(1, "l1", "as-given"))]
    assert "it needs a statement of kind atom-norms" in refused(SIMPLEX, *steps)
    steps = [coherence(0, 1), NORMS, ("recovery-by-coherence", [0, 1], asked(1, "l1", "unit"))]
    assert "it needs 1 premises and uses 2" in refused(SIMPLEX, *steps)


@pytest.mark.parametrize(
    "change, why",
    [
        ({"level": 0}, "level is not from 1 to 4"),
        ({"level": 5}, "level is not from 1 to 4"),
        ({"level": -1}, "level in evidence is not a natural number"),
        ({"level": True}, "level in evidence is not a natural number"),
        ({"level": "1"}, "level in evidence is not a natural number"),
        ({"level": None}, "level in evidence is not a natural number"),
        ({"question": "l2"}, "question in evidence is not one of l1, omp"),
        ({"question": "l0"}, "question in evidence is not one of l1, omp"),
        ({"question": ["l1"]}, "question in evidence is not one of l1, omp"),
        ({"scaling": "Unit"}, "scaling in evidence is not one of unit, as-given"),
        ({"scaling": None}, "scaling in evidence is not one of unit, as-given"),
    ],
)
def test_level_question_and_scaling_are_read_strictly(change, why):
    step = ("recovery-by-coherence", [0], {**asked(1, "l1"), **change})
    assert why in refused(SIMPLEX, coherence(0, 1), step)


@pytest.mark.parametrize(
    "rule, question",
    [
        ("uniqueness-by-spark", "l1"),
        ("uniqueness-by-spark", "omp"),
        ("uniqueness-by-recovery", "l1"),
        ("recovery-by-babel", "l0"),
        ("recovery-by-independence", "omp"),
        ("recovery-by-orthogonality", "l1"),
        ("failure-by-heavy-part", "omp"),
        ("failure-by-heavy-part", "l0"),
    ],
)
def test_a_theorem_answers_only_its_questions(rule, question):
    assert "question in evidence is not one of" in refused(SIMPLEX, (rule, [], asked(1, question)))


@pytest.mark.parametrize("pair", [[], [0], [0, 1, 2], [1, 0], [1, 1], [0, 4], [-1, 0], [True, 2], ["0", "1"], None, 3])
def test_a_pair_is_two_increasing_indices(pair):
    assert "pair" in refused(SIMPLEX, ("mutual-coherence", [], {"pair": pair}))


@pytest.mark.parametrize(
    "text",
    [
        "2/4",
        "1/1",
        "-0",
        "0/3",
        "01",
        "1/02",
        "+1",
        "1/0",
        "1/-2",
        " 1",
        "1.0",
        "1e3",
        "",
        "1/",
        "/1",
        "9" * 4001,
        1,
        None,
    ],
)
def test_a_rational_number_has_one_spelling(text):
    assert "is not a rational number in lowest terms" in refused(SIMPLEX, bounds(text))


def test_rational_numbers_have_up_to_4000_digits():
    derived(SIMPLEX, bounds(str(10**4000 - 1)))
    rows = [[BIG, 1], [0, 1]]
    assert "more than 4000 digits" in refused(rows, NORMS)


def test_an_unknown_rule_is_refused_by_name():
    assert "this checker knows no such rule" in refused(SIMPLEX, ("recovery-by-faith", [], {}))


def test_what_was_relied_on_is_said_once_each():
    found = certificates.check(sample("simplex").data, dictionary=SIMPLEX)
    assert isinstance(found, certificates.Accepted)
    assert len(set(found.relied_on)) == len(found.relied_on) == 3
    written = Writer(SIMPLEX)
    written.loader = "scipy"
    written.norms()
    found = answer(SIMPLEX, written)
    assert isinstance(found, certificates.Accepted)
    assert found.relied_on == ("the loader 'scipy', for how the values checked came from the source",)
