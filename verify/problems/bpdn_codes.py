"""Codes that are feasible for BPDN, proved by rounding bounds or by exact residuals."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from ..rounding import float_lower
from ..solvers.least_squares import nonnegative_residual
from .costs import cost_enclosed
from .dyadic import exact_code, short_upper
from .exact_columns import ExactColumns, Vector, signal_vector
from .image import Image, Numbers, norm_upper
from .lasso_bounds import ROUNDED_UP
from .proofs import CodeBound, ExactCode
from .refined_codes import refined

if TYPE_CHECKING:
    from .bpdn import Bpdn

_TRIES = 4
_ROUNDS = 4
_DEPENDENT = 1e-9
_LARGE = 1e-4
"""Relative: entries above this keep their sign when the others change at the level of rounding."""


def code_bound(image: Image, code: Numbers, epsilon: Fraction, *, nonnegative: bool) -> CodeBound | None:
    """Return the cost of a code near `code` with |y - D x| <= epsilon, or None if none was found near it.

    Where the code of the image is just outside the ball, its residual is shortened by least squares on its support.
    Guarantee: proved. Cost: products and a least-squares problem on the support.
    """
    wanted = float_lower(epsilon / Fraction(2) ** image.signal_exponent)
    support = np.flatnonzero(code)
    values = code[support]
    for attempt in range(_TRIES):
        if not np.isfinite(values).all() or (nonnegative and (values < 0).any()):
            return None
        residual, errors = image.atoms.applied(support, values, image.signal)
        lost = norm_upper(errors)
        if (norm_upper(residual) + lost) * ROUNDED_UP <= wanted:
            cost = math.fsum(image.atoms.costs_upper[support] * np.abs(values)) * ROUNDED_UP
            feasible = np.zeros_like(code)
            feasible[support] = values
            upper = short_upper(Fraction(cost) * Fraction(2) ** image.value_exponent)
            return CodeBound(code=exact_code(image, feasible), upper=upper)
        spare = 4.0**attempt * (4 * lost + len(residual) * 2.0**-52 * wanted)
        values = _shortened(image.atoms.atoms[:, support], residual, values, wanted - spare)
    return None


def _shortened(columns: Numbers, residual: Numbers, values: Numbers, norm: float) -> Numbers:
    """Return values moved towards least squares until the residual has this norm, or not finite ones."""
    if norm <= 0 or not len(values) or not np.isfinite(residual).all():
        return np.full_like(values, np.nan)
    step = np.linalg.lstsq(columns, residual, rcond=None)[0]
    along = columns @ step
    share = (float(np.vdot(residual, residual).real) - norm**2) / max(float(np.vdot(along, along).real), 1e-300)
    return values + step * (1 - math.sqrt(1 - share)) if share <= 1 else np.full_like(values, np.nan)


def exact_code_bound(problem: Bpdn, code: Numbers) -> CodeBound | None:
    """Return the cost of a code that is feasible by its exact residual, for an epsilon below what floats resolve.

    The signal is solved for, in floats and by exact residuals, on the atoms of a code z of the image, then on
    these and further ones that complete them to a basis of the range. Guarantee: exact; None if neither is feasible.
    Cost: some exact products with these atoms.
    """
    own, basis = _basis(problem.uniform_image.atoms.atoms, code)
    first, residual = _on(problem, own)
    found = feasible_code(problem, first)
    if found is not None:
        return found
    wider = _completed(problem.uniform_image.atoms.atoms, residual, own) if problem.nonnegative else basis
    return feasible_code(problem, _on(problem, wider)[0])


def _on(problem: Bpdn, support: list[int]) -> tuple[ExactCode, Vector]:
    """Return a code on a support that is least squares to many digits, and its exact residual."""
    image, is_complex = problem.uniform_image, problem.dictionary.field == "complex"
    inverse = np.linalg.pinv(image.atoms.atoms[:, support])
    if is_complex:
        inverse = np.block([[inverse.real, -inverse.imag], [inverse.imag, inverse.real]])
    columns = ExactColumns(problem.dictionary, support)
    signal = signal_vector(problem.signal, is_complex=is_complex)
    values, _ = refined(image, columns, signal, inverse, rounds=_ROUNDS)
    return columns.code(values), columns.residual(signal, values)


def _completed(atoms: Numbers, residual: Vector, own: list[int]) -> list[int]:
    """Return the atoms by which codes, non-negative off `own`, come nearest to a residual."""
    scale = max(abs(r) for r in residual)
    rest = np.array([float(r / scale) for r in residual])
    used, _ = nonnegative_residual(np.hstack([atoms, -atoms[:, own]]), rest)
    n = atoms.shape[1]
    return sorted({*own, *(i for i in used if i < n)})


def feasible_code(problem: Bpdn, code: ExactCode) -> CodeBound | None:
    """Return the cost of a code if it is feasible, by its exact residual, else None."""
    dictionary, real = problem.dictionary, code.values[0]
    if problem.nonnegative and any(value < 0 for value in real):
        return None
    signal = signal_vector(problem.signal, is_complex=dictionary.field == "complex")
    residual = ExactColumns(dictionary, code.support).residual(signal, [*real, *(code.values[1] or [])])
    if sum((r * r for r in residual), Fraction(0)) > problem.epsilon**2:
        return None
    return CodeBound(code=code, upper=cost_enclosed(dictionary, problem.scaling, code).upper)


def _basis(atoms: Numbers, code: Numbers) -> tuple[list[int], list[int]]:
    """Return independent atoms of a code's large entries, and these with further ones that are far from their span."""
    rest = atoms / np.linalg.norm(atoms, axis=0)
    moduli = np.abs(code)
    least = _LARGE * float(moduli.max(initial=0.0))
    used = [int(i) for i in np.argsort(-moduli, kind="stable") if moduli[i] > least]
    chosen: list[int] = []
    own: list[int] = []
    while len(chosen) < min(atoms.shape):
        norms = np.linalg.norm(rest, axis=0)
        used = [i for i in used if norms[i] > _DEPENDENT]
        at = used[0] if used else int(np.argmax(norms))
        if norms[at] <= _DEPENDENT:
            break
        chosen.append(at)
        own = chosen.copy() if used else own
        direction = rest[:, at] / norms[at]
        rest = rest - np.outer(direction, direction.conj() @ rest)
    return sorted(own), sorted(chosen)
