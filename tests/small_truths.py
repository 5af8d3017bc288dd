"""Small real dictionaries with their exact null spaces, and what must hold of facts and levels measured of them."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from functools import cache

import numpy as np
from exact_null_space import Bounds, NullSpace, _relative_root, small_real_dictionaries
from exact_reference import Gauss, kernel

from verify.dictionaries.dictionary import Dictionary
from verify.facts.column_sums import ColumnSums
from verify.facts.generalized import GeneralizedCoherence
from verify.facts.generalized_babel import GeneralizedBabel
from verify.facts.measure import Facts
from verify.facts.null_space import NullSpace as MeasuredNullSpace
from verify.facts.null_vectors import NullVector
from verify.facts.support_values import SupportValues
from verify.judge import Level, Levels
from verify.verdict import Question

Known = tuple[str, Dictionary, NullSpace]


@cache
def small(count: int) -> list[Known]:
    """The first `count` small dictionaries, each with its exact null space."""
    return [(name, dictionary, NullSpace(dictionary)) for name, dictionary in small_real_dictionaries(count)]


def known(rows: list[list], name: str = "") -> Known:
    """A dictionary of exact numbers, with its exact null space."""
    array = np.empty((len(rows), len(rows[0])), dtype=object)
    for i, row in enumerate(rows):
        array[i] = [Fraction(x) for x in row]
    dictionary = Dictionary.from_array(array)
    return name, dictionary, NullSpace(dictionary)


def of_nullity_two(rows: list[list]) -> Known:
    """A dictionary with two independent null vectors a, b: its circuits are a_i b - b_i a, for sizes beyond search."""
    name, dictionary, truth = known(rows, f"{len(rows)} x {len(rows[0])}")
    columns = [[Gauss(x, Fraction(0)) for x in column] for column in truth.columns]
    a, b = ([x.re for x in vector] for vector in kernel(columns))
    circuits = {}
    for first, second in zip(a, b, strict=True):
        h = [first * y - second * x for x, y in zip(a, b, strict=True)]
        circuits[tuple(map(bool, h))] = h
    truth.__dict__["circuits"] = [h for h in circuits.values() if any(h)]
    return name, dictionary, truth


# --- facts ---


def assert_exact(truth: NullSpace, vector: NullVector) -> None:
    assert all(vector.real)
    assert vector.imaginary is None
    for row in zip(*truth.columns, strict=True):
        assert sum(row[j] * x for j, x in zip(vector.support, vector.real, strict=True)) == 0


def _products(truth: NullSpace, weights: list[int]) -> list[Fraction]:
    return [sum((w * x for w, x in zip(weights, column, strict=True)), Fraction(0)) for column in truth.columns]


def assert_generalized(truth: NullSpace, found: GeneralizedCoherence) -> None:
    """True bounds, and proved: upper ones by the weights, the lower one by the vector."""
    norms = [sum(x * x for x in column) for column in truth.columns]
    for i, weights in enumerate(found.weights.tolist()):
        products = _products(truth, weights)
        assert products[i] != 0
        for j, product in enumerate(products):
            assert j == i or product**2 * norms[i] <= (found.upper[i] * products[i]) ** 2 * norms[j]
        assert truth.mu_tilde(i, "unit").lower <= found.upper[i]
    assert found.lower <= truth.mu_tilde(found.atom, "unit").upper <= truth.generalized_coherence("unit").upper
    if found.vector is None:
        assert found.lower == 0
    else:
        assert found.lower > 0
        assert found.atom in found.vector.support
        assert_exact(truth, found.vector)


def _moduli(truth: NullSpace, weights: list[int]) -> list[Bounds]:
    """Enclosures of |<w, d^_j>|."""
    result = []
    for product, column in zip(_products(truth, weights), truth.columns, strict=True):
        norm = _relative_root(sum((x * x for x in column), Fraction(0)))
        result.append(Bounds(abs(product) / norm.upper, abs(product) / norm.lower))
    return result


def assert_generalized_babel(truth: NullSpace, generalized: GeneralizedCoherence, found: GeneralizedBabel) -> None:
    """The weights of mu~ have these sums."""
    for i, weights in enumerate(generalized.weights.tolist()):
        moduli = _moduli(truth, weights)
        own = moduli.pop(i)
        assert own.lower > 0
        others = sorted((b.lower for b in moduli), reverse=True)
        before = Fraction(0)
        for k, (upper, total) in enumerate(zip(found.upper, found.sums, strict=True), 1):
            part = sum(others[:k], Fraction(0))
            assert part <= upper * own.upper
            assert part + before <= total * own.upper
            before = part


def assert_support_values(truth: NullSpace, scaling: str, found: SupportValues) -> None:
    for support, upper in zip(found.supports.tolist(), found.upper.tolist(), strict=True):
        assert truth.support_value(support, scaling).lower <= Fraction(upper), support


def assert_null_space(truth: NullSpace, found: MeasuredNullSpace) -> None:
    scaling = found.scaling.value
    for upper in found.uppers:
        assert truth.null_space_constant(upper.level, scaling).lower <= upper.upper < 1
        if isinstance(upper.basis, SupportValues):
            assert_support_values(truth, scaling, upper.basis)
        if isinstance(upper.basis, ColumnSums):
            assert upper.basis.level == upper.level
            assert truth.null_space_constant(upper.level, scaling).lower <= Fraction(upper.basis.upper)
        for values in upper.exceptions:
            assert_support_values(truth, scaling, values)
    for lower in found.lowers:
        assert lower.lower <= truth.null_space_constant(lower.level, scaling).upper
        assert_exact(truth, lower.vector)
        weights = truth.weights(_whole(truth, lower.vector), scaling)
        heavy = sorted(weights, key=lambda b: b.upper, reverse=True)
        part = sum((b.upper for b in heavy[: lower.level]), Fraction(0))
        assert lower.lower <= part / sum((b.lower for b in weights), Fraction(0))


def _whole(truth: NullSpace, vector: NullVector) -> list[Fraction]:
    values = dict(zip(vector.support, vector.real, strict=True))
    return [Fraction(values.get(i, 0)) for i in range(truth.n)]


def assert_facts(truth: NullSpace, facts: Facts) -> None:
    """Every fact that linear programs or enumeration found is true."""
    if facts.enumeration is not None:
        assert facts.enumeration.size < truth.spark
    if facts.generalized is not None:
        assert_generalized(truth, facts.generalized)
    if facts.generalized_babel is not None:
        assert facts.generalized is not None
        assert_generalized_babel(truth, facts.generalized, facts.generalized_babel)
    if facts.null_space is not None:
        assert_null_space(truth, facts.null_space)
    if facts.null_vector is not None:
        assert_exact(truth, facts.null_vector)


# --- levels ---


def true_answer(truth: NullSpace, question: Question, level: int, scaling: str) -> bool | None:
    """Whether the answer at this level is yes; None if that is not known."""
    if question is Question.l0:
        return 2 * level < truth.spark
    if question is Question.l1:
        return truth.guaranteed_l1(level, scaling)
    return False if 2 * level >= truth.spark else None


def assert_level(truth: NullSpace, level: Level) -> int:
    """Guaranteed levels are true and refuted ones false; return how many levels are neither."""
    question, scaling = level.case.question, level.case.scaling.value
    for k in range(1, level.guaranteed + 1):
        assert true_answer(truth, question, k, scaling) in ((True,) if question.value in ("l0", "l1") else (True, None))
    for k in range(level.refuted or truth.n + 1, truth.n + 1):
        assert true_answer(truth, question, k, scaling) is not True
    return (level.refuted or truth.n + 1) - 1 - level.guaranteed


def assert_levels(truth: NullSpace, levels: Levels) -> dict[str, int]:
    """`assert_level` for every question; the number of levels undecided."""
    left = {question.value: assert_level(truth, levels[question]) for question in Question}
    for question in (Question.l1, Question.network, Question.omp):
        assert levels[question].guaranteed <= levels.l0.guaranteed
    return left


# --- dictionaries to remember ---

ROOT = [Fraction(7071, 10000), Fraction(7072, 10000)]


def corners() -> list[Known]:
    """Dictionaries at the edge of what is defined."""
    tiny, huge = Fraction(1, 10**150), Fraction(10**150)
    least = Fraction(5e-324)
    plane = [[1, 0, 1, 2], [0, 1, 1, -1]]
    rows: dict[str, list[list]] = {
        "duplicates": [[1, 1, 0], [0, 0, 1]],
        "antipodal": [[1, -1, 2], [2, -2, 1]],
        "two parallel atoms": [[0, 0], [2, 4]],
        "one row": [[1, -2, 3, 5]],
        "one row, a tie": [[1, 1, 2]],
        "one atom apart": [[1, 0, 1, 0], [0, 1, 1, 0], [0, 0, 0, 3]],
        "rank one": [[1, 2, -3], [2, 4, -6], [-1, -2, 3]],
        "tall": [[1, 0, 1], [0, 1, 1], [1, 1, 2], [1, -1, 0], [2, 3, 5]],
        "square, singular": [[1, 2, 3], [4, 5, 6], [7, 8, 9]],
        "thirds": [[Fraction(1, 3), Fraction(2, 3), Fraction(1, 7)], [Fraction(1, 5), 1, 0]],
        "tiny": [[x * tiny for x in row] for row in plane],
        "huge": [[x * huge for x in row] for row in plane],
        "subnormal": [[x * least for x in row] for row in plane],
        "tiny and huge": [[x * y for x, y in zip(row, (tiny, huge, 1, tiny), strict=True)] for row in plane],
        "beyond the floats": [[x * Fraction(10) ** 700 for x in row] for row in plane],
        "below the floats": [[x * Fraction(1, 10**700) for x in row] for row in plane],
        "a long third atom": [[1, 0, Fraction(1, 10) * ROOT[0]], [0, 1, Fraction(1, 10) * ROOT[0]]],
        "simplex": [[6 * (i == j) - 1 for j in range(6)] for i in range(5)],
        "two orthogonal bases": [[1, 0, 1, 1], [0, 1, 1, -1]],
        "all pairs": [[int(i in pair) for pair in itertools.combinations(range(4), 2)] for i in range(4)],
    }
    return [known(matrix, name) for name, matrix in rows.items()]


def largest_true_level(truth: NullSpace, scaling: str) -> float:
    """The largest level at which basis pursuit recovers every code, infinity if at all."""
    return (
        max((k for k in range(1, truth.n + 1) if truth.guaranteed_l1(k, scaling)), default=0)
        if truth.circuits
        else math.inf
    )
