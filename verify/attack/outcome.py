"""What an attack on a statement found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from .proof import Examined


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The end of an attack: a proved counterexample, or how near the bound was reached.

    `instances` satisfied all conditions and were measured in floats; `drawn` counts those that did not, too.
    `max_ratio` is a lower bound of observed/bound for the best instance, from exact arithmetic (None: no instance was
    examined; `infinite` if the bound is 0 and the observed number is not). `suspects` had a float ratio above 1;
    `rounding` of them were examined exactly and violate nothing; `undecided` comparisons had enclosures that overlap.
    `failed` counts, per condition or domain, where it failed in floats, `refused` what exact arithmetic refused.
    `stopped` says that the search ended early: by a proof, no; by the time limit or, `interrupted`, by Ctrl-C.
    """

    theorem: str
    instances: int
    drawn: int
    max_ratio: Fraction | None
    infinite: bool = False
    best: Examined | None
    counterexample: Examined | None
    suspects: int = 0
    rounding: int = 0
    undecided: int = 0
    failed: Mapping[str, int] = field(default_factory=dict)
    refused: Mapping[str, int] = field(default_factory=dict)
    stopped: bool = False
    interrupted: bool = False

    @property
    def violated(self) -> bool:
        """Whether a violation was proved."""
        return self.counterexample is not None
