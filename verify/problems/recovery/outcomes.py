"""What a trial came to: recovered or missed, both proved, or undecided."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Outcomes = NDArray[np.uint8]

UNDECIDED, RECOVERED, MISSED = 0, 1, 2
LETTERS = "urm"


def spelled(outcomes: Outcomes) -> str:
    """Return one letter for each trial: r, m or u."""
    return "".join(LETTERS[outcome] for outcome in outcomes.tolist())
