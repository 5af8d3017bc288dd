"""Weights from filters: bounds checked entry by entry in exact arithmetic at several sizes, optima by a linear program."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from verify.budget import Budget, Effort
from verify.dictionaries.convolutional import ConvolutionalDictionary
from verify.errors import InputError, LimitError
from verify.facts.convolutional import generalized as module
from verify.facts.convolutional import neighbours
from verify.facts.convolutional.coherence import convolutional_coherence
from verify.facts.convolutional.generalized import ConvolutionalGeneralized, convolutional_generalized
from verify.solvers.row_space import RowSpace

of = ConvolutionalDictionary.of
CASES = [
    ("full", (2, 1, 4), 1, {}),
    ("full", (3, 2, 3), 2, {}),
    ("full", (2, 1, 3), 1, {"margin": 2}),
    ("circular", (2, 1, 3), 1, {}),
    ("circular", (2, 1, 3), 1, {"margin": (1,)}),
    ("circular", (2, 1, 3), 1, {"period": (5,)}),
    ("same", (2, 2, 3), 1, {}),
    ("full", (2, 1, 2, 3), (1, 2), {}),
]


def drawn(boundary: str, shape: tuple[int, ...], stride, seed: int = 0) -> ConvolutionalDictionary:
    return of(np.random.default_rng([*shape, seed]).integers(-5, 6, shape) + 0.5, stride=stride, boundary=boundary)


def sizes(dictionary: ConvolutionalDictionary, found: ConvolutionalGeneralized):
    if found.period is not None:
        return [found.period]
    if dictionary.grid_axes == 2:
        return [(3, 2)]
    return [(n,) for n in (found.least_code[0], found.least_code[0] + 2, found.least_code[0] + 5) if n > 1]


def window_of(dictionary: ConvolutionalDictionary, position, code):
    if dictionary.boundary != "same":
        return None
    halves = [(t - 1) // 2 for t in dictionary.support]
    spans = zip(position, code, halves, dictionary.support, strict=True)
    return tuple((max(0, h - p), min(t, n - p + h)) for p, n, h, t in spans)


def placed(dictionary: ConvolutionalDictionary, found: ConvolutionalGeneralized, c: int, position, code) -> np.ndarray:
    """The weights of one atom on the whole signal, from what the docstring of WeightFilters says."""
    window = window_of(dictionary, position, code)
    (family,) = (part for part in found.families if part.window == window)
    signal = dictionary.signal_lengths(code)
    w = np.zeros((dictionary.channels[1], *signal), dtype=object)
    for m, *v in product(*map(range, family.weights.shape[1:])):
        parts = zip(position, dictionary.stride, family.start, v, dictionary.offset, strict=True)
        q = [p * s + a + x - o for p, s, a, x, o in parts]
        if dictionary.boundary == "circular":
            q = [x % n for x, n in zip(q, signal, strict=True)]
        if all(0 <= x < n for x, n in zip(q, signal, strict=True)):
            w[(m, *q)] += int(family.weights[(c, m, *v)])
    return w.ravel()


def assert_weights_prove_upper(dictionary: ConvolutionalDictionary, found: ConvolutionalGeneralized) -> None:
    for code in sizes(dictionary, found):
        D = np.array([[Fraction(x) for x in row] for row in dictionary.matrix(code).real.tolist()], dtype=object)
        squares = (D * D).sum(axis=0)
        for c, *position in product(range(dictionary.channels[0]), *map(range, code)):
            i = dictionary.atom_index(c, position, code)
            products = placed(dictionary, found, c, position, code) @ D
            ratios = products * products / squares
            assert all(r <= found.upper[c] ** 2 * ratios[i] for j, r in enumerate(ratios) if j != i)


def best_by_program(dictionary: ConvolutionalDictionary, found: ConvolutionalGeneralized, code) -> float:
    """The largest mu~_i of one size, weights on the support of found.families, by a linear program for each atom."""
    D = np.array(dictionary.matrix(code).real, dtype=float)
    D /= np.linalg.norm(D, axis=0)
    worst = 0.0
    for c, *position in product(range(dictionary.channels[0]), *map(range, code)):
        i = dictionary.atom_index(c, position, code)
        window = window_of(dictionary, position, code)
        family = next(part for part in found.families if part.window == window)
        ones = np.ones_like(family.weights)
        full = ConvolutionalGeneralized(
            families=(type(family)(weights=ones, start=family.start, upper=family.upper, window=window),),
            lower=found.lower, vector=None, least_code=found.least_code,
        )  # fmt: skip
        on = np.flatnonzero(placed(dictionary, full, c, position, code))
        rows = np.delete(D, i, axis=1)[on].T
        both = np.block([[rows, -np.ones((len(rows), 1))], [-rows, -np.ones((len(rows), 1))]])
        solved = linprog(
            np.append(np.zeros(len(on)), 1.0), A_ub=both, b_ub=np.zeros(len(both)),
            A_eq=np.append(D[on, i], 0.0)[None], b_eq=[1.0], bounds=(None, None),
        )  # fmt: skip
        worst = max(worst, solved.fun)
    return worst


def assert_vector_proves_lower(dictionary: ConvolutionalDictionary, found: ConvolutionalGeneralized) -> None:
    vector = found.vector
    if vector is None:
        assert found.lower == 0
        return
    total = np.zeros(vector.shape, dtype=object)
    sums, own = 0.0, 0.0
    period = None if found.period is None else dictionary.signal_lengths(found.period)
    for channel, shift, value in zip(vector.channels, vector.shifts, vector.values, strict=True):
        for m, *u in product(range(dictionary.channels[1]), *map(range, dictionary.support)):
            v = [x + d * s - a for x, d, s, a in zip(u, shift, dictionary.stride, vector.start, strict=True)]
            if period is not None:
                v = [x % n for x, n in zip(v, period, strict=True)]
            if all(0 <= x < n for x, n in zip(v, vector.shape[1:], strict=True)):
                total[(m, *v)] += value * Fraction(dictionary.filters[(channel, m, *u)])
        norm = float(np.linalg.norm(dictionary.filters[channel]))
        if channel == vector.filter and not any(shift):
            own = abs(value) * norm
        else:
            sums += abs(value) * norm
    assert not total.any()
    if dictionary.boundary != "same":
        assert float(found.lower) <= own / sums * (1 + 1e-12)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_enclosure_is_tight_and_proved(case) -> None:
    boundary, shape, stride, options = case
    for seed in range(2):
        dictionary = drawn(boundary, shape, stride, seed)
        found = convolutional_generalized(dictionary, **options)
        assert_weights_prove_upper(dictionary, found)
        assert_vector_proves_lower(dictionary, found)
        if found.lower:
            assert found.enclosure.upper - found.lower <= found.lower * Fraction(1, 10**6)
        else:
            assert found.enclosure.upper < Fraction(1, 10**9)
        size = {"full": 2 * dictionary.reach[0] + 1 + 4 * bool(options), "circular": found.least_code[0], "same": 5}
        code = found.period or (size[boundary], *(2 * r + 1 for r in dictionary.reach[1:]))
        truth = best_by_program(dictionary, found, code)
        assert truth <= float(found.enclosure.upper) + 1e-8
        if boundary != "same":
            assert truth >= float(found.lower) - 1e-8


def test_weights_are_no_worse_than_filters_and_more_taps_do_not_hurt() -> None:
    dictionary = drawn("full", (2, 1, 4), 1)
    mu = convolutional_coherence(dictionary).squared
    uppers = [max(convolutional_generalized(dictionary, margin=margin).upper) for margin in (0, 1, 3)]
    assert uppers[0] ** 2 <= mu * (1 + Fraction(1, 10**6))
    assert uppers[2] <= uppers[1] * (1 + Fraction(1, 10**6)) <= uppers[0] * (1 + Fraction(1, 10**5))


@pytest.mark.parametrize("wrong", ["nan", "zero", "far"])
def test_a_solver_that_lies_costs_tightness_only(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = RowSpace.approximate

    def lie(self, targets, **options):
        found = honest(self, targets, **options)
        other = {"nan": np.nan, "zero": 0.0, "far": -3.0}[wrong]
        return type(found)(
            distance=found.distance, dual=found.dual * other, primal=found.primal * other, value=found.value
        )

    dictionary = drawn("full", (2, 1, 4), 1)
    monkeypatch.setattr(RowSpace, "approximate", lie)
    found = convolutional_generalized(dictionary)
    assert_weights_prove_upper(dictionary, found)
    assert_vector_proves_lower(dictionary, found)


def test_a_budget_that_is_over_leaves_filters_as_weights() -> None:
    dictionary = drawn("full", (2, 1, 3), 1)
    found = convolutional_generalized(dictionary, budget=Budget(effort=Effort.thorough, time_limit=-1.0))
    assert (found.unfinished, found.lower, found.vector) == (2, 0, None)
    assert abs(float(max(found.upper)) ** 2 - float(convolutional_coherence(dictionary).squared)) < 1e-9
    assert_weights_prove_upper(dictionary, found)


def test_supports_that_do_not_fit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    full, same = drawn("full", (2, 1, 3), 1), drawn("same", (2, 1, 3), 1)
    for dictionary, options, message in [
        (full, {"margin": -1}, "margin of taps of at least 0.* got -1"),
        (full, {"margin": (1, 1)}, r"got \(1, 1\)"),
        (same, {"margin": 1}, "no margin for the boundary 'same'"),
        (full, {"period": (5,)}, "boundary 'circular' and no margin for weights over a whole period"),
    ]:
        with pytest.raises(InputError, match=message):
            convolutional_generalized(dictionary, **options)
    assert module.convolutional_generalized_work(full, 1) > module.convolutional_generalized_work(full) > 0
    monkeypatch.setattr(neighbours, "_MOST_ENTRIES", 10)
    with pytest.raises(LimitError, match="10 neighbours of 3 taps are too many"):
        convolutional_generalized(full)
