"""Orthogonal matching pursuit in exact arithmetic, through all ties, for small dictionaries."""

from __future__ import annotations

import math
from fractions import Fraction

from ...dictionaries.dictionary import Dictionary, IntegerAtoms
from ...exact import gram_matrix, rational_root, solve
from ...verdict import Scaling
from .outcomes import MISSED, RECOVERED, UNDECIDED

_MOST_PRODUCTS = 4_000
_MOST_ENTRIES = 20_000
_MOST_SETS = 40


def exact_pursuit(dictionary: Dictionary, support: list[int], values: list[float], scaling: Scaling) -> int:
    """Return what OMP makes of the code with `values` on `support`, following every way to break a tie.

    Exact; undecided if that is too much work, or if the ratios of the norms asked for are irrational.
    """
    m, n = dictionary.shape
    if n * len(support) > _MOST_PRODUCTS or m * n > _MOST_ENTRIES:
        return UNDECIDED
    atoms = dictionary.integer_atoms(range(n))
    weights = _weights(atoms, scaling)
    if weights is None:
        return UNDECIDED
    chosen = [atoms.real[i] for i in support]
    products = gram_matrix(atoms.real, chosen)
    code = [weights[i] * Fraction(value) for i, value in zip(support, values, strict=True)]
    common = math.lcm(*(value.denominator for value in code))
    factors = [int(value * common) for value in code]
    signal = [sum(a * b for a, b in zip(row, factors, strict=True)) for row in products]  # <a_j, y> for every atom
    seen: set[frozenset[int]] = set()
    waiting = [frozenset[int]()]
    while waiting:
        inside = waiting.pop()
        if len(inside) == len(support):
            continue
        if len(seen) == _MOST_SETS:
            return UNDECIDED
        seen.add(inside)
        winners = _winners(products, signal, [weights[j] for j in range(n)], support, sorted(inside))
        if winners is None or any(j not in support for j in winners):
            return MISSED
        further = {inside | {support.index(j)} for j in winners}
        waiting += [following for following in further if following not in seen and following not in waiting]
    return RECOVERED


def _weights(atoms: IntegerAtoms, scaling: Scaling) -> list[Fraction] | None:
    """Return w with d'_j = w_j a_j up to one common factor, or None where they are irrational."""
    if scaling is Scaling.as_given:
        return list(atoms.scale)
    squares = atoms.squared_norms
    roots = [rational_root(Fraction(squares[0], square)) for square in squares]
    return None if None in roots else [root for root in roots if root is not None]


def _winners(
    products: list[list[int]], signal: list[int], weights: list[Fraction], support: list[int], inside: list[int]
) -> list[int] | None:
    """Return the atoms with the largest |<d'_j, r>|, r the residual after the atoms `inside`; None if r = 0."""
    left = [Fraction(value) for value in signal]
    if inside:
        gram = [[products[support[i]][j] for j in inside] for i in inside]
        solution = solve(gram, [signal[support[i]] for i in inside])
        if solution is None:  # never: OMP chooses independent atoms
            return None
        left = [
            value - sum((row[i] * x for i, x in zip(inside, solution, strict=True)), Fraction(0))
            for value, row in zip(left, products, strict=True)
        ]
    moduli = [weight * abs(value) for weight, value in zip(weights, left, strict=True)]
    largest = max(moduli)
    return [j for j, value in enumerate(moduli) if value == largest] if largest else None
