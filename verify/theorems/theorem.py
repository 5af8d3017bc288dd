"""The kinds of theorem: a statement, and how the facts of a dictionary are turned into bounds and levels with it.

Every kind is a `Statement` (verify/theorems/language/statements.py). Six kinds conclude something that verdicts need,
from measured facts; a QuantitativeTheorem is applied to numbers only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from ..facts.measure import Facts
from ..verdict import Question, Scaling
from .language.conditions import Condition
from .language.observables import Observable
from .language.statements import Each, Section, Statement, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is asked: a question, for unit atoms or for atoms as given."""

    question: Question
    scaling: Scaling


@dataclass(frozen=True, slots=True, kw_only=True)
class SparkBound:
    """spark(D) >= `value`, by the theorem with this id; `value` None means that the atoms are independent."""

    value: int | None
    theorem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IsometryBound:
    """delta_level <= `upper` for the restricted isometry constant, by the rule or theorem with this id."""

    level: int
    upper: Fraction
    theorem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """Basis pursuit, the network or OMP (`question`) is proved to recover every code up to `level`."""

    question: Question
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Everything a theorem may use: the measured facts, and what other theorems have concluded."""

    facts: Facts
    spark: tuple[SparkBound, ...] = ()
    recovery: Recovery | None = None
    isometry: tuple[IsometryBound, ...] = ()

    @property
    def independent(self) -> SparkBound | None:
        """The first proof that the atoms are independent, if there is one."""
        return next((bound for bound in self.spark if bound.value is None), None)

    @property
    def spark_lower(self) -> SparkBound | None:
        """The best lower bound of the spark that is a number."""
        return max((b for b in self.spark if b.value is not None), key=lambda b: b.value or 0, default=None)

    @property
    def isometry_bounds(self) -> tuple[IsometryBound, ...]:
        """All upper bounds of restricted isometry constants, measured or concluded."""
        measured = (
            IsometryBound(level=found.level, upper=found.upper, theorem="isometry-by-enumeration")
            for found in self.facts.isometries
        )
        return (*measured, *self.isometry)

    def isometry_bound(self, level: int) -> IsometryBound | None:
        """The best upper bound of delta_level: one of a higher level serves, and one of delta_n for all levels."""
        usable = (bound for bound in self.isometry_bounds if bound.level >= min(level, self.facts.n))
        return min(usable, key=lambda bound: bound.upper, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SparkTheorem(Statement):
    """A lower bound of the spark. `lower(facts)` returns the bound that the facts prove, or None."""

    lower: Callable[[Facts], SparkBound | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SparkUpperTheorem(Statement):
    """An upper bound of the spark. `upper(facts)` returns the bound that the facts prove, or None."""

    upper: Callable[[Facts], int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class IsometryTheorem(Statement):
    """Upper bounds of restricted isometry constants. `upper(facts)` returns those below 1 that the facts prove."""

    upper: Callable[[Facts], tuple[IsometryBound, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class IterationTheorem(Statement):
    """An algorithm converges linearly at a level. `rate(known, level)` returns a proved rate below 1, or None.

    `level(known)` returns the greatest level with a rate, 0 if none; `evidence(known, level)` what the rate rests on.
    """

    rate: Callable[[Known, int], Fraction | None]
    level: Callable[[Known], int]
    evidence: Callable[[Known, int], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class GuaranteeTheorem(Statement):
    """A sufficient condition. `level(known, case)` returns the greatest level that is proved, 0 if none.

    `evidence(known)` returns what the proof rests on: a fact, a bound of the spark, or another guarantee.
    """

    level: Callable[[Known, Case], int]
    evidence: Callable[[Known], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefutationTheorem(Statement):
    """An explicit failure. `level(known, case)` returns the smallest level that is refuted, or None.

    `witness(known, case)` returns the null vector, or the indices of dependent atoms.
    """

    level: Callable[[Known, Case], int | None]
    witness: Callable[[Known, Case], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantitativeTheorem(Statement):
    """A statement about given numbers: `apply` is all there is to apply."""


Theorem = (
    SparkTheorem
    | SparkUpperTheorem
    | IsometryTheorem
    | IterationTheorem
    | GuaranteeTheorem
    | RefutationTheorem
    | QuantitativeTheorem
)

__all__ = [
    "Case",
    "Condition",
    "Each",
    "GuaranteeTheorem",
    "IsometryBound",
    "IsometryTheorem",
    "IterationTheorem",
    "Known",
    "Observable",
    "QuantitativeTheorem",
    "Recovery",
    "RefutationTheorem",
    "Section",
    "SparkBound",
    "SparkTheorem",
    "SparkUpperTheorem",
    "Statement",
    "Status",
    "Theorem",
]
