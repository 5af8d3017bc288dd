"""Null-space constants: true bounds for every small dictionary, and closed forms, ties among them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from exact_null_space import HALF, NullSpace
from exact_reference import sample
from small_truths import Known, assert_null_space, corners, known, of_nullity_two, small

from verify.budget import Budget, Effort
from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.families import build
from verify.dictionaries.working_space import working_space
from verify.facts import null_space as module
from verify.facts.generalized import GeneralizedCoherence, generalized_coherence
from verify.facts.heavy_vectors import NullSpaceLower
from verify.facts.null_space import NullSpace as Constants
from verify.facts.null_space import NullSpaceUpper, best_for_spark, null_space, shares
from verify.facts.support_values import SupportValues
from verify.verdict import Scaling


def measured(
    dictionary: Dictionary, scaling: Scaling = Scaling.unit, effort: Effort = Effort.standard, singles: bool = True
) -> Constants:
    """With `singles` from generalized coherence for unit atoms, else from values of single atoms."""
    space = working_space(dictionary, scaling)
    generalized = generalized_coherence(dictionary, space) if singles and scaling is Scaling.unit else None
    return null_space(dictionary, space, generalized, Budget(effort=effort, entries=dictionary.real.size))


def proved(constants: Constants, n: int) -> tuple[int, int]:
    """The highest level below 1/2, and the lowest at 1/2 or above, n + 1 if there is none."""
    guaranteed = 0 if constants.guaranteed is None else constants.guaranteed.level
    return guaranteed, n + 1 if constants.refuted is None else constants.refuted.level


def assert_decides(truth: NullSpace, constants: Constants) -> int:
    """Right, and how many levels are left undecided."""
    guaranteed, refuted = proved(constants, truth.n)
    scaling = constants.scaling.value
    assert guaranteed < refuted
    assert all(truth.null_space_constant(k, scaling).upper < HALF for k in range(1, guaranteed + 1))
    if refuted <= truth.n:
        assert truth.null_space_constant(refuted, scaling).upper >= HALF
    return refuted - 1 - guaranteed


@pytest.mark.thorough
@pytest.mark.parametrize("effort", [Effort.quick, Effort.standard])
@pytest.mark.parametrize("scaling", Scaling)
def test_every_bound_is_true_and_hardly_a_level_is_left(scaling: Scaling, effort: Effort) -> None:
    left, levels = 0, 0
    for name, dictionary, truth in small(78):
        if not truth.circuits:
            continue
        constants = measured(dictionary, scaling, effort)
        assert_null_space(truth, constants)
        undecided = assert_decides(truth, constants)
        if scaling is Scaling.unit or not name.startswith("wildly-scaled"):  # seen in floats they have another rank
            left += undecided
            levels += truth.n
    assert levels > 250
    assert left == 0


@pytest.mark.thorough
def test_bounds_are_close_where_averages_are_not_needed() -> None:
    for name, dictionary, truth in small(39):
        if not truth.circuits:
            continue
        constants = measured(dictionary)
        for lower in constants.lowers:
            if lower.level == 1:
                assert truth.null_space_constant(1, "unit").lower - lower.lower < Fraction(1, 10**6), name
        for upper in constants.uppers:
            if upper.level == 1:
                assert upper.upper - truth.null_space_constant(1, "unit").upper < Fraction(1, 10**6), name


def test_values_of_single_atoms_serve_where_generalized_coherence_is_not_known() -> None:
    for _, dictionary, truth in small(39):
        if truth.circuits:
            constants = measured(dictionary, singles=False)
            assert_null_space(truth, constants)
            assert assert_decides(truth, constants) <= 1
            assert all(isinstance(bound.basis, SupportValues) for bound in constants.uppers)


def test_the_corners() -> None:
    for name, dictionary, truth in corners():
        if not truth.circuits:
            continue
        for scaling in Scaling:
            constants = measured(dictionary, scaling)
            assert_null_space(truth, constants)
            left = assert_decides(truth, constants)
            assert left == 0 or (name == "tiny and huge" and scaling is Scaling.as_given)


def test_the_first_constant_is_that_of_generalized_coherence() -> None:
    """nsc_1 = mu~ / (1 + mu~) for unit atoms: both bounds on both sides."""
    for _, dictionary, truth in small(39):
        if not truth.circuits:
            continue
        space = working_space(dictionary, Scaling.unit)
        generalized = generalized_coherence(dictionary, space)
        constants = null_space(dictionary, space, generalized, Budget())
        exact = truth.null_space_constant(1, "unit")
        coherence = truth.generalized_coherence("unit")
        assert coherence.lower / (1 + coherence.upper) <= exact.upper
        upper = max(generalized.upper)
        assert upper / (1 + upper) >= exact.lower
        for bound in constants.uppers:
            if bound.level == 1:
                assert 0 <= bound.upper - upper / (1 + upper) < Fraction(1, 2**60)


@pytest.mark.parametrize("n", range(3, 13))
def test_the_simplex_ties_at_half_of_its_atoms(n: int) -> None:
    """nsc_k = k/n: at k = n/2 exactly 1/2, which refutes."""
    for effort in (Effort.quick, Effort.standard):
        assert proved(measured(build("simplex", str(n)), effort=effort), n) == ((n - 1) // 2, (n + 1) // 2)


@pytest.mark.parametrize(
    ("rows", "scaling", "level"),
    [
        ([[1, 1]], Scaling.as_given, 1),
        ([[1, -1, 2]], Scaling.as_given, 1),
        ([[1, 1, 2]], Scaling.unit, 1),
        ([[1, 0, 1], [0, 1, 1]], Scaling.as_given, 2),
        ([[1, 0, 0, 1], [0, 1, 0, 1], [0, 0, 1, 1]], Scaling.as_given, 2),
        ([[1, 0, 0, 3], [0, 1, 0, 1], [0, 0, 1, 1]], Scaling.as_given, 1),
        ([[1, 0, 0, 0, 0, 3], [0, 1, 0, 0, 0, 2], [0, 0, 1, 0, 0, 2], [0, 0, 0, 1, 0, 1], [0, 0, 0, 0, 1, 1]], Scaling.as_given, 2),
        ([[1, 1, 0, 0], [1, -1, 1, 0], [0, 0, 1, 1]], Scaling.as_given, 2),
    ],
)  # fmt: skip
def test_ties_are_refuted_and_never_guaranteed(rows: list[list[int]], scaling: Scaling, level: int) -> None:
    _, dictionary, truth = known(rows)
    exact = truth.null_space_constant(level, scaling.value)
    assert level == 1 or truth.null_space_constant(level - 1, scaling.value).upper < HALF
    for effort in (Effort.quick, Effort.standard, Effort.thorough):
        guaranteed, refuted = proved(measured(dictionary, scaling, effort), truth.n)
        assert guaranteed < level
        assert refuted >= level
        if exact.lower == exact.upper == HALF and scaling is Scaling.as_given:
            assert (guaranteed, refuted) == (level - 1, level)


@pytest.mark.parametrize("denominator", [10**3, 10**6, 10**9, 10**12, 10**15, 10**20])
def test_near_ties_are_never_on_the_wrong_side(denominator: int) -> None:
    """One null vector (1 + e, 1): nsc_1 = (1 + e)/(2 + e); and (1 + e, 1, 1 - 2e, 1): nsc_2 = (2 + e)/(4 - e)."""
    e = Fraction(1, denominator)
    for sign in (1, -1):
        for rows in ([[1, 1, 2 - sign * e]], [[1, 0, 0, 1 + sign * e], [0, 1, 0, 1], [0, 0, 1, 1 - 2 * sign * e]]):
            _, dictionary, truth = known(rows)
            for scaling in Scaling:
                constants = measured(dictionary, scaling)
                assert_null_space(truth, constants)
                guaranteed, refuted = proved(constants, truth.n)
                for k in range(1, truth.n + 1):
                    if truth.guaranteed_l1(k, scaling.value) is True:
                        assert refuted > k
                    else:
                        assert guaranteed < k


def test_scaling_matters() -> None:
    """Theory 0: [e1, e2, (e1 + e2) c / sqrt 2], c = 1/10, with a rational root: unit guarantees 1, as given refutes it."""
    near = Fraction(70710678, 10**8)
    _, dictionary, truth = known([[1, 0, near / 10], [0, 1, near / 10]])
    assert proved(measured(dictionary, Scaling.unit), 3) == (1, 2)
    assert proved(measured(dictionary, Scaling.as_given), 3) == (0, 1)
    assert truth.guaranteed_l1(1, "unit") is True
    assert truth.guaranteed_l1(1, "as-given") is False


def test_a_full_rank_dictionary_has_nothing_to_refute() -> None:
    for rows in (np.eye(3), np.array([[1.0, 1], [0, 1], [5, 7]])):
        dictionary = Dictionary.from_array(rows)
        constants = measured(dictionary)
        assert constants.lowers == ()
        assert constants.refuted is None
        assert constants.guaranteed is not None
        assert constants.guaranteed.level == dictionary.shape[1]


# --- budgets, averages and exceptions ---


class Poor(Budget):
    """Affords nothing."""

    def affords(self, operations: float) -> bool:
        return operations < 0


def test_without_a_budget_there_are_only_null_vectors() -> None:
    dictionary = sample("float64", 2, 6, 12)
    constants = null_space(dictionary, working_space(dictionary, Scaling.unit), None, Poor())
    assert constants.uppers == ()
    assert constants.lowers
    assert constants.unfinished == ("values of single atoms", "values of all supports of size 2")


def test_scales_that_no_certificate_holds_are_left_undecided() -> None:
    for scale in (Fraction(10) ** 1600, Fraction(1, 10**1600)):
        _, dictionary, truth = known([[x * scale for x in row] for row in ([1, 0, 1, 2], [0, 1, 1, -1])])
        constants = measured(dictionary, Scaling.as_given)
        assert constants.uppers == ()
        assert "values of single atoms" in constants.unfinished
        assert_null_space(truth, constants)


def signs(m: int, seed: int) -> Known:
    return of_nullity_two(np.random.default_rng([seed, m, m + 2]).choice([-1, 1], (m, m + 2)).tolist())


def test_circuits_of_two_null_vectors() -> None:
    """The helper of these tests against the search through all supports."""
    for seed in range(4):
        _, dictionary, truth = signs(6, seed)
        found, expected = ({tuple(map(bool, h)) for h in t.circuits} for t in (truth, NullSpace(dictionary)))
        assert found == expected


@pytest.mark.parametrize(("limits", "m", "seed"), [(module._LIMITS, 16, 6), ((0.3, 0.8), 12, 0), ((0.3, 0.8), 14, 4)])
@pytest.mark.sampled(2)
def test_exceptions_decide_what_averages_leave_open(
    limits: tuple[float, ...], m: int, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LIMITS", limits)
    _, dictionary, truth = signs(m, seed)
    constants = measured(dictionary)
    assert_null_space(truth, constants)
    assert assert_decides(truth, constants) == 0
    used = [bound for bound in constants.uppers if bound.exceptions]
    assert used
    for bound in used:
        assert isinstance(bound.basis, SupportValues)
        assert all(bound.basis.order < values.order <= bound.level for values in bound.exceptions)
        assert bound.remaining > 0


# --- what is made of the bounds ---


def bound(level: int, upper: Fraction) -> NullSpaceUpper:
    weights = np.ones((1, 1), dtype=np.int64)
    basis = GeneralizedCoherence(weights=weights, upper=(Fraction(0),), atom=0, lower=Fraction(0), vector=None)
    return NullSpaceUpper(level=level, upper=upper, basis=basis)


def constants_of(*uppers: NullSpaceUpper, lowers: tuple[NullSpaceLower, ...] = ()) -> Constants:
    return Constants(scaling=Scaling.unit, uppers=uppers, lowers=lowers)


def test_one_half_is_never_guaranteed() -> None:
    tiny = Fraction(1, 10**50)
    assert constants_of(bound(3, HALF)).guaranteed is None
    found = constants_of(bound(1, HALF / 2), bound(2, HALF - tiny), bound(3, HALF)).guaranteed
    assert found is not None
    assert found.level == 2


@pytest.mark.parametrize("k", range(1, 8))
@pytest.mark.parametrize("s", range(2, 20))
def test_the_spark_is_at_least_k_over_the_constant(k: int, s: int) -> None:
    """k / nsc_k integer: exactly that; a little less: still; a little more: one less."""
    tiny = Fraction(1, 10**50)
    n = 20
    if k >= s:
        return
    for upper, value in ((Fraction(k, s), s), (Fraction(k, s) + tiny, s), (Fraction(k, s) - tiny, s + 1)):
        found = best_for_spark(constants_of(bound(k, upper)), n)
        assert found is not None
        assert found[0] == value
    assert best_for_spark(constants_of(bound(k, Fraction(1))), n) is None
    assert best_for_spark(constants_of(bound(k, Fraction(k, n) - tiny)), n) is None  # then they are independent
    exactly = best_for_spark(constants_of(bound(k, Fraction(k, n))), n)
    assert exactly is not None
    assert exactly[0] == n


def test_the_best_bound_of_the_spark_is_chosen() -> None:
    assert best_for_spark(constants_of(), 9) is None
    assert best_for_spark(constants_of(bound(1, Fraction(0))), 9) is None
    best = bound(2, Fraction(2, 5))
    found = best_for_spark(constants_of(bound(1, Fraction(1, 4)), best, bound(3, Fraction(3, 4))), 9)
    assert found == (5, best)


def test_shares_are_rounded_up() -> None:
    _, dictionary, _ = small(20)[13]
    generalized = generalized_coherence(dictionary, working_space(dictionary, Scaling.unit))
    found = shares(generalized)
    exact = sorted((t / (1 + t) for t in generalized.upper), reverse=True)
    assert all(0 <= a - b < Fraction(1, 2**64) for a, b in zip(found, exact, strict=True))
