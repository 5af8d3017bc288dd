"""A second minimiser of basis pursuit where there is one: another exact vertex of the face of minimisers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..dictionaries.dictionary import Dictionary
from ..solvers.highs import least_cost
from ..solvers.l1_programs import Effort
from .exact_columns import ExactColumns
from .exact_duals import ExactDual
from .image import Image
from .proofs import ExactCode
from .refined_codes import refined
from .unique_basis_pursuit import left_inverse

_NEGLIGIBLE = 1e-7


def another_minimiser(
    image: Image, dictionary: Dictionary, signal: Sequence[Fraction], dual: ExactDual, first: ExactCode
) -> ExactCode | None:
    """Return an exact minimiser other than `first`, or None if none was found; `signal` is D times `first`.

    With an optimal dual vector v every code with D x = D x_first, x_i = 0 where |<d_i, v>| < 1, and x_i <d_i, v> >= 0
    elsewhere is a minimiser. The one with the most weight off the support of `first` is sought. Guarantee: exact.
    Cost: a linear program over the face, and refinement.
    """
    face = np.array(dual.face, dtype=np.intp)
    signs = np.array(dual.signs, dtype=np.float64)
    if set(face.tolist()) <= set(first.support):
        return None
    costs = -np.where(np.isin(face, first.support), 0.0, 1.0)
    matrix = image.atoms.atoms[:, face] * signs
    largest = max((abs(y) for y in signal), default=Fraction(0)) or Fraction(1)
    target = np.array([float(y / largest) for y in signal])
    found = least_cost(matrix, target, costs, np.zeros(len(face)), Effort())
    if found.code is None or not np.isfinite(found.code).all():
        return None
    used = found.code > _NEGLIGIBLE * max(float(found.code.max()), 1e-300)
    code = exact_code_on(image, dictionary, signal, face[used])
    if code is None or set(code.support) <= set(first.support):
        return None
    sign_of = dict(zip(dual.face, dual.signs, strict=True))
    if any(x * sign_of[i] < 0 for i, x in zip(code.support, code.values[0], strict=True)):
        return None
    return code


def exact_code_on(
    image: Image, dictionary: Dictionary, signal: Sequence[Fraction], support: NDArray[np.intp]
) -> ExactCode | None:
    """Return the exact code on independent atoms with D x = y if its fractions are short, else None."""
    inverse = left_inverse(image, support)
    if inverse is None:
        return None
    columns = ExactColumns(dictionary, support.tolist())
    values, exact = refined(image, columns, signal, inverse.matrix)
    return columns.code(values) if exact else None
