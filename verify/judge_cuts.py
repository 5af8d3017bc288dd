"""Levels for codes that keep away from the ends of a signal, where the boundary 'same' cuts atoms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import product

from .dictionaries.convolutional import ConvolutionalDictionary
from .facts.convolutional.cuts import CutFacts
from .judge_convolutional import SPARSITIES, level_by_babel, level_by_coherence, level_by_weights
from .verdict import Question, Scaling


class CodeSupport(StrEnum):
    """Where nonzeros may be: on whole atoms, (t-1)/2 from every end, or where whole stripes are, 3(t-1)/2 from it."""

    uncut = "uncut"
    interior = "interior"


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportLevel:
    """The greatest level guaranteed at every length for codes on some atoms, by which theorem, and which of its facts.

    `wide` facts are those of pairs of which one atom is whole.
    """

    question: Question
    sparsity: str
    support: CodeSupport
    guaranteed: int
    guaranteed_by: str | None
    wide: bool


def judge_cuts(dictionary: ConvolutionalDictionary, facts: CutFacts, scaling: Scaling) -> tuple[SupportLevel, ...]:
    """Return the level of every question for codes on whole atoms, and in the interior.

    Cut atoms compete in basis pursuit and OMP for codes on whole atoms. Guarantee: each by the theorem named. For atoms
    as given nothing is said about l1 and omp: the norms of cut atoms differ.
    """
    found: list[SupportLevel] = []
    for support, question, sparsity in product(CodeSupport, Question, SPARSITIES):
        wide = support is CodeSupport.uncut and question in (Question.l1, Question.omp)
        level, theorem, rests_on_wide = _best(dictionary, facts, wide, weighted=question is not Question.omp)
        if scaling is Scaling.as_given and question in (Question.l1, Question.omp):
            level = 0
        found.append(
            SupportLevel(
                question=question,
                sparsity=sparsity,
                support=support,
                guaranteed=level,
                guaranteed_by=theorem if level else None,
                wide=rests_on_wide,
            )
        )
    return tuple(found)


def _best(dictionary: ConvolutionalDictionary, facts: CutFacts, wide: bool, *, weighted: bool) -> tuple[int, str, bool]:
    coherence = facts.wide_coherence if wide else facts.coherence
    bounds = [(level_by_coherence(dictionary, coherence), "recovery-of-uncut-by-coherence", wide)]
    sums: Sequence[Fraction] | None = facts.wide_babel if wide else facts.babel
    if facts.babel is not None and sums is not None:
        bounds.append((level_by_babel(dictionary, facts.babel, sums), "recovery-of-uncut-by-babel", wide))
    # weights that hold against all atoms hold against whole ones
    for weights, against_all in ((facts.weights, False), (facts.wide_weights, True)):
        if weights is not None and weighted and (against_all or not wide):
            level = level_by_weights(dictionary, max(weights.upper))
            bounds.append((level, "recovery-of-uncut-by-weights", against_all))
    return max(bounds, key=lambda bound: bound[0])
