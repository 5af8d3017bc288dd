"""Values of supports: above the truth, close to it, and proved by what a certificate holds."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from exact_null_space import NullSpace, _relative_root
from exact_reference import sample
from small_truths import assert_support_values, corners, small

from verify.dictionaries.working_space import WorkingSpace, working_space
from verify.facts.support_values import (
    SupportValues,
    all_supports,
    approximation_work,
    rounded_values,
    sign_patterns,
    support_values,
    table_work,
    targets,
)
from verify.verdict import Scaling


def values(space: WorkingSpace, supports: np.ndarray, *, fine: bool = False) -> SupportValues:
    *_, found = support_values(space, supports, fine=fine)
    assert isinstance(found, SupportValues)
    return found


def as_written(truth: NullSpace, scaling: Scaling, found: SupportValues) -> list[Fraction]:
    """What the duals prove in exact arithmetic: max |e - D'^T y|_inf + |y|_1 2^-bits, roots of norms within 2^-80."""
    columns = truth.columns
    roots = [_relative_root(sum((x * x for x in column), Fraction(0))).lower for column in columns]
    unit = Fraction(2) ** found.exponent
    result = []
    per = 1 << (found.order - 1)
    assert found.duals.shape == (len(found.supports) * per, truth.m)
    for at, support in enumerate(found.supports.tolist()):
        worst = Fraction(0)
        for row, signs in zip(found.duals[at * per : (at + 1) * per].tolist(), sign_patterns(found.order), strict=True):
            y = [x * unit for x in row]
            target = dict(zip(support, signs.tolist(), strict=True))
            for j in range(truth.n):
                product = sum((a * b for a, b in zip(columns[j], y, strict=True)), Fraction(0))
                if scaling is Scaling.unit:
                    product /= roots[j]
                worst = max(worst, abs(Fraction(target.get(j, 0)) - product))
            worst = max(worst, Fraction(0)) + sum(map(abs, y)) / Fraction(2) ** found.bits
        result.append(worst)
    return result


@pytest.mark.thorough
@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("scaling", Scaling)
def test_values_of_all_supports_are_true_and_close(scaling: Scaling, order: int) -> None:
    close, count = 0, 0
    for name, dictionary, truth in small(39):
        if order > truth.n:
            continue
        space = working_space(dictionary, scaling)
        found = values(space, all_supports(truth.n, order), fine=order == 1)
        assert found.order == order
        assert_support_values(truth, scaling.value, found)
        if scaling is Scaling.as_given and name.startswith("wildly-scaled"):
            continue
        assert (found.upper <= 1 + 2e-3).all(), name
        for support, upper in zip(found.supports.tolist(), found.upper.tolist(), strict=True):
            count += 1
            close += upper <= float(truth.support_value(support, scaling.value).upper) + (1e-5 if order == 1 else 5e-3)
    assert count > 150
    assert close >= 0.99 * count


@pytest.mark.parametrize("scaling", Scaling)
@pytest.mark.parametrize("fine", [False, True])
def test_the_duals_as_written_prove_the_values(scaling: Scaling, fine: bool) -> None:
    for name, dictionary, truth in [*small(39), *corners()]:
        space = working_space(dictionary, scaling)
        found = values(space, all_supports(truth.n, min(2, truth.n)), fine=fine)
        slack = Fraction(1, 2**45) if scaling is Scaling.unit else 0
        for proved, upper in zip(as_written(truth, scaling, found), found.upper.tolist(), strict=True):
            assert proved <= Fraction(upper) + slack, name
        assert found.width == (4 if fine else found.width)
        assert np.abs(found.duals.astype(np.int64)).max() < 1 << (8 * found.width - 1)
        assert found.bits >= max(0, found.exponent)


def test_useless_duals_count_as_zero() -> None:
    """Values are then about 1, which is always true, and other duals keep their precision."""
    dictionary = sample("float64", 1, 4, 7)
    space = working_space(dictionary, Scaling.unit)
    supports = all_supports(7, 2)
    zero = rounded_values(space, supports, np.zeros((2 * len(supports), 4)))
    assert (zero.upper >= 1).all()
    assert (zero.upper <= 1 + 1e-11).all()
    assert not zero.duals.any()


def test_patterns_and_supports_are_those_of_the_specification() -> None:
    assert sign_patterns(1).tolist() == [[1]]
    assert sign_patterns(2).tolist() == [[1, 1], [1, -1]]
    assert sign_patterns(3).tolist() == [[1, 1, 1], [1, 1, -1], [1, -1, 1], [1, -1, -1]]
    for n, order in itertools.product((3, 5), (1, 2, 3)):
        assert all_supports(n, order).tolist() == [list(s) for s in itertools.combinations(range(n), order)]
    assert targets(np.array([[0, 2], [1, 2]]), 3).tolist() == [[1, 0, 1], [1, 0, -1], [0, 1, 1], [0, 1, -1]]


def test_chunks_of_any_size_give_the_same_values(monkeypatch: pytest.MonkeyPatch) -> None:
    space = working_space(sample("float64", 3, 4, 8), Scaling.unit)
    supports = all_supports(8, 3)
    whole = values(space, supports)
    monkeypatch.setattr("verify.facts.support_values._AT_ONCE", 5)
    steps = list(support_values(space, supports))
    assert [step for step in steps[:-1] if isinstance(step, tuple)] == [(k, 56) for k in range(56)]
    parts = steps[-1]
    assert isinstance(parts, SupportValues)
    assert np.abs(whole.upper - parts.upper).max() < 2e-3


def test_short_integers_where_they_lose_little() -> None:
    space = working_space(sample("float64", 3, 6, 9), Scaling.unit)
    assert values(space, all_supports(9, 2)).width == 2
    assert values(space, all_supports(9, 2), fine=True).width == 4
    wide = rounded_values(
        space, all_supports(9, 1), np.concatenate([np.eye(6), np.ones((3, 6))]) * [[1e-6]] * 8 + [[4e3], *[[0.0]] * 8]
    )
    assert wide.width in (2, 4)


def test_work_grows() -> None:
    space = working_space(sample("float64", 3, 6, 9), Scaling.unit)
    assert table_work(space, 1) < table_work(space, 2) < table_work(space, 3)
    for shape in ((3, 9), (9, 3), (4, 4), (1, 2)):
        assert 0 < approximation_work(shape, 1) < approximation_work(shape, 2)
