"""mu~ at most a rational number, by weights of some atoms: exactly what SPEC.md says."""

from __future__ import annotations

from fractions import Fraction

import pytest
from certificate_dictionaries import COMPLEX_SIMPLEX, CORNERS, UNEQUAL, truth_of
from certificate_duals import coherence_weights
from null_space_steps import run
from test_rules_generalized import REAL, coherence_premise, least_squared_bounds

from certificates.checker import dictionary_from_values
from certificates.format import integers, rational

RULE = "generalized-coherence-by-some-weights"
OWN = [[int(x) for x in column] for column in zip(*CORNERS, strict=True)]
TINY = Fraction(1, 10**90)


def asked(atoms: list[int], upper: Fraction | str, vectors: list[list[int]], exponent: int = 0) -> dict:
    flat = [x for vector in vectors for x in vector]
    return {"atoms": atoms, "imaginary": None, "real": integers(flat, exponent), "upper": str(upper)}


@pytest.mark.parametrize("exponent", [0, -3, 5000, -5000])
def test_a_rational_bound_is_attained_and_nothing_less_is_accepted(exponent):
    """Five corners of a simplex: mu~ = 1/4, by the atoms themselves."""
    subject = dictionary_from_values(CORNERS)
    premise = coherence_premise(1, 1, 1, 1, 1)
    every = list(range(5))
    found = run(subject, RULE, [premise], **asked(every, Fraction(1, 4), OWN, exponent))
    assert found == {"kind": "generalized-coherence-at-most", "upper": "1/4"}
    assert run(subject, RULE, [premise], **asked(every, 7, OWN, exponent)) == {**found, "upper": "7"}
    why = run(subject, RULE, [premise], **asked(every, Fraction(1, 4) - TINY, OWN, exponent))
    assert why == "atom 1 exceeds upper for the weights of atom 0"


def test_atoms_without_weights_rest_on_the_premise():
    subject = dictionary_from_values(CORNERS)
    quarter, above = 2**100, 2**100 + 1
    for at in range(5):
        bounds = [above if i == at else quarter for i in range(5)]
        premise = coherence_premise(*bounds, exponent=-102)
        assert isinstance(run(subject, RULE, [premise], **asked([at], "1/4", [OWN[at]])), dict)
        other = (at + 1) % 5
        why = run(subject, RULE, [premise], **asked([other], "1/4", [OWN[other]]))
        assert why == f"upper[{at}] of the premise is above upper, and atom {at} has no weights here"
    huge = coherence_premise(1, 0, 0, 0, 0, exponent=5000)
    assert isinstance(run(subject, RULE, [huge], **asked([0], "1/4", OWN[:1])), dict)
    assert "upper[0]" in run(subject, RULE, [huge], **asked([1], "1/4", OWN[1:2]))


def test_every_atom_is_checked_with_its_own_weights():
    subject = dictionary_from_values(CORNERS)
    premise = coherence_premise(1, 1, 1, 1, 1)
    for at in range(5):
        vectors = [list(vector) for vector in OWN]
        vectors[at][(at + 1) % 5] += 1
        why = run(subject, RULE, [premise], **asked([0, 1, 2, 3, 4], "1/4", vectors))
        assert why.endswith(f"exceeds upper for the weights of atom {at}")
    swapped = [OWN[1], OWN[0]]
    assert "exceeds upper" in run(subject, RULE, [coherence_premise(1, 1, 0, 0, 0)], **asked([0, 1], "1/4", swapped))


def test_bounds_of_many_dictionaries_to_the_last_digit():
    """Against the same bounds in fractions: the least rational t with t^2 at least the square, and a little less."""
    checked = 0
    for name, subject, truth in REAL:
        numbers = coherence_weights(truth)[0]
        squares = least_squared_bounds(truth, [Fraction(x) for x in numbers], [Fraction(0)] * len(numbers))
        if squares is None:
            continue
        vectors = [numbers[at : at + truth.m] for at in range(0, len(numbers), truth.m)]
        scaled = -(-(max(squares) * 4**80).numerator // (max(squares) * 4**80).denominator)
        root = 0
        while (1 << root) ** 2 < scaled:
            root += 1
        low, high = 0, 1 << root
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if middle * middle >= scaled else (middle + 1, high)
        premise = coherence_premise(*[9] * truth.n)
        every = list(range(truth.n))
        found = run(subject, RULE, [premise], **asked(every, rational(Fraction(low, 2**80)), vectors))
        assert found == {"kind": "generalized-coherence-at-most", "upper": rational(Fraction(low, 2**80))}, name
        assert truth.holds(found) is True
        if low:
            less = rational(Fraction(low - 1, 2**80))
            assert "exceeds upper" in run(subject, RULE, [premise], **asked(every, less, vectors))
            checked += 1
    assert checked > 20


def test_complex_weights():
    truth = truth_of(COMPLEX_SIMPLEX)
    subject = dictionary_from_values(COMPLEX_SIMPLEX)
    flat = [part for column in truth.columns for part in column]
    parts = {"real": integers([int(a) for a, _ in flat]), "imaginary": integers([int(b) for _, b in flat])}
    premise = coherence_premise(1, 1, 1, 1)
    found = run(subject, RULE, [premise], atoms=[0, 1, 2, 3], upper="1/3", **parts)
    assert found == {"kind": "generalized-coherence-at-most", "upper": "1/3"}
    less = rational(Fraction(1, 3) - TINY)
    assert "exceeds upper" in run(subject, RULE, [premise], atoms=[0, 1, 2, 3], upper=less, **parts)
    turned = {**parts, "imaginary": integers([-int(b) for _, b in flat])}
    assert "exceeds upper" in run(subject, RULE, [premise], atoms=[0, 1, 2, 3], upper="1/3", **turned)
    missing = {**asked([0], "1", [[1] * truth.m]), "imaginary": None}
    assert "imaginary is not an object" in run(subject, RULE, [premise], **missing)


@pytest.mark.parametrize(
    "change, why",
    [
        ({"atoms": [], "real": integers([])}, "there are no atoms, or upper is negative"),
        ({"upper": "-1/4"}, "there are no atoms, or upper is negative"),
        ({"upper": "2/8"}, "upper is not a rational number in lowest terms"),
        ({"atoms": [1, 0]}, "atoms in evidence is not strictly increasing"),
        ({"atoms": [0, 0]}, "atoms in evidence is not strictly increasing"),
        ({"atoms": [0, 5]}, "atoms in evidence is not a list of indices below 5"),
        ({"atoms": [0]}, "real in evidence is not an array of length 5"),
        ({"real": integers([1] * 9)}, "real in evidence is not an array of length 10"),
        ({"real": integers([0] * 10)}, "the weights of atom 0 are orthogonal to it"),
        ({"imaginary": integers([0] * 10)}, "imaginary is not null, and the dictionary is real"),
    ],
)
def test_some_weights_refuse(change, why):
    subject = dictionary_from_values(CORNERS)
    evidence = asked([0, 1], "1/4", OWN[:2])
    premise = coherence_premise(1, 1, 0, 0, 0)
    assert isinstance(run(subject, RULE, [premise], **evidence), dict)
    assert why in run(subject, RULE, [premise], **{**evidence, **change})


def test_norms_count():
    """Atoms of different norms: |<w, d_j>| N_i <= t |<w, d_i>| N_j, not the products alone."""
    subject, truth = dictionary_from_values(UNEQUAL), truth_of(UNEQUAL)
    weights = [int(a * 1000) for a, _ in truth.columns[0]]
    squares = least_squared_bounds(truth, [Fraction(x) for x in weights] * truth.n, [Fraction(0)] * truth.m * truth.n)
    assert squares is None or squares[0] == max(truth.coherence_squared(0, j) for j in range(1, truth.n))
    premise = coherence_premise(1, *[0] * (truth.n - 1))
    worst = max(truth.coherence_squared(0, j) for j in range(1, truth.n))
    for t in (Fraction(k, 64) for k in range(65)):
        accepted = isinstance(run(subject, RULE, [premise], **asked([0], t, [weights])), dict)
        assert accepted is (t * t >= worst)
