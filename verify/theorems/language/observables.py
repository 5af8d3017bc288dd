"""What the conclusion of a statement says of one instance: a quantity that can be measured, and what bounds it."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from . import expressions
from .conditions import Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Observable:
    """`quantity relation bound`, for every instance of the hypotheses: for example `error_linf <= a_K`.

    `quantity` names what an experiment measures; `bound` is a formula in the variables and constants of the
    statement. A relation `<` is violated at equality.
    """

    quantity: str
    relation: Relation
    bound: str

    def formula(self) -> ast.expr:
        """Return the syntax tree of the bound."""
        return expressions.parsed(self.bound)
