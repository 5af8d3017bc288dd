"""Formulas as SymPy expressions; the registry's door to SymPy."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import sympy

from .expressions import Algebra, evaluated
from .variables import Variable

if TYPE_CHECKING:
    from .statements import Statement

SYMPY = Algebra(
    integer=sympy.Integer,
    binary=lambda operation, first, second: operation(first, second),
    power=lambda base, exponent: base**exponent,
    functions={
        "sqrt": sympy.sqrt,
        "exp": sympy.exp,
        "log": sympy.log,
        "Max": sympy.Max,
        "Min": sympy.Min,
        "Abs": sympy.Abs,
    },
)


def symbol(variable: Variable) -> sympy.Symbol:
    """Return a variable as SymPy's symbol: positive if its domain begins at 0 or above, else real."""
    lower = variable.domain.lower
    if lower is not None and lower >= 0:
        return sympy.Symbol(variable.name, positive=True)
    return sympy.Symbol(variable.name, real=True)


def as_sympy(statement: Statement, formula: ast.expr) -> sympy.Expr:
    """Return a formula of a statement as a SymPy expression, its constants replaced by what they are."""
    symbols = {variable.name: symbol(variable) for variable in statement.variables}

    def value(name: str) -> sympy.Expr:
        return as_sympy(statement, statement.formula(name)) if name in statement.constants else symbols[name]

    return evaluated(formula, SYMPY, value)
