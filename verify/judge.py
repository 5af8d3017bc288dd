"""Facts and theorems to levels and verdicts."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .errors import ContradictionError, InputError
from .facts.measure import Facts
from .theorems import (
    GUARANTEE_THEOREMS,
    ISOMETRY_THEOREMS,
    REFUTATION_THEOREMS,
    SPARK_THEOREMS,
    Case,
    Known,
    Recovery,
    SparkBound,
)
from .verdict import Guaranteed, Question, Refuted, Scaling, Undecided, Verdict

_COSTLY = ("spark-by-enumeration", "spark-by-isometry")
"""Theorems whose proofs take long to check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What is proved for one question: the largest guaranteed level and the smallest refuted one, by which theorem.

    `evidence` is what the guarantee rests on, `witness` what refutes (see `verify.theorems`).
    """

    case: Case
    n: int
    guaranteed: int
    guaranteed_by: str | None
    refuted: int | None
    refuted_by: str | None
    evidence: object = None
    witness: object = None

    def at(self, level: int) -> Verdict:
        """Return the verdict at a level from 1 to n; raise InputError for any other."""
        if not 1 <= level <= self.n:
            raise InputError(f"expected a sparsity level from 1 to {self.n}, the number of atoms, got {level}")
        question, scaling = self.case.question, self.case.scaling
        if self.guaranteed_by is not None and level <= self.guaranteed:
            return Guaranteed(
                question=question, level=level, scaling=scaling, theorem=self.guaranteed_by, evidence=self.evidence
            )
        if self.refuted_by is not None and self.refuted is not None and level >= self.refuted:
            return Refuted(
                question=question, level=level, scaling=scaling, theorem=self.refuted_by, witness=self.witness
            )
        above = "no level is refuted" if self.refuted is None else f"levels from {self.refuted} on are refuted"
        return Undecided(
            question=question,
            level=level,
            scaling=scaling,
            reason=f"levels up to {self.guaranteed} are guaranteed and {above}",
            remedy="more effort (quick, standard, thorough) may find a sharper constant or a heavier null vector",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """The levels of all questions, for one scaling."""

    l0: Level
    l1: Level
    network: Level
    omp: Level

    def __getitem__(self, question: Question | str) -> Level:
        level: Level = getattr(self, Question(question).value)
        return level


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the theorems conclude from the facts: bounds of the spark, and levels."""

    known: Known
    levels: Levels


def judge(facts: Facts, scaling: Scaling = Scaling.unit) -> Judgement:
    """Apply every theorem to the facts and keep, for each question, the best guarantee and the best refutation.

    Guarantee: each level is proved by the theorem named, its hypotheses checked in exact arithmetic. Raises
    ContradictionError if a level is both guaranteed and refuted: a bug, never a verdict.
    """
    bounds = _worth_checking([theorem.lower(facts) for theorem in SPARK_THEOREMS])
    known = Known(
        facts=facts,
        spark=bounds,
        isometry=tuple(bound for theorem in ISOMETRY_THEOREMS for bound in theorem.upper(facts)),
    )
    l1, network, omp = (
        _level(known, Case(question=question, scaling=scaling))
        for question in (Question.l1, Question.network, Question.omp)
    )
    best = max(l1, network, omp, key=lambda level: level.guaranteed)
    if best.guaranteed:
        known = replace(known, recovery=Recovery(question=best.case.question, level=best.guaranteed))
    l0 = _level(known, Case(question=Question.l0, scaling=scaling))
    return Judgement(known=known, levels=Levels(l0=l0, l1=l1, network=network, omp=omp))


def _worth_checking(bounds: list[SparkBound | None]) -> tuple[SparkBound, ...]:
    """Return the bounds that were found, without those from enumerations that another bound makes needless."""
    found = [bound for bound in bounds if bound is not None]
    cheap = [bound for bound in found if bound.theorem not in _COSTLY]
    if any(bound.value is None for bound in cheap):
        return tuple(cheap)
    best = max((bound.value or 0 for bound in cheap), default=0)
    return tuple(bound for bound in found if bound in cheap or bound.value is None or bound.value > best)


def _level(known: Known, case: Case) -> Level:
    guaranteed, by, evidence = 0, None, None
    for theorem in GUARANTEE_THEOREMS:
        level = theorem.level(known, case)
        if level > guaranteed:
            guaranteed, by, evidence = level, theorem.id, theorem.evidence(known)
    refuted, against, witness = None, None, None
    for theorem in REFUTATION_THEOREMS:
        level = theorem.level(known, case)
        if level is not None and (refuted is None or level < refuted):
            refuted, against, witness = level, theorem.id, theorem.witness(known, case)
    if refuted is not None and refuted <= guaranteed:
        raise ContradictionError(
            f"{case.question} at level {refuted} is guaranteed by {by} and refuted by {against}: please report this"
        )
    return Level(
        case=case,
        n=known.facts.n,
        guaranteed=guaranteed,
        guaranteed_by=by,
        refuted=refuted,
        refuted_by=against,
        evidence=evidence,
        witness=witness,
    )
