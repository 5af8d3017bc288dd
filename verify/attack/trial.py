"""A statement and the experiment that tests it."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import InputError
from ..theorems.language.domains import Domain
from ..theorems.language.statements import Statement
from .experiment import Experiment

_ANYTHING = Domain()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A statement and an experiment on it.

    Raises InputError, one line, for a statement that cannot be attacked: without hypotheses or domains nothing says
    what an instance is; without observables nothing says what is compared.
    """

    statement: Statement
    experiment: Experiment

    def __post_init__(self) -> None:
        for what, value, kind in (("statement", self.statement, Statement), ("experiment", self.experiment, Experiment)):
            if not isinstance(value, kind):
                raise InputError(f"a trial's {what} is a {kind.__name__}, got {type(value).__name__}")
        statement = self.statement
        if not statement.observables:
            raise InputError(f"{statement.id} has no observables: nothing says what is to be compared with what")
        if not statement.hypotheses and all(variable.domain == _ANYTHING for variable in statement.variables):
            from ..theorems import THEOREMS

            if not any(statement is entry for entry in THEOREMS):
                raise InputError(f"{statement.id} has no hypotheses: nothing says what an instance is")
