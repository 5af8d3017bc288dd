"""A hypothesis that can be checked: one formula compared with another."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from . import expressions

Relation = Literal["<", "<=", "=", ">=", ">"]
_RELATIONS: dict[type[ast.cmpop], Relation] = {ast.Lt: "<", ast.LtE: "<=", ast.Eq: "=", ast.GtE: ">=", ast.Gt: ">"}
_HOLDS: dict[Relation, tuple[int, ...]] = {"<": (-1,), "<=": (-1, 0), "=": (0,), ">=": (0, 1), ">": (1,)}
_TEX: dict[Relation, str] = {"<": "<", "<=": r"\le", "=": "=", ">=": r"\ge", ">": ">"}


@dataclass(frozen=True, slots=True)
class Condition:
    """`left < right`, or with <=, ==, >=, >, written as `text` in the variables and constants of a statement."""

    text: str

    @property
    def sides(self) -> tuple[ast.expr, Relation, ast.expr]:
        """The two formulas, and the relation between them."""
        match ast.parse(self.text, mode="eval").body:
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _RELATIONS:
                first, second = (expressions.parsed(ast.unparse(side)) for side in (left, right))
                return first, _RELATIONS[type(op)], second
        raise ValueError(f"a condition is formula < formula, not {self.text!r}")

    def plain(self, symbols: Mapping[str, str]) -> str:
        """Return the condition in plain text."""
        left, relation, right = self.sides
        return f"{expressions.plain(left, symbols)} {relation} {expressions.plain(right, symbols)}"

    def latex(self, symbols: Mapping[str, str]) -> str:
        """Return the condition in LaTeX."""
        left, relation, right = self.sides
        return f"{expressions.latex(left, symbols)} {_TEX[relation]} {expressions.latex(right, symbols)}"


def holds(relation: Relation, sign: int | None) -> bool:
    """Return whether a relation is proved by the sign of left - right; an unknown sign proves nothing."""
    return sign is not None and sign in _HOLDS[relation]
