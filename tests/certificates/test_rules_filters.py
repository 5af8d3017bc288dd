"""Rules about filters: every number is that of explicit matrices of several sizes, and every refusal is met."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction
from functools import cache
from typing import Any

import filter_truth as truth
import pytest
from filter_claims import Judge
from filter_samples import MEASURED, NAMES, filter_sample, filters_of, most_coherent

import certificates
from certificates.format import integers
from certificates.rules import FILTER_RULES
from certificates.rules.values import Reject

NONE: list[dict] = []


def derive(exact: Any, rule: str, premises: list[dict] = NONE, **evidence: Any) -> dict:
    return FILTER_RULES[rule](exact, evidence).derive(premises)


def drawn(seed: int) -> tuple[Any, tuple[int, ...], str, int]:
    """Small random filters, a stride, a boundary, and how many positions show all pairs of atoms."""
    numbers = random.Random(seed)
    boundary = ("full", "circular", "same")[seed % 3]
    axes = 2 if seed % 8 == 7 else 1
    odd = boundary == "same"
    taps = [numbers.choice((1, 3) if odd else (1, 2, 3 if axes == 2 else 4)) for _ in range(axes)]
    stride = tuple(1 if odd else numbers.randint(1, 3) for _ in range(axes))
    shape = [numbers.randint(1, 2), numbers.randint(1, 2), *taps]

    def entries(sizes: list[int]) -> Any:
        if not sizes:
            return numbers.choice((-2, -1, 1, 2, 3, 0))
        return [entries(sizes[1:]) for _ in range(sizes[0])]

    most = max(2 * t - 1 if odd else 2 * ((t - 1) // s) + 2 for t, s in zip(taps, stride, strict=True))
    if boundary == "circular":
        most = max(most, *(-(1 - 2 * t) // s + 1 for t, s in zip(taps, stride, strict=True)))
    return entries(shape), stride, boundary, min(most, 4) if axes == 2 else most


@cache
def instances() -> list[tuple[Any, Judge, Any]]:
    """Filters as the checker reads them, those that it does not refuse, with their judges."""
    found = []
    for seed in range(75):
        filters, stride, boundary, most = drawn(seed)
        try:
            exact = filters_of(filters, stride, boundary)
        except certificates.SubjectError:
            continue
        judge = Judge(filters, stride, boundary, most)
        if exact.stripe > 1:
            found.append((filters, judge, exact))
    return found


def test_there_are_enough_instances() -> None:
    assert len(instances()) > 40
    assert {judge.boundary for _, judge, _ in instances()} == {"full", "circular", "same"}
    assert {len(judge.stride) for _, judge, _ in instances()} == {1, 2}


def test_coherence_and_norms_are_those_of_the_matrices() -> None:
    refused = 0
    for filters, judge, exact in instances():
        assert judge.holds(derive(exact, "filter-norms")), filters
        pair = most_coherent(filters, judge.stride, judge.boundary, judge.most)
        assert judge.holds(derive(exact, "filter-coherence", **pair)), filters
        size, cosines = judge.matrices[-1], judge.cosines[-1]
        for j, value in enumerate(cosines[0][1:], 1):
            if value < judge.squared:
                lengths, first, second = list(size.lengths), list(size.atoms[0]), list(size.atoms[j])
                with pytest.raises(Reject, match="more coherent"):
                    derive(exact, "filter-coherence", lengths=lengths, first=first, second=second)
                refused += 1
    assert refused > 60


STEP = Fraction(1, 10**30)


def test_babel_bounds_are_those_of_the_matrices() -> None:
    attained = 0
    for filters, judge, exact in instances():
        order = min(3, exact.stripe - 1)
        values = [judge.babel(k) for k in range(1, order + 1)]
        zeros = ["0"] * order
        for k, value in enumerate(values):
            # what is below the truth is never accepted, whatever the sizes looked at
            low = [str(2 * order)] * order
            low[k] = str(value - STEP)
            with pytest.raises(Reject, match="at most upper"):
                derive(exact, "filter-babel", lower=zeros, upper=low)
        whole = all(judge.most >= 2 * reach + 1 for reach in exact.reach)
        if judge.boundary != "same" and whole:
            upper, lower = [str(v + STEP) for v in values], [str(max(Fraction(0), v - STEP)) for v in values]
            assert judge.holds(derive(exact, "filter-babel", lower=lower, upper=upper)), filters
            with pytest.raises(Reject, match="at least lower"):
                derive(exact, "filter-babel", lower=[*lower[:-1], str(values[-1] + STEP)], upper=upper)
            attained += 1
    assert attained > 15


def weighted(judge: Judge, weights: Any, size: truth.Size, margin: tuple[int, ...]) -> list[list[Fraction]]:
    """The weights of every atom of one size: those of its filter, cut to the signal."""
    if not any(margin):
        return truth.dictionary(weights, judge.stride, judge.boundary, size.lengths).columns
    (count, channels, *_), (width,) = truth.shape_of(weights), margin
    length = len(size.columns[0]) // channels
    rows = []
    for c, p in size.atoms:
        row = [Fraction(0)] * (channels * length)
        for m, u in itertools.product(range(channels), range(len(weights[c][0]))):
            value = weights[c][m][u]
            place = p * judge.stride[0] + u - width
            if 0 <= place < length:
                row[m * length + place] = Fraction(value)
        rows.append(row)
    assert count == 1 + max(c for c, _ in size.atoms)
    return rows


@pytest.mark.parametrize("width", [0, 2])
def test_generalized_coherence_is_that_of_weights_placed_in_the_matrices(width: int) -> None:
    accepted = orthogonal = 0
    for at, (filters, judge, exact) in enumerate(instances()):
        if width and (judge.boundary != "full" or exact.axes == 2):
            continue
        numbers = random.Random(at)
        shape = [exact.count, exact.channels, *(t + 2 * width for t in exact.taps)]
        flat = [numbers.randint(-3, 3) for _ in range(exact.length * shape[-1] // exact.taps[-1] * exact.count)]
        if not width and at % 2:
            flat = [value + 3 * own for value, own in zip(flat, truth.flat(filters), strict=True)]
        weights = nested(flat, shape)
        most, usable = [Fraction(0)] * exact.count, True
        for size in judge.matrices:
            vectors = weighted(judge, weights, size, (width,) * exact.axes)
            for i, (c, *_) in enumerate(size.atoms):
                own = truth.dot(vectors[i], size.columns[i]) ** 2
                norm = truth.dot(size.columns[i], size.columns[i])
                usable = usable and own > 0
                for j, other in enumerate(size.columns):
                    if i != j and usable:
                        value = truth.dot(vectors[i], other) ** 2 * norm / (own * truth.dot(other, other))
                        most[c] = max(most[c], value)
        evidence = {"margin": [width] * exact.axes, "weights": integers(flat)}
        high = [int(float(value) ** 0.5 * 2**40) + 8 for value in most]
        if not usable:
            orthogonal += 1
            with pytest.raises(Reject, match="orthogonal"):
                derive(exact, "filter-generalized-coherence", upper=integers(high, -40), **evidence)
            continue
        assert derive(exact, "filter-generalized-coherence", upper=integers(high, -40), **evidence)
        accepted += 1
        for c in range(exact.count):
            low = [value - 16 * (c == at) for at, value in enumerate(high)]
            if low[c] >= 0:
                with pytest.raises(Reject, match=r"exceeds upper\[" + str(c)):
                    derive(exact, "filter-generalized-coherence", upper=integers(low, -40), **evidence)
    assert accepted > (5 if width else 20)
    assert orthogonal or width


def nested(flat: list[int], shape: list[int]) -> Any:
    for size in reversed(shape[1:]):
        flat = [flat[at : at + size] for at in range(0, len(flat), size)]  # type: ignore[misc]
    return flat


@pytest.mark.parametrize("name", NAMES)
def test_samples_are_accepted_and_true(name: str) -> None:
    one = filter_sample(name)
    answer = certificates.check(one.data, filters=one.filters)
    assert isinstance(answer, certificates.Accepted), answer
    judge = Judge(one.nested, one.stride, one.boundary, 3 if len(one.stride) == 2 else 5)
    content = one.content()
    for claim in content["claims"]:
        step = content["steps"][claim["step"]]
        vector = (
            content["claims"][step["uses"][0]]["statement"]
            if step["rule"].startswith("failure") and step["uses"]
            else None
        )
        assert judge.holds(claim["statement"], vector, step["evidence"].get("part")), claim


def test_every_rule_is_in_a_sample() -> None:
    used = {step["rule"] for name in NAMES for step in filter_sample(name).content()["steps"]}
    assert used == set(FILTER_RULES)
    assert {filter_sample(name).boundary for name in MEASURED} == {"full", "circular", "same"}


def steps_of(name: str, rule: str) -> tuple[Any, dict, list[dict]]:
    """The filters of a sample, the evidence of its first step by this rule, and the statements that step uses."""
    one = filter_sample(name)
    content = one.content()
    step = next(step for step in content["steps"] if step["rule"] == rule)
    return one.filters, step["evidence"], [content["claims"][used]["statement"] for used in step["uses"]]


BABEL, WEIGHTS = "filter-babel", "filter-generalized-coherence"
CODES, HEAVY = "failure-by-filter-codes", "failure-by-filter-heavy-part"


@pytest.mark.parametrize(
    ("name", "rule", "change", "message"),
    [
        ("full", "filter-norms", {"more": 0}, "unknown field"),
        ("full", "filter-coherence", {"second": [0, 0], "first": [0, 0]}, "same atom"),
        ("full", "filter-coherence", {"lengths": [0]}, "positive number"),
        ("full", "filter-coherence", {"lengths": [3, 3]}, "positive number"),
        ("full", "filter-coherence", {"first": [2, 0]}, "first is not a filter and a position"),
        ("full", "filter-coherence", {"second": [0, 0, 0]}, "second is not a filter and a position"),
        ("circular", "filter-coherence", {"lengths": [4]}, "below 2t-1"),
        ("same", "filter-coherence", {"lengths": [2]}, "below that of the filters"),
        ("full", BABEL, {"lower": [], "upper": []}, "from 1 to 9"),
        ("full", BABEL, {"lower": ["0"]}, "same length"),
        ("full", BABEL, {"lower": ["0"] * 10, "upper": ["9"] * 10}, "from 1 to 9"),
        ("full", WEIGHTS, {"margin": [0, 0]}, "margin is not"),
        ("same", WEIGHTS, {"margin": [1]}, "all 0 unless"),
        ("full", WEIGHTS, {"margin": [1]}, "weights"),
        ("full", WEIGHTS, {"upper": integers([-1, 1])}, "from 0 to 2"),
        ("full", WEIGHTS, {"upper": integers([1 << 200, 1])}, "from 0 to 2"),
        ("full", WEIGHTS, {"weights": integers([0] * 6)}, "orthogonal"),
        ("full", "recovery-by-filter-coherence", {"level": 0}, "at least 1"),
        ("full", "recovery-by-filter-coherence", {"level": 9}, "does not hold at level 9"),
        ("full", "recovery-by-filter-coherence", {"sparsity": "most"}, "stripe, total"),
        ("full", "recovery-by-filter-babel", {"level": 9}, "does not hold at level 9"),
        ("full", "recovery-by-filter-weights", {"question": "omp"}, "l0, l1, network"),
        ("full", "recovery-by-filter-weights", {"level": 9}, "does not hold at level 9"),
        ("full-refuted", "filter-null-vector", {"real": integers([1]), "support": [0]}, "is not zero"),
        ("full-refuted", "filter-null-vector", {"real": integers([]), "support": []}, "is empty"),
        ("full-refuted", "filter-null-vector", {"real": integers([0]), "support": [0]}, "value on it is zero"),
        ("full-refuted", "filter-null-vector", {"support": [6]}, "indices below 6"),
        ("full-refuted", "failure-by-filter-dimension", {"level": 2}, "do not refute level 2"),
        ("full-refuted", "failure-by-filter-dimension", {"level": 4, "lengths": [1]}, "do not refute level 4"),
        ("full-refuted", CODES, {"part": [1, 0]}, "increasing indices"),
        ("full-refuted", CODES, {"part": [77]}, "from the support"),
        ("full-refuted", CODES, {"level": 1}, "stripe sparsity"),
        ("full-refuted", CODES, {"level": 1, "sparsity": "total"}, "total sparsity"),
        ("full-refuted", HEAVY, {"part": []}, "weigh half"),
        ("full-refuted", HEAVY, {"level": 1}, "total sparsity"),
        ("full-refuted", HEAVY, {"question": "l0"}, "one of l1"),
    ],
)
def test_refusals(name: str, rule: str, change: dict, message: str) -> None:
    exact, evidence, premises = steps_of(name, rule)
    assert derive(exact, rule, premises, **evidence)
    with pytest.raises(Reject, match=message):
        derive(exact, rule, premises, **{**evidence, **change})


def test_atoms_as_given_need_equal_norms() -> None:
    exact, evidence, (coherence,) = steps_of("full", "recovery-by-filter-coherence")
    norms = derive(exact, "filter-norms")
    as_given = {**evidence, "scaling": "as-given"}
    assert norms["equal"]
    assert derive(exact, "recovery-by-filter-coherence", [coherence, norms], **as_given)
    with pytest.raises(Reject, match="equal norms"):
        derive(exact, "recovery-by-filter-coherence", [coherence, {**norms, "equal": False}], **as_given)
    assert FILTER_RULES["recovery-by-filter-coherence"](exact, {**as_given, "question": "l0"}).premises == (
        "convolutional-coherence",
    )


def test_weights_beyond_their_atoms_say_nothing_about_stripes() -> None:
    exact, evidence, _ = steps_of("full", WEIGHTS)
    wide = integers([value for c in ([0, 9, 1, 1, 0], [0, 1, -1, 9, 0]) for value in c])
    mutual = derive(exact, WEIGHTS, margin=[1], weights=wide, upper=evidence["upper"])
    asked = {"level": 1, "question": "l1", "scaling": "unit"}
    assert derive(exact, "recovery-by-filter-weights", [mutual], sparsity="total", **asked)
    with pytest.raises(Reject, match="beyond their atoms"):
        derive(exact, "recovery-by-filter-weights", [mutual], sparsity="stripe", **asked)


def test_babel_bounds_of_a_whole_stripe_answer_all_levels() -> None:
    exact = filters_of([[[9, 1]]], (1,), "full")
    whole = derive(exact, BABEL, lower=["0", "0"], upper=["1/8", "1/4"])
    asked = {"question": "l1", "scaling": "unit", "sparsity": "total"}
    assert derive(exact, "recovery-by-filter-babel", [whole], level=10**9, **asked)
    part = derive(exact, BABEL, lower=["0"], upper=["1/8"])
    assert derive(exact, "recovery-by-filter-babel", [part], level=1, **asked)
    with pytest.raises(Reject, match="level 2"):
        derive(exact, "recovery-by-filter-babel", [part], level=2, **asked)
