"""Small filters with certificates that use every rule about filters, all boundaries, strides, channels and axes."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import filter_truth as truth

from certificates import Filters
from certificates.format import Draft, integers, rational
from certificates.rules import FILTER_RULES

Nested = Any
EDGES = [[[4, 1, -1]], [[1, -3, 1]]]
CLEAR = [[[9, 1, 1]], [[1, -1, 9]]]
PLANES = [[[[5, 1], [0, 1]]], [[[0, 1], [-5, 1]]]]
COLOURS = [[[1, 4, -1], [0, 1, 1]], [[0, 1, 1], [1, -4, 1]]]


def filters_of(filters: Nested, stride: tuple[int, ...], boundary: str) -> Filters:
    return Filters.of(truth.flat(filters), truth.shape_of(filters), stride, boundary)


class Writer(Draft):
    """A draft about filters; each step's statement is derived by its rule, and claimed."""

    __slots__ = ("filters", "statements")

    def __init__(self, filters: Filters) -> None:
        shape = [filters.count, filters.channels, *filters.taps]
        subject = {"digest": filters.digest, "field": "real", "role": "filters", "shape": shape}
        super().__init__(subject=subject, loader="npy", producer="tests")
        self.filters, self.statements = filters, []

    def add(self, rule: str, uses: tuple[int, ...] = (), **evidence: Any) -> int:
        task = FILTER_RULES[rule](self.filters, evidence)
        statement = task.derive([self.statements[used] for used in uses])
        self.statements.append(statement)
        at = self.step(rule, uses, **evidence)
        self.claim(at, **statement)
        return at


@dataclass(frozen=True)
class FilterSample:
    nested: Nested
    stride: tuple[int, ...]
    boundary: str
    data: bytes

    @property
    def filters(self) -> Filters:
        return filters_of(self.nested, self.stride, self.boundary)

    def content(self) -> dict:
        return json.loads(self.data)


def most_coherent(filters: Nested, stride: tuple[int, ...], boundary: str, most: int, among: str | None = None) -> dict:
    """Two atoms of some size up to `most` with the greatest coherence of all, or of those that are whole."""
    best, found = Fraction(-1), {}
    for lengths in truth.sizes(filters, stride, boundary, most):
        size = truth.dictionary(filters, stride, boundary, lengths)
        gram = size.gram()
        whole = truth.whole_atoms(filters, size)
        pairs = itertools.combinations(range(len(gram)), 2)
        if among is not None:
            pairs = ((i, j) for i in whole for j in (whole if among == "uncut" else range(len(gram))) if i != j)
        for i, j in pairs:
            value = gram[i][j] ** 2 / (gram[i][i] * gram[j][j])
            if value > best:
                best, found = value, {"lengths": lengths, "first": size.atoms[i], "second": size.atoms[j]}
    return {name: list(value) for name, value in found.items()}


def measured(filters: Nested, stride: tuple[int, ...], boundary: str, most: int = 5) -> Writer:
    """Facts of all kinds, and the levels of all questions that they give."""
    exact = filters_of(filters, stride, boundary)
    writer = Writer(exact)
    norms = writer.add("filter-norms")
    pair = most_coherent(filters, stride, boundary, most)
    coherence = writer.add("filter-coherence", **pair)
    order = min(3, exact.stripe - 1)
    squared = Fraction(writer.statements[coherence]["squared"])
    bound = Fraction(int((float(squared) ** 0.5 + 1e-6) * 2**30), 2**30)
    upper = [rational(k * bound) for k in range(1, order + 1)]
    babel = writer.add("filter-babel", lower=["0"] * order, upper=upper)
    weights = integers([value for vector in exact.vectors for value in vector])
    # with the filters as weights |<w, d_j>| N_i / (|<w, d_i>| N_j) is the coherence of the pair
    limits = integers([int(bound * 2**30) + 1] * exact.count, -30)
    mutual = writer.add("filter-generalized-coherence", margin=[0] * exact.axes, upper=limits, weights=weights)
    for rule, fact, questions in (
        ("recovery-by-filter-coherence", coherence, ("l1", "omp")),
        ("recovery-by-filter-babel", babel, ("l0", "network")),
        ("recovery-by-filter-weights", mutual, ("l1", "network")),
    ):
        for question, sparsity in zip(questions, ("stripe", "total"), strict=True):
            if bound < 1:
                writer.add(rule, (fact,), level=1, question=question, scaling="unit", sparsity=sparsity)
    if writer.statements[norms]["equal"]:
        asked = {"level": 1, "question": "l1", "scaling": "as-given", "sparsity": "stripe"}
        writer.add("recovery-by-filter-coherence", (coherence, norms), **asked)
    return writer


def cuts(filters: Nested, most: int = 5) -> Writer:
    """Boundary `same`: facts of whole atoms, weights for every window, and levels."""
    writer = Writer(filters_of(filters, (1,) * (len(truth.shape_of(filters)) - 2), "same"))
    exact, bounds = writer.filters, {}
    limits = integers([1023] * exact.count, -10)
    for among in ("uncut", "one-uncut"):
        pair = most_coherent(filters, (1,) * exact.axes, "same", most, among)
        at = writer.add("filter-coherence-among", among=among, **pair)
        squared = float(Fraction(writer.statements[at]["squared"]))
        bounds[among] = at, Fraction(int((squared**0.5 + 1e-6) * 2**30), 2**30)
    sums = {}
    for among, of in (("uncut", "uncut"), ("to-uncut", "one-uncut")):
        upper = [rational(k * bounds[of][1]) for k in (1, 2)]
        sums[among] = writer.add("filter-babel-among", among=among, upper=upper)
    weights: dict[str, list[int]] = {"all": [], "uncut": []}
    for among, windows in (("uncut", [exact.whole]), ("all", sorted(exact.windows()))):
        for window in windows:
            values = [vector[at] for vector in exact.vectors for at in exact.inside(window)]
            evidence = {
                "among": among,
                "upper": limits,
                "weights": integers(values),
                "window": [list(part) for part in window],
            }
            weights[among].append(writer.add("filter-cut-weights", **evidence))
    whole = weights["all"][sorted(exact.windows()).index(exact.whole)]
    asked = {"level": 1, "question": "l1", "scaling": "unit", "sparsity": "stripe"}
    writer.add("recovery-by-cut-weights", tuple(weights["all"]), **asked)
    for rule, narrow, wide in (
        ("recovery-of-uncut-by-coherence", (bounds["uncut"][0],), (bounds["one-uncut"][0],)),
        ("recovery-of-uncut-by-babel", (sums["uncut"],), (sums["uncut"], sums["to-uncut"])),
        ("recovery-of-uncut-by-weights", (weights["uncut"][0],), (whole,)),
    ):
        writer.add(rule, wide, support="uncut", **asked)
        writer.add(rule, narrow, support="interior", **asked)
    return writer


def refuted(filters: Nested, stride: tuple[int, ...], boundary: str, lengths: tuple[int, ...]) -> Writer:
    """A null vector of one size, and what it refutes."""
    writer = Writer(filters_of(filters, stride, boundary))
    size = truth.dictionary(filters, stride, boundary, lengths)
    support, values = truth.null_vector(size)
    vector = writer.add("filter-null-vector", lengths=list(lengths), real=integers(values), support=support)
    half = support[::2]
    stripes = truth.stripes(size, writer.filters.taps, stride, boundary)
    rest = [at for at in support if at not in half]
    within = max(len(stripe & set(part)) for stripe in stripes for part in (half, rest))
    most = max(len(half), len(rest))
    for level, question, sparsity in ((within, "l0", "stripe"), (within, "omp", "stripe"), (most, "network", "total")):
        asked = {"level": level, "question": question, "scaling": "unit", "sparsity": sparsity}
        writer.add("failure-by-filter-codes", (vector,), part=half, **asked)
    asked = {"level": len(support), "question": "l1", "scaling": "as-given", "sparsity": "total"}
    writer.add("failure-by-filter-heavy-part", (vector,), part=support, **asked)
    entries = len(size.columns[0])
    if len(size.atoms) > entries:
        asked = {"level": (entries + 2) // 2, "question": "l0", "scaling": "unit", "sparsity": "stripe"}
        writer.add("failure-by-filter-dimension", lengths=list(lengths), **asked)
    return writer


MEASURED = {
    "full": (CLEAR, (1,), "full"),
    "strided": (EDGES, (2,), "full"),
    "circular": (CLEAR, (1,), "circular"),
    "same": (EDGES, (1,), "same"),
    "planes": (PLANES, (1, 2), "full"),
    "colours": (COLOURS, (1,), "circular"),
}
REFUTED = {
    "full-refuted": (EDGES, (1,), "full", (3,)),
    "circular-refuted": (EDGES, (1,), "circular", (5,)),
    "same-refuted": (EDGES, (1,), "same", (3,)),
    "planes-refuted": (PLANES, (1, 1), "circular", (3, 3)),
}


@cache
def filter_sample(name: str) -> FilterSample:
    if name == "cuts":
        return FilterSample(EDGES, (1,), "same", cuts(EDGES).sealed())
    if name in MEASURED:
        filters, stride, boundary = MEASURED[name]
        return FilterSample(filters, stride, boundary, measured(filters, stride, boundary).sealed())
    filters, stride, boundary, lengths = REFUTED[name]
    return FilterSample(filters, stride, boundary, refuted(filters, stride, boundary, lengths).sealed())


NAMES = (*MEASURED, *REFUTED, "cuts")
