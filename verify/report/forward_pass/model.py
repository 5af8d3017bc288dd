"""What the report of a forward pass is made of: proved ranges of thresholds, proved probabilities, observed counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from ...errors import InputError

RULES = ("hard", "soft", "relu")


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """`found` of `trials` random codes had their support found, with an interval of the probability."""

    found: int
    trials: int
    lower: Fraction
    upper: Fraction

    def __post_init__(self) -> None:
        if not 0 <= self.found <= self.trials or not self.trials:
            raise InputError(f"expected 0 <= found <= trials, trials > 0, got {self.found} of {self.trials}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerRow:
    """One layer: its dictionary, its class of codes, what is proved, and what was seen of it alone.

    `noise` is eps, `lower` <= b < `upper` are the thresholds that find every support; `error` is None where there is
    none. `level` is the greatest sparsity with a threshold. `missed` is the bound of the typical case, `typical` is
    False where that says nothing.
    """

    source: str
    size: str
    coherence: Fraction
    sparsity: int
    least: Fraction
    largest: Fraction
    noise: Fraction
    lower: Fraction
    upper: Fraction
    threshold: Fraction | None
    error: Fraction | None
    level: int
    missed: Fraction | None = None
    observed: Observed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The first layer at one sparsity: is every support found, the bound of missing one, and what was observed."""

    sparsity: int
    guaranteed: bool
    missed: Fraction | None
    observed: Observed


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeRow:
    """The first layer, of filters, for signals of one size with `atoms` atoms, `stripe` of them in a stripe.

    Nonzeros in a stripe: `guaranteed` and `typical` (None for relu) are proved, `seen` and `unseen` observed, the last
    that surely were found and the first that surely were not; `nonzeros` is the mean of all of a code at `seen`.
    """

    lengths: tuple[int, ...]
    atoms: int
    stripe: int
    guaranteed: int
    typical: int | None
    seen: int
    unseen: int | None
    nonzeros: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardPassReport:
    """Everything that the report of a forward pass shows.

    `layers` end at the first that fails; there are `depth` of them. `missed` bounds the probability of missing any
    support in the typical case. `points` and `sizes` have the threshold |x|_min/2. Raises InputError for an unknown
    rule.
    """

    rule: str
    depth: int
    layers: tuple[LayerRow, ...]
    missed: Fraction | None
    points: tuple[Point, ...] = ()
    sizes: tuple[SizeRow, ...] = ()
    seed: int
    confidence: Fraction
    command: str
    statements: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.rule not in RULES or not self.layers:
            raise InputError(f"expected layers and a rule of {', '.join(RULES)}, got {self.rule!r:.40}")

    @property
    def failed(self) -> int | None:
        """The first layer, from 1, that fails, or None."""
        return None if self.layers[-1].error is not None else len(self.layers)
