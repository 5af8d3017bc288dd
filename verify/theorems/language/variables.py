"""A variable of a statement: what it means, where it may lie, how it is written, and how it is measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...facts.measure import Facts
from .domains import Domain
from .values import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A quantity that a statement speaks of.

    `plain` and `latex` are how it is written (default: its name). A variable with `each` has one value per layer, or
    per atom, as the statement says. An `optional` one may stay without a value: constants that need it are left out.
    `measured(facts)` returns its value for a dictionary, or None.
    """

    name: str
    meaning: str
    domain: Domain
    plain: str = ""
    latex: str = ""
    each: bool = False
    optional: bool = False
    measured: Callable[[Facts], Value | None] | None = None

    @property
    def symbol(self) -> str:
        """The variable in plain text."""
        return self.plain or self.name

    @property
    def tex(self) -> str:
        """The variable in LaTeX."""
        return self.latex or self.name
