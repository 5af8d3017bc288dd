"""What solving a problem gives: a status, an enclosure of the value, and the proofs; and what the solver claimed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from .proofs import (
    ExactCode,
    InfeasibleByDual,
    LowerBound,
    SeveralMinimisers,
    Unique,
    UpperBound,
)

if TYPE_CHECKING:
    from .problem import Problem


class Status(StrEnum):
    """What is proved of a problem."""

    proved_optimal = "proved-optimal"
    proved_infeasible = "proved-infeasible"
    enclosed = "enclosed"
    not_solved = "not-solved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What a backend said, estimated: its own status, value and time; `versions` and `options` it ran with."""

    backend: str
    status: str
    value: float | None
    seconds: float
    versions: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is proved of one problem.

    `lower` and `upper` prove bounds of the optimal value; `unique` that there is one minimiser, and where; `several`
    that there are at least two; `infeasible` that no code is feasible. `claimed` is what the backends said. `remarks`
    are sentences for the user. `stopped` says that time or the user ended the work early.
    """

    problem: Problem
    lower: LowerBound | None = None
    upper: UpperBound | None = None
    unique: Unique | None = None
    several: SeveralMinimisers | None = None
    infeasible: InfeasibleByDual | None = None
    claimed: tuple[Claimed, ...] = ()
    remarks: tuple[str, ...] = ()
    stopped: bool = False

    @property
    def status(self) -> Status:
        """`proved-optimal` if the minimiser is located or both bounds are equal, else what is known of the value.

        A value of 0 needs no lower bound.
        """
        if self.infeasible is not None:
            return Status.proved_infeasible
        if self.unique is not None or (self.upper is not None and (self.value_lower or 0) == self.upper.upper):
            return Status.proved_optimal
        return Status.enclosed if self.upper is not None else Status.not_solved

    @property
    def value_lower(self) -> Fraction | None:
        """The proved lower bound of the optimal value, None without one (every value is at least 0)."""
        return None if self.lower is None else self.lower.lower

    @property
    def value_upper(self) -> Fraction | None:
        """The proved upper bound of the optimal value, None without one."""
        return None if self.upper is None else self.upper.upper

    @property
    def is_unique(self) -> bool | None:
        """Whether there is exactly one minimiser; None if that is not known."""
        if self.unique is not None:
            return True
        return False if self.several is not None else None

    @property
    def solution(self) -> ExactCode | None:
        """The best code known: the minimiser's centre if it is located, else the code of the upper bound."""
        if self.unique is not None:
            return self.unique.centre
        return getattr(self.upper, "code", None)
