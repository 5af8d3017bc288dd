"""LASSO with equal bounds: an exact minimiser of atoms as given, its exact residual, and a second minimiser."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from ..verdict import Scaling
from .exact_columns import ExactColumns, signal_vector
from .exact_duals import ExactDual, checked_dual
from .exact_minimisers import lasso_on_support
from .image import Numbers
from .proofs import CodeBound, DualBound, SeveralMinimisers
from .several_minimisers import another_minimiser

if TYPE_CHECKING:
    from .lasso import Lasso

_SIGNIFICANT = 1e-9
_MOST_UNKNOWNS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactOptimum:
    """Equal bounds of the value, and a second minimiser if one was found."""

    lower: DualBound
    upper: CodeBound
    several: SeveralMinimisers | None


def exact_optimum(problem: Lasso, code: Numbers) -> ExactOptimum | None:
    """Prove that the exact solution on the support of a code of the uniform image is a minimiser, or return None.

    Real dictionaries, atoms as given. Guarantee: exact. Cost: an exact system of s unknowns, an exact product with all
    atoms, and a linear program where more atoms reach the weight than are in use.
    """
    if problem.scaling is not Scaling.as_given or np.iscomplexobj(code) or not np.isfinite(code).all():
        return None
    support = np.flatnonzero(np.abs(code) > _SIGNIFICANT * np.abs(code).max(initial=0.0)).tolist()
    signs = [1 if code[i] > 0 else -1 for i in support]
    if len(support) > _MOST_UNKNOWNS:
        return None
    values = lasso_on_support(problem, support, signs)
    if values is None or any(value * sign < 0 for value, sign in zip(values, signs, strict=True)):
        return None
    columns = ExactColumns(problem.dictionary, support)
    signal = signal_vector(problem.signal, is_complex=False)
    residual = columns.residual(signal, values)
    dual = checked_dual(problem.dictionary, [r / problem.weight for r in residual], nonnegative=problem.nonnegative)
    if dual is None:
        return None
    square = sum((r * r for r in residual), Fraction(0))
    value = square / 2 + problem.weight * sum((abs(x) for x in values), Fraction(0))
    first = columns.code(values)
    vector = ExactDual(values=tuple(residual), face=dual.face, signs=dual.signs).vector()
    explained = [y - r for y, r in zip(signal, residual, strict=True)]
    second = another_minimiser(problem.uniform_image, problem.dictionary, explained, dual, first)
    return ExactOptimum(
        lower=DualBound(dual=vector, lower=value),
        upper=CodeBound(code=first, upper=value),
        several=None if second is None else SeveralMinimisers(first=first, second=second),
    )
