"""Bounds of the rules about problems: just reached they are accepted, just missed rejected. Found by hand."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from bound_steps import (
    BP,
    BPDN,
    ENUMERATION,
    HALVES,
    IDENTITY,
    LASSO,
    ONLY,
    ONLY_TREE,
    PURSUIT,
    ROOT,
    SEARCH,
    UNIT,
    Bound,
    counted,
    dual,
    dual_at_a_root,
    lasso,
    lasso_pair,
    minimiser,
    pursuit,
    searched,
    upper,
)
from problem_samples import code, full_tree, problem

from certificates.format import integers, rational
from certificates.rules import PROBLEM_RULES
from certificates.rules.minimisers import below_root
from certificates.rules.signals import Instance
from certificates.rules.values import Reject
from certificates.subjects import dictionary_from_values, signals_from_values

BOUNDS = {
    "zero for bpdn": Bound(
        "unique-minimiser-by-zero", lambda e: {"problem": problem("bpdn", epsilon=e)}, "5", "499/100"
    ),
    "zero for sparsest": Bound(
        "unique-minimiser-by-zero", lambda e: {"problem": problem("sparsest", box="1/9", epsilon=e)}, "5", "499/100"
    ),
    "a code near enough": Bound(
        "value-by-code",
        lambda e: {**code([], integers([])), "problem": problem("bpdn", epsilon=e), "upper": "0"},
        "5",
        "499/100",
    ),
    "a code in the box": Bound(
        "value-by-code",
        lambda box: {**code([0, 1], integers([-3, 4])), "problem": problem("sparsest", box=box, epsilon="6"), "upper": "2"},
        "4",
        "399/100",
    ),
    "cost": Bound("value-by-code", upper([0, 1], [3, 4], name="basis-pursuit"), "7", "699/100"),
    "weighted cost": Bound("value-by-code", upper([1, 2], [8, 3], "2", name="basis-pursuit", scaling="unit"), "7", "699/100"),
    "lasso": Bound("value-by-code", upper([0], [1], name="lasso", weight="1/2"), "21/2", "2099/200"),
    "square": Bound("value-by-code", upper([1], [4], name="k-sparse"), "9", "899/100"),
    "count": Bound("value-by-code", upper([0, 1], [3, 4], name="sparsest"), "2", "1"),
    "dual": Bound("value-by-dual", dual(BP, [1, 2], "2"), "11/2", "551/100"),
    "dual of weights": Bound("value-by-dual", dual(UNIT, [1, 1]), "7", "701/100"),
    "dual of signs": Bound(
        "value-by-dual", dual(problem("basis-pursuit", nonnegative=True), [-9, 1]), "-23", "-2299/100"
    ),
    "dual of bpdn": Bound(
        "value-by-dual", dual(problem("bpdn", epsilon="1", scaling="unit"), [3, 4], "4"), "5", "501/100"
    ),
    "dual of lasso": Bound(
        "value-by-dual", dual(problem("lasso", scaling="unit", weight="1"), [3, 4], exponent=-2), "175/32", "11/2"
    ),
    "dual as long as the weight": Bound(
        "value-by-dual",
        lambda t: dual(problem("lasso", scaling="unit", weight=t), [3, 4], "4")("5"),
        "1",
        "99/100",
    ),
    "root that is rounded up": Bound(
        "value-by-code",
        upper([0], [1], name="basis-pursuit", scaling="unit"),
        rational(Fraction(ROOT + 1, 2**128)),
        rational(Fraction(ROOT, 2**128)),
        signal=(1, 1),
        rows=[[1, 0], [1, 1]],
    ),
    "complex dual": Bound(
        "value-by-dual",
        lambda t: {**dual(problem("lasso", weight=t), [3])("0"), "imaginary": integers([4])},
        "5",
        "499/100",
        signal=(6 + 8j,),
        rows=[[1, 1j]],
    ),
    "complex dual and atoms": Bound(
        "value-by-dual",
        lambda t: {**dual(problem("lasso", weight=t), [3])("0"), "imaginary": integers([4])},
        "25",
        "2499/100",
        signal=(6 + 8j,),
        rows=[[1, 3 + 4j]],
    ),
    "outside a complex span": Bound(
        "infeasible-by-dual",
        lambda x: {"imaginary": integers([int(x), 1]), "problem": BP, "real": integers([0, 0])},
        "0",
        "1",
        signal=(1j, 1j),
        rows=[[1, 2], [0, 0j]],
    ),
    "pursuit by both ends of a weight": Bound(
        PURSUIT,
        lambda bits: {
            **code([0], integers([1])),
            "dual": integers(dual_at_a_root(int(bits)), -130),
            "inverse": integers([1, 1], -1),
            "problem": UNIT,
            "radius": "0",
        },
        "128",
        "129",
        signal=(1, 1),
        rows=[[1, 1], [1, 0]],
    ),
    "outside a larger box": Bound(
        "infeasible-by-dual",
        lambda e: {"imaginary": None, "problem": problem("sparsest", box="2", epsilon=e), "real": integers([0, 1])},
        "199/100",
        "2",
    ),
    "outside half a box": Bound(
        "infeasible-by-dual",
        lambda e: {"imaginary": None, "problem": problem("sparsest", box="1/2", epsilon=e), "real": integers([1, 0])},
        "149/100",
        "3/2",
    ),
    "outside a box": Bound(
        "infeasible-by-dual",
        lambda e: {"imaginary": None, "problem": problem("sparsest", box="1", epsilon=e), "real": integers([0, 1])},
        "299/100",
        "3",
    ),
    "outside a cone": Bound(
        "infeasible-by-dual",
        lambda e: {"imaginary": None, "problem": problem("bpdn", epsilon=e, nonnegative=True), "real": integers([0, -1])},
        "399/100",
        "4",
        signal=(3, -4),
    ),
    "several": Bound(
        "several-minimisers",
        lambda _: {
            "first": code([0, 1], integers([3, 4])),
            "problem": UNIT,
            "second": code([1, 2], integers([8, 3]), divisor="2"),
        },
        "7",
        "699/100",
        lambda bound: [{"kind": "value-lower", "lower": bound, "problem": UNIT}],
    ),
    "at least what a minimiser costs": Bound(
        "lower-value-by-minimiser",
        lambda bound: {"lower": bound},
        "6",
        "601/100",
        lambda _: [minimiser(BP, [0, 1], integers([3, 4]), "1/2")],
    ),
    "at most what it costs": Bound(
        "upper-value-by-minimiser",
        lambda bound: {"upper": bound},
        "8",
        "799/100",
        lambda _: [minimiser(BP, [0, 1], integers([3, 4]), "1/2")],
    ),
    "at least what it costs with weights": Bound(
        "lower-value-by-minimiser",
        lambda bound: {"lower": bound},
        "11/2",
        "551/100",
        lambda _: [minimiser(UNIT, [1, 2], integers([8, 3]), "1/2", "2")],
    ),
    "pursuit off the support": Bound(PURSUIT, lambda v: pursuit(integers([int(v), 64], -6)), "47", "48"),
    "pursuit off the support, below": Bound(
        PURSUIT, lambda v: pursuit(integers([-int(v), 64], -6), values=(8, -3)), "47", "48", signal=(-3, 4)
    ),
    "pursuit by a rough inverse": Bound(PURSUIT, lambda v: pursuit(integers([int(v), 64], -6), 5), "43", "44"),
    "pursuit in its place": Bound(
        PURSUIT, lambda radius: pursuit(integers([1, 2], -1), 4, (8, 2), radius), "1/2", "49/100"
    ),
    "pursuit in its place by a rough inverse": Bound(
        PURSUIT, lambda radius: pursuit(integers([1, 2], -1), 5, (8, 2), radius), "5/6", "83/100"
    ),
    "pursuit with known signs": Bound(
        PURSUIT, lambda radius: pursuit(integers([1, 2], -1), 4, (8, 2), radius), "99/100", "1"
    ),
    "lasso off the support": Bound(LASSO, lambda radius: lasso([12, 5], -2, radius), "1/5", "23/100"),
    "lasso of another weight": Bound(LASSO, lambda radius: lasso([28, 11], -3, radius, weight="1/2"), "1/9", "1/8"),
    "lasso by a root that is rounded up": Bound(
        LASSO,
        lambda radius: lasso([12, 5], -2, radius),
        rational(Fraction(math.isqrt(2**400 // 20) - 2**80, 2**200)),
        rational(Fraction(math.isqrt(2**400 // 20), 2**200)),
    ),
    "lasso by both ends of a weight": Bound(
        LASSO,
        lambda radius: {
            **code([0], integers([1])),
            "inverse": integers([1], -1),
            "problem": problem("lasso", scaling="unit", weight="1"),
            "radius": radius,
        },
        rational(Fraction(1, 2**129)),
        rational(Fraction(1, 2**130)),
        signal=(1 + Fraction(ROOT, 2**129),) * 2,
        rows=[[1, 1], [1, 0]],
    ),
    "lasso in its place": Bound(LASSO, lambda radius: lasso([96, 39], -5, radius), "1/32", "1/33"),
    "lasso by a rough inverse": Bound(LASSO, lambda radius: lasso([96, 39], -5, radius, 5), "5/96", "5/97"),
    "lasso at the bound off the support": Bound(
        LASSO,
        lambda t: {
            **code([0, 1], integers([7, 11], -2) if t == "5/4" else integers([2, 3])),
            "inverse": integers([1, 0, 0, 1]),
            "problem": problem("lasso", weight=t),
            "radius": "0",
        },
        "5/4",
        "1",
        signal=(3, 4, 1),
    ),
    "bpdn above the first": Bound(
        BPDN,
        lambda e: {"problem": problem("bpdn", epsilon=e)},
        "5/4",
        "31/25",
        lambda _: lasso_pair("1/4", "1/8"),
        signal=(0, 4),
        says=("radius", "3/4"),
    ),
    "bpdn of a longer atom": Bound(
        BPDN,
        lambda e: {"problem": problem("bpdn", epsilon=e)},
        "5/4",
        "31/25",
        lambda _: lasso_pair("1/8", "1/9", 2),
        signal=(4, 0),
    ),
    "bpdn below the second": Bound(
        BPDN,
        lambda e: {"problem": problem("bpdn", epsilon=e)},
        "7/4",
        "44/25",
        lambda _: lasso_pair("1/8", "1/4"),
        signal=(0, 4),
        says=("radius", "3/4"),
    ),
    "no code": Bound(ENUMERATION, counted("sparsest", "1"), "499/100", "5"),
    "more than one": Bound(ENUMERATION, counted("sparsest", "2"), "299/100", "3"),
    "more than two": Bound(ENUMERATION, counted("sparsest", "3"), "99/100", "1", signal=(3, 4, 1)),
    "more than three": Bound(ENUMERATION, counted("sparsest", "4"), "99/100", "1", signal=(3, 4, 1, 2)),
    "as near with one": Bound(ENUMERATION, counted("k-sparse"), "9", "901/100"),
    "as near with two": Bound(ENUMERATION, counted("k-sparse", sparsity=2), "1", "101/100", signal=(3, 4, 1)),
    "as near with three": Bound(ENUMERATION, counted("k-sparse", sparsity=3), "1", "101/100", signal=(3, 4, 1, 2)),
    "leaves closed exactly": Bound(SEARCH, searched(full_tree(3, 1), [], counted("sparsest", "2")), "299/100", "3"),
    "leaves as near": Bound(SEARCH, searched(full_tree(3, 1), [], counted("k-sparse")), "9", "901/100"),
    "a dual for one": Bound(SEARCH, searched([0], [3, 4], counted("sparsest", "2", box="1")), "379/100", "19/5"),
    "a dual for two": Bound(SEARCH, searched([0], [3, 4], counted("sparsest", "3", box="1")), "299/100", "3"),
    "a dual for half a box": Bound(
        SEARCH, searched([0], [3, 4], counted("sparsest", "3", box="1/2")), "399/100", "4"
    ),
    "a dual for two boxes": Bound(SEARCH, searched([0], [3, 4], counted("sparsest", "3", box="2")), "99/100", "1"),
    "a dual and signs": Bound(
        SEARCH,
        searched([0], [3, -4], counted("sparsest", "3", box="1", nonnegative=True)),
        "319/100",
        "16/5",
        signal=(3, -4),
    ),
    "a dual as near": Bound(SEARCH, searched([0], [3, 4], counted("k-sparse", box="1")), "361/25", "362/25"),
    "duals of two cases": Bound(
        SEARCH, searched([4, 0, 0], [3, 4, 3, 4], counted("sparsest", "2", box="1")), "379/100", "19/5"
    ),
    "zero for halves": Bound(
        "unique-minimiser-by-zero", lambda e: {"problem": problem("bpdn", epsilon=e)}, "5/2", "249/100", signal=HALVES
    ),
    "square of halves": Bound(
        "value-by-code", upper([1], [2], name="k-sparse"), "9/4", "56/25", signal=HALVES
    ),
    "dual of halves": Bound("value-by-dual", dual(BP, [1, 2], "2"), "11/4", "69/25", signal=HALVES),
    "halves outside a box": Bound(
        "infeasible-by-dual",
        lambda e: {"imaginary": None, "problem": problem("sparsest", box="1/2", epsilon=e), "real": integers([0, 1])},
        "149/100",
        "3/2",
        signal=HALVES,
    ),
    "halves as near": Bound(ENUMERATION, counted("k-sparse"), "9/4", "113/50", signal=HALVES),
    "more than one for halves": Bound(ENUMERATION, counted("sparsest", "2"), "149/100", "3/2", signal=HALVES),
    "leaves of halves": Bound(
        SEARCH, searched(full_tree(3, 1), [], counted("k-sparse")), "9/4", "113/50", signal=HALVES
    ),
    "a dual for halves": Bound(
        SEARCH, searched([0], [3, 4], counted("k-sparse", box="1/2")), "361/100", "181/50", signal=HALVES
    ),
    "the only code at the edge": Bound(
        ONLY, lambda e: {**code([1], integers([4])), "problem": problem("sparsest", epsilon=e)}, "3", "301/100"
    ),
    "the only code beside a dual": Bound(
        ONLY_TREE,
        lambda box: {
            **code([1], integers([1])),
            "duals": integers([3, 4]),
            "problem": problem("sparsest", box=box, epsilon="3"),
            "tree": [3, 0, 1],
        },
        "8/5",
        "5/3",
        rows=[[1, 0, 2], [0, 4, 0]],
    ),
    **{
        f"{side} value of the only code": Bound(
            f"{side}-value-by-minimiser",
            lambda value, side=side: {side: value},
            "9",
            missed,
            lambda _: [minimiser(problem("k-sparse"), [1], integers([4]), "0")],
        )
        for side, missed in (("upper", "899/100"), ("lower", "901/100"))
    },
    "no dual for nothing": Bound(SEARCH, searched([0], [0, 0], counted("k-sparse", box="1")), "0", "1/100"),
}  # fmt: skip


@pytest.mark.parametrize("name", BOUNDS)
def test_a_bound_that_is_reached_and_one_that_is_missed(name: str) -> None:
    bound = BOUNDS[name]
    found = bound.derived(bound.reached)
    assert bound.says is None or found[bound.says[0]] == bound.says[1]
    with pytest.raises(Reject) as caught:
        bound.derived(bound.missed)
    assert "lowest terms" not in str(caught.value)


@pytest.mark.parametrize("rule", [ONLY, ONLY_TREE])
def test_another_support_as_near_is_not_overlooked(rule: str) -> None:
    """As near by one atom (first, last, or a longer one), by two of three, or by fewer atoms than the code has."""
    exact, near = problem("sparsest"), problem("k-sparse")
    cases = [
        (IDENTITY[3], (2, 3, 0), [1], near, True),
        (IDENTITY[3], (3, 3, 0), [1], near, False),
        (IDENTITY[3], (0, 3, 3), [1], near, False),
        (IDENTITY[3], (1, 2, 3), [1, 2], problem("k-sparse", sparsity=2), True),
        (IDENTITY[3], (2, 2, 3), [1, 2], problem("k-sparse", sparsity=2), False),
        ([[1, 0, 1, 1], [0, 1, 1, 2]], (3, 4), [0, 1], exact, False),
        ([[1, 0, 0, 3], [0, 1, 0, 4], [0, 0, 1, 0]], (3, 4, 0), [0, 1], exact, False),
        ([[1, 0, 0, 3], [0, 1, 1, 4], [0, 0, 1, 1]], (3, 4, 0), [0, 1], exact, True),
    ]
    for rows, signal, support, asked, only in cases:
        instance = Instance.of(dictionary_from_values(rows), signals_from_values(list(signal), "signal"))
        found = code(support, integers([signal[i] for i in support]))
        tree = full_tree(len(rows[0]), len(support))
        cases_of = {"duals": integers([]), "tree": tree} if rule == ONLY_TREE else {}
        task = PROBLEM_RULES[rule](instance, {**found, **cases_of, "problem": asked, "signal": 0})
        if only:
            assert task.derive([])["support"] == support
            continue
        with pytest.raises(Reject, match="too near to the span"):
            task.derive([])


def test_comparing_with_a_root() -> None:
    """Of small numbers, whose roots floats tell apart."""
    for x in range(-7, 8):
        for y in range(-3, 4):
            for square in range(7):
                assert below_root(x, y, square) == (x < y * math.sqrt(square)), (x, y, square)
