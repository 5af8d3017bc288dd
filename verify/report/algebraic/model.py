"""What the report on an algebraic dictionary is made of: facts as text and enclosures, and proved levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from ...errors import InputError
from ..claims import Level
from ..model import Asked, Subject, TheoremText

Bounds = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coherence:
    """mu: its square between two rationals (equal where it is that number), and an expression for it, or None.

    `pair` attains mu where `attained`; else it stayed undecided which of several pairs does.
    """

    squared: Bounds
    expression: str | None
    pair: tuple[int, int]
    attained: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AlgebraicReport:
    """Everything that the report shows, and nothing that it would have to compute.

    Bounds are lower and upper; `welch_attained` is None where that stayed undecided, and `norms_equal` too; `spark` is
    a lower bound, None for infinity, with the theorem it comes from, or None for no bound. Raises InputError unless
    `levels` has all questions asked.
    """

    subject: Subject
    asked: Asked
    coherence: Coherence
    welch_squared: Fraction
    welch_attained: bool | None
    babel: tuple[Bounds, ...]
    norms_squared: Bounds
    norms_equal: bool | None
    spark: tuple[int | None, str] | None
    spark_upper: int | None
    orthogonal_pairs: int
    undecided_pairs: int
    two_orthogonal_families: bool
    levels: Mapping[str, Level]
    theorems: Mapping[str, TheoremText] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        missing = [question for question in self.asked.questions if question not in self.levels]
        if missing:
            raise InputError(f"AlgebraicReport.levels lacks {', '.join(missing)}")
