"""Which codes basis pursuit and OMP recover from small dictionaries: exactly, by circuits and by exact steps.

A code with signs s on S is missed by basis pursuit if and only if some null vector h != 0 has sum_off w_j |h_j| <= sum_S w_i
s_i h_i; null vectors are conformal sums of circuits, on which both sides add up, so a circuit has it if any.
"""

from __future__ import annotations

from fractions import Fraction

from exact_null_space import Bounds, NullSpace, _relative_root


def basis_pursuit_recovers(truth: NullSpace, support: list[int], signs: list[float], scaling: str) -> bool | None:
    """None if a comparison of roots is too close to tell."""
    signed = dict(zip(support, signs, strict=True))
    close = False
    for h in truth.circuits:
        weights = truth.weights(h, scaling)
        on = Bounds(Fraction(0), Fraction(0))
        off = Fraction(0), Fraction(0)
        for i, (x, w) in enumerate(zip(h, weights, strict=True)):
            if i not in signed:
                off = off[0] + w.lower, off[1] + w.upper
            elif x * int(signed[i]) > 0:
                on = Bounds(on.lower + w.lower, on.upper + w.upper)
            else:
                on = Bounds(on.lower - w.upper, on.upper - w.lower)
        gain = max(on.lower, -on.upper)  # of h or of -h
        if gain >= off[1]:
            return False
        close = close or max(on.upper, -on.lower) >= off[0]
    return None if close else True


def matching_pursuit_recovers(
    truth: NullSpace, support: list[int], values: list[Fraction], scaling: str
) -> bool | None:
    """Follow all ties, by projections with Fractions; None if norms asked for are irrational."""
    columns = truth.columns
    squares = [sum((x * x for x in column), Fraction(0)) for column in columns]
    if scaling == "unit":
        roots = [_relative_root(square / squares[0]) for square in squares]
        if any(root.lower != root.upper for root in roots):
            return None
        columns = [[x / root.lower for x in column] for column, root in zip(columns, roots, strict=True)]
    signal = [
        sum((columns[i][row] * x for i, x in zip(support, values, strict=True)), Fraction(0)) for row in range(truth.m)
    ]

    def steps(basis: list[list[Fraction]], residual: list[Fraction], chosen: frozenset[int]) -> bool:
        if len(chosen) == len(support):
            return True
        moduli = [abs(_dot(column, residual)) for column in columns]
        largest = max(moduli)
        if largest == 0:
            return False
        for j, modulus in enumerate(moduli):
            if modulus == largest:
                if j not in support:
                    return False
                new = columns[j]
                for b in basis:
                    new = [x - _dot(columns[j], b) / _dot(b, b) * y for x, y in zip(new, b, strict=True)]
                factor = _dot(residual, new) / _dot(new, new)
                left = [x - factor * y for x, y in zip(residual, new, strict=True)]
                if not steps([*basis, new], left, chosen | {j}):
                    return False
        return True

    return steps([], signal, frozenset())


def _dot(a: list[Fraction], b: list[Fraction]) -> Fraction:
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))
