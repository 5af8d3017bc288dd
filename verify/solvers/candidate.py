"""What a solver returns: numbers without a promise."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Floats that a solver proposes. The certifying side takes none of them before exact arithmetic has proved it."""
