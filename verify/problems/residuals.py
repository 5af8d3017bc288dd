"""What a code leaves of its signal, for pictures."""

from __future__ import annotations

import numpy as np

from .outcome import Outcome


def float_residual(outcome: Outcome) -> tuple[tuple[float, ...], ...] | None:
    """Return y - Dx of an outcome's best code in floating point, its real and imaginary part; None without a code.

    Estimated; None too where a number is beyond binary64.
    """
    code, problem = outcome.solution, outcome.problem
    if code is None:
        return None
    support = list(code.support)
    real, imaginary = code.values
    try:
        x = np.array([float(value) for value in real]) + 1j * np.array([float(v) for v in imaginary or [0] * len(real)])
        atoms = [part[:, support].astype(np.float64) for part in problem.dictionary.parts]
        matrix = atoms[0] + 1j * atoms[1] if len(atoms) > 1 else atoms[0]
        with np.errstate(all="ignore"):
            left = problem.signal.floats - matrix @ x
    except OverflowError:
        return None
    if not np.isfinite(left).all():
        return None
    parts = [left.real, left.imag] if problem.dictionary.field == "complex" else [left.real]
    return tuple(tuple(part.tolist()) for part in parts)
