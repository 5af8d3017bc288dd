"""Orthogonal matching pursuit and the coefficient of exact recovery, in rationals."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ....exact import solve
from ....theorems.language.values import Value
from .exact_dictionary import ExactDictionary
from .roots import sum_of_roots

Vector = list[Fraction]


def greedy_ratio(dictionary: ExactDictionary, code: Sequence[Fraction], unit: bool) -> Value:
    """Return the largest |<d_i, r>| off the support over that on it, over the steps of OMP on the signal of a code.

    OMP stops when an atom off the support is as good (ties count as failure). If it ends with another code, as it may
    where the atoms of the support are dependent, at least 1 is returned.
    """
    support = [j for j, x in enumerate(code) if x]
    signal = _signal(dictionary, dict(enumerate(code)))
    residual, answer = signal, dict[int, Fraction]()
    worst = Fraction(0)
    for _ in support:
        if not any(residual):
            break
        products = [
            sum((x * y for x, y in zip(column, residual, strict=True)), Fraction(0)) ** 2 / (square if unit else 1)
            for column, square in zip(dictionary.columns, dictionary.squares, strict=True)
        ]
        best = max(support, key=lambda j: products[j])
        worst = max(worst, *(x / products[best] for j, x in enumerate(products) if j not in support), Fraction(0))
        if worst >= 1:
            return sum_of_roots([worst])
        chosen = [*answer, best]
        answer = dict(zip(chosen, _least_squares(dictionary, chosen, signal), strict=True))
        residual = [y - z for y, z in zip(signal, _signal(dictionary, answer), strict=True)]
    returned = [answer.get(j, Fraction(0)) for j in range(dictionary.n)] == list(code)
    return sum_of_roots([worst]) if returned else Fraction(1)


def recovery_coefficient(dictionary: ExactDictionary, support: Sequence[int]) -> Fraction:
    """Return the largest |D_S^+ d_i|_1 over i off S, 0 if there is none.

    D_S^+ d = (G + K K^T)^-1 D_S^T d with G = D_S^T D_S and a basis K of its null vectors, which is nonsingular.
    """
    null = _null_vectors(dictionary, support)
    matrix = [
        [dictionary.gram[i][j] + sum(h[a] * h[b] for h in null) for b, j in enumerate(support)]
        for a, i in enumerate(support)
    ]
    largest = Fraction(0)
    for i in range(dictionary.n):
        if i not in support:
            found = solve(matrix, [dictionary.gram[j][i] for j in support])
            assert found is not None
            largest = max(largest, sum(map(abs, found), Fraction(0)))
    return largest


def _null_vectors(dictionary: ExactDictionary, support: Sequence[int]) -> list[list[int]]:
    from ....exact import kernel

    return kernel([[row[j] for j in support] for row in dictionary.rows])


def _signal(dictionary: ExactDictionary, code: dict[int, Fraction]) -> Vector:
    return [sum((x * row[j] for j, x in code.items()), Fraction(0)) for row in dictionary.rows]


def _least_squares(dictionary: ExactDictionary, chosen: Sequence[int], signal: Vector) -> Vector:
    """Return the coefficients of the projection of a signal; independent atoms, as OMP chooses."""
    right = [sum((x * y for x, y in zip(dictionary.columns[j], signal, strict=True)), Fraction(0)) for j in chosen]
    scale = 1
    for x in right:
        scale *= x.denominator
    found = solve([[dictionary.gram[i][j] for j in chosen] for i in chosen], [int(x * scale) for x in right])
    assert found is not None
    return [x / scale for x in found]
