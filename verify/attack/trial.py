"""A statement and the experiment that tests it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import InputError
from ..theorems.language import expressions
from ..theorems.language.conditions import Condition
from ..theorems.language.domains import Domain
from ..theorems.language.statements import Statement
from .experiment import Experiment

_ANYTHING = Domain()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A statement and an experiment on it.

    Raises InputError, one line, for a statement that cannot be attacked: without hypotheses or domains nothing says
    what an instance is, without observables nothing says what is compared, and a formula may name only variables
    and the constants before it.
    """

    statement: Statement
    experiment: Experiment

    def __post_init__(self) -> None:
        statement, experiment = self.statement, self.experiment
        if not isinstance(statement, Statement):
            raise InputError(f"a trial's statement is a QuantitativeTheorem, got {type(statement).__name__}")
        if not isinstance(experiment, Experiment):
            raise InputError(f"a trial's experiment is an Experiment, got {type(experiment).__name__}")
        if not statement.observables:
            raise InputError(f"{statement.id} has no observables: nothing says what is to be compared with what")
        if not statement.hypotheses and all(variable.domain == _ANYTHING for variable in statement.variables):
            from ..theorems import THEOREMS

            if not any(statement is entry for entry in THEOREMS):
                raise InputError(f"{statement.id} has no hypotheses: nothing says what an instance is")
        if complaint := next(_complaints(statement), None):
            raise InputError(f"{statement.id}: {complaint}")


def _complaints(statement: Statement) -> Iterator[str]:
    """Yield what is wrong with the formulas of a statement."""
    known = {variable.name for variable in statement.variables}
    for name, text in statement.constants.items():
        yield from _wrong(f"the constant {name}", text, known)
        known.add(name)
    for hypothesis in statement.hypotheses:
        if isinstance(hypothesis, Condition):
            try:
                sides = hypothesis.sides
            except (ValueError, SyntaxError):
                yield f"a Condition is formula < formula, with <, <=, ==, >= or >, not {hypothesis.text!r}"
                continue
            for side in (sides[0], sides[2]):
                yield from _wrong("a hypothesis", ast.unparse(side), known)
    for observable in statement.observables:
        if observable.relation not in ("<", "<=", "=", ">=", ">"):
            yield f"the relation of {observable.quantity} is <, <=, =, >= or >, not {observable.relation!r}"
        yield from _wrong(f"the bound of {observable.quantity}", observable.bound, known)


def _wrong(what: str, text: str, known: set[str]) -> Iterator[str]:
    try:
        unknown = sorted(expressions.names(expressions.parsed(text)) - known)
    except (ValueError, SyntaxError, RecursionError):
        yield f"{what} is a formula in names, integers, + - * / ** and {', '.join(expressions.FUNCTIONS)}, not {text!r}"
        return
    if unknown:
        yield f"{what} names {unknown[0]!r}, which is no variable, and no constant before it"
