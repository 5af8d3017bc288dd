"""A statement in floats for a whole batch: which instances satisfy it, and how near they come to its bound."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..arrays import torch_module
from ..errors import InputError
from ..theorems.language.conditions import Condition, Relation
from ..theorems.language.domains import Domain
from ..theorems.language.expressions import Algebra, evaluated
from ..theorems.language.statements import Each, Statement
from .experiment import Measurement

_CLOSE = 1e-9
"""A hypothesis with <=, >= or = may fail by so much, relatively, in floats: exact arithmetic has the last word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """A batch against a statement, in floats, for each instance: estimated, nothing is concluded from it.

    `satisfied`: no condition or domain fails. `raw` is the largest ratio over the observables, above 1 if one is
    violated; `score` the same, counted down by what rounding may have done. `failed` counts, per hypothesis, where
    it failed.
    """

    satisfied: Any
    raw: Any
    score: Any
    failed: Mapping[str, int]


def scored(statement: Statement, measurement: Measurement, count: int) -> Scores:
    """Evaluate conditions, domains and bounds of a statement for a batch of `count` instances.

    Raises InputError if the experiment leaves out a variable or a quantity that the statement names.
    """
    torch = torch_module()
    values = _values(statement, measurement)
    device = next(iter(measurement.quantities.values())).device
    cases = _cases(statement, values, count, device)
    satisfied = torch.ones(count, dtype=torch.bool, device=device)
    failed: dict[str, int] = {}
    for case in cases:
        for text, holds in case.hypotheses():
            mask = holds.expand(count, *holds.shape[1:]) if holds.ndim else holds.expand(count)
            mask = mask.all(dim=1) if mask.ndim == 2 else mask
            failed[text] = failed.get(text, 0) + int((~mask).sum())
            satisfied &= mask
    raw = score = torch.full((count,), -torch.inf, dtype=torch.float64, device=device)
    for observable in statement.observables:
        if observable.quantity not in measurement.quantities:
            raise InputError(f"the experiment on {statement.id} does not measure {observable.quantity}")
        observed = measurement.quantities[observable.quantity]
        bound = _bound(statement, [case.number(observable.formula()) for case in cases], count, observed.ndim)
        slack = measurement.rounding.get(observable.quantity, 0.0)
        raw = torch.maximum(raw, _largest(_ratio(observable.relation, observed, bound, 0.0)))
        score = torch.maximum(score, _largest(_ratio(observable.relation, observed, bound, slack)))
    return Scores(satisfied=satisfied, raw=raw, score=score, failed=failed)


@dataclass(frozen=True, slots=True)
class _Case:
    """A statement and float tensors for its variables; constants are worked out once."""

    statement: Statement
    values: Mapping[str, Any]
    algebra: Algebra
    known: dict[str, Any]

    def hypotheses(self) -> list[tuple[str, Any]]:
        """Return which domains and conditions hold, with their texts."""
        torch = torch_module()
        found: list[tuple[str, Any]] = []
        for variable in self.statement.variables:
            if variable.name in self.values:
                inside = _inside(variable.domain, self.values[variable.name])
                found.append((variable.domain.text(variable.symbol), inside))
        for hypothesis in self.statement.hypotheses:
            if isinstance(hypothesis, Condition):
                left, relation, right = hypothesis.sides
                sides = torch.broadcast_tensors(self.number(left), self.number(right))
                found.append((hypothesis.plain(self.statement.symbols), _holds(relation, *sides)))
        return found

    def number(self, tree: ast.expr) -> Any:
        """Return the value of a formula."""
        return evaluated(tree, self.algebra, self.named)

    def named(self, name: str) -> Any:
        """Return a variable or a constant."""
        if name in self.statement.constants:
            if name not in self.known:
                self.known[name] = self.number(self.statement.formula(name))
            return self.known[name]
        if name not in self.values:
            raise InputError(f"the experiment on {self.statement.id} gives no value for {name}")
        return self.values[name]


def _values(statement: Statement, measurement: Measurement) -> dict[str, Any]:
    given = {v.name: measurement.values[v.name] for v in statement.variables if v.name in measurement.values}
    for variable in statement.variables:
        if variable.name not in given and variable.name not in statement.carried and not variable.optional:
            raise InputError(f"the experiment on {statement.id} gives no value for {variable.name}")
    return given


def _cases(statement: Statement, values: Mapping[str, Any], count: int, device: Any) -> list[_Case]:
    """Return the cases to evaluate: one, with a second axis for atoms; or one after another for layers."""
    algebra = _algebra(device)
    if statement.each is None:
        return [_Case(statement, values, algebra, {})]
    wide = {name: value if value.ndim == 2 else value.reshape(-1, 1) for name, value in values.items()}
    if statement.each is Each.atom:
        return [_Case(statement, wide, algebra, {})]
    cases: list[_Case] = []
    for layer in range(max((value.shape[1] for value in wide.values()), default=1)):
        row = {name: value[:, min(layer, value.shape[1] - 1)] for name, value in wide.items()}
        for name, of in statement.carried.items():
            row[name] = cases[-1].named(of) if cases else torch_module().zeros(count, device=device).double()
        cases.append(_Case(statement, row, algebra, {}))
    return cases


def _bound(statement: Statement, bounds: list[Any], count: int, ndim: int) -> Any:
    """Return the bound: the largest over atoms; of every layer if the quantity has a value for each, else the last."""
    bounds = [bound.expand(count, *bound.shape[1:]) if bound.ndim else bound.expand(count) for bound in bounds]
    if statement.each is Each.atom:
        return bounds[0].amax(dim=1) if bounds[0].ndim == 2 else bounds[0]
    return torch_module().stack(bounds, dim=1) if ndim == 2 else bounds[-1]


def _largest(ratio: Any) -> Any:
    return ratio.amax(dim=1) if ratio.ndim == 2 else ratio


def _ratio(relation: Relation, observed: Any, bound: Any, slack: Any) -> Any:
    """Return observed/bound for <=, bound/observed for >=, 1 + the relative difference for =; NaN counts as none."""
    torch = torch_module()
    if isinstance(slack, torch.Tensor) and slack.ndim < observed.ndim:
        slack = slack.unsqueeze(1)
    if relation == "=":
        gap = (observed - bound).abs() - slack
        ratio = 1 + gap.clamp(min=0) / torch.maximum(observed.abs(), bound.abs()).clamp(min=1e-300)
    else:
        small, large = (observed - slack, bound) if relation in ("<", "<=") else (bound, observed + slack)
        of_nothing = torch.where(small > 0, torch.inf, 0.0).double()
        below = torch.where(small >= 0, torch.inf, large / small)
        ratio = torch.where(large > 0, small / large, torch.where(large == 0, of_nothing, below))
    return torch.where(ratio.isnan(), -torch.inf, ratio)


def _holds(relation: Relation, left: Any, right: Any) -> Any:
    margin = _CLOSE * (left.abs() + right.abs())
    match relation:
        case "<":
            return left < right
        case ">":
            return left > right
        case "<=":
            return left <= right + margin
        case ">=":
            return left >= right - margin
        case "=":
            return (left - right).abs() <= margin


def _inside(domain: Domain, value: Any) -> Any:
    inside = value.isfinite()
    if domain.integer:
        inside &= value == value.round()
    if domain.lower is not None:
        inside &= value > float(domain.lower) if domain.lower_open else value >= float(domain.lower) - _CLOSE
    if domain.upper is not None:
        inside &= value < float(domain.upper) if domain.upper_open else value <= float(domain.upper) + _CLOSE
    return inside


def _algebra(device: Any) -> Algebra:
    torch = torch_module()

    def chained(function: Any) -> Any:
        def extreme(first: Any, *others: Any) -> Any:
            for other in others:
                first = function(first, other)
            return first

        return extreme

    return Algebra(
        integer=lambda number: torch.tensor(float(number), dtype=torch.float64, device=device),
        binary=lambda operation, first, second: operation(first, second),
        power=lambda base, exponent: base**exponent,
        functions={
            "sqrt": torch.sqrt,
            "exp": torch.exp,
            "log": torch.log,
            "Max": chained(torch.maximum),
            "Min": chained(torch.minimum),
            "Abs": torch.abs,
        },
    )
