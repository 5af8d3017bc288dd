"""The judge keeps the best of every theorem, and contradictions are errors."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest
from exact_reference import KINDS, sample, samples

from verify.dictionaries.families import build
from verify.errors import ContradictionError, InputError
from verify.facts.babel import Babel
from verify.facts.coherence import MutualCoherence
from verify.facts.measure import measure
from verify.facts.null_vectors import NullVector
from verify.judge import Level, judge
from verify.theorems import GUARANTEE_THEOREMS, REFUTATION_THEOREMS, SPARK_THEOREMS, Case
from verify.verdict import Guaranteed, Question, Refuted, Scaling, Undecided


@pytest.mark.parametrize("scaling", Scaling)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.sampled(3)
def test_levels_are_the_best_of_all_theorems(kind: str, scaling: Scaling) -> None:
    for arguments in samples([kind], 3):
        judgement = judge(measure(sample(*arguments)), scaling)
        known = judgement.known
        bounds = [b for b in (t.lower(known.facts) for t in SPARK_THEOREMS) if b is not None]
        left_out = [b for b in bounds if b not in known.spark]
        assert [b for b in bounds if b not in left_out] == list(known.spark)
        for bound in left_out:  # dominated, and costly to check
            assert bound.theorem in ("spark-by-enumeration", "spark-by-isometry")
            assert bound.value is not None
            assert known.independent is not None or bound.value <= known.spark_lower.value
        for question in Question:
            level = judgement.levels[question]
            assert level is judgement.levels[question.value]
            assert level.case == Case(question=question, scaling=scaling)
            assert level.n == known.facts.n
            offered = {t.id: t.level(known, level.case) for t in GUARANTEE_THEOREMS}
            assert level.guaranteed == max(offered.values())
            assert level.guaranteed_by is None if level.guaranteed == 0 else offered[level.guaranteed_by] == level.guaranteed  # fmt: skip
            against = {t.id: t.level(known, level.case) for t in REFUTATION_THEOREMS}
            refuted = [value for value in against.values() if value is not None]
            assert level.refuted == min(refuted, default=None)
            assert level.refuted_by is None if level.refuted is None else against[level.refuted_by] == level.refuted
            assert_three_values(level)


def assert_three_values(level: Level) -> None:
    for k in range(1, level.n + 1):
        verdict = level.at(k)
        assert (verdict.level, verdict.question, verdict.scaling) == (k, level.case.question, level.case.scaling)
        if k <= level.guaranteed:
            assert isinstance(verdict, Guaranteed)
            assert verdict.theorem == level.guaranteed_by
        elif level.refuted is not None and k >= level.refuted:
            assert isinstance(verdict, Refuted)
            assert verdict.theorem == level.refuted_by
        else:
            assert isinstance(verdict, Undecided)


def test_an_undecided_level_says_what_is_known() -> None:
    facts = measure(sample("float64", 2, 6, 12))
    levels = judge(dataclasses.replace(facts, generalized=None, null_space=None, null_vector=None)).levels
    gap = levels.l1
    assert gap.refuted is not None
    assert gap.guaranteed + 1 < gap.refuted
    verdict = gap.at(gap.guaranteed + 1)
    assert isinstance(verdict, Undecided)
    assert (
        verdict.reason == f"levels up to {gap.guaranteed} are guaranteed and levels from {gap.refuted} on are refuted"
    )
    assert "null vector" in verdict.remedy
    independent = judge(measure(sample("float64", 0, 8, 4))).levels.omp
    verdict = independent.at(4)
    assert isinstance(verdict, Undecided)
    assert verdict.reason == f"levels up to {independent.guaranteed} are guaranteed and no level is refuted"


@pytest.mark.parametrize("level", [0, -1, 51, 1000])
def test_only_levels_from_1_to_n_have_a_verdict(level: int) -> None:
    with pytest.raises(InputError, match=f"expected a sparsity level from 1 to 50, the number of atoms, got {level}"):
        judge(measure(build("simplex", "50"))).levels.l1.at(level)


def test_an_unknown_question_has_no_level() -> None:
    with pytest.raises(ValueError, match="l7"):
        judge(measure(build("simplex", "5"))).levels["l7"]


TRUE = measure(build("simplex", "10"))  # guaranteed up to 4, refuted from 5 on
SMALL_MU = MutualCoherence(squared=Fraction(1, 121), pair=(0, 1))
SMALL_BABEL = Babel(lower=TRUE.babel.lower, upper=tuple(Fraction(k, 11) for k in range(1, 10)))  # type: ignore[union-attr]
DUPLICATES = NullVector(support=(0, 1), real=(1, -1), imaginary=None, squared_norms=(Fraction(90),) * 2)


@pytest.mark.parametrize(
    "false",
    [{"coherence": SMALL_MU}, {"babel": SMALL_BABEL}, {"null_vector": DUPLICATES}, {"orthogonal_family": (0, 1)}],
    ids=lambda false: next(iter(false)),
)
@pytest.mark.parametrize("scaling", Scaling)
def test_facts_that_contradict_each_other_are_an_error(false: dict, scaling: Scaling) -> None:
    assert judge(TRUE, scaling).levels.l1.guaranteed == 4
    with pytest.raises(ContradictionError, match=r"at level \d+ is guaranteed by [a-z-]+ and refuted by [a-z-]+: please report"):  # fmt: skip
        judge(dataclasses.replace(TRUE, **false), scaling)


def test_a_contradiction_at_one_level_is_enough() -> None:
    """Guaranteed and refuted at 5; at 4 guaranteed only."""
    upper = [Fraction(k, 9) for k in range(1, 10)]
    assert judge(dataclasses.replace(TRUE, babel=Babel(lower=SMALL_BABEL.lower, upper=tuple(upper)))).levels.l1.guaranteed == 4  # fmt: skip
    upper[4] -= Fraction(1, 10**50)
    with pytest.raises(ContradictionError, match="l1 at level 5 is guaranteed by recovery-by-babel and refuted by"):
        judge(dataclasses.replace(TRUE, babel=Babel(lower=SMALL_BABEL.lower, upper=tuple(upper))))
