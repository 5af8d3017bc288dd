"""What the report of a recovery experiment is made of: counts of proved outcomes, intervals, and proved levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from ...errors import InputError
from ..model import SCALINGS, Subject, TheoremText

METHODS = ("l1", "omp")
MAGNITUDES = ("sign", "uniform", "gaussian")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """The trials of one level, or of the cell (`dimension`, `level`) of a phase diagram; `lower` and `upper` enclose.

    Raises InputError for counts that are negative or all zero.
    """

    level: int
    dimension: int | None = None
    recovered: int
    missed: int
    undecided: int
    lower: Fraction
    upper: Fraction

    def __post_init__(self) -> None:
        if min(self.recovered, self.missed, self.undecided) < 0 or not self.trials:
            raise InputError(f"a rate comes from at least one trial, got {self.recovered, self.missed, self.undecided}")

    @property
    def trials(self) -> int:
        """The number of trials."""
        return self.recovered + self.missed + self.undecided


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """The levels proved for the dictionary, by the theorems with these ids; None where there is none.

    Every code up to level `guaranteed` is recovered, and some code of every level from `refuted` on is missed.
    """

    guaranteed: int
    guaranteed_by: str | None
    refuted: int | None
    refuted_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryReport:
    """Everything that the report of an experiment shows.

    `subject` is the dictionary, or None for random dictionaries, which `family` describes: then `atoms` is n and
    `picture` holds the observed rates of the grid, row by row from the least k/m on, None where there is none.
    `proved` is None for a family, and where the checker has not accepted the levels. `command` goes on with the
    experiment. Raises InputError for unknown names, and unless there is either a subject or a family.
    """

    subject: Subject | None = None
    family: str | None = None
    atoms: int
    picture: tuple[tuple[float | None, ...], ...] = ()
    method: str
    scaling: str
    magnitudes: str
    seed: int
    drawn_with: str
    trials: int
    confidence: Fraction
    rates: tuple[Rate, ...]
    proved: Proved | None = None
    stopped: bool = False
    command: str
    theorems: Mapping[str, TheoremText] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, value, allowed in (
            ("method", self.method, METHODS),
            ("scaling", self.scaling, SCALINGS),
            ("magnitudes", self.magnitudes, MAGNITUDES),
        ):
            if value not in allowed:
                raise InputError(f"RecoveryReport.{name} is {value!r}; wanted {' or '.join(map(repr, allowed))}")
        if (self.subject is None) == (self.family is None):
            raise InputError("a recovery report is about one dictionary or about one family")
