"""Rules that conclude: spark, guarantees, refutations, at the levels of their condition and no further."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from certificate_dictionaries import (
    ALL,
    COMPLEX_PLANE,
    IDENTITY_HADAMARD,
    NEARLY_ORTHOGONAL,
    ORTHOGONAL,
    SIMPLEX,
    UNEQUAL,
    truth_of,
)
from certificate_steps import (
    NORMS,
    SIMPLEX_NULL,
    asked,
    bounds,
    coherence,
    derived,
    minor,
    null,
    refused,
)
from certificate_writer import Writer, answer, draft
from gaussian_rationals import TINY

import certificates
from certificates.format import integers, rational

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
