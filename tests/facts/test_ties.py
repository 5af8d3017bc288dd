"""Constants that rounding has moved off 1/2 by less than 1e-15: on the right side of it, whoever proposes."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from exact_null_space import HALF, NullSpace

import certificates
from verify.budget import Budget, Effort
from verify.certify.check import check_dictionary
from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.working_space import working_space
from verify.facts import ties as module
from verify.facts.exchange import approximated
from verify.facts.heavy_vectors import NullSpaceLower
from verify.facts.null_space import null_space
from verify.facts.support_values import SupportValues, all_supports, support_values
from verify.facts.ties import SharpValues, settled
from verify.solvers.levelling import Correction, correction
from verify.verdict import Scaling

Case = tuple[int, tuple[int, ...], bool]
CASES: list[Case] = [
    (8, (1, 2), True),
    (8, (1, 3), False),
    (10, (4,), True),
    (12, (1, 2, 3, 5), False),
    (12, (1, 2, 3, 5), True),
]


def fourier(n: int, frequencies: tuple[int, ...], ones: bool, twice: bool = False) -> Dictionary:
    """Cosines and sines in floats: without rounding the constants are simple fractions, often 1/2."""
    t = 2 * np.pi * np.arange(n) / n
    rows = [f(k * t) for k in frequencies for f in (np.cos, np.sin)] + [np.ones(n)] * ones
    rows += [2 * rows[0]] * twice
    return Dictionary.from_array(np.array(rows))


@cache
def known(case: Case) -> tuple[Dictionary, NullSpace]:
    dictionary = fourier(*case)
    return dictionary, NullSpace(dictionary)


def values_of(dictionary: Dictionary, scaling: Scaling, size: int) -> SupportValues:
    space = working_space(dictionary, scaling)
    *_, values = support_values(space, all_supports(dictionary.shape[1], size), fine=True)
    assert isinstance(values, SupportValues)
    return values


def tied(values: SupportValues) -> list[int]:
    return np.flatnonzero(np.abs(values.upper - 0.5) < 1e-6).tolist()


def settle(dictionary: Dictionary, scaling: Scaling, values: SupportValues) -> SharpValues | NullSpaceLower | None:
    return settled(dictionary, working_space(dictionary, scaling), values, lambda *_: None, lambda: False)


@pytest.mark.parametrize("scaling", Scaling)
def test_every_tie_is_decided_as_it_is(scaling: Scaling) -> None:
    seen = set()
    for case in CASES:
        dictionary, truth = known(case)
        for size in (1, 2):
            values = values_of(dictionary, scaling, size)
            for at in tied(values)[:3]:
                found = settle(dictionary, scaling, values.taken(np.arange(len(values.supports)) == at))
                true = truth.support_value(values.supports[at].tolist(), scaling.value)
                seen.add(type(found))
                if isinstance(found, SharpValues):
                    assert true.lower <= found.upper[0] < HALF
                else:
                    assert isinstance(found, NullSpaceLower)
                    assert HALF <= found.lower <= truth.null_space_constant(size, scaling.value).upper
                    assert true.upper >= HALF
    assert seen == {SharpValues, NullSpaceLower}


def exhaustive(rows: list[list[int]], target: list[int]) -> Fraction:
    columns = [list(column) for column in zip(*rows, strict=True)]
    return NullSpace(Dictionary.from_array(columns)).signed_value(dict(enumerate(target)), "as-given").exact


def test_exchange_finds_the_exact_distance_from_any_start() -> None:
    source = np.random.default_rng(8)
    for _ in range(60):
        r = int(source.integers(1, 4))
        n = r + int(source.integers(1, 5))
        rows = source.integers(-4, 5, (n, r)).tolist()
        if np.linalg.matrix_rank(np.array(rows, dtype=float)) < r or not all(map(any, rows)):
            continue
        target = source.integers(-1, 2, n).tolist()
        truth = exhaustive(rows, target)
        start = next(
            list(chosen)
            for chosen in (source.permutation(n)[: r + 1] for _ in range(1000))
            if np.linalg.matrix_rank(np.array(rows, dtype=float)[chosen]) == r
        )
        found = approximated(rows, target, list(map(int, start)), lambda: False, Fraction(2))
        assert found is not None
        assert found.finished
        assert found.distance == truth
        products = [sum(x * y for x, y in zip(row, found.dual, strict=True)) for row in rows]
        assert max(abs(e - p) for e, p in zip(target, products, strict=True)) == truth


def test_exchange_ends_early_and_refuses_what_has_no_level() -> None:
    rows, target = [[1, 0], [0, 1], [1, 1], [1, -2], [3, 1]], [1, 0, 0, 0, 0]
    full = approximated(rows, target, [1, 2, 3], lambda: False)
    assert full is not None
    assert full.finished
    for found in (
        approximated(rows, target, [1, 2, 3], lambda: True),
        approximated(rows, target, [1, 2, 3], lambda: False, Fraction(0)),
    ):
        assert found is not None
        assert not found.finished
        assert found.distance < full.distance
    assert approximated([[1, 0], [2, 0], [3, 0], [0, 1]], [1, 0, 0, 0], [0, 1, 2], lambda: False) is None


def zero(*parts: np.ndarray) -> Correction:
    near, m, q = len(parts[0]), parts[0].shape[1], parts[2].shape[1]
    return Correction(change=np.zeros(m), move=np.zeros(q), multipliers=np.ones(near), others=np.zeros(len(parts[3])))


def wild(*parts: np.ndarray) -> Correction:
    source = np.random.default_rng(0)
    one = zero(*parts)
    return Correction(
        change=1e6 * source.standard_normal(len(one.change)),
        move=source.standard_normal(len(one.move)),
        multipliers=source.standard_normal(len(one.multipliers)),
        others=source.standard_normal(len(one.others)),
    )


@pytest.mark.parametrize("liar", [lambda *_: None, zero, wild])
@pytest.mark.parametrize("scaling", Scaling)
def test_a_lying_solver_decides_nothing_false(liar: object, scaling: Scaling, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "correction", liar)
    for case in CASES[:3]:
        dictionary, truth = known(case)
        for size in (1, 2):
            values = values_of(dictionary, scaling, size)
            for at in tied(values)[:2]:
                found = settle(dictionary, scaling, values.taken(np.arange(len(values.supports)) == at))
                true = truth.support_value(values.supports[at].tolist(), scaling.value)
                if isinstance(found, SharpValues):
                    assert true.lower <= found.upper[0] < HALF
                elif found is not None:
                    assert HALF <= found.lower <= truth.null_space_constant(size, scaling.value).upper


def test_the_solver_levels() -> None:
    rows, excess = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0]]), np.array([0.0, -1.0, -3.0])
    none = (np.zeros((3, 0)), np.zeros((0, 0)), (np.zeros(0), np.zeros(0)))
    found = correction(rows, excess, *none)
    assert found is not None
    assert (excess - rows @ found.change).max() == pytest.approx(-0.5)
    assert found.multipliers == pytest.approx([0.5, 0.5, 0.0])
    moved = correction(rows[:2], excess[:2], np.array([[1.0], [1.0]]), np.array([[2.0]]), (np.ones(1), np.array([6.0])))
    assert moved is not None
    assert moved.move == pytest.approx([3.0])
    assert moved.others == pytest.approx([0.5])
    assert correction(rows[:1], excess[:1], *(np.zeros((1, 0)), *none[1:])) is None  # without a least value
    assert correction(rows, excess * np.nan, *none) is None


@pytest.mark.parametrize("scaling", Scaling)
@pytest.mark.parametrize(
    "case", [(8, (1, 3), False), (10, (4,), True), (12, (1, 2, 3, 5), False), (12, (1, 2, 3, 5), True)]
)
@pytest.mark.sampled(3)
def test_levels_are_decided_and_the_certificate_is_accepted(case: Case, scaling: Scaling) -> None:
    dictionary, truth = known(case)
    result = check_dictionary(dictionary, effort="standard", scaling=scaling.value)
    level = result.levels["l1"]
    true = next(k for k in range(1, truth.n + 2) if truth.null_space_constant(k, scaling.value).lower >= HALF)
    assert (level.guaranteed, level.refuted) == (true - 1, true)
    assert isinstance(
        certificates.check(result.certificate.data, dictionary=dictionary.real.tolist()), certificates.Accepted
    )


def test_dependent_coordinates_and_quick_work() -> None:
    dictionary = fourier(8, (1, 3), False, twice=True)
    constants = null_space(
        dictionary, working_space(dictionary, Scaling.as_given), None, Budget(effort=Effort.standard)
    )
    truth = NullSpace(dictionary)
    assert all(bound.upper >= truth.null_space_constant(bound.level, "as-given").lower for bound in constants.uppers)
    assert constants.guaranteed is not None or constants.refuted is not None
    dictionary = fourier(12, (1, 2, 3, 5), False)
    quick = null_space(dictionary, working_space(dictionary, Scaling.unit), None, Budget())
    assert quick.guaranteed is None or not any(isinstance(e, SharpValues) for e in quick.guaranteed.exceptions)


def test_nothing_is_done_without_time_or_a_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    dictionary = fourier(8, (1, 3), False)
    values = values_of(dictionary, Scaling.unit, 1)
    space = working_space(dictionary, Scaling.unit)
    assert settled(dictionary, space, values, lambda *_: None, lambda: True) is None
    monkeypatch.setattr(module, "approximated", lambda *_: None)
    monkeypatch.setattr(module, "correction", zero)
    assert settle(dictionary, Scaling.unit, values) is None
