"""What every statement has: a permanent id, variables, hypotheses, constants, a conclusion, a proof or a source."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from ...facts.measure import Facts
from . import expressions
from .conditions import Condition
from .observables import Observable
from .values import Value
from .variables import Variable

if TYPE_CHECKING:
    import sympy

    from .application import Result


class Section(StrEnum):
    """What a statement is about; one page of documentation each."""

    dictionary = "dictionary"
    recovery = "recovery"
    networks = "networks"
    deep = "deep"
    thresholding = "thresholding"
    layers = "layers"


class Status(StrEnum):
    """Why a statement is believed: a proof given here, a classical theorem, or a paper's claim that awaits a proof."""

    proved = "proved"
    classical = "classical"
    reported = "reported"


class Each(StrEnum):
    """What the variables with one value each run over: `largest` over atoms, or one layer after another."""

    atom = "atom"
    layer = "layer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The abstract base of all theorems.

    Hypotheses are Conditions in the variables and constants, which `apply` checks, or words, which it cannot.
    Constants are formulas in the variables and in the constants before them. With `each`, hypotheses and constants
    are meant for every atom (a constant is then the largest over the atoms) or for every layer in turn, and `carried`
    gives variables that hold a constant of the layer before (0 at the first). `observables` say the conclusion in
    quantities that an experiment (verify/attack) can measure.
    """

    id: str
    title: str
    section: Section
    hypotheses: tuple[str | Condition, ...]
    conclusion: str
    source: str
    status: Status
    variables: tuple[Variable, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    proof: str = ""
    remark: str = ""
    depends: tuple[str, ...] = ()
    each: Each | None = None
    carried: Mapping[str, str] = field(default_factory=dict)
    observables: tuple[Observable, ...] = ()

    @property
    def statement(self) -> str:
        """The whole statement in one sentence: hypotheses, then the conclusion."""
        texts = self.hypothesis_texts
        return f"If {' and '.join(texts)}: {self.conclusion}" if texts else self.conclusion

    @property
    def hypothesis_texts(self) -> tuple[str, ...]:
        """The hypotheses in plain text."""
        symbols = self.symbols
        return tuple(h.plain(symbols) if isinstance(h, Condition) else h for h in self.hypotheses)

    @property
    def symbols(self) -> dict[str, str]:
        """How the variables are written in plain text."""
        return {variable.name: variable.symbol for variable in self.variables}

    def formula(self, name: str) -> ast.expr:
        """Return the syntax tree of a constant, in variables and constants."""
        return _parsed(self.constants[name])

    def constant_text(self, name: str) -> str:
        """Return a constant in plain text."""
        return expressions.plain(self.formula(name), self.symbols)

    def constant(self, name: str) -> sympy.Expr:
        """Return a constant as a SymPy expression in the variables alone."""
        from .algebra import as_sympy

        return as_sympy(self, self.formula(name))

    def apply(self, values: Mapping[str, Value | tuple[Value, ...]], facts: Facts | None = None) -> dict[str, Result]:
        """Return the constants for given values; the variables left out are taken from `facts` of a dictionary.

        Guarantee: each result is exact (Fraction), enclosed (Enclosure), or None where it is infinite; with layers,
        a tuple of these. All conditions are proved for the values, and for every number of an interval; hypotheses
        in words are not: they are the caller's to see to. Raises InputError, one line, for an unknown variable, one
        without a value, a value outside its domain, or a condition that fails or is not proved: which, by how much.
        """
        from .application import applied

        return applied(self, values, facts)


@cache
def _parsed(text: str) -> ast.expr:
    return expressions.parsed(text)
