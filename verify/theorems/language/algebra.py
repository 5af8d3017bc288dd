"""Formulas as SymPy expressions; the registry's door to SymPy."""

from __future__ import annotations

import ast
from difflib import get_close_matches
from typing import TYPE_CHECKING

import sympy

from ...errors import InputError
from .expressions import Algebra, evaluated, names, parsed
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


def equal_to(statement: Statement, constant: str, expression: sympy.Expr | str | int) -> tuple[sympy.Expr, sympy.Expr]:
    """Return an expression in the symbols of a statement, and its difference from a constant, simplified.

    A difference of 0 is a proof that both are equal on the domains. `expression` is SymPy's, its symbols told by their
    names, or a text; both in the variables and constants. Raises InputError for a name the statement does not have.
    """
    known = {variable.name: symbol(variable) for variable in statement.variables}
    if isinstance(expression, str):
        try:
            tree = parsed(expression)
        except (ValueError, SyntaxError, RecursionError):
            raise InputError(f"expected a formula in + - * / **, sqrt, exp, log, got {expression[:80]!r}") from None
        _refuse_unknown(statement, names(tree), {*known, *statement.constants})
        expected = as_sympy(statement, tree)
    else:
        given = sympy.sympify(expression)
        _refuse_unknown(statement, {str(s) for s in given.free_symbols}, {*known, *statement.constants})
        values = [(s, known.get(str(s)) or statement.constant(str(s))) for s in given.free_symbols]
        expected = sympy.sympify(given.subs(values, simultaneous=True))
    return expected, sympy.simplify(statement.constant(constant) - expected)


def _refuse_unknown(statement: Statement, found: set[str], known: set[str]) -> None:
    for name in sorted(found - known):
        near = get_close_matches(name, sorted(known), n=3, cutoff=0.3) or sorted(known)
        raise InputError(f"{statement.id} has no variable {name[:40]!r}; the nearest: {', '.join(near)}")
