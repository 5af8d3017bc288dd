"""Facts and levels of algebraic dictionaries: against theory, against rational twins, and against floats."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest

import verify
from verify.dictionaries.algebraic import load_algebraic
from verify.dictionaries.algebraic.dictionary import AlgebraicDictionary
from verify.dictionaries.algebraic.families import EXACT_FAMILIES, ExactFamily
from verify.dictionaries.algebraic.signs import balls
from verify.dictionaries.algebraic.symbolic import cosine_expression
from verify.errors import LimitError
from verify.exact import Enclosure, ball_precision
from verify.facts import algebraic, algebraic_coherence, algebraic_gram
from verify.facts.algebraic import AlgebraicFacts, measure_algebraic
from verify.facts.algebraic_coherence import simplest
from verify.facts.welch import welch_bound_squared


def checked(source: str) -> tuple[AlgebraicDictionary, AlgebraicFacts]:
    dictionary = load_algebraic(source)
    return dictionary, measure_algebraic(dictionary)


def floats(dictionary: AlgebraicDictionary) -> np.ndarray:
    with ball_precision(64):
        values = [[[float(part.mid()) for part in balls(e, 64)] for e in row] for row in dictionary.rows]
    return np.array([[complex(*parts) for parts in row] for row in values])


def mu_of(matrix: np.ndarray) -> float:
    unit = matrix / np.linalg.norm(matrix, axis=0)
    return float(max(abs(np.vdot(unit[:, i], unit[:, j])) for i, j in combinations(range(matrix.shape[1]), 2)))


@pytest.mark.parametrize("family", EXACT_FAMILIES, ids=lambda family: family.name)
def test_examples_agree_with_floats_and_with_their_binary64_twins(family: ExactFamily) -> None:
    dictionary, facts = checked(family.example)
    matrix = floats(dictionary)
    assert facts.coherence.attained
    assert facts.undecided_pairs == 0
    assert float(facts.coherence.squared.upper) ** 0.5 == pytest.approx(mu_of(matrix), abs=1e-12)
    i, j = facts.coherence.pair
    norms = np.linalg.norm(matrix, axis=0)
    pair = abs(np.vdot(matrix[:, i], matrix[:, j])) / (norms[i] * norms[j])
    assert pair == pytest.approx(mu_of(matrix), abs=1e-12)
    unit = matrix / norms
    gram = np.sort(abs(unit.conj().T @ unit) - np.eye(len(norms)), axis=1)[:, ::-1]
    sums = np.cumsum(gram, axis=1).max(axis=0)
    for k, (low, high) in enumerate(zip(facts.babel.lower, facts.babel.upper, strict=True)):
        assert low <= high
        assert float(low) - 1e-12 < sums[k] < float(high) + 1e-12
    mu = cosine_expression(facts.coherence.product, facts.coherence.squared_norms, facts.coherence.sign)
    assert float(mu.evalf(30)) == pytest.approx(mu_of(matrix), abs=1e-12)
    if family.name != "simplex":  # builtin:simplex is in one more dimension
        twin = verify.load(family.example.replace("exact:", "builtin:"))
        scale = np.linalg.norm(
            np.array(twin.real) + 1j * np.array(0 if twin.imaginary is None else twin.imaginary), axis=0
        )
        whole = (twin.real if twin.imaginary is None else twin.real + 1j * twin.imaginary) / scale
        assert abs(whole - unit).max() < 1e-14


TRUTHS = {
    "exact:mercedes-benz": (Fraction(1, 4), True),
    "exact:simplex:5": (Fraction(1, 16), True),
    "exact:harmonic:residues:7": (welch_bound_squared(3, 7), True),
    "exact:harmonic:singer:2": (welch_bound_squared(3, 7), True),
    "exact:harmonic:singer:3": (welch_bound_squared(4, 13), True),
    "exact:alltop:5": (Fraction(1, 5), False),
    "exact:dirac-dft:6": (Fraction(1, 6), False),
    "exact:real-dirac-dft:5": (Fraction(2, 5), False),
    "exact:dct:6": (Fraction(0), True),
}


@pytest.mark.parametrize("source", TRUTHS)
def test_mu_is_exactly_what_theory_says(source: str) -> None:
    _, facts = checked(source)
    assert (facts.coherence.rational, facts.welch_attained) == TRUTHS[source]


@pytest.mark.parametrize("n", [2, 4, 8])
def test_dirac_dct_has_the_coherence_of_its_formula(n: int) -> None:
    """The largest entry of the orthonormal DCT-II is sqrt(2/n) cos(pi/2n); for n = 4 and 8 its square is irrational."""
    _, facts = checked(f"exact:dirac-dct:{n}")
    exact = {2: Fraction(1, 2), 4: None, 8: None}[n]
    assert facts.coherence.rational == exact
    assert float(facts.coherence.squared.lower) == pytest.approx(2 / n * math.cos(math.pi / (2 * n)) ** 2, abs=1e-14)
    assert facts.norms_equal
    assert facts.orthogonal_family is not None


def test_levels_are_those_of_the_rational_twin() -> None:
    """[I, H]/norms in expressions, and as given in integers."""
    twin = verify.load("builtin:identity-hadamard:4")
    rows = [[str(v) if j < 4 else f"{v}/sqrt(4)" for j, v in enumerate(row)] for row in twin.real.tolist()]
    result = verify.check_algebraic_dictionary(AlgebraicDictionary.of(rows), sparsity=1, questions=("l0", "l1", "omp"))
    plain = verify.check_dictionary(twin, sparsity=1, questions=("l0", "l1", "omp"))
    assert result.facts.coherence.rational == plain.facts.coherence.squared
    assert [type(v) for v in result.verdicts] == [type(v) for v in plain.verdicts]
    assert result.spark is not None
    assert result.spark.value == 4
    assert result.facts.orthogonal_family is not None


def test_a_level_at_equality_is_not_guaranteed() -> None:
    """n = 4 atoms of a simplex: mu = 1/3, so (2k - 1) mu = 1 at k = 2; exact equality is not below."""
    for scaling in ("unit", "as-given"):
        result = verify.check_algebraic_dictionary(load_algebraic("exact:simplex:4"), scaling=scaling)
        assert result.levels.l1.guaranteed == 1
        assert result.levels.l1.refuted == 2
    assert result.verdicts == ()


def test_atoms_as_given_need_equal_norms() -> None:
    longer = AlgebraicDictionary.of([["sqrt(2)", "1", "0"], ["0", "1", "1"], ["0", "0", "3"]])
    assert measure_algebraic(longer).norms_equal is False
    assert verify.check_algebraic_dictionary(longer, scaling="as-given").levels.omp.guaranteed in (0, 1, 3)
    equal = AlgebraicDictionary.of([["sqrt(2)", "2*cos(pi/4)*cos(pi/8)"], ["0", "sqrt(2)*sin(pi/8)"]])
    facts = measure_algebraic(equal)
    assert facts.norms_equal is True
    assert facts.norms_squared == Enclosure(Fraction(2), Fraction(2))


def test_parallel_atoms_refute_every_level() -> None:
    dictionary = AlgebraicDictionary.of([["sqrt(2)", "2*cos(pi/4)*sqrt(3)", "0"], ["1", "sqrt(3)", "1"]])
    result = verify.check_algebraic_dictionary(dictionary)
    assert result.facts.coherence.rational == 1
    assert {result.levels[q].refuted for q in ("l0", "l1", "network", "omp")} == {1}
    assert result.levels.l1.witness == (0, 1)


def test_nearly_parallel_atoms_do_not() -> None:
    dictionary = AlgebraicDictionary.of([["sqrt(2)", "2*cos(pi/4)+1/10**40"], ["1", "1"]])
    result = verify.check_algebraic_dictionary(dictionary)
    assert result.facts.coherence.squared.upper < 1
    assert result.levels.l1.guaranteed == 2
    assert result.levels.l1.guaranteed_by == "recovery-by-independence"


def test_equal_pairs_are_told_from_nearly_equal_ones() -> None:
    """Atoms at 45 degrees by two spellings, and one 10^-80 closer: the closer pair attains mu, and is found."""
    near = AlgebraicDictionary.of([["1", "0", "cos(pi/4)"], ["0", "1", "sqrt(2)/2+1/10**40/10**40"]])
    facts = measure_algebraic(near)
    assert facts.coherence.attained
    assert facts.coherence.pair == (1, 2)
    same = measure_algebraic(AlgebraicDictionary.of([["1", "0", "cos(pi/8)"], ["0", "1", "sqrt(2+sqrt(2))/2"]]))
    assert same.coherence.attained
    assert same.coherence.rational == Fraction(1, 2)


def test_what_is_too_much_work_stays_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (algebraic_gram, algebraic_coherence, algebraic):
        monkeypatch.setattr(module, "MOST_WORK", 1)
    _, facts = checked("exact:harmonic:residues:7")
    assert not facts.coherence.attained
    assert facts.coherence.rational is None
    assert facts.welch_attained is None
    assert facts.coherence.squared.lower <= Fraction(2, 9) <= facts.coherence.squared.upper
    _, bases = checked("exact:dirac-dft:3")
    assert bases.undecided_pairs > 0
    assert bases.orthogonal_family is None


def test_undecided_ties_leave_mu_enclosed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(algebraic_coherence, "sign", lambda _: None)
    tie = AlgebraicDictionary.of([["1", "0", "cos(pi/8)"], ["0", "1", "sqrt(2+sqrt(2))/2"]])
    found = measure_algebraic(tie).coherence
    assert not found.attained
    assert found.rational is None
    assert found.squared.lower <= Fraction(1, 2) <= found.squared.upper


def test_atoms_beyond_comparison_are_refused() -> None:
    huge = "*".join(["10**64"] * 20)
    with pytest.raises(LimitError, match="too short, too long or too close to zero"):
        measure_algebraic(AlgebraicDictionary.of([[huge, "1"], ["1", "1"]]))


def test_the_simplest_number_of_an_interval() -> None:
    for low, high, wanted in ((Fraction(1, 3), Fraction(1, 2), Fraction(1, 2)), (Fraction(5, 7), Fraction(5, 7), Fraction(5, 7)),
                              (Fraction(314, 100), Fraction(315, 100), Fraction(22, 7))):  # fmt: skip
        assert simplest(Enclosure(low, high)) == wanted
    rng = np.random.default_rng(1)
    for _ in range(50):
        low = Fraction(int(rng.integers(1, 300)), int(rng.integers(1, 300)))
        high = low + Fraction(1, int(rng.integers(1, 3000)))
        found = simplest(Enclosure(low, high))
        assert low <= found <= high
        least = next(q for q in range(1, 10**6) if math.ceil(low * q) <= high * q)
        assert found.denominator == least
