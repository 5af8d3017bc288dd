"""Rules about null spaces: they accept what SPEC.md says, to the last unit, and only what is true."""

from __future__ import annotations

import itertools
import math
import random
from fractions import Fraction

import certificate_specified as specified
import pytest
from certificate_dictionaries import COMPLEX_PLANE, CORNERS, SIMPLEX, STAR, UNEQUAL, truth_of
from certificate_duals import duals_of
from certificate_steps import NORMS, asked, derived, minor, null, refused
from certificate_truth import Truth, decoded
from certificate_writer import packed_integers
from exact_null_space import NullSpace, small_real_dictionaries
from gaussian_rationals import TINY
from null_space_steps import BY_SUPPORTS, COLUMNS, ONE, SCALINGS, VALUES, run, subjects

from certificates.checker import dictionary_from_values
from certificates.format import integers, rational

# --- values of supports ---


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("scaling", SCALINGS)
def test_values_are_those_of_the_specification_and_true(order, scaling):
    source = random.Random(order)
    for name, subject, truth in subjects():
        if order > subject.n:
            continue
        bits = source.choice((0, 7, 60))
        chosen = list(itertools.combinations(range(subject.n), order))
        numbers = duals_of(truth, chosen, scaling, 10)
        if source.random() < 0.3:
            numbers = [x + source.randint(-300, 300) for x in numbers]
        exponent = min(bits, -10)
        found = run(
            subject,
            "support-values",
            [],
            bits=bits,
            duals=integers(numbers, exponent),
            order=order,
            scaling=scaling,
        )
        assert isinstance(found, dict), (name, found)
        scale = Fraction(2) ** exponent
        expected = specified.support_values(truth, scaling, bits, order, [scale * x for x in numbers])
        assert found["values"] == integers([int(value * ONE) for value in expected], -64), name
        assert truth.holds(found) is True, name


def test_values_attain_the_truth_up_to_a_unit():
    """One null vector, all ones: |h_i| / |h|_1 = 1/4 and D* (d_i / 4) = e_i - h/4 exactly."""
    singles = [x for column in zip(*SIMPLEX, strict=True) for x in map(int, column)]
    for bits, unit in ((100, 1), (66, 1), (64, 1), (63, 2), (0, ONE * 3 // 4)):
        evidence = {"bits": bits, "duals": packed_integers(singles, 1, -2), "order": 1, "scaling": "as-given"}
        found = run(dictionary_from_values(SIMPLEX), "support-values", [], **evidence)
        assert isinstance(found, dict)
        assert decoded(found["values"]) == [Fraction(1, 4) + Fraction(unit, ONE)] * 4


def test_values_are_at_most_one():
    found = run(
        dictionary_from_values(SIMPLEX),
        "support-values",
        [],
        bits=9,
        duals=integers([2**4000] * 12),
        order=1,
        scaling="unit",
    )
    assert isinstance(found, dict)
    assert decoded(found["values"]) == [1] * 4


REFUSED_VALUES = [
    ({"bits": 5001}, "bits is above 5000"),
    ({"bits": -1}, "bits in evidence is not a natural number"),
    ({"order": 0}, "order is not from 1 to 3"),
    ({"order": 4}, "order is not from 1 to 3"),
    ({"order": True}, "order in evidence is not a natural number"),
    ({"scaling": "both"}, "scaling in evidence is not one of"),
    ({"order": 2}, "duals is not the base64 of 36 bytes"),
    ({"duals": packed_integers([0] * 11, 1)}, "duals is not the base64 of 12 bytes"),
    ({"duals": packed_integers([0] * 12, 1, 9)}, "the exponent of duals is above bits"),
    ({"duals": integers([0] * 13)}, "duals in evidence is not an array of length 12"),
    ({"duals": None}, "duals is not an object"),
]


@pytest.mark.parametrize("change, why", REFUSED_VALUES)
def test_values_refuse(change, why):
    derived(SIMPLEX, ("support-values", [], VALUES))
    assert why in refused(SIMPLEX, ("support-values", [], {**VALUES, **change}))


def test_rules_for_real_dictionaries():
    rules = ("support-values", "generalized-babel", "null-space-by-supports", "null-space-by-column-sums")
    evidence = {
        "support-values": VALUES,
        "generalized-babel": {"bits": 8, "sums": ["9"], "upper": ["9"], "weights": integers([1] * 6)},
        "null-space-by-supports": BY_SUPPORTS,
        "null-space-by-column-sums": COLUMNS,
    }
    for rule in rules:
        assert "this rule is for real dictionaries" in refused(COMPLEX_PLANE, (rule, [], evidence[rule]))


def test_the_order_is_at_most_the_number_of_atoms():
    evidence = {**VALUES, "order": 3, "duals": integers([0] * 4)}
    assert "order is not from 1 to 2" in refused([[1, 2]], ("support-values", [], evidence))


# --- column sums ---


@pytest.mark.parametrize("scaling", SCALINGS)
def test_column_sums_are_those_of_the_specification_and_true(scaling):
    source = random.Random(11)
    for name, subject, truth in subjects():
        bits = source.choice((0, 20, 70))
        exponent = min(bits, -8)
        numbers = duals_of(truth, ([i] for i in range(subject.n)), scaling, -exponent)
        numbers = [x + source.choice((0, 0, 0, 40, -9)) for x in numbers]
        for level in {1, min(2, subject.n), subject.n}:
            scale = Fraction(2) ** exponent
            least = specified.column_sums(truth, scaling, bits, level, [x * scale for x in numbers])
            evidence = {"bits": bits, "level": level, "scaling": scaling, "weights": integers(numbers, exponent)}
            found = run(subject, "null-space-by-column-sums", [], **evidence, upper=rational(least))
            assert truth.holds(found) is True, (name, found)
            found = run(
                subject, "null-space-by-column-sums", [], **evidence, upper=rational(least - Fraction(1, 10**99))
            )
            assert isinstance(found, str)
            assert f"the {level} largest entries of column" in found


@pytest.mark.parametrize(
    "change, why",
    [
        ({"bits": 5001}, "bits is above 5000"),
        ({"level": 0}, "level is not from 1 to 4"),
        ({"level": 5}, "level is not from 1 to 4"),
        ({"scaling": 1}, "scaling in evidence is not one of"),
        ({"upper": "1/1"}, "upper is not a rational number in lowest terms"),
        ({"weights": integers([1] * 11)}, "weights in evidence is not an array of length 12"),
        ({"weights": integers([1] * 12, 61)}, "the exponent of weights is above bits"),
        ({"upper": "1"}, "the 1 largest entries of column 0 exceed upper"),
    ],
)
def test_column_sums_refuse(change, why):
    derived(SIMPLEX, ("null-space-by-column-sums", [], COLUMNS))
    assert why in refused(SIMPLEX, ("null-space-by-column-sums", [], {**COLUMNS, **change}))


def test_columns_are_not_rows():
    """C = I - W* D with rows that sum to 1/2 and a column that sums to more: only the column counts."""
    rows = [[1, 0, -1, 0], [0, 1, 0, -1]]
    weights = integers([1, 0, 1, 0, 0, 1, 0, -1], -1)
    truth = Truth(rows)
    for level in (1, 2, 3):
        numbers = [Fraction(x, 2) for x in (1, 0, 1, 0, 0, 1, 0, -1)]
        least = specified.column_sums(truth, "as-given", 60, level, numbers)
        columns = {"bits": 60, "level": level, "scaling": "as-given", "weights": weights}
        derived(rows, ("null-space-by-column-sums", [], {**columns, "upper": rational(least)}))
        assert truth.null_space_constant(level, "as-given") <= least + TINY


# --- lower bounds and consequences ---


def test_null_vectors_bound_from_below_at_the_exact_truth():
    vector = null([0, 1, 2, 3, 4], integers([1] * 5))
    for scaling, shares in (
        ("as-given", ("1/5", "2/5", "3/5", "4/5", "1")),
        ("unit", ("1/3", "1/2", "2/3", "5/6", "1")),
    ):
        for level, share in enumerate(shares, 1):
            evidence = {"level": level, "lower": share, "scaling": scaling}
            derived(STAR, vector, ("null-space-by-null-vector", [0], evidence))
            evidence["lower"] = rational(Fraction(share) + Fraction(1, 2**120))
            why = refused(STAR, vector, ("null-space-by-null-vector", [0], evidence))
            assert f"the {level} heaviest entries are not proved to weigh as much as lower says" in why
    evidence = {"level": 1, "lower": "-7", "scaling": "unit"}
    derived(STAR, vector, ("null-space-by-null-vector", [0], evidence))
    for level in (0, 6):
        why = refused(STAR, vector, ("null-space-by-null-vector", [0], {**evidence, "level": level}))
        assert "level is not from 1 to 5" in why


def test_weights_of_null_vectors_bring_both_parts_to_one_exponent():
    """(4, 4i, -4), the imaginary part spelled as 1 * 2^2, or the real part as 1 * 2^2."""
    for real, imaginary in (
        (integers([4, 0, -4]), integers([0, 1, 0], 2)),
        (integers([1, 0, -1], 2), integers([0, 4, 0])),
    ):
        vector = null([0, 1, 2], real, imaginary)
        evidence = {"level": 1, "lower": "1/3", "scaling": "as-given"}
        derived(COMPLEX_PLANE, vector, ("null-space-by-null-vector", [0], evidence))
        evidence["lower"] = "1/2"
        assert "not proved to weigh" in refused(COMPLEX_PLANE, vector, ("null-space-by-null-vector", [0], evidence))


def test_null_space_guarantees_need_their_level_their_scaling_and_less_than_a_half():
    subject = dictionary_from_values(SIMPLEX)

    def bound(level: int, upper: str, scaling: str = "unit") -> dict:
        return {"kind": "null-space-upper", "level": level, "scaling": scaling, "theorem": "x", "upper": upper}

    rule = "recovery-by-null-space"
    for level, premise, holds in (
        (2, bound(2, "499/1000"), True),
        (1, bound(2, "499/1000"), True),
        (3, bound(2, "499/1000"), False),
        (2, bound(2, "1/2"), False),
        (2, bound(2, "1/4", "as-given"), False),
    ):
        found = run(subject, rule, [premise], **asked(level, "l1"))
        assert isinstance(found, dict) is holds
        if not holds:
            assert found == f"the condition of {rule} does not hold at level {level}"
    for question in ("l0", "omp", "network"):
        assert "question in evidence is not one of l1" in str(run(subject, rule, [], **asked(1, question)))


def test_spark_by_null_space_is_the_least_number_of_atoms_that_can_share_so_little():
    for level, upper, value in (
        (1, "1/2", 2),
        (1, "1/3", 3),
        (2, "1/2", 4),
        (2, "501/1000", 4),
        (2, "2/3", 3),
        (2, "667/1000", 3),
        (3, "3/4", 4),
        (3, "999/1000", 4),
        (2, "499/1000", "the bound is above the number of atoms: they are independent"),
        (4, "1", "the null-space constant is not proved to be below 1"),
        (1, "0", "the bound is above the number of atoms: they are independent"),
        (1, "-1", "the bound is above the number of atoms: they are independent"),
    ):
        premise = {"kind": "null-space-upper", "level": level, "scaling": "unit", "theorem": "x", "upper": upper}
        found = run(dictionary_from_values(SIMPLEX), "spark-by-null-space", [premise])
        expected = {"kind": "spark-lower", "theorem": "spark-by-null-space", "value": value}
        assert found == (value if isinstance(value, str) else expected)


def test_by_generalized_coherence_adds_the_largest_shares_rounded_up():
    subject = dictionary_from_values(CORNERS)
    upper = [3, 1, 0, 7, 2**200 - 1]
    for exponent in (-2, 0, 3, -4000, 4000):
        values = [Fraction(x) * Fraction(2) ** exponent for x in upper]
        expected = sorted((specified.up(t / (1 + t)) for t in values), reverse=True)
        premise = {"kind": "generalized-coherence-upper", "upper": integers(upper, exponent)}
        for level in range(1, 6):
            found = run(subject, "null-space-by-generalized-coherence", [premise], level=level, scaling="unit")
            assert isinstance(found, dict)
            assert Fraction(found["upper"]) == sum(expected[:level])


def test_by_generalized_coherence_needs_equal_norms_for_atoms_as_given():
    independent = [minor([0, 1], [0, 1]), ("independence-by-rank", [0], {})]
    steps = [*independent, ("generalized-coherence-by-independence", [1], {}), NORMS]
    rule = "null-space-by-generalized-coherence"
    given = {"level": 1, "scaling": "as-given"}
    for rows, equal in (([[1, 0], [0, 1]], True), ([[1, 0], [0, 2]], False)):
        if equal:
            derived(rows, *steps, (rule, [2, 3], given))
        else:
            assert "the atoms as given do not have equal norms" in refused(rows, *steps, (rule, [2, 3], given))
        derived(rows, *steps, (rule, [2], {**given, "scaling": "unit"}))
        assert "needs 2 premises" in refused(rows, *steps, (rule, [2], given))
        assert "level is not from 1 to 2" in refused(rows, *steps, (rule, [2], {**given, "level": 3}))
    assert truth_of(UNEQUAL).null_space_constant(1, "as-given") > Fraction(1, 2)


def test_the_two_evaluators_of_the_tests_agree():
    for _, one in small_real_dictionaries(26):
        truth, other = Truth(one.real.tolist()), NullSpace(one)
        for scaling, level in itertools.product(SCALINGS, range(1, truth.n + 1)):
            known = other.null_space_constant(level, scaling)
            assert known.lower - TINY <= truth.null_space_constant(level, scaling) <= known.upper + TINY


def test_roots_are_rounded_against_the_claim():
    """Weights 1, root 2, 1 and 2, root 2, root 2: what lies between the two roundings of a root is not claimed."""
    low = math.isqrt(2 << 256)
    for rows, numbers, heavy, rest in (
        ([[1, 1, 0], [0, 1, 1]], [1, -1, 1], (low, low + 1), (2 << 128, 2 << 128)),
        ([[1, 1, 1], [0, 1, -1]], [2, -1, -1], (2 << 128, 2 << 128), (2 * low, 2 * low + 2)),
    ):
        vector = null([0, 1, 2], integers(numbers))
        atom = numbers.index(max(numbers, key=abs)) if abs(numbers[0]) > 1 else 1
        for total, rule, evidence in (
            (1, "null-space-by-null-vector", {"level": 1, "scaling": "unit"}),
            (0, "generalized-coherence-by-null-vector", {"atom": atom}),
        ):
            proved = Fraction(heavy[0], total * heavy[0] + rest[1])
            derived(rows, vector, (rule, [0], {**evidence, "lower": rational(proved)}))
            for a, b in itertools.product(heavy, rest):
                above = Fraction(a, total * a + b)
                if above > proved:
                    why = refused(rows, vector, (rule, [0], {**evidence, "lower": rational(above)}))
                    assert "not proved to" in why


def test_vectors_of_very_different_lengths():
    """The longest vector decides how wide the packed fields are."""
    for order in (1, -1):
        factors = [1 << (60 * i) for i in range(5)][::order]
        atoms = [[int(x) for x in column] for column in zip(*CORNERS, strict=True)]
        weights = integers([x * f for atom, f in zip(atoms, factors, strict=True) for x in atom])
        upper = integers([1] * 5, -2)
        derived(CORNERS, ("generalized-coherence", [], {"imaginary": None, "real": weights, "upper": upper}))
        babel = {"bits": 400, "sums": ["251/1000"], "upper": ["251/1000"], "weights": weights}
        derived(CORNERS, ("generalized-babel", [], babel))
