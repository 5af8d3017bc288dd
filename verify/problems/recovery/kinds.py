"""The kinds of experiments there are; importing this loads nothing."""

from __future__ import annotations

from enum import StrEnum


class Method(StrEnum):
    """Basis pursuit, or orthogonal matching pursuit."""

    l1 = "l1"
    omp = "omp"


class Magnitudes(StrEnum):
    """How large the nonzeros are: all 1, uniform on (0, 1], or the absolute value of a standard normal number."""

    sign = "sign"
    uniform = "uniform"
    gaussian = "gaussian"
