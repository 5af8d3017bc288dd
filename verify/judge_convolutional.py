"""Facts of filters and theorems to levels that hold for signals of every size, and counterexamples of one size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import numpy as np

from .budget import Budget
from .dictionaries.convolutional import Boundary, ConvolutionalDictionary, Lengths
from .errors import ContradictionError, InputError
from .facts.babel import Babel
from .facts.convolutional.babel import convolutional_babel
from .facts.convolutional.coherence import ConvolutionalCoherence, convolutional_coherence
from .facts.convolutional.cuts import CutFacts, measure_cuts
from .facts.convolutional.generalized import (
    ConvolutionalGeneralized,
    convolutional_generalized,
    convolutional_generalized_work,
)
from .facts.convolutional.stripes import stripe_sparsity
from .facts.heavy_vectors import heaviest
from .facts.measure import measure
from .facts.null_vectors import NullVector
from .judge import judge
from .progress import Progress, silent
from .verdict import Question, Scaling

SPARSITIES = ("stripe", "total")
_MOST_ENTRIES = 20_000
_MOST_SIZES = 2
_MOST_PLANNED = 2e12


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterFacts:
    """What is measured of filters, for all sizes at once. `norms` are the least and the greatest squared norm.

    None for norms of cut atoms (boundary same), for a Babel function without other atoms, for weights not looked for,
    and for `cuts`, facts of the atoms that are whole, unless the boundary is same.
    """

    norms: tuple[Fraction, Fraction] | None
    coherence: ConvolutionalCoherence
    babel: Babel | None
    generalized: ConvolutionalGeneralized | None
    cuts: CutFacts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterexample:
    """What refutes at one size: a null vector and the atoms of one code (`part`), or more atoms than entries."""

    lengths: Lengths
    vector: NullVector | None = None
    part: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterLevel:
    """The greatest level guaranteed at every size and the least refuted at some size, and by which theorems.

    `every_code`: whether that is guaranteed of all codes, as no stripe has room for more nonzeros.
    """

    question: Question
    sparsity: str
    guaranteed: int
    guaranteed_by: str | None
    refuted: int | None
    refuted_by: str | None
    witness: Counterexample | None
    every_code: bool = False

    def verdict(self, level: int) -> str:
        """Return guaranteed, refuted or undecided for a level; raise InputError below 1."""
        if level < 1:
            raise InputError(f"expected a sparsity level of at least 1, got {level}")
        if self.every_code or level <= self.guaranteed:
            return "guaranteed"
        return "refuted" if self.refuted is not None and level >= self.refuted else "undecided"


def measure_filters(dictionary: ConvolutionalDictionary, budget: Budget, progress: Progress = silent) -> FilterFacts:
    """Measure coherence, Babel function and, where they are affordable, weights; for 'same' also of whole atoms."""
    coherence = convolutional_coherence(dictionary, progress)
    stripe = _stripe(dictionary)
    babel = convolutional_babel(dictionary, coherence, progress) if stripe > 1 else None
    same = dictionary.boundary is Boundary.same
    cuts = measure_cuts(dictionary, budget, affordable=_affordable, progress=progress) if same else None
    generalized = None
    if stripe > 1 and _affordable(convolutional_generalized_work(dictionary)) and _may_help(cuts):
        generalized = convolutional_generalized(dictionary, budget=budget, progress=progress)
    return FilterFacts(
        norms=None if same else _norms(dictionary),
        coherence=coherence,
        babel=babel,
        generalized=generalized,
        cuts=cuts,
    )


def _affordable(operations: float) -> bool:
    return operations <= _MOST_PLANNED


def _may_help(cuts: CutFacts | None) -> bool:
    """Whether weights for every cut may give level 2: mu~ is at least that of whole atoms."""
    return cuts is None or (cuts.wide_weights is not None and 3 * max(cuts.wide_weights.upper) < 1)


def _norms(dictionary: ConvolutionalDictionary) -> tuple[Fraction, Fraction]:
    rows = dictionary.filters.reshape(dictionary.channels[0], -1).tolist()
    squares = [sum((Fraction(x) ** 2 for x in row), Fraction(0)) for row in rows]
    return min(squares), max(squares)


def _stripe(dictionary: ConvolutionalDictionary) -> int:
    return dictionary.channels[0] * int(np.prod([2 * reach + 1 for reach in dictionary.reach]))


def judge_filters(
    dictionary: ConvolutionalDictionary, facts: FilterFacts, scaling: Scaling, budget: Budget
) -> tuple[FilterLevel, ...]:
    """Return the level of every question, for stripe and for total sparsity.

    Guarantee: each level by the theorem named, in exact arithmetic. Raises ContradictionError if a level is both
    guaranteed and refuted: a bug, never a verdict.
    """
    equal = facts.norms is not None and facts.norms[0] == facts.norms[1]
    refutations = _refutations(dictionary, scaling, budget)
    found: list[FilterLevel] = []
    for question, sparsity in product(Question, SPARSITIES):
        guaranteed, by = _guaranteed(dictionary, facts, question)
        if scaling is Scaling.as_given and question in (Question.l1, Question.omp) and not equal:
            guaranteed, by = 0, None
        refuted, against, witness = min(
            (one[2:] for one in refutations if one[0] in (question, Question.l0) and one[1] == sparsity),
            key=lambda one: one[0],
            default=(None, None, None),
        )
        every_code = guaranteed >= _stripe(dictionary)
        if refuted is not None and (every_code or refuted <= guaranteed):
            raise ContradictionError(
                f"{question} at level {refuted} is guaranteed by {by} and refuted by {against}: please report this"
            )
        found.append(
            FilterLevel(
                question=question,
                sparsity=sparsity,
                guaranteed=guaranteed,
                guaranteed_by=by,
                refuted=refuted,
                refuted_by=against,
                witness=witness,
                every_code=every_code,
            )
        )
    return tuple(found)


def _guaranteed(dictionary: ConvolutionalDictionary, facts: FilterFacts, question: Question) -> tuple[int, str | None]:
    bounds = [(level_by_coherence(dictionary, facts.coherence), "recovery-by-filter-coherence")]
    if facts.babel is not None:
        bounds.append((level_by_babel(dictionary, facts.babel.upper, facts.babel.upper), "recovery-by-filter-babel"))
    if facts.generalized is not None and question is not Question.omp:
        rule = "recovery-by-filter-weights" if facts.cuts is None else "recovery-by-cut-weights"
        bounds.append((level_by_weights(dictionary, facts.generalized.enclosure.upper), rule))
    level, theorem = max(bounds, key=lambda bound: bound[0])
    return (level, theorem) if level else (0, None)


def level_by_coherence(dictionary: ConvolutionalDictionary, found: ConvolutionalCoherence) -> int:
    """Return the greatest k with (2k-1) mu < 1, at most the size of a stripe: no code has more nonzeros in one."""
    largest, stripe = found.largest_level, _stripe(dictionary)
    return stripe if largest is None else min(largest, stripe)


def level_by_babel(dictionary: ConvolutionalDictionary, first: Sequence[Fraction], second: Sequence[Fraction]) -> int:
    """Return the greatest k with a sum of k - 1 of the first and of k of the second kind together below 1.

    An atom has no more others in its stripe than one less than its size: the sum of so many is that of more, too.
    """
    whole = len(second) == _stripe(dictionary) - 1
    sums = [Fraction(0), *first], [Fraction(0), *second, *(second[-1:] or [Fraction(0)])]
    most = min(len(first) + 1, len(second) + whole)
    return next((k - 1 for k in range(1, most + 1) if sums[0][k - 1] + sums[1][k] >= 1), most)


def level_by_weights(dictionary: ConvolutionalDictionary, upper: Fraction) -> int:
    """Return the greatest k with (2k-1) mu~ < 1, at most the size of a stripe: no code has more nonzeros in one."""
    if upper == 0:
        return _stripe(dictionary)
    level = int((1 / upper + 1) / 2)
    return min(level - ((2 * level - 1) * upper >= 1), _stripe(dictionary))


_Refutation = tuple[Question, str, int, str, Counterexample]


def _refutations(dictionary: ConvolutionalDictionary, scaling: Scaling, budget: Budget) -> list[_Refutation]:
    """Return what the null vectors of a few small sizes refute: l0 stands for every question, l1 for itself."""
    found: list[_Refutation] = []
    for lengths, entries in _small_sizes(dictionary):
        by_size = Counterexample(lengths=lengths)
        found += [
            (Question.l0, kind, (entries + 2) // 2, "failure-by-filter-dimension", by_size) for kind in SPARSITIES
        ]
        levels = judge(measure(dictionary.matrix(lengths), scaling=scaling, budget=budget), scaling).levels
        vector = levels.l0.witness
        if isinstance(vector, NullVector):
            part = _half(dictionary, vector.support, lengths)
            rest = tuple(at for at in vector.support if at not in part)
            for kind in SPARSITIES:
                level = max(_sparsity(dictionary, some, lengths, kind) for some in (part, rest))
                witness = Counterexample(lengths=lengths, vector=vector, part=part)
                found.append((Question.l0, kind, level, "failure-by-filter-codes", witness))
        vector = levels.l1.witness
        if isinstance(vector, NullVector) and levels.l1.refuted_by == "failure-by-heavy-part" and levels.l1.refuted:
            part = heaviest(vector, scaling, levels.l1.refuted)
            for kind in SPARSITIES:
                level = _sparsity(dictionary, part, lengths, kind)
                witness = Counterexample(lengths=lengths, vector=vector, part=part)
                found.append((Question.l1, kind, level, "failure-by-filter-heavy-part", witness))
    return found


def _small_sizes(dictionary: ConvolutionalDictionary) -> list[tuple[Lengths, int]]:
    """Return the least lengths with more atoms than entries of a signal, and those entries."""
    found: list[tuple[Lengths, int]] = []
    for more in range(64):
        lengths = tuple(least + more for least in dictionary.least_code)
        entries = dictionary.channels[1] * int(np.prod(dictionary.signal_lengths(lengths)))
        atoms = dictionary.channels[0] * int(np.prod(lengths))
        if atoms * entries > _MOST_ENTRIES or len(found) == _MOST_SIZES:
            break
        if atoms > entries:
            found.append((lengths, entries))
    return found


def _half(dictionary: ConvolutionalDictionary, support: Sequence[int], lengths: Lengths) -> tuple[int, ...]:
    """Return every second atom in the order of positions, so that both halves are spread."""
    positions = int(np.prod(lengths))
    ordered = sorted(support, key=lambda at: (at % positions, at))
    return tuple(sorted(ordered[::2]))


def _sparsity(dictionary: ConvolutionalDictionary, atoms: Sequence[int], lengths: Lengths, kind: str) -> int:
    if kind == "total":
        return len(atoms)
    code = np.zeros((dictionary.channels[0], *lengths))
    code.reshape(-1)[list(atoms)] = 1.0
    return stripe_sparsity(dictionary, code).largest
