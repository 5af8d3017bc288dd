"""A statement applied to values: domains and conditions proved, constants exact or enclosed."""

from __future__ import annotations

import ast
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from ...errors import InputError
from ...exact import Enclosure
from ...facts.measure import Facts
from .conditions import Condition, holds
from .expressions import evaluated, names
from .statements import Each, Statement
from .values import EXACT, Value, enclosed, number, shown_value, sign

if TYPE_CHECKING:
    from ...exact import Ball

Scalar = Fraction | Enclosure | None
Result = Scalar | tuple[Scalar, ...]
_MOST_VALUES = 10_000


def applied(
    statement: Statement, values: Mapping[str, Value | tuple[Value, ...]], facts: Facts | None
) -> dict[str, Result]:
    """Do what `Statement.apply` says."""
    given = _given(statement, values, facts)
    if statement.each is None:
        return dict(_Case(statement, _single(statement, given), "").constants())
    length = _length(statement, given)
    rows = [
        {name: value[i] if isinstance(value, tuple) else value for name, value in given.items()} for i in range(length)
    ]
    if statement.each is Each.atom:
        found = [_Case(statement, row, f"atom {i}: ").constants() for i, row in enumerate(rows)]
        return {name: _largest([row[name] for row in found]) for name in found[0]}
    results: list[dict[str, Scalar]] = []
    for layer, row in enumerate(rows, 1):
        for name, of in statement.carried.items():
            before = results[-1][of] if results else Fraction(0)
            if before is None:
                raise InputError(f"{statement.id}: layer {layer}: {of} of the layer before is infinite")
            row[name] = before
        results.append(_Case(statement, row, f"layer {layer}: ").constants())
    return {name: tuple(row[name] for row in results) for name in results[0]}


@dataclass(frozen=True, slots=True)
class _Case:
    """A statement and one value for each variable that has one; its domains and conditions are checked on the way."""

    statement: Statement
    values: Mapping[str, Value]
    where: str

    def constants(self) -> dict[str, Scalar]:
        """Return the constants that the values determine, after everything was checked."""
        for variable in self.statement.variables:
            value = self.values.get(variable.name)
            complaint = None if value is None else variable.domain.complaint(value)
            if complaint:
                wanted = variable.domain.text(variable.symbol)
                raise self._refused(f"{variable.name} is outside {wanted}: {complaint}")
        for hypothesis in self.statement.hypotheses:
            if isinstance(hypothesis, Condition):
                self._check(hypothesis)
        formulas = {name: self.statement.formula(name) for name in self.statement.constants}
        return {
            name: enclosed(lambda tree=tree: self._number(tree)) for name, tree in formulas.items() if self._has(tree)
        }

    def _check(self, condition: Condition) -> None:
        left, relation, right = condition.sides
        if holds(relation, sign(lambda: self._difference(left, right))):
            return
        sides = [enclosed(lambda tree=tree: self._number(tree)) for tree in (left, right)]
        gap = None if None in sides else enclosed(lambda: abs(self._difference(left, right)))
        text = condition.plain(self.statement.symbols)
        shown = f"{shown_value(sides[0])} against {shown_value(sides[1])}"
        if gap == 0:
            raise self._refused(f"the hypothesis {text} fails: both sides are {shown_value(sides[0])}")
        if gap is None or sign(lambda: self._difference(left, right)) is None:
            raise self._refused(f"the hypothesis {text} is not proved: {shown}")
        raise self._refused(f"the hypothesis {text} fails: {shown}, by {shown_value(_middle(gap))}")

    def _refused(self, why: str) -> InputError:
        return InputError(f"{self.statement.id}: {self.where}{why}")

    def _difference(self, left: ast.expr, right: ast.expr) -> Fraction | Ball:
        return EXACT.binary(operator.sub, self._number(left), self._number(right))

    def _number(self, tree: ast.expr) -> Fraction | Ball:
        return evaluated(tree, EXACT, self._named)

    def _named(self, name: str) -> Fraction | Ball:
        if name in self.statement.constants:
            return self._number(self.statement.formula(name))
        return number(self.values[name])

    def _has(self, tree: ast.expr) -> bool:
        constants = self.statement.constants
        return all(
            self._has(self.statement.formula(name)) if name in constants else name in self.values
            for name in names(tree)
        )


def _given(
    statement: Statement, values: Mapping[str, Value | tuple[Value, ...]], facts: Facts | None
) -> dict[str, Value | tuple[Value, ...]]:
    """Return the values with those that `facts` supplies; complain about what is unknown or missing."""
    known = {variable.name for variable in statement.variables} - set(statement.carried)
    for name in values:
        if name not in known:
            listed = ", ".join(v.name for v in statement.variables if v.name in known) or "none"
            raise InputError(f"{statement.id} has no variable {name[:40]!r}; its variables: {listed}")
    given = dict(values)
    for variable in statement.variables:
        if variable.name not in given and facts is not None and variable.measured is not None:
            measured = variable.measured(facts)
            if measured is not None:
                given[variable.name] = measured
    missing = [v for v in statement.variables if v.name in known and v.name not in given and not v.optional]
    if missing:
        texts = "; ".join(f"{v.name} ({v.meaning})" for v in missing)
        raise InputError(f"{statement.id} needs a value for {texts}")
    return given


def _single(statement: Statement, given: Mapping[str, Value | tuple[Value, ...]]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, value in given.items():
        if isinstance(value, tuple):
            raise InputError(f"{statement.id}: {name} takes one value, got {len(value)}")
        found[name] = value
    return found


def _length(statement: Statement, given: Mapping[str, Value | tuple[Value, ...]]) -> int:
    """Return how many layers (atoms) there are; a single value serves for all of them."""
    lists = {name: len(value) for name, value in given.items() if isinstance(value, tuple)}
    for variable in statement.variables:
        if variable.name in lists and not variable.each:
            raise InputError(f"{statement.id}: {variable.name} takes one value, got {lists[variable.name]}")
    if len(set(lists.values())) > 1:
        counts = ", ".join(f"{count} for {name}" for name, count in lists.items())
        wanted = f"takes one value per {statement.each}, as many for each variable"
        raise InputError(f"{statement.id} {wanted}, got {counts}")
    length = max(lists.values(), default=1)
    if not 1 <= length <= _MOST_VALUES:
        raise InputError(f"{statement.id} takes 1 to {_MOST_VALUES} {statement.each}s, got {length}")
    return length


def _largest(values: list[Scalar]) -> Scalar:
    """Return the largest of some numbers, enclosed if one of them is; None, infinite, if one is."""
    ends = [(v, v) if isinstance(v, Fraction) else (v.lower, v.upper) for v in values if v is not None]
    if len(ends) < len(values):
        return None
    lower, upper = max(end[0] for end in ends), max(end[1] for end in ends)
    return lower if lower == upper else Enclosure(lower, upper)


def _middle(value: Scalar) -> Scalar:
    return (value.lower + value.upper) / 2 if isinstance(value, Enclosure) else value
