"""Measure and judge an algebraic dictionary: the whole line but a certificate, since no checker reads expressions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..dictionaries.algebraic import AlgebraicDictionary
from ..facts.algebraic import AlgebraicFacts, measure_algebraic
from ..judge import Levels
from ..judge_algebraic import judge_algebraic
from ..theorems import SparkBound
from ..verdict import Question, Scaling, Verdict
from .check import level_of, member


@dataclass(frozen=True, slots=True, kw_only=True)
class AlgebraicCheckResult:
    """What `check_algebraic_dictionary` found; `levels` and `verdicts` are proved here, and not independently checked.

    `spark` is the best lower bound of the spark, None where no theorem gives one.
    """

    dictionary: AlgebraicDictionary
    sparsity: int | None
    questions: tuple[Question, ...]
    scaling: Scaling
    facts: AlgebraicFacts
    levels: Levels
    spark: SparkBound | None

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdict of every question asked, at the sparsity asked; empty if no sparsity was asked."""
        if self.sparsity is None:
            return ()
        return tuple(self.levels[question].at(self.sparsity) for question in self.questions)


def check_algebraic_dictionary(
    dictionary: AlgebraicDictionary,
    *,
    sparsity: int | None = None,
    questions: Iterable[Question | str] | str = (Question.l1,),
    scaling: Scaling | str = Scaling.unit,
) -> AlgebraicCheckResult:
    """Say what a dictionary of algebraic numbers guarantees about its sparse codes.

    Arguments as for `check_dictionary`; the dictionary is one of `verify.load_algebraic`. Coherence, Babel function,
    orthogonal families and the dimension give the levels; there is no search for more.

    Guarantee: every fact is exact or enclosed, and every level names its theorem. There is no certificate: the
    independent checker reads rational numbers only. Raises InputError for an unknown question, or a level outside 1 ..
    n; LimitError for atoms that are too short, too long or too close to zero to be compared.
    """
    questions = (questions,) if isinstance(questions, str) else questions
    asked = tuple(member(Question, question, "question") for question in questions)
    chosen = member(Scaling, scaling, "scaling")
    level = None if sparsity is None else level_of(sparsity, dictionary.shape[1])
    facts = measure_algebraic(dictionary)
    levels, spark = judge_algebraic(facts, chosen)
    return AlgebraicCheckResult(
        dictionary=dictionary,
        sparsity=level,
        questions=asked,
        scaling=chosen,
        facts=facts,
        levels=levels,
        spark=spark,
    )
