"""What every sparse-coding problem has: a dictionary, a signal, its own optimality residual, and a way to solve it."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..dictionaries.dictionary import Dictionary
from ..dictionaries.signals import Signal, Signals
from ..errors import InputError
from ..progress import Progress, silent
from ..verdict import Scaling
from .outcome import Outcome

Code = NDArray[np.float64] | NDArray[np.complex128]


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveOptions:
    """How to solve: the backend that proposes (`auto`: the problem's own choice), and what it may cost.

    `gap` is the relative gap wanted between the proved bounds of the value; `time_limit` is in seconds.
    `guarantee` holds the bytes of a certificate of the dictionary that may shorten the proof.
    """

    backend: str = "auto"
    gap: float = 1e-9
    time_limit: float | None = None
    guarantee: bytes | None = None
    backend_options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class Problem(ABC):
    """A sparse-coding problem as an immutable value.

    `nonnegative`: over codes x >= 0 (real dictionaries only).
    """

    dictionary: Dictionary
    signal: Signal
    nonnegative: bool = False
    name: ClassVar[str]

    def __post_init__(self) -> None:
        m, _ = self.dictionary.shape
        if self.signal.length != m:
            raise InputError(f"expected a signal of length {m}, the dictionary's dimension, got {self.signal.length}")
        if self.dictionary.field == "real" and self.signal.imaginary is not None:
            raise InputError("expected a real signal for a real dictionary, got a complex one")
        if self.nonnegative and self.dictionary.field == "complex":
            raise InputError("non-negative codes are for real dictionaries, and this one is complex")

    @classmethod
    def of(cls, dictionary: Dictionary | ArrayLike, signal: Signal | ArrayLike, **parameters: Any) -> Self:
        """Return the problem of arrays: atoms in the columns of an m x n array, the signal an array of length m.

        `parameters` are the other fields of the problem. Raises InputError for what is no dictionary, signal or
        parameter.
        """
        if not isinstance(dictionary, Dictionary):
            dictionary = Dictionary.from_array(dictionary)
        if not isinstance(signal, Signal):
            signals = Signals.from_array(signal)
            if len(signals) != 1:
                raise InputError(f"expected one signal, got an array of shape {signals.shape}: one problem for each")
            signal = signals[0]
        return cls(dictionary=dictionary, signal=signal, **parameters)

    @property
    @abstractmethod
    def statement(self) -> dict[str, bool | int | str | None]:
        """The problem as certificates spell it (certificates/SPEC.md section 6.8)."""

    @abstractmethod
    def objective(self, code: Code) -> float:
        """Return the objective at a code of shape (n,). Estimated."""

    @abstractmethod
    def optimality_residual(self, code: Code) -> float:
        """Return how far a code is from being feasible and optimal, by the problem's own conditions. Estimated."""

    @abstractmethod
    def solve(self, options: SolveOptions | None = None, progress: Progress = silent) -> Outcome:
        """Solve the problem and prove what can be proved."""


_DECIMAL = re.compile(r"[+-]?[0-9./]{1,4000}(?:[eE][+-]?[0-9]{1,3})?")
_GREATEST = Fraction(10) ** 300


def positive(value: Fraction | float | str, name: str, *, zero: bool = False) -> Fraction:
    """Return a parameter as the exact rational it is: text in decimal ("0.1" is 1/10), a float at its binary value.

    Raises InputError unless it is a number above 0 (at least 0 with `zero`) from 1e-300 to 1e300.
    """
    try:
        exact = Fraction(-1) if isinstance(value, str) and _DECIMAL.fullmatch(value) is None else Fraction(value)
    except (ValueError, OverflowError, TypeError, ZeroDivisionError):
        exact = Fraction(-1)
    if exact < 0 or (exact == 0 and not zero):
        wanted = "a number of at least 0" if zero else "a number above 0"
        raise InputError(f"expected {wanted} as {name}, got {_shown(value)}")
    if exact and not 1 / _GREATEST <= exact <= _GREATEST:
        raise InputError(f"expected {name} from 1e-300 to 1e300, got {_shown(value)}")
    return exact


def _shown(value: object) -> str:
    try:
        text = str(value) if isinstance(value, Fraction) else repr(value)
    except ValueError:  # more digits than Python writes
        return "a very long number"
    return text if len(text) <= 40 else f"{text[:20]}...{text[-10:]}"


def scaling_of(value: Scaling | str) -> Scaling:
    """Return a scaling by name; raise InputError for an unknown one."""
    try:
        return Scaling(value)
    except ValueError:
        raise InputError(f"expected a scaling among {', '.join(Scaling)}, got {value!r}") from None
