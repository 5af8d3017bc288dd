"""Rules about the atoms that boundary 'same' cuts: those of explicit matrices, true levels, and every refusal."""

from __future__ import annotations

import itertools
from fractions import Fraction
from functools import cache
from typing import Any

import filter_truth as truth
import numpy as np
import pytest
from filter_claims import Judge
from filter_samples import EDGES, filters_of, most_coherent

from certificates.format import integers
from certificates.rules import FILTER_RULES
from certificates.rules.shifts import axis_neighbours
from certificates.rules.values import Reject

COLOURS = [[[1, 7, -1], [0, 2, 1]]]
PLANE = [[[[0, 1, 0], [1, 9, 2], [0, -1, 1]]]]
EDGE = [[[-1, 9, 0], [7, -3, 5]], [[-3, 0, 2], [-7, -6, 4]]]
STEP = Fraction(1, 2**100)
CASES = {"edges": (EDGES, 7), "colours": (COLOURS, 7), "plane": (PLANE, 5), "edge": (EDGE, 7)}


@cache
def judge_of(name: str) -> tuple[Judge, Any]:
    filters, most = CASES[name]
    axes = (1,) * (len(truth.shape_of(filters)) - 2)
    return Judge(filters, axes, "same", most), filters_of(filters, axes, "same")


@pytest.mark.parametrize("taps", [1, 3, 5, 7])
def test_neighbours_are_those_of_all_lengths(taps):
    h = taps // 2
    seen: dict[tuple[int, Any], set[tuple[int, int]]] = {}
    for length in range(taps, 4 * taps):
        windows = [(max(0, h - p), taps - max(0, h - (length - 1 - p))) for p in range(length)]
        for p, q in itertools.product(range(length), repeat=2):
            if abs(q - p) < taps:
                seen.setdefault((q - p, windows[p]), set()).add(windows[q])
    found = {(shift, first): (second, whole) for shift, first, second, whole in axis_neighbours(taps)}
    assert set(found) == set(seen)
    assert len(list(axis_neighbours(taps))) == len(found) <= 5 * h * h + 5 * h + 1
    for key, (least, whole) in found.items():
        assert least in seen[key]
        assert all(a <= least[0] and least[1] <= b for a, b in seen[key])
        assert whole == ((0, taps) in seen[key])


@pytest.mark.parametrize("name", CASES)
def test_pairs_and_sums_are_those_of_the_matrices(name):
    judge, exact = judge_of(name)
    for among in ("uncut", "one-uncut"):
        pair = most_coherent(judge.filters, judge.stride, "same", judge.most, among)
        assert judge.holds(derive(exact, "filter-coherence-among", among=among, **pair))
    for among in ("uncut", "to-uncut"):
        order = min(3, exact.stripe - 1)
        truths = [judge.sums(among, k) for k in range(1, order + 1)]
        wide = [str(value + STEP) for value in truths]
        assert judge.holds(derive(exact, "filter-babel-among", among=among, upper=wide))
        for k, value in enumerate(truths):
            with pytest.raises(Reject, match="is not proved"):
                derive(exact, "filter-babel-among", among=among, upper=[*wide[:k], str(value - STEP), *wide[k + 1 :]])


def test_an_atom_with_few_neighbours_keeps_its_sum_for_all_more_of_them():
    """Cut atoms meet fewer others than the stripe has, and here they are equal to others: no level is true."""
    equal = [[[0, 1, 0], [16, 0, 0], [0, 0, 0]], [[0, 1, 0], [0, 0, 0], [16, 0, 0]]]
    exact = filters_of(equal, (1,), "same")
    lower, upper = ["0"] * 9, ["11/10", *["6/5"] * 8]
    derive(exact, "filter-babel", lower=lower, upper=upper)
    with pytest.raises(Reject, match=r"mu_1\(7\) is not proved to be at most upper\[6\]"):
        derive(exact, "filter-babel", lower=lower, upper=[*upper[:6], *["1/5"] * 3])
    likewise = [[[0, 1, 0], [0, 0, 0]], [[0, 0, 1], [16, 0, 0]]]  # the second, cut, is the first, whole
    exact = filters_of(likewise, (1,), "same")
    derive(exact, "filter-babel-among", among="uncut", upper=["1/5"] * 9)
    derive(exact, "filter-babel-among", among="to-uncut", upper=upper)
    with pytest.raises(Reject, match=r"the sum of 5 is not proved to be at most upper\[4\]"):
        derive(exact, "filter-babel-among", among="to-uncut", upper=[*upper[:4], *["1/5"] * 5])


@pytest.mark.parametrize("name", CASES)
def test_weights_are_held_against_every_atom_of_every_size(name):
    """The least bound that is accepted is that of the weights in the matrices, for each window."""
    judge, exact = judge_of(name)
    random = np.random.default_rng(5)
    windows = sorted(exact.windows())
    for window in windows if len(windows) < 9 else windows[::4]:
        values = [3 * f[at] + int(random.integers(-2, 3)) for f in exact.vectors for at in exact.inside(window)]
        for among in ("all", "uncut") if window == exact.whole else ("all",):
            worst = least_upper(judge, [list(part) for part in window], values, among)
            given = {"among": among, "weights": integers(values), "window": [list(part) for part in window]}
            enough = integers([int(value * 2**40) + 1 for value in worst], -40)
            derive(exact, "filter-cut-weights", upper=enough, **given)
            for c, value in enumerate(worst):
                less = [int(value * 2**40) + 1 for value in worst]
                less[c] = int(value * 2**40 * (1 - 1e-6)) - 1
                if less[c] > 0:
                    with pytest.raises(Reject, match=rf"exceeds upper\[{c}\]"):
                        derive(exact, "filter-cut-weights", upper=integers(less, -40), **given)


def least_upper(judge: Judge, window: list[list[int]], values: list[int], among: str) -> list[float]:
    count = len(judge.filters)
    each = np.array(values, dtype=float).reshape(count, -1)
    worst = [0.0] * count
    for size in judge.matrices:
        columns = np.array([[float(value) for value in column] for column in size.columns])
        columns /= np.linalg.norm(columns, axis=1, keepdims=True)
        boxes, whole = truth.boxes(judge.filters, size), truth.whole_atoms(judge.filters, size)
        for i, (c, *_) in enumerate(size.atoms):
            if truth.window(judge.filters, size, i) == window:
                products = np.abs(columns[:, boxes[i]] @ each[c])
                others = [j for j in (whole if among == "uncut" else range(len(columns))) if j != i]
                worst[c] = max(worst[c], float(max(products[others], default=0.0) / products[i]))
    return worst


def derive(exact: Any, rule: str, premises: Any = (), **evidence: Any) -> dict:
    return FILTER_RULES[rule](exact, evidence).derive(list(premises))


def test_codes_away_from_the_ends_are_found_at_levels_that_fail_elsewhere():
    """Tropp's condition holds for every support of the class, so basis pursuit and OMP find its codes."""
    judge, exact = judge_of("edge")
    narrow = derive(exact, "filter-babel-among", among="uncut", upper=bounds(judge, "uncut"))
    wide = derive(exact, "filter-babel-among", among="to-uncut", upper=bounds(judge, "to-uncut"))
    size = truth.dictionary(EDGE, (1,), "same", (12,))
    stripes, whole = truth.stripes(size, exact.taps, (1,), "same"), truth.whole_atoms(EDGE, size)
    interior = [i for i in whole if stripes[i] <= set(whole)]
    assert len(interior) < len(whole) < len(size.atoms)
    for support, atoms, premises, level in (("uncut", whole, [narrow, wide], 1), ("interior", interior, [narrow], 2)):
        asked = {"question": "l1", "scaling": "unit", "sparsity": "stripe", "support": support}
        assert derive(exact, "recovery-of-uncut-by-babel", premises, level=level, **asked)["level"] == level
        with pytest.raises(Reject, match="does not hold at level"):
            derive(exact, "recovery-of-uncut-by-babel", premises, level=level + 1, **asked)
        chosen = [s for count in (1, 2, 3) for s in itertools.combinations(atoms, count)]
        of_the_class = [s for s in chosen if max(len(stripe & set(s)) for stripe in stripes) <= level]
        assert max(map(len, of_the_class)) > level
        assert max(recovery(size, s) for s in of_the_class) < 1 - 1e-9


def test_two_filters_that_an_end_makes_one_are_told_apart_away_from_it():
    """Cut to their last two taps these filters are parallel: nothing holds everywhere, and level 1 for whole atoms."""
    filters = [[[9, 3, 1]], [[-9, 3, 1]]]
    exact = filters_of(filters, (1,), "same")
    pair = most_coherent(filters, (1,), "same", 5, "one-uncut")
    fact = derive(exact, "filter-coherence-among", among="one-uncut", **pair)
    asked = {"level": 1, "question": "l1", "scaling": "unit", "sparsity": "stripe", "support": "uncut"}
    assert derive(exact, "recovery-of-uncut-by-coherence", [fact], **asked)
    size = truth.dictionary(filters, (1,), "same", (7,))
    whole = truth.whole_atoms(filters, size)
    assert max(recovery(size, (i,)) for i in whole) < 1 - 1e-9
    assert recovery(size, (0,)) > 1 - 1e-9


def recovery(size: truth.Size, support: tuple[int, ...]) -> float:
    """The greatest |D_S^+ d_i|_1 of atoms i off S, of unit atoms, in floats."""
    columns = np.array([[float(value) for value in column] for column in size.columns])
    D = (columns / np.linalg.norm(columns, axis=1, keepdims=True)).T
    off = np.delete(D, list(support), axis=1)
    return float(np.abs(np.linalg.pinv(D[:, list(support)]) @ off).sum(axis=0).max())


def bounds(judge: Judge, among: str) -> list[str]:
    return [str(Fraction(judge.sums(among, k)) + Fraction(1, 2**60)) for k in (1, 2, 3)]


PAIR = {"among": "uncut", "first": [0, 1], "lengths": [5], "second": [1, 1]}
WEIGHTS = {"among": "all", "upper": integers([1, 1]), "weights": integers([4, 1, -1, 1, -3, 1]), "window": [[0, 3]]}


@pytest.mark.parametrize(
    ("rule", "evidence", "message"),
    [
        ("filter-coherence-among", {**PAIR, "second": [0, 1]}, "the same atom"),
        ("filter-coherence-among", {**PAIR, "first": [0, 0]}, "must not cut"),
        ("filter-coherence-among", {**PAIR, "second": [1, 4]}, "must not cut"),
        ("filter-coherence-among", {**PAIR, "second": [0, 2]}, "more coherent"),
        ("filter-babel-among", {"among": "uncut", "upper": []}, "1 to 9 numbers"),
        ("filter-babel-among", {"among": "uncut", "upper": ["1"] * 10}, "1 to 9 numbers"),
        ("filter-cut-weights", {**WEIGHTS, "window": [[0, 3, 1]]}, "a start and an end"),
        ("filter-cut-weights", {**WEIGHTS, "window": [[1, 2]]}, "none that the boundary leaves"),
        ("filter-cut-weights", {**WEIGHTS, "window": [[0, 3], [0, 3]]}, "none that the boundary leaves"),
        ("filter-cut-weights", {**WEIGHTS, "among": "uncut", "window": [[0, 2]]}, "the window is the whole filter"),
        ("filter-cut-weights", {**WEIGHTS, "upper": integers([-1, 1])}, "numbers from 0 to"),
        ("filter-cut-weights", {**WEIGHTS, "weights": integers([1, 0, 4, 1, -3, 1])}, "orthogonal"),
        ("filter-cut-weights", {**WEIGHTS, "upper": integers([1, 1], -9)}, "exceeds upper"),
    ],
)
def test_refusals_of_facts(rule, evidence, message):
    with pytest.raises(Reject, match=message):
        derive(filters_of(EDGES, (1,), "same"), rule, **evidence)
    with pytest.raises(Reject, match="boundary is not same"):
        derive(filters_of(EDGES, (1,), "full"), rule, **evidence)


def test_refusals_of_levels():
    exact = filters_of(EDGES, (1,), "same")
    asked = {"level": 1, "question": "l1", "scaling": "unit", "sparsity": "stripe"}
    sums = {"kind": "convolutional-babel-among", "among": "uncut", "sizes": "every length >= t", "upper": ["1/4"]}
    weights = {name: value for name, value in WEIGHTS.items() if name != "weights"}
    premise = {
        "kind": "convolutional-cut-weights",
        "sizes": "every length >= t",
        **weights,
        "upper": integers([1, 1], -4),
    }
    windows = [{**premise, "window": [list(window)]} for window in ((0, 2), (0, 3), (1, 3))]
    pair = {"kind": "convolutional-coherence-among", "among": "uncut", "squared": "1/16"}

    def level(rule: str, premises: Any, **changed: Any) -> Any:
        return derive(exact, rule, premises, **{**asked, **changed})

    assert level("recovery-by-cut-weights", windows, level=8)["level"] == 8
    assert level("recovery-of-uncut-by-babel", [sums, {**sums, "among": "to-uncut"}], support="uncut")
    assert level("recovery-of-uncut-by-coherence", [pair], support="interior", level=2)
    narrow = {**premise, "among": "uncut"}
    assert level("recovery-of-uncut-by-weights", [narrow], support="uncut", question="network", level=8)
    for rule, premises, changed, message in (
        ("recovery-by-cut-weights", windows[::-1], {}, "in this order"),
        ("recovery-by-cut-weights", [windows[0], narrow, windows[2]], {}, "in this order"),
        ("recovery-by-cut-weights", windows, {"level": 9}, "does not hold at level 9"),
        ("recovery-by-cut-weights", windows, {"scaling": "as-given"}, "says nothing"),
        ("recovery-by-cut-weights", windows, {"question": "omp"}, "question"),
        ("recovery-of-uncut-by-coherence", [pair], {"support": "uncut"}, "atoms that are uncut, not one-uncut"),
        ("recovery-of-uncut-by-coherence", [pair], {"support": "interior", "level": 3}, "at level 3"),
        ("recovery-of-uncut-by-coherence", [pair], {"support": "interior", "scaling": "as-given"}, "says nothing"),
        ("recovery-of-uncut-by-babel", [sums, sums], {"support": "uncut"}, "atoms that are uncut, not to-uncut"),
        ("recovery-of-uncut-by-babel", [sums], {"support": "interior", "level": 2}, "no sum of 2"),
        ("recovery-of-uncut-by-weights", [narrow], {"support": "uncut"}, "not those of whole atoms"),
        ("recovery-of-uncut-by-weights", windows[:1], {"support": "interior"}, "not those of whole atoms"),
        ("recovery-of-uncut-by-weights", [narrow], {"support": "interior", "level": 9}, "at level 9"),
    ):
        with pytest.raises(Reject, match=message):
            level(rule, premises, **changed)


def test_premises_are_one_for_every_window():
    exact = filters_of(PLANE, (1, 1), "same")
    asked = {"level": 1, "question": "l1", "scaling": "unit", "sparsity": "stripe"}
    task = FILTER_RULES["recovery-by-cut-weights"](exact, asked)
    assert task.premises == ("convolutional-cut-weights",) * 9
