"""Rules about generalized coherence and the network: what SPEC.md says to the last unit, and only what is true."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import certificate_specified as specified
import pytest
from certificate_dictionaries import ALL, COMPLEX_PLANE, COMPLEX_SIMPLEX, CORNERS, SIMPLEX, truth_of
from certificate_duals import coherence_weights
from certificate_steps import NORMS, asked, derived, minor, null, refused
from certificate_truth import Truth
from certificate_writer import binary64, packed_integers
from exact_null_space import small_real_dictionaries
from gaussian_rationals import times
from null_space_steps import run

from certificates.checker import dictionary_from_values
from certificates.format import integers, rational

SUBJECTS = [(name, dictionary_from_values(rows), truth_of(rows)) for name, rows in ALL.items()]
SUBJECTS += [
    (name, dictionary_from_values(one.real.tolist()), Truth(one.real.tolist()))
    for name, one in small_real_dictionaries(39)
    if "wild" not in name
]
REAL = [one for one in SUBJECTS if not one[2].is_complex]
ONES = integers([1] * 12)


# --- weights ---


def least_squared_bounds(truth: Truth, real: list[Fraction], imaginary: list[Fraction]) -> list[Fraction] | None:
    """The squares of the least t_i of section 6.1; None if weights are orthogonal to their atom."""
    result = []
    for i in range(truth.n):
        w = list(zip(real, imaginary, strict=True))[i * truth.m : (i + 1) * truth.m]
        squares = []
        for column in truth.columns:
            total = [Fraction(0), Fraction(0)]
            for (a, b), entry in zip(w, column, strict=True):
                product = times((a, -b), entry)
                total = [total[0] + product[0], total[1] + product[1]]
            squares.append(total[0] ** 2 + total[1] ** 2)
        if squares[i] == 0:
            return None
        norm = truth.norm_squared
        result.append(max(s * norm(i) / squares[i] / norm(j) for j, s in enumerate(squares) if j != i))
    return result


@pytest.mark.parametrize("exponent", [0, -3, 200])
def test_weights_prove_exactly_what_the_specification_says(exponent):
    """For every atom the least number of 2^-40 is accepted, and one unit less is refused, by name."""
    source = random.Random(exponent)
    attained = 0
    for name, subject, truth in SUBJECTS:
        parts = [list(part) for part in coherence_weights(truth)]
        for part in parts[: subject.parts]:
            part[source.randrange(len(part))] += source.choice((0, 0, 1000))
        values = [[Fraction(x) for x in part] for part in parts]
        squares = least_squared_bounds(truth, *values)
        arrays = [integers(parts[0], exponent), integers([4 * x for x in parts[1]], exponent - 2)]
        evidence = {"imaginary": arrays[1] if truth.is_complex else None, "real": arrays[0]}
        if squares is None:
            found = run(subject, "generalized-coherence", [], **evidence, upper=integers([1] * subject.n, 90))
            assert "are orthogonal to it" in found
            continue
        least = [next_unit(square) for square in squares]
        found = run(subject, "generalized-coherence", [], **evidence, upper=integers(least, -40))
        assert found == {"kind": "generalized-coherence-upper", "upper": integers(least, -40)}, name
        assert truth.holds(found) in (True, None)
        assert truth.holds(found) is True or not truth.vertices
        for i, t in enumerate(least):
            if t:
                lower = [*least[:i], t - 1, *least[i + 1 :]]
                found = run(subject, "generalized-coherence", [], **evidence, upper=integers(lower, -40))
                assert isinstance(found, str)
                assert found.endswith(f"exceeds upper[{i}]")
        attained += all(Fraction(t, 2**40) ** 2 == square for t, square in zip(least, squares, strict=True))
    assert attained > 2


def next_unit(square: Fraction) -> int:
    """The least t with (t 2^-40)^2 at least the square."""
    low, high = 0, 1 << 90
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if Fraction(middle, 2**40) ** 2 >= square else (middle + 1, high)
    return low


def test_the_exact_truth_is_attained_and_a_unit_less_is_refused():
    """Five corners of a simplex: mu~ = mu = 1/4, by the atoms themselves."""
    weights = packed_integers((int(x) for column in zip(*CORNERS, strict=True) for x in column), 1)
    for exponent in (0, 5000, -5000):
        real = {**weights, "exponent": exponent}
        for upper, accepted in (
            (integers([1] * 5, -2), True),
            (binary64([0.25] * 5), True),
            (integers([2**100] * 5, -102), True),
            (integers([2**100 - 1] * 5, -102), False),
            (integers([0] * 5), False),
            (integers([1] * 5, 5000), True),
            (integers([1] * 5, -5000), False),
        ):
            step = ("generalized-coherence", [], {"imaginary": None, "real": real, "upper": upper})
            if accepted:
                derived(CORNERS, step)
            else:
                assert "atom 1 exceeds upper[0]" in refused(CORNERS, step)


def test_parts_of_very_different_exponents():
    """Weights whose imaginary part is 2^-10000 of the real one: the exact sums decide."""
    truth = truth_of(COMPLEX_SIMPLEX)
    flat = [part for column in truth.columns for part in column]
    real = integers([int(a) for a, _ in flat], 5000)
    for imaginary, accepted in (
        (integers([int(b) for _, b in flat], 5000), True),
        (integers([int(b) << 10000 for _, b in flat], -5000), True),
        (integers([int(b) for _, b in flat], -5000), False),
        (integers([-int(b) for _, b in flat], 5000), False),
    ):
        upper = integers([int(Fraction(1, 3) * 2**50) + 1] * 4, -50)
        step = ("generalized-coherence", [], {"imaginary": imaginary, "real": real, "upper": upper})
        if accepted:
            derived(COMPLEX_SIMPLEX, step)
        else:
            assert "exceeds upper" in refused(COMPLEX_SIMPLEX, step)


WEIGHTS = {"imaginary": None, "real": binary64([1.0] * 12), "upper": integers([1] * 4, 9)}


@pytest.mark.parametrize(
    "change, why",
    [
        ({}, "the weights of atom 1 are orthogonal to it"),
        ({"imaginary": ONES}, "imaginary is not null, and the dictionary is real"),
        ({"upper": integers([1] * 3)}, "upper in evidence is not an array of length 4"),
        ({"upper": integers([1, 1, 1, -1])}, "upper is not a list of numbers from 0 to 2^200 times a power of two"),
        ({"upper": integers([1, 1, 1, 2**200])}, "upper is not a list of numbers from 0 to 2^200"),
        ({"upper": binary64([1.0, 1.0, 2.0**-300, 1.0])}, "upper is not a list of numbers from 0 to 2^200"),
        ({"real": integers([1] * 11)}, "real in evidence is not an array of length 12"),
        ({"real": integers([0] * 12)}, "the weights of atom 0 are orthogonal to it"),
        ({"real": None}, "real is not an object"),
    ],
)
def test_weights_refuse(change, why):
    ordinary = integers([1] * 3 + [1, -1, -1, -1, 1, -1, -1, -1, 1])
    derived(SIMPLEX, ("generalized-coherence", [], {**WEIGHTS, "real": ordinary}))
    rows = [[1.0, 1.0, -1.0, -1.0], [1.0, -1.0, 1.0, -1.0], [1.0, 0.0, -1.0, 1.0]]
    assert why in refused(rows, ("generalized-coherence", [], {**WEIGHTS, **change}))


def test_complex_weights_have_two_parts():
    evidence = {"imaginary": None, "real": integers([1] * 8), "upper": integers([1] * 4)}
    assert "imaginary is not an object" in refused(COMPLEX_PLANE, ("generalized-coherence", [], evidence))


def test_null_vectors_bound_from_below_at_the_exact_truth():
    vector = null([0, 1, 2, 3, 4], integers([-3] * 5))
    for atom in range(5):
        for lower, accepted in (("1/4", True), ("-9", True), (rational(Fraction(1, 4) + Fraction(1, 2**120)), False)):
            step = ("generalized-coherence-by-null-vector", [0], {"atom": atom, "lower": lower})
            if accepted:
                derived(CORNERS, vector, step)
            else:
                why = refused(CORNERS, vector, step)
                assert f"the generalized coherence of atom {atom} is not proved to be at least lower" in why
    rows = [[1, 2, 0], [0, 0, 1]]
    vector = null([0, 1], integers([2, -1]))
    derived(rows, vector, ("generalized-coherence-by-null-vector", [0], {"atom": 0, "lower": "1"}))
    derived(rows, vector, ("generalized-coherence-by-null-vector", [0], {"atom": 2, "lower": "0"}))
    why = refused(rows, vector, ("generalized-coherence-by-null-vector", [0], {"atom": 2, "lower": "1/9"}))
    assert "atom 2 is not proved" in why


@pytest.mark.parametrize("lower", ["0", "-1", "1/4"])
def test_an_atom_that_is_not_there_has_no_coherence(lower):
    for atom in (5, 999, 2**53 - 1):
        step = ("generalized-coherence-by-null-vector", [0], {"atom": atom, "lower": lower})
        assert "atom is not below 5" in refused(CORNERS, null([0, 1, 2, 3, 4], integers([1] * 5)), step)


# --- the generalized Babel function ---


def test_babel_bounds_are_exactly_those_of_the_specification():
    source = random.Random(5)
    below = Fraction(1, 10**80)
    checked = 0
    for name, subject, truth in REAL:
        numbers = [x + source.choice((0, 0, 0, 1 << 28)) for x in coherence_weights(truth)[0]]
        bits, count = source.choice((8, 40, 70)), source.randint(1, subject.n)
        evidence = {"bits": bits, "weights": integers(numbers, source.choice((-30, 0, 100)))}
        least = specified.babel(truth, bits, count, list(map(Fraction, numbers)))
        if least is None:
            found = run(subject, "generalized-babel", [], **evidence, sums=["9"], upper=["9"])
            assert "are not proved to be other than orthogonal to it" in found
            continue
        upper, sums = least
        spelled = {"sums": list(map(rational, sums)), "upper": list(map(rational, upper))}
        found = run(subject, "generalized-babel", [], **evidence, **spelled)
        assert found == {"kind": "generalized-babel", **spelled}, name
        assert truth.holds(found) is True, name
        for field, k in itertools.product(("sums", "upper"), range(count)):
            changed = {
                **spelled,
                field: [*spelled[field][:k], rational(Fraction(spelled[field][k]) - below), *spelled[field][k + 1 :]],
            }
            found = run(subject, "generalized-babel", [], **evidence, **changed)
            assert isinstance(found, str)
            assert f"P_i({k + 1}) of atom" in found
            assert found.endswith(f"is not proved to be within upper[{k}] and sums[{k}]")
            checked += 1
    assert checked > 100


BABEL = {"bits": 40, "sums": ["9"], "upper": ["9"], "weights": integers([1] * 3 + [1, -1, -1, -1, 1, -1, -1, -1, 1])}


@pytest.mark.parametrize(
    "change, why",
    [
        ({"bits": 5001}, "bits is above 5000"),
        ({"upper": []}, "upper and sums are not two lists of the same length from 1 to 4"),
        ({"upper": [], "sums": []}, "upper and sums are not two lists of the same length from 1 to 4"),
        ({"upper": ["9"] * 5, "sums": ["9"] * 5}, "upper and sums are not two lists of the same length from 1 to 4"),
        ({"upper": ["9"] * 2}, "upper and sums are not two lists of the same length"),
        ({"upper": ["9/1"]}, "upper in evidence is not a rational number"),
        ({"weights": ONES, "upper": ["1/2"]}, "P_i(1) of atom 1 is not proved"),
        ({"weights": integers([0] * 12)}, "the weights of atom 0 are not proved to be other than orthogonal to it"),
        ({"bits": 0}, "the weights of atom 0 are not proved to be other than orthogonal to it"),
        ({"weights": integers([1] * 11)}, "weights in evidence is not an array of length 12"),
        ({"upper": ["1/3"]}, "P_i(1) of atom 0 is not proved to be within upper[0] and sums[0]"),
    ],
)
def test_babel_refuses(change, why):
    derived(SIMPLEX, ("generalized-babel", [], BABEL))
    derived(SIMPLEX, ("generalized-babel", [], {**BABEL, "sums": ["9"] * 4, "upper": ["9"] * 4}))
    assert why in refused(SIMPLEX, ("generalized-babel", [], {**BABEL, **change}))


# --- consequences ---


def coherence_premise(*upper: int, exponent: int = 0) -> dict:
    return {"kind": "generalized-coherence-upper", "upper": integers(upper, exponent)}


def babel_premise(upper: list[str], sums: list[str] | None = None) -> dict:
    return {"kind": "generalized-babel", "sums": sums or ["9"] * len(upper), "upper": upper}


def test_spark_by_generalized_coherence_is_the_least_s():
    subject = dictionary_from_values(CORNERS)
    independent = "the generalized coherence is below 1/(n-1): the atoms are independent"
    for premise, value in (
        (coherence_premise(1, 1, 1, 1, 1, exponent=-2), 5),
        (coherence_premise(0, 0, 1, 0, 0, exponent=-1), 3),
        (coherence_premise(1, 1, 1, 3, 1, exponent=-3), 4),
        (coherence_premise(1, 1, 1, 1, 1), 2),
        (coherence_premise(1, 9, 1, 1, 1), 2),
        (coherence_premise(1, 9, 1, 1, 1, exponent=5000), 2),
        (coherence_premise(1, 2**198 - 1, 1, 1, 1, exponent=-200), independent),
        (coherence_premise(0, 0, 0, 0, 0), independent),
        (coherence_premise(1, 1, 1, 1, 1, exponent=-5000), independent),
    ):
        found = run(subject, "spark-by-generalized-coherence", [premise])
        expected = {"kind": "spark-lower", "theorem": "spark-by-generalized-coherence", "value": value}
        assert found == (value if isinstance(value, str) else expected)


def test_spark_by_generalized_babel_counts_from_the_first_bound_that_reaches_one():
    subject = dictionary_from_values(CORNERS)
    independent = "the generalized Babel function stays below 1: the atoms are independent"
    for upper, value in (
        (["1/2", "1"], 3),
        (["1/2", "3/4", "1"], 4),
        (["1"], 2),
        (["1/2"], 3),
        (["1/4", "1/2", "3/4"], 5),
        (["1/4", "1/2", "3/4", "999/1000"], independent),
        (["1/4", "1/2", "3/4", "1", "1"], 5),
        (["1/4", "1/2", "3/4", "4/5", "1"], independent),
        (["1", "1/2"], 2),
    ):
        found = run(subject, "spark-by-generalized-babel", [babel_premise(upper)])
        expected = {"kind": "spark-lower", "theorem": "spark-by-generalized-babel", "value": value}
        assert found == (value if isinstance(value, str) else expected)


@pytest.mark.parametrize("rule", ["recovery-by-generalized-coherence", "convergence-by-generalized-coherence"])
def test_guarantees_by_generalized_coherence_stop_at_equality(rule):
    subject = dictionary_from_values(CORNERS)
    question = "l1" if rule.startswith("recovery") else "network"
    for upper, exponent, most in (
        ((1, 1, 1, 1, 1), -2, 2),
        ((1, 1, 1, 1, 1), 0, 0),
        ((0, 0, 0, 0, 1), -1, 1),
        ((0, 0, 3, 0, 1), -4, 3),
        ((2**100 // 3,) * 5, -100, 2),
        ((2**100 // 3 + 1,) * 5, -100, 1),
        ((0, 0, 0, 0, 0), 0, 5),
    ):
        for level in range(1, 6):
            found = run(subject, rule, [coherence_premise(*upper, exponent=exponent)], **asked(level, question))
            assert isinstance(found, dict) is (level <= most)
            if level > most:
                assert found == f"the condition of {rule} does not hold at level {level}"
    for wrong in {"l0", "l1", "network", "omp"} - {question}:
        assert f"question in evidence is not one of {question}" in str(run(subject, rule, [], **asked(1, wrong)))


def test_recovery_of_atoms_as_given_needs_equal_norms_and_convergence_does_not():
    rows = [[1, 0], [0, 2]]
    steps = [
        minor([0, 1], [0, 1]),
        ("independence-by-rank", [0], {}),
        ("generalized-coherence-by-independence", [1], {}),
    ]
    for one, equal in ((rows, False), ([[1, 0], [0, 1]], True)):
        step = ("recovery-by-generalized-coherence", [2, 3], asked(1, "l1", "as-given"))
        if equal:
            derived(one, *steps, NORMS, step)
        else:
            assert "the atoms as given do not have equal norms" in refused(one, *steps, NORMS, step)
        derived(one, *steps, ("recovery-by-generalized-coherence", [2], asked(1, "l1")))
        derived(one, *steps, ("convergence-by-generalized-coherence", [2], asked(2, "network", "as-given")))
    step = ("recovery-by-generalized-coherence", [2], asked(1, "l1", "as-given"))
    assert "needs 2 premises" in refused(rows, *steps, step)


def test_convergence_by_babel_needs_sums_below_one_up_to_its_level():
    subject = dictionary_from_values(CORNERS)
    rule = "convergence-by-generalized-babel"
    for sums, level, holds in (
        (["1/4", "3/4"], 1, True),
        (["1/4", "3/4"], 2, True),
        (["1/4", "3/4"], 3, False),
        (["1/4", "1"], 2, False),
        (["1", "3/4"], 1, False),
        (["99/100"], 1, True),
    ):
        found = run(subject, rule, [babel_premise(["1"] * len(sums), sums)], **asked(level, "network"))
        assert isinstance(found, dict) is holds


def test_multiples_of_generalized_coherence_are_sums_to_the_last_digit():
    subject = dictionary_from_values(CORNERS)
    rule = "generalized-babel-by-generalized-coherence"
    for premise, t in (
        (coherence_premise(1, 3, 1, 2, 1, exponent=-4), Fraction(3, 16)),
        (coherence_premise(0, 0, 0, 0, 0), Fraction(0)),
        (coherence_premise(1, 1, 1, 1, 7, exponent=5000), 7 * Fraction(2) ** 5000),
        (coherence_premise(1, 1, 1, 1, 2**200 - 1, exponent=-5000), (2**200 - 1) * Fraction(1, 2**5000)),
    ):
        for count in range(1, 6):
            sums, upper = [t], [t]
            while len(sums) < count:
                sums.append(sums[-1] + 2 * t)
                upper.append(upper[-1] + t)
            found = run(subject, rule, [premise], count=count)
            assert found == {
                "kind": "generalized-babel",
                "sums": list(map(rational, sums)),
                "upper": list(map(rational, upper)),
            }
    for count, why in ((0, "count is not from 1 to 5"), (6, "count is not from 1 to 5"), (-1, "not a natural number")):
        assert why in str(run(subject, rule, [coherence_premise(1, 1, 1, 1, 1)], count=count))
    for one in ("generalized-babel-by-generalized-coherence", "rate-by-generalized-babel"):
        complex_ = dictionary_from_values(COMPLEX_PLANE)
        field = {"count": 1} if one == rule else {"level": 1}
        assert "this rule is for real dictionaries" in str(run(complex_, one, [], **field))


def test_a_rate_is_a_sum_below_one():
    subject = dictionary_from_values(CORNERS)
    rule = "rate-by-generalized-babel"
    premise = babel_premise(["1"] * 4, ["1/4", "999/1000", "1", "-1/4"])
    for level, rate in ((1, "1/4"), (2, "999/1000")):
        found = run(subject, rule, [premise], level=level)
        assert found == {"kind": "network-rate", "level": level, "rate": rate, "theorem": rule}
    for level, why in (
        (0, "level is not from 1 to 4, the number of sums"),
        (5, "level is not from 1 to 4, the number of sums"),
        (3, "P_i(3) + P_i(2) is not proved to be below 1"),
        (4, "P_i(4) + P_i(3) is not proved to be below 1"),
    ):
        assert run(subject, rule, [premise], level=level) == why
    assert run(subject, rule, [babel_premise(["1"], ["0"])], level=1)["rate"] == "0"
