"""Facts of an algebraic dictionary and theorems to levels."""

from __future__ import annotations

from dataclasses import replace

from .facts.algebraic import AlgebraicFacts
from .facts.coherence import MutualCoherence
from .facts.measure import Facts
from .facts.norms import AtomNorms
from .facts.rank import Rank
from .judge import Level, Levels, judge
from .theorems import SparkBound
from .verdict import Question, Scaling


def judge_algebraic(facts: AlgebraicFacts, scaling: Scaling = Scaling.unit) -> tuple[Levels, SparkBound | None]:
    """Return the levels that coherence, Babel function and dimension prove, and the best lower bound of the spark.

    The theorems are those of rational dictionaries. They take bounds: for mu^2 they get a rational upper bound, equal
    to it where it is proved rational, and each of them only gets weaker as mu grows; of norms they ask whether all are
    equal, and undecided counts as different. Guarantee: each level is proved by the theorem named.
    """
    squared = facts.coherence.squared.upper
    low = facts.norms_squared.lower
    known = Facts(
        m=facts.m,
        n=facts.n,
        norms=AtomNorms(squared_min=low, squared_max=low if facts.norms_equal else facts.norms_squared.upper + 1),
        welch_squared=facts.welch_squared,
        coherence=MutualCoherence(squared=squared, pair=facts.coherence.pair),
        babel=facts.babel,
        rank=Rank(lower=1, upper=min(facts.m, facts.n), minor=None),
        null_vector=None,
        orthogonal_family=facts.orthogonal_family,
        is_real=facts.is_real,
    )
    judgement = judge(known, scaling)
    found = {question.value: _level(judgement.levels[question], facts) for question in Question}
    return Levels(**found), judgement.known.independent or judgement.known.spark_lower


def _level(level: Level, facts: AlgebraicFacts) -> Level:
    """Return a level that rests on the algebraic facts; two parallel atoms refute level 1 of every question."""
    if facts.coherence.rational == 1:
        pair = facts.coherence.pair
        return replace(level, evidence=facts, refuted=1, refuted_by="failure-by-two-codes", witness=pair)
    return replace(level, evidence=facts)
