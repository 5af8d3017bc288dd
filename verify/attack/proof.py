"""One instance examined without rounding: hypotheses proved, both sides exact or enclosed, and what that proves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

from ..errors import InputError
from ..exact import Enclosure
from ..theorems.language.application import Result
from ..theorems.language.conditions import Relation, holds
from ..theorems.language.observables import Observable
from ..theorems.language.statements import Each, Statement
from ..theorems.language.values import Root, Value
from .experiment import Instance, NotAnInstance
from .rationals import ends
from .roots import RootSum, UnresolvedError
from .roots import bounds as root_bounds
from .roots import number as root_number
from .trial import Trial

Ratio = Fraction | None
"""A ratio; None stands for an infinite one."""


class Finding(StrEnum):
    """What the exact numbers of one instance say of one observable."""

    holds = "holds"
    violated = "violated"
    undecided = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One observable of one instance: what was observed, its bound (None: infinite), exact or enclosed.

    `ratio` is a lower bound of observed/bound (bound/observed for >=, 1 + the relative difference for =).
    """

    quantity: str
    relation: Relation
    formula: str
    layer: int | None
    observed: Value
    bound: Value | None
    finding: Finding
    ratio: Ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """An instance that is proved to satisfy all hypotheses, its values, and its comparisons."""

    instance: Instance
    values: Mapping[str, Value | tuple[Value, ...]]
    comparisons: tuple[Comparison, ...]

    @property
    def violation(self) -> Comparison | None:
        """The first comparison that is proved to fail."""
        return next((c for c in self.comparisons if c.finding is Finding.violated), None)

    @property
    def undecided(self) -> bool:
        """Whether enclosures overlap, so that a comparison is neither proved nor refuted."""
        return self.violation is None and any(c.finding is Finding.undecided for c in self.comparisons)

    @property
    def tightest(self) -> Comparison:
        """The comparison with the largest ratio."""
        return max(self.comparisons, key=lambda c: (c.ratio is None, c.ratio or 0))


def examined(trial: Trial, instance: Instance) -> Examined:
    """Measure one instance exactly, prove the hypotheses, and compare both sides of every observable.

    Guarantee: `violated` and `holds` are proved in rationals or by enclosures that do not overlap. Raises
    NotAnInstance, one line, if a hypothesis fails or is not proved; InputError if the experiment does not fit.
    """
    statement = trial.statement
    measured = trial.experiment.exact(instance)
    names = {variable.name for variable in statement.variables} - set(statement.carried)
    values = {name: _exact(name, value) for name, value in measured.values.items() if name in names}
    for variable in statement.variables:
        if variable.name in names and variable.name not in values and not variable.optional:
            raise InputError(f"the experiment on {statement.id} gives no value for {variable.name}")
    labels = {f"bound of observable {i}": observable for i, observable in enumerate(statement.observables)}
    extended = replace(statement, constants={**statement.constants, **{k: o.bound for k, o in labels.items()}})
    try:
        results = Statement.apply(extended, values)
    except InputError as error:
        raise NotAnInstance(str(error).removeprefix(f"{statement.id}: ")) from None
    found: list[Comparison] = []
    for label, observable in labels.items():
        if label not in results:
            raise InputError(f"the experiment on {statement.id} gives no value for a variable of {observable.bound}")
        if observable.quantity not in measured.quantities:
            raise InputError(f"the experiment on {statement.id} does not measure {observable.quantity}")
        observed = _exact(observable.quantity, measured.quantities[observable.quantity])
        found += _compared(statement, observable, observed, results[label], values)
    return Examined(instance=instance, values=values, comparisons=tuple(found))


def _exact(name: str, value: object) -> Any:
    """Return a value or a tuple of values, integers as fractions; raise InputError for a float."""
    if isinstance(value, tuple):
        return tuple(_exact(name, one) for one in value)
    if isinstance(value, int):
        return Fraction(value)
    if not isinstance(value, Fraction | Root | Enclosure):
        raise InputError(f"exact measurements are Fraction, Root or Enclosure; {name} is a {type(value).__name__}")
    return value


def _compared(
    statement: Statement,
    observable: Observable,
    observed: Value | tuple[Value, ...],
    bound: Result,
    values: Mapping[str, Value | tuple[Value, ...]],
) -> Iterator[Comparison]:
    """Yield the comparison of a quantity with its bound, layer by layer if it has a value for each, else the last."""
    bounds = bound if isinstance(bound, tuple) else (bound,)
    single = not isinstance(observed, tuple)
    layers = (observed,) if single else observed
    bounds = bounds[-1:] if single else bounds
    if len(layers) != len(bounds):
        raise InputError(f"{observable.quantity} has {len(layers)} values and its bound {len(bounds)}")
    found = [decided(observable.relation, *sides) for sides in zip(layers, bounds, strict=True)]
    if any(finding is Finding.undecided for finding, _ in found):
        found = [
            told if told[0] is not Finding.undecided else _decided_by_roots(observable.relation, one, root, told)
            for told, one, root in zip(found, layers, _roots(statement, observable, values, len(bounds)), strict=True)
        ]
    for at, (one, other, (finding, ratio)) in enumerate(zip(layers, bounds, found, strict=True), 1):
        yield Comparison(
            quantity=observable.quantity,
            relation=observable.relation,
            formula=observable.bound,
            layer=None if single or statement.each is not Each.layer else at,
            observed=one,
            bound=other,
            finding=finding,
            ratio=ratio,
        )


def _roots(
    statement: Statement, observable: Observable, values: Mapping[str, Value | tuple[Value, ...]], count: int
) -> list[RootSum | None]:
    try:
        return list(root_bounds(statement, observable.bound, values)[-count:])
    except ArithmeticError:  # no sum of roots, or a division by zero
        return [None] * count


def _decided_by_roots(
    relation: Relation, observed: Value, bound: RootSum | None, told: tuple[Finding, Ratio]
) -> tuple[Finding, Ratio]:
    """Return what is proved where intervals overlap but both sides are sums of square roots."""
    if bound is None:
        return told
    try:
        sign = (root_number(observed) - bound).sign
    except UnresolvedError:
        return told
    finding = Finding.holds if holds(relation, sign) else Finding.violated
    return finding, Fraction(1) if sign == 0 else told[1]


def decided(relation: Relation, observed: Value, bound: Value | None) -> tuple[Finding, Ratio]:
    """Return what is proved of `observed relation bound`, and a lower bound of the ratio; an infinite bound is None."""
    if bound is None:
        below = relation in ("<", "<=")
        return (Finding.holds if below else Finding.undecided), Fraction(0)
    if relation == "=":
        return _equal(ends(observed), ends(bound))
    sides = (observed, bound) if relation in ("<", "<=") else (bound, observed)
    small, large = ends(sides[0]), ends(sides[1])
    strict = relation in ("<", ">")
    ratio = _ratio(small[0], large[1])
    if small[0] > large[1] or (strict and small[0] == large[1]):
        return Finding.violated, ratio
    if small[1] < large[0] or (not strict and small[1] == large[0]):
        return Finding.holds, ratio
    return Finding.undecided, ratio


def _equal(first: tuple[Fraction, Fraction], second: tuple[Fraction, Fraction]) -> tuple[Finding, Ratio]:
    gap = max(first[0] - second[1], second[0] - first[1])
    if gap > 0:
        return Finding.violated, 1 + gap / max(abs(end) for end in (*first, *second))
    equal = first[0] == first[1] == second[0] == second[1]
    return (Finding.holds if equal else Finding.undecided), Fraction(1)


def _ratio(small: Fraction, large: Fraction) -> Ratio:
    """Return small/large for small <= large, 0 for 0 <= 0; above 1, or None for infinity, exactly if that is false."""
    if large > 0:
        return small / large
    if large == 0:
        return None if small > 0 else Fraction(0)
    return None if small >= 0 else large / small
