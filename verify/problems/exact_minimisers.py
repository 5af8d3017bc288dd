"""Minimisers of polyhedral problems as exact rational codes, by linear algebra on their support."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from ..dictionaries.dictionary import IntegerAtoms
from ..errors import InputError, LimitError
from ..exact import echelon_pivots, gram_matrix, rational_root, solve
from ..verdict import Scaling
from .exact_columns import ExactColumns, Vector, signal_vector
from .outcome import Outcome
from .proofs import ExactCode, UniqueBasisPursuit, UniqueByGuarantee, UniqueLasso, UniqueZero

if TYPE_CHECKING:
    from .lasso import Lasso

_PRIME = 2**61 - 1
_MOST_UNKNOWNS = 400


def exact_minimiser(outcome: Outcome) -> ExactCode:
    """Return the one minimiser that an outcome locates, exactly.

    Basis pursuit: D_S x = y; LASSO: D_S^T D_S x = D_S^T y - weight w sign x, S the support. Guarantee: exact. Cost: an
    exact system of |S| unknowns, whose solution may have thousands of digits. Raises InputError if no minimiser is
    located, or if it is not rational (BPDN, LASSO with irrational norms as weights); LimitError above 400 unknowns.
    """
    unique = outcome.unique
    if unique is None:
        raise InputError("the outcome locates no minimiser")
    if not unique.radius or isinstance(unique, UniqueZero | UniqueByGuarantee):
        return unique.centre
    support = unique.centre.support
    if len(support) > _MOST_UNKNOWNS:
        raise LimitError(
            f"the minimiser has {len(support)} nonzeros, and exact systems are solved up to {_MOST_UNKNOWNS}"
        )
    problem = outcome.problem
    columns = ExactColumns(problem.dictionary, support)
    signal = signal_vector(problem.signal, is_complex=False)
    values: Vector | None = None
    if isinstance(unique, UniqueBasisPursuit):
        values = _solved(columns, signal)
    elif isinstance(unique, UniqueLasso):
        signs = [1 if value > 0 else -1 for value in unique.centre.real]
        values = lasso_on_support(problem, support, signs)  # type: ignore[arg-type]
    if values is None:
        raise InputError(f"the minimiser of this {problem.name} problem is not rational")
    return columns.code(values)


def lasso_on_support(problem: Lasso, support: Sequence[int], signs: Sequence[int]) -> Vector | None:
    """Return the exact x with <d_i, y - D_S x> = weight w_i signs_i on S, or None: dependent atoms, irrational w_i."""
    atoms = problem.dictionary.integer_atoms(support)
    weights = _weights(atoms, problem.scaling)
    if weights is None:
        return None
    signal = signal_vector(problem.signal, is_complex=False)
    common = math.lcm(*(value.denominator for value in signal))
    target = [value.numerator * (common // value.denominator) for value in signal]
    along = [Fraction(row[0], common) for row in gram_matrix(atoms.real, [target])] if support else []
    rows = zip(along, weights, signs, atoms.scale, strict=True)
    right = [product - problem.weight * weight * sign / scale for product, weight, sign, scale in rows]
    least = math.lcm(*(value.denominator for value in right))
    if not support:
        return []
    solution = solve(
        gram_matrix(atoms.real, atoms.real), [value.numerator * (least // value.denominator) for value in right]
    )
    if solution is None:
        return None
    return [value / least / scale for value, scale in zip(solution, atoms.scale, strict=True)]


def _weights(atoms: IntegerAtoms, scaling: Scaling) -> Vector | None:
    if scaling is Scaling.as_given:
        return [Fraction(1)] * len(atoms.scale)
    roots = [rational_root(scale**2 * square) for scale, square in zip(atoms.scale, atoms.squared_norms, strict=True)]
    return None if None in roots else [root for root in roots if root is not None]


def _solved(columns: ExactColumns, signal: Vector) -> Vector | None:
    """Return the exact solution of D_S x = y for independent atoms, or None."""
    pivots, _ = echelon_pivots([[x % _PRIME for x in column] for column in columns.columns], _PRIME)
    common = math.lcm(*(value.denominator for value in signal))
    right = [signal[row].numerator * (common // signal[row].denominator) for row in pivots]
    if len(pivots) != len(columns.columns):
        return None
    found = solve([[column[row] for column in columns.columns] for row in pivots], right)
    if found is None:
        return None
    values = [value / common / scale for value, scale in zip(found, columns.scale, strict=True)]
    return None if any(columns.residual(signal, values)) else values
