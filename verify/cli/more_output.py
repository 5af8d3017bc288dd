"""What was asked besides: tables of a report for what is in no certificate, and the answers about supports."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ..certify.more_facts import MoreFacts
from ..facts.confusable_groups import ConfusableGroups
from ..facts.exact_recovery import DependentSupport
from ..facts.frame_bounds import FrameBounds
from ..facts.quadratic_babel import QuadraticBabel
from ..report import MeasuredTable
from ..report.numbers import above, below, decimals, root_decimals

_MOST_GROUPS = 10
_MOST_ATOMS = 12
_MOST_LEVELS = 12


def measured_tables(more: MoreFacts | None) -> tuple[MeasuredTable, ...]:
    """Return the tables of what verify proved itself."""
    return () if more is None else tuple(_tables(more))


def _tables(more: MoreFacts) -> Iterator[MeasuredTable]:
    if more.confusable is not None:
        yield from _confusable(more.confusable)
    if more.quadratic_babel is not None:
        yield _quadratic(more.quadratic_babel)
    if more.frame is not None:
        yield _frame(more.frame)


def _confusable(found: ConfusableGroups) -> Iterator[MeasuredTable]:
    at = root_decimals(found.threshold_squared)
    pairs = f"{found.pairs} pair{'' if found.pairs == 1 else 's'} of atoms"
    shown = f" The most coherent {len(found.worst)}." if found.pairs > len(found.worst) else ""
    yield MeasuredTable(
        key="worst_pairs",
        title=f"Pairs of atoms with a coherence of at least {at.lower}",
        note=f"{pairs}, counted exactly.{shown}",
        header=("atoms", "coherence"),
        rows=tuple((f"{pair.first}, {pair.second}", _root(pair.squared)) for pair in found.worst),
        data={
            "threshold_squared": str(found.threshold_squared),
            "pairs": found.pairs,
            "worst": [{"atoms": [pair.first, pair.second], "squared": str(pair.squared)} for pair in found.worst],
        },
    )
    if not found.pairs:
        return
    rows = [(str(len(group)), _atoms(group)) for group in found.groups[:_MOST_GROUPS]]
    more = len(found.groups) - len(rows)
    left = f" {more} smaller groups are not shown." if more > 0 else ""
    count = f"{len(found.groups)} group{'' if len(found.groups) == 1 else 's'}"
    clique = f" Any two of the atoms {_atoms(found.clique)} are such a pair." if len(found.clique) > 2 else ""
    yield MeasuredTable(
        key="groups",
        title="Groups of confusable atoms",
        note=f"Atoms that such pairs connect: {count}.{left}{clique}",
        header=("atoms", "which"),
        rows=tuple(rows),
        data={"groups": [list(group) for group in found.groups], "clique": list(found.clique)},
    )


def _root(squared: Fraction) -> str:
    found = root_decimals(squared)
    return found.lower if found.lower == found.upper else f"{found.lower} to {found.upper}"


def _atoms(group: tuple[int, ...]) -> str:
    shown = ", ".join(map(str, group[:_MOST_ATOMS]))
    return f"{shown}, …" if len(group) > _MOST_ATOMS else shown


def _quadratic(found: QuadraticBabel) -> MeasuredTable:
    bounds = list(zip(found.lower, found.upper, strict=True))
    return MeasuredTable(
        key="quadratic_babel",
        title="l2 Babel function μ₂",
        note="μ₂(k) is the largest root of a sum of squares of k normalised inner products with one atom.",
        header=("k", "μ₂(k) ≥", "μ₂(k) ≤"),
        rows=tuple(
            (str(k), decimals(low).lower, decimals(high).upper)
            for k, (low, high) in enumerate(bounds[:_MOST_LEVELS], 1)
        ),
        data={
            "k": list(range(1, len(bounds) + 1)),
            "lower": [below(low) for low, _ in bounds],
            "upper": [above(high) for _, high in bounds],
        },
    )


def _frame(found: FrameBounds) -> MeasuredTable:
    ends = (("least", "A", found.least), ("greatest", "B", found.greatest))
    atoms = "unit atoms" if found.scaling.value == "unit" else "atoms as given"
    return MeasuredTable(
        key="frame_bounds",
        title=f"Frame bounds ({atoms})",
        note="The best A and B with A|y|² ≤ |D*y|² ≤ B|y|²: the extreme eigenvalues of D D*.",
        header=("", "at least", "at most"),
        rows=tuple((name, decimals(end.lower, 9).lower, decimals(end.upper, 9).upper) for _, name, end in ends),
        data={"scaling": found.scaling.value}
        | {key: {"lower": below(end.lower), "upper": above(end.upper)} for key, _, end in ends},
    )


def support_answers(more: MoreFacts | None) -> list[str]:
    """Return for every support whether its codes are recovered: guaranteed, refuted or undecided."""
    found = () if more is None else more.supports
    return [
        "refuted" if isinstance(one, DependentSupport) else "guaranteed" if one.upper < 1 else "undecided"
        for one in found
    ]
